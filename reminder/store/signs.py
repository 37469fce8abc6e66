"""Signs: what the mails that came in prove of the mails that we sent. Facts, never taken back; what state a mail is in says its row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from reminder.domain.readings import SignKind
from reminder.store.dialects import insert_new
from reminder.store.schema import message, sign

_OF_LIFE = tuple(kind.value for kind in SignKind if kind.is_of_life)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """What one mail proves of one of ours. `message` is our id of it; `at` is when the sign arrived."""

    message: str
    inbound: int
    kind: SignKind
    at: datetime


def record_sign(conn: Connection, fact: Sign) -> bool:
    """Adds a sign; False where this mail has given it before."""
    return bool(insert_new(conn, sign, [{"message": fact.message, "inbound": fact.inbound, "kind": fact.kind.value, "at": fact.at}]))


def load_signs(conn: Connection, mail_id: str) -> tuple[Sign, ...]:
    """The signs of one mail, oldest first."""
    rows = conn.execute(select(sign).where(sign.c.message == mail_id).order_by(sign.c.at, sign.c.id))
    return tuple(Sign(message=row.message, inbound=row.inbound, kind=SignKind(row.kind), at=row.at) for row in rows)


def find_alive(conn: Connection) -> frozenset[str]:
    """The people, by pseudonymous id, whose mailbox has shown itself to be alive by a sign of any mail of ours to them."""
    query = select(message.c.person).join(sign, sign.c.message == message.c.id).where(sign.c.kind.in_(_OF_LIFE)).distinct()
    return frozenset(conn.execute(query).scalars())
