"""Many seeds, one after another, and what they have hit."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from structlog.testing import capture_logs

from reminder.domain.messages import OutboxState
from reminder.domain.readings import InboundState
from reminder.simulation.fates import RATES, Fates
from reminder.simulation.outcome import Outcome
from reminder.simulation.running import Simulation

MEMORY = Path("/") / "dev" / "shm"
NOT_IN_TOWN = frozenset({"out waiting_approval", "in discarded"})
"""States that the town has no way into: its round asks for no approval, and nobody there decides about mails by hand."""
REACHABLE = frozenset({*(f"out {one.value}" for one in OutboxState), *(f"in {one.value}" for one in InboundState)}) - NOT_IN_TOWN
YEAR = timedelta(days=365.25)


@dataclass(slots=True)
class Tally:
    """What a number of simulations went through."""

    seeds: int = 0
    steps: int = 0
    points: int = 0
    span: timedelta = timedelta()
    faults: Counter[str] = field(default_factory=Counter)
    crashed: Counter[str] = field(default_factory=Counter)
    """How often the process was killed, by crash point."""
    passed: Counter[str] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    """How often a mail was seen in a state after a step, ours as `out …`, theirs as `in …`."""
    pairs: Counter[tuple[str, ...]] = field(default_factory=Counter)
    seconds: float = 0.0

    def add(self, outcome: Outcome) -> None:
        """One more of them."""
        self.seeds += 1
        self.steps += outcome.steps
        self.points += outcome.passed
        self.span += outcome.span
        self.faults += outcome.journal.faults
        self.crashed += Counter(outcome.journal.crashes)
        self.passed += outcome.journal.points
        self.states += outcome.journal.states

    def never_hit(self) -> tuple[str, ...]:
        """Kinds of faults that never struck, crash points that nobody died at, states that no mail was seen in."""
        faults = sorted({*RATES} - self.faults.keys())
        points = sorted(self.passed.keys() - self.crashed.keys())
        states = sorted(REACHABLE - self.states.keys())
        return (*(f"fault {one}" for one in faults), *(f"crash {one}" for one in points), *(f"state {one}" for one in states))

    @property
    def years(self) -> float:
        """Virtual years."""
        return self.span / YEAR


@contextmanager
def open_folder() -> Iterator[Path]:
    """A temporary folder, in memory where the system has such a place; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="reminder-simulation-", dir=MEMORY if MEMORY.is_dir() else None) as name:
        yield Path(name)


def run_seed(folder: Path, seed: int) -> Outcome:
    """One seed. The same seed gives the same trace, byte for byte."""
    with capture_logs() as logs:
        simulation = Simulation(folder, Fates.of_seed(seed), seed=seed)
        simulation.world.journal.logs = logs
        return simulation.run()


def run_seeds(folder: Path, seeds: Iterable[int]) -> Iterator[Outcome]:
    """One after another."""
    return (run_seed(folder, seed) for seed in seeds)
