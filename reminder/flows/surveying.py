"""Surveying: who is asked in a survey gets its questions, and who has not answered is reminded.

Crash story: one transaction holds the finished bytes and the step, under its unique key. Killed before its commit, nothing has
happened and the step is due again; killed after it, nothing more is to do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import Connection

from reminder.compose.survey_views import SurveyQuestion, SurveyView
from reminder.domain.intents import Intent, SendIntent, SkipIntent
from reminder.domain.messages import Item, OutgoingMessage
from reminder.domain.programme import Contact, Language
from reminder.domain.rounds import ReportingRound, StepKind
from reminder.domain.setup import Setup
from reminder.errors import HeaderUnsound
from reminder.flows.house import House
from reminder.flows.knowledge import decided_setup
from reminder.flows.planned_mails import know_addresses, may_write, put_once
from reminder.flows.posting import finish_posting, open_posting, write_heading
from reminder.plan.dates import closes_on, due_date
from reminder.plan.surveys import SurveyState, decide_survey, list_respondents
from reminder.store import outbox, people
from reminder.store.surveys import load_answered
from reminder.wire.survey_form import say_ends

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surveyed:
    """What one pass asked."""

    messages: tuple[OutgoingMessage, ...] = ()
    skipped: int = 0
    trouble: tuple[str, ...] = ()


def survey(house: House, *, dry_run: bool = False) -> Surveyed:
    """Puts what is due of every survey into the outbox. Safe to repeat.

    Does nothing before `arm`, while paused, and where the clock cannot be believed.
    """
    now = house.clock.now()
    if not any(one.survey for one in house.setup.surveys) or not may_write(house, now):
        return Surveyed()
    intents = find_due_surveys(house, now)
    skips = [intent for intent in intents if isinstance(intent, SkipIntent)]
    messages, trouble = [], []
    for skip in () if dry_run else skips:
        with house.store.begin() as conn:
            outbox.skip_step(conn, skip.key, skip.reason.value, now)
    for intent in intents:
        if not isinstance(intent, SendIntent):
            continue
        try:
            message = compose_survey(house, intent, now)
        except HeaderUnsound as fault:
            log.error("a survey would be unsound and is not written", step=intent.keys[0], reason=fault.message)
            trouble.append(fault.message)
            continue
        if dry_run or _enqueue(house, message, now):
            messages.append(message)
    return Surveyed(messages=tuple(messages), skipped=len(skips), trouble=tuple(trouble))


def find_due_surveys(house: House, now: datetime, *, at_any_hour: bool = False) -> tuple[Intent, ...]:
    """What is due of every survey; changes nothing but the list of pseudonyms."""
    asking = [one for one in house.setup.surveys if one.survey is not None]
    know_addresses(house, (contact.address for one in asking for contact in list_respondents(house.setup.directory, one)), now)
    with house.store.read() as conn:
        setup = decided_setup(conn, house.setup)
        states = {(one.programme, one.id): load_state(conn, setup, one) for one in asking}
    found = [decide_survey(setup, one, states[one.programme, one.id], now, at_any_hour=at_any_hour) for one in asking]
    # One schedule mail a day: of two surveys that are due for one person the second waits for the next pass, and so for its day.
    chosen: dict[str, Intent] = {}
    for intent in (intent for intents in found for intent in intents):
        key = f"mail {intent.recipient.person}" if isinstance(intent, SendIntent) and not at_any_hour else f"{len(chosen)}"
        chosen.setdefault(key, intent)
    return tuple(chosen.values())


def load_state(conn: Connection, setup: Setup, one: ReportingRound) -> SurveyState:
    """What deciding about a survey reads."""
    persons = people.find_persons(conn, [contact.address for contact in list_respondents(setup.directory, one)])
    return SurveyState(
        persons=persons,
        answered=load_answered(conn, one.programme, one.id),
        settled=outbox.load_settled(conn, {(one.programme, one.id, "")}),
        mailed_on=outbox.last_schedule_days(conn, setup.calendar.zone, set(persons.values())),
    )


def compose_survey(house: House, intent: SendIntent, now: datetime) -> OutgoingMessage:
    """The finished mail. Raises HeaderUnsound where it would not read back as it is meant, TemplateBroken for a broken template."""
    key, setup = intent.head.key, house.setup
    one = setup.survey_round(key.programme, key.round)
    if one is None:
        raise ValueError("no such survey")
    programme, calendar = setup.programmes[one.programme], setup.calendar
    posting = open_posting(house, programme.tag)
    language, today = intent.recipient.language, calendar.local_day(now)
    due_on = due_date(one, calendar).on
    view = SurveyView(
        heading=write_heading(house, posting, programme, one.name, language, today),
        questions=write_questions(one, language),
        is_anonymous=one.survey is not None and one.survey.is_anonymous,
        is_reminder=key.step is not StepKind.REQUEST,
        due_on=due_on,
        closes_on=closes_on(one, calendar),
        is_late=today > due_on,
    )
    draft = house.composer.survey(view)
    place = f"{one.programme}/{one.id}"
    expires_at = intent.head.expires_at
    return finish_posting(house, posting, draft, intent.recipient, now, expires_at=expires_at, steps=intent.keys, programme_round=place)


def write_questions(one: ReportingRound, language: Language) -> tuple[SurveyQuestion, ...]:
    """The questions as a mail shows them, numbered from 1."""
    asked = one.survey.questions if one.survey else ()
    return tuple(
        SurveyQuestion(
            item=Item(
                programme=one.programme,
                round=one.id,
                party="",
                action=question.id,
                number=str(number),
                title=question.text.in_language(language),
                is_anonymous=one.survey is not None and one.survey.is_anonymous,
            ),
            scale=question.scale,
            ends=say_ends(question, language),
        )
        for number, question in enumerate(asked, 1)
    )


def find_respondent(setup: Setup, one: ReportingRound, address: str) -> Contact | None:
    """Who is asked under an address."""
    return next((contact for contact in list_respondents(setup.directory, one) if contact.address.lower() == address.lower()), None)


def _enqueue(house: House, message: OutgoingMessage, now: datetime) -> bool:
    added = put_once(house, message, lambda conn: outbox.enqueue(conn, message, now))
    if added:
        log.info("asked in a survey", message=message.id)
    return added
