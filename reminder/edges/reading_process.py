"""Reading in a process of its own, which can be killed: whatever a mail does, it is one mail that could not be read.

The process lives on from mail to mail and is replaced when it has died, was killed, or has read many. It is started as a fresh
interpreter, never forked, so that it is safe beside threads, and it is given neither our environment nor our open files.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar, cast

from reminder.domain.markings import MarkedBody
from reminder.domain.messages import SentMessage
from reminder.domain.readings import Reading
from reminder.domain.setup import Setup
from reminder.edges.frames import FrameUnsound, receive_frame, send_frame, write_frame
from reminder.edges.reading import cut_glance
from reminder.edges.reading_steps import OUT_OF_MEMORY, Begin, Glance, Interpret, MarkUp, ReadSent, Request
from reminder.errors import ReadingFailed, TemporaryFailure
from reminder.parse.context import Context
from reminder.parse.gist import Gist
from reminder.wire.reply_token import Keyring

Result = TypeVar("Result")

START_SECONDS = 60.0
DYING_SECONDS = 5.0
"""For a process that has closed its end to come to its own."""
WALL_FACTOR = 3
"""How many times the processor time may pass in real time: on a busy machine a mail waits for its turn."""
ANSWER_BYTES = 16 << 20
ANSWER_CLASSES = ("reminder.domain.", "reminder.parse.", "datetime")
_BOOT = "import sys; sys.path[:] = sys.argv[1].split(':'); from reminder.edges.reading_child import main; main()"
_INHERITED = ("PYTHON", "LANG", "LC_", "LD_", "DYLD_")
_ENDING = "The reading was cut short, since the program ends."


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingLimits:
    """What one mail may cost, and how many mails a process reads before it is replaced."""

    seconds: float = 10.0
    """Of processor time, in both steps together."""
    memory_mb: int = 512
    """Of the whole process."""
    mails: int = 500


class _WorkerLost(ReadingFailed):
    """The process is gone or of no more use. `is_sure`: a fresh one would fare no better."""

    def __init__(self, message: str, *, is_sure: bool = False) -> None:
        super().__init__(message)
        self.is_sure = is_sure


class ReadingProcess:
    """A `MailReader` that reads in another process. Starts it when it is needed first. Used by one thread at a time."""

    def __init__(self, limits: ReadingLimits | None = None) -> None:
        self._limits = limits or ReadingLimits()
        self._worker: _Worker | None = None
        self._is_closed = False

    def read(
        self, raw: bytes, keyring: Keyring, programme_tags: Sequence[str], look_up: Callable[[Gist], Context]
    ) -> tuple[Gist, Context, Reading]:
        """See `MailReader`."""

        def both_steps(worker: _Worker) -> tuple[Gist, Context, Reading]:
            gist = worker.ask(Begin(raw=raw, keyring=keyring, programme_tags=tuple(programme_tags)))
            context = look_up(gist)
            return gist, context, worker.ask(Interpret(context=context))

        return self._with_worker(both_steps)

    def mark(self, raw: bytes, context: Context, reading: Reading) -> tuple[MarkedBody, ...]:
        """See `MailReader`."""
        return self._with_worker(lambda worker: worker.ask(MarkUp(raw=raw, context=context, reading=reading)))

    def glance(self, raw: bytes) -> Gist:
        """See `MailReader`."""
        return self._with_worker(lambda worker: worker.ask(Glance(block=cut_glance(raw))))

    def read_sent(self, raw: bytes, setup: Setup, keyring: Keyring) -> SentMessage | None:
        """See `MailReader`."""
        return self._with_worker(lambda worker: worker.ask(ReadSent(raw=raw, setup=setup, keyring=keyring)))

    def close(self) -> None:
        """Ends the process, in the middle of a mail if need be; that mail then raises TemporaryFailure."""
        self._is_closed = True
        if self._worker is not None:
            self._worker.end()

    @property
    def process_id(self) -> int | None:
        """The process that reads, where there is one now."""
        return self._worker.process.pid if self._worker is not None and self._worker.is_alive() else None

    def _with_worker(self, work: Callable[[_Worker], Result]) -> Result:
        """Does the work; once more in a fresh process where the one at hand was worn: its end need not be this mail's doing."""
        worker = self._worker
        is_worn = worker is not None and worker.is_alive() and worker.requests > 0
        try:
            return work(self._fit_worker())
        except _WorkerLost as loss:
            self._drop()
            if self._is_closed:
                raise TemporaryFailure(_ENDING) from loss
            if loss.is_sure or not is_worn:
                raise
        return work(self._fit_worker())

    def _fit_worker(self) -> _Worker:
        if self._is_closed:
            raise TemporaryFailure(_ENDING)
        worker = self._worker
        if worker is not None and (worker.requests >= self._limits.mails or not worker.is_alive()):
            self._drop()
            worker = None
        if worker is None:
            worker = self._worker = _Worker(self._limits)
            worker.start()
        return worker

    def _drop(self) -> None:
        if self._worker is not None:
            self._worker.end()
            self._worker = None


