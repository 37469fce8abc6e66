"""Whether the service does its work: last successful poll, the age of what is not final, the queue, the clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from reminder.domain.credentials import EXPIRY_NOTICE
from reminder.domain.messages import OutboxState
from reminder.domain.readings import InboundState
from reminder.flows import own_copy
from reminder.flows.house import House
from reminder.flows.replay import count_older
from reminder.flows.restored_words import count_held
from reminder.flows.taking_up import load_fault
from reminder.flows.trial_words import name_open_trial
from reminder.service.alarms import Facts, find_red, look
from reminder.store import control, inbox, outbox
from reminder.store.backup import LAST_BACKUP


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
    login_ends_at: datetime | None = None
    """When the certificate with which the service logs in ends; None where there is none."""
    ambiguous_resends: int = 0
    """How often bytes went out again since nobody knew whether they had gone before."""

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
    with house.store.read() as conn:
        facts = look(conn, house)
        outgoing, incoming = outbox.count_by_state(conn), inbox.count_by_state(conn)
        backed_up, resends = control.get_state(conn, LAST_BACKUP), outbox.count_ambiguous_resends(conn)
        figures = {**_switches(facts), **_counts(outgoing, incoming), **_notes(conn, facts), "last_backup": backed_up}
    open_since = min((at for at in (facts.unread_since, facts.unsent_since) if at is not None), default=facts.now)
    return Health(
        figures=figures,
        red=find_red(facts),
        outgoing=outgoing,
        incoming=incoming,
        is_clock_sane=not facts.clock_fault,
        polled_at=facts.polled_at,
        backed_up_at=datetime.fromisoformat(backed_up) if backed_up else None,
        login_ends_at=facts.login_ends,
        ambiguous_resends=resends,
        oldest_open_seconds=max(0.0, (facts.now - open_since).total_seconds()),
    )


def _switches(facts: Facts) -> dict[str, object]:
    return {
        "armed": "yes" if facts.control.is_armed else "no",
        "paused": "yes" if facts.control.is_paused(facts.now) else "no",
        "last_poll": facts.polled_at.isoformat() if facts.polled_at else None,
    }


def _counts(outgoing: Mapping[OutboxState, int], incoming: Mapping[InboundState, int]) -> dict[str, object]:
    return {
        "queued": outgoing.get(OutboxState.QUEUED, 0) + outgoing.get(OutboxState.DEFERRED, 0),
        "unknown": outgoing.get(OutboxState.UNKNOWN, 0),
        "held": incoming.get(InboundState.HELD, 0),
        "quarantined": incoming.get(InboundState.QUARANTINED, 0),
    }


def _notes(conn: Connection, facts: Facts) -> dict[str, object]:
    """What is not red and yet should stay in sight; None where there is nothing of the kind."""
    fault = load_fault(conn)
    return {
        "read_by_an_older_parser": count_older(conn) or None,
        "test_mail": name_open_trial(conn),
        "restored": facts.restored.at.isoformat() if facts.restored else None,
        "own_copy": own_copy.tell_refusal(conn),
        "held_by_restore": count_held(conn) or None,
        "certificate_ends": facts.login_ends.isoformat() if facts.login_ends and facts.login_ends - facts.now <= EXPIRY_NOTICE else None,
        "sent_again": outbox.count_ambiguous_resends(conn) or None,
        "workers": len(facts.workers) or None,
        "files_broken_since": fault.since.isoformat() if fault else None,
    }
