"""Our own mails, read back from their text: for `explain --sent`, where there is no database (decision 0005).

The signed reference line must hold, else the file is none of ours. The stored spans remain the truth for the service.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from reminder.domain.messages import Item, MailKind, SentMessage
from reminder.domain.programme import Action, Programme
from reminder.domain.setup import Setup
from reminder.parse.message import Mail, read_mail
from reminder.parse.sent_spans import find_spans
from reminder.wire.reply_token import Keyring, find_tokens

_HEAD = re.compile(r"\[(?P<number>[^\]\s]{1,20})\] (?P<title>.{1,300})")


def read_sent(raw: bytes, setup: Setup, keyring: Keyring) -> SentMessage | None:
    """What reading a reply needs to know of one of our mails, or None where it is none of ours."""
    mail = read_mail(raw)
    text = "\n".join(part.text for part in mail.texts)
    tokens = find_tokens(keyring, mail.message_id) or find_tokens(keyring, text)
    programme, round_id = _find_round(mail, setup)
    if not tokens or programme is None:
        return None
    recipient = mail.recipients[0] if mail.recipients else ""
    kind = _find_kind(mail)
    # A preview shows the forms of other mails, and asks for none of it.
    items = () if kind.takes_a_decision or kind.takes_orders else tuple(_items(text, programme, round_id, _parties_of(setup, recipient)))
    return SentMessage(
        id=tokens[0].message,
        kind=kind,
        language=mail.headers.text("content-language").strip() or "fi",
        person=recipient.lower(),
        recipient=recipient,
        message_id=f"<{mail.message_id}>" if mail.message_id else "",
        subject=mail.subject,
        created_at=mail.date or datetime(2000, 1, 1, tzinfo=UTC),
        spans=tuple(find_spans(text, mail.html, items)),
        items=items,
    )


def _find_round(mail: Mail, setup: Setup) -> tuple[Programme | None, str]:
    programme, _, round_id = mail.headers.text("x-reminder-round").strip().partition("/")
    return setup.programmes.get(programme), round_id


def _find_kind(mail: Mail) -> MailKind:
    named = mail.headers.text("x-reminder-kind").strip()
    return MailKind(named) if named in set(MailKind) else MailKind.REQUEST


def _parties_of(setup: Setup, address: str) -> frozenset[str]:
    return frozenset(
        party
        for party, entry in setup.directory.parties.items()
        if any(contact.address.lower() == address.lower() for contact in (*entry.contacts, *entry.deputies))
    )


def _items(text: str, programme: Programme, round_id: str, parties: frozenset[str]) -> Iterator[Item]:
    seen: set[str] = set()
    for line in text.splitlines():
        found = _HEAD.fullmatch(line.strip())
        if found is None or found["number"] in seen:
            continue
        number = found["number"]
        plain = number.removeprefix(f"{programme.tag}-")
        action = next((one for one in programme.actions if one.number == plain and one.title.startswith(found["title"][:20])), None)
        if action is not None:
            seen.add(number)
            party = _party_for(action, parties)
            yield Item(
                programme=programme.id,
                round=round_id,
                party=party,
                action=action.id,
                number=number,
                title=found["title"],
                is_contribution=party != action.lead,
            )


def _party_for(action: Action, parties: frozenset[str]) -> str:
    """The lead where the recipient stands for it, else the contributor that was asked."""
    if action.lead in parties or not parties:
        return action.lead
    return next((party for party in action.contributors if party in parties), action.lead)
