"""The world of the corpus: the mails of the example city that are answered, and how a reply is read against them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from reminder.compose.views import AcknowledgementTone, AcknowledgementView, Heading, RecordedAnswer
from reminder.domain.assessments import TrafficLight
from reminder.domain.messages import OutgoingMessage, SentMessage
from reminder.domain.readings import Reading
from reminder.domain.rounds import StepKind
from reminder.edges.ports import MailReader
from reminder.edges.reading import ReaderHere
from reminder.flows.house import Addressing
from reminder.flows.understanding import Known, Understood, newest_first, understand_with
from reminder.parse.gist import Gist
from reminder.wire.headers import Mailbox, finish_message
from reminder.wire.reply_token import message_id_from, mint_token, plus_address, short_tag
from tests.sandbox.mails import KEYRING, OFFICE, composer, example, find_contact, write_mail

CITY = "suvikoski.example"
PLANNING = f"kaupunkisuunnittelupaallikko@{CITY}"
CULTURE = f"kulttuuripaallikko@{CITY}"
TOURISM = f"matkailukoordinaattori@{CITY}"
INFRA = f"infrapalvelupaallikko@{CITY}"
JOBS = f"tyollisyyspalvelupaallikko@{CITY}"
DIRECTOR = f"kaupunkikehitysjohtaja@{CITY}"
LYCEUM = f"lukion.rehtori@{CITY}"
MARKETING = f"markkinointi@{CITY}"
EDUCATION = f"sivistysjohtaja@{CITY}"
TRAVEL = "toimitusjohtaja@suvimatkat.example"
HOMES = "toimitusjohtaja@suvikodit.example"
COLLEGE = "rektor@kuusiharju.example"
EVERYBODY = (PLANNING, CULTURE, TOURISM, INFRA, JOBS, DIRECTOR, LYCEUM, MARKETING, EDUCATION, TRAVEL, HOMES, COLLEGE)
ZONE = ZoneInfo("Europe/Helsinki")
REQUEST, REMINDER = StepKind.REQUEST, StepKind.REMINDER


def to_sent(mail: OutgoingMessage) -> SentMessage:
    """What the store would tell of a mail that went out."""
    return SentMessage(
        id=mail.id,
        kind=mail.kind,
        language=mail.language,
        person=mail.person,
        recipient=mail.envelope.recipient,
        message_id=mail.message_id,
        subject=mail.subject,
        created_at=mail.not_before,
        spans=mail.spans,
        items=mail.items,
    )


@lru_cache(maxsize=1)
def all_sent() -> tuple[SentMessage, ...]:
    """Everything that the city sent: requests, first reminders, and one acknowledgement; newest first."""
    mails = [write_mail(address, kind) for address in EVERYBODY for kind in (REQUEST, REMINDER)]
    return newest_first(to_sent(mail) for mail in (*mails, acknowledgement()))


@lru_cache(maxsize=1)
def acknowledgement() -> OutgoingMessage:
    """What the planning manager got for a green 1.5: recorded, with 4.4 still missing."""
    request, setup, contact = write_mail(PLANNING, REQUEST), example(), find_contact(PLANNING)
    now = request.not_before + timedelta(days=1, hours=1)
    message = message_id_from(b"acknowledgement of the corpus")
    token = mint_token(KEYRING, message)
    view = AcknowledgementView(
        heading=Heading(
            language="fi",
            office=setup.office,
            programme=setup.programmes["elinvoima"].name,
            round_name=setup.rounds[0].name,
            reply_address=plus_address(OFFICE.address, token),
            tag=short_tag("ELVO", message),
            token=token,
            today=setup.calendar.local_day(now),
            legend=dict(setup.legend),
        ),
        tone=AcknowledgementTone.PARTIAL,
        party_names=(setup.programmes["elinvoima"].parties["kaupunkisuunnittelupaallikko"].name,),
        recorded=(RecordedAnswer(item=request.items[0], light=TrafficLight.GREEN, text="Luonnos on nähtävillä."),),
        due_on=date(2025, 2, 28),
        their_subject=f"VS: {request.subject}",
    )
    return finish_message(
        composer().acknowledgement(view),
        id=message,
        person=contact.id,
        token=token,
        sender=OFFICE,
        recipient=Mailbox(name=contact.name, address=contact.address),
        reply_to=Mailbox(name=OFFICE.name, address=plus_address(OFFICE.address, token)),
        message_id=f"<{token}@{CITY}>",
        date=now,
        references=(request.message_id,),
        envelope_sender=OFFICE.address,
        boundary_seed=message,
        not_before=now,
        auto_submitted="auto-replied",
        extra_headers={"X-Reminder-Kind": "acknowledgement"},
    )


def addressing(trusted_authserv: str = "") -> Addressing:
    """How the city addresses its mails."""
    return Addressing(
        sender=OFFICE,
        reply_to=OFFICE,
        envelope_sender=OFFICE.address,
        keyring=KEYRING,
        instance="suvikoski",
        trusted_authserv=trusted_authserv,
    )


@lru_cache(maxsize=1)
def persons() -> dict[str, str]:
    """Person by address, as the register of people would have it."""
    entries = example().directory.parties.values()
    return {one.address.lower(): one.id for entry in entries for one in (*entry.contacts, *entry.deputies)}


def read(raw: bytes, received_at: datetime, sent: Sequence[SentMessage], *, trusted_authserv: str = "") -> Reading:
    """How the service reads a mail."""
    return understand_case(raw, received_at, sent, trusted_authserv=trusted_authserv).reading


def understand_case(
    raw: bytes, received_at: datetime, sent: Sequence[SentMessage], *, trusted_authserv: str = "", reader: MailReader | None = None
) -> Understood:
    """Reads a mail as the service does, against what had been sent by then."""

    def look_up(gist: Gist) -> Known:
        tags = {tag.rpartition("-")[2].lower() for tag in gist.named.short_tags}
        candidates = newest_first(
            message
            for message in sent
            if message.created_at <= received_at
            and (
                message.id in gist.named.proven
                or message.message_id.strip("<>") in gist.named.message_ids
                or message.id[:4] in tags
                or message.recipient.lower() == gist.sender
            )
        )
        return Known(sent=candidates, persons=persons())

    return understand_with(look_up, example(), addressing(trusted_authserv), reader or ReaderHere(), raw, lambda _: received_at)


def moment_of(mail: OutgoingMessage) -> datetime:
    """A day after the mail, in the city's time."""
    return (mail.not_before + timedelta(days=1)).astimezone(ZONE)
