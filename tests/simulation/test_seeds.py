"""Random seeds: the same one tells the same story, and all keep every promise."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from reminder.simulation import town
from reminder.simulation.campaign import open_folder, run_seed, run_seeds
from reminder.simulation.fates import Fates
from reminder.simulation.running import Simulation


@pytest.mark.slow
@pytest.mark.simulation
def test_the_same_seed_gives_the_same_trace_byte_for_byte() -> None:
    """Nothing of a run comes from the real clock, the real randomness or the order of a set."""
    traces = []
    for _ in range(2):
        with open_folder() as folder, capture_logs():
            simulation = Simulation(folder, Fates.of_seed(3), seed=3)
            simulation.arm()
            simulation.go_on(town.BEGIN + timedelta(days=10))
            simulation.close()
            traces.append("\n".join(simulation.world.journal.trace).encode())

    assert traces[0] == traces[1]
    assert traces[0].count(b"\n") > 20


@pytest.mark.slow
@pytest.mark.simulation
def test_a_seed_without_faults_is_the_baseline(tmp_path: Path) -> None:
    """One seed in eight has none."""
    outcome = run_seed(tmp_path, 8)

    assert outcome.violations == ()
    assert not outcome.journal.faults


def read_seeds() -> list[int]:
    """The seeds of seeds.txt."""
    lines = Path(__file__).with_name("seeds.txt").read_text(encoding="utf-8").splitlines()
    return [int(line.split()[0]) for line in lines if line and not line.startswith("#")]


@pytest.mark.slow
@pytest.mark.simulation
@pytest.mark.parametrize("seed", read_seeds())
def test_a_seed_that_once_found_something_keeps_every_promise(seed: int, tmp_path: Path) -> None:
    """What is mended stays so."""
    assert list(map(str, run_seed(tmp_path, seed).violations)) == []


@pytest.mark.slow
@pytest.mark.simulation
def test_some_seeds_keep_every_promise() -> None:
    """Whatever they break. Many more by `make simulate SEEDS=1000`."""
    with open_folder() as folder:
        for outcome in run_seeds(folder, range(1, 25)):
            assert list(map(str, outcome.violations)) == [], f"reminder simulate --seed {outcome.seed}"
