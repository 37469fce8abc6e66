"""The golden scenario of the simulation, without a fault and with a crash."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from reminder.simulation.campaign import open_folder
from reminder.simulation.golden import Golden, crash_everywhere, run_golden

SHARES = 8
"""So that several workers divide the crash points between them."""


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """Where the databases of the simulation are."""
    with open_folder() as path:
        yield path


@pytest.fixture(scope="module")
def golden(folder: Path) -> Golden:
    """The scenario without a fault."""
    with capture_logs():
        return run_golden(folder)


@pytest.mark.slow
@pytest.mark.simulation
def test_a_round_without_faults_keeps_every_promise(golden: Golden) -> None:
    """The baseline: requests, reminders, answers and digests have gone out, each once, and all that was said is recorded."""
    assert golden.outcome is not None
    kinds = Counter(row["kind"] for row in golden.outcome.seen.messages if row["state"] == "accepted")

    assert golden.outcome.violations == ()
    asked = {"contacts": 1, "notice": 3, "request": 3, "reminder": 2, "last_call": 2, "overdue": 3}
    assert kinds == {**asked, "acknowledgement": 4, "digest": 6}


@pytest.mark.slow
@pytest.mark.simulation
def test_a_part_of_the_crash_points_is_survived(folder: Path, golden: Golden) -> None:
    """Killed there, the service starts again, and nothing is lost or doubled. The slow test takes them all."""
    with capture_logs():
        runs = list(crash_everywhere(folder, golden, every=127))

    assert [(run.number, *run.points, *map(str, run.violations)) for run in runs if run.violations] == []
    assert len(runs) > 10


@pytest.mark.slow
@pytest.mark.simulation
@pytest.mark.parametrize("share", range(SHARES))
def test_every_crash_point_is_survived(folder: Path, golden: Golden, share: int) -> None:
    """Before and after each commit and each effect outside, one after another; each share takes every so many-th of them."""
    with capture_logs():
        runs = list(crash_everywhere(folder, golden, every=SHARES, offset=share))

    assert [(run.number, *run.points, *map(str, run.violations)) for run in runs if run.violations] == []
    assert {run.number for run in runs} == {number for number in range(1, golden.stations[-1].last + 1) if number % SHARES == share}
    assert all(run.was_reached for run in runs)
