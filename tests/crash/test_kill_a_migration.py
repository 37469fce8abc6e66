"""`kill -9` at every statement of a migration: the database is of the old schema or of the new one, and a copy from before is there."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import event, text

from reminder.cli.main import run
from reminder.errors import StoreFailure
from reminder.store import backup
from reminder.store.engine import Store, newest_revision

NOW = datetime(2025, 3, 3, 8, 0, tzinfo=UTC)
OLD = "0001"
MOST = 400
STRIDE = 5
"""Every fifth statement, and each of the last ones by the end of the loop."""


def make_old(path: Path) -> None:
    """An armed database of the first schema."""
    store = Store.open(f"sqlite:///{path}")
    store.migrate(OLD)
    with store.begin() as conn:
        conn.execute(text("INSERT INTO service_state (key, value) VALUES ('armed_at', '2025-01-01T00:00:00+00:00')"))
    store.close()


def look(path: Path) -> tuple[str, str]:
    """The schema and what the database remembers; it must be whole."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        (armed,) = connection.execute("SELECT value FROM service_state WHERE key = 'armed_at'").fetchone()
    return str(revision), str(armed)


def die_at(number: int) -> Callable[..., None]:
    """A listener that kills the process before its N-th statement."""
    left = [number]

    def count(*_: object) -> None:
        left[0] -= 1
        if left[0] <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    return count


def migrate_and_die(path: Path, number: int) -> int:
    """How a process ended that migrates and is killed before its N-th statement: in a fork, for speed."""
    child = os.fork()
    if child == 0:
        try:
            store = Store.open(f"sqlite:///{path}")
            event.listen(store.writer, "before_cursor_execute", die_at(number))
            store.migrate()
            store.close()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.fault("K15")
def test_a_migration_that_is_killed_is_done_or_not(tmp_path: Path) -> None:
    """Until it is done a service refuses to start, in plain words; the next `migrate` does it all."""
    pattern = tmp_path / "pattern.db"
    make_old(pattern)
    seen = set[str]()
    for number in range(1, MOST, STRIDE):
        path = tmp_path / f"{number}.db"
        path.write_bytes(pattern.read_bytes())
        code = migrate_and_die(path, number)
        revision, armed = look(path)
        seen.add(revision)
        assert armed == "2025-01-01T00:00:00+00:00"
        if code == 0:
            break
        assert code == -signal.SIGKILL
        if revision != newest_revision():
            with pytest.raises(StoreFailure, match="older than the program"):
                Store.open(f"sqlite:///{path}").check_schema()

    assert code == 0
    assert number > 5 * STRIDE
    assert seen == {OLD, newest_revision()}
    half_way = Store.open(f"sqlite:///{tmp_path / f'{1 + 3 * STRIDE}.db'}")
    half_way.migrate()
    half_way.check_schema()


@pytest.mark.fault("K15")
def test_a_copy_is_made_before_a_migration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """It holds what was there, of the old schema; up to date, nothing is copied."""
    path = tmp_path / "reminder.db"
    make_old(path)
    monkeypatch.setenv("REMINDER_DATABASE_URL", f"sqlite:///{path}")

    code = run(["--config", str(tmp_path), "migrate"])
    told = capsys.readouterr().out
    kept = path.with_name(f"reminder.db.before-{newest_revision()}")
    size = kept.stat().st_size
    again = run(["--config", str(tmp_path), "migrate"])

    assert (code, again) == (0, 0)
    assert kept.name in told.replace("\n", "")
    assert look(kept)[0] == OLD
    assert kept.stat().st_mode & 0o777 == 0o600
    assert look(path)[0] == newest_revision()
    assert kept.stat().st_size == size
    assert kept.name not in capsys.readouterr().out


@pytest.mark.fault("K15")
def test_without_room_for_the_copy_nothing_is_migrated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk is found by the copy, before the migration."""
    path = tmp_path / "reminder.db"
    make_old(path)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup, "copy_pages", full)
    monkeypatch.setenv("REMINDER_DATABASE_URL", f"sqlite:///{path}")

    assert run(["--config", str(tmp_path), "migrate"]) == 1
    assert look(path)[0] == OLD
    assert [one.name for one in tmp_path.iterdir() if "before" in one.name] == []
