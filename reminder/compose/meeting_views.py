"""What an invitation to a meeting shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from reminder.compose.views import Heading
from reminder.domain.assessments import Phase, TrafficLight
from reminder.domain.hearings import MeetingKind
from reminder.domain.programme import Localised


class Change(StrEnum):
    """What an invitation tells."""

    NEW = "new"
    MOVED = "moved"
    OFFERED = "offered"  # another time in place of one that was declined
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscussedAction:
    """An action that will be talked of, with what is recorded of it."""

    number: str
    title: str
    light: TrafficLight | None = None
    phase: Phase | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationView:
    """When and where one person is heard, and about what. Times are local."""

    heading: Heading
    change: Change
    kind: MeetingKind
    parties: tuple[Localised, ...]
    on: date
    begins: time
    ends: time
    minutes: int
    was_on: date | None = None
    """For a moved one, when it was before; as what follows."""
    was_begins: time | None = None
    was_ends: time | None = None
    place: Localised | None = None
    link: str = ""
    presenter: str = ""
    actions: tuple[DiscussedAction, ...] = ()

    @property
    def has_lights(self) -> bool:
        """Whether anything of it has been reported."""
        return any(action.light or action.phase for action in self.actions)
