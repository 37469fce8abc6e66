"""Several mails in flight at once: one thread and one connection each, and one tally for all (decision 0021).

A lane leases, sends and records as a worker on another machine would, so nothing of the crash story changes with their number.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What one pass did, counted by result."""

    accepted: int = 0
    deferred: int = 0
    failed: int = 0
    unknown: int = 0
    cancelled: int = 0
    resume_at: datetime | None = None
    """Where mails wait since the relay takes no more this minute: when there is room again."""

    @property
    def counts(self) -> dict[str, int]:
        """The number of mails of each result."""
        return {name: getattr(self, name) for name in ("accepted", "deferred", "failed", "unknown", "cancelled")}

    @property
    def count(self) -> int:
        """How many mails the pass dealt with."""
        return sum(self.counts.values())

    def plus(self, word: str) -> Delivered:
        """One more of this result; a word that is no result of a mail, such as trouble with the relay, changes nothing."""
        counts = self.counts
        if word not in counts:
            return self
        return Delivered(**{**counts, word: counts[word] + 1}, resume_at=self.resume_at)


class Tally:
    """What the lanes of one pass have done, and whether the pass is over. Safe to use from all of them."""

    def __init__(self, limit: int | None = None) -> None:
        self._left = limit
        self._lock = threading.Lock()
        self._is_over = threading.Event()
        self.delivered = Delivered()

    @property
    def is_over(self) -> bool:
        """Whether no lane may begin another mail."""
        return self._is_over.is_set()

    def end(self) -> None:
        """No lane begins another mail; those in flight are finished."""
        self._is_over.set()

    def reserve(self, wanted: int) -> int:
        """How many mails a lane may claim: as many as it wants, unless the pass has a limit."""
        with self._lock:
            granted = wanted if self._left is None else min(wanted, self._left)
            self._left = None if self._left is None else self._left - granted
            return granted

    def give_back(self, count: int) -> None:
        """So many of those reserved were not needed."""
        with self._lock:
            self._left = None if self._left is None else self._left + count

    def count(self, word: str) -> None:
        """One more of a result."""
        with self._lock:
            self.delivered = self.delivered.plus(word)

    def resume_at(self, instant: datetime) -> None:
        """Mails wait for the rate until then."""
        with self._lock:
            self.delivered = replace(self.delivered, resume_at=instant)


def run_lanes(lanes: Sequence[Callable[[], None]], tally: Tally) -> None:
    """Runs all lanes to their end; a single one in this thread. What one raises ends the pass, and is raised when all are at rest."""
    if len(lanes) == 1:
        lanes[0]()
        return

    def run(lane: Callable[[], None]) -> None:
        try:
            lane()
        except BaseException:
            tally.end()
            raise

    with ThreadPoolExecutor(len(lanes), thread_name_prefix="lane") as pool:
        futures = [pool.submit(run, lane) for lane in lanes]
        try:
            wait(futures)
        except BaseException:  # Ctrl-C: what is in flight is finished, nothing more is begun
            tally.end()
            raise
    for future in futures:
        future.result()
