"""When the service is red: each alarm is a function of what the database says at one instant.

A new alarm is one more function in `ALARMS`, with what it needs in `Facts`, its row in docs/operations.md, and its words for the
coordinator in `flows/red_words.py` or the digest.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from reminder.domain.credentials import EXPIRY_ALARM
from reminder.flows import relay_health
from reminder.flows.crash_loop import ALARM_AFTER
from reminder.flows.deliver import WINDOWED
from reminder.flows.flood import find_flood
from reminder.flows.house import House
from reminder.flows.lasting_troubles import Lasting, Trouble, load_lasting
from reminder.flows.mailbox_health import MailboxTrouble, load_troubles
from reminder.flows.red_words import POLL_ALARM, UNREAD_ALARM
from reminder.flows.room import describe_lack
from reminder.flows.standing_in import find_lost
from reminder.flows.store_watch import find_store_trouble
from reminder.flows.unacknowledged import find_unacknowledged
from reminder.flows.worker_files import count_sets, list_living
from reminder.plan.leaving import next_leave
from reminder.store import control, inbox, outbox
from reminder.store.control import Control
from reminder.store.restoring import LAST_POLL, Restored, load_restored
from reminder.store.workers import Worker

UNSENT_ALARM = timedelta(days=1)
FLOOD_ALARM = timedelta(hours=1)
SILENCE_ALARM = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the database says at one instant, before anything of it is called red."""

    now: datetime
    control: Control
    clock_fault: str
    """Why the clock cannot be believed; empty where it can, and in a rehearsal."""
    polled_at: datetime | None
    relay_trouble: dict[str, str] | None
    """Since when, and what the relay said."""
    mailbox_troubles: tuple[MailboxTrouble, ...]
    unsent_since: datetime | None
    """When the oldest mail fell due that has not left, those left out that wait for the sending window."""
    unread_since: datetime | None
    unacknowledged: tuple[int, ...]
    deferred: int
    """Mails of senders who send more than is read in an hour."""
    is_flooded: bool
    lost_coordinators: int
    """Coordinators whose last two mails came back."""
    restored: Restored | None
    login_ends: datetime | None = None
    """When the certificate with which the service logs in ends."""
    lack_of_room: str
    """What the lack of room on the disk stops; empty where there is enough."""
    page_trouble: Trouble | None
    mail_trouble: Trouble | None
    crashes: Trouble | None
    store_trouble: Trouble | None
    """Known only to the process that runs the service."""
    workers: tuple[Worker, ...] = ()
    """The service processes that live, as far as is known."""


def look(conn: Connection, house: House) -> Facts:
    """Gathers the facts in the transaction of the caller; changes nothing."""
    now = house.clock.now()
    is_closed = next_leave(house.setup.calendar, house.setup.window, now, None) > now
    clock = control.judge_clock(conn, now)
    polled = control.get_state(conn, LAST_POLL)
    unread = [row.captured_at for row in inbox.find_unfinished(conn) if row.reason != inbox.DEFERRED or row.next_attempt_at <= now]
    return Facts(
        now=now,
        control=control.load_control(conn),
        clock_fault=clock.reason if clock.is_suspicious and not house.addressing.is_rehearsal else "",
        polled_at=datetime.fromisoformat(polled) if polled else None,
        relay_trouble=relay_health.load_trouble(conn),
        mailbox_troubles=load_troubles(conn),
        unsent_since=outbox.oldest_due_at(conn, without=WINDOWED if is_closed else frozenset()),
        unread_since=min(unread, default=None),
        unacknowledged=find_unacknowledged(conn, now - SILENCE_ALARM),
        deferred=inbox.count_deferred(conn, now),
        is_flooded=bool(find_flood(conn, now, within=FLOOD_ALARM)),
        restored=load_restored(conn),
        lost_coordinators=len(find_lost(conn, house.setup)),
        login_ends=house.login_ends(),
        lack_of_room=describe_lack(house),
        page_trouble=load_lasting(conn, Lasting.PAGE),
        mail_trouble=load_lasting(conn, Lasting.MAILS),
        crashes=load_lasting(conn, Lasting.CRASHES),
        store_trouble=find_store_trouble(house),
        workers=list_living(conn, now),
    )


def find_red(facts: Facts) -> tuple[str, ...]:
    """A sentence for each alarm, in the order of `ALARMS`."""
    return tuple(sentence for alarm in ALARMS if (sentence := alarm(facts)))


