"""The process that reads: it does one request after the other, within its limits, until nobody is there to ask.

It may die at any moment and loses nothing by it. The kernel ends it where a mail takes more processor time than allowed
(ITIMER_PROF, whose signal is not caught, so that it also ends a regular expression that never comes back to Python), and
refuses memory beyond the limit. It ends when its parent does, however that ends.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import socket
import sys
from pathlib import Path

from reminder.edges.frames import FrameUnsound, receive_frame, send_frame, write_frame
from reminder.edges.reading_steps import OUT_OF_MEMORY, Begin, Glance, Interpret, MarkUp, ReadSent, Request, Table
from reminder.parse.limits import READING_FAULTS

REQUEST_BYTES = 256 << 20
REQUEST_CLASSES = ("reminder.", "builtins", "datetime", "zoneinfo")
"""A request comes from our own parent; a whole configuration may be in it."""
_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Entry point. Arguments: the search path, the parent's process id, seconds and megabytes a mail. The socket is standard input."""
    parent, seconds, megabytes = int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4])
    for number in (signal.SIGINT, signal.SIGTERM):  # they go to the whole group; our parent decides when we end
        signal.signal(number, signal.SIG_IGN)
    _end_with(parent)
    _limit_memory(megabytes << 20)
    with socket.socket(fileno=os.dup(0)) as link:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        try:
            serve(link, seconds)
        except MemoryError:
            os._exit(OUT_OF_MEMORY)
        except (EOFError, OSError, FrameUnsound):
            return


def serve(link: socket.socket, seconds: float) -> None:
    """Answers requests. Raises EOFError or OSError when the other end is gone, MemoryError at the limit."""
    table, left = Table(), seconds
    send_frame(link, write_frame(("done", None)))
    while True:
        request = receive_frame(link, at_most=REQUEST_BYTES, allowed=REQUEST_CLASSES)
        if not isinstance(request, Begin | Interpret | MarkUp | Glance | ReadSent):
            raise FrameUnsound(type(request).__name__)
        signal.setitimer(signal.ITIMER_PROF, left if request.goes_on else seconds)
        answer = _answer(request, table)
        left = max(signal.setitimer(signal.ITIMER_PROF, 0)[0], 0.001)
        del request
        send_frame(link, answer)


def _answer(request: Request[object], table: Table) -> bytes:
    """The answer as a frame. A fault of any other kind ends this process, and the parent knows of which mail it died."""
    try:
        return write_frame(("done", request.do(table)))
    except READING_FAULTS as fault:
        table.mail = None
        return write_frame(("fault", f"{type(fault).__name__}: {fault}"[:2000]))


def _limit_memory(limit: int) -> None:
    """What may be written to, and what may be mapped beyond what is mapped already, such as libraries. No core dumps."""
    pages = Path("/proc/self/statm")
    mapped = int(pages.read_text("ascii").split()[0]) * resource.getpagesize() if pages.exists() else 0
    for kind, most in ((resource.RLIMIT_DATA, limit), (resource.RLIMIT_AS, mapped + limit), (resource.RLIMIT_CORE, 0)):
        _, hard = resource.getrlimit(kind)
        lowered = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (lowered, lowered))


def _end_with(parent: int) -> None:
    """Asks the kernel to end us with our parent (prctl(2), Linux); elsewhere the end of the socket tells us after the mail."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it ended before the kernel knew of our wish
        sys.exit(0)
