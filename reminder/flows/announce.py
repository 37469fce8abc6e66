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
from reminder.domain.setup import QuietDigest, Setup
from reminder.errors import HeaderUnsound
from reminder.flows.agenda import find_places, record_looks
from reminder.flows.contacts import compose_contacts
from reminder.flows.digest import ALL_CLEAR, compose_digest
from reminder.flows.holding import enqueue_schedule_mail
from reminder.flows.house import House
from reminder.flows.knowledge import Knowledge, load_knowledge
from reminder.flows.late_digests import find_late_digests, list_current_digests
from reminder.flows.planned_mails import put_once
from reminder.flows.posting import finish_posting, open_posting, write_heading
from reminder.flows.previewing import show_waiting
from reminder.flows.schedule_views import write_schedule_view
from reminder.flows.sending_report import compose_report
from reminder.flows.surveying import find_due_surveys
from reminder.flows.troubles import load_troubles
from reminder.plan.deciding import decide, decide_at_any_hour
from reminder.store import control, outbox, people
from reminder.store.agenda import Place

log = structlog.get_logger(__name__)

SKIPS_AT_ONCE = 500
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
    due = _find_due(house, now, decide_at_any_hour)
    surveys = find_due_surveys(house, now, at_any_hour=True) if house.setup.surveys else ()
    return replace(due, intents=(*due.intents, *surveys))


def _find_due(house: House, now: datetime, decider: Decider) -> DueNow:
    know_people(house, now)
    with house.store.read() as conn:
        knowledge = load_knowledge(conn, house.setup, now)
    return DueNow(knowledge=knowledge, intents=decider(knowledge.setup, knowledge.timeline(), knowledge.plan_state(), now))


def announce(house: House, *, dry_run: bool = False, only: StepKind | None = None) -> Announced:
    """Puts every mail that is due into the outbox, or those of one kind of step. Safe to repeat.

    Does nothing before `arm`, while paused, or where the clock cannot be believed: a step that is skipped stays skipped. A mail
    that would be unsound holds up no other; its step stays due. What needs an approval waits in the outbox, and is shown to
    the coordinator when all that is due has been written.
    """
    now = house.clock.now()
    if not _may_announce(house, now):
        return Announced()
    if dry_run:
        return _Pass(house, find_due(house, now), only, dry_run=True).run()
    announced = _announce_places(house, now, only)
    late = _announce_late(house, now) if only in {None, StepKind.DIGEST} else Announced()
    return Announced(
        messages=(*announced.messages, *late.messages),
        skipped=announced.skipped,
        trouble=(*announced.trouble, *late.trouble, *show_waiting(house, now)),
    )


def _announce_places(house: House, now: datetime, only: StepKind | None) -> Announced:
    places = find_places(house, now)
    if not places:
        return Announced()
    with house.store.read() as conn:
        knowledge = load_knowledge(conn, house.setup, now, places)
    intents = decide(knowledge.setup, knowledge.timeline(), knowledge.plan_state(), now)
    work = _Pass(house, DueNow(knowledge=_with_troubles(house, knowledge, intents), intents=intents), only)
    announced = work.run()
    if only is None:
        record_looks(house, knowledge, places - work.unsettled, work.settled, work.mailed)
    return announced


def _announce_late(house: House, now: datetime) -> Announced:
    """The digests that the schedule has no more, where something waits for a person; after the schedule has had its say."""
    intents = find_late_digests(house, now)
    if not intents:
        return Announced()
    with house.store.read() as conn:
        knowledge = load_knowledge(conn, house.setup, now, with_troubles=False)
    return _Pass(house, DueNow(knowledge=knowledge, intents=intents), None).run()


def _with_troubles(house: House, knowledge: Knowledge, intents: Sequence[Intent]) -> Knowledge:
    """What went wrong with the parties that are written to; it decides nothing but words, so it is read for these alone."""
    rounds = {(step.key.programme, step.key.round) for one in intents if isinstance(one, SendIntent) for step in one.steps}
    if not rounds:
        return knowledge
    with house.store.read() as conn:
        return replace(knowledge, troubles=load_troubles(conn, knowledge.setup, sorted(rounds)))


