"""What counts against a mail, and what does not: only the mail itself, never the world around it."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from reminder.domain.assessments import TrafficLight
from reminder.domain.messages import MailKind
from reminder.domain.readings import InboundState, Reading, StoredMail
from reminder.edges import reading_process
from reminder.edges.ports import MailReader
from reminder.edges.reading import ReaderHere
from reminder.edges.reading_process import ReadingLimits, ReadingProcess
from reminder.errors import ReadingFailed, TemporaryFailure
from reminder.flows import interpret as interpreting
from reminder.flows.collect import collect
from reminder.flows.desk import list_inbox
from reminder.flows.digest import list_warnings
from reminder.flows.house import House
from reminder.flows.interpret import interpret_pending
from reminder.parse.context import Context
from reminder.parse.gist import Gist
from reminder.service.health import measure_health
from reminder.store import engine, inbox
from reminder.store.engine import Store
from reminder.store.inbox import InboundRow
from reminder.wire.reply_token import Keyring
from tests.flows.town import CULTURE, PRINCIPAL, Town

HEAVY = b"<table>" + b"<tr><td>1.5" * 90_000


def with_reader(town: Town, reader: MailReader) -> None:
    """From now on mails are read by this reader."""
    town.house = replace(town.house, reader=reader)


def rows(town: Town) -> Sequence[InboundRow]:
    """What came in, oldest first."""
    with town.house.store.read() as conn:
        return tuple(reversed(inbox.list_inbound(conn)))


def deliver_heavy(town: Town) -> None:
    """A reply that takes longer than a tenth of a second to read."""
    raw = town.write_reply(town.original(CULTURE), "x").replace(b"text/plain", b"text/html") + HEAVY
    town.source.deliver(raw, when=town.clock.now())


@pytest.mark.fault("P1")
def test_a_mail_that_takes_too_long_is_quarantined_with_the_reason_and_the_next_is_read(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three strikes in the real process, after 1 and 5 minutes more; the mail behind it is read in the first pass (I6)."""
    monkeypatch.setattr(reading_process, "WALL_FACTOR", 600.0)  # a busy machine may take long to give it that little of a processor
    town.ask()
    deliver_heavy(town)
    town.clock.advance(timedelta(seconds=1))
    town.reply(PRINCIPAL, "2.1: keltainen")
    reader = ReadingProcess(ReadingLimits(seconds=0.15))
    with closing(reader):
        with_reader(town, reader)
        town.read()
        after_first = town.inbox_states()
        for minutes in (1, 5):
            town.clock.advance(timedelta(minutes=minutes))
            interpret_pending(town.house)
        with town.house.store.read() as conn:
            (entry,) = list_inbox(conn, reader, [InboundState.QUARANTINED])

    assert after_first == [InboundState.CAPTURED, InboundState.APPLIED]
    assert town.inbox_states() == [InboundState.QUARANTINED, InboundState.APPLIED]
    assert [fact.party for fact in town.facts()] == ["lukion-rehtori"]
    why = "Reading it took more than 0.15 s of processor time."
    assert (rows(town)[0].attempts, rows(town)[0].error) == (3, why)
    assert entry.reason == f"It could not be read in several attempts. {why}"
    assert entry.sender == CULTURE


class Broken(ReaderHere):
    """A reader that cannot even glance at a mail."""

    def glance(self, raw: bytes) -> Gist:
        """Breaks."""
        raise ReadingFailed("Reading it needed more than 512 MB of memory.")


def test_a_list_shows_a_mail_whose_headers_break_the_reader(town: Town) -> None:
    """Without sender and subject, but with its state and reason: nobody loses sight of it."""
    town.ask()
    town.reply(CULTURE, "1.1: vihreä")
    collect(town.house)

    with town.house.store.read() as conn:
        (entry,) = list_inbox(conn, Broken())

    assert (entry.id, entry.sender, entry.subject, entry.state) == (1, "", "", InboundState.CAPTURED)


class Beside(ReaderHere):
    """A reader beside which somebody else begins to write: the database is locked when the reading is to be recorded."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._other: sqlite3.Connection | None = None

    def read(
        self, raw: bytes, keyring: Keyring, programme_tags: Sequence[str], look_up: Callable[[Gist], Context]
    ) -> tuple[Gist, Context, Reading]:
        """Reads, and leaves the database locked."""
        found = super().read(raw, keyring, programme_tags, look_up)
        self._other = sqlite3.connect(self._path, isolation_level=None)
        self._other.execute("BEGIN IMMEDIATE")
        return found

    def unlock(self) -> None:
        """The other has written."""
        if self._other is not None:
            self._other.close()


@pytest.fixture
def beside(town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[Beside]:
    """The town on a database that is waited for a tenth of a second, with one captured reply and a writer beside it."""
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.1)
    path = town.house.store.path
    assert path is not None
    store = Store.open(f"sqlite:///{path}")
    town.ask()
    town.reply(CULTURE, "1.1: vihreä")
    collect(town.house)
    reader = Beside(path)
    town.house = replace(town.house, store=store, reader=reader)
    yield reader
    reader.unlock()
    store.close()


def test_a_busy_database_is_no_strike(town: Town, beside: Beside, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pass ends with the trouble, the attempt is taken back, and the next pass records the answer."""
    take_back = interpreting._take_back

    def take_back_later(house: House, stored: StoredMail) -> None:
        beside.unlock()
        take_back(house, stored)

    monkeypatch.setattr(interpreting, "_take_back", take_back_later)
    for _ in range(4):
        with pytest.raises(TemporaryFailure, match="database"):
            interpret_pending(town.house)
    struck = rows(town)[0].attempts
    with_reader(town, ReaderHere())

    interpret_pending(town.house)

    assert struck == 0
    assert town.inbox_states() == [InboundState.APPLIED]
    assert [fact.light for fact in town.facts()] == [TrafficLight.GREEN]


