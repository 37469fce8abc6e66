"""Tying the rounds of schedule.yaml to their programmes, anchors and parties."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from reminder.configuration import keys
from reminder.configuration import wording as say
from reminder.configuration.date_order import DateOrder
from reminder.configuration.drafts import OverrideDraft, Placed, PlacedRule, RoundDraft, ScheduleDraft
from reminder.configuration.findings import HasPlace, Report, hint_for
from reminder.configuration.meeting_linking import MeetingLinker
from reminder.configuration.phrases import named
from reminder.domain.programme import Contact, Programme
from reminder.domain.rounds import Anchor, DateRule, OwnView, ReportingRound, RoundKind, RoundSchedule, SendingWindow
from reminder.domain.surveys import Survey
from reminder.domain.workdays import Calendar
from reminder.plan.dates import rule_date

INFORMED_BEFORE, ASKED_AFTER = timedelta(weeks=1), timedelta(days=1)
"""When the sub-committee hears of the lights and is asked for its own: before the first meeting, and after the last."""
YEARS_OF_ANCHORS = 3
"""Years on either side of a round in which an anchor of every year is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundLinker:
    """Builds the rounds. `unread` are files that could not be read and are not complained of again."""

    schedule: ScheduleDraft
    programmes: Mapping[str, Programme]
    calendar: Calendar
    window: SendingWindow
    report: Report
    unread: frozenset[str]
    contacts: Mapping[str, Contact] = field(default_factory=dict)
    has_sub_committee: bool = False
    """Whether contacts.yaml names its members, whom a survey asks that names nobody."""

    def link(self) -> tuple[ReportingRound, ...]:
        """The rounds that hold together, surveys among them."""
        self._check_groups()
        rounds: dict[tuple[str, str], ReportingRound] = {}
        for draft in self.schedule.rounds:
            programme = self._programme_of(draft)
            linked = self._build(draft, programme, self._anchors_of(draft))
            if linked is None or programme is None:
                continue
            if (programme.id, draft.id) in rounds:
                self.report.add(say.ROUND_TWICE, draft.places["round"], round=draft.id, programme=programme.id)
            rounds[programme.id, draft.id] = linked
            self._check_asks(linked, programme, draft)
            self._check_dates(linked, draft)
        return tuple(rounds.values())

    def _build(self, draft: RoundDraft, programme: Programme | None, anchors: Mapping[str, Anchor] | None) -> ReportingRound | None:
        if draft.schedule is None or anchors is None or programme is None:
            return None
        one = ReportingRound(
            id=draft.id,
            programme=programme.id,
            name=draft.name,
            years=draft.years,
            schedule=draft.schedule,
            anchors=anchors,
            deadline_rule=draft.deadline_rule,
            approve=draft.approve,
            window=self.window,
            kind=draft.kind,
            selection=draft.selection,
            members=self._members_of(draft, programme),
            overrides=self._overrides_of(draft, programme),
            survey=self._survey_of(draft),
        )
        meetings = MeetingLinker(
            one=one, programme=programme, calendar=self.calendar, report=self.report, parties_named=self._parties_named
        )
        one = replace(one, meetings=meetings.link(draft))
        return replace(one, own_view=self._own_view_of(one, draft))

    def _own_view_of(self, one: ReportingRound, draft: RoundDraft) -> OwnView | None:
        """Before the first meeting and after the last, where the file names no days."""
        own = draft.own_view
        if own is None:
            return None
        if one.kind is RoundKind.SURVEY:
            self.report.add(say.OWN_VIEW_OF_SURVEY, own.place, round=one.id)
            return None
        first = min((meeting.days[0] for meeting in one.meetings), default=None)
        last = max((meeting.last_day for meeting in one.meetings), default=None)
        ask = self._day(one, own.ask) if own.ask else last + ASKED_AFTER if last else None
        if ask is None:
            if own.ask is None:
                self.report.add(say.OWN_VIEW_UNDATED, own.place, round=one.id)
            return None
        inform = self._day(one, own.inform) if own.inform else first - INFORMED_BEFORE if first else None
        if inform is not None and inform >= ask:
            self.report.add(say.INFORMED_LATE, own.place, inform=inform, ask=ask)
        return OwnView(inform_on=None if own.is_uninformed else inform, ask_on=ask)

    def _day(self, one: ReportingRound, rule: DateRule) -> date | None:
        try:
            return rule_date(one, self.calendar, rule).on
        except (ValueError, OverflowError):
            return None  # said by who checks the dates

    def _programme_of(self, draft: RoundDraft) -> Programme | None:
        if keys.PROGRAMME_FILE in self.unread:
            return None
        if not draft.programme:
            if len(self.programmes) == 1:
                return next(iter(self.programmes.values()))
            example = next(iter(self.programmes), "elinvoima")
            self.report.add(say.ROUND_PROGRAMME_MISSING, draft.places["round"], round=draft.id, example=example)
            return None
        if draft.programme not in self.programmes:
            hint = hint_for(draft.programme, tuple(self.programmes))
            self.report.add(say.ROUND_PROGRAMME_UNKNOWN, draft.places["programme"], programme=draft.programme, hint=hint)
        return self.programmes.get(draft.programme)

    def _anchors_of(self, draft: RoundDraft) -> dict[str, Anchor] | None:
        """The anchors with their dates in the round's year; None where one that a rule hangs on has no date, or several."""
        year, anchors = draft.anchor_year, self.schedule.anchors
        used = [placed for placed in draft.all_rules if placed.rule.base in anchors]
        if year is None:
            is_missed = draft.kind is RoundKind.SURVEY or not draft.selection.is_empty  # else the years are reported missing
            if used and is_missed:
                self.report.add(say.NO_ANCHOR_YEAR, draft.places["round"], round=draft.id, anchor=used[0].rule.base)
            return None if used else self._all_anchors(0)
        faulty = False
        for name, place in _first_places(used):
            days = anchors[name].in_year(year)
            if len(days) != 1:
                faulty = True
                complaint = say.ANCHOR_SEVERAL if days else say.ANCHOR_WITHOUT_YEAR
                self.report.add(complaint, place, round=draft.id, anchor=name, year=year, count=len(days))
            elif days[0].is_planned:
                shown = {"round": draft.id, "anchor": name, "day": days[0].on}
                self.report.add(say.ANCHOR_PLANNED, anchors[name].places.get(year, place), **shown)
        return None if faulty else self._all_anchors(year)

    def _all_anchors(self, year: int) -> dict[str, Anchor]:
        years = range(year - YEARS_OF_ANCHORS, year + YEARS_OF_ANCHORS + 1) if year else ()
        found = ((name, one.anchor(year or 1, years)) for name, one in self.schedule.anchors.items())
        return {name: anchor for name, anchor in found if anchor is not None}

    def _members_of(self, draft: RoundDraft, programme: Programme) -> tuple[str, ...]:
        if draft.kind is RoundKind.REPORT:
            if draft.members:
                self.report.add(say.MEMBERS_OF_REPORT, draft.places["members"], round=draft.id)
            return ()
        if not draft.members and not draft.survey.people and not (self.has_sub_committee and draft.survey.questions):
            self.report.add(
                say.SURVEY_WITHOUT_MEMBERS, draft.places["members"], round=draft.id, example=next(iter(programme.parties), "jaosto")
            )
        for one in draft.selected:
            self.report.add(say.SURVEY_SELECTS, one.node, round=draft.id)
        if not draft.survey.questions:
            self.report.add(say.SURVEY_ONLY_PLANNED, draft.places["kind"], round=draft.id)
        return tuple(party for one in draft.members for party in self._parties_named(one, programme))

    def _survey_of(self, draft: RoundDraft) -> Survey | None:
        """What a survey asks, and the people whom it names; None for a survey that is only planned, and for a round of reports."""
        survey, people = draft.survey, dict[str, Contact]()
        if draft.kind is RoundKind.REPORT:
            given = {"people": survey.people, "anonymous": survey.is_anonymous, "questions": survey.questions}
            for key in (key for key, value in given.items() if value):
                self.report.add(say.SURVEY_KEY_OF_REPORT, draft.places[key], round=draft.id, key=key)
            return None
        for one in survey.people:
            if one.text in self.contacts:
                people[one.text] = self.contacts[one.text]
            elif keys.CONTACTS_FILE not in self.unread:
                self.report.add(say.CONTACT_UNKNOWN, one.node, contact=one.text, hint=hint_for(one.text, tuple(self.contacts)))
        if not survey.questions:
            return None
        return Survey(questions=survey.questions, is_anonymous=survey.is_anonymous, people=tuple(people.values()))

    def _parties_named(self, one: Placed, programme: Programme) -> tuple[str, ...]:
        """A party, or those of a group that belong to this programme; neither is reported."""
        if one.text in self.schedule.groups:
            return tuple(member.text for member in self.schedule.groups[one.text] if member.text in programme.parties)
        if one.text in programme.parties:
            return (one.text,)
        known = (*self.schedule.groups, *programme.parties)
        self.report.add(say.PARTY_UNKNOWN, one.node, party=one.text, where=named("programme", programme.id), hint=hint_for(one.text, known))
        return ()

    def _overrides_of(self, draft: RoundDraft, programme: Programme) -> dict[str, RoundSchedule]:
        """The schedule of each party: its own before that of its group."""
        found: dict[str, tuple[RoundSchedule, OverrideDraft]] = {}
        own = {one.name for one in draft.overrides} - self.schedule.groups.keys()
        for one in sorted(draft.overrides, key=lambda one: one.name in own):
            for party in self._parties_named(Placed(text=one.name, node=one.place), programme):
                before = found.get(party)
                if before is not None and party not in own:
                    self.report.add(say.OVERRIDE_TWICE, one.place, party=party, other=before[1].name)
                if one.schedule is not None:
                    found[party] = (one.schedule, one)
        return {party: schedule for party, (schedule, _) in found.items()}

    def _check_asks(self, one: ReportingRound, programme: Programme, draft: RoundDraft) -> None:
        if one.kind is RoundKind.SURVEY or not programme.actions:
            return
        areas = tuple(dict.fromkeys(action.focus_area for action in programme.actions if action.focus_area))
        numbers = tuple(action.number for action in programme.actions)
        unsound = False
        for placed in draft.selected:
            is_area = placed.text in one.selection.focus_areas
            if placed.text not in areas if is_area else not any(_is_number_of(placed.text, number) for number in numbers):
                unsound = True
                hint = hint_for(placed.text, areas if is_area else numbers)
                self.report.add(say.SELECTS_UNKNOWN, placed.node, value=placed.text, programme=programme.id, hint=hint)
        if (one.years or not one.selection.is_empty) and not unsound and not any(one.asks_for(action) for action in programme.actions):
            years = ", ".join(str(year) for year in sorted(one.years))
            complaint = say.ROUND_ASKS_NOTHING if one.selection.is_empty else say.ROUND_SELECTS_NOTHING
            self.report.add(complaint, draft.places["years" if one.selection.is_empty else "round"], round=one.id, years=years)

    def _check_dates(self, one: ReportingRound, draft: RoundDraft) -> None:
        DateOrder(one, draft.rules, self.calendar, self.report).check()
        for own in draft.overrides:
            if own.schedule is not None:
                seen = replace(one, schedule=own.schedule, general=one.schedule, overrides={})
                DateOrder(seen, own.rules, self.calendar, self.report).check()

    def _check_groups(self) -> None:
        parties = {party: None for programme in self.programmes.values() for party in programme.parties}
        if keys.PROGRAMME_FILE in self.unread:
            return
        for group, members in self.schedule.groups.items():
            if group in parties:
                self.report.add(say.GROUP_IS_PARTY, self.schedule.group_places[group], group=group)
            for one in members:
                if one.text not in parties:
                    hint = hint_for(one.text, tuple(parties))
                    self.report.add(say.PARTY_NOT_IN_PROGRAMME, one.node, party=one.text, hint=hint)


def _first_places(rules: Sequence[PlacedRule]) -> Iterator[tuple[str, HasPlace]]:
    """Each anchor that rules hang on, with the first place where one does."""
    for name in dict.fromkeys(placed.rule.base for placed in rules):
        nodes = (placed.node for placed in rules if placed.rule.base == name)
        yield name, min(nodes, key=lambda node: (node.line, node.column))


def _is_number_of(written: str, number: str) -> bool:
    return number.startswith(written[:-1]) if written.endswith("*") else number == written