def _clock(facts: Facts) -> str:
    return facts.clock_fault


def _unsent(facts: Facts) -> str:
    """Not where a person, or the relay, is known to hold the mails."""
    since = facts.unsent_since
    is_held = not facts.control.is_armed or facts.control.is_paused(facts.now) or facts.relay_trouble is not None
    if since is None or is_held or facts.now - since <= UNSENT_ALARM:
        return ""
    return f"a mail has been due since {since.isoformat()} and has not left"


def _unpolled(facts: Facts) -> str:
    if facts.polled_at is None:
        return "the mailbox has never been read"
    return f"the mailbox was last read {facts.polled_at.isoformat()}" if facts.now - facts.polled_at > POLL_ALARM else ""


def _relay(facts: Facts) -> str:
    trouble = facts.relay_trouble
    if trouble is None or not relay_health.is_alarming(trouble, facts.now):
        return ""
    return f"the relay does not take mails since {trouble['since']}: {trouble['text']}"


def _refused(facts: Facts) -> str:
    is_stopped = facts.control.is_paused(facts.now) and facts.control.paused_because == relay_health.REFUSED_IN_A_ROW
    return "sending is paused: the relay refused mails in a row by policy" if is_stopped else ""


def _mailbox(facts: Facts) -> str:
    return "; ".join(f"{one.kind.value} since {one.since.isoformat()}: {one.text}" for one in facts.mailbox_troubles if one.is_red)


def _unread(facts: Facts) -> str:
    since = facts.unread_since
    return f"a mail has waited since {since.isoformat()} to be read" if since and facts.now - since > UNREAD_ALARM else ""


def _unacknowledged(facts: Facts) -> str:
    numbers = ", ".join(map(str, facts.unacknowledged))
    return f"the acknowledgement of inbox {numbers} could not be written" if numbers else ""


def _one_sender(facts: Facts) -> str:
    return f"one sender sends more than is read in an hour: {facts.deferred} mails wait their turn" if facts.deferred else ""


def _restored(facts: Facts) -> str:
    is_open = facts.restored is not None and facts.restored.read_again is None
    return "what came in since the restored copy was made has not been read again" if is_open else ""


def _coordinators(facts: Facts) -> str:
    lost = facts.lost_coordinators
    return f"the last two mails to {lost} {'coordinator' if lost == 1 else 'coordinators'} came back" if lost else ""


def _flooded(facts: Facts) -> str:
    return "so many automatic answers were due within an hour that some were kept back" if facts.is_flooded else ""


def _login(facts: Facts) -> str:
    """In its last week only: what is red stops the calls to the dead man's switch, and another alarm would not be heard for so long."""
    ends = facts.login_ends
    if ends is None or ends - facts.now > EXPIRY_ALARM:
        return ""
    return f"the certificate to log in with {'ends' if ends > facts.now else 'ended'} {ends.isoformat()}"


def _room(facts: Facts) -> str:
    return facts.lack_of_room


def _page(facts: Facts) -> str:
    trouble = facts.page_trouble
    return f"the public page cannot be written since {trouble.since.isoformat()}: {trouble.text}" if trouble else ""


def _mails(facts: Facts) -> str:
    trouble = facts.mail_trouble
    return f"some mails cannot be written since {trouble.since.isoformat()}: {trouble.text}" if trouble else ""


def _crashes(facts: Facts) -> str:
    trouble = facts.crashes
    is_loop = trouble is not None and trouble.count >= ALARM_AFTER
    return f"the service has ended by an error {trouble.count} times since {trouble.since.isoformat()}" if trouble and is_loop else ""


def _store(facts: Facts) -> str:
    trouble = facts.store_trouble
    return f"the database could not be written in {trouble.count} passes since {trouble.since.isoformat()}" if trouble else ""


def _different_files(facts: Facts) -> str:
    """Not while an edit is being taken to the machines one after the other."""
    sets = count_sets(facts.workers, facts.now)
    return f"{len(facts.workers)} workers run with {sets} different sets of configuration files" if sets > 1 else ""


ALARMS: tuple[Callable[[Facts], str], ...] = (
    _clock,
    _unsent,
    _unpolled,
    _relay,
    _mailbox,
    _refused,
    _unread,
    _unacknowledged,
    _one_sender,
    _restored,
    _flooded,
    _coordinators,
    _login,
    _room,
    _page,
    _mails,
    _crashes,
    _store,
    _different_files,
)
"""Each gives a sentence, or nothing where all is well."""
