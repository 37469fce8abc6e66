"""Proof 3 in small: nothing is lost, doubled without a kill, or altered. `make prove-reminders N=10000` does it in full."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crash.campaign import run_campaign


@pytest.mark.slow
@pytest.mark.fault("K1", "K2", "K3", "K4", "K6", "K7", "K8")
@pytest.mark.parametrize(("backend", "workers"), [("sqlite", 1), pytest.param("postgresql", 4, marks=pytest.mark.real)])
def test_reminders_by_services_that_are_killed(tmp_path: Path, backend: str, workers: int) -> None:
    """100 mails, the services killed about every ten of them."""
    counted = run_campaign(tmp_path, mails=100, backend=backend, workers=workers, seed=20260224, every=10)

    assert counted.is_proof, counted
    assert (counted.mails, counted.lost) == (100, 0)
    assert counted.kills >= 5
