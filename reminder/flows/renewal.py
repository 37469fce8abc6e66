"""A mail that became stale while it waited is written anew: finished bytes never change, so it is another mail."""

from __future__ import annotations

from datetime import datetime

from reminder.domain.intents import SendIntent
from reminder.domain.messages import OutgoingMessage
from reminder.flows.announce import compose_intent
from reminder.flows.house import House
from reminder.flows.knowledge import load_knowledge
from reminder.flows.renaming import current_key
from reminder.plan.deciding import recipients_of
from reminder.store.outbox import Claimed


def renew(house: House, message: Claimed, now: datetime) -> OutgoingMessage | None:
    """The mail of the same steps with what is true now, or None where nothing is left to say."""
    with house.store.read() as conn:
        knowledge = load_knowledge(conn, house.setup, now)
    kept = {current_key(knowledge.setup, key) for key in message.steps}
    steps = tuple(step for step in knowledge.timeline() if step.key.for_recipient(message.person) in kept)
    steps = tuple(sorted(steps, key=lambda step: (-step.key.step.urgency, step.not_before)))
    recipients = (one for step in steps for one in recipients_of(knowledge.setup, step.key, knowledge.persons))
    address = message.envelope.recipient.lower()
    recipient = next((one for one in recipients if one.address.lower() == address), None)
    if recipient is None:
        return None
    renewed = compose_intent(house, knowledge, SendIntent(recipient=recipient, steps=steps), now)
    return renewed if renewed is not None and renewed.items else None
