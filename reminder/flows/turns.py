"""What one process at a time does where several work on one database: reading a mailbox, and planning.

A turn is a lease with an epoch. Whatever is written in it is committed only while the epoch holds, so a process that was frozen, and
whose turn another has taken meanwhile, writes nothing any more (fault D12). On SQLite there is one service process, and no turn.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256

import structlog
from sqlalchemy import Connection

from reminder.edges.ports import Clock
from reminder.errors import ReminderError, TurnLost
from reminder.flows.house import House
from reminder.store import leases
from reminder.store.engine import Store
from reminder.store.leases import Held
from reminder.store.repeating import transact

log = structlog.get_logger(__name__)

TURN = timedelta(minutes=5)
"""How long a turn lasts from the last thing that was written in it: longer than a mail server may take for one answer."""
PLANNING, PUBLISHING = "plan", "publish"


@dataclass(frozen=True, slots=True)
class FencedStore(Store):
    """The store as the holder of a turn has it: every writing transaction ends with TurnLost, unwritten, where the turn is lost."""

    inner: Store
    held: Held
    clock: Clock

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """As `Store.begin`; renews the turn. Raises TurnLost too."""
        with self.inner.begin() as connection:
            if not leases.renew(connection, self.held, self.clock.now(), lease=TURN):
                raise TurnLost("Another process has taken over meanwhile.", advice="Nothing needs to be done.")
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """As `Store.read`."""
        with self.inner.read() as connection:
            yield connection


def name_poll(house: House) -> str:
    """The turn of reading the mailbox of this house."""
    account = house.source.account if house.source is not None else ""
    return f"poll:{sha256(f'{house.addressing.instance}/{account}'.encode()).hexdigest()[:32]}"


@contextmanager
def take_turn(house: House, name: str) -> Iterator[House | None]:
    """The house to work with while it is our turn, or None where another process has it. The turn ends with the block.

    Killed within it, another takes over when the turn has lasted `TURN`.
    """
    if not house.store.is_shared:
        yield house
        return
    store, now = house.store, house.clock.now()
    held = transact(store, lambda conn: leases.take(conn, name, house.owner, now, lease=TURN), is_harmless_again=True)
    if held is None:
        log.debug("another process has the turn", turn=name)
        yield None
        return
    try:
        yield replace(house, store=FencedStore(store.writer, store.reader, store, held, house.clock))
    finally:
        _give_back(house, held)


def _give_back(house: House, held: Held) -> None:
    try:
        transact(house.store, lambda conn: leases.give_back(conn, held, house.clock.now()), is_harmless_again=True)
    except ReminderError as failure:  # it ends by itself
        log.warning("a turn could not be given back", turn=held.name, reason=failure.message)
