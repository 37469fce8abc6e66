"""From a composed draft to finished bytes: the id, the token and the address that a reply comes back to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from reminder.compose.views import Heading
from reminder.domain.intents import Recipient
from reminder.domain.messages import DraftMessage, OutgoingMessage
from reminder.domain.programme import Language, Localised, Programme
from reminder.flows.house import House
from reminder.wire.headers import Mailbox, finish_message
from reminder.wire.reply_token import message_id_from, mint_token, plus_address, short_tag

WRITTEN_BY = "files"
"""Key in the details of a mail: the version of the files that it was written by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """What is fixed of a mail before it is composed."""

    id: str
    token: str
    reply_address: str
    tag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """The conversation that a mail belongs to."""

    in_reply_to: str = ""
    references: Sequence[str] = ()
    answers_inbound: int | None = None


def open_posting(house: House, programme_tag: str) -> Posting:
    """A new message id with its token and reply address."""
    message = message_id_from(house.random_bytes(8))
    token = mint_token(house.addressing.keyring, message)
    address = house.addressing.reply_to.address
    reply_address = plus_address(address, token) if house.addressing.uses_plus_addresses else address
    return Posting(id=message, token=token, reply_address=reply_address, tag=short_tag(programme_tag, message))


def write_heading(house: House, posting: Posting, programme: Programme, round_name: Localised, language: Language, today: date) -> Heading:
    """The head and foot of a mail of this programme."""
    return Heading(
        language=language,
        office=house.setup.office,
        programme=programme.name,
        round_name=round_name,
        reply_address=posting.reply_address,
        tag=posting.tag,
        token=posting.token,
        today=today,
        legend=dict(house.setup.legend),
        case_number=programme.decision.case_number,
    )


def finish_posting(
    house: House,
    posting: Posting,
    draft: DraftMessage,
    recipient: Recipient,
    now: datetime,
    *,
    expires_at: datetime | None = None,
    steps: Sequence[str] = (),
    thread: Thread | None = None,
    programme_round: str = "",
) -> OutgoingMessage:
    """The finished mail. Raises HeaderUnsound where it would not read back as it is meant."""
    thread = thread or Thread()
    addressing = house.addressing
    extra = {"X-Reminder-Kind": draft.kind.value, **({"X-Reminder-Round": programme_round} if programme_round else {})}
    if addressing.is_rehearsal:
        extra["X-Reminder-Rehearsal"] = "yes"
    finished = finish_message(
        draft,
        id=posting.id,
        person=recipient.person,
        token=posting.token,
        instance=addressing.instance,
        sender=addressing.sender,
        recipient=Mailbox(name=recipient.name, address=recipient.address),
        reply_to=Mailbox(name=addressing.sender.name, address=posting.reply_address),
        message_id=f"<{posting.token}@{addressing.domain}>",
        date=now,
        in_reply_to=thread.in_reply_to,
        references=thread.references,
        # With the token in it a bounce names its mail even where the mail itself is not sent back.
        envelope_sender=posting.reply_address if addressing.uses_verp else addressing.envelope_sender,
        boundary_seed=posting.id,
        not_before=now,
        expires_at=expires_at,
        steps=steps,
        answers_inbound=thread.answers_inbound,
        auto_submitted="auto-replied" if thread.answers_inbound is not None else "auto-generated",
        extra_headers=extra,
    )
    return replace(finished, details={**finished.details, WRITTEN_BY: house.setup.version})
