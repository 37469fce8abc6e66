"""From the progress of the rounds of a programme to the view of its site."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from reminder.domain.assessments import Assessment, ReportState, TrafficLight
from reminder.domain.programme import Action, Decision, Language, Localised, Programme
from reminder.domain.setup import Office, Setup
from reminder.domain.versions import ProgrammeVersion
from reminder.report.lights import find_light, tally_lights
from reminder.report.masking import make_line, make_public, make_sound
from reminder.report.overdue import count_round
from reminder.report.progress import ActionProgress, RoundProgress
from reminder.report.site.changes import counts, list_changes
from reminder.report.site.meetings import PublicMeeting, view_meetings
from reminder.report.site.versions import Edit, EditKind, VersionView, view_versions
from reminder.report.site.views import (
    ActionHead,
    AreaView,
    Contribution,
    Entry,
    Judgement,
    PartyView,
    ProgressPoint,
    RoundView,
    SiteView,
)

MOST_CHANGES = 100
MOST_VERSIONS = 200
"""Versions that the site shows, the newest."""
BEFORE_SERVICE = Localised({"fi": "Ennen palvelua", "sv": "Före tjänsten", "en": "Before this service"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What a site is made from beside the progress. Everything has a default, so that a test names what it is about."""

    facts: Sequence[Assessment] = ()
    """Everything that was said in the rounds, for what changed lately and for the progress of a round."""
    asked_on: Mapping[tuple[str, str], date] = field(default_factory=dict)
    """When each (programme, round) began to ask."""
    judgements: Mapping[tuple[str, str, str], Judgement] = field(default_factory=dict)
    """The sub-committee's lights by (programme, round, action)."""
    is_approved: Callable[[Assessment], bool] | None = None
    """Whether a person has published the words of a fact."""
    meetings: Sequence[PublicMeeting] = ()
    versions: Sequence[ProgrammeVersion] = ()
    """Of all programmes, each in the order of its numbers."""


def find_shown(rounds: Sequence[RoundProgress]) -> RoundProgress:
    """The newest round of which anything is known or late; before that, the first."""
    alive = {ReportState.RECEIVED, ReportState.OVERDUE}
    begun = [progress for progress in rounds if any(action.report in alive for action in progress.actions)]
    return begun[-1] if begun else rounds[0]


def build_site(
    setup: Setup, rounds: Sequence[RoundProgress], *, updated_at: datetime, source: Source | None = None, shown: RoundProgress | None = None
) -> SiteView:
    """The site of one programme. `rounds` are all of its rounds, oldest first, and at least one; `shown` is the one to be about, where
    it is not the newest that has begun."""
    builder = _Builder(setup, rounds, source or Source(), shown or find_shown(rounds))
    return builder.build(updated_at)


