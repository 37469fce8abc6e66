"""Pseudonymous ids for people: history names ids, and only this table knows whose they are (DESIGN, decision 6)."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable
from datetime import datetime
from secrets import token_bytes

from sqlalchemy import Connection, delete, or_, select, update

from reminder.domain.messages import OutboxState
from reminder.store.agenda import in_parts
from reminder.store.dialects import insert_new
from reminder.store.schema import attendance, configuration, invitation, message, message_body, person

_ENDED = tuple(state.value for state in OutboxState if state.is_final)
_UNSENT = (OutboxState.WAITING_APPROVAL.value, OutboxState.QUEUED.value, OutboxState.DEFERRED.value)


def ensure_persons(
    conn: Connection, addresses: Iterable[str], now: datetime, *, entropy: Callable[[int], bytes] = token_bytes
) -> dict[str, str]:
    """The ids of these addresses, by lower-case address; new ones are made. Two processes get the same id for one address."""
    wanted = sorted({address.strip().lower() for address in addresses})
    known = _ids_of(conn, wanted)
    fresh = [address for address in wanted if address not in known]
    insert_new(conn, person, [{"id": _new_id(entropy), "address": address, "created_at": now} for address in fresh])
    return known | _ids_of(conn, fresh)


def load_persons(conn: Connection) -> dict[str, str]:
    """All ids by lower-case address; erased people are not among them."""
    rows = conn.execute(select(person.c.address, person.c.id).where(person.c.address.is_not(None)))
    return {row.address: row.id for row in rows}


def find_persons(conn: Connection, addresses: Iterable[str]) -> dict[str, str]:
    """The ids of these addresses, by lower-case address; those that are not known are left out."""
    wanted = sorted({address.strip().lower() for address in addresses})
    found: dict[str, str] = {}
    for part in in_parts(wanted):
        found |= _ids_of(conn, list(part))
    return found


def find_address(conn: Connection, person_id: str) -> str | None:
    """The address behind an id; None where it is unknown or erased."""
    return conn.execute(select(person.c.address).where(person.c.id == person_id)).scalar()


def find_name(conn: Connection, person_id: str) -> str:
    """What a person was called when a coordinator named them; empty where that is not known, or erased."""
    return conn.execute(select(person.c.name).where(person.c.id == person_id)).scalar() or ""


def name_person(conn: Connection, person_id: str, name: str) -> None:
    """Keeps what a person is called."""
    conn.execute(update(person).where(person.c.id == person_id).values(name=name))


def erase_person(conn: Connection, person_id: str, now: datetime) -> bool:
    """Forgets whose the id is: the mapping goes, mails not yet sent are cancelled, those that have ended lose bytes and address.

    The row stays with the time of erasure, so that a restored backup can be erased again. False for an unknown id.
    Inbound bytes go with the retention time; the words that a calendar's answer held go now.
    """
    erased = update(person).where(person.c.id == person_id).values(address=None, name=None, erased_at=now)
    if conn.execute(erased).rowcount != 1:
        return False
    # The files in force may name the address; they are taken up anew, and by then the admin has taken it out of contacts.yaml.
    conn.execute(delete(configuration))
    cancelled = {"state": OutboxState.CANCELLED.value, "reason": "The recipient was erased.", "finished_at": now}
    conn.execute(update(message).where(message.c.person == person_id, message.c.state.in_(_UNSENT)).values(cancelled))
    ended = select(message.c.id).where(message.c.person == person_id, message.c.state.in_(_ENDED))
    conn.execute(update(message_body).where(message_body.c.message.in_(ended)).values(envelope_recipient="", raw=b""))
    invited = select(invitation.c.uid).where(invitation.c.person == person_id)
    theirs = or_(attendance.c.actor == person_id, attendance.c.uid.in_(invited))
    conn.execute(update(attendance).where(theirs, attendance.c.comment != "").values(comment=""))
    return True


def _ids_of(conn: Connection, addresses: list[str]) -> dict[str, str]:
    if not addresses:
        return {}
    rows = conn.execute(select(person.c.address, person.c.id).where(person.c.address.in_(addresses)))
    return {row.address: row.id for row in rows}


def _new_id(entropy: Callable[[int], bytes]) -> str:
    return "p" + base64.b32encode(entropy(7)).decode().lower()[:10]
