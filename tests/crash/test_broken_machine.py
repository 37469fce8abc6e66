"""The real service on a machine that fails it: disk full, writes that fail, database taken away, clock decades off, frozen."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from reminder.configuration.loading import load_or_raise
from reminder.domain.messages import OutboxState
from reminder.domain.rounds import StepKind
from reminder.edges.clock import write_clock
from reminder.plan.timeline import plan_timeline
from reminder.resources import find_example
from reminder.store import control, outbox
from tests.crash.test_kill_the_service import REAL, Town, open_town
from tests.real_parts import SmtpSink, smtp_sink

PATIENCE = 90.0


def wait(town: Town, is_so: Callable[[], bool]) -> None:
    """Returns when it is so; fails with the log where patience is over."""
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline, town.log.read_text()[-3000:]
        REAL.sleep(0.1)


def to_first_mails(town: Town) -> None:
    """The clock moves to the first mails of the round."""
    first = min(step.not_before for step in plan_timeline(load_or_raise(find_example())) if step.key.step is StepKind.NOTICE)
    write_clock(town.clock_path, first + timedelta(minutes=1), 0.0)


def stop(town: Town) -> None:
    """The service is ended by force."""
    assert town.service is not None
    town.service.kill()
    town.service.wait()


def states(town: Town) -> dict[OutboxState, int]:
    """How many mails are in which state."""
    with town.store.read() as conn:
        return dict(outbox.count_by_state(conn))


def copies(town: Town) -> Counter[tuple[str, bytes]]:
    """How often each mail reached the relay."""
    return Counter((mail.recipient, mail.raw) for mail in town.world.sent)


def has_more(sink: SmtpSink, before: int) -> bool:
    """Whether the relay has taken another mail."""
    return len(sink.mails()) > before


def has_come_to_rest(town: Town) -> bool:
    """Whether every mail has ended; where some are deferred, the clock moves on a little."""
    found = states(town).keys()
    if OutboxState.DEFERRED in found and OutboxState.LEASED not in found:
        write_clock(town.clock_path, town.clock.now() + timedelta(seconds=20), 0.0)
    return not found & {OutboxState.QUEUED, OutboxState.LEASED, OutboxState.UNKNOWN, OutboxState.DEFERRED}


def is_sound(path: Path) -> bool:
    """Whether the database can be read through."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("PRAGMA quick_check").fetchall() == [("ok",)]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 60 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if (
        os.geteuid()
        or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=60m", "none", str(disk)], capture_output=True, check=False).returncode
    ):
        pytest.skip("only root may mount a small file system, and not everywhere")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


def fill(disk: Path, *, leave: int) -> Path:
    """Takes the room of a disk, but for so many bytes."""
    filler = disk / "filler"
    with filler.open("wb") as file:
        file.write(b"\0" * max(0, shutil.disk_usage(disk).free - leave))
    return filler


@pytest.mark.slow
@pytest.mark.fault("D2", "D3")
def test_a_small_disk_keeps_room_and_a_full_one_loses_nothing(small_disk: Path) -> None:
    """By default nothing is sent with 10 MB left; told to go on to the last byte, the service bears a full disk, and then does it all."""
    with open_town(small_disk / "town") as town:
        filler = fill(small_disk, leave=10_000_000)
        to_first_mails(town)
        wait(town, lambda: "nothing is sent below 25 MB" in town.log.read_text())
        assert not town.world.sent

        stop(town)
        filler.unlink()
        town.env = {**town.env, "REMINDER_KEEP_FREE_MB": "0"}
        town.log = small_disk.parent / "log.txt"
        filler = fill(small_disk, leave=0)
        town.start()
        wait(town, lambda: "full" in town.log.read_text())
        REAL.sleep(3)
        assert town.service is not None
        assert town.service.poll() is None
        filler.unlink()
        town.settle(None)

        assert states(town).keys() == {OutboxState.ACCEPTED}
        with town.store.read() as conn:
            resends = sum(row.ambiguous_resends for row in outbox.list_messages(conn, limit=1000))
        assert len(copies(town)) == states(town)[OutboxState.ACCEPTED] > 10
        assert copies(town).total() - len(copies(town)) <= resends
        assert is_sound(small_disk / "town" / "reminder.db")