class _Builder:
    """Holds what the parts of the view share."""

    def __init__(self, setup: Setup, rounds: Sequence[RoundProgress], source: Source, shown: RoundProgress) -> None:
        self.setup, self.source, self.shown = setup, source, shown
        self.programme: Programme = self.shown.programme
        self.begun = [one for one in rounds if one is self.shown or any(a.report is not ReportState.NOT_ASKED for a in one.actions)]
        self.slugs = _slugs(action.focus_area for action in self.programme.actions)
        self.heads = {action.id: self._head(action) for action in self.programme.actions}
        self.facts = [fact for fact in source.facts if fact.programme == self.programme.id]

    def build(self, updated_at: datetime) -> SiteView:
        """The whole."""
        histories = self._histories()
        entries = {entry.round_id: {} for history in histories.values() for entry in history}  # type: dict[str, dict[str, Entry]]
        for action, history in histories.items():
            for entry in history:
                entries[entry.round_id][action] = entry
        rounds = tuple(self._round(one, entries.get(one.round.id, {})) for one in self.begun)
        shown = next(one for one in rounds if one.is_shown)
        asks = self.shown.round.asks_for
        return SiteView(
            languages=self.setup.languages,
            office=_sound_office(self.setup.office),
            programme_id=self.programme.id,
            programme=_sound(self.programme.name),
            decision=_sound_decision(self.programme.decision),
            programme_url=self.programme.url,
            legend=self.setup.legend,
            shown=shown,
            rounds=rounds,
            parties=tuple(self._party(party, entries.get(shown.id, {})) for party in self.programme.parties),
            histories=histories,
            actions=tuple(self.heads.values()),
            later=tuple(self.heads[action.id] for action in self.programme.actions if not asks(action)),
            changes=list_changes(self.setup.calendar, self.programme, self.facts, self.heads, self._names())[:MOST_CHANGES],
            updated_at=updated_at.astimezone(self.setup.calendar.zone),
            address=self.setup.page.address,
            meetings=view_meetings(self._own(self.source.meetings), self._round_names(), self._name, _sound),
            versions=self._versions(),
            has_judgements=any(entry.judged is not None for history in histories.values() for entry in history),
        )

    def _own(self, meetings: Sequence[PublicMeeting]) -> list[PublicMeeting]:
        return [one for one in meetings if one.programme == self.programme.id]

    def _round_names(self) -> Mapping[str, Localised]:
        """Of every round of the programme, since its meetings may be announced before it asks."""
        return {one.id: _sound(one.name) for one in self.setup.rounds if one.programme == self.programme.id}

    def _versions(self) -> tuple[VersionView, ...]:
        own = [one for one in self.source.versions if one.programme == self.programme.id]
        views = view_versions(self.setup.calendar, own)[:MOST_VERSIONS]
        return tuple(replace(view, edits=tuple(_sound_edit(edit) for edit in view.edits)) for view in views)

    def _names(self) -> Mapping[str, Localised]:
        return {one.round.id: _sound(one.round.name) for one in self.begun}

    def _head(self, action: Action) -> ActionHead:
        return ActionHead(
            id=action.id,
            number=make_line(action.number),
            title=make_line(action.title),
            text=make_sound(action.text),
            area=self.slugs[action.focus_area],
            area_name=make_line(action.focus_area),
            goal=make_line(action.goal),
            years=action.years,
            party_id=action.lead,
            party=self._name(action.lead),
            contributors=tuple((party, self._name(party)) for party in action.contributors),
            is_known=action.lead in self.programme.parties,
        )

    def _name(self, party: str) -> Localised:
        """The name of a role; its id where the programme no longer knows it, so that no person's name can slip in."""
        known = self.programme.parties.get(party)
        if known is None:
            return Localised.everywhere(party)
        return _sound(known.name)

    def _histories(self) -> dict[str, tuple[Entry, ...]]:
        histories = {}
        for action in self.programme.actions:
            entries = [self._entry(one, one.by_action[action.id]) for one in self.begun if action.id in one.by_action]
            entries = [*self._earlier(action), *entries]
            light: TrafficLight | None = None
            for index, entry in enumerate(entries):
                entries[index] = replace(entry, before=light)
                light = entry.light or light
            histories[action.id] = tuple(reversed(entries))
        return histories

    def _earlier(self, action: Action) -> list[Entry]:
        told = self.setup.earlier.get(self.programme.id, {}).get(action.id)
        if told is None:
            return []
        entry = Entry(
            action=self.heads[action.id],
            round_id="",
            round_name=BEFORE_SERVICE,
            report=ReportState.RECEIVED,
            light=told.light,
            phase=told.phase,
            words={language: make_public(told.text, language) for language in self.setup.languages} if self.setup.publish_texts else {},
            words_language=self.setup.languages[0],
            updated_on=told.on,
        )
        return [entry]

    def _entry(self, progress: RoundProgress, measured: ActionProgress) -> Entry:
        action, fact = measured.action, measured.fact
        shown = fact if fact is not None and self._may_publish(fact) else None
        contacts = self.setup.directory.of_party(action.lead).contacts
        place = (progress.programme.id, progress.round.id, action.id)
        return Entry(
            action=self.heads.get(action.id) or self._head(action),
            round_id=progress.round.id,
            round_name=_sound(progress.round.name),
            report=measured.report,
            light=find_light(measured),
            phase=fact.phase if fact else action.phase,
            words=self._public(shown.text if shown else ""),
            words_language=contacts[0].language if contacts else self.setup.languages[0],
            next_step=self._public(shown.next_step if shown else ""),
            next_on=fact.next_on if fact else None,
            updated_on=self.setup.calendar.local_day(fact.received_at) if fact else None,
            contributions=self._contributions(measured),
            judged=self.source.judgements.get(place),
            is_withheld=shown is None and fact is not None and bool(fact.text.strip() or fact.next_step.strip()),
        )

    def _public(self, text: str) -> Mapping[Language, str]:
        return {language: make_public(text, language) for language in self.setup.languages} if text.strip() else {}

    def _may_publish(self, fact: Assessment) -> bool:
        approved = self.source.is_approved
        return self.setup.publish_texts or (approved is not None and approved(fact))

    def _contributions(self, measured: ActionProgress) -> tuple[Contribution, ...]:
        said = {fact.party: fact for fact in measured.contributions}
        return tuple(
            Contribution(
                party_id=party,
                party=self._name(party),
                light=said[party].light if party in said else None,
                phase=said[party].phase if party in said else None,
            )
            for party in dict.fromkeys((*measured.action.contributors, *said))
        )

    def _round(self, progress: RoundProgress, entries: Mapping[str, Entry]) -> RoundView:
        one = progress.round
        by_area: dict[str, list[ActionProgress]] = {}
        for measured in progress.actions:
            by_area.setdefault(measured.action.focus_area, []).append(measured)
        areas = tuple(
            AreaView(
                slug=self.slugs[name],
                name=make_line(name),
                tally=tally_lights(measured),
                entries=tuple(entries[action.action.id] for action in measured),
            )
            for name, measured in by_area.items()
        )
        due = [party.deadline.due_on for party in progress.parties]
        return RoundView(
            id=one.id,
            name=_sound(one.name),
            years=one.years,
            tally=tally_lights(progress.actions),
            figures=count_round(progress),
            areas=areas,
            asked_on=self.source.asked_on.get((one.programme, one.id)),
            due_on=max(due, key=due.count) if due else None,
            closes_on=max((party.deadline.closes_on for party in progress.parties), default=None),
            points=self._points(progress),
            is_shown=progress is self.shown,
        )

    def _points(self, progress: RoundProgress) -> tuple[ProgressPoint, ...]:
        first: dict[str, date] = {}
        for fact in sorted(self.facts, key=lambda one: one.received_at):
            measured = progress.by_action.get(fact.action)
            if fact.round == progress.round.id and counts(fact) and measured is not None and measured.is_answered:
                first.setdefault(fact.action, self.setup.calendar.local_day(fact.received_at))
        days = sorted(first.values())
        return tuple(ProgressPoint(on=day, answered=sum(one <= day for one in days)) for day in dict.fromkeys(days))

    def _party(self, party: str, entries: Mapping[str, Entry]) -> PartyView:
        progress = self.shown.of_party(party)
        led = self.programme.led_by(party)
        own = [self.shown.by_action[action.id] for action in led if action.id in self.shown.by_action]
        return PartyView(
            id=party,
            name=self._name(party),
            tally=tally_lights(own),
            entries=tuple(entries[action.id] for action in led if action.id in entries),
            later=tuple(self.heads[action.id] for action in led if action.id not in entries),
            contributes=tuple(self.heads[action.id] for action in self.programme.contributed_by(party)),
            due_on=progress.deadline.due_on if progress else None,
            missing=_count_missing(own),
            is_overdue=progress is not None and progress.is_overdue,
            has_replied=progress is not None and progress.has_replied,
        )


