"""A mail that waits while the files are edited: what it says must be what the files in force say when it leaves (fault G3).

Every mail bears the version of the files that it was written by. Where another is in force, it is composed once more in
thought: the same words may leave as they are; other words are written anew; a step that has no place in the plan any more, or
not yet, gives its place back, so that the planner decides about it as if nothing had been written.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from reminder.domain.messages import MailKind, OutgoingMessage, Span, SpanKind
from reminder.domain.rounds import StepKey
from reminder.errors import HeaderUnsound
from reminder.flows.house import House
from reminder.flows.posting import WRITTEN_BY
from reminder.flows.renaming import current_key
from reminder.flows.renewal import renew
from reminder.store import agenda, outbox
from reminder.store.configurations import load_version
from reminder.store.outbox import Claimed
from reminder.wire.reply_token import TAG_LENGTH

OWN = frozenset({SpanKind.REFERENCE, SpanKind.LINK})
"""What bears the token of the one mail, and so differs between any two."""
FOR_THE_OFFICE = frozenset({MailKind.DIGEST, MailKind.CONTACTS, MailKind.REPORT})


def is_edited(house: House, message: Claimed) -> bool:
    """Whether the files in force say something else than this mail, which has surely not gone yet.

    A worker with other files than those in force judges nothing: the mail may have been written by newer ones than its own.
    """
    written_by = message.details.get(WRITTEN_BY, "")
    if not message.steps or message.kind in FOR_THE_OFFICE or message.ambiguous_resends or written_by in {"", house.setup.version}:
        return False
    with house.store.read() as conn:
        if load_version(conn) not in {"", house.setup.version}:
            return False
        subject, spans = outbox.load_wording(conn, message.id)
    try:
        anew = write_anew(house, message, message.created_at)  # as of then: a day that has passed since is no edit
    except HeaderUnsound:
        return True  # whoever writes it anew says why that cannot be done
    return anew is None or _wording(anew.subject, anew.spans, anew.id) != _wording(subject, spans, message.id)


def write_anew(house: House, message: Claimed, now: datetime) -> OutgoingMessage | None:
    """The mail of the same steps as the files say it now; None where one of them has no place in the plan at this time.

    Raises HeaderUnsound as `renew` does.
    """
    anew = renew(house, person=message.person, recipient=message.envelope.recipient, keys=message.steps, now=now)
    return anew if anew is not None and set(anew.steps) == {current_key(house.setup, key) for key in message.steps} else None


def give_back_steps(conn: Connection, message: Claimed, reason: str, now: datetime) -> None:
    """Cancels the mail and makes its steps open again; the next pass decides about them by the files in force."""
    if not outbox.cancel(conn, message.id, reason, now):
        return
    outbox.reopen_steps(conn, message.id)
    for key in {StepKey.read(key)[0] for key in message.steps}:
        agenda.look_again(conn, key.programme, key.round, key.party, now)


def _wording(subject: str, spans: Iterable[Span], mail_id: str) -> tuple[str, list[tuple[SpanKind, str]]]:
    """What a mail says, without what only tells it from other mails."""
    return subject.replace(mail_id[:TAG_LENGTH].upper(), ""), [(span.kind, span.text) for span in spans if span.kind not in OWN]
