"""A copy is whole, checked and private, holds up nobody, and takes the place of nothing by accident."""

from __future__ import annotations

import sqlite3
import stat
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from reminder.errors import StoreFailure, UsageFailure
from reminder.store import backup, control, restoring
from reminder.store.engine import Store

NOW = datetime(2025, 3, 3, 8, 0, tzinfo=UTC)


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Store]:
    """A database of some megabytes."""
    store = Store.open(f"sqlite:///{tmp_path / 'live' / 'reminder.db'}")
    store.migrate()
    with store.begin() as conn:
        conn.execute(text("CREATE TABLE ballast (id INTEGER PRIMARY KEY, value TEXT)"))
        conn.execute(text("CREATE TABLE pair (name TEXT PRIMARY KEY, value INTEGER)"))
        conn.execute(text("INSERT INTO pair VALUES ('a', 0), ('b', 0)"))
        conn.execute(text("INSERT INTO ballast (value) VALUES (:value)"), [{"value": "x" * 900} for _ in range(12_000)])
    yield store
    store.close()


def test_a_copy_is_one_moment_and_writers_are_not_held_up(live: Store, tmp_path: Path) -> None:
    """A transaction that commits between two steps is not in the copy, in no part, and was not kept waiting."""
    commits = 0

    def write(done: int, total: int) -> None:
        nonlocal commits
        with live.begin() as conn:
            conn.execute(text("UPDATE pair SET value = value + 1"))
        commits += 1

    backup.back_up(live, tmp_path / "copy.db", NOW, on_progress=write)

    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        assert copy.execute("SELECT value FROM pair").fetchall() == [(0,), (0,)]
        assert copy.execute("SELECT count(*) FROM ballast").fetchone() == (12_000,)
    assert commits > 2
    with live.read() as conn:
        assert conn.execute(text("SELECT value FROM pair")).scalars().all() == [commits, commits]


def test_writers_in_another_thread_never_see_a_busy_database(live: Store, tmp_path: Path) -> None:
    """Whoever writes while copies are made goes on writing; every copy holds both halves of a transaction or neither."""
    stop, failures = threading.Event(), list[Exception]()

    def write() -> None:
        while not stop.is_set():
            try:
                with live.begin() as conn:
                    conn.execute(text("UPDATE pair SET value = value + 1 WHERE name = 'a'"))
                    conn.execute(text("UPDATE pair SET value = value + 1 WHERE name = 'b'"))
            except StoreFailure as error:
                failures.append(error)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for number in range(5):
            backup.back_up(live, tmp_path / f"{number}.db", NOW)
    finally:
        stop.set()
        thread.join()

    for number in range(5):
        with closing(sqlite3.connect(tmp_path / f"{number}.db")) as copy:
            (first,), (second,) = copy.execute("SELECT value FROM pair").fetchall()
            assert first == second
    assert failures == []


def test_a_copy_is_private_one_file_and_knows_its_time(live: Store, tmp_path: Path) -> None:
    """Mode 0600, nothing beside it, the time of the copy in it; the database remembers when the last one was made."""
    target = tmp_path / "out" / "copy.db"
    target.parent.mkdir()

    copied = backup.back_up(live, target, NOW)

    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert [path.name for path in target.parent.iterdir()] == ["copy.db"]
    assert copied.size == target.stat().st_size
    with closing(sqlite3.connect(target)) as copy:
        found = copy.execute("SELECT value FROM service_state WHERE key = 'copied_at'").fetchone()
        assert found == (NOW.isoformat(),)
        assert copy.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    with live.read() as conn:
        assert control.get_state(conn, backup.LAST_BACKUP) == NOW.isoformat()


def test_a_file_that_is_there_stays_unless_it_is_to_be_replaced(live: Store, tmp_path: Path) -> None:
    """Without the word nothing is overwritten, the database itself never."""
    target = tmp_path / "copy.db"
    target.write_bytes(b"precious")

    with pytest.raises(UsageFailure, match="is there already"):
        backup.back_up(live, target, NOW)
    assert target.read_bytes() == b"precious"
    backup.back_up(live, target, NOW, is_replacing=True)
    assert backup.examine(target)
    assert live.path is not None
    with pytest.raises(UsageFailure, match="is the database itself"):
        backup.back_up(live, live.path, NOW, is_replacing=True)


