"""What the public site shows: one value for each programme, in all languages.

Roles are public, persons never: nothing of the directory but a party's language gets in here. Nothing in it depends on the hour
but `updated_at`, which stands on the overview and in the data alone, so that a page changes only when its facts do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from reminder.domain.assessments import Phase, ReportState, TrafficLight
from reminder.domain.programme import Decision, Language, Localised
from reminder.domain.setup import Office
from reminder.report.lights import LightTally
from reminder.report.overdue import RoundFigures
from reminder.report.site.meetings import MeetingView
from reminder.report.site.versions import VersionView


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The sub-committee's own light beside the party's, of one action in one round."""

    light: TrafficLight
    text: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """What a contributing party said of the action, or that it is one."""

    party_id: str
    party: Localised
    light: TrafficLight | None = None
    phase: Phase | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One action in one round as everybody may read it."""

    action: ActionHead
    round_id: str
    """Empty for what was told before the service was there."""
    round_name: Localised
    report: ReportState
    light: TrafficLight | None = None
    phase: Phase | None = None
    words: Mapping[Language, str] = field(default_factory=dict)
    """The party's own words, with the marks of each language for what is not shown; empty where not published."""
    words_language: Language
    next_step: Mapping[Language, str] = field(default_factory=dict)
    next_on: date | None = None
    updated_on: date | None = None
    contributions: tuple[Contribution, ...] = ()
    judged: Judgement | None = None
    before: TrafficLight | None = None
    """The light of the time before, where there is one."""
    is_withheld: bool = False
    """The party wrote words that nobody has published."""

    @property
    def trend(self) -> str:
        """`better`, `worse` or `same` than the time before; empty where either has no light."""
        if self.light is None or self.before is None:
            return ""
        now, then = (tuple(TrafficLight).index(light) for light in (self.light, self.before))
        return "same" if now == then else ("better" if now < then else "worse")


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionHead:
    """What the programme says of an action."""

    id: str
    number: str
    title: str
    text: str
    area: str
    """Name of the focus area's page."""
    area_name: str
    goal: str
    years: frozenset[int]
    party_id: str
    party: Localised
    contributors: tuple[tuple[str, Localised], ...] = ()
    is_known: bool = True
    """Whether the party has a page, which one that the programme no longer knows has not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaView:
    """A focus area with its actions of a round."""

    slug: str
    name: str
    tally: LightTally
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyView:
    """A responsible party: what it leads in the round shown, and that it contributes elsewhere."""

    id: str
    name: Localised
    tally: LightTally
    entries: tuple[Entry, ...]
    later: tuple[ActionHead, ...]
    contributes: tuple[ActionHead, ...]
    due_on: date | None = None
    missing: int = 0
    is_overdue: bool = False
    has_replied: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressPoint:
    """How many actions were answered at the end of a local day."""

    on: date
    answered: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundView:
    """One round: its lights, its actions by focus area, and how the answers came in."""

    id: str
    name: Localised
    years: frozenset[int]
    tally: LightTally
    figures: RoundFigures
    areas: tuple[AreaView, ...]
    asked_on: date | None
    due_on: date | None
    closes_on: date | None
    points: tuple[ProgressPoint, ...]
    is_shown: bool = False
    """Whether the site is about this round just now."""

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every action of the round, in the order of the programme's focus areas."""
        return tuple(entry for area in self.areas for entry in area.entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A light or phase that was given, or given anew."""

    key: str
    """Differs from that of every other change, and stays."""
    at: datetime
    on: date
    round_id: str
    round_name: Localised
    action: ActionHead
    light: TrafficLight | None
    phase: Phase | None
    before: TrafficLight | None
    before_phase: Phase | None
    is_first: bool
    """The first answer of the round for this action; else it corrects an earlier one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteView:
    """Everything that the pages and the open data of a programme say."""

    languages: tuple[Language, ...]
    """The first is the language of the programme and of `index.html`."""
    office: Office
    programme_id: str
    programme: Localised
    decision: Decision
    programme_url: str
    legend: Mapping[str, Localised]
    shown: RoundView
    rounds: tuple[RoundView, ...]
    """Those that have begun and the one that is shown, oldest first."""
    parties: tuple[PartyView, ...]
    histories: Mapping[str, tuple[Entry, ...]]
    """Of each action of the programme, newest first; empty where it was never asked for."""
    actions: tuple[ActionHead, ...]
    later: tuple[ActionHead, ...]
    """What the shown round does not ask for."""
    changes: tuple[Change, ...]
    """Newest first, a limited number."""
    updated_at: datetime
    """Local time, with its zone."""
    address: str = ""
    """Where the site stands on the web, with a slash at its end; empty where not told."""
    has_judgements: bool = False
    meetings: tuple[MeetingView, ...] = ()
    """The latest first, those that were called off among them."""
    versions: tuple[VersionView, ...] = ()
    """Of the programme, newest first; the oldest has changed nothing."""

    @property
    def compared(self) -> tuple[Entry, ...]:
        """The actions of the shown round whose light is another than the time before, worse ones first."""
        return tuple(entry for trend in ("worse", "better") for entry in self.shown.entries if entry.trend == trend)

    @property
    def awaited(self) -> tuple[PartyView, ...]:
        """The parties that owe an answer, late ones first."""
        waiting = [party for party in self.parties if party.missing]
        return tuple(sorted(waiting, key=lambda party: (not party.is_overdue, party.due_on or date.max)))

    @property
    def next_meeting(self) -> MeetingView | None:
        """The next one that takes place, or None."""
        coming = [one for one in self.meetings if not one.is_cancelled and not one.is_over(self.updated_at.date())]
        return coming[-1] if coming else None

    @property
    def edits(self) -> tuple[VersionView, ...]:
        """The versions that changed something, newest first."""
        return tuple(one for one in self.versions if one.edits)

    def edits_of(self, action: str) -> tuple[VersionView, ...]:
        """The versions that changed this action, newest first."""
        return tuple(one for one in self.versions if any(edit.action == action for edit in one.edits))

    def with_light(self, light: TrafficLight) -> tuple[Entry, ...]:
        """The actions of the shown round that have this light."""
        return tuple(entry for entry in self.shown.entries if entry.light is light)
