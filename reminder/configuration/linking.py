"""Tying the four files together, and what can only be seen across them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from reminder.configuration import keys
from reminder.configuration import wording as say
from reminder.configuration.contacts_file import ContactsDraft
from reminder.configuration.findings import Report, hint_for
from reminder.configuration.programme_file import ProgrammeDraft
from reminder.configuration.rules import DUE, REQUEST
from reminder.configuration.schedule_file import AnchorDraft, PlacedRule, RoundDraft, ScheduleDraft
from reminder.configuration.service_file import ServiceDraft
from reminder.configuration.wording import Complaint
from reminder.domain.programme import Contact, Programme
from reminder.domain.rounds import Anchor, ReportingRound
from reminder.domain.workdays import Calendar, DatedReason
from reminder.plan.dates import deadline_date, request_date, rule_date


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafts:
    """What the four files say, each by itself. A file with a fault of syntax counts as empty and is in `unread`."""

    service: ServiceDraft
    schedule: ScheduleDraft
    programmes: tuple[ProgrammeDraft, ...]
    contacts: ContactsDraft
    unread: frozenset[str] = frozenset()


def years_of(drafts: Drafts) -> frozenset[int]:
    """The years that the files touch: of anchors, dates in rules, closed days and rounds."""
    years = {day.year for anchor in drafts.schedule.anchors.values() for day in anchor.dates.values()}
    years |= {day.year for day in drafts.service.closed_days}
    for one in drafts.schedule.rounds:
        years |= one.years | {int(placed.rule.base[:4]) for placed in one.rules if placed.rule.base[0].isdigit()}
    return frozenset(years)


class Linker:
    """Builds the rounds and looks across the files. `reports` are by file name."""

    def __init__(self, drafts: Drafts, calendar: Calendar, reports: Mapping[str, Report]) -> None:
        self.drafts, self.calendar, self.reports = drafts, calendar, reports
        self.programmes = {draft.programme.id: draft.programme for draft in drafts.programmes}

    def link_rounds(self) -> tuple[ReportingRound, ...]:
        """The rounds that hold together."""
        rounds: dict[tuple[str, str], ReportingRound] = {}
        report = self.reports[keys.SCHEDULE_FILE]
        for draft in self.drafts.schedule.rounds:
            programme = self._programme_of(draft, report)
            anchors = self._anchors_of(draft, report)
            if draft.schedule is None or anchors is None or programme is None:
                continue
            linked = ReportingRound(
                id=draft.id,
                programme=programme.id,
                name=draft.name,
                years=draft.years,
                schedule=draft.schedule,
                anchors=anchors,
                deadline_rule=draft.deadline_rule,
                window=self.drafts.service.window,
            )
            if (programme.id, draft.id) in rounds:
                report.add(say.ROUND_TWICE, draft.places["round"], round=draft.id, programme=programme.id)
            rounds[programme.id, draft.id] = linked
            self._check_asks(linked, programme, draft, report)
            _DateOrder(linked, draft, self.calendar, report).check()
        return tuple(rounds.values())

    def _programme_of(self, draft: RoundDraft, report: Report) -> Programme | None:
        if keys.PROGRAMME_FILE in self.drafts.unread:
            return None
        if not draft.programme:
            if len(self.programmes) == 1:
                return next(iter(self.programmes.values()))
            report.add(say.ROUND_PROGRAMME_MISSING, draft.places["round"], round=draft.id, example=next(iter(self.programmes), "elinvoima"))
            return None
        if draft.programme not in self.programmes:
            hint = hint_for(draft.programme, tuple(self.programmes))
            report.add(say.ROUND_PROGRAMME_UNKNOWN, draft.places["programme"], programme=draft.programme, hint=hint)
        return self.programmes.get(draft.programme)

    def _anchors_of(self, draft: RoundDraft, report: Report) -> dict[str, Anchor] | None:
        """The anchors with their dates in the round's year; None where one that is used has no date."""
        year, anchors = draft.anchor_year, self.drafts.schedule.anchors
        used = [placed for placed in draft.rules if placed.rule.base in anchors]
        lacking = [placed for placed in used if year is not None and year not in anchors[placed.rule.base].dates]
        for name in dict.fromkeys(placed.rule.base for placed in lacking):
            nodes = (placed.node for placed in lacking if placed.rule.base == name)
            place = min(nodes, key=lambda node: (node.line, node.column))
            report.add(say.ANCHOR_WITHOUT_YEAR, place, round=draft.id, anchor=name, year=year)
        if year is None or lacking:
            return None
        return {one.id: _anchor(one, one.dates[year]) for one in anchors.values() if year in one.dates}

    def _check_asks(self, one: ReportingRound, programme: Programme, draft: RoundDraft, report: Report) -> None:
        if programme.actions and one.years and not any(one.asks_for(action) for action in programme.actions):
            years = ", ".join(str(year) for year in sorted(one.years))
            report.add(say.ROUND_ASKS_NOTHING, draft.places["years"], round=one.id, years=years)

    def link_coordinators(self) -> tuple[Contact, ...]:
        """The contacts that service.yaml names."""
        contacts, report = self.drafts.contacts.contacts, self.reports[keys.SERVICE_FILE]
        found: dict[Contact, None] = {}
        for name, place in self.drafts.service.coordinators:
            if name in contacts:
                found[contacts[name]] = None
            elif keys.CONTACTS_FILE not in self.drafts.unread:
                report.add(say.CONTACT_UNKNOWN, place, contact=name, hint=hint_for(name, tuple(contacts)))
        return tuple(found)

    def check_people(self, rounds: Sequence[ReportingRound]) -> None:
        """Parties without contacts, contacts of parties that do not exist, addresses that stand for several."""
        if {keys.PROGRAMME_FILE, keys.CONTACTS_FILE, keys.SCHEDULE_FILE} & self.drafts.unread:
            return
        for draft in self.drafts.programmes:
            self._check_party_contacts(draft, rounds)
        known = {party: None for draft in self.drafts.programmes for party in draft.parties}
        report = self.reports[keys.CONTACTS_FILE]
        for party, place in self.drafts.contacts.party_places.items():
            if party not in known:
                report.add(say.PARTY_NOT_IN_PROGRAMME, place, party=party, hint=hint_for(party, tuple(known)))
        self._note_shared(report)

    def _check_party_contacts(self, draft: ProgrammeDraft, rounds: Sequence[ReportingRound]) -> None:
        report = self.reports[keys.PROGRAMME_FILE]
        for party, place in draft.parties.items():
            entry = self.drafts.contacts.parties.get(party)
            if entry is not None and entry.contacts:
                continue
            own = (one for one in rounds if one.programme == draft.programme.id)
            asking = next((one for one in own if one.actions_of(draft.programme, party)), None)
            if asking is None:
                report.add(say.PARTY_WITHOUT_CONTACT_YET, place, party=party)
            else:
                report.add(say.PARTY_WITHOUT_CONTACT, place, party=party, round=asking.id)

    def _note_shared(self, report: Report) -> None:
        parties_of: dict[str, dict[str, None]] = defaultdict(dict)
        for party, entry in self.drafts.contacts.parties.items():
            for contact in entry.contacts:
                parties_of[contact.id][party] = None
        for contact_id, parties in parties_of.items():
            if len(parties) > 1:
                address = self.drafts.contacts.contacts[contact_id].address or contact_id
                place = self.drafts.contacts.contact_places[contact_id]
                report.add(say.ADDRESS_OF_TWO, place, address=address, count=len(parties), parties=", ".join(parties))


