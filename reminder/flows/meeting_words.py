"""The meetings in the digest: who comes, who has not answered, who cannot come, and for whom there is no room."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from reminder.compose.words import capital, format_date
from reminder.domain.hearings import Attendance, Invitation, InviteMethod, MeetingKind
from reminder.domain.programme import Language
from reminder.domain.rounds import ReportingRound
from reminder.domain.setup import Setup
from reminder.flows.meetings import HeldMeeting, list_meetings


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingNotes:
    """Sentences for the digest: what needs somebody, and what is good to know."""

    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


_NAMES: Mapping[Language, Mapping[MeetingKind, str]] = {
    "fi": {MeetingKind.HEARING: "Kuulemiset {day}", MeetingKind.SEMINAR: "Seurantaseminaari {day}"},
    "sv": {MeetingKind.HEARING: "Höranden {day}", MeetingKind.SEMINAR: "Uppföljningsseminariet {day}"},
    "en": {MeetingKind.HEARING: "Hearings {day}", MeetingKind.SEMINAR: "Follow-up seminar {day}"},
}
_COUNTS: Mapping[Language, str] = {
    "fi": "{name}: kutsuttu {invited}, hyväksynyt {accepted}, alustavasti {tentative}, hylännyt {declined}, ei vastannut {silent}.",
    "sv": "{name}: kallade {invited}, godkänt {accepted}, preliminärt {tentative}, avböjt {declined}, inte svarat {silent}.",
    "en": "{name}: {invited} invited, {accepted} accepted, {tentative} tentative, {declined} declined, {silent} not answered.",
}
_SILENT: Mapping[Language, str] = {"fi": " Ei vastannut: {who}.", "sv": " Inte svarat: {who}.", "en": " Not answered: {who}."}
_DECLINED: Mapping[Language, str] = {
    "fi": "{name}: {who} hylkäsi kutsun, eikä muuta aikaa ole vapaana. Sovi aika, tai lisää päivä tiedostoon schedule.yaml.",
    "sv": "{name}: {who} avböjde kallelsen, och ingen annan tid är ledig. Kom överens om en tid, eller lägg till en dag i schedule.yaml.",
    "en": "{name}: {who} declined, and no other time is free. Agree on a time, or add a day to schedule.yaml.",
}
_ABSENT: Mapping[Language, str] = {
    "fi": "{name}: {who} ei pääse.",
    "sv": "{name}: {who} kan inte komma.",
    "en": "{name}: {who} cannot come.",
}
_NO_ROOM: Mapping[Language, str] = {
    "fi": "{name}: aika ei riitä, ilman aikaa jää: {who}. Lisää päivä tai myöhennä loppua tiedostossa schedule.yaml.",
    "sv": "{name}: tiden räcker inte, utan tid blir: {who}. Lägg till en dag eller ett senare slut i schedule.yaml.",
    "en": "{name}: there is no room for: {who}. Add a day, or a later end, in schedule.yaml.",
}


def tell_meetings(conn: Connection, setup: Setup, one: ReportingRound, language: Language, now: datetime) -> MeetingNotes:
    """The meetings of a round from the first invitation on until they are over."""
    notes, warnings = list[str](), list[str]()
    today = setup.calendar.local_day(now)
    for held in list_meetings(setup, conn):
        is_own = (held.round.programme, held.round.id) == (one.programme, one.id)
        if is_own and held.told and held.meeting.last_day >= today:
            notes.append(_count(setup, held, language))
            warnings += _warn(setup, held, language)
    return MeetingNotes(warnings=tuple(warnings), notes=tuple(notes))


def attendance_of(held: HeldMeeting, one: Invitation) -> Attendance | None:
    """What counts of what the person answered; None: nothing yet."""
    answer = held.answer_of(one)
    return answer.attendance if answer else None


def _count(setup: Setup, held: HeldMeeting, language: Language) -> str:
    invited = _invited(held)
    said = {each.uid: attendance_of(held, each) for each in invited}
    silent = [each for each in invited if said[each.uid] is None]
    counted = {each.value: sum(answer is each for answer in said.values()) for each in Attendance}
    told = _COUNTS[language].format(name=_name(held, language), invited=len(invited), silent=len(silent), **counted)
    return told + (_SILENT[language].format(who=_who(setup, held, silent, language)) if silent else "")


def _warn(setup: Setup, held: HeldMeeting, language: Language) -> list[str]:
    name, found = _name(held, language), list[str]()
    declined = [each for each in _invited(held) if attendance_of(held, each) is Attendance.DECLINED]
    lost = {party for visit in held.order.unplaced for party in visit.parties}
    without = [each for each in declined if set(each.parties) & lost]
    if without:
        found.append(_DECLINED[language].format(name=name, who=_who(setup, held, without, language)))
    if declined and held.meeting.kind is MeetingKind.SEMINAR:
        found.append(_ABSENT[language].format(name=name, who=_who(setup, held, declined, language)))
    if others := lost - {party for each in without for party in each.parties}:
        names = setup.programmes[held.round.programme].parties
        found.append(
            _NO_ROOM[language].format(
                name=name, who=_join(capital(names[party].name.in_language(language)) for party in names if party in others)
            )
        )
    return found


def _invited(held: HeldMeeting) -> list[Invitation]:
    return [each for each in held.told.values() if each.method is InviteMethod.REQUEST]


def _who(setup: Setup, held: HeldMeeting, invited: Iterable[Invitation], language: Language) -> str:
    names = setup.programmes[held.round.programme].parties
    return _join(capital(names[party].name.in_language(language)) for each in invited for party in each.parties if party in names)


def _join(names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(names))


def _name(held: HeldMeeting, language: Language) -> str:
    return _NAMES[language][held.meeting.kind].format(day=format_date(held.meeting.days[0], language))
