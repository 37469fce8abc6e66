"""Absences: what an automatic reply says of its writer is noted, moves their next reminder, and is shown with its reason.

The note is one overlay, in the transaction of the reading. A mail that the person writes themselves ends it. Whom a note
names as a substitute is read from the kept bytes whenever it is shown, so that no other place holds their address
(DESIGN, decision 6); nobody is written to because a note names them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from reminder.compose.reasons import format_date, format_day
from reminder.compose.views import AbsentContact, WaitingReminder
from reminder.domain.absences import Absence, Substitute
from reminder.domain.intents import PlannedStep, PlanState, Recipient
from reminder.domain.messages import MailKind
from reminder.domain.programme import Language
from reminder.domain.readings import Reading, ReadingKind, StoredMail, Trust, Verdict
from reminder.domain.rounds import ReportingRound, StepKey
from reminder.domain.setup import Setup
from reminder.errors import ReminderError
from reminder.flows.house import House
from reminder.flows.knowledge import Knowledge
from reminder.flows.understanding import understand
from reminder.plan.absences import Moves
from reminder.plan.deciding import recipients_of
from reminder.plan.timeline import plan_timeline
from reminder.store import inbox
from reminder.store.absences import NotedAbsence, end_absence, load_absences, record_absence

SHOWN_FOR = timedelta(days=14)
"""How long a note without a day of return stands in the digest."""
ONE_DAY = timedelta(days=1)
MOVED: Mapping[Language, str] = {
    "fi": "siirtyy, koska {who} on poissa {until} asti",
    "sv": "flyttas, eftersom {who} är borta till och med {until}",
    "en": "moved because {who} is away until {until}",
}
GIVES_WAY: Mapping[Language, str] = {
    "fi": "jää pois, koska {who} on poissa {until} asti; viimeinen muistutus lähtee",
    "sv": "utgår, eftersom {who} är borta till och med {until}; den sista påminnelsen skickas",
    "en": "left out because {who} is away until {until}; the last call goes out",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One step for one recipient who is away: when it leaves for them, and why."""

    recipient: Recipient
    at: datetime
    gives_way: bool
    """The last call is sent instead."""
    absence: Absence

    def tell(self, language: Language) -> str:
        """The reason in a few words."""
        last_day = self.absence.last_day
        until = format_day(last_day, language) if last_day else ""
        return (GIVES_WAY if self.gives_way else MOVED)[language].format(who=self.recipient.name or self.recipient.address, until=until)


def note_absence(conn: Connection, reading: Reading, stored: StoredMail, now: datetime) -> None:
    """Notes what an automatic reply of a known person says, or that they have written themselves.

    The note of somebody whom nobody listed, or whose address our server calls forged, moves nothing.
    """
    sender, received_at = reading.sender, stored.mail.internal_date
    if sender is None or not sender.person or sender.trust not in {Trust.LISTED, Trust.DEPUTY}:
        return
    if reading.kind is ReadingKind.AUTO_REPLY and (reading.away_until is not None or reading.substitutes):
        back_on = reading.away_until + ONE_DAY if reading.away_until else None
        absence = Absence(person=sender.person, back_on=back_on, inbound_id=stored.id)
        record_absence(conn, absence, noted_at=received_at, now=now)
    elif reading.kind is ReadingKind.REPLY and reading.verdict in {Verdict.APPLIED, Verdict.ASKED_BACK}:
        end_absence(conn, sender.person, written_at=received_at, because=f"They wrote themselves, inbox {stored.id}.", now=now)


def find_moved(setup: Setup, moves: Moves, step: PlannedStep, persons: Mapping[str, str]) -> tuple[Moved, ...]:
    """For whom of its recipients a step leaves later than planned."""
    found = []
    for recipient in recipients_of(setup, step.key, persons) if moves.away else ():
        absence = moves.find(step, recipient.person)
        if absence is not None:
            at, gives_way = moves.leaves_at(step, recipient.person), moves.gives_way(step, recipient.person)
            found.append(Moved(recipient=recipient, at=at, gives_way=gives_way, absence=absence))
    return tuple(found)


