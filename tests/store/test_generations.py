"""A mail that was read again: what it said before stays in the history, what it says now counts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import column, table
from sqlalchemy.exc import IntegrityError

from reminder.domain.assessments import Assessment, TrafficLight, latest
from reminder.domain.messages import MailKind
from reminder.domain.readings import InboundState, ReadingCause
from reminder.store import inbox, outbox, reports
from reminder.store.engine import Store
from reminder.store.types import UtcDateTime
from tests.store.cast import INSTANCE, NOW, assessment, incoming, outgoing

BEFORE_INBOUND = table(
    "inbound",
    *(column(name) for name in ("id", "instance", "account", "folder", "uidvalidity", "uid", "content_hash", "size", "state", "reason")),
    *(column(name) for name in ("attempts", "error", "is_moved", "marks")),
    *(column(name, UtcDateTime()) for name in ("internal_date", "captured_at", "next_attempt_at")),
)
BEFORE_READING = table(
    "reading", *(column(name) for name in ("inbound", "parser_version", "kind", "verdict", "document")), column("made_at", UtcDateTime())
)
"""The columns of the first schema that this is about."""
MAIL: dict[str, Any] = {
    "id": 1,
    "instance": "i",
    "account": "a",
    "folder": "f",
    "uidvalidity": 1,
    "uid": "7",
    "content_hash": "h",
    "size": 1,
    "state": "applied",
    "reason": "",
    "attempts": 0,
    "error": "",
    "is_moved": False,
    "marks": "[]",
    **dict.fromkeys(("internal_date", "captured_at", "next_attempt_at"), NOW),
}
READ: dict[str, Any] = {"reason": "", "parser_version": "1", "kind": "reply", "verdict": "applied", "document": "{}", "now": NOW}


def read_once(store: Store, *mails: Any) -> tuple[int, ...]:
    """Captured, read by parser 1, and green."""
    with store.begin() as conn:
        ids = inbox.capture(conn, mails or [incoming()], instance=INSTANCE, now=NOW)
        for one in ids:
            reports.record_assessments(conn, [assessment(inbound_id=one)], source=f"inbound:{one}", now=NOW)
            inbox.finish(conn, one, state=InboundState.APPLIED, **READ)
    return ids


def supersede(store: Store, mail: int, cause: ReadingCause, facts: list[Assessment], *, version: str = "2") -> None:
    """A later reading with these facts."""
    with store.begin() as conn:
        generation = inbox.load_readings(conn, mail)[0].generation + 1
        assert inbox.lock_reading(conn, mail, generation - 1)
        how = {**READ, "parser_version": version}
        inbox.supersede(conn, mail, generation=generation, cause=cause, because="why", state=InboundState.APPLIED, **how)
        reports.record_assessments(conn, facts, source=f"inbound:{mail}", now=NOW, generation=generation)


def test_the_facts_of_a_later_reading_take_the_place_of_the_earlier_ones(store: Store) -> None:
    """In force are those of the newest reading; the history has both, and `latest` passes the superseded ones over."""
    (mail,) = read_once(store)
    supersede(store, mail, ReadingCause.REPLAY, [assessment(TrafficLight.RED, inbound_id=mail)])

    with store.read() as conn:
        history = reports.load_assessments(conn, with_superseded=True)
        assert [fact.light for fact in reports.load_assessments(conn)] == [TrafficLight.RED]
        assert [fact.light for fact in reports.load_assessments(conn, inbound_id=mail)] == [TrafficLight.RED]
    assert [(fact.light, fact.is_superseded) for fact in history] == [(TrafficLight.GREEN, True), (TrafficLight.RED, False)]
    assert [fact.light for fact in latest(history).values()] == [TrafficLight.RED]


def test_a_later_reading_without_facts_withdraws_them(store: Store) -> None:
    """Rejected by a person: nothing of the mail is in force, and the facts are not gone."""
    (mail,) = read_once(store)
    supersede(store, mail, ReadingCause.REJECT, [])

    with store.read() as conn:
        assert reports.load_assessments(conn) == ()
        assert len(reports.load_assessments(conn, with_superseded=True)) == 1
        assert [(one.generation, one.cause, one.because) for one in inbox.load_readings(conn, mail)] == [
            (1, ReadingCause.REJECT, "why"),
            (0, ReadingCause.READ, ""),
        ]


def test_one_of_two_that_read_a_mail_again_at_once_is_told(store: Store) -> None:
    """The second finds that the reading which it compared with is no longer the newest, and a race past that breaks a key."""
    (mail,) = read_once(store)
    supersede(store, mail, ReadingCause.REPLAY, [])

    with store.begin() as conn:
        assert not inbox.lock_reading(conn, mail, 0)
    with pytest.raises(IntegrityError), store.begin() as conn:
        inbox.supersede(conn, mail, generation=1, cause=ReadingCause.REPLAY, because="", state=InboundState.APPLIED, **READ)


def test_what_an_older_parser_read_is_found_until_it_is_read_again(store: Store) -> None:
    """Confirmed or superseded, a mail is no longer of the older parser; what a person decided never is."""
    confirmed, reread, decided, left = read_once(store, *(incoming(uid=str(number), text=f"{number}: vihreä") for number in range(4)))
    with store.begin() as conn:
        assert inbox.find_rereadable(conn, older_than="2") == (confirmed, reread, decided, left)
        inbox.confirm(conn, confirmed, generation=0, parser_version="2", document="{}")
    supersede(store, reread, ReadingCause.REPLAY, [])
    supersede(store, decided, ReadingCause.DISCARD, [], version="1")

    with store.read() as conn:
        assert inbox.find_rereadable(conn, older_than="2") == (left,)
        assert inbox.find_rereadable(conn) == (confirmed, reread, decided, left)
        assert inbox.find_rereadable(conn, since=NOW) == ()


def test_each_reading_of_a_mail_may_be_answered_once(store: Store) -> None:
    """The first reading was acknowledged; the second may be, once (invariant I2)."""
    (mail,) = read_once(store)
    with store.begin() as conn:
        written = [
            outbox.enqueue(conn, outgoing(f"answer{number}", kind=MailKind.ACKNOWLEDGEMENT, in_reply_to=mail, generation=generation), NOW)
            for number, generation in enumerate((0, 0, 1, 1))
        ]

    assert written == [True, False, True, False]


def test_readings_of_before_are_numbered_in_their_order(empty_url: str) -> None:
    """A database of the first schema keeps its readings, its facts in force, and its one answer a mail."""
    store = Store.open(empty_url)
    store.migrate("0001")
    with store.begin() as conn:
        conn.execute(BEFORE_INBOUND.insert().values(MAIL))
        for day in (1, 2):
            made = {"inbound": 1, "parser_version": str(day), "made_at": NOW + timedelta(days=day)}
            conn.execute(BEFORE_READING.insert().values(made | {"kind": "reply", "verdict": "applied", "document": "{}"}))
    store.migrate()

    with store.read() as conn:
        assert [(one.generation, one.parser_version, one.cause) for one in inbox.load_readings(conn, 1)] == [
            (1, "2", ReadingCause.READ),
            (0, "1", ReadingCause.READ),
        ]
    store.close()