def test_a_database_that_stays_busy_leaves_the_attempt_counted_and_says_so(town: Town, beside: Beside) -> None:
    """Nothing can be written then; the mail has two attempts left, and is read at the next pass."""
    with capture_logs() as logs, pytest.raises(TemporaryFailure, match="database"):
        interpret_pending(town.house)
    beside.unlock()
    with_reader(town, ReaderHere())

    interpret_pending(town.house)

    assert [line["event"] for line in logs if line["log_level"] == "warning"] == ["an attempt could not be taken back"]
    assert (town.inbox_states(), rows(town)[0].attempts) == ([InboundState.APPLIED], 2)


def test_a_reader_that_cannot_be_started_is_no_strike(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """No memory for another process, or no interpreter: trouble of the moment, told as such."""
    town.ask()
    town.reply(CULTURE, "1.1: vihreä")
    monkeypatch.setattr(sys, "executable", "/nowhere")
    with_reader(town, ReadingProcess())

    for _ in range(4):
        with pytest.raises(TemporaryFailure, match="cannot be started"):
            town.read()

    assert (town.inbox_states(), rows(town)[0].attempts) == ([InboundState.CAPTURED], 0)


def test_a_mail_that_somebody_else_ended_meanwhile_stays_as_it_is(town: Town) -> None:
    """On PostgreSQL several services read; who comes second changes nothing."""

    class Overtaken(ReaderHere):
        """While it reads, another service ends the mail."""

        def read(
            self, raw: bytes, keyring: Keyring, programme_tags: Sequence[str], look_up: Callable[[Gist], Context]
        ) -> tuple[Gist, Context, Reading]:
            with town.house.store.begin() as conn:
                inbox.finish(
                    conn,
                    1,
                    state=InboundState.IGNORED,
                    reason="",
                    parser_version="9",
                    kind="reply",
                    verdict="ignored",
                    document="{}",
                    now=town.clock.now(),
                )
            return super().read(raw, keyring, programme_tags, look_up)

    town.ask()
    town.reply(CULTURE, "1.1: vihreä")
    with_reader(town, Overtaken())

    done = town.read()

    assert done.states == (InboundState.IGNORED,)
    assert town.inbox_states() == [InboundState.IGNORED]
    assert (town.facts(), town.rows(MailKind.ACKNOWLEDGEMENT)) == ((), [])


UNWRITABLE = "määttä@suvikoski.example"
"""An address that our own mails cannot be sent to: it needs SMTPUTF8 (RFC 6531)."""


@pytest.fixture
def silent(town: Town) -> Town:
    """A colleague of the culture manager has answered from an address that no acknowledgement can be written to."""
    town.ask()
    raw = town.write_reply(town.original(CULTURE), "1.1: vihreä").replace(f"From: {CULTURE}".encode(), f"From: {UNWRITABLE}".encode())
    assert UNWRITABLE.encode() in raw
    town.source.deliver(raw, when=town.clock.now())
    town.read()
    return town


def test_an_acknowledgement_that_cannot_be_written_does_not_undo_the_answer(silent: Town) -> None:
    """The fact stands, the mail is applied without a strike, and nothing half written stays in the outbox."""
    assert [(fact.party, fact.light) for fact in silent.facts()] == [("kulttuuripaallikko", TrafficLight.GREEN)]
    assert (silent.inbox_states(), rows(silent)[0].attempts) == ([InboundState.APPLIED], 1)
    assert silent.rows(MailKind.ACKNOWLEDGEMENT) == []


WORDS = {"fi": "kuittausta ei voitu", "sv": "kvitteringen kunde inte", "en": "could not be written"}


def test_people_are_told_whom_nobody_answered(silent: Town) -> None:
    """The coordinator in the digest for a week, by the number of the mail; `health` is red for a day, since a fault in a
    template would concern every answer."""
    with silent.house.store.read() as conn:
        warnings = {language: list_warnings(conn, language, silent.clock.now()) for language in WORDS}
        later = list_warnings(conn, "fi", silent.clock.now() + timedelta(days=8))
    red = measure_health(silent.house).red
    silent.clock.advance(timedelta(hours=25))

    assert all(WORDS[language] in warning and "1)" in warning for language, (warning,) in warnings.items())
    assert later == ()
    assert "the acknowledgement of inbox 1 could not be written" in red
    assert not any("acknowledgement" in line for line in measure_health(silent.house).red)
