"""What the sub-committee has said of its own: acknowledged like a party's answer, and given to whoever shows it beside the party's."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from reminder.compose.views import AcknowledgementTone, AcknowledgementView, Heading, RecordedAnswer
from reminder.domain.assessments import TrafficLight
from reminder.domain.judging import SUB_COMMITTEE, Judged, Judgement, fold_judgements
from reminder.domain.messages import Item
from reminder.domain.rounds import ReportingRound
from reminder.domain.setup import Setup
from reminder.flows.renaming import current_facts
from reminder.flows.schedule_views import write_action
from reminder.flows.understanding import Understood
from reminder.store import reports


def load_judged(conn: Connection, setup: Setup, one: ReportingRound | None = None) -> Mapping[Judged, Judgement]:
    """The sub-committee's own view by (programme, round, action), of one round where given."""
    programme, round_id = (one.programme, one.id) if one is not None else (None, None)
    facts = reports.load_judgements(conn, programme=programme, round_id=round_id)
    return fold_judgements(current_facts(setup, facts), setup.directory.sub_committee.light_of)


def is_of_sub_committee(understood: Understood) -> bool:
    """Whether the mail answers the question for the sub-committee's own lights."""
    answered = understood.answered
    return answered is not None and any(item.party == SUB_COMMITTEE for item in answered.items)


def write_judged_view(
    conn: Connection, setup: Setup, one: ReportingRound, understood: Understood, heading: Heading, *, inbound_id: int
) -> AcknowledgementView:
    """The acknowledgement: what was recorded beside what this person had said before, what was not understood, what has no light yet."""
    reading = understood.reading
    actor = reading.sender.person if reading.sender else ""
    facts = current_facts(setup, reports.load_judgements(conn, programme=one.programme, round_id=one.id))
    own = [fact for fact in facts if fact.actor == actor]
    before: dict[str, TrafficLight | None] = {fact.action: fact.light for fact in own if fact.inbound_id != inbound_id}
    asked_back = {ask.item.action for ask in reading.ask_back if ask.item is not None}
    done = {fact.action for fact in own} | {answer.item.action for answer in reading.answers} | asked_back
    items = understood.answered.items if understood.answered else ()
    missing = tuple(item for item in _asked(setup, one, items) if item.action not in done)
    complete = AcknowledgementTone.PARTIAL if missing or reading.ask_back else AcknowledgementTone.COMPLETE
    programme = setup.programmes[one.programme]
    open_actions = [action for item in missing if (action := programme.action(item.action)) is not None]
    return AcknowledgementView(
        heading=heading,
        tone=complete if reading.answers else AcknowledgementTone.NOTHING_UNDERSTOOD,
        party_names=(),
        recorded=tuple(
            RecordedAnswer(
                item=answer.item,
                light=answer.light,
                text=answer.text,
                next_step=answer.next_step,
                next_on=answer.next_on,
                was=was if (was := before.get(answer.item.action)) is not answer.light else None,
                is_provisional=answer.is_provisional,
            )
            for answer in reading.answers
        ),
        ask_back=reading.ask_back,
        missing=tuple(write_action(programme, one, SUB_COMMITTEE, action, {}) for action in open_actions),
        their_subject=understood.mail.subject,
        note=reading.note,
        documents=tuple(document.name for document in reading.attachments),
        is_judgement=True,
    )


def _asked(setup: Setup, one: ReportingRound, items: tuple[Item, ...]) -> tuple[Item, ...]:
    """Of the items of a mail those that the round still asks for."""
    programme = setup.programmes[one.programme]
    return tuple(item for item in items if (action := programme.action(item.action)) is not None and one.asks_for(action))
