"""The parts of carrying out a command: whom and what a line means, and what is told of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from reminder.compose.words import PHASES, format_date, light_word
from reminder.domain.assessments import Assessment, Phase, TrafficLight
from reminder.domain.commands import Command, Verb
from reminder.domain.programme import Language
from reminder.domain.rounds import ReportingRound
from reminder.errors import UsageFailure
from reminder.flows.by_hand import By
from reminder.flows.desk_lines import show_undo
from reminder.flows.desk_words import default_reason, tell
from reminder.flows.house import House
from reminder.flows.knowledge import load_round
from reminder.parse.party_words import find_parties
from reminder.plan.timeline import party_deadline
from reminder.report.progress import PartyProgress
from reminder.store import control, events, inbox, reports
from reminder.store.commands import Ordered

BY_HAND = "decided_by_hand"
"""The kind of the history that decisions of a person have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is told of a line: what was done, what follows, and the line that takes it back."""

    said: str = ""
    follows: tuple[str, ...] = ()
    undo: str = ""

    @classmethod
    def joined(cls, told: Iterable[Told]) -> Told:
        """Several as one."""
        several = tuple(told)
        return cls(
            said=" ".join(one.said for one in several if one.said),
            follows=tuple(line for one in several for line in one.follows),
            undo="\n".join(one.undo for one in several if one.undo),
        )

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Told:
        """As it was stored."""
        return cls(said=document.get("said", ""), follows=tuple(document.get("follows", ())), undo=document.get("undo", ""))

    def as_document(self) -> dict[str, Any]:
        """As it is stored beside the line."""
        return {"said": self.said, "follows": list(self.follows), "undo": self.undo}


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedParty:
    """A party with its name in the coordinator's language."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """One line while it is carried out, in the transaction that also ends it."""

    conn: Connection
    house: House
    ordered: Ordered
    one: ReportingRound
    by: By
    is_dry_run: bool = False

    @property
    def command(self) -> Command:
        """What was ordered."""
        return self.ordered.command

    @property
    def because(self) -> str:
        """The reason that was given, or that there is one."""
        return self.command.text or default_reason(self.by.language)

    def as_dry_run(self) -> Doing:
        """The same, changing nothing."""
        return replace(self, is_dry_run=True)

    def party(self) -> NamedParty:
        """The party that the line names. Raises UsageFailure."""
        return find_party(self.house, self.ordered, self.by.language)


def find_party(house: House, ordered: Ordered, language: Language) -> NamedParty:
    """The one party that the words of a line name. Raises UsageFailure where it is none, or might be several."""
    words, programme = ordered.command.party, house.setup.programmes.get(ordered.programme)
    if programme is None:
        raise UsageFailure(tell("no_round", language))
    found = [NamedParty(id=party, name=programme.parties[party].name.in_language(language)) for party in find_parties(programme, words)]
    if not found:
        raise UsageFailure(tell("no_party", language, words=words))
    if len(found) > 1:
        raise UsageFailure(tell("which_party", language, words=words, names=", ".join(one.name for one in found)))
    return found[0]


def find_day(doing: Doing) -> date:
    """The day that the line names, or as much later as it says: than the party's deadline, or than today where that is past."""
    command = doing.command
    if command.until is not None or command.unit is None:
        return command.until or doing.house.setup.calendar.local_day(doing.house.clock.now())
    knowledge = load_round(doing.conn, doing.house.setup, doing.house.clock.now(), doing.one)
    start = knowledge.today
    if command.verb is Verb.EXTEND:
        progress = knowledge.progress(doing.one).of_party(doing.party().id)
        start = max(start, progress.deadline.due_on) if progress is not None else start
    else:
        start = max(start, party_deadline(knowledge.setup, doing.one, "").closes_on)
    return knowledge.setup.calendar.add(start, command.count, command.unit).on


def find_lead(doing: Doing, number: str) -> str:
    """The party that is asked for an action of the round, by its printed number or its id. Raises UsageFailure."""
    found = _find_asked(doing, number)
    if found is None:
        raise UsageFailure(tell("no_action", doing.by.language, round=doing.one.id, number=number))
    return found.party.id


