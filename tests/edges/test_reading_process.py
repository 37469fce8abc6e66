"""The process that reads: it reads as we would, and whatever becomes of it is told of one mail and costs no other."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reminder.edges import reading_process
from reminder.edges.clock import SystemClock
from reminder.edges.reading import ReaderHere
from reminder.edges.reading_process import ReadingLimits, ReadingProcess
from reminder.errors import ReadingFailed, TemporaryFailure
from reminder.parse.context import Context
from reminder.parse.gist import Gist
from tests.corpus.stored import load_cases, load_sent
from tests.corpus.world import PLANNING, REQUEST, understand_case
from tests.sandbox.mails import KEYRING, example, write_mail

CONTEXT = Context(own_addresses=frozenset(), instance="suvikoski")
HEAVY = b"From: a@b.example\r\nContent-Type: text/html\r\n\r\n" + b"<table>" + b"<tr><td>1.5" * 60_000
PLAIN = b"From: a@b.example\r\nSubject: x\r\n\r\n1.5: x\r\n"
CLOCK = SystemClock()


@pytest.fixture(scope="module")
def shared() -> Iterator[ReadingProcess]:
    """One process for the tests that leave it alive."""
    reader = ReadingProcess()
    yield reader
    reader.close()


@pytest.fixture
def make() -> Iterator[Callable[[ReadingLimits], ReadingProcess]]:
    """Makes readers and closes them."""
    made: list[ReadingProcess] = []

    def make_one(limits: ReadingLimits) -> ReadingProcess:
        made.append(ReadingProcess(limits))
        return made[-1]

    yield make_one
    for reader in made:
        reader.close()


def read(reader: ReadingProcess, raw: bytes, look_up: Callable[[Gist], Context] = lambda _: CONTEXT) -> str:
    """The reason of a reading."""
    return reader.read(raw, KEYRING, ["ELVO"], look_up)[2].reason


def pid_of(reader: ReadingProcess) -> int:
    """The process that reads, started where there is none."""
    reader.glance(PLAIN)
    assert reader.process_id is not None
    return reader.process_id


def is_gone(pid: int) -> bool:
    """Whether a process ends within five seconds; a zombie has ended."""
    for _ in range(100):
        try:
            if Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0] == "Z":
                return True
        except FileNotFoundError:
            return True
        CLOCK.sleep(0.05)
    return False


def test_it_reads_as_we_would(shared: ReadingProcess) -> None:
    """Every ninth mail of the corpus: gist, reading and marked text are the same as those made in our own process."""
    for case in load_cases()[::9]:
        there = understand_case(case.raw, case.received_at, load_sent(), trusted_authserv=case.trusted_authserv, reader=shared)
        here = understand_case(case.raw, case.received_at, load_sent(), trusted_authserv=case.trusted_authserv)
        assert there == here, case.name
        assert shared.mark(case.raw, there.context, there.reading) == ReaderHere().mark(case.raw, here.context, here.reading)
        assert shared.glance(case.raw) == ReaderHere().glance(case.raw)


def test_it_reads_our_own_mails_back(shared: ReadingProcess) -> None:
    """A whole configuration goes with the request; what is none of ours is None."""
    raw = b"X-Reminder-Round: elinvoima/2024\r\n" + write_mail(PLANNING, REQUEST).raw

    assert shared.read_sent(raw, example(), KEYRING) == ReaderHere().read_sent(raw, example(), KEYRING) is not None
    assert shared.read_sent(PLAIN, example(), KEYRING) is None


def test_a_glance_sees_the_headers_only(shared: ReadingProcess) -> None:
    """Sender and subject of a mail whose body is 40 MB."""
    gist = shared.glance(b"From: A <A@b.example>\r\nSubject: =?utf-8?q?P=C3=A4iv=C3=A4?=\r\n\r\n" + b"x" * (40 << 20))

    assert (gist.sender, gist.subject) == ("a@b.example", "Päivä")


def test_a_mail_that_takes_too_long_is_told_of_and_the_next_is_read(
    make: Callable[[ReadingLimits], ReadingProcess], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kernel ends the process at its limit of processor time, in C code too; another one takes its place."""
    monkeypatch.setattr(reading_process, "WALL_FACTOR", 1000.0)  # a busy machine must not end it before
    reader = make(ReadingLimits(seconds=0.05))
    first = pid_of(reader)

    with pytest.raises(ReadingFailed, match=r"took more than 0\.05 s of processor time"):
        read(reader, HEAVY)

    assert is_gone(first)
    assert read(reader, PLAIN)
    assert reader.process_id not in {None, first}


def test_a_mail_that_needs_too_much_memory_is_told_of_and_the_next_is_read(make: Callable[[ReadingLimits], ReadingProcess]) -> None:
    """Also in a process that has read before, where it is tried once more in a fresh one."""
    reader = make(ReadingLimits(memory_mb=64))
    assert read(reader, PLAIN)

    with pytest.raises(ReadingFailed, match="needed more than 64 MB of memory"):
        read(reader, b"Content-Transfer-Encoding: base64\r\n\r\n" + b"QUJD" * (6 << 20))

    assert read(reader, PLAIN)


