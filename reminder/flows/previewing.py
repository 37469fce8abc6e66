"""The preview: what waits for approval, shown to the coordinators with one mail of each sort in full.

Crash story: one transaction holds the previews of an approval and the mark that it was shown. Killed before its commit, the next
pass shows it; killed after it, nothing more is to do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog
from sqlalchemy import Connection

from reminder.compose.showing import show_mail
from reminder.compose.views import PreviewView, ShownMail
from reminder.domain.intents import Recipient
from reminder.domain.messages import MailKind, OutgoingMessage, SentMessage
from reminder.domain.programme import LANGUAGES, Language, Localised
from reminder.domain.rounds import StepKey
from reminder.domain.setup import Setup
from reminder.errors import HeaderUnsound
from reminder.flows.holding import asks_each_time, lift_policies, release_free
from reminder.flows.house import House
from reminder.flows.knowledge import decided_setup
from reminder.flows.posting import finish_posting, open_posting, write_heading
from reminder.parse.message import read_mail
from reminder.plan.leaving import next_leave
from reminder.store import approvals, outbox, people
from reminder.store.approvals import Approval

log = structlog.get_logger(__name__)

APPROVAL = "approval"
"""Key in the details of a preview: the number of the approval that an answer to it is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The mails that wait under an approval, as the coordinator is told of them."""

    approval: Approval
    mails: tuple[SentMessage, ...]
    steps: tuple[str, ...]
    leaves_at: datetime
    expires_at: datetime


def show_waiting(house: House, now: datetime) -> tuple[str, ...]:
    """Sends the previews that are still owed, and lets go what nothing holds any more. What went wrong, each in a sentence."""
    with house.store.begin() as conn:
        lift_policies(conn, house.setup, now)
        release_free(conn, house.setup, now)
        owed = [one for one in approvals.load_approvals(conn, open_only=True) if one.previewed_at is None]
    trouble = []
    for approval in owed:
        try:
            with house.store.begin() as conn:
                _show(conn, house, approval, now)
        except HeaderUnsound as fault:
            log.error("a preview would be unsound and is not written", approval=approval.id, reason=fault.message)
            trouble.append(fault.message)
    return tuple(trouble)


def _show(conn: Connection, house: House, approval: Approval, now: datetime) -> None:
    held = load_held(conn, house.setup, approval, now)
    if held is None or not approvals.mark_previewed(conn, approval.id, now):
        return
    coordinators = decided_setup(conn, house.setup).directory.coordinators
    persons = people.ensure_persons(conn, [contact.address for contact in coordinators], now)
    samples = list_samples(conn, house, held)
    for contact in coordinators:
        person = persons[contact.address.strip().lower()]
        recipient = Recipient(person=person, address=contact.address, name=contact.name, language=contact.language)
        outbox.enqueue(conn, compose_approval(house, held, samples, recipient, now), now)
    log.info("shown for approval", kind=approval.kind.value, round=approval.round, mails=len(held.mails))


def load_held(conn: Connection, setup: Setup, approval: Approval, now: datetime) -> Held | None:
    """What waits under an approval, or None where nothing does."""
    mails = outbox.find_sent(conn, approvals.list_held(conn, approval.id))
    if not mails or setup.round(approval.programme, approval.round) is None:
        return None
    # `find_sent` gives the newest first; the coordinator sees them in the order in which they were made.
    mails = tuple(reversed(mails))
    steps = {mail.id: outbox.load_steps(conn, mail.id) for mail in mails}
    taken = outbox.last_schedule_days(conn, setup.calendar.zone, {mail.person for mail in mails}, with_waiting=False)
    rows = [row for mail in mails if (row := outbox.load_message(conn, mail.id)) is not None]
    return Held(
        approval=approval,
        mails=mails,
        steps=tuple(key for keys in steps.values() for key in keys),
        leaves_at=min(next_leave(setup.calendar, setup.window, now, taken.get(mail.person)) for mail in mails),
        expires_at=min(row.expires_at for row in rows if row.expires_at is not None),
    )


def list_samples(conn: Connection, house: House, held: Held) -> tuple[ShownMail, ...]:
    """One mail of each kind, language and standing of its recipient, in the order in which they were made."""
    found: dict[tuple[MailKind, str, bool], ShownMail] = {}
    for mail in held.mails:
        steps = outbox.load_steps(conn, mail.id)
        is_above = _is_above(house.setup, mail, steps)
        if (mail.kind, mail.language, is_above) not in found:
            raw = outbox.load_raw(conn, mail.id) or b""
            found[mail.kind, mail.language, is_above] = _show_sample(house.setup, mail, steps, raw, is_above=is_above)
    return tuple(found.values())


def _show_sample(setup: Setup, mail: SentMessage, steps: Sequence[str], raw: bytes, *, is_above: bool) -> ShownMail:
    read = read_mail(raw)
    return show_mail(
        kind=mail.kind,
        language=next(language for language in LANGUAGES if language == mail.language),
        recipient=_name_recipient(setup, mail.recipient),
        parties=_name_parties(setup, steps),
        subject=mail.subject,
        text="\n".join(part.text for part in read.texts),
        html="\n".join(read.html),
        spans=mail.spans,
        token=mail.message_id.strip("<>").partition("@")[0],
        files=[one.name for one in read.attachments if one.name],
        is_above=is_above,
    )


def _name_recipient(setup: Setup, address: str) -> str:
    """The name in the files; a mail never shows another one's address, not even to the coordinator."""
    listed = setup.directory.parties.values()
    known = [one for entry in listed for one in (*entry.contacts, *entry.deputies, entry.manager) if one is not None and one.name]
    return next((one.name for one in known if one.address.lower() == address.lower()), address.partition("@")[0])


