"""A small city for the report tests: three parties, two focus areas, five actions of 2024 and one of 2026, due on 28.2.2025."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import jinja2

from reminder.domain.assessments import Assessment, Phase, TrafficLight
from reminder.domain.intents import PartyDeadline
from reminder.domain.programme import Action, Contact, Decision, Directory, Localised, PartyContacts, Programme, ResponsibleParty
from reminder.domain.rounds import Anchor, DateRule, ReportingRound, RoundSchedule
from reminder.domain.setup import Office, Setup
from reminder.domain.workdays import Calendar, DatedReason
from reminder.report.progress import RoundProgress, Waived, measure_round
from reminder.resources import find_templates

GREEN, YELLOW, RED = TrafficLight.GREEN, TrafficLight.YELLOW, TrafficLight.RED
DUE = date(2025, 2, 28)
TEMPLATES = jinja2.FileSystemLoader(find_templates())
BEFORE = datetime(2025, 2, 20, 8, 0, tzinfo=UTC)
LATE = datetime(2025, 3, 7, 8, 0, tzinfo=UTC)


def named(fi: str, sv: str = "", en: str = "") -> Localised:
    """A name in up to three languages."""
    return Localised({"fi": fi, "sv": sv or fi, "en": en or fi})


def action(
    number: str, lead: str, *, area: str = "Keskusta", years: tuple[int, ...] = (2024,), contributors: tuple[str, ...] = ()
) -> Action:
    """An action whose id is `t` and its number."""
    return Action(
        id=f"t{number}",
        number=number,
        title=f"Toimenpide {number}",
        lead=lead,
        focus_area=area,
        years=frozenset(years),
        contributors=contributors,
    )


PROGRAMME = Programme(
    id="elinvoima",
    name=named("Elinvoimaohjelma", "Livskraftsprogrammet", "Vitality Programme"),
    tag="ELVO",
    actions=(
        action("3.1", "museo", contributors=("rehtori",)),
        action("3.10", "museo"),
        action("3.11", "museo", area="Matkailu"),
        action("4.1", "rehtori", area="Matkailu"),
        action("4.2", "yhtio"),
        action("5.1", "rehtori", years=(2026, 2027)),
    ),
    parties={
        "museo": ResponsibleParty(id="museo", name=named("museonjohtaja", "museichefen", "Museum Director")),
        "rehtori": ResponsibleParty(id="rehtori", name=named("rehtori", "rektorn", "Principal")),
        "yhtio": ResponsibleParty(id="yhtio", name=named("Yhtiö Oy")),
    },
    decision=Decision(case_number="ABC/1/2024"),
)


def round_of(round_id: str = "2024", years: tuple[int, ...] = (2024,)) -> ReportingRound:
    """A round of the programme."""
    anchor = Anchor(id="financial_statements", name=named("tilinpäätös"), on=date(2025, 2, 14))
    rule = DateRule(base="financial_statements")
    return ReportingRound(
        id=round_id,
        programme="elinvoima",
        name=named("Vuoden 2024 toimenpiteet", "Åtgärderna för 2024", "Actions of 2024"),
        years=frozenset(years),
        schedule=RoundSchedule(request=rule, due=rule, closes=rule),
        anchors={"financial_statements": anchor},
    )


ROUND = round_of()
CONTACT = Contact(id="johtaja", name="Museonjohtaja", address="museonjohtaja@kunta.example")
SETUP = Setup(
    office=Office(city=named("Suvikoski"), name=named("Elinvoimatoimisto"), phone="09 1234 5678"),
    languages=("fi", "sv", "en"),
    programmes={"elinvoima": PROGRAMME},
    rounds=(ROUND,),
    directory=Directory(parties={"museo": PartyContacts(contacts=(CONTACT,))}),
    calendar=Calendar(zone=ZoneInfo("Europe/Helsinki")),
)


def said(
    party: str,
    number: str,
    light: TrafficLight | None = None,
    phase: Phase | None = None,
    *,
    day: int = 18,
    text: str = "",
    late: bool = False,
    as_lead: bool | None = None,
) -> Assessment:
    """What a party said of an action on a day of February 2025; as its lead where the programme says so, unless told otherwise."""
    action = PROGRAMME.action(f"t{number}")
    is_lead = action is not None and action.lead == party
    return Assessment(
        programme="elinvoima",
        round="2024",
        party=party,
        action=f"t{number}",
        light=light,
        phase=phase,
        text=text,
        received_at=datetime.combine(date(2025, 2, day), time(9, 0), tzinfo=UTC),
        is_lead=is_lead if as_lead is None else as_lead,
        is_late=late,
    )


def deadlines(**moved: date) -> Mapping[str, PartyDeadline]:
    """Everybody's deadline, some of them moved."""
    return {party: _deadline(party, moved.get(party, DUE)) for party in PROGRAMME.parties}


def measure(*facts: Assessment, now: datetime = BEFORE, waived: Waived = (), **moved: date) -> RoundProgress:
    """The round with these facts."""
    return measure_round(SETUP, ROUND, facts, deadlines=deadlines(**moved), waived=waived, now=now)


def with_texts() -> Setup:
    """The same city, where free text is published without approval."""
    return replace(SETUP, publish_texts=True)


def _deadline(party: str, due_on: date) -> PartyDeadline:
    return PartyDeadline(
        programme="elinvoima", round="2024", party=party, due_on=due_on, closes_on=date(2025, 4, 25), version=0, why=DatedReason(on=due_on)
    )
