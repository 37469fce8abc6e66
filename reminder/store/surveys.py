"""What surveys have brought in, and how an anonymous reply goes out of the database again (decision 0038).

The answers of an anonymous survey stand in one row a survey, those who have answered in another. Both are written anew with every
reply, in an order that is that of the letters: neither the order of the rows, nor their numbers, nor (on PostgreSQL) the
transaction that wrote them ties an answer to a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from secrets import token_hex
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, literal_column, or_, select, update

from reminder.domain.messages import MailKind
from reminder.domain.readings import InboundState
from reminder.domain.surveys import Survey, SurveyAnswers, Tally
from reminder.store import control
from reminder.store.dialects import insert_new, upsert
from reminder.store.retention import OURS_ENDED
from reminder.store.schema import inbound, inbound_body, message, message_body, shredding, survey_answer, survey_roll, survey_tally

WAL_HOLDS = "survey_wal"
"""Key of the service's memory: the write-ahead log may still hold what was destroyed."""
ANONYMOUS = "anonymous"
"""Key in the details of an answer to an anonymous reply: its text is destroyed when it has gone."""
COUNTED = "An answer to an anonymous survey. It was destroyed."


@dataclass(frozen=True, slots=True, kw_only=True)
class Doomed:
    """A mail that is still to be deleted on the server."""

    inbound: int
    folder: str
    uidvalidity: int
    uid: str


def load_tally(conn: Connection, programme: str, round_id: str) -> Tally:
    """How an anonymous survey was answered; nothing where nobody has."""
    row = conn.execute(select(survey_tally.c.document).where(*_of(survey_tally, programme, round_id))).scalar()
    if row is None:
        return Tally()
    texts = {question: tuple(said) for question, said in row["texts"].items()}
    return Tally(answered=row["answered"], counts=row["counts"], texts=texts)


def load_answered(conn: Connection, programme: str, round_id: str) -> frozenset[str]:
    """Who has answered a survey, by pseudonym."""
    roll = conn.execute(select(survey_roll.c.persons).where(*_of(survey_roll, programme, round_id))).scalar() or ()
    named = conn.execute(select(survey_answer.c.person).where(*_of(survey_answer, programme, round_id))).scalars()
    return frozenset((*roll, *named))


def count_anonymous(conn: Connection, programme: str, round_id: str, survey: Survey, person: str, answers: SurveyAnswers) -> bool:
    """Adds a reply to the tally, and the person to those who have answered. False, and nothing is written, where they have already.

    The caller holds the right to count, one at a time.
    """
    answered = load_answered(conn, programme, round_id)
    if person in answered:
        return False
    tally = load_tally(conn, programme, round_id).add(survey, answers)
    document = {"answered": tally.answered, "counts": tally.counts, "texts": {key: list(said) for key, said in tally.texts.items()}}
    upsert(conn, survey_tally, {"programme": programme, "round": round_id, "document": document})
    upsert(conn, survey_roll, {"programme": programme, "round": round_id, "persons": sorted({*answered, person})})
    return True


def record_named(
    conn: Connection, programme: str, round_id: str, person: str, answers: SurveyAnswers, *, inbound_id: int, received_at: datetime
) -> None:
    """Keeps what a person says to a survey that is not anonymous; a mail says it once, however often it is read."""
    row = {"programme": programme, "round": round_id, "person": person, "answers": dict(answers), "received_at": received_at}
    conn.execute(delete(survey_answer).where(survey_answer.c.inbound == inbound_id))
    conn.execute(survey_answer.insert().values(inbound=inbound_id, **row))


def load_named(conn: Connection, programme: str, round_id: str) -> Mapping[str, Mapping[str, str]]:
    """What counts of a survey that is not anonymous: of each person and question what they said last."""
    query = select(survey_answer).where(*_of(survey_answer, programme, round_id))
    said: dict[str, dict[str, str]] = {}
    for row in conn.execute(query.order_by(survey_answer.c.received_at, survey_answer.c.id)):
        said.setdefault(row.person, {}).update(row.answers)
    return said


def destroy_inbound(conn: Connection, inbound_id: int, state: InboundState, now: datetime) -> None:
    """Takes everything out of the row of a mail, and of its copies, but where they lie on the server, and remembers to delete them there.

    The hash goes too, since who has the sender's own copy could prove with it that it is the same mail. Times are cut to the day.
    """
    rows = conn.execute(select(inbound.c.id).where(or_(inbound.c.id == inbound_id, inbound.c.duplicate_of == inbound_id))).scalars().all()
    today = datetime.combine(now.date(), time(), now.tzinfo)
    for row_id in rows:
        conn.execute(delete(inbound_body).where(inbound_body.c.inbound == row_id))
        conn.execute(update(inbound).where(inbound.c.id == row_id).values(_emptied(state, today)))
        insert_new(conn, shredding, [{"inbound": row_id}])
    control.set_state(conn, WAL_HOLDS, "yes")


def _emptied(state: InboundState, today: datetime) -> dict[str, Any]:
    times = dict.fromkeys(("internal_date", "captured_at", "next_attempt_at", "finished_at", "read_at"), today)
    return {
        **times,
        "state": state.value,
        "reason": COUNTED,
        "error": "",
        "sender": "",
        "marks": [],
        "size": 0,
        "content_hash": token_hex(32),
        "duplicate_of": None,
        "is_moved": True,  # nothing more is to be done with it but to delete it
    }


def list_doomed(conn: Connection, *, instance: str, account: str) -> tuple[Doomed, ...]:
    """The mails of a mailbox that are still to be deleted on the server."""
    marked = conn.execute(select(shredding.c.inbound)).scalars().all()
    if not marked:
        return ()
    query = select(inbound).where(inbound.c.id.in_(marked), inbound.c.instance == instance, inbound.c.account == account)
    rows = conn.execute(query.order_by(inbound.c.id))
    return tuple(Doomed(inbound=row.id, folder=row.folder, uidvalidity=row.uidvalidity, uid=row.uid) for row in rows)


def count_doomed(conn: Connection) -> int:
    """How many mails of all mailboxes are still to be deleted on a server."""
    return len(conn.execute(select(shredding.c.inbound)).all())


def forget_inbound(conn: Connection, ids: Iterable[int]) -> None:
    """Deletes the rows of mails that are gone from the server."""
    for row_id in ids:
        conn.execute(delete(shredding).where(shredding.c.inbound == row_id))
        conn.execute(delete(inbound).where(inbound.c.id == row_id))


def list_receipts(conn: Connection) -> tuple[str, ...]:
    """The answers to anonymous replies whose sending has ended and whose text is still there."""
    kind: ColumnElement[str] = literal_column(f"'{MailKind.SURVEY_RECEIPT.value}'")  # a parameter would keep SQLite from the index of these
    ended = (message.c.kind == kind, message.c.state.in_(OURS_ENDED), message_body.c.raw != b"")
    query = select(message.c.id, message.c.details).join(message_body).where(*ended)
    return tuple(row.id for row in conn.execute(query) if ANONYMOUS in row.details)


def clear_receipts(conn: Connection) -> int:
    """Destroys their text; returns of how many."""
    ids = list_receipts(conn)
    for mail_id in ids:
        empty = {"raw": b"", "envelope_recipient": "", "spans": []}
        conn.execute(update(message_body).where(message_body.c.message == mail_id).values(empty))
    return len(ids)


def _of(table: Any, programme: str, round_id: str) -> tuple[Any, ...]:
    return (table.c.programme == programme, table.c.round == round_id)
