"""The last look before a mail leaves: is it still needed, is the recipient still the one, is its text still true?

A party that has answered is not reminded; the row is cancelled with its reason (DESIGN, decision 13, invariant O7).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from enum import Enum

from sqlalchemy import Connection

from reminder.domain.assessments import Assessment, answer_of, latest
from reminder.domain.messages import Item, MailKind
from reminder.domain.rounds import StepKey
from reminder.flows.edited import is_edited
from reminder.flows.house import House
from reminder.flows.knowledge import decided_setup
from reminder.flows.renaming import current_facts, current_items, current_key, current_of_party, current_waived
from reminder.flows.surveying import find_respondent
from reminder.plan.added import find_closed
from reminder.plan.known import people_above
from reminder.plan.steps import UNCHASED
from reminder.store import overlays, reports
from reminder.store.outbox import Claimed
from reminder.store.surveys import load_answered

CHASING = frozenset(kind.value for kind in MailKind if kind.is_chasing)
ASKING = CHASING | {MailKind.REQUEST.value}


class Need(Enum):
    """What is to be done with a mail that is about to leave."""

    SEND = ""
    MOVED_ON = "the recipient is no longer a contact"
    OUTDATED = "its deadline was moved"
    CLOSED = "the round was closed"
    MOVED = "the programme has changed, and it asks for what is another's now"
    EDITED = "the files say something else now"
    ANSWERED = "everything that it asks for has been reported"
    STALE = "a part of what it asks for has been reported; written anew"


def judge_need(house: House, message: Claimed) -> Need:
    """Whether the mail may leave as it is. Every schedule mail needs its recipient still to be listed; answers to replies do not."""
    if message.kind is MailKind.SURVEY:
        return _judge_survey(house, message)
    message = replace(message, items=current_items(house.setup, message.items), steps=_current_steps(house, message))
    if message.kind.is_schedule_mail and not _is_still_listed(house, message):
        return Need.MOVED_ON
    if message.kind not in ASKING or not message.items:
        return Need.EDITED if is_edited(house, message) else Need.SEND
    if (verdict := _judge_steps(house, message)) is not Need.SEND:
        return verdict
    if message.ambiguous_resends == 0 and any(has_moved(house, item) for item in message.items):
        return Need.MOVED
    owed = [is_owed for is_owed in _owed(house, message.items) if is_owed is not None]
    if owed and not any(owed):
        return Need.ANSWERED
    # A mail that may have arrived already keeps its bytes: another text would tell the duty twice (decision 0003).
    if message.kind in CHASING and not all(owed) and message.ambiguous_resends == 0:
        return Need.STALE
    return Need.EDITED if is_edited(house, message) else Need.SEND


def _judge_survey(house: House, message: Claimed) -> Need:
    """Whether who is asked still is, and has not answered; what a survey asks does not change while it runs."""
    place = next(((item.programme, item.round) for item in message.items), ("", ""))
    one = house.setup.survey_round(*place)
    if one is None:
        return Need.CLOSED
    with house.store.read() as conn:
        setup, answered = decided_setup(conn, house.setup), load_answered(conn, *place)
    if message.person in answered:
        return Need.ANSWERED
    return Need.SEND if find_respondent(setup, one, message.envelope.recipient) is not None else Need.MOVED_ON


def _current_steps(house: House, message: Claimed) -> tuple[str, ...]:
    return tuple(current_key(house.setup, key) for key in message.steps) if house.setup.has_renames else message.steps


def _judge_steps(house: House, message: Claimed) -> Need:
    """Whether the decisions of the coordinator have overtaken the mail: a round that was closed, a deadline that was moved."""
    steps = [StepKey.read(key)[0] for key in message.steps]
    with house.store.read() as conn:
        closed = find_closed(overlays.load_closings(conn))
        extensions = current_of_party(house.setup, overlays.load_extensions(conn))
    versions = {(one.programme, one.round, one.party): one.version for one in extensions}
    if steps and all((key.programme, key.round) in closed for key in steps):
        return Need.CLOSED
    is_old = [key.step not in UNCHASED and key.deadline_version != versions.get((key.programme, key.round, key.party), 0) for key in steps]
    return Need.OUTDATED if any(is_old) and message.ambiguous_resends == 0 else Need.SEND


def _owed(house: House, items: tuple[Item, ...]) -> list[bool | None]:
    """For each item whether its answer is still owed; None for a contribution, which is never owed. Reads of these actions alone."""
    asked: dict[tuple[str, str], set[str]] = {}
    for item in items:
        asked.setdefault((item.programme, item.round), set()).add(item.action)
    with house.store.read() as conn:
        facts = [
            fact for (programme, round_id), actions in asked.items() for fact in _load_current(conn, house, programme, round_id, actions)
        ]
        waived = current_waived(house.setup, overlays.load_waived(conn))
    return [None if item.is_contribution else _is_owed(house, item, facts, waived) for item in items]


def _load_current(conn: Connection, house: House, programme: str, round_id: str, actions: Collection[str]) -> tuple[Assessment, ...]:
    known = house.setup.programmes.get(programme)
    found = [known.action(action) for action in actions] if known else []
    former = {was for action in found if action is not None for was in action.was}
    return current_facts(house.setup, reports.load_assessments(conn, programme=programme, round_id=round_id, actions={*actions, *former}))


def _is_owed(house: House, item: Item, facts: Sequence[Assessment], waived: frozenset[tuple[str, str, str]]) -> bool:
    if has_moved(house, item) or (item.programme, item.round, item.action) in waived:
        return False
    place = (item.programme, item.round, item.action)
    said = latest(fact for fact in facts if (fact.programme, fact.round, fact.action) == place)
    fact = answer_of(said.values(), item.party)
    return fact is None or not fact.is_answer


def has_moved(house: House, item: Item) -> bool:
    """Whether the files have taken the action from the party since the mail was written; a contribution is nobody's duty."""
    programme = house.setup.programmes.get(item.programme)
    action = programme.action(item.action) if programme else None
    return not item.is_contribution and (action is None or action.lead != item.party)


def _is_still_listed(house: House, message: Claimed) -> bool:
    """The parties are those of the steps; a digest is for no party, and goes to the coordinators."""
    directory = house.setup.directory
    office = (*directory.coordinators, *directory.coordinator_deputies)
    parties = {StepKey.read(key)[0].party for key in message.steps} or {item.party for item in message.items}
    contacts = [contact for party in parties for contact in (directory.of_party(party).contacts if party else office)]
    if message.kind is MailKind.ESCALATION:
        steps = [StepKey.read(key)[0] for key in message.steps]
        contacts += [contact for key in steps for contact in people_above(house.setup, key.programme, key.round, key.party)]
    return message.envelope.recipient.lower() in {contact.address.lower() for contact in contacts}
