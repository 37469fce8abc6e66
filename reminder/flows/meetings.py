"""The running orders of the meetings, as they would be held now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reminder.domain.hearings import Meeting, RunningOrder
from reminder.domain.rounds import ReportingRound
from reminder.domain.setup import Setup
from reminder.plan.hearings import plan_meeting


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldMeeting:
    """A meeting with its running order."""

    round: ReportingRound
    meeting: Meeting
    order: RunningOrder


def list_meetings(setup: Setup) -> Iterator[HeldMeeting]:
    """Every meeting of every round, in the order of the files."""
    for one in setup.rounds:
        for meeting in one.meetings:
            yield HeldMeeting(round=one, meeting=meeting, order=plan_meeting(setup, one, meeting))