def _find_asked(doing: Doing, number: str) -> PartyProgress | None:
    knowledge = load_round(doing.conn, doing.house.setup, doing.house.clock.now(), doing.one)
    known = knowledge.setup.round(doing.one.programme, doing.one.id) or doing.one
    parties = knowledge.progress(known).parties
    return next((one for one in parties if any(number in {own.number, own.id} for own in one.asked)), None)


def record_by_hand(doing: Doing) -> Told:
    """An answer that was given by phone or in the meeting, as the lead's own. The coordinator's mail is where it came from."""
    command, language, now = doing.command, doing.by.language, doing.house.clock.now()
    number = command.actions[0]
    progress = _find_asked(doing, number)
    stored = inbox.load_inbound(doing.conn, doing.ordered.inbound)
    if progress is None or stored is None:
        raise UsageFailure(tell("no_action", language, round=doing.one.id, number=number))
    action = next(own for own in progress.asked if number in {own.number, own.id})
    fact = Assessment(
        programme=doing.one.programme,
        round=doing.one.id,
        party=progress.party.id,
        action=action.id,
        light=command.light,
        phase=command.phase,
        text=command.text,
        received_at=stored.mail.internal_date,
        inbound_id=doing.ordered.inbound,
        actor=doing.ordered.actor,
        is_lead=True,
        rule="command",
    )
    if not reports.record_assessments(doing.conn, [fact], source=f"inbound:{doing.ordered.inbound}", now=now):
        raise UsageFailure(tell("recorded_before", language, number=action.number))
    note_by_hand(doing, "record", progress.party.id)
    name = progress.party.name.in_language(language)
    said = tell("recorded", language, number=action.number, title=action.title, light=_said_of(fact, language), party=name)
    return Told(said=said, undo=show_undo(Verb.RECORD, language, number=doing.ordered.inbound))


def name_answers(house: House, facts: Iterable[Assessment], language: Language) -> str:
    """`3.10 ● vihreä, 3.11 ▲ keltainen`."""
    told = []
    for fact in facts:
        programme = house.setup.programmes.get(fact.programme)
        action = programme.action(fact.action) if programme else None
        told.append(f"{action.number if action else fact.action} {_said_of(fact, language)}")
    return ", ".join(told)


def _said_of(fact: Assessment, language: Language) -> str:
    return ", ".join(_words(fact.light, fact.phase, language))


def _words(light: TrafficLight | None, phase: Phase | None, language: Language) -> list[str]:
    return [*([light_word(light, language)] if light else []), *([PHASES[language][phase]] if phase else [])]


def pause_mails(doing: Doing) -> Told:
    """Holds the mails of the schedule, until a day where one is named."""
    language, now, calendar = doing.by.language, doing.house.clock.now(), doing.house.setup.calendar
    day = doing.command.until or (find_day(doing) if doing.command.count else None)
    if day is not None and day < calendar.local_day(now):
        raise UsageFailure(tell("day_is_past", language, day=format_date(day, language)))
    until: datetime | None = calendar.end_of(day) if day is not None else None
    control.pause(doing.conn, now, until=until, because=doing.because)
    note_by_hand(doing, "pause")
    shown = tell("until", language, day=format_date(day, language)) if day is not None else ""
    return Told(said=tell("paused", language, until=shown), undo=show_undo(Verb.PAUSE, language))


def resume_mails(doing: Doing) -> Told:
    """Ends a pause. Raises UsageFailure where there is none."""
    language, now = doing.by.language, doing.house.clock.now()
    if not control.load_control(doing.conn).is_paused(now):
        raise UsageFailure(tell("not_paused", language))
    control.resume(doing.conn)
    note_by_hand(doing, "resume")
    return Told(said=tell("resumed", language), undo=show_undo(Verb.RESUME, language))


def note_by_hand(doing: Doing, what: str, party: str = "") -> None:
    """The line of history of a decision that is no overlay."""
    document = {"kind": what, "because": doing.because, "inbound": doing.ordered.inbound}
    place = {"programme": doing.one.programme, "round_id": doing.one.id, "party": party}
    events.append_event(doing.conn, BY_HAND, doing.house.clock.now(), actor=doing.ordered.actor, document=document, **place)
