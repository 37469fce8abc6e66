"""The words of the running order in three languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reminder.domain.hearings import Attendance, MeetingKind
from reminder.domain.programme import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderWords:
    """What the page and the table say in one language."""

    kinds: Mapping[MeetingKind, str]
    answers: Mapping[Attendance | None, str]
    not_told: str
    when: str
    party: str
    people: str
    answer: str
    place: str
    link: str
    presenter: str
    awaited: str
    no_room: str
    as_of: str
    nothing: str


WORDS: Mapping[Language, OrderWords] = {
    "fi": OrderWords(
        kinds={MeetingKind.HEARING: "Kuulemiset", MeetingKind.SEMINAR: "Seurantaseminaari"},
        answers={
            None: "ei vastannut",
            Attendance.ACCEPTED: "✓ tulee",
            Attendance.TENTATIVE: "? alustavasti",
            Attendance.DECLINED: "✗ ei pääse",
            Attendance.COUNTER: "ehdottaa toista aikaa",
        },
        not_told="kutsu ei ole lähtenyt",
        when="Aika",
        party="Vastuutaho",
        people="Kutsutut",
        answer="Vastaus",
        place="Paikka",
        link="Etäyhteys",
        presenter="Esittelijä",
        awaited="arvio puuttuu",
        no_room="Ilman aikaa",
        as_of="Tilanne",
        nothing="Kierroksella ei ole kuulemisia eikä seminaaria.",
    ),
    "sv": OrderWords(
        kinds={MeetingKind.HEARING: "Höranden", MeetingKind.SEMINAR: "Uppföljningsseminarium"},
        answers={
            None: "inte svarat",
            Attendance.ACCEPTED: "✓ kommer",
            Attendance.TENTATIVE: "? preliminärt",
            Attendance.DECLINED: "✗ kan inte",
            Attendance.COUNTER: "föreslår annan tid",
        },
        not_told="kallelsen har inte gått ut",
        when="Tid",
        party="Ansvarig part",
        people="Kallade",
        answer="Svar",
        place="Plats",
        link="Distansmöte",
        presenter="Föredragande",
        awaited="bedömning saknas",
        no_room="Utan tid",
        as_of="Läget",
        nothing="Rundan har varken höranden eller seminarium.",
    ),
    "en": OrderWords(
        kinds={MeetingKind.HEARING: "Hearings", MeetingKind.SEMINAR: "Follow-up seminar"},
        answers={
            None: "not answered",
            Attendance.ACCEPTED: "✓ accepted",
            Attendance.TENTATIVE: "? tentative",
            Attendance.DECLINED: "✗ declined",
            Attendance.COUNTER: "proposes another time",
        },
        not_told="not invited yet",
        when="When",
        party="Responsible party",
        people="Invited",
        answer="Answer",
        place="Place",
        link="By video",
        presenter="Presenter",
        awaited="no report yet",
        no_room="Without a slot",
        as_of="As of",
        nothing="The round has neither hearings nor a seminar.",
    ),
}


def say_answer(attendance: Attendance | None, language: Language, *, is_told: bool) -> str:
    """What a person has answered, in words and a sign."""
    words = WORDS[language]
    return words.answers[attendance] if is_told else words.not_told
