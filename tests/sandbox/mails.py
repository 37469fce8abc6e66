"""Real mails of the example city, composed as the service composes them, for the cast to answer."""

from __future__ import annotations

import hashlib
from datetime import datetime
from functools import lru_cache

import jinja2

from reminder.compose.composing import Composer
from reminder.compose.views import Heading
from reminder.configuration.loading import load_or_raise
from reminder.domain.intents import Recipient, SendIntent
from reminder.domain.messages import OutgoingMessage
from reminder.domain.programme import Contact
from reminder.domain.rounds import StepKind
from reminder.domain.setup import Setup
from reminder.flows.knowledge import Knowledge
from reminder.flows.schedule_views import write_schedule_view
from reminder.plan.timeline import plan_timeline
from reminder.resources import find_example, find_templates
from reminder.wire.headers import Mailbox, finish_message
from reminder.wire.reply_token import Key, Keyring, message_id_from, mint_token, plus_address, short_tag

KEYRING = Keyring(keys=(Key(id="a", secret="only for the tests of the cast"),), instance="suvikoski")
OFFICE = Mailbox(name="Elinvoimaohjelman seuranta", address="seuranta@suvikoski.example")


@lru_cache(maxsize=1)
def example() -> Setup:
    """The example city."""
    return load_or_raise(find_example())


@lru_cache(maxsize=1)
def composer() -> Composer:
    """The composer over the real templates."""
    return Composer(jinja2.FileSystemLoader(find_templates()))


def find_contact(address: str) -> Contact:
    """The contact with this address."""
    parties = example().directory.parties.values()
    return next(contact for party in parties for contact in party.contacts if contact.address == address)


@lru_cache(maxsize=64)
def write_mail(address: str, kind: StepKind, nth: int = 1) -> OutgoingMessage:
    """The finished mail of the `nth` step of a kind to an address, for all parties that it stands for, nothing answered yet."""
    setup, contact = example(), find_contact(address)
    own = {party for party, people in setup.directory.parties.items() if contact in people.contacts}
    steps = [step for step in plan_timeline(setup) if step.key.party in own and step.key.step is kind]
    ordinals = sorted({step.key.ordinal for step in steps})
    chosen = tuple(step for step in steps if step.key.ordinal == ordinals[nth - 1])
    now = chosen[0].not_before
    message = message_id_from(hashlib.sha256(f"{address}\0{kind}\0{nth}".encode()).digest())
    token = mint_token(KEYRING, message)
    recipient = Recipient(person=contact.id, address=contact.address, name=contact.name, language=contact.language)
    view = write_schedule_view(
        _knowledge(setup, now),
        SendIntent(recipient=recipient, steps=chosen),
        Heading(
            language=contact.language,
            office=setup.office,
            programme=setup.programmes["elinvoima"].name,
            round_name=setup.rounds[0].name,
            reply_address=plus_address(OFFICE.address, token),
            tag=short_tag("ELVO", message),
            token=token,
            today=setup.calendar.local_day(now),
            legend=dict(setup.legend),
        ),
    )
    return finish_message(
        composer().schedule_mail(view),
        id=message,
        person=contact.id,
        token=token,
        sender=OFFICE,
        recipient=Mailbox(name=contact.name, address=contact.address),
        reply_to=Mailbox(name=OFFICE.name, address=plus_address(OFFICE.address, token)),
        message_id=f"<{token}@suvikoski.example>",
        date=now,
        envelope_sender=OFFICE.address,
        boundary_seed=message,
        not_before=now,
        extra_headers={"X-Reminder-Kind": kind.value},
    )


def _knowledge(setup: Setup, now: datetime) -> Knowledge:
    return Knowledge(
        setup=setup,
        now=now,
        assessments=(),
        extensions=(),
        waived=frozenset(),
        settled=frozenset(),
        mailed_on={},
        persons={},
    )
