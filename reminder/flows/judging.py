"""The sub-committee's own view: its members get the parties' lights before the meeting, and its own are asked for after it (decision 0037).

Crash story: a mail of these kinds has an id that follows from what it is about and whom it goes to. One transaction puts it into the
outbox; killed before its commit nothing has happened, killed after it the id is known, and nothing is told or asked twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from reminder.compose.judging_views import AskedAction, AskedParty, HeardParty, JudgementView, LightsView
from reminder.domain.intents import Recipient
from reminder.domain.judging import SUB_COMMITTEE
from reminder.domain.messages import DraftMessage, MailKind, OutgoingMessage
from reminder.domain.programme import Contact, LightOf
from reminder.domain.rounds import OwnView, ReportingRound
from reminder.errors import HeaderUnsound
from reminder.flows.house import House
from reminder.flows.invitation_mails import list_actions
from reminder.flows.knowledge import Knowledge, decided_setup, load_knowledge
from reminder.flows.planned_mails import know_addresses, may_tell, put_once
from reminder.flows.posting import finish_posting, open_posting, write_heading
from reminder.flows.schedule_views import write_action
from reminder.store import outbox
from reminder.wire.reply_token import message_id_from

log = structlog.get_logger(__name__)

SEED = 8
"""Bytes that an id is made of."""
TOO_LATE = timedelta(days=90)
"""What could not be told or asked for so long after its day is not told any more: the service was installed, or armed, long after."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consulted:
    """What one pass told and asked the sub-committee."""

    messages: tuple[OutgoingMessage, ...] = ()
    trouble: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Due:
    """One mail that is due."""

    round: ReportingRound
    view: OwnView
    kind: MailKind
    contact: Contact
    person: str
    seed: bytes

    @property
    def recipient(self) -> Recipient:
        contact = self.contact
        return Recipient(person=self.person, address=contact.address, name=contact.name, language=contact.language)


def consult(house: House, *, dry_run: bool = False) -> Consulted:
    """Tells and asks the sub-committee what is due and was not told or asked yet. Safe to repeat.

    Does nothing before `arm`, while paused, outside the sending window, and where the clock cannot be believed.
    """
    now = house.clock.now()
    if not any(one.own_view for one in house.setup.rounds) or not may_tell(house, now):
        return Consulted()
    due = _list_due(house, now)
    if not due:
        return Consulted()
    with house.store.read() as conn:
        knowledge = load_knowledge(conn, house.setup, now)
    messages, trouble = [], []
    for one in due:
        try:
            message = _write(house, knowledge, one)
        except HeaderUnsound as fault:
            log.error("a mail to the sub-committee would be unsound and is not written", reason=fault.message)
            trouble.append(fault.message)
            continue
        if dry_run or _post(house, message, now):
            messages.append(message)
    return Consulted(messages=tuple(messages), trouble=tuple(trouble))


def _post(house: House, message: OutgoingMessage, now: datetime) -> bool:
    told = put_once(house, message, lambda conn: outbox.enqueue(conn, message, now))
    if told:
        log.info("the sub-committee is written to", kind=message.kind.value, message=message.id)
    return told


def _list_due(house: House, now: datetime) -> tuple[_Due, ...]:
    with house.store.read() as conn:
        setup = decided_setup(conn, house.setup)
    own, today = setup.directory.sub_committee, setup.calendar.local_day(now)
    wanted: list[tuple[ReportingRound, OwnView, MailKind, Contact]] = []
    for one in setup.rounds:
        view = one.own_view
        if view is None:
            continue
        if view.inform_on is not None and view.inform_on <= today < view.ask_on:
            wanted += [(one, view, MailKind.LIGHTS, contact) for contact in own.readers]
        if view.ask_on <= today <= view.ask_on + TOO_LATE:
            wanted += [(one, view, MailKind.JUDGEMENT, contact) for contact in own.judges]
    if not wanted:
        return ()
    persons = know_addresses(house, (contact.address for *_, contact in wanted), now)
    due = [
        _Due(round=one, view=view, kind=kind, contact=contact, person=person, seed=seed)
        for one, view, kind, contact in wanted
        for person in [persons[contact.address.lower()]]
        for seed in [_seed(house, one, kind, person)]
    ]
    with house.store.read() as conn:
        return tuple(each for each in due if outbox.load_message(conn, message_id_from(each.seed[:SEED])) is None)


def _seed(house: House, one: ReportingRound, kind: MailKind, person: str) -> bytes:
    """The same for the same mail to the same person, so that its id can be made again."""
    content = "/".join((house.addressing.instance, one.programme, one.id, kind.value, person))
    return hashlib.sha256(content.encode()).digest()


def _write(house: House, knowledge: Knowledge, due: _Due) -> OutgoingMessage:
    one, programme = due.round, knowledge.setup.programmes[due.round.programme]
    posting = open_posting(replace(house, random_bytes=lambda count: due.seed[:count]), programme.tag)
    heading = write_heading(house, posting, programme, one.name, due.contact.language, knowledge.today)
    own = knowledge.setup.directory.sub_committee
    draft: DraftMessage
    if due.kind is MailKind.LIGHTS:
        days = sorted(day for meeting in one.meetings for day in meeting.days if day >= knowledge.today)
        view = LightsView(
            heading=heading,
            parties=tuple(_hear(knowledge, one)),
            is_asked=due.contact in own.judges,
            ask_on=due.view.ask_on,
            meets_on=next(iter(days), None),
        )
        draft = house.composer.lights(view)
        expires_at = knowledge.setup.calendar.end_of(due.view.ask_on - timedelta(days=1))
    else:
        asked = JudgementView(heading=heading, parties=tuple(_ask(knowledge, one)), is_for_each=own.light_of is LightOf.MEMBERS)
        draft, expires_at = house.composer.judgement(asked), None
    place = f"{one.programme}/{one.id}"
    return finish_posting(house, posting, draft, due.recipient, knowledge.now, expires_at=expires_at, programme_round=place)


def _hear(knowledge: Knowledge, one: ReportingRound) -> Iterator[HeardParty]:
    programme = knowledge.setup.programmes[one.programme]
    for party, entry in programme.parties.items():
        if actions := tuple(list_actions(knowledge, programme, one, (party,))):
            yield HeardParty(party=entry.name, actions=actions)


def _ask(knowledge: Knowledge, one: ReportingRound) -> Iterator[AskedParty]:
    """The items of the mail are the sub-committee's, whichever party leads the action: no answer to it can be a party's."""
    programme = knowledge.setup.programmes[one.programme]
    for party, entry in programme.parties.items():
        said = list_actions(knowledge, programme, one, (party,))
        views = [write_action(programme, one, SUB_COMMITTEE, action, {}) for action in one.actions_of(programme, party)]
        if views:
            actions = tuple(AskedAction(view=view, said=each) for view, each in zip(views, said, strict=True))
            yield AskedParty(party=entry.name, actions=actions)