class _Pass:
    """The intents of one pass, carried out one after another; remembers what was settled, for whom, and what could not be."""

    def __init__(self, house: House, due: DueNow, only: StepKind | None, *, dry_run: bool = False) -> None:
        self.house, self.due, self.only, self.dry_run = house, due, only, dry_run
        self.now = due.knowledge.now
        self.settled: list[str] = []
        self.mailed: list[str] = []
        self.unsettled: set[Place] = set()
        self.skipped = 0
        self._trouble: list[str] = []
        self._full: Knowledge | None = None

    def run(self) -> Announced:
        """Carries them out: skips first, many in a transaction, then each mail in one of its own."""
        wanted = [intent for intent in self.due.intents if self.only in {None, _kind_of(intent)}]
        skips = [intent for intent in wanted if isinstance(intent, SkipIntent)]
        self.skipped = len(skips) if self.dry_run else record_skips(self.house, skips, self.now)
        self.settled += [intent.key for intent in skips]
        messages = [message for intent in wanted if isinstance(intent, SendIntent) and (message := self._send(intent)) is not None]
        return Announced(messages=tuple(messages), skipped=self.skipped, trouble=tuple(self._trouble))

    def _send(self, intent: SendIntent) -> OutgoingMessage | None:
        try:
            message = compose_intent(self.house, self._knowledge_for(intent), intent, self.now)
        except HeaderUnsound as fault:
            log.error("a mail would be unsound and is not written", step=intent.keys[0], reason=fault.message)
            self._trouble.append(fault.message)
            self.unsettled |= {(step.key.programme, step.key.round, step.key.party) for step in intent.steps}
            return None
        if message is not None and ALL_CLEAR in message.details and self.due.knowledge.setup.quiet_digest is QuietDigest.NONE:
            self._leave_out(intent)
            return None
        if message is None or not (self.dry_run or _enqueue(self.house, self.due.knowledge.setup, message, self.now)):
            return None
        self.settled += intent.keys
        if not intent.head.key.step.is_for_coordinator:
            self.mailed.append(intent.recipient.person)
        return message

    def _leave_out(self, intent: SendIntent) -> None:
        """Settles a digest that has nothing to say, so that no later pass writes it again."""
        skips = [SkipIntent(recipient=intent.recipient, step=step, reason=SkipReason.ALL_CLEAR) for step in intent.steps]
        self.skipped += len(skips) if self.dry_run else record_skips(self.house, skips, self.now)
        self.settled += intent.keys

    def _knowledge_for(self, intent: SendIntent) -> Knowledge:
        """What the coordinator gets tells of the whole round and of the rounds before it; any other mail of its parties alone."""
        if not intent.head.key.step.is_for_coordinator or self.due.knowledge.places is None:
            return self.due.knowledge
        if self._full is None:
            with self.house.store.read() as conn:
                self._full = load_knowledge(conn, self.house.setup, self.now, with_troubles=False)
        return self._full


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


def record_skips(house: House, intents: Sequence[SkipIntent], now: datetime) -> int:
    """Settles many steps without mails, some hundreds in a transaction; how many were not settled before."""
    count = 0
    for start in range(0, len(intents), SKIPS_AT_ONCE):
        with house.store.begin() as conn:
            for intent in intents[start : start + SKIPS_AT_ONCE]:
                count += outbox.skip_step(conn, intent.key, intent.reason.value, now)
    return count


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
    if key.step.is_for_coordinator:
        return _FOR_COORDINATOR[key.step](house, knowledge, one, intent, now)
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


_FOR_COORDINATOR = {StepKind.DIGEST: compose_digest, StepKind.CONTACTS: compose_contacts, StepKind.REPORT: compose_report}


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
    for intent in (*due.intents, *list_current_digests(house, now)):
        if isinstance(intent, SkipIntent):
            record_skip(house, intent, now)
            continue
        for step in intent.steps:
            record_skip(house, SkipIntent(recipient=intent.recipient, step=step, reason=SkipReason.BEFORE_ARM), now)


def _enqueue(house: House, setup: Setup, message: OutgoingMessage, now: datetime) -> bool:
    added = put_once(house, message, lambda conn: enqueue_schedule_mail(conn, setup, message, now))
    if added:
        log.info("announced", kind=message.kind.value, message=message.id, steps=len(message.steps))
    return added
