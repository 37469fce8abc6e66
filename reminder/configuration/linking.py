"""Tying the files together, and what can only be seen across them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from reminder.configuration import keys
from reminder.configuration import wording as say
from reminder.configuration.contacts_file import ContactsDraft
from reminder.configuration.drafts import ScheduleDraft
from reminder.configuration.findings import HasPlace, Report, hint_for
from reminder.configuration.lights_file import ProgrammeLightsDraft, link_lights, note_unseen
from reminder.configuration.meeting_linking import check_meetings
from reminder.configuration.programme_file import ProgrammeDraft
from reminder.configuration.round_linking import RoundLinker
from reminder.configuration.service_file import ServiceDraft
from reminder.domain.assessments import EarlierLight
from reminder.domain.programme import Contact, Directory
from reminder.domain.rounds import EscalationTarget, ReportingRound, SendingWindow
from reminder.domain.surveys import SHOWN_FROM
from reminder.domain.workdays import Calendar
from reminder.plan.dates import request_date
from reminder.plan.surveys import list_respondents


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafts:
    """What the files say, each by itself. A file with a fault of syntax counts as empty and is in `unread`."""

    service: ServiceDraft
    schedule: ScheduleDraft
    programmes: tuple[ProgrammeDraft, ...]
    contacts: ContactsDraft
    lights: tuple[ProgrammeLightsDraft, ...] = ()
    unread: frozenset[str] = frozenset()


def years_of(drafts: Drafts) -> frozenset[int]:
    """The years that the files touch: of anchors, dates in rules, closed days and rounds."""
    schedule = drafts.schedule
    years = {day.on.year for anchor in schedule.anchors.values() for days in anchor.dates.values() for day in days}
    years |= {day.year for day in (*drafts.service.closed_days, *schedule.days.closed)}
    for one in schedule.rounds:
        years |= one.years | ({one.anchor_year} if one.anchor_year else set())
        years |= {int(placed.rule.base[:4]) for placed in one.all_rules if placed.rule.base[0].isdigit()}
    return frozenset(years)


class Linker:
    """Builds the rounds and looks across the files. `reports` are by file name."""

    def __init__(self, drafts: Drafts, calendar: Calendar, reports: Mapping[str, Report]) -> None:
        self.drafts, self.calendar, self.reports = drafts, calendar, reports
        self.programmes = {draft.programme.id: draft.programme for draft in drafts.programmes}

    def link_rounds(self) -> tuple[ReportingRound, ...]:
        """The rounds that hold together, surveys among them."""
        return RoundLinker(
            schedule=self.drafts.schedule,
            programmes=self.programmes,
            calendar=self.calendar,
            window=self._window(),
            report=self.reports[keys.SCHEDULE_FILE],
            unread=self.drafts.unread,
            contacts=self.drafts.contacts.contacts,
            has_sub_committee=bool(self.drafts.contacts.sub_committee.members),
        ).link()

    def _window(self) -> SendingWindow:
        own, common = self.drafts.schedule.days.window, self.drafts.service.window
        if own is not None and common is not None:
            self.reports[keys.SCHEDULE_FILE].add(say.WINDOW_TWICE, self.drafts.schedule.days.window_place)
        return own or common or SendingWindow()

    def link_coordinators(self) -> tuple[Contact, ...]:
        """The contacts that service.yaml names as coordinators."""
        return self._link_people(self.drafts.service.coordinators)

    def link_coordinator_deputies(self) -> tuple[Contact, ...]:
        """The contacts that it names as their deputies."""
        return self._link_people(self.drafts.service.coordinator_deputies)

    def _link_people(self, names: Sequence[tuple[str, HasPlace]]) -> tuple[Contact, ...]:
        contacts, report = self.drafts.contacts.contacts, self.reports[keys.SERVICE_FILE]
        found: dict[Contact, None] = {}
        for name, place in names:
            if name in contacts:
                found[contacts[name]] = None
            elif keys.CONTACTS_FILE not in self.drafts.unread:
                report.add(say.CONTACT_UNKNOWN, place, contact=name, hint=hint_for(name, tuple(contacts)))
        return tuple(found)

    def link_lights(self, rounds: Sequence[ReportingRound]) -> dict[str, dict[str, EarlierLight]]:
        """What was reported before the service was there, by programme and action."""
        report = self.reports[keys.LIGHTS_FILE]
        if keys.PROGRAMME_FILE in self.drafts.unread:
            return {}
        requests: dict[str, date] = {}
        for one in rounds:
            try:
                day = request_date(one, self.calendar).on
            except (ValueError, OverflowError):
                continue  # said by who checks the dates
            requests[one.programme] = max(day, requests.get(one.programme, day))
        note_unseen(self.drafts.lights, requests, self.programmes, report)
        return link_lights(self.drafts.lights, self.programmes, report)

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
        self._note_nobody_above(rounds, report)
        self._note_shared(report)
        self._check_meetings(rounds)

    def check_surveys(self, surveys: Sequence[ReportingRound]) -> None:
        """An anonymous survey of so few people that its result is never shown."""
        contacts = self.drafts.contacts
        directory = Directory(parties=contacts.parties, sub_committee=contacts.sub_committee)
        only = next(iter(self.programmes)) if len(self.programmes) == 1 else ""
        drafts = {(one.programme or only, one.id): one for one in self.drafts.schedule.rounds}
        for one in surveys:
            asked = len(list_respondents(directory, one))
            if one.survey is not None and one.survey.is_anonymous and asked < SHOWN_FROM:
                place = drafts[one.programme, one.id].places["anonymous"]
                self.reports[keys.SCHEDULE_FILE].add(say.SURVEY_TOO_FEW, place, round=one.id, count=asked, least=SHOWN_FROM)

    def _check_meetings(self, rounds: Sequence[ReportingRound]) -> None:
        contacts = self.drafts.contacts
        only = next(iter(self.programmes)) if len(self.programmes) == 1 else ""
        drafts = {(one.programme or only, one.id): one for one in self.drafts.schedule.rounds}
        for one in rounds:
            programme, directory = self.programmes[one.programme], Directory(parties=contacts.parties)
            report = self.reports[keys.SCHEDULE_FILE]
            draft = drafts[one.programme, one.id]
            check_meetings(one, draft, programme, directory, dict(contacts.contacts), report)
            if draft.own_view is not None and not contacts.sub_committee.judges:
                report.add(say.NOBODY_JUDGES, draft.own_view.place, round=one.id, key=contacts.sub_committee.light_of.value)

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

    def _note_nobody_above(self, rounds: Sequence[ReportingRound], report: Report) -> None:
        """Parties for which an escalation names nobody; deputies stand in for a manager who is not known."""
        silent: dict[str, None] = {}
        for one in rounds:
            leads = {action.lead for action in self.programmes[one.programme].actions if one.asks_for(action)}
            for party in leads & self.drafts.contacts.parties.keys():
                rule, people = one.for_party(party).schedule.escalation, self.drafts.contacts.parties[party]
                has_manager = rule is not None and people.manager is not None and EscalationTarget.MANAGER in rule.to
                if rule is not None and not has_manager and not people.deputies:
                    silent[party] = None
        for party in silent:
            report.add(say.ESCALATION_TO_NOBODY, self.drafts.contacts.party_places[party], party=party)

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
