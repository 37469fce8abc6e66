"""What is said of an action: traffic light, phase, report. Three axes, never mixed (DESIGN, decision 3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class TrafficLight(StrEnum):
    """The light that a party gives. Silence is no light, and lateness is not red."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


class Phase(StrEnum):
    """The implementation phase that a party names. No light is inferred from it."""

    NOT_STARTED = "not_started"
    ONGOING = "ongoing"
    DONE = "done"
    POSTPONED = "postponed"
    DROPPED = "dropped"
    MERGED = "merged"

    @property
    def settles(self) -> bool:
        """Whether the phase alone answers for the action: nothing more is to be expected of it."""
        return self in {Phase.DONE, Phase.POSTPONED, Phase.DROPPED, Phase.MERGED}


class ReportState(StrEnum):
    """Where the report of an action stands; computed by us, never said by a party."""

    RECEIVED = "received"
    AWAITED = "awaited"
    OVERDUE = "overdue"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What one party said of one action in one round, and how we came to know it."""

    programme: str
    round: str
    party: str
    action: str
    light: TrafficLight | None = None
    phase: Phase | None = None
    text: str = ""
    next_step: str = ""
    next_on: date | None = None
    received_at: datetime
    """INTERNALDATE of the mail (DESIGN, decision 10)."""
    inbound_id: int | None = None
    actor: str = ""
    """Pseudonymous id of the sender."""
    is_lead: bool = True
    is_provisional: bool = False
    is_late: bool = False
    rule: str = ""
    """The rule that accepted it, for audit (invariant I7)."""
    is_superseded: bool = False
    """The mail was read again, or a person has rejected it: kept in the history, without effect."""

    @property
    def is_answer(self) -> bool:
        """An action is answered when it has a light, or a phase that settles it."""
        return self.light is not None or (self.phase is not None and self.phase.settles)


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierLight:
    """What was said of an action before this service was asked to collect it: told by a file, and never an answer of a round."""

    on: date
    light: TrafficLight | None = None
    phase: Phase | None = None
    text: str = ""


def answer_of(facts: Iterable[Assessment], lead: str) -> Assessment | None:
    """What counts for an action of what `latest` left of it: the lead's own answer, else that of whoever led it before.

    An action that moves to another party takes along what was answered while the former lead was the lead. The lead's words
    that are no answer are given where nobody has answered.
    """
    own = None
    former: list[Assessment] = []
    for fact in facts:
        if fact.party == lead:
            own = fact
        elif fact.is_lead and fact.is_answer:
            former.append(fact)
    if own is not None and own.is_answer:
        return own
    return max(former, key=lambda fact: (fact.received_at, fact.inbound_id or 0, fact.party), default=own)


def latest(facts: Iterable[Assessment]) -> dict[tuple[str, str], Assessment]:
    """What counts of the facts of one round, by (party, action): the newest answer, since the last one counts.

    Words that are no answer never take an answer away; what came after the close of the round does not count, nor what a later
    reading of the same mail has superseded. The result depends on the set of facts alone, not on their order (invariant I4).
    """
    current: dict[tuple[str, str], Assessment] = {}
    for fact in sorted(facts, key=lambda one: (one.received_at, one.inbound_id or 0, repr(one))):
        key = (fact.party, fact.action)
        if not fact.is_late and not fact.is_superseded and (fact.is_answer or key not in current or not current[key].is_answer):
            current[key] = fact
    return current
