"""Whether the service does its work: last successful poll, the age of what is not final, the queue, the clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from reminder.domain.messages import OutboxState
from reminder.domain.readings import InboundState
from reminder.flows import relay_health
from reminder.flows.deliver import WINDOWED
from reminder.flows.flood import find_flood
from reminder.flows.house import House
from reminder.flows.red_words import POLL_ALARM, UNREAD_ALARM
from reminder.flows.replay import count_older
from reminder.flows.restored_words import count_held
from reminder.flows.taking_up import load_fault
from reminder.flows.trial_words import name_open_trial
from reminder.flows.unacknowledged import find_unacknowledged
from reminder.plan.leaving import next_leave
from reminder.store import control, inbox, outbox
from reminder.store.backup import LAST_BACKUP
from reminder.store.restoring import LAST_POLL, load_restored

UNSENT_ALARM = timedelta(days=1)
FLOOD_ALARM = timedelta(hours=1)
SILENCE_ALARM = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What is red, and the figures behind it."""

    figures: Mapping[str, object]
    red: tuple[str, ...]
    outgoing: Mapping[OutboxState, int] = field(default_factory=dict)
    incoming: Mapping[InboundState, int] = field(default_factory=dict)
    is_clock_sane: bool = True
    polled_at: datetime | None = None
    backed_up_at: datetime | None = None
    oldest_open_seconds: float = 0.0
    """How long the oldest mail, in or out, has been due without having come to an end."""

    @property
    def is_ok(self) -> bool:
        """Nothing is red."""
        return not self.red

    @property
    def line(self) -> str:
        """One line for a person or a container's log."""
        facts = ", ".join(f"{name} {value}" for name, value in self.figures.items() if value is not None)
        return f"{'ok' if self.is_ok else 'RED: ' + '; '.join(self.red)} ({facts})"


def measure_health(house: House) -> Health:
    """Reads the state of the service from the database; works beside a running service."""
    now = house.clock.now()
    is_closed = next_leave(house.setup.calendar, house.setup.window, now, None) > now
    with house.store.read() as conn:
        state = control.load_control(conn)
        polled = control.get_state(conn, LAST_POLL)
        trouble = relay_health.load_trouble(conn)
        silent = find_unacknowledged(conn, now - SILENCE_ALARM)
        flood = find_flood(conn, now, within=FLOOD_ALARM)
        outgoing = outbox.count_by_state(conn)
        due_at, clock = outbox.oldest_due_at(conn, without=WINDOWED if is_closed else frozenset()), control.judge_clock(conn, now)
        backed_up = control.get_state(conn, LAST_BACKUP)
        incoming = inbox.count_by_state(conn)
        older = count_older(conn)
        fault = load_fault(conn)
        trial = name_open_trial(conn)
        restored, held = load_restored(conn), count_held(conn)
        unread = [row.captured_at for row in inbox.find_unfinished(conn) if row.reason != inbox.DEFERRED or row.next_attempt_at <= now]
        deferred = inbox.count_deferred(conn, now)
    oldest, is_clock_wrong = min(unread, default=None), clock.is_suspicious and not house.addressing.is_rehearsal
    waits = bool(due_at and now - due_at > UNSENT_ALARM and state.is_armed and not state.is_paused(now) and not trouble)
    red = [
        *([clock.reason] if is_clock_wrong else []),
        *([f"a mail has been due since {due_at.isoformat()} and has not left"] if due_at and waits else []),
        *_poll_is_red(polled, now),
        *([f"the relay does not take mails since {trouble['since']}: {trouble['text']}"] if trouble else []),
        *([f"a mail has waited since {oldest.isoformat()} to be read"] if oldest and now - oldest > UNREAD_ALARM else []),
        *([f"the acknowledgement of inbox {', '.join(map(str, silent))} could not be written"] if silent else []),
        *([f"one sender sends more than is read in an hour: {deferred} mails wait their turn"] if deferred else []),
        *(["what came in since the restored copy was made has not been read again"] if restored and restored.read_again is None else []),
        *(["so many automatic answers were due within an hour that some were kept back"] if flood else []),
    ]
    figures: dict[str, object] = {
        "armed": "yes" if state.is_armed else "no",
        "paused": "yes" if state.is_paused(now) else "no",
        "last_poll": polled,
        "queued": outgoing.get(OutboxState.QUEUED, 0) + outgoing.get(OutboxState.DEFERRED, 0),
        "unknown": outgoing.get(OutboxState.UNKNOWN, 0),
        "held": incoming.get(InboundState.HELD, 0),
        "quarantined": incoming.get(InboundState.QUARANTINED, 0),
        "read_by_an_older_parser": older or None,
        "test_mail": trial,
        "restored": restored.at.isoformat() if restored else None,
        "held_by_restore": held or None,
        "last_backup": backed_up,
        "files_broken_since": fault.since.isoformat() if fault else None,
    }
    open_since = min((at for at in (oldest, due_at) if at is not None), default=now)
    return Health(
        figures=figures,
        red=tuple(red),
        outgoing=outgoing,
        incoming=incoming,
        is_clock_sane=not is_clock_wrong,
        polled_at=datetime.fromisoformat(polled) if polled else None,
        backed_up_at=datetime.fromisoformat(backed_up) if backed_up else None,
        oldest_open_seconds=max(0.0, (now - open_since).total_seconds()),
    )


def _poll_is_red(polled: str | None, now: datetime) -> list[str]:
    if polled is None:
        return ["the mailbox has never been read"]
    since = datetime.fromisoformat(polled)
    return [f"the mailbox was last read {since.isoformat()}"] if now - since > POLL_ALARM else []
