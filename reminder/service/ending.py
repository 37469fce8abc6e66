"""The end of the service: SIGTERM is heard at once, what hangs is cut, and within 8 seconds the process is gone.

A talk with the relay that outlives its grace is cut, so that it is journalled for what it is. What cannot be cut, such as a
connection that is being made or a mail server that says nothing, ends with the process: every flow bears a kill at any moment.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import structlog

from reminder.errors import EXIT_DONE

log = structlog.get_logger(__name__)

GRACE = 6.0
"""Seconds that a running SMTP talk gets after SIGTERM before its connection is closed; then it is journalled and we end."""
LAST_MOMENT = 7.3
"""Seconds after which the process ends wherever it is."""


class Ending:
    """Whether the service is to end, and what is to be cut then."""

    def __init__(self, stop: threading.Event, wake: Callable[[], None]) -> None:
        self._stop = stop
        self._wake = wake
        self._timers: list[threading.Timer] = []
        self.cut: Callable[[], None] = lambda: None

    @contextmanager
    def heard(self) -> Iterator[None]:
        """SIGTERM and SIGINT set `stop` while this lasts. Around everything that is to be over in time, closing included."""
        before = {number: signal.signal(number, self._end) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for timer in self._timers:
                timer.cancel()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _end(self, _number: int, _frame: FrameType | None) -> None:
        self._stop.set()
        self._wake()
        if not self._timers:
            self._timers = [threading.Timer(GRACE, self.cut), threading.Timer(LAST_MOMENT, _leave)]
            for timer in self._timers:
                timer.daemon = True
                timer.start()


def _leave() -> None:
    log.warning("the service did not come to rest in time and ends here; the next one settles what is open")
    os._exit(EXIT_DONE)
