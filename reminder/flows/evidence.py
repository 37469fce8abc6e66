"""Evidence that a mail has gone out, for those of which nobody knew: it settles them, and history says what it was."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from reminder.domain.readings import SignKind
from reminder.store import events, outbox

EVIDENCE: Mapping[SignKind, str] = {
    SignKind.COPY: "our own copy came back",
    SignKind.RELAYED: "a delivery report: handed on",
    SignKind.DELAYED: "a delivery report: under way",
    SignKind.RETURNED: "a delivery report: could not be delivered",
    SignKind.DELIVERED: "a delivery report: delivered",
    SignKind.AUTOMATIC: "an automatic reply",
    SignKind.REPLY: "a reply",
}
SETTLED = "mail_settled"
"""The kind of the line of history."""


def settle_by_evidence(conn: Connection, mail_id: str, evidence: str, now: datetime, *, because: str = "") -> bool:
    """The mail went out, whatever was thought of it: accepted, and not sent again. False where its fate was known."""
    if not outbox.settle_unknown_by_evidence(conn, mail_id, evidence, now):
        return False
    document = {"message": mail_id, "evidence": evidence, **({"because": because} if because else {})}
    events.append_event(conn, SETTLED, now, document=document)
    return True
