"""What the flows that plan mails share: to whom they go by pseudonym, when they may be written, and how each gets into the outbox once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy import Connection

from reminder.domain.messages import OutgoingMessage
from reminder.flows.house import House
from reminder.plan.leaving import next_leave
from reminder.store import control, outbox, people
from reminder.store.repeating import transact


def know_addresses(house: House, addresses: Iterable[str], now: datetime) -> dict[str, str]:
    """The pseudonymous id of each of a few addresses, by lower-case address (DESIGN, decision 6). Writes nothing where all are known."""
    wanted = {address.strip().lower() for address in addresses}
    with house.store.read() as conn:
        known = people.find_persons(conn, wanted)
    if wanted <= known.keys():
        return known
    with house.store.begin() as conn:
        return people.ensure_persons(conn, wanted, now)


def may_write(house: House, now: datetime) -> bool:
    """Whether mails that are planned may be written now: armed, not paused, and the clock can be believed."""
    with house.store.read() as conn:
        state = control.load_control(conn)
        clock = control.judge_clock(conn, now)
    return state.is_armed and not state.is_paused(now) and (house.addressing.is_rehearsal or not clock.is_suspicious)


def may_tell(house: House, now: datetime) -> bool:
    """As `may_write`, and in the sending window: for mails that leave at once."""
    return may_write(house, now) and next_leave(house.setup.calendar, house.setup.window, now, None) == now


def put_once(house: House, message: OutgoingMessage, write: Callable[[Connection], bool]) -> bool:
    """Writes a mail in a transaction of its own; False where it was there already. Where the answer to the commit was lost, the outbox
    tells whether it came about."""
    return transact(house.store, write, confirm=lambda conn: True if outbox.load_message(conn, message.id) is not None else None)