def _anchor(draft: AnchorDraft, on: date) -> Anchor:
    return Anchor(id=draft.id, name=draft.name, on=on)


class _DateOrder:
    """Judges the order of the dates of one round."""

    def __init__(self, one: ReportingRound, draft: RoundDraft, calendar: Calendar, report: Report) -> None:
        self.round, self.draft, self.calendar, self.report = one, draft, calendar, report
        self.days: list[tuple[PlacedRule, date]] = []

    def check(self) -> None:
        """Reports what is out of order."""
        if not self._compute():
            return
        due, closes = deadline_date(self.round, self.calendar), self._day("closes")
        request = request_date(self.round, self.calendar).on
        self._note_moved(due)
        self._complain("due", lambda _: due.on <= request, say.DUE_BEFORE_REQUEST, due=due.on, request=request)
        self._complain("closes", lambda day: day < due.on, say.CLOSES_BEFORE_DUE, closes=closes, due=due.on)
        self._complain("overdue", lambda day: day <= due.on, say.OVERDUE_TOO_EARLY, due=due.on)
        self._complain("notice", lambda day: day >= request, say.NOTICE_AFTER_REQUEST, request=request)
        for key in ("reminders", "last_call"):
            self._complain(key, lambda day: day <= request < due.on, say.REMINDER_BEFORE_REQUEST, request=request)
            self._complain(key, lambda day: day > due.on, say.REMINDER_AFTER_DUE, due=due.on)
        self._complain("overdue", lambda day: day > closes >= due.on, say.AFTER_CLOSES, closes=closes)

    def _compute(self) -> bool:
        circle = self._find_circle()
        for placed in circle:
            self.report.add(say.RULE_CIRCLE, placed.node, value=placed.rule.written)
        sound = not circle
        for placed in self.draft.rules if sound else ():
            try:
                self.days.append((placed, rule_date(self.round, self.calendar, placed.rule).on))
            except (ValueError, OverflowError):
                self.report.add(say.DATE_OUT_OF_REACH, placed.node, value=placed.rule.written)
                sound = False
        return sound

    def _find_circle(self) -> list[PlacedRule]:
        """The rules of `request` and `due` where they hang on themselves or on each other."""
        base = {REQUEST: self.round.schedule.request.base, DUE: self.round.schedule.due.base}
        circular = {key for key, first in base.items() if key in {first, base.get(first)}}
        return [placed for placed in self.draft.rules if placed.key in circular]

    def _day(self, key: str) -> date:
        return next(day for placed, day in self.days if placed.key == key)

    def _complain(self, key: str, is_wrong: Callable[[date], bool], complaint: Complaint, **values: date) -> None:
        shown = {name: show_day(day) for name, day in values.items()}
        for placed, day in self.days:
            if placed.key == key and is_wrong(day):
                self.report.add(complaint, placed.node, on=show_day(day), **shown)

    def _note_moved(self, due: DatedReason) -> None:
        written = self._day("due")
        if written == due.on:
            return
        names = (name.in_language("en") for link in due.chain if link.name is not None and (name := link.name))
        why = ", ".join(dict.fromkeys(names)) or "a weekend"
        place = next(placed for placed, _ in self.days if placed.key == "due")
        self.report.add(say.DEADLINE_MOVED, place.node, written=place.rule.written, day=show_day(written), why=why, due=show_day(due.on))


def show_day(day: date) -> str:
    """A date as English messages show it: `Fri 28.2.2025`."""
    weekday = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[day.weekday()]
    return f"{weekday} {day.day}.{day.month}.{day.year}"
