"""A town that asks its sub-committee: nine members of four questions, one of each scale."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from reminder.domain.messages import MailKind
from reminder.domain.programme import Contact, Localised
from reminder.domain.rounds import DateRule, ReportingRound, RoundKind, RoundSchedule
from reminder.domain.surveys import Question, Scale, Survey, SurveyResult
from reminder.flows.survey_results import load_result
from reminder.flows.surveying import Surveyed, survey
from tests.flows.town import Town

ROUND = "jasenkysely"
QUESTIONS = (
    Question(
        id="seuranta",
        text=Localised({"fi": "Jaosto on seurannut ohjelmaa riittävästi", "en": "The sub-committee has followed the programme enough"}),
        scale=Scale.FIVE,
        ends=(Localised({"fi": "täysin eri mieltä"}), Localised({"fi": "täysin samaa mieltä"})),
    ),
    Question(id="aika", text=Localised({"fi": "Oliko kokouksissa riittävästi aikaa?"}), scale=Scale.YES_NO),
    Question(id="suunta", text=Localised({"fi": "Mikä on ohjelman tila kokonaisuutena?"}), scale=Scale.LIGHT),
    Question(id="sana", text=Localised({"fi": "Mitä jaoston pitäisi tehdä toisin?"}), scale=Scale.TEXT),
)
MEMBERS = tuple(
    Contact(id=f"jasen{number}", name=f"Jäsen{number} Koetinen{number}", address=f"jasen{number}@suvikoski.example")
    for number in range(1, 10)
)
REQUEST, DUE, CLOSES = date(2025, 3, 3), date(2025, 3, 14), date(2025, 3, 28)


def rule(day: date) -> DateRule:
    """A date as written."""
    return DateRule(base=day.isoformat())


def survey_round(*, anonymous: bool = True) -> ReportingRound:
    """The survey of the sub-committee."""
    schedule = RoundSchedule(
        request=rule(REQUEST), due=rule(DUE), closes=rule(CLOSES), reminders=(rule(date(2025, 3, 10)),), overdue=(rule(date(2025, 3, 19)),)
    )
    return ReportingRound(
        id=ROUND,
        programme="elinvoima",
        name=Localised({"fi": "Jaoston itsearviointi 2024", "sv": "Sektionens självvärdering 2024", "en": "Self-assessment 2024"}),
        years=frozenset(),
        schedule=schedule,
        anchors={},
        kind=RoundKind.SURVEY,
        survey=Survey(questions=QUESTIONS, is_anonymous=anonymous, people=MEMBERS),
    )


def with_survey(town: Town, *, anonymous: bool = True) -> Town:
    """Somebody has written the survey into schedule.yaml, and there are no rounds of reports."""
    town.house = replace(town.house, setup=replace(town.setup, rounds=(), surveys=(survey_round(anonymous=anonymous),)))
    return town


def ask(town: Town, day: date = REQUEST) -> Surveyed:
    """A morning on which what is due of the survey goes out."""
    town.arm()
    town.move_to_day(day)
    asked = survey(town.house)
    town.deliver()
    town.clock.advance(timedelta(hours=1))
    return asked


def answer(town: Town, number: int, body: str, *, kind: MailKind = MailKind.SURVEY, sender: str = "") -> bytes:
    """A member replies, and the reply is read."""
    raw = town.reply(MEMBERS[number - 1].address, body, kind=kind, sender=sender)
    town.clock.advance(timedelta(minutes=30))
    town.read()
    return raw


def result(town: Town) -> SurveyResult:
    """What may be shown now."""
    with town.house.store.read() as conn:
        return load_result(conn, town.setup, town.setup.surveys[0], town.clock.now())
