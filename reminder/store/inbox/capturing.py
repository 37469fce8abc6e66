"""Capture: bytes with their identity into the raw message store, and what is done on the server afterwards."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, exists, select, update

from reminder.domain.readings import InboundMail, InboundState
from reminder.store.agenda import in_parts
from reminder.store.content import content_hash
from reminder.store.dialects import insert_new
from reminder.store.schema import inbound, inbound_body


def capture(conn: Connection, mails: Sequence[InboundMail], *, instance: str, now: datetime) -> tuple[int, ...]:
    """Stores mails and gives back the ids of the new rows, duplicates included.

    A known identity is left alone. Known content under a new identity becomes a row in state `duplicate` that points to
    the original and has no bytes of its own. Interrupted, nothing is stored, and the mails are fetched again.
    """
    ids = (_capture_one(conn, mail, instance, now) for mail in mails)
    return tuple(row_id for row_id in ids if row_id is not None)


def known_uids(
    conn: Connection, *, instance: str, account: str, folder: str, uidvalidity: int, uids: Collection[str] | None = None
) -> frozenset[str]:
    """Which identities of a folder are stored already; of these `uids` where given, at the cost of these."""
    query = select(inbound.c.uid).where(_in_folder(instance, account, folder, uidvalidity))
    parts = [query] if uids is None else [query.where(inbound.c.uid.in_(part)) for part in in_parts(sorted(uids))]
    return frozenset(uid for part in parts for uid in conn.execute(part).scalars())


def unmoved(conn: Connection, *, instance: str, account: str, folder: str, uidvalidity: int, limit: int) -> tuple[tuple[int, str], ...]:
    """Mails that are done with but still lie in the folder, oldest first, as (id, uid). A copy is done with when its original is: until
    then nobody knows whether it is to be deleted (decision 0038)."""
    original = inbound.alias()
    waits = exists().where(original.c.id == inbound.c.duplicate_of, original.c.state == InboundState.CAPTURED.value)
    is_done = (inbound.c.state != InboundState.CAPTURED.value) & inbound.c.is_moved.is_(False) & ~waits
    query = select(inbound.c.id, inbound.c.uid).where(_in_folder(instance, account, folder, uidvalidity), is_done)
    return tuple((row.id, row.uid) for row in conn.execute(query.order_by(inbound.c.id).limit(limit)))


def mark_moved(conn: Connection, ids: Sequence[int], now: datetime) -> None:
    """Notes that these mails were moved on the server, or are gone from it."""
    if ids:
        conn.execute(update(inbound).where(inbound.c.id.in_(ids)).values(is_moved=True, moved_at=now))


def mark_unread(conn: Connection, mark: str) -> None:
    """Adds a mark to the mails that were captured and have not been read yet."""
    unread = select(inbound.c.id, inbound.c.marks).where(inbound.c.state == InboundState.CAPTURED.value)
    for row_id, marks in conn.execute(unread).all():
        conn.execute(update(inbound).where(inbound.c.id == row_id).values(marks=[*marks, mark]))


def _capture_one(conn: Connection, mail: InboundMail, instance: str, now: datetime) -> int | None:
    row = _row(mail, instance, now)
    if new := insert_new(conn, inbound, [row]):
        original: int = new[0].id
        conn.execute(inbound_body.insert().values(inbound=original, raw=mail.raw))
        return original
    same = (inbound.c.instance == instance) & (inbound.c.content_hash == row["content_hash"]) & inbound.c.duplicate_of.is_(None)
    original_id = conn.execute(select(inbound.c.id).where(same)).scalar()
    if original_id is None:  # the identity is known, with other content: what a server once gave out stays as it was
        return None
    row |= {"state": InboundState.DUPLICATE.value, "duplicate_of": original_id, "finished_at": now}
    row["reason"] = f"The same mail as number {original_id}."
    duplicate = insert_new(conn, inbound, [row])
    return duplicate[0].id if duplicate else None


def _row(mail: InboundMail, instance: str, now: datetime) -> dict[str, Any]:
    return {
        "instance": instance,
        "account": mail.account,
        "folder": mail.folder,
        "uidvalidity": mail.uidvalidity,
        "uid": mail.uid,
        "content_hash": content_hash(mail.raw),
        "size": mail.size,
        "internal_date": mail.internal_date,
        "captured_at": now,
        "state": InboundState.CAPTURED.value,
        "next_attempt_at": now,
        "marks": list(mail.marks),
    }


def _in_folder(instance: str, account: str, folder: str, uidvalidity: int) -> ColumnElement[bool]:
    is_account = (inbound.c.instance == instance) & (inbound.c.account == account)
    return is_account & (inbound.c.folder == folder) & (inbound.c.uidvalidity == uidvalidity)
