"""`kill -9` at every step of a backup and of a restore: what was there is whole, or what was to come is."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from reminder.edges.clock import SystemClock
from reminder.store import backup, control, restoring
from reminder.store.engine import Store
from tests.crash import backer

NOW = datetime(2025, 3, 3, 8, 0, tzinfo=UTC)
MOST = 80


def make_town(folder: Path) -> tuple[Path, Path]:
    """An armed database that says `new`, and an armed copy of it from when it said `old`."""
    store = Store.open(f"sqlite:///{folder / 'live' / 'reminder.db'}")
    store.migrate()
    with store.begin() as conn:
        control.arm(conn, NOW)
        control.set_state(conn, "word", "old")
        conn.execute(text("CREATE TABLE ballast (id INTEGER PRIMARY KEY, value TEXT)"))
        conn.execute(text("INSERT INTO ballast (value) VALUES (:value)"), [{"value": "x" * 900} for _ in range(9_000)])
    backup.back_up(store, folder / "copy.db", NOW)
    with store.begin() as conn:
        control.set_state(conn, "word", "new")
    store.close()
    return folder / "live" / "reminder.db", folder / "copy.db"


def run(what: str, database: Path, file: Path, at: int) -> int:
    """How the process ended: in a fork, since starting Python anew for every step would take minutes."""
    child = os.fork()
    if child == 0:
        try:
            backer.main(what, str(database), str(file), at)
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def look(path: Path) -> tuple[str, bool]:
    """What a database says, and whether it is armed; it must be whole."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("SELECT count(*) FROM ballast").fetchone() == (9_000,)
        values = dict(connection.execute("SELECT key, value FROM service_state"))
    return values["word"], "armed_at" in values


@pytest.mark.fault("K16")
def test_a_backup_that_is_killed_at_any_step_leaves_the_older_one_whole(tmp_path: Path) -> None:
    """At every step the file is the older copy or the new one; what is left beside it goes with the next backup."""
    database, copy = make_town(tmp_path)
    older, seen = copy.read_bytes(), set[str]()
    for at in range(1, MOST):
        copy.write_bytes(older)
        code = run("backup", database, copy, at)
        seen.add(look(copy)[0])
        assert look(database) == ("new", True)
        if code == 0:
            break
        assert code == -signal.SIGKILL

    assert code == 0
    assert at > 10
    assert seen == {"old", "new"}
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["copy.db"]


@pytest.mark.slow
@pytest.mark.fault("D9")
def test_a_restore_that_is_killed_at_any_step_is_never_an_armed_copy(tmp_path: Path) -> None:
    """At every step the database is the one that was there, whole, or the copy, disarmed; the next try ends it."""
    database, copy = make_town(tmp_path)
    seen = set[tuple[str, bool]]()
    for at in range(1, MOST):
        code = run("restore", database, copy, at)
        seen.add(state := look(database))
        if code == 0:
            break
        assert code == -signal.SIGKILL
        if state[0] == "old":
            say_new(database)

    assert code == 0
    assert at > 10
    assert seen == {("new", True), ("old", False)}
    assert not list(database.parent.glob(".reminder.db.*"))
    assert look(next(database.parent.glob("*.before-restore-*")))[0] == "new"


def say_new(database: Path) -> None:
    """The database is armed and says `new` again."""
    store = Store.open(f"sqlite:///{database}")
    with store.begin() as conn:
        control.arm(conn, NOW)
        control.set_state(conn, "word", "new")
    store.close()


@pytest.mark.parametrize("milliseconds", [5, 15, 30, 45, 60, 80, 120])
def test_a_restore_that_is_killed_while_pages_are_written_is_old_or_new(tmp_path: Path, milliseconds: int) -> None:
    """The pages go in as one transaction of SQLite: a process killed at any moment of it leaves one or the other."""
    database, copy = make_town(tmp_path)
    command = [sys.executable, "-m", "tests.crash.backer", "restore", str(database), str(copy), "0"]
    process = subprocess.Popen(command, cwd=Path(__file__).parents[2])
    kept = database.with_name(f"reminder.db.before-restore-{backer.NOW:%Y%m%dT%H%M%SZ}")
    while process.poll() is None and not kept.exists():
        SystemClock().sleep(0.001)
    SystemClock().sleep(milliseconds / 1000)
    process.kill()
    process.wait()

    assert look(database) in {("new", True), ("old", False)}
    assert look(kept)[0] == "new"


def test_a_restore_waits_for_no_service(tmp_path: Path) -> None:
    """While another process holds the lock of the service, the command refuses with 75, and nothing is changed."""
    database, copy = make_town(tmp_path)
    store = Store.open(f"sqlite:///{database}")
    command = [sys.executable, "-m", "reminder", "--config", str(tmp_path), "restore", str(copy)]
    env = {**os.environ, "REMINDER_DATABASE_URL": f"sqlite:///{database}", "REMINDER_SECRET_KEY": "a:only-for-these-tests-0123456789"}
    with store.lock_service():
        refused = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)
    store.close()

    assert refused.returncode == 75
    assert "Another service process holds" in refused.stderr
    assert look(database) == ("new", True)
    assert restored_at(database) is None


def restored_at(database: Path) -> timedelta | None:
    """How long after the copy it was restored, if it was."""
    store = Store.open(f"sqlite:///{database}")
    with store.read() as conn:
        found = restoring.load_restored(conn)
    store.close()
    return found.at - NOW if found else None
