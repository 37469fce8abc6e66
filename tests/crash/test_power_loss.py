"""A power loss, as the disk shows it: the write-ahead log is cut at any byte, and the database opens with a whole past (fault D6).

`kill -9` loses nothing that was written; a power loss loses what was not yet on the disk. With `synchronous=FULL` a commit returns only
when its part of the log is there, so what may be missing lies behind the length that the log had then.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from reminder.store import control
from reminder.store.engine import Store

COMMITS = 60
FRAME = 4096 + 24
"""A page in the log, with its header."""


def write_for_ever(path: Path) -> None:
    """Numbered transactions of three rows each; each tells its number and the length of the log when its commit has returned.

    The last one is never committed, though its pages are in the log already."""
    store = Store.open(f"sqlite:///{path}")
    log = path.with_name(f"{path.name}-wal")
    for number in range(1, COMMITS + 1):
        with store.begin() as conn:
            for part in ("first", "second", "third"):
                control.set_state(conn, part, str(number))
            control.set_state(conn, f"ballast {number}", "x" * 3000)
        print(number, log.stat().st_size, flush=True)  # noqa: T201
    with store.begin() as conn:
        conn.exec_driver_sql("PRAGMA cache_size=2")
        for part in ("first", "second", "third"):
            control.set_state(conn, part, "never")
        for number in range(300):
            control.set_state(conn, f"more {number}", "x" * 3000)
        print("end", log.stat().st_size, flush=True)  # noqa: T201
        os.kill(os.getpid(), signal.SIGKILL)


@pytest.fixture(scope="module")
def died(database: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[int], int]:
    """The database of a writer that was killed in its last transaction; the length of the log after each commit, and at the end."""
    folder = tmp_path_factory.mktemp("died")
    path = folder / "reminder.db"
    path.write_bytes(database.read_bytes())
    command = [sys.executable, "-m", "tests.crash.test_power_loss", str(path)]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    told = [line.split() for line in done.stdout.splitlines()]
    return path, [int(size) for _, size in told[:-1]], int(told[-1][1])


def cut(died: Path, folder: Path, length: int) -> Path:
    """A copy whose log ends after so many bytes."""
    folder.mkdir()
    copy = folder / "reminder.db"
    shutil.copy(died, copy)
    log = shutil.copy(died.with_name("reminder.db-wal"), folder / "reminder.db-wal")
    os.truncate(log, length)
    return copy


def read_past(path: Path) -> int:
    """Up to which transaction it has come; it must be sound, and no transaction in it may be half."""
    Store.open(f"sqlite:///{path}").check_sound()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        values = dict(connection.execute("SELECT key, value FROM service_state"))
    found = {values.get(part, "0") for part in ("first", "second", "third")}
    assert len(found) == 1
    number = int(found.pop())
    assert {key for key in values if key.startswith("ballast ")} == {f"ballast {one}" for one in range(1, number + 1)}
    return number


@pytest.mark.fault("D6")
def test_what_was_confirmed_survives_whatever_is_lost_behind_it(died: tuple[Path, list[int], int], tmp_path: Path) -> None:
    """Cut anywhere behind the last confirmed commit: all of them are there, and nothing of the one that was not."""
    path, confirmed, end = died
    assert end > confirmed[-1] + 20 * FRAME, "the last transaction was to be in the log already"
    rng = random.Random(20260224)
    for number in range(20):
        copy = cut(path, tmp_path / str(number), rng.randint(confirmed[-1], end))
        assert read_past(copy) == COMMITS


@pytest.mark.fault("D6")
def test_a_log_that_is_cut_anywhere_is_a_whole_past(died: tuple[Path, list[int], int], tmp_path: Path) -> None:
    """Every commit whose log is there is there, the others are gone as if they had not been; also cut within a frame."""
    path, confirmed, _ = died
    rng = random.Random(1)
    for number in range(40):
        length = rng.randint(0, confirmed[-1])
        copy = cut(path, tmp_path / str(number), length)
        assert read_past(copy) == sum(size <= length for size in confirmed)


@pytest.mark.fault("D6")
def test_each_commit_is_on_the_disk_before_it_returns(died: tuple[Path, list[int], int], tmp_path: Path) -> None:
    """Cut exactly where the log ended when a commit returned: that commit is there. This is what FULL is for."""
    path, confirmed, _ = died
    for number, length in list(enumerate(confirmed, start=1))[::6]:
        assert read_past(cut(path, tmp_path / str(number), length)) == number
    with Store.open(f"sqlite:///{path}").begin() as conn:
        assert conn.exec_driver_sql("PRAGMA synchronous").scalar() == 2


if __name__ == "__main__":
    write_for_ever(Path(sys.argv[1]))
