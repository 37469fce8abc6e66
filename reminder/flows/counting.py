"""Counting: what a reply to a survey says is recorded, and of an anonymous one nothing else stays (decision 0038).

Crash story: one transaction holds the counted answers, that the person has answered, the answer to them, and the end of the reply's
row but for where it lies on the server. Killed before its commit, the mail is read again; killed after it, it is counted once, and
what is left to do (`flows/shredding.py`) is known and done by a later pass.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import structlog
from sqlalchemy import Connection

from reminder.compose.survey_views import ReceiptView, RecordedSurveyAnswer
from reminder.domain.intents import Recipient
from reminder.domain.messages import OutgoingMessage, SentMessage
from reminder.domain.programme import LANGUAGES, Contact
from reminder.domain.readings import OVERSIZE_RULE, InboundState, StoredMail, Verdict
from reminder.domain.rounds import ReportingRound
from reminder.domain.surveys import Question, Scale, Survey, SurveyAnswers, SurveyReply, SurveyTrouble, without_names
from reminder.flows.acknowledge import is_within_caps
from reminder.flows.evidence import settle_by_evidence
from reminder.flows.house import House
from reminder.flows.posting import Thread, finish_posting, open_posting, write_heading
from reminder.flows.surveying import find_respondent, write_questions
from reminder.flows.understanding import Understood
from reminder.plan.dates import closes_on
from reminder.store import outbox
from reminder.store.restoring import RESTORED
from reminder.store.surveys import ANONYMOUS, count_anonymous, destroy_inbound, load_answered, record_named
from reminder.wire.answer_block import BLOCK_WORDS
from reminder.wire.survey_form import SURVEY_WORDS

log = structlog.get_logger(__name__)

_ENDS = {
    SurveyTrouble.AGAIN: "They have answered already, and an anonymous answer cannot be changed.",
    SurveyTrouble.CLOSED: "The survey has ended.",
    SurveyTrouble.TOO_LARGE: "The mail is larger than 25 MB, so only its beginning was fetched.",
}


def judge_reply(conn: Connection, house: House, understood: Understood, stored: StoredMail) -> SurveyReply | None:
    """What a mail says to a survey, with all that stands against it; None where it answers none. Nothing is written."""
    reply, asked = understood.reading.survey, understood.answered
    if reply is None or asked is None:
        return None
    one = house.setup.survey_round(reply.programme, reply.round)
    trouble = reply.trouble
    if one is None or stored.mail.internal_date >= house.setup.calendar.end_of(closes_on(one, house.setup.calendar)):
        trouble = SurveyTrouble.CLOSED
    elif find_respondent(house.setup, one, asked.recipient) is None:
        trouble = SurveyTrouble.ANOTHER
    elif reply.is_anonymous and asked.person in load_answered(conn, reply.programme, reply.round):
        trouble = SurveyTrouble.AGAIN
    elif OVERSIZE_RULE in stored.mail.marks:
        trouble = SurveyTrouble.TOO_LARGE
    return replace(reply, trouble=trouble)


def count_reply(
    conn: Connection, house: House, understood: Understood, reply: SurveyReply, stored: StoredMail, now: datetime
) -> tuple[InboundState, int]:
    """An anonymous reply is counted, or is not, and goes in either case; the state of what is left of it, and how many answers went out.

    Nothing of it is written to the history, and nothing to the log but that there was one.
    """
    asked = understood.answered
    one = house.setup.survey_round(reply.programme, reply.round)
    if asked is None:
        raise ValueError("not an answer to a survey")
    if reply.trouble is None and one is not None and one.survey is not None:
        contact = find_respondent(house.setup, one, asked.recipient)
        answers = sign_nothing(one.survey, reply.answers, contact)
        count_anonymous(conn, one.programme, one.id, one.survey, asked.person, answers)
    settle_by_evidence(conn, asked.id, "a reply to it", now)
    state = InboundState.APPLIED if reply.trouble is None else InboundState.IGNORED
    destroy_inbound(conn, stored.id, state, now)
    log.info("a reply to an anonymous survey was read and destroyed", round=reply.round)
    return state, 0 if one is None else write_receipt(conn, house, understood, reply, one, stored, now)


def answer_survey(conn: Connection, house: House, understood: Understood, reply: SurveyReply, stored: StoredMail, now: datetime) -> int:
    """The answer to a reply that is not anonymous; a stranger's waits for a person, and is not answered."""
    one = house.setup.survey_round(reply.programme, reply.round)
    if one is None or reply.trouble is SurveyTrouble.ANOTHER:
        return 0
    return write_receipt(conn, house, understood, reply, one, stored, now)


