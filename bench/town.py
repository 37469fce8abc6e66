"""The house that is measured: the example city, a database on disk with the production durability, nothing faked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from jinja2 import FileSystemLoader

from reminder.configuration.loading import load_or_raise
from reminder.configuration.settings import load_settings
from reminder.domain.intents import Recipient, SendIntent
from reminder.domain.messages import OutgoingMessage
from reminder.domain.rounds import StepKind
from reminder.edges.clock import ManualClock
from reminder.flows.announce import compose_intent, know_people
from reminder.flows.house import House
from reminder.flows.knowledge import Knowledge, load_knowledge
from reminder.flows.opening import make_house
from reminder.plan.timeline import plan_timeline
from reminder.resources import find_example, find_templates
from reminder.store import control, outbox
from reminder.store.engine import Store

PARTY = "kulttuuripaallikko"


@contextmanager
def open_house() -> Iterator[House]:
    """An armed house on a fresh database, on the day of the request."""
    with TemporaryDirectory(prefix="reminder-bench-") as name:
        folder = Path(name)
        setup = load_or_raise(find_example())
        variables = {
            "REMINDER_DATABASE_URL": f"sqlite:///{folder / 'reminder.db'}",
            "REMINDER_FROM": "Seuranta <seuranta@suvikoski.example>",
            "REMINDER_SECRET_KEY": "a:only-for-the-benchmark-0123456789",
        }
        settings = load_settings(folder, variables, complete=False)
        store = Store.open(settings.database_url)
        store.migrate()
        request = next(step for step in plan_timeline(setup) if step.key.step is StepKind.REQUEST)
        clock = ManualClock(request.not_before + timedelta(minutes=5))
        house = make_house(settings, setup, store, FileSystemLoader(find_templates()), clock=clock)
        with store.begin() as conn:
            control.arm(conn, clock.now())
        know_people(house, clock.now())
        try:
            yield house
        finally:
            store.close()


def know(house: House) -> Knowledge:
    """What is known now."""
    with house.store.read() as conn:
        return load_knowledge(conn, house.setup, house.clock.now())


def request_intent(house: House, knowledge: Knowledge) -> SendIntent:
    """The request to one party with three actions."""
    step = next(one for one in knowledge.timeline() if one.key.step is StepKind.REQUEST and one.key.party == PARTY)
    contact = house.setup.directory.of_party(PARTY).contacts[0]
    person = knowledge.persons[contact.address.lower()]
    return SendIntent(
        recipient=Recipient(person=person, address=contact.address, name=contact.name, language=contact.language), steps=(step,)
    )


def compose_request(house: House, knowledge: Knowledge, intent: SendIntent) -> OutgoingMessage:
    """A finished request under a key of its own and to a person of its own, since nobody gets two of them on one day."""
    message = compose_intent(house, knowledge, intent, house.clock.now())
    if message is None:
        raise RuntimeError("the example city has no such request")
    return replace(message, steps=(), person=f"bench-{message.id}")


def enqueue_requests(house: House, count: int) -> None:
    """So many requests wait to be delivered."""
    knowledge = know(house)
    intent = request_intent(house, knowledge)
    for _ in range(count):
        message = compose_request(house, knowledge, intent)
        with house.store.begin() as conn:
            outbox.enqueue(conn, message, house.clock.now())
