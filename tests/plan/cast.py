"""The cast of the planning tests: a small city with five parties, and the round of 2024 as shared by every test.

Rehtori (head of the school) and museo stand for themselves, sihteeri writes for two parties, yhtiö is outside the city,
kylä only contributes. Financial statements on 14.2.2025; due 28.2.2025; closes eight weeks later.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import holidays

from reminder.domain.intents import PlanState, SendIntent, SkipIntent
from reminder.domain.programme import Action, Contact, Directory, Localised, PartyContacts, Programme, ResponsibleParty
from reminder.domain.rounds import Anchor, DateRule, DigestRule, Extension, Repeat, ReportingRound, RoundSchedule
from reminder.domain.setup import Office, Setup
from reminder.domain.workdays import Calendar, Unit

HELSINKI = ZoneInfo("Europe/Helsinki")
YEARS = range(2023, 2065)
PARTIES = ("rehtori", "museo", "matkailu", "markkinointi", "yhtio", "kyla")
STATEMENTS = "financial_statements"


def named(text: str) -> Localised:
    """The same name in every language."""
    return Localised.everywhere(text)


def finnish_calendar() -> Calendar:
    """Finland by the holidays library, the eves of § 5 of the Act 150/1930 included."""
    days = holidays.country_holidays("FI", years=YEARS, language="fi")
    return Calendar(zone=HELSINKI, holidays={day: named(name) for day, name in days.items()})


CALENDAR = finnish_calendar()


def rule(base: str, amount: int = 0, unit: Unit = Unit.DAYS) -> DateRule:
    """A date as written in the schedule."""
    return DateRule(base=base, amount=amount, unit=unit)


def contact(name: str) -> Contact:
    """A person of the cast; roles only."""
    return Contact(id=name, name=name.title(), address=f"{name}@kunta.example")


SCHEDULE = RoundSchedule(
    notice=rule(STATEMENTS, -6, Unit.WEEKS),
    request=rule(STATEMENTS),
    due=rule(STATEMENTS, 10, Unit.WORKING_DAYS),
    closes=rule("due", 8, Unit.WEEKS),
    reminders=(rule("due", -5, Unit.WORKING_DAYS), rule("due", -2, Unit.WORKING_DAYS)),
    last_call=rule("due"),
    overdue=(rule("due", 1, Unit.WORKING_DAYS), rule("due", 1, Unit.WEEKS)),
    overdue_repeat=Repeat(amount=2, unit=Unit.WEEKS),
    digest=DigestRule(weekday=0, at=time(8, 30), start=rule("request")),
)


def round_of(
    schedule: RoundSchedule = SCHEDULE,
    *,
    statements: date = date(2025, 2, 14),
    round_id: str = "2024",
    programme: str = "elinvoima",
    years: frozenset[int] = frozenset({2024}),
) -> ReportingRound:
    """A round on its anchor."""
    anchors = {STATEMENTS: Anchor(id=STATEMENTS, name=named("Tilinpäätös"), on=statements)}
    return ReportingRound(
        id=round_id, programme=programme, name=named(f"Kierros {round_id}"), years=years, schedule=schedule, anchors=anchors
    )


def programme_of(programme_id: str = "elinvoima") -> Programme:
    """Two actions of rehtori, one of each other lead; kylä contributes to the first, nobody leads for it."""
    leads = ("rehtori", "rehtori", "museo", "matkailu", "markkinointi", "yhtio")
    actions = tuple(
        Action(
            id=f"t{number}",
            number=str(number),
            title=f"Toimenpide {number}",
            lead=lead,
            years=frozenset({2024, 2025}),
            contributors=("kyla",) if number == 1 else (),
        )
        for number, lead in enumerate(leads, start=1)
    )
    parties = {party: ResponsibleParty(id=party, name=named(party.title())) for party in PARTIES}
    return Programme(id=programme_id, name=named("Elinvoimaohjelma"), tag="ELVO", actions=actions, parties=parties)


DIRECTORY = Directory(
    parties={
        "rehtori": PartyContacts(contacts=(contact("rehtori"),)),
        "museo": PartyContacts(contacts=(contact("museo"), contact("museo.varalla"))),
        "matkailu": PartyContacts(contacts=(contact("sihteeri"),)),
        "markkinointi": PartyContacts(contacts=(contact("sihteeri"),)),
        "yhtio": PartyContacts(contacts=(Contact(id="yhtio", name="Yhtiö", address="Toimisto@yhtio.example", language="sv"),)),
        "kyla": PartyContacts(contacts=(contact("kyla"),)),
    },
    coordinators=(contact("koordinaattori"),),
)


def setup_of(*rounds: ReportingRound, calendar: Calendar = CALENDAR, directory: Directory = DIRECTORY) -> Setup:
    """A city with these rounds; the round of 2024 where none is given."""
    chosen = rounds or (round_of(),)
    programmes: Mapping[str, Programme] = {one.programme: programme_of(one.programme) for one in chosen}
    office = Office(city=named("Kaupunki"), name=named("Elinvoimajaosto"))
    return Setup(office=office, languages=("fi",), programmes=programmes, rounds=chosen, directory=directory, calendar=calendar)


def extension(party: str, due_on: date, *, decided_at: datetime, version: int = 1) -> Extension:
    """More time for one party in the round of 2024."""
    return Extension(
        programme="elinvoima", round="2024", party=party, due_on=due_on, because="loma", decided_at=decided_at, version=version
    )


def local(written: str) -> datetime:
    """`2025-02-14 08:00` in Helsinki, as an instant in UTC."""
    return datetime.fromisoformat(written).replace(tzinfo=HELSINKI).astimezone(UTC)


def told(intents: tuple[SendIntent | SkipIntent, ...]) -> list[str]:
    """Intents as short sentences: `rehtori: request rehtori`, `skip rehtori request 0: collapsed`."""
    return [_tell(intent) for intent in intents]


def _tell(intent: SendIntent | SkipIntent) -> str:
    if isinstance(intent, SendIntent):
        return f"{intent.recipient.person}: " + " + ".join(f"{step.key.step} {step.key.party}".rstrip() for step in intent.steps)
    return f"skip {intent.recipient.person}: {intent.step.key.step} {intent.step.key.ordinal}: {intent.reason}"


EMPTY = PlanState()
