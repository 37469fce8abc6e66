"""A worker says every few seconds that it lives, and sees whether the database has meanwhile become that of a newer program."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from reminder import __version__
from reminder.errors import ReminderError, StoreFailure, TemporaryFailure
from reminder.flows.house import House
from reminder.store import workers
from reminder.store.workers import Worker

log = structlog.get_logger(__name__)

BEAT_EVERY = 10.0
"""Real seconds between two signs of life."""


@dataclass(slots=True)
class Presence:
    """One service process in the table of workers. `beat` is called from a thread of its own; a long pass does not keep it silent."""

    house: House
    end: Callable[[], None]
    """Called once the schema has changed: nothing more may be claimed (fault G7)."""
    failure: StoreFailure | None = None
    _started_at: datetime | None = field(default=None, repr=False)
    _files: tuple[str, datetime] | None = field(default=None, repr=False)

    def beat(self) -> None:
        """One sign of life. Raises nothing: what is wrong with the database is told by the pass, or by `failure`."""
        try:
            self.house.store.check_schema()
            self._note()
        except StoreFailure as failure:
            log.error("the database is not the one of this program any more, the service ends", reason=failure.message)
            self.failure = failure
            self.end()
        except TemporaryFailure as failure:
            log.info("no sign of life could be given", reason=failure.message)

    def leave(self) -> None:
        """Ends in order: nobody will look for it. Raises what was wrong with the database."""
        if self.failure is not None:
            raise self.failure
        try:
            with self.house.store.begin() as conn:
                workers.forget_worker(conn, self.house.owner)
        except ReminderError as failure:
            log.info("the end could not be noted", reason=failure.message)

    def _note(self) -> None:
        now, version = self.house.clock.now(), self.house.setup.version
        self._started_at = self._started_at or now
        if self._files is None or self._files[0] != version:
            self._files = (version, now)
        with self.house.store.begin() as conn:
            workers.note_worker(
                conn,
                Worker(
                    owner=self.house.owner,
                    version=__version__,
                    configuration=version,
                    configuration_since=self._files[1],
                    started_at=self._started_at,
                    seen_at=now,
                ),
            )
