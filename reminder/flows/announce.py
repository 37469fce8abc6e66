"""Announce: what is due becomes finished mails in the outbox.

Crash story: one transaction holds the settled steps and the finished bytes, under the unique dedupe key. Killed before
its commit, nothing has happened and the step is planned again; killed after it, nothing more is to do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import structlog

from reminder.compose.words import join_names
from reminder.domain.intents import Intent, PlannedStep, PlanState, SendIntent, SkipIntent, SkipReason
from reminder.domain.messages import Attachment, OutgoingMessage
from reminder.domain.rounds import ReportingRound, StepKind
from reminder.domain.setup import Setup
from reminder.errors import HeaderUnsound
from reminder.flows.digest import compose_digest
from reminder.flows.house import House
from reminder.flows.knowledge import Knowledge, load_knowledge
from reminder.flows.posting import finish_posting, open_posting, write_heading
from reminder.flows.schedule_views import write_schedule_view
from reminder.plan.deciding import decide, decide_at_any_hour
from reminder.store import control, outbox, people

log = structlog.get_logger(__name__)

Decider = Callable[[Setup, Sequence[PlannedStep], PlanState, datetime], tuple[Intent, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """What one pass did."""

    messages: tuple[OutgoingMessage, ...] = ()
    skipped: int = 0
    trouble: tuple[str, ...] = ()
    """Mails that could not be made, each in a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DueNow:
    """What is due at this moment, before anything is done about it."""

    knowledge: Knowledge
    intents: tuple[Intent, ...]


def know_people(house: House, now: datetime) -> None:
    """Gives each contact of the files a pseudonymous id (DESIGN, decision 6)."""
    directory = house.setup.directory
    contacts = [contact for party in directory.parties.values() for contact in (*party.contacts, *party.deputies)]
    addresses = {contact.address for contact in (*contacts, *directory.coordinators)}
    with house.store.read() as conn:
        known = people.load_persons(conn)
    if {address.lower() for address in addresses} <= known.keys():
        return
    with house.store.begin() as conn:
        people.ensure_persons(conn, sorted(addresses), now)


def find_due(house: House, now: datetime) -> DueNow:
    """What the planner wants done now; changes nothing but the list of pseudonyms."""
    return _find_due(house, now, decide)


def find_due_at_any_hour(house: House, now: datetime) -> DueNow:
    """What is due, whether or not the sending window is open: what `arm` must show, also at night."""
    return _find_due(house, now, decide_at_any_hour)


def _find_due(house: House, now: datetime, decider: Decider) -> DueNow:
    know_people(house, now)
    with house.store.read() as conn:
        knowledge = load_knowledge(conn, house.setup, now)
    return DueNow(knowledge=knowledge, intents=decider(knowledge.setup, knowledge.timeline(), knowledge.plan_state(), now))


def announce(house: House, *, dry_run: bool = False, only: StepKind | None = None) -> Announced:
    """Puts every mail that is due into the outbox, or those of one kind of step. Safe to repeat.

    Does nothing before `arm`, while paused, or where the clock cannot be believed: a step that is skipped stays skipped. A mail
    that would be unsound holds up no other; its step stays due.
    """
    now = house.clock.now()
    if not _may_announce(house, now):
        return Announced()
    due = find_due(house, now)
    messages: list[OutgoingMessage] = []
    trouble: list[str] = []
    skipped = 0
    for intent in due.intents:
        if only not in {None, _kind_of(intent)}:
            continue
        if isinstance(intent, SkipIntent):
            skipped += dry_run or record_skip(house, intent, now)
            continue
        try:
            message = compose_intent(house, due.knowledge, intent, now)
        except HeaderUnsound as fault:
            log.error("a mail would be unsound and is not written", step=intent.keys[0], reason=fault.message)
            trouble.append(fault.message)
            continue
        if message is not None and (dry_run or _enqueue(house, message, now)):
            messages.append(message)
    return Announced(messages=tuple(messages), skipped=skipped, trouble=tuple(trouble))


def _may_announce(house: House, now: datetime) -> bool:
    with house.store.read() as conn:
        state = control.load_control(conn)
        clock = control.judge_clock(conn, now)
    if clock.is_suspicious and not house.addressing.is_rehearsal:
        log.error("the clock is not sane, nothing is announced", reason=clock.reason)
        return False
    return state.is_armed and not state.is_paused(now)


def _kind_of(intent: Intent) -> StepKind:
    return intent.step.key.step if isinstance(intent, SkipIntent) else intent.head.key.step


def record_skip(house: House, intent: SkipIntent, now: datetime) -> bool:
    """Settles a step without a mail. False where it was settled already."""
    with house.store.begin() as conn:
        return outbox.skip_step(conn, intent.key, intent.reason.value, now)


def compose_intent(house: House, knowledge: Knowledge, intent: SendIntent, now: datetime) -> OutgoingMessage | None:
    """The finished mail of an intent, or None where its round is gone from the files."""
    key = intent.head.key
    setup = knowledge.setup
    one = setup.round(key.programme, key.round)
    if one is None:
        return None
    if key.step is StepKind.DIGEST:
        return compose_digest(house, knowledge, one, intent, now)
    rounds = list_rounds(setup, intent)
    programme = setup.programmes[key.programme]
    posting = open_posting(house, programme.tag)
    heading = write_heading(house, posting, programme, one.name, intent.recipient.language, knowledge.today)
    if len(rounds) > 1:
        names = join_names(setup.programmes[other.programme].name for other in rounds)
        heading = replace(heading, programme=names, round_name=join_names(other.name for other in rounds))
    attachments = load_attachments(programme.document) if key.step is StepKind.NOTICE else ()
    view = write_schedule_view(knowledge, intent, heading, attachments)
    draft = house.composer.schedule_mail(view)
    return finish_posting(
        house,
        posting,
        draft,
        intent.recipient,
        now,
        expires_at=max(step.expires_at for step in intent.steps),
        steps=intent.keys,
        programme_round=", ".join(f"{other.programme}/{other.id}" for other in rounds),
    )


def list_rounds(setup: Setup, intent: SendIntent) -> tuple[ReportingRound, ...]:
    """The rounds that a mail is about, that of its head first; what the files no longer know is left out."""
    places = dict.fromkeys((step.key.programme, step.key.round) for step in intent.steps)
    return tuple(one for place in places if (one := setup.round(*place)) is not None)


def load_attachments(document: str) -> tuple[Attachment, ...]:
    """The programme document; none where the file has gone, since the notice names where it was decided anyway."""
    path = Path(document)
    if not document or not path.is_file():
        return ()
    types = {".pdf": "application/pdf", ".html": "text/html", ".md": "text/markdown", ".txt": "text/plain"}
    return (Attachment(name=path.name, media_type=types.get(path.suffix.lower(), "application/octet-stream"), content=path.read_bytes()),)


def skip_due(house: House, due: DueNow) -> None:
    """At `arm`: records everything that is already due as skipped, so that it is never sent."""
    now = due.knowledge.now
    for intent in due.intents:
        if isinstance(intent, SkipIntent):
            record_skip(house, intent, now)
            continue
        for step in intent.steps:
            record_skip(house, SkipIntent(recipient=intent.recipient, step=step, reason=SkipReason.BEFORE_ARM), now)


def _enqueue(house: House, message: OutgoingMessage, now: datetime) -> bool:
    with house.store.begin() as conn:
        added = outbox.enqueue(conn, message, now)
    if added:
        log.info("announced", kind=message.kind.value, message=message.id, steps=len(message.steps))
    return added
