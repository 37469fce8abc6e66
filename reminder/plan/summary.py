"""How many mails go out when: for the digest's "what goes out next" and for `plan`."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, datetime

from reminder.domain.intents import PlannedStep, PlanState
from reminder.domain.rounds import StepKind
from reminder.domain.setup import Setup
from reminder.plan.absences import Moves
from reminder.plan.deciding import why_skip
from reminder.plan.known import Known


def count_upcoming(
    timeline: Sequence[PlannedStep], setup: Setup, state: PlanState, start: datetime, end: datetime
) -> tuple[tuple[date, StepKind, int], ...]:
    """Local day, kind and number of mails of the steps that become due from `start` until before `end`, as things stand now.

    A person who stands for several parties gets one mail of a round; who has reported everything gets none. What is
    due already and waits is not counted: it is no longer upcoming. What waits for somebody's return is counted when they are
    back, and not at all where the last call takes its place.
    """
    known, moves = Known.of(setup, state), Moves.of(setup, state, timeline)
    mails: dict[tuple[date, int], set[tuple[str, str, str]]] = {}
    comes, goes = _first_from(timeline, start), _first_from(timeline, end)
    later = [due for due, _ in moves.find_waiting(known, timeline[:comes], start)]
    for due in (*later, *(due for step in timeline[comes:goes] for due in known.open_dues(step))):
        step, person = due.step, due.recipient.person
        at = moves.leaves_at(step, person)
        if at < end and not moves.gives_way(step, person) and why_skip(known, due, at) is None:
            mail = (step.key.programme, step.key.round, person)
            mails.setdefault((setup.calendar.local_day(at), step.key.step.urgency), set()).add(mail)
    return tuple((day, tuple(StepKind)[urgency], len(mails[day, urgency])) for day, urgency in sorted(mails))


def _first_from(timeline: Sequence[PlannedStep], instant: datetime) -> int:
    return bisect_left(timeline, instant, key=lambda step: step.not_before)
