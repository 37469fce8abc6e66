"""The world outside the program: its clock, what is going to happen, and the fence around an incarnation that has died.

A crash is a BaseException that no handler of the program catches. What `finally` blocks do after it is of no effect: whatever
a dead incarnation calls raises the crash again, and its open transaction is rolled back, as the kernel would do.
"""

from __future__ import annotations

import heapq
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from reminder.simulation.fates import Fates
from reminder.simulation.journal import Journal, Talk


class Crash(BaseException):
    """The process was killed here."""


class VirtualClock:
    """The clock of the machine: stands still until it is moved. A copy of it goes its own way."""

    def __init__(self, instant: datetime) -> None:
        self._instant = instant

    def now(self) -> datetime:
        """As `ports.Clock`."""
        return self._instant

    def sleep(self, seconds: float) -> None:
        """As `ports.Clock`; moves the clock on, no real time passes."""
        self._instant += timedelta(seconds=max(0.0, seconds))

    def set(self, instant: datetime) -> None:
        """Puts the clock to this instant, forwards or backwards."""
        self._instant = instant.astimezone(UTC)

    def advance(self, span: timedelta) -> None:
        """Moves the clock by this span."""
        self._instant += span


class World:
    """One simulated world. `crash_at` are the numbers of the crash points at which the process dies, counted from 1."""

    def __init__(self, fates: Fates, begin: datetime, *, crash_at: frozenset[int] = frozenset()) -> None:
        self.fates = fates
        self.clock = VirtualClock(begin)
        self.journal = Journal()
        self.crash_at = crash_at
        self.passed = 0
        self.incarnation = 0
        self.is_dead = True
        self.pending_talk: Talk | None = None
        self.meanwhile: Callable[[], None] | None = None
        """What another worker does while one is frozen."""
        self.relay_back_at: datetime | None = None
        """Until when the relay is out of reach, after it was once lost for long."""
        self._coming: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self._count = 0

    def now(self) -> datetime:
        """What the clock of the machine says."""
        return self.clock.now()

    def note(self, text: str) -> None:
        """One line of the trace."""
        self.journal.trace.append(f"{self.now():%Y-%m-%d %H:%M:%S} {text}")

    def strikes(self, kind: str) -> bool:
        """Whether a fault strikes now; noted where it does."""
        if not self.fates.strikes(kind):
            return False
        self.journal.faults[kind] += 1
        self.note(f"fault: {kind}")
        return True

    def start(self) -> int:
        """A new incarnation of the process begins; its number."""
        self.incarnation += 1
        self.is_dead = False
        self.pending_talk = None
        self.note(f"start {self.incarnation}")
        return self.incarnation

    def fence(self, incarnation: int) -> None:
        """Raises the crash again where this incarnation has died."""
        if self.is_dead or incarnation != self.incarnation:
            raise Crash(f"incarnation {incarnation} is dead")

    def point(self, name: str) -> None:
        """A crash point: before and after every commit and every effect outside."""
        self.passed += 1
        self.journal.points[name] += 1
        if self.passed in self.crash_at or self.fates.strikes("crash"):
            self.journal.faults["crash"] += 1
            self.journal.crashes.append(name)
            self.note(f"killed at {self.passed}: {name}")
            self.is_dead = True
            raise Crash(name)

    def settle_talk(self, *, is_recorded: bool) -> None:
        """The first transaction after a talk with the relay holds its result: it was committed, or lost."""
        if self.pending_talk is not None:
            self.pending_talk.was_recorded = is_recorded
            self.pending_talk = None

    def plan(self, after: timedelta, what: Callable[[datetime], None]) -> None:
        """Something is going to happen, whatever becomes of the process."""
        self._count += 1
        heapq.heappush(self._coming, (self.now() + after, self._count, what))

    def next_event(self) -> datetime | None:
        """When the next thing happens by itself."""
        return self._coming[0][0] if self._coming else None

    def let_happen(self) -> None:
        """Everything whose time has come happens, each at its own time."""
        while self._coming and self._coming[0][0] <= self.now():
            at, _, what = heapq.heappop(self._coming)
            what(at)


def name_caller() -> str:
    """The flow that calls: what a crash point is named after. The innermost function outside of store and simulation."""
    frame = sys._getframe(1)
    while frame.f_back is not None:
        module = str(frame.f_globals.get("__name__", ""))
        if module.startswith("reminder.flows."):
            return f"{module.removeprefix('reminder.flows.')}.{frame.f_code.co_name.strip('_')}"
        frame = frame.f_back
    return "start"
