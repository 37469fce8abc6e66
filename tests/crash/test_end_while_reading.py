"""SIGTERM while a mail is being read, and `kill -9` of the service: nothing is struck, and no process is left behind."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from reminder.domain.readings import InboundState
from reminder.edges.clock import write_clock
from reminder.store import inbox
from tests.crash.test_kill_the_service import REAL, Town, open_town

LIMIT = 8.0


def children_of(parent: int) -> list[int]:
    """The processes that another one has started."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text("ascii", "replace").rpartition(")")[2].split()
        except OSError:  # it has ended meanwhile
            continue
        if int(fields[1]) == parent and fields[0] != "Z":
            found.append(int(path.parent.name))
    return found


def wait_until(is_so: Callable[[], bool], town: Town) -> None:
    """Within 30 seconds."""
    for _ in range(300):
        if is_so():
            return
        REAL.sleep(0.1)
    raise AssertionError(town.log.read_text()[-3000:])


def deliver(town: Town, number: int) -> None:
    """A mail comes in."""
    raw = f"From: who@elsewhere.example\r\nSubject: {number}\r\nMessage-ID: <{number}@elsewhere.example>\r\n\r\nHello {number}\r\n"
    town.world.deliver(raw.encode(), when=town.clock.now(), recipient="seuranta@suvikoski.example", sender="who@elsewhere.example")
    write_clock(town.clock_path, town.clock.now() + timedelta(minutes=1), 0.0)


def states(town: Town) -> list[tuple[InboundState, int]]:
    """State and attempts of what came in, oldest first."""
    with town.store.read() as conn:
        return [(row.state, row.attempts) for row in sorted(inbox.list_inbound(conn), key=lambda row: row.id)]


def start_reading(town: Town) -> int:
    """The service has read one mail, and hangs in the second: its reader is stopped. Gives back the reader's process id."""
    assert town.service is not None
    deliver(town, 1)
    wait_until(lambda: bool(states(town)) and states(town)[0][0] is InboundState.HELD, town)
    (reader,) = children_of(town.service.pid)
    os.kill(reader, signal.SIGSTOP)
    deliver(town, 2)
    wait_until(lambda: len(states(town)) == 2 and states(town)[1][1] == 1, town)
    return reader


@pytest.mark.slow
def test_a_service_that_ends_while_it_reads_strikes_no_mail(tmp_path: Path) -> None:
    """The reading is cut after its grace, the attempt is taken back, and the service ends in time, its reader with it."""
    with open_town(tmp_path / "town") as town:
        reader = start_reading(town)
        assert town.service is not None
        start = time.monotonic()
        town.service.send_signal(signal.SIGTERM)
        code = town.service.wait(30)
        seconds = time.monotonic() - start

        assert (code, seconds < LIMIT) == (0, True), seconds
        assert states(town)[1] == (InboundState.CAPTURED, 0)
        wait_until(lambda: not Path(f"/proc/{reader}").exists(), town)


@pytest.mark.slow
def test_no_reader_is_left_when_the_service_is_killed(tmp_path: Path) -> None:
    """`kill -9` while a mail is read; the next service reads it."""
    with open_town(tmp_path / "town") as town:
        reader = start_reading(town)
        assert town.service is not None
        town.service.kill()
        town.service.wait()
        wait_until(lambda: not Path(f"/proc/{reader}").exists(), town)
        town.start()
        wait_until(lambda: states(town)[1][0] is InboundState.HELD, town)

        assert states(town)[1][1] == 2
