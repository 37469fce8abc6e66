"""What has been settled and decided already, for commands that show the year; works without a database too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reminder.domain.absences import Absence
from reminder.domain.rounds import Extension
from reminder.store import outbox, overlays, people
from reminder.store.absences import load_absences
from reminder.store.engine import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Upcoming:
    """Settled keys, extensions, pseudonyms, and who is away."""

    settled: frozenset[str] = frozenset()
    extensions: tuple[Extension, ...] = ()
    persons: Mapping[str, str] = field(default_factory=dict)
    away: Mapping[str, Absence] = field(default_factory=dict)


def load_upcoming(store: Store | None) -> Upcoming:
    """What the database knows; nothing where there is none yet. Closes the store."""
    if store is None:
        return Upcoming()
    try:
        with store.read() as conn:
            return Upcoming(
                settled=outbox.load_settled(conn),
                extensions=overlays.load_extensions(conn),
                persons=people.load_persons(conn),
                away={one.absence.person: one.absence for one in load_absences(conn)},
            )
    finally:
        store.close()