def test_time_is_counted_for_each_mail_by_itself(make: Callable[[ReadingLimits], ReadingProcess]) -> None:
    """Many mails take more than the limit together, and none of them is stopped for it."""
    reader = make(ReadingLimits(seconds=0.5))
    medium = HEAVY[: len(HEAVY) // 10]
    pid = pid_of(reader)

    while reader_seconds(reader) < 0.8:
        read(reader, medium)

    assert reader.process_id == pid


def reader_seconds(reader: ReadingProcess) -> float:
    """Processor time of the process that reads."""
    fields = Path(f"/proc/{pid_of(reader)}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_a_process_that_does_nothing_is_killed_after_three_times_its_seconds(make: Callable[[ReadingLimits], ReadingProcess]) -> None:
    """Stopped, it takes no processor time; real time ends it, from outside."""
    reader = make(ReadingLimits(seconds=0.2))
    stopped = pid_of(reader)
    os.kill(stopped, signal.SIGSTOP)

    with pytest.raises(ReadingFailed, match=r"took more than 0\.6 s\."):
        read(reader, PLAIN)

    assert is_gone(stopped)
    assert read(reader, PLAIN)


def test_a_process_that_was_killed_between_two_mails_costs_neither(make: Callable[[ReadingLimits], ReadingProcess]) -> None:
    """The memory killer of the system took it while it was idle."""
    reader = make(ReadingLimits())
    os.kill(pid_of(reader), signal.SIGKILL)

    assert read(reader, PLAIN)


def test_a_mail_of_which_the_process_dies_is_tried_once_more_in_a_fresh_one(make: Callable[[ReadingLimits], ReadingProcess]) -> None:
    """A worn process may have died of something else; a fresh one has died of this mail."""
    reader = make(ReadingLimits())
    worn = pid_of(reader)
    killed: list[int | None] = []

    def kill(_: Gist) -> Context:
        killed.append(reader.process_id)
        os.kill(killed[-1] or 0, signal.SIGKILL)
        return CONTEXT

    with pytest.raises(ReadingFailed, match=r"process that read it ended \(SIGKILL\)"):
        read(reader, PLAIN, kill)

    assert len(set(killed)) == 2
    assert killed[0] == worn
    assert read(reader, PLAIN)


def test_trouble_in_the_look_up_is_passed_on_and_the_process_stays(shared: ReadingProcess) -> None:
    """A busy database is no fault of the mail, nor of the process."""
    before = pid_of(shared)

    def fail(_: Gist) -> Context:
        raise TemporaryFailure("The database cannot be used just now.")

    with pytest.raises(TemporaryFailure, match="database"):
        read(shared, PLAIN, fail)

    assert read(shared, PLAIN)
    assert shared.process_id == before


def test_it_is_replaced_after_so_many_mails(make: Callable[[ReadingLimits], ReadingProcess]) -> None:
    """What thousands of mails leave behind in a process does not add up."""
    reader = make(ReadingLimits(mails=2))
    pids = []
    for _ in range(4):
        read(reader, PLAIN)
        pids.append(reader.process_id)

    assert pids[0] == pids[1] != pids[2] == pids[3]
    assert is_gone(pids[0] or 0)


def test_closing_ends_a_reading_that_is_under_way(make: Callable[[ReadingLimits], ReadingProcess]) -> None:
    """Another thread ends it; that is no fault of the mail, and nothing is read any more."""
    reader = make(ReadingLimits())
    pid = pid_of(reader)
    os.kill(pid, signal.SIGSTOP)
    timer = threading.Timer(0.2, reader.close)
    timer.start()

    with pytest.raises(TemporaryFailure, match="the program ends"):
        read(reader, PLAIN)

    timer.join()
    assert is_gone(pid)
    with pytest.raises(TemporaryFailure, match="the program ends"):
        read(reader, PLAIN)


def test_what_ends_the_whole_group_does_not_end_the_reader(shared: ReadingProcess) -> None:
    """Ctrl-C and `systemctl stop` reach every process; the parent decides when the mail at hand is over."""
    pid = pid_of(shared)
    os.kill(pid, signal.SIGINT)
    os.kill(pid, signal.SIGTERM)

    assert read(shared, PLAIN)
    assert shared.process_id == pid


def test_it_knows_none_of_our_secrets(make: Callable[[ReadingLimits], ReadingProcess], monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords of the environment and files that we have open are not handed on to who reads hostile bytes."""
    monkeypatch.setenv("REMINDER_SMTP_PASSWORD", "open sesame")
    pid = pid_of(make(ReadingLimits()))

    assert b"open sesame" not in Path(f"/proc/{pid}/environ").read_bytes()
    targets = [str(one.readlink()) for one in Path(f"/proc/{pid}/fd").iterdir()]
    assert sum(target.startswith("socket:") for target in targets) == 1
    assert all(target.startswith("socket:") or target == "/dev/null" for target in targets)


PARENT = """
import sys
from reminder.edges.reading_process import ReadingProcess
reader = ReadingProcess()
reader.glance(b"Subject: x")
print(reader.process_id, flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("is_stopped", [False, True])
def test_no_process_is_left_when_the_parent_is_killed(*, is_stopped: bool) -> None:
    """`kill -9` of the parent ends the reader too, also one that cannot notice it by itself."""
    with subprocess.Popen([sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        if is_stopped:
            os.kill(pid, signal.SIGSTOP)
        parent.kill()

    assert is_gone(pid)


@pytest.mark.parametrize(
    ("executable", "why"), [("/bin/false", r"did not start: it ended \(exit code 1\)"), ("/nowhere", "cannot be started")]
)
def test_a_process_that_cannot_start_is_no_fault_of_a_mail(
    make: Callable[[ReadingLimits], ReadingProcess], monkeypatch: pytest.MonkeyPatch, executable: str, why: str
) -> None:
    """That is told as trouble of the moment, with its cause."""
    monkeypatch.setattr(sys, "executable", executable)

    with pytest.raises(TemporaryFailure, match=why):
        read(make(ReadingLimits()), PLAIN)
