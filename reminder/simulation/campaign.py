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

from reminder.simulation.fates import Fates
from reminder.simulation.outcome import Outcome
from reminder.simulation.running import Simulation

MEMORY = Path("/") / "dev" / "shm"
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

    def add(self, outcome: Outcome) -> None:
        """One more of them."""
        self.seeds += 1
        self.steps += outcome.steps
        self.points += outcome.passed
        self.span += outcome.span
        self.faults += outcome.journal.faults
        self.crashed += Counter(outcome.journal.crashes)
        self.passed += outcome.journal.points

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
