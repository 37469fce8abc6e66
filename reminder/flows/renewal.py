"""A mail that became stale while it waited is written anew: finished bytes never change, so it is another mail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from reminder.domain.intents import SendIntent
from reminder.domain.messages import OutgoingMessage
from reminder.flows.announce import compose_intent
from reminder.flows.house import House
from reminder.flows.knowledge import load_knowledge
from reminder.flows.renaming import current_key
from reminder.plan.deciding import recipients_of


def renew(house: House, *, person: str, recipient: str, keys: Sequence[str], now: datetime) -> OutgoingMessage | None:
    """The mail of these steps to this person with what is true now, or None where nothing is left to say.

    `recipient` is the address that the mail before went to; who has another one by now gets nothing under the old steps. A step
    whose time has not come, since the files have moved it, is left out.
    """
    with house.store.read() as conn:
        knowledge = load_knowledge(conn, house.setup, now)
    kept = {current_key(knowledge.setup, key) for key in keys}
    steps = tuple(step for step in knowledge.timeline() if step.not_before <= now and step.key.for_recipient(person) in kept)
    steps = tuple(sorted(steps, key=lambda step: (-step.key.step.urgency, step.not_before)))
    recipients = (one for step in steps for one in recipients_of(knowledge.setup, step.key, knowledge.persons))
    found = next((one for one in recipients if one.address.lower() == recipient.lower()), None)
    if found is None:
        return None
    renewed = compose_intent(house, knowledge, SendIntent(recipient=found, steps=steps), now)
    return renewed if renewed is not None and renewed.items else None
