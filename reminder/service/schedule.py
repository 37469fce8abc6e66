"""The bell: APScheduler rings, our tables know what is due (DESIGN, decision 7).

Its defaults would skip a job that is more than a second late, so there is no misfire grace; missed rings coalesce into
one; nothing is stored. A listener thread rings too when the mailbox hints that something has arrived.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler

from reminder.edges.ports import MailSource
from reminder.errors import LoginFailure, TemporaryFailure

log = structlog.get_logger(__name__)


class Bell:
    """Rings wake a waiting worker; several rings before it wakes are one."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def ring(self) -> None:
        """Wakes the worker."""
        self._event.set()

    def wait(self, seconds: float) -> bool:
        """Waits for a ring, at most so long; whether it rang."""
        rang = self._event.wait(seconds)
        self._event.clear()
        return rang


def start_bell(bell: Bell, *, every_seconds: float) -> BackgroundScheduler:
    """A scheduler that rings the bell again and again. The caller shuts it down."""
    scheduler = BackgroundScheduler(
        jobstores={"default": MemoryJobStore()},
        executors={"default": ThreadPoolExecutor(max_workers=1)},
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        timezone="UTC",
    )
    scheduler.add_job(bell.ring, "interval", seconds=every_seconds, id="tick")
    scheduler.start()
    return scheduler


def repeat(scheduler: BackgroundScheduler, do: Callable[[], None], *, every_seconds: float) -> None:
    """Does something else again and again, in the scheduler's own thread; it must not raise."""
    scheduler.add_job(do, "interval", seconds=every_seconds, id="repeat")


def listen_for_mail(
    bell: Bell,
    open_source: Callable[[], MailSource],
    should_stop: threading.Event,
    *,
    seconds: float = 60,
    may_connect: Callable[[], bool] = lambda: True,
) -> threading.Thread:
    """A daemon thread that waits on a connection of its own and rings when mail may have come. A hint, never the truth.

    `may_connect` holds it back while the mailbox cannot be read, so that a wrong password is not tried twice as often.
    """

    def listen() -> None:
        pause = 1.0
        while not should_stop.is_set():
            if not may_connect():
                should_stop.wait(1.0)
                continue
            source = open_source()
            try:
                while not should_stop.is_set():
                    source.wait(seconds)
                    pause = 1.0
                    bell.ring()
            except TemporaryFailure as failure:
                log.info("listener lost its connection", reason=failure.message)
                if isinstance(failure, LoginFailure):
                    pause = max(pause, 300.0)
                should_stop.wait(pause)
                pause = min(pause * 2, 3600.0 if pause >= 300.0 else 900.0)
            finally:
                source.close()

    thread = threading.Thread(target=listen, name="listener", daemon=True)
    thread.start()
    return thread
