"""The decisions of the coordinator as the planner sees them: rounds with another last day, and steps beside the schedule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from reminder.domain.decisions import AddedStep, Closing
from reminder.domain.intents import PlannedStep
from reminder.domain.programme import Localised
from reminder.domain.rounds import DateRule, Extension, ReportingRound, RoundSchedule, StepKey, StepKind
from reminder.domain.setup import Setup
from reminder.domain.workdays import Reason, ReasonKind
from reminder.plan.dates import party_deadline
from reminder.plan.moves import with_result

BY_HAND = Localised({"fi": "päätetty käsin", "sv": "beslutat för hand", "en": "decided by hand"})
IN_MID_ROUND = Localised({"fi": "ohjelma muuttui kesken kierroksen", "sv": "programmet ändrades", "en": "the programme changed"})


def with_closings(setup: Setup, closings: Sequence[Closing]) -> Setup:
    """The setup with the last days that were decided by hand; the newest decision of each round counts."""
    newest = _newest(closings)
    if not newest:
        return setup
    rounds = tuple(_with_last_day(one, newest.get((one.programme, one.id))) for one in setup.rounds)
    return replace(setup, rounds=rounds)


def find_closed(closings: Sequence[Closing]) -> frozenset[tuple[str, str]]:
    """The rounds that are closed by hand, as (programme, round)."""
    return frozenset(place for place, one in _newest(closings).items() if one.is_closed)


def _newest(closings: Sequence[Closing]) -> Mapping[tuple[str, str], Closing]:
    return {(one.programme, one.round): one for one in sorted(closings, key=lambda one: one.decided_at)}


def added_steps(setup: Setup, extensions: Sequence[Extension]) -> Iterator[PlannedStep]:
    """The steps beside the schedule, each due from the moment of the decision until the deadline or the close of the round."""
    for one in setup.added:
        reporting_round = setup.round(one.programme, one.round)
        if reporting_round is not None and one.party in setup.programmes[one.programme].parties:
            yield _planned(setup, reporting_round, one, extensions)


def _planned(setup: Setup, reporting_round: ReportingRound, one: AddedStep, extensions: Sequence[Extension]) -> PlannedStep:
    deadline = party_deadline(setup, reporting_round, one.party, extensions=extensions)
    day = setup.calendar.local_day(one.at)
    last = deadline.due_on if one.kind is StepKind.REMINDER else deadline.closes_on
    name = IN_MID_ROUND if one.kind is StepKind.REQUEST else BY_HAND
    return PlannedStep(
        key=StepKey(
            programme=one.programme,
            round=one.round,
            party=one.party,
            step=one.kind,
            ordinal=one.ordinal,
            deadline_version=0 if one.kind is StepKind.REQUEST else deadline.version,
        ),
        not_before=one.at,
        expires_at=setup.calendar.end_of(last),
        why=with_result(day, (Reason(kind=ReasonKind.BASE, on=day, name=name),)),
    )


def _with_last_day(one: ReportingRound, closing: Closing | None) -> ReportingRound:
    if closing is None:
        return one
    rule = DateRule(base=closing.last_day.isoformat(), written=closing.last_day.isoformat())

    def moved(schedule: RoundSchedule) -> RoundSchedule:
        return replace(schedule, closes=rule)

    overrides = {party: moved(schedule) for party, schedule in one.overrides.items()}
    general = None if one.general is None else moved(one.general)
    return replace(one, schedule=moved(one.schedule), overrides=overrides, general=general)
