"""Tying meetings to their dates and parties, and judging whether everybody has room."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from reminder.configuration import wording as say
from reminder.configuration.drafts import MeetingDraft, Placed, RoundDraft, WishDraft
from reminder.configuration.findings import HasPlace, Report, hint_for
from reminder.configuration.meeting_reader import ALL
from reminder.domain.hearings import Meeting, MeetingKind, Visit, Wish
from reminder.domain.programme import Contact, Directory, Programme
from reminder.domain.rounds import DateRule, ReportingRound, RoundKind
from reminder.domain.workdays import Calendar
from reminder.plan.dates import rule_date
from reminder.plan.hearings import list_visits, place_visits

INVITED_BEFORE = timedelta(weeks=4)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingLinker:
    """Builds the meetings of one round. `parties_named` gives the parties of a name in the file, a group's among them."""

    one: ReportingRound
    programme: Programme
    calendar: Calendar
    report: Report
    parties_named: Callable[[Placed, Programme], tuple[str, ...]]

    def link(self, draft: RoundDraft) -> tuple[Meeting, ...]:
        """The meetings that hold together."""
        if draft.meetings and self.one.kind is RoundKind.SURVEY:
            self.report.add(say.MEETING_OF_SURVEY, draft.meetings[0].places["meeting"], round=self.one.id)
            return ()
        return tuple(meeting for one in draft.meetings if (meeting := self._build(one)) is not None)

    def _build(self, draft: MeetingDraft) -> Meeting | None:
        days = {day: placed.node for placed in draft.on if (day := self._day(placed.rule)) is not None}
        if not days:
            return None
        self._check_days(draft, days)
        ordered = tuple(sorted(days))
        parties = self._parties(draft)
        invite = None if draft.invite is None else self._day(draft.invite)
        invite = invite or ordered[0] - INVITED_BEFORE
        if invite >= ordered[0]:
            self.report.add(say.MEETING_INVITED_LATE, draft.places["invite"], day=invite)
        return Meeting(
            kind=draft.kind,
            days=ordered,
            opens=draft.opens,
            until=draft.until,
            length=draft.length,
            per_action=draft.per_action,
            breaks=draft.breaks,
            place=draft.place,
            link=draft.link,
            presenter=draft.presenter.text if draft.presenter else "",
            parties=parties,
            wishes=dict(self._wishes(draft, ordered, parties)),
            invite_on=invite,
        )

    def _day(self, rule: DateRule) -> date | None:
        try:
            return rule_date(self.one, self.calendar, rule).on
        except (ValueError, OverflowError):
            return None  # said by who checks the dates

    def _check_days(self, draft: MeetingDraft, days: dict[date, HasPlace]) -> None:
        if draft.kind is MeetingKind.SEMINAR and len(days) > 1:
            self.report.add(say.MEETING_ONE_DAY, draft.places["on"])
        for day, node in days.items():
            if not self.calendar.is_working_day(day):
                self.report.add(say.MEETING_CLOSED_DAY, node, day=day)

    def _parties(self, draft: MeetingDraft) -> tuple[str, ...]:
        """In the order of the programme; all that lead an action of the round where none are listed."""
        names = [one.text for one in draft.parties]
        if ALL in names and len(names) > 1:
            self.report.add(say.MEETING_ALL_AND, draft.parties[names.index(ALL)].node)
        if names and ALL not in names:
            listed = {party for one in draft.parties for party in self.parties_named(one, self.programme)}
        else:
            listed = {party for party in self.programme.parties if self.one.actions_of(self.programme, party)}
            if not listed and self.programme.actions:
                self.report.add(say.MEETING_NOBODY, draft.places["meeting"], round=self.one.id)
        return tuple(party for party in self.programme.parties if party in listed)

    def _wishes(self, draft: MeetingDraft, days: tuple[date, ...], parties: tuple[str, ...]) -> Iterator[tuple[str, Wish]]:
        for one in draft.wishes:
            if not self.parties_named(one.party, self.programme):
                continue
            if one.party.text not in parties:
                self.report.add(say.WISH_NOT_INVITED, one.party.node, party=one.party.text)
            elif (day := self._wished_day(one, days)) is not None:
                yield one.party.text, Wish(on=day, begins=one.begins)

    def _wished_day(self, wish: WishDraft, days: tuple[date, ...]) -> date | None:
        if wish.on in days or (wish.on is None and len(days) == 1):
            return wish.on or days[0]
        shown = ", ".join(day.isoformat() for day in days)
        day: object = wish.on or f"{wish.begins:%H:%M}"
        self.report.add(say.WISH_DAY, wish.node, day=day, days=shown)
        return None


def check_meetings(
    one: ReportingRound, draft: RoundDraft, programme: Programme, directory: Directory, contacts: dict[str, Contact], report: Report
) -> None:
    """What only the people can tell: who presents, whose wishes clash, and whether all find room."""
    drafts = {known.kind: known for known in draft.meetings}
    for meeting in one.meetings:
        written = drafts[meeting.kind]
        if written.presenter is not None and written.presenter.text not in contacts:
            hint = hint_for(written.presenter.text, tuple(contacts))
            report.add(say.CONTACT_UNKNOWN, written.presenter.node, contact=written.presenter.text, hint=hint)
        if meeting.kind is MeetingKind.HEARING:
            visits = list_visits(programme, directory, one, meeting)
            if _check_wishes(meeting, written, visits, report):
                _check_room(meeting, written, visits, report)


def _check_wishes(meeting: Meeting, draft: MeetingDraft, visits: tuple[Visit, ...], report: Report) -> bool:
    """Whether each can be had. Two parties of one visit have one wish."""
    places = {one.party.text: one.node for one in draft.wishes}
    taken: list[tuple[str, datetime, datetime]] = []
    is_sound = True
    for visit in visits:
        party = next((party for party in visit.parties if party in meeting.wishes), None)
        if party is None:
            continue
        wish = meeting.wishes[party]
        begins = datetime.combine(wish.on, wish.begins)
        ends = begins + timedelta(minutes=visit.minutes)
        other = next((name for name, first, last in taken if first < ends and begins < last), "")
        if wish.begins < meeting.opens or ends > datetime.combine(wish.on, meeting.until):
            report.add(say.WISH_OUTSIDE, places[party], party=party)
            is_sound = False
        elif other:
            report.add(say.WISH_CLASH, places[party], party=party, other=other, minutes=visit.minutes)
            is_sound = False
        taken.append((party, begins, ends))
    return is_sound


def _check_room(meeting: Meeting, draft: MeetingDraft, visits: tuple[Visit, ...], report: Report) -> None:
    unplaced = place_visits(visits, meeting).unplaced
    if unplaced:
        names = ", ".join(party for visit in unplaced for party in visit.parties)
        report.add(say.MEETING_FULL, draft.places["until"], parties=names, minutes=sum(visit.minutes for visit in unplaced))