def tell_move(setup: Setup, moved: Moved, language: Language) -> str:
    """`pe 28.2.2025: siirtyy, koska … on poissa 26.2.2025 asti`: the day on which it leaves for them, and why."""
    return f"{format_date(setup.calendar.local_day(moved.at), language)}: {moved.tell(language)}"


def make_moves(setup: Setup, away: Mapping[str, Absence], timeline: Sequence[PlannedStep]) -> Moves:
    """The moves of a timeline, for those who only show it."""
    return Moves.of(setup, PlanState(away=away), timeline)


def map_moves(setup: Setup, state: PlanState) -> dict[StepKey, tuple[Moved, ...]]:
    """Every step that leaves later for somebody, with for whom, when and why."""
    if not state.away:
        return {}
    timeline = plan_timeline(setup, extensions=state.extensions)
    moves = Moves.of(setup, state, timeline)
    found = {step.key: find_moved(setup, moves, step, state.persons) for step in timeline}
    return {key: moved for key, moved in found.items() if moved}


def list_absent(house: House, knowledge: Knowledge, one: ReportingRound) -> tuple[AbsentContact, ...]:
    """Who of those that still owe something in a round is away, what waits for them, and whom they name as substitute."""
    with house.store.read() as conn:
        noted = {entry.absence.person: entry for entry in load_absences(conn)}
        shown = {person: entry for person, entry in noted.items() if _is_shown(entry, knowledge)}
        raws = {entry.absence.inbound_id: inbox.load_inbound(conn, entry.absence.inbound_id) for entry in shown.values()}
    own = [step for step in knowledge.timeline() if (step.key.programme, step.key.round) == (one.programme, one.id)]
    moves = make_moves(knowledge.setup, {person: entry.absence for person, entry in shown.items()}, own)
    found = []
    for progress in knowledge.progress(one).parties if shown else ():
        contacts = knowledge.setup.directory.of_party(progress.party.id)
        for contact in contacts.contacts if not progress.is_complete else ():
            entry = shown.get(knowledge.persons.get(contact.address.lower(), ""))
            if entry is None:
                continue
            steps = [step for step in own if step.key.party == progress.party.id]
            known = {other.address.lower() for other in (*contacts.contacts, *contacts.deputies)}
            found.append(
                AbsentContact(
                    party=progress.party.name,
                    who=contact.name or contact.address,
                    last_day=entry.absence.last_day,
                    waits=_list_waiting(knowledge, moves, steps, entry.absence.person),
                    substitutes=tuple(one for one in _read_substitutes(house, raws[entry.absence.inbound_id]) if one.address not in known),
                )
            )
    return tuple(found)


def _is_shown(entry: NotedAbsence, knowledge: Knowledge) -> bool:
    back_on = entry.absence.back_on
    return back_on > knowledge.today if back_on is not None else entry.noted_at >= knowledge.now - SHOWN_FOR


def _list_waiting(knowledge: Knowledge, moves: Moves, steps: Sequence[PlannedStep], person: str) -> tuple[WaitingReminder, ...]:
    calendar = knowledge.setup.calendar
    return tuple(
        WaitingReminder(
            kind=MailKind(step.key.step.value),
            planned_on=calendar.local_day(step.not_before),
            on=calendar.local_day(moves.leaves_at(step, person)),
            gives_way=moves.gives_way(step, person),
        )
        for step in steps
        if moves.find(step, person) is not None
        and moves.leaves_at(step, person) > knowledge.now
        and step.key.for_recipient(person) not in knowledge.settled
    )


def _read_substitutes(house: House, stored: StoredMail | None) -> Sequence[Substitute]:
    """Whom the kept note names; nobody where its bytes are gone or cannot be read any more."""
    if stored is None:
        return ()
    try:
        return understand(house, stored.mail.raw, stored.mail.internal_date).reading.substitutes
    except ReminderError:
        return ()