def test_a_full_disk_leaves_the_older_copy_as_it_was(live: Store, tmp_path: Path) -> None:
    """Whatever stops the copying, the file of that name is untouched and nothing lies beside it."""
    target = tmp_path / "out" / "copy.db"
    target.parent.mkdir()
    target.write_bytes(b"the older copy")

    def fail(done: int, total: int) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        backup.back_up(live, target, NOW, is_replacing=True, on_progress=fail)
    assert target.read_bytes() == b"the older copy"
    assert [path.name for path in target.parent.iterdir()] == ["copy.db"]


def test_what_is_no_good_is_refused(live: Store, tmp_path: Path) -> None:
    """A copy with a bad page, no database, an empty one, and one of a newer program are told apart, and change nothing."""
    good, bad = tmp_path / "good.db", tmp_path / "bad.db"
    backup.back_up(live, good, NOW)
    content = bytearray(good.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 4096] = b"\xff" * 4096
    bad.write_bytes(content)
    (tmp_path / "text.db").write_text("not a database, " * 100)
    sqlite3.connect(tmp_path / "empty.db").close()
    newer = tmp_path / "newer.db"
    newer.write_bytes(good.read_bytes())
    with closing(sqlite3.connect(newer)) as copy, copy:
        copy.execute("UPDATE alembic_version SET version_num = '9999'")

    for name, said in (
        ("bad", "damaged|no sound"),
        ("text", "no sound database"),
        ("empty", "no database of reminder"),
        ("newer", "newer"),
    ):
        with pytest.raises(StoreFailure, match=said):
            restoring.restore(live, tmp_path / f"{name}.db", NOW)
    with live.read() as conn:
        assert restoring.load_restored(conn) is None
        assert conn.execute(text("SELECT count(*) FROM ballast")).scalar() == 12_000


def test_an_older_schema_is_brought_to_todays(tmp_path: Path) -> None:
    """A copy of an earlier version can be restored; the copy itself is not touched."""
    old = Store.open(f"sqlite:///{tmp_path / 'old.db'}")
    old.migrate("0003")
    old.close()
    before = (tmp_path / "old.db").read_bytes()
    store = Store.open(f"sqlite:///{tmp_path / 'new' / 'reminder.db'}")

    done = restoring.restore(store, tmp_path / "old.db", NOW)

    store.check_schema()
    assert (done.kept, done.copied_at, done.held) == ("", None, 0)
    assert (tmp_path / "old.db").read_bytes() == before
    store.close()


def test_others_that_have_the_database_open_see_the_restored_one(live: Store, tmp_path: Path) -> None:
    """The file is not swapped under them: a reader that was open before sees the copy at its next transaction, and can write."""
    backup.back_up(live, tmp_path / "copy.db", NOW)
    assert live.path is not None
    other = Store.open(f"sqlite:///{live.path}")
    with other.begin() as conn:
        conn.execute(text("UPDATE pair SET value = 7"))

    done = restoring.restore(live, tmp_path / "copy.db", NOW + timedelta(hours=1))

    with other.begin() as conn:
        assert conn.execute(text("SELECT value FROM pair")).scalars().all() == [0, 0]
        conn.execute(text("UPDATE pair SET value = 8"))
    with closing(sqlite3.connect(live.path.with_name(done.kept))) as kept:
        assert kept.execute("SELECT value FROM pair").fetchall() == [(7,), (7,)]
    other.close()


def test_a_damaged_database_can_be_replaced(live: Store, tmp_path: Path) -> None:
    """That is what a copy is for: the broken file is kept beside it as it is."""
    backup.back_up(live, tmp_path / "copy.db", NOW)
    assert live.path is not None
    live.close()
    live.path.write_bytes(b"\xff" * 40_000)

    done = restoring.restore(live, tmp_path / "copy.db", NOW)

    live.check_schema()
    assert live.path.with_name(done.kept).read_bytes() == b"\xff" * 40_000
