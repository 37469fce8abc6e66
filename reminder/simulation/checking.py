"""All the invariants together: after each step those that hold always, at rest the others as well."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from reminder.simulation import conduct, incoming, outgoing, reading_back
from reminder.simulation.invariants import SENTENCES
from reminder.simulation.journal import Journal
from reminder.simulation.looking import Seen

Check = Callable[[Seen, Journal], Iterator[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """An invariant that does not hold, and what shows it."""

    invariant: str
    detail: str

    def __str__(self) -> str:
        return f"{self.invariant} is broken. {SENTENCES[self.invariant]} {self.detail}"


ALWAYS: tuple[tuple[str, Check], ...] = (*outgoing.ALWAYS, *incoming.ALWAYS, *conduct.ALWAYS, *reading_back.ALWAYS)
AT_REST: tuple[tuple[str, Check], ...] = (*outgoing.AT_REST, *incoming.AT_REST)


def check_step(before: Seen | None, seen: Seen, journal: Journal) -> list[Violation]:
    """What is broken after a step. Checks nothing anew where nothing was committed and nothing was sent."""
    found = [Violation(invariant=name, detail=detail) for name, check in ALWAYS for detail in check(seen, journal)]
    if before is not None:
        found += [Violation(invariant="R7", detail=detail) for detail in conduct.find_rewritten(before, seen)]
    return found


def check_end(seen: Seen, journal: Journal, now: datetime) -> list[Violation]:
    """What is broken when everything has come to rest."""
    found = [Violation(invariant=name, detail=detail) for name, check in AT_REST for detail in check(seen, journal)]
    found += [Violation(invariant="R5", detail=detail) for detail in conduct.find_stalled(seen, now)]
    return found