@pytest.mark.slow
@pytest.mark.fault("D5")
def test_writes_that_fail_for_a_while_end_nothing(tmp_path: Path) -> None:
    """The kernel refuses to let any file of the service grow; when it does again, everything goes, and the database is sound."""
    with open_town(tmp_path / "town") as town:
        assert town.service is not None
        wait(town, lambda: town.is_idle())
        database = tmp_path / "town" / "reminder.db"
        limits = resource.prlimit(town.service.pid, resource.RLIMIT_FSIZE)
        log = database.with_name("reminder.db-wal")
        resource.prlimit(town.service.pid, resource.RLIMIT_FSIZE, (log.stat().st_size // 2, limits[1]))
        to_first_mails(town)
        REAL.sleep(6)
        assert town.service.poll() is None
        sent_meanwhile = len(town.world.sent)
        resource.prlimit(town.service.pid, resource.RLIMIT_FSIZE, limits)
        town.settle(None)

        assert is_sound(database)
        assert states(town).keys() == {OutboxState.ACCEPTED}
        assert len(copies(town)) == states(town)[OutboxState.ACCEPTED] > sent_meanwhile
        with town.store.read() as conn:
            resends = sum(row.ambiguous_resends for row in outbox.list_messages(conn, limit=1000))
        assert copies(town).total() - len(copies(town)) <= resends


@pytest.mark.slow
@pytest.mark.fault("D7")
def test_a_database_that_is_taken_away_ends_the_service_and_none_is_made(tmp_path: Path) -> None:
    """Exit code 1 and one sentence; the next start says that there is none; nothing is sent."""
    with open_town(tmp_path / "town") as town:
        assert town.service is not None
        wait(town, lambda: town.is_idle())
        database = tmp_path / "town" / "reminder.db"
        database.rename(tmp_path / "elsewhere.db")
        to_first_mails(town)
        code = town.service.wait(60)
        told = town.log.read_text()
        again = subprocess.run(town.command, env=dict(town.env), capture_output=True, text=True, timeout=60, check=False)

        assert code == 1
        assert "was deleted or moved away" in told
        assert "reminder restore FILE" in " ".join(told.split())
        assert (again.returncode, "There is no database" in again.stderr) == (1, True)
        assert not database.exists()
        assert not town.world.sent


@pytest.mark.slow
@pytest.mark.fault("C3")
@pytest.mark.parametrize("years", [-55, 73])
def test_a_clock_that_is_decades_off_at_the_start_sends_nothing(tmp_path: Path, years: int) -> None:
    """The database was last used by a clock that many years away, which is what 1970 or 2099 looks like. Real time, no rehearsal."""
    with open_town(tmp_path / "town") as town:
        stop(town)
        real = {name: value for name, value in town.env.items() if name not in {"REMINDER_REHEARSAL", "REMINDER_CLOCK"}}
        with town.store.begin() as conn:
            control.accept_clock(conn, REAL.now() - timedelta(days=365 * years))
        ticked = subprocess.run([*town.command[:-1], "tick"], env=real, capture_output=True, text=True, timeout=60, check=False)
        health = subprocess.run([*town.command[:-1], "health"], env=real, capture_output=True, text=True, timeout=60, check=False)

        assert "clock" in ticked.stderr
        assert health.returncode == 1
        assert "RED: The clock" in health.stdout
        assert not town.world.sent
        assert states(town) == {}


@pytest.mark.slow
@pytest.mark.real
@pytest.mark.fault("K7", "D12")
def test_a_service_that_is_frozen_while_the_relay_answers_sends_nothing_twice(tmp_path: Path) -> None:
    """SIGSTOP after the dot, twenty minutes of the clock, SIGCONT: its lease is over, nobody else took the mail, and the answer counts."""
    with smtp_sink("-W", ".:1") as sink, open_town(tmp_path / "town") as town:
        stop(town)
        town.env = {**town.env, "REMINDER_SMTP_PORT": str(sink.port)}
        to_first_mails(town)
        town.start()
        assert town.service is not None
        for _ in range(3):
            wait(town, partial(has_more, sink, len(sink.mails())))
            town.service.send_signal(signal.SIGSTOP)
            REAL.sleep(2)
            write_clock(town.clock_path, town.clock.now() + timedelta(minutes=20), 0.0)
            town.service.send_signal(signal.SIGCONT)
        wait(town, partial(has_come_to_rest, town))

        assert states(town).keys() == {OutboxState.ACCEPTED}
        names = Counter(line for raw in sink.mails() for line in raw.splitlines() if line.lower().startswith(b"message-id:"))
        assert len(names) == states(town)[OutboxState.ACCEPTED] > 10
        assert names.total() == len(names)