def _sound(name: Localised) -> Localised:
    return Localised({language: make_line(text) for language, text in name.texts.items()})


def _sound_edit(edit: Edit) -> Edit:
    """Titles as lines, texts with their paragraphs, as an action's page shows them."""
    make = make_sound if edit.kind in {EditKind.TEXT, EditKind.ADDED, EditKind.DROPPED} else make_line
    old, new = (Localised({code: make(text) for code, text in one.texts.items()}) for one in (edit.old, edit.new))
    return replace(edit, number=make_line(edit.number), title=make_line(edit.title), subject=_sound(edit.subject), old=old, new=new)


def _sound_office(office: Office) -> Office:
    return Office(city=_sound(office.city), name=_sound(office.name), phone=make_line(office.phone), address=make_line(office.address))


def _sound_decision(one: Decision) -> Decision:
    return replace(one, body=make_line(one.body), section=make_line(one.section), case_number=make_line(one.case_number))


def _count_missing(actions: Iterable[ActionProgress]) -> int:
    return sum(one.report in {ReportState.AWAITED, ReportState.OVERDUE} for one in actions)


def _slugs(names: Iterable[str]) -> dict[str, str]:
    """A file name for each name: small letters and digits of it, with a number where two would be the same."""
    slugs: dict[str, str] = {}
    for name in names:
        if name not in slugs:
            plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
            base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or "area"
            taken = set(slugs.values())
            slugs[name] = next(one for one in (base, *(f"{base}-{number}" for number in range(2, 10_000))) if one not in taken)
    return slugs
