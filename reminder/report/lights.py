"""How many actions have which light: for a round, and for each focus area. Contributors' lights are never counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reminder.domain.assessments import ReportState, TrafficLight
from reminder.domain.programme import Localised
from reminder.report.progress import ActionProgress, RoundProgress


@dataclass(frozen=True, slots=True, kw_only=True)
class LightTally:
    """Counts of one set of actions. Every action is in exactly one of them."""

    green: int = 0
    yellow: int = 0
    red: int = 0
    other: int = 0
    """Answered by a phase alone: done, postponed, dropped or merged, without a light."""
    awaited: int = 0
    """Asked and not answered, late or not."""
    not_asked: int = 0

    @property
    def assessed(self) -> int:
        """How many are answered."""
        return self.green + self.yellow + self.red + self.other

    @property
    def total(self) -> int:
        """How many there are."""
        return self.assessed + self.awaited + self.not_asked


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundTally(LightTally):
    """The counts of a whole round, with its name, to stand beside those of other rounds."""

    round_name: Localised


def count_lights(progress: RoundProgress) -> RoundTally:
    """The lights of a round."""
    tally = tally_lights(progress.actions)
    return RoundTally(round_name=progress.round.name, **{name: getattr(tally, name) for name in LightTally.__slots__})


def tally_lights(actions: Iterable[ActionProgress]) -> LightTally:
    """Counts the lights of these actions."""
    counts = dict.fromkeys(LightTally.__slots__, 0)
    for action in actions:
        counts[_class_of(action)] += 1
    return LightTally(**counts)


def tally_by_focus_area(progress: RoundProgress) -> dict[str, LightTally]:
    """Counts by focus area, in the order of the programme."""
    areas: dict[str, list[ActionProgress]] = {}
    for action in progress.actions:
        areas.setdefault(action.action.focus_area, []).append(action)
    return {area: tally_lights(actions) for area, actions in areas.items()}


def find_light(action: ActionProgress) -> TrafficLight | None:
    """The light that counts: the lead's, where it has answered."""
    return action.fact.light if action.is_answered and action.fact is not None else None


def _class_of(action: ActionProgress) -> str:
    if action.is_answered:
        light = find_light(action)
        return light.value if light is not None else "other"
    return "not_asked" if action.report is ReportState.NOT_ASKED else "awaited"
