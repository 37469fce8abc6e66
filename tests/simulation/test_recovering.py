"""What no seed contains: an older copy that is put back (R8), and a database that is full (R6)."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from reminder.simulation import recovering
from reminder.simulation.recovering import run_full, run_restore
from reminder.store.restoring import Restored


@pytest.mark.slow
@pytest.mark.simulation
@pytest.mark.parametrize("seed", range(1, 6))
def test_nothing_goes_out_again_after_a_restore(seed: int, tmp_path: Path) -> None:
    """Among crashes and other faults; each letter counts once afterwards."""
    assert list(map(str, run_restore(tmp_path, seed).violations)) == []


@pytest.mark.slow
@pytest.mark.simulation
def test_a_restore_that_holds_nothing_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The story can fail: a copy that is simply put back and armed sends again what it did not know of."""

    def put_back(store: Any, source: Path, *_: object) -> Restored | None:
        with closing(sqlite3.connect(source)) as copy, closing(sqlite3.connect(source.with_name("simulated.db"))) as live:
            copy.backup(live)
        return None

    monkeypatch.setattr(recovering, "restore", put_back)
    monkeypatch.setattr(recovering, "_arm_again", lambda simulation: None)

    assert any(one.invariant == "R8" for seed in range(1, 6) for one in run_restore(tmp_path, seed).violations)


@pytest.mark.slow
@pytest.mark.simulation
@pytest.mark.parametrize("seed", [1, 8])
def test_a_full_database_stays_within_its_limit_and_goes_on_sending(seed: int, tmp_path: Path) -> None:
    """Strangers send more than it may hold; what is due goes out all the same."""
    simulation, was_full = run_full(tmp_path, seed)

    assert list(map(str, simulation.violations)) == []
    assert was_full
