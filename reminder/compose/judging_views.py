"""What the sub-committee is shown before its meeting, and what it is asked after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from reminder.compose.meeting_views import DiscussedAction
from reminder.compose.views import ActionView, Heading
from reminder.domain.programme import Localised


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardParty:
    """A party with what it said of the actions that it leads."""

    party: Localised
    actions: tuple[DiscussedAction, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LightsView:
    """The parties' lights and words, for the meeting."""

    heading: Heading
    parties: tuple[HeardParty, ...]
    is_asked: bool
    """Whether this reader will be asked for a light afterwards."""
    ask_on: date
    meets_on: date | None = None
    """The first meeting that is still to come."""

    @property
    def counts(self) -> dict[str, int]:
        """How many of each light, and `none` that have none."""
        found = dict.fromkeys(("green", "yellow", "red", "none"), 0)
        for party in self.parties:
            for action in party.actions:
                found[action.light.value if action.light else "none"] += 1
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedAction:
    """An action whose light is asked for, with what its party said."""

    view: ActionView
    said: DiscussedAction


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedParty:
    """A party with its actions."""

    party: Localised
    actions: tuple[AskedAction, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgementView:
    """The question for the sub-committee's own light of each action."""

    heading: Heading
    parties: tuple[AskedParty, ...]
    is_for_each: bool = False
    """Each member is asked, and the middle one of the lights counts."""