def record_reply(conn: Connection, understood: Understood, reply: SurveyReply, stored: StoredMail) -> None:
    """What somebody says to a survey that is not anonymous. Of several mails what was said last of a question counts."""
    asked = understood.answered
    if asked is not None and reply.answers and reply.trouble in {None, SurveyTrouble.UNCLEAR}:
        at = stored.mail.internal_date
        record_named(conn, reply.programme, reply.round, asked.person, reply.answers, inbound_id=stored.id, received_at=at)


def name_end(reply: SurveyReply, verdict: Verdict, reason: str) -> tuple[Verdict, str]:
    """Verdict and reason of a reply that is not anonymous, with what stands against it."""
    if reply.trouble not in _ENDS:
        return verdict, reason
    return (Verdict.HELD if reply.trouble is SurveyTrouble.TOO_LARGE else Verdict.IGNORED), _ENDS[reply.trouble]


def sign_nothing(survey: Survey, answers: SurveyAnswers, contact: Contact | None) -> SurveyAnswers:
    """The answers without the name and the address of who gives them; people sign what they write."""
    names = (contact.name, contact.address) if contact else ()
    texts = {question.id for question in survey.questions if question.scale is Scale.TEXT}
    cleaned = {key: without_names(value, names) if key in texts else value for key, value in answers.items()}
    return {key: value for key, value in cleaned.items() if value.strip(" \n….,-")}


def write_receipt(
    conn: Connection, house: House, understood: Understood, reply: SurveyReply, one: ReportingRound, stored: StoredMail, now: datetime
) -> int:
    """The answer to who was asked, whoever has written: it quotes nothing, its subject is ours, and it stands in our own thread."""
    asked = understood.answered
    if asked is None or not understood.reading.may_answer or RESTORED in stored.mail.marks:
        return 0
    if not is_within_caps(conn, asked.person, now, notice=""):
        log.warning("automatic answer capped")
        return 0
    return int(outbox.enqueue(conn, _compose(house, reply, one, asked, stored, now), now))


def _compose(
    house: House, reply: SurveyReply, one: ReportingRound, asked: SentMessage, stored: StoredMail, now: datetime
) -> OutgoingMessage:
    setup = house.setup
    programme = setup.programmes[one.programme]
    posting = open_posting(house, programme.tag)
    contact = find_respondent(setup, one, asked.recipient)
    language = contact.language if contact else next((each for each in LANGUAGES if each == asked.language), LANGUAGES[0])
    questions = write_questions(one, language)
    recorded = () if reply.is_anonymous or reply.trouble not in {None, SurveyTrouble.UNCLEAR} else reply.answers
    view = ReceiptView(
        heading=write_heading(house, posting, programme, one.name, language, setup.calendar.local_day(now)),
        questions=questions,
        is_anonymous=reply.is_anonymous,
        trouble=reply.trouble,
        unclear=reply.unclear,
        recorded=tuple(
            RecordedSurveyAnswer(item=each.item, words=say_value(one.survey.question(each.item.action), reply.answers, language))
            for each in questions
            if each.item.action in recorded and one.survey is not None
        ),
        closes_on=closes_on(one, setup.calendar),
    )
    draft = house.composer.survey_receipt(view)
    draft = replace(draft, items=tuple(replace(item, is_anonymous=reply.is_anonymous) for item in draft.items))
    to = Recipient(person=asked.person, address=asked.recipient, name=contact.name if contact else "", language=language)
    # Not in the thread of the reply: its Message-ID would name the mail in the sender's own mailbox.
    thread = Thread(
        in_reply_to=asked.message_id,
        references=(asked.message_id,),
        answers_inbound=None if reply.is_anonymous else stored.id,
    )
    message = finish_posting(house, posting, draft, to, now, thread=thread, programme_round=f"{one.programme}/{one.id}")
    return replace(message, details={**message.details, ANONYMOUS: "yes"}) if reply.is_anonymous else message


def say_value(question: Question | None, answers: SurveyAnswers, language: str) -> str:
    """An answer in words: `4`, `kyllä`, `vihreä`, or the text."""
    spoken = next((each for each in LANGUAGES if each == language), LANGUAGES[0])
    value = answers.get(question.id, "") if question else ""
    if question is not None and question.scale is Scale.YES_NO:
        words = SURVEY_WORDS[spoken]
        return words.yes if value == "yes" else words.no
    if question is not None and question.scale is Scale.LIGHT:
        return next(word for light, word in BLOCK_WORDS[spoken].lights.items() if light.value == value)
    return value
