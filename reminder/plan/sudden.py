"""Mails that would go out at once to nearly everybody: valid, and almost never meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from reminder.domain.intents import PlannedStep, PlanState, SendIntent
from reminder.domain.rounds import StepKind
from reminder.domain.setup import Setup
from reminder.plan.deciding import decide_at_any_hour
from reminder.plan.known import recipients_of


@dataclass(frozen=True, slots=True, kw_only=True)
class SuddenMail:
    """One kind of mail of one round that is due at this moment for more than half of those whom the round writes to."""

    programme: str
    round: str
    kind: StepKind
    planned_on: date
    """The day for which it was planned."""
    recipients: int
    everybody: int


def find_sudden(setup: Setup, timeline: Sequence[PlannedStep], state: PlanState, now: datetime) -> tuple[SuddenMail, ...]:
    """What would leave at `now` if nothing held it, hours and days of sending aside. The coordinator's digest does not count."""
    everybody = _count_recipients(setup, timeline, state)
    due: dict[tuple[str, str, StepKind, date], set[str]] = {}
    for intent in decide_at_any_hour(setup, timeline, state, now):
        if not isinstance(intent, SendIntent):
            continue
        for step in intent.steps:
            if not step.key.step.is_for_coordinator:
                place = (step.key.programme, step.key.round, step.key.step, step.why.on)
                due.setdefault(place, set()).add(intent.recipient.person)
    return tuple(
        SuddenMail(
            programme=programme,
            round=round_id,
            kind=kind,
            planned_on=day,
            recipients=len(persons),
            everybody=len(everybody[programme, round_id]),
        )
        for (programme, round_id, kind, day), persons in sorted(due.items())
        if len(persons) > 1 and 2 * len(persons) > len(everybody[programme, round_id])
    )


def _count_recipients(setup: Setup, timeline: Sequence[PlannedStep], state: PlanState) -> dict[tuple[str, str], set[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    for step in timeline:
        if step.key.step is StepKind.REQUEST:
            persons = (recipient.person for recipient in recipients_of(setup, step.key, state.persons))
            found.setdefault((step.key.programme, step.key.round), set()).update(persons)
    return found
