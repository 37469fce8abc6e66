"""The engine: durable, one writer, readers that cannot write, one service, a schema that is checked."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Column, Connection, MetaData, Table, text
from sqlalchemy.exc import DBAPIError, StatementError

from reminder.errors import AlreadyRunning, ReminderError, StoreFailure, TemporaryFailure, UsageFailure
from reminder.store import control
from reminder.store.engine import Store
from reminder.store.types import JsonText, SafeText, UtcDateTime
from tests.store.cast import NOW


def test_a_transaction_is_kept_whole_or_not_at_all(store: Store) -> None:
    """An exception in the body rolls everything back and passes through."""
    with pytest.raises(ZeroDivisionError), store.begin() as conn:
        control.set_state(conn, "a", str(1 / _count_then_zero(conn)))
    with store.begin() as conn:
        control.set_state(conn, "b", "2")

    with store.read() as conn:
        assert (control.get_state(conn, "a"), control.get_state(conn, "b")) == (None, "2")


def test_a_reading_transaction_cannot_write(store: Store) -> None:
    """A flow that writes where it said it would read is told so by the database."""
    with pytest.raises((ReminderError, DBAPIError)), store.read() as conn:
        control.set_state(conn, "a", "1")

    with store.read() as conn:
        assert control.get_state(conn, "a") is None


def test_a_reader_sees_one_state_and_does_not_block_the_writer(backend: str, store: Store) -> None:
    """A reader does not block the writer; on SQLite it keeps its snapshot (WAL), on PostgreSQL it sees what is committed."""
    with store.read() as reading:
        before = control.get_state(reading, "a")
        with store.begin() as conn:
            control.set_state(conn, "a", "1")
        again = control.get_state(reading, "a")

    assert (before, again) == (None, None if backend == "sqlite" else "1")


def test_sqlite_runs_as_the_design_decides(tmp_path: Path) -> None:
    """WAL, synchronous=FULL (2), foreign keys, a busy timeout of ten seconds."""
    store = Store.open(f"sqlite:///{tmp_path / 'a.db'}")
    with store.begin() as conn:
        found = [conn.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")]

    assert found == ["wal", 2, 1, 10_000]


def test_two_writers_take_turns(tmp_path: Path) -> None:
    """BEGIN IMMEDIATE: read, then write, from two threads loses no update and raises nothing."""
    store = Store.open(f"sqlite:///{tmp_path / 'a.db'}")
    store.migrate()

    def count() -> None:
        for _ in range(50):
            with store.begin() as conn:
                control.set_state(conn, "n", str(int(control.get_state(conn, "n") or 0) + 1))

    threads = [threading.Thread(target=count) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with store.read() as conn:
        assert control.get_state(conn, "n") == "100"


@pytest.mark.fault("D1")
def test_a_busy_database_is_a_temporary_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fault D1: beyond the busy timeout the caller learns that the same call may succeed later."""
    monkeypatch.setattr("reminder.store.engine.BUSY_SECONDS", 0.05)
    first, second = (Store.open(f"sqlite:///{tmp_path / 'a.db'}") for _ in range(2))
    first.migrate()

    with first.begin(), pytest.raises(TemporaryFailure, match="locked"), second.begin():
        pass


@pytest.mark.fault("D2")
def test_a_full_disk_is_a_temporary_failure_and_leaves_nothing_half(tmp_path: Path) -> None:
    """Fault D2: what does not fit is rolled back whole; the rest stays."""
    store = Store.open(f"sqlite:///{tmp_path / 'a.db'}")
    store.migrate()
    with store.begin() as conn:
        control.set_state(conn, "before", "1")

    with pytest.raises(TemporaryFailure, match="full"), store.begin() as conn:
        _fill(conn)

    with store.read() as conn:
        assert (control.get_state(conn, "before"), control.get_state(conn, "small")) == ("1", None)


@pytest.mark.fault("D8")
def test_a_damaged_file_is_a_store_failure(tmp_path: Path) -> None:
    """Fault D8: what is no database is refused with advice, not read as an empty one."""
    path = tmp_path / "a.db"
    path.write_bytes(b"This was a database once. " * 1000)

    with pytest.raises(StoreFailure) as caught:
        Store.open(f"sqlite:///{path}").check_schema()
    assert caught.value.advice


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://localhost/a", "not a url"])
def test_an_unusable_url_is_refused(url: str) -> None:
    """A database that would vanish, or that nobody tested, is a mistake of the settings."""
    with pytest.raises(UsageFailure) as caught:
        Store.open(url)
    assert caught.value.advice


def test_a_second_service_is_refused_at_once(tmp_path: Path) -> None:
    """Fault G6 on SQLite: another process holds the lock, so this one gives up with exit code 75."""
    store = Store.open(f"sqlite:///{tmp_path / 'a.db'}")
    program = f"""
from reminder.store.engine import Store
from reminder.errors import AlreadyRunning
try:
    with Store.open("sqlite:///{tmp_path / "a.db"}").lock_service():
        print("got it")
except AlreadyRunning as error:
    print(error.exit_code)
"""

    def other() -> str:
        return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=30).stdout.strip()

    with store.lock_service():
        with pytest.raises(AlreadyRunning), Store.open(f"sqlite:///{tmp_path / 'a.db'}").lock_service():
            pass
        held = other()
    assert (held, other()) == ("75", "got it")


def test_instants_come_back_aware_and_in_utc(store: Store) -> None:
    """Another zone in, UTC out; a naive instant is refused; text order is time order."""
    table = Table("instants", MetaData(), Column("at", UtcDateTime))
    helsinki = timezone(timedelta(hours=2))
    moments = [datetime(2026, 2, 5, 9, 0, 0, 1, tzinfo=helsinki), NOW, NOW + timedelta(days=4000)]
    with store.begin() as conn:
        table.create(conn)
        conn.execute(table.insert(), [{"at": moment} for moment in moments])
        found = list(conn.execute(table.select().order_by(table.c.at)).scalars())
        with pytest.raises((StatementError, ReminderError), match="time zone"):
            conn.execute(table.insert().values(at=NOW.replace(tzinfo=None)))

    assert found == sorted(moments)
    assert all(moment.tzinfo is not None and moment.utcoffset() == timedelta(0) for moment in found)


def test_hostile_text_can_be_stored(store: Store) -> None:
    """NUL and lone surrogates come in mails; a row must not fail on them."""
    table = Table("texts", MetaData(), Column("plain", SafeText), Column("document", JsonText))
    with store.begin() as conn:
        table.create(conn)
        conn.execute(table.insert().values(plain="a\0b\udcffc", document={"ä": ["\0", "\ud800"]}))
        row = conn.execute(table.select()).one()

    assert (row.plain, row.document) == ("a\ufffdb?c", {"ä": ["\0", "?"]})


def _count_then_zero(conn: Connection) -> int:
    control.set_state(conn, "a", "1")
    return 0


def _fill(conn: Connection) -> None:
    # SQLite takes the present size where that is larger than the limit.
    conn.execute(text("PRAGMA max_page_count=1"))
    control.set_state(conn, "small", "1")
    control.set_state(conn, "large", "x" * 1_000_000)