def _is_above(setup: Setup, mail: SentMessage, steps: Sequence[str]) -> bool:
    parties = {StepKey.read(key)[0].party for key in steps}
    contacts = {contact.address.lower() for party in parties for contact in setup.directory.of_party(party).contacts}
    return mail.kind is MailKind.ESCALATION and mail.recipient.lower() not in contacts


def _name_parties(setup: Setup, steps: Sequence[str]) -> tuple[Localised, ...]:
    places = dict.fromkeys((key.programme, key.party) for key in (StepKey.read(step)[0] for step in steps))
    named = ((setup.programmes.get(programme), party) for programme, party in places)
    return tuple(programme.parties[party].name for programme, party in named if programme is not None and party in programme.parties)


def compose_approval(house: House, held: Held, samples: tuple[ShownMail, ...], recipient: Recipient, now: datetime) -> OutgoingMessage:
    """The finished preview to one coordinator."""
    setup, approval, zone = house.setup, held.approval, house.setup.calendar.zone
    programme = setup.programmes[approval.programme]
    one = setup.round(approval.programme, approval.round)
    posting = open_posting(house, programme.tag)
    name = one.name if one else Localised.everywhere(approval.round)
    heading = write_heading(house, posting, programme, name, recipient.language, setup.calendar.local_day(now))
    view = PreviewView(
        heading=heading,
        kind=approval.kind,
        count=len(held.mails),
        parties=_name_parties(setup, held.steps),
        leaves_at=held.leaves_at.astimezone(zone),
        expires_at=held.expires_at.astimezone(zone),
        samples=_order(samples, recipient.language),
        lets_later_go=not asks_each_time(setup, approval.gate),
        is_changed=approval.is_changed,
        command=name_command(approval),
    )
    message = finish_posting(
        house,
        posting,
        house.composer.preview(view),
        recipient,
        now,
        expires_at=held.expires_at,
        programme_round=f"{approval.programme}/{approval.round}",
    )
    return replace(message, details={**message.details, APPROVAL: str(approval.id)})


def _order(samples: tuple[ShownMail, ...], language: Language) -> tuple[ShownMail, ...]:
    """The reader's own language first."""
    return tuple(sorted(samples, key=lambda shown: shown.language != language))


def name_command(approval: Approval) -> str:
    """The command that does the same as a yes."""
    return f"reminder approve {approval.programme}/{approval.round} {approval.kind.value}"
