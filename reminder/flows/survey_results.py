"""Survey results: how a survey was answered, as far as that may be shown, and how many have answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import Connection

from reminder.domain.programme import Language
from reminder.domain.rounds import ReportingRound
from reminder.domain.setup import Setup
from reminder.domain.surveys import SurveyResult, Tally, show_results, sum_up
from reminder.flows.knowledge import decided_setup
from reminder.plan.dates import closes_on, request_date
from reminder.plan.surveys import list_respondents
from reminder.store import people
from reminder.store.surveys import load_answered, load_named, load_tally

_ANSWERED: Mapping[Language, str] = {
    "fi": "Kysely {name}: {answered}/{asked} on vastannut.",
    "sv": "Enkäten {name}: {answered} av {asked} har svarat.",
    "en": "Survey {name}: {answered} of {asked} have answered.",
}


def load_result(conn: Connection, setup: Setup, one: ReportingRound, now: datetime) -> SurveyResult:
    """What may be shown of a survey. Who answered what is not in it, nor who has answered."""
    setup = decided_setup(conn, setup)
    survey, calendar = one.survey, setup.calendar
    asked = list_respondents(setup.directory, one)
    persons = people.find_persons(conn, [contact.address for contact in asked])
    answered = load_answered(conn, one.programme, one.id)
    tally = load_tally(conn, one.programme, one.id)
    if survey is not None and not (survey.is_anonymous or tally.answered):
        tally = sum_up(survey, load_named(conn, one.programme, one.id).values())
    return SurveyResult(
        programme=one.programme,
        round=one.id,
        name=one.name,
        is_anonymous=survey is not None and survey.is_anonymous,
        is_closed=now >= calendar.end_of(closes_on(one, calendar)),
        # Who has answered and is asked no longer is counted on both sides.
        asked=len({*(persons.get(contact.address.lower(), contact.id) for contact in asked), *answered}),
        answered=len(answered),
        questions=show_results(survey, tally) if survey is not None and tally != Tally() else (),
    )


def load_results(conn: Connection, setup: Setup, programme: str, now: datetime) -> tuple[SurveyResult, ...]:
    """The results of a programme's surveys, in the order of the files; for the report and the site."""
    return tuple(load_result(conn, setup, one, now) for one in setup.surveys if one.programme == programme and one.survey is not None)


def tell_surveys(conn: Connection, setup: Setup, of: ReportingRound, language: Language, now: datetime) -> Iterator[str]:
    """How many have answered each survey of the programme that runs now, in a sentence each; never who."""
    for one in setup.surveys:
        if one.programme != of.programme or one.survey is None or request_date(one, setup.calendar).on > setup.calendar.local_day(now):
            continue
        result = load_result(conn, setup, one, now)
        if not result.is_closed:
            yield _ANSWERED[language].format(name=one.name.in_language(language), answered=result.answered, asked=result.asked)
