"""What surveys keep: one sum whatever the order, who has answered beside it, and nothing of the mails, not in free pages either."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from reminder.domain.programme import Localised
from reminder.domain.readings import InboundMail, InboundState
from reminder.domain.surveys import Question, Scale, Survey, Tally
from reminder.store import inbox, surveys
from reminder.store.engine import Store

NOW = datetime(2025, 3, 4, 9, 17, 31, tzinfo=UTC)
SURVEY = Survey(
    questions=(
        Question(id="luku", text=Localised.everywhere("?"), scale=Scale.FIVE),
        Question(id="sana", text=Localised.everywhere("?"), scale=Scale.TEXT),
    ),
    is_anonymous=True,
)
REPLIES = {f"p{number}": {"luku": str(1 + number % 5), "sana": f"sana {number * 7 % 11}"} for number in range(8)}


def count(store: Store, person: str, answers: dict[str, str]) -> bool:
    """One reply in a transaction of its own."""
    with store.begin() as conn:
        return surveys.count_anonymous(conn, "elinvoima", "kysely", SURVEY, person, answers)


def stored(store: Store) -> list[tuple[object, ...]]:
    """Both rows as they stand in the database."""
    with store.read() as conn:
        return [tuple(row) for table in ("survey_tally", "survey_roll") for row in conn.execute(text(f"SELECT * FROM {table}"))]


@pytest.mark.parametrize("seed", range(3))
def test_the_same_bytes_in_whatever_order(store: Store, seed: int) -> None:
    """As if they had come by the alphabet."""
    persons = random.Random(seed).sample(sorted(REPLIES), len(REPLIES))
    for person in persons:
        assert count(store, person, REPLIES[person])
    (tally, roll) = stored(store)
    assert tally[2] == (
        '{"answered":8,"counts":{"luku":{"1":2,"2":2,"3":2,"4":1,"5":1}},'
        '"texts":{"sana":["sana 0","sana 10","sana 2","sana 3","sana 5","sana 6","sana 7","sana 9"]}}'
    )
    assert roll[2] == '["p0","p1","p2","p3","p4","p5","p6","p7"]'
    with store.read() as conn:
        assert surveys.load_tally(conn, "elinvoima", "kysely") == sum_of(REPLIES)


def sum_of(replies: dict[str, dict[str, str]]) -> Tally:
    """The tally of these replies."""
    tally = Tally()
    for answers in replies.values():
        tally = tally.add(SURVEY, answers)
    return tally


def test_nobody_is_counted_twice(store: Store) -> None:
    """The second reply of a person writes nothing."""
    assert count(store, "p1", {"luku": "4"})
    before = stored(store)
    assert not count(store, "p1", {"luku": "1"})
    assert stored(store) == before


@pytest.mark.parametrize("backend", [pytest.param("postgresql", marks=pytest.mark.real)], indirect=True)
def test_the_transaction_of_a_row_ties_it_to_nobody(store: Store) -> None:
    """On PostgreSQL each row names the transaction that wrote it: that of the last reply, in both tables."""
    for person, answers in REPLIES.items():
        count(store, person, answers)
    with store.read() as conn:
        found = {str(conn.execute(text(f"SELECT xmin FROM {table}")).scalar_one()) for table in ("survey_tally", "survey_roll")}
    assert len(found) == 1


def mail(number: int, size: int) -> InboundMail:
    """A reply with a word of its own."""
    raw = f"Subject: otsikko{number}lintu\r\n\r\n1: 4\r\n2: kanaria{number}lintu\r\n".encode() + b"x" * size
    return InboundMail(account="a", folder="INBOX", uidvalidity=1, uid=str(number), raw=raw, internal_date=NOW, size=len(raw))


def test_an_emptied_row_holds_but_its_place_on_the_server(store: Store) -> None:
    """And copies of it too; when the mail is deleted there the row goes."""
    with store.begin() as conn:
        (first,) = inbox.capture(conn, [mail(1, 10)], instance="i", now=NOW)
        (second,) = inbox.capture(conn, [replace(mail(1, 10), uid="2")], instance="i", now=NOW)
        inbox.begin_attempt(conn, first, NOW, sender="pseudonym")
        surveys.destroy_inbound(conn, first, InboundState.APPLIED, NOW)
    with store.read() as conn:
        rows = conn.execute(text("SELECT size, sender, marks, state, duplicate_of, captured_at FROM inbound ORDER BY id")).all()
        assert [tuple(row)[:5] for row in rows] == [(0, "", "[]", "applied", None)] * 2
        assert all(str(row.captured_at)[11:19] == "00:00:00" for row in rows)
        assert conn.execute(text("SELECT count(*) FROM inbound_body")).scalar() == 0
        doomed = surveys.list_doomed(conn, instance="i", account="a")
        assert [(one.inbound, one.uid) for one in doomed] == [(first, "1"), (second, "2")]
    with store.begin() as conn:
        surveys.forget_inbound(conn, [one.inbound for one in doomed])
        assert conn.execute(text("SELECT count(*) FROM inbound")).scalar() == 0


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_no_byte_of_a_reply_is_left_in_the_file_or_the_log(store: Store) -> None:
    """Eighty mails of all sizes come and go among others, in a random order; what splits and joins pages leaves no old copy behind."""
    chance = random.Random(7)
    assert store.path is not None
    waiting: list[int] = []
    for number in range(80):
        with store.begin() as conn:
            waiting += inbox.capture(conn, [mail(number, chance.choice((0, 50, 700, 3_000, 9_000)))], instance="i", now=NOW)
        if len(waiting) > 6:
            _destroy(store, waiting.pop(chance.randrange(len(waiting))))
    while waiting:
        _destroy(store, waiting.pop())
    assert store.truncate_log()
    log = Path(f"{store.path}-wal")
    assert not log.exists() or not log.read_bytes()
    left = store.path.read_bytes()
    assert [number for number in range(80) if f"kanaria{number}lintu".encode() in left or f"otsikko{number}lintu".encode() in left] == []


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_no_earlier_sum_is_left(store: Store) -> None:
    """Forty long texts come one by one; each stands once in the file, in the newest sum, and the sums before it nowhere."""
    for number in range(40):
        count(store, f"p{number}", {"sana": f"kanaria{number}lintu " + "ä" * (number * 37 % 400)})
    assert store.path is not None
    assert store.truncate_log()
    left = store.path.read_bytes()
    assert {left.count(f"kanaria{number}lintu".encode()) for number in range(40)} == {1}


def _destroy(store: Store, number: int) -> None:
    with store.begin() as conn:
        surveys.destroy_inbound(conn, number, InboundState.APPLIED, NOW)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_reader_in_the_way_is_waited_for(store: Store) -> None:
    """The log is not emptied under a reader, which is told; later it is."""
    with store.read() as reading:
        reading.execute(text("SELECT count(*) FROM inbound")).scalar()
        count(store, "p1", {"luku": "4"})
        assert not store.truncate_log()
    assert store.truncate_log()
