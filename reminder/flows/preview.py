"""A finished mail, exactly as it would be sent, without sending or keeping anything."""

from __future__ import annotations

from dataclasses import replace

from reminder.domain.intents import PlannedStep, SendIntent
from reminder.domain.messages import OutgoingMessage
from reminder.domain.rounds import ReportingRound, StepKind
from reminder.errors import UsageFailure
from reminder.flows.announce import compose_intent
from reminder.flows.house import House
from reminder.flows.knowledge import load_knowledge
from reminder.plan.deciding import recipients_of

PREVIEW_KINDS = [kind.value for kind in StepKind]


def compose_preview(house: House, one: ReportingRound, party: str, kind: StepKind) -> OutgoingMessage:
    """The mail of the first step of this kind, as it would be on the day it goes out. Raises UsageFailure."""
    now = house.clock.now()
    with house.store.read() as conn:
        knowledge = load_knowledge(conn, house.setup, now)
    step = _first_step(knowledge.timeline(), one, party, kind)
    if step is None:
        raise UsageFailure(
            f"Round {one.id} has no {kind.value} for {party or 'the coordinator'}.", advice="`reminder plan` shows every step."
        )
    recipients = recipients_of(knowledge.setup, step.key, knowledge.persons)
    if not recipients:
        raise UsageFailure(f"{party} has no contact.", advice="Add one in contacts.yaml.")
    then = replace(knowledge, now=max(now, step.not_before))
    message = compose_intent(house, then, SendIntent(recipient=recipients[0], steps=(step,)), then.now)
    if message is None:
        raise UsageFailure(f"There is no round {one.id}.")
    return message


def _first_step(timeline: tuple[PlannedStep, ...], one: ReportingRound, party: str, kind: StepKind) -> PlannedStep | None:
    wanted = (one.programme, one.id, party, kind)
    return next((step for step in timeline if (step.key.programme, step.key.round, step.key.party, step.key.step) == wanted), None)