class _Worker:
    """One process with the link to it."""

    def __init__(self, limits: ReadingLimits) -> None:
        self._limits = limits
        self._asking = threading.Lock()
        self.requests = 0
        self._link, theirs = socket.socketpair()
        search_path = ":".join(one for one in sys.path if one)
        arguments = (search_path, str(os.getpid()), str(limits.seconds), str(limits.memory_mb))
        try:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-c", _BOOT, *arguments],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={name: value for name, value in os.environ.items() if name.startswith(_INHERITED)},
            )
        except OSError as error:
            self._link.close()
            raise TemporaryFailure(f"The process that reads mails cannot be started: {error.strerror or error}.") from error
        finally:
            theirs.close()

    def start(self) -> None:
        """Waits until it is ready. Raises TemporaryFailure where it does not come up."""
        try:
            self._receive(time.monotonic() + START_SECONDS)
        except (OSError, EOFError, FrameUnsound) as error:
            self.end()
            why = f"it ended ({_describe_end(self.process.returncode)})" if isinstance(error, EOFError) else str(error)
            raise TemporaryFailure(f"The process that reads mails did not start: {why}.") from error

    def is_alive(self) -> bool:
        """Whether it runs."""
        return self.process.poll() is None

    def ask(self, request: Request[Result]) -> Result:
        """Its answer. Raises ReadingFailed; the subclass _WorkerLost where the process is of no more use."""
        if not request.goes_on:
            self.requests += 1
        until = time.monotonic() + WALL_FACTOR * self._limits.seconds
        try:
            with self._asking:
                send_frame(self._link, write_frame(request), until=until)
                kind, value = self._receive(until)
        except TimeoutError as error:
            raise _WorkerLost(f"Reading it took more than {WALL_FACTOR * self._limits.seconds:g} s.", is_sure=True) from error
        except (OSError, EOFError, FrameUnsound) as error:
            raise self._explain_end() from error
        if kind == "fault":
            name = str(value).partition(":")[0]
            raise ReadingFailed(f"Reading it failed ({name}).", detail=str(value))
        return cast("Result", value)

    def end(self) -> None:
        """Kills it, whatever it does. May be called from another thread, and twice."""
        self.process.kill()
        self.process.wait()
        with self._asking:
            self._link.close()

    def _receive(self, until: float) -> tuple[str, object]:
        answer = receive_frame(self._link, at_most=ANSWER_BYTES, allowed=ANSWER_CLASSES, until=until)
        if not (isinstance(answer, tuple) and len(answer) == 2 and isinstance(answer[0], str)):
            raise FrameUnsound(type(answer).__name__)
        return answer[0], answer[1]

    def _explain_end(self) -> _WorkerLost:
        try:
            code = self.process.wait(DYING_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        if code == -signal.SIGPROF:
            return _WorkerLost(f"Reading it took more than {self._limits.seconds:g} s of processor time.", is_sure=True)
        if code == OUT_OF_MEMORY:
            return _WorkerLost(f"Reading it needed more than {self._limits.memory_mb} MB of memory.")
        return _WorkerLost(f"The process that read it ended ({_describe_end(code)}).")


def _describe_end(code: int | None) -> str:
    if code is None:
        return "for no known reason"
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"
