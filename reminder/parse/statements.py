"""What one mail says of one action, before it is told whether it is recorded or asked back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from reminder.domain.assessments import Phase, TrafficLight
from reminder.domain.messages import Item
from reminder.domain.readings import AskReason, Place


@dataclass(frozen=True, slots=True)
class Taken:
    """A stretch of a line that was taken; row and column count from 0."""

    row: int
    column: int
    text: str


def taken_from(source: str, taken: Taken) -> Place:
    """The place of a stretch, as people count: from 1, the blanks around it left out."""
    blank = len(taken.text) - len(taken.text.lstrip())
    return Place(source=source, line=taken.row + 1, column=taken.column + blank + 1, text=taken.text.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What one mail says of one action: a light or a phase, or why none was taken."""

    item: Item
    light: TrafficLight | None = None
    phase: Phase | None = None
    reason: AskReason | None = None
    text: str = ""
    next_step: str = ""
    next_on: date | None = None
    quote: str = ""
    rule: str = ""
    layer: int = 0
    places: tuple[Place, ...] = ()

    @property
    def is_answer(self) -> bool:
        """Whether there is something to record."""
        return self.reason is None and (self.light is not None or self.phase is not None)
