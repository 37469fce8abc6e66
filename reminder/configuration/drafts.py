"""What schedule.yaml says, not yet tied to the programmes: rounds with their rules, each rule with its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time

from reminder.configuration.anchors import AnchorDraft
from reminder.configuration.city_days import CityDays
from reminder.configuration.findings import HasPlace
from reminder.domain.hearings import Break, MeetingKind
from reminder.domain.programme import Localised
from reminder.domain.rounds import ApprovalPolicy, DateRule, RoundKind, RoundSchedule, Selection
from reminder.domain.surveys import Question
from reminder.domain.workdays import DeadlineRule


@dataclass(frozen=True, slots=True)
class PlacedRule:
    """A rule and where it stands; `key` names the step."""

    key: str
    rule: DateRule
    node: HasPlace


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A word and where it stands."""

    text: str
    node: HasPlace


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideDraft:
    """The steps of one party, or of each party of a group, that differ from those of the round."""

    name: str
    place: HasPlace
    schedule: RoundSchedule | None
    rules: tuple[PlacedRule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WishDraft:
    """A wish as written; without a day it is the only day of the hearings."""

    party: Placed
    on: date | None
    begins: time
    node: HasPlace


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingDraft:
    """A meeting as written."""

    kind: MeetingKind
    on: tuple[PlacedRule, ...]
    opens: time
    until: time
    length: int
    per_action: int
    breaks: tuple[Break, ...]
    place: Localised | None
    link: str
    presenter: Placed | None
    parties: tuple[Placed, ...]
    """Empty: all that the round asks."""
    wishes: tuple[WishDraft, ...]
    invite: DateRule | None
    places: Mapping[str, HasPlace]


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyDraft:
    """The questions of a survey, and the people who are asked beside the contacts of its members."""

    questions: tuple[Question, ...] = ()
    is_anonymous: bool = False
    people: tuple[Placed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnViewDraft:
    """The sub-committee's own view as written; a rule that is left out hangs on the meetings of the round."""

    inform: DateRule | None
    ask: DateRule | None
    place: HasPlace
    is_uninformed: bool = False
    """`inform: none`: no mail before the meeting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundDraft:
    """A round as written. `schedule` is None where a rule that it needs could not be read."""

    id: str
    programme: str
    name: Localised
    kind: RoundKind
    years: frozenset[int]
    selection: Selection
    selected: tuple[Placed, ...]
    """Focus areas and numbers of the selection with their places."""
    members: tuple[Placed, ...]
    anchor_year: int | None
    schedule: RoundSchedule | None
    deadline_rule: DeadlineRule
    approve: ApprovalPolicy
    rules: tuple[PlacedRule, ...]
    overrides: tuple[OverrideDraft, ...]
    places: Mapping[str, HasPlace]
    meetings: tuple[MeetingDraft, ...] = ()
    survey: SurveyDraft = field(default_factory=SurveyDraft)
    own_view: OwnViewDraft | None = None

    @property
    def all_rules(self) -> tuple[PlacedRule, ...]:
        """The rules of the round and of its overrides."""
        return (*self.rules, *(placed for one in self.overrides for placed in one.rules))


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleDraft:
    """What schedule.yaml says. Groups are names of parties by the name of the group."""

    anchors: Mapping[str, AnchorDraft]
    days: CityDays
    groups: Mapping[str, tuple[Placed, ...]] = field(default_factory=dict)
    group_places: Mapping[str, HasPlace] = field(default_factory=dict)
    rounds: tuple[RoundDraft, ...] = ()
