"""Proof 4 in a small size: replies into a real Dovecot that is restarted, read by a service that is killed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crash.replies import run_replies


@pytest.mark.slow
@pytest.mark.real
@pytest.mark.fault("K9", "K10", "K11", "K12", "K13", "M2", "M10")
def test_replies_come_while_dovecot_is_restarted_and_the_service_is_killed(tmp_path: Path) -> None:
    """Each ends in one final state, the facts follow from the set of replies alone, nothing has an effect or an answer twice."""
    counted = run_replies(tmp_path, replies=120, waves=4, kills=6, restarts=3, seed=7)

    assert counted.is_proof, counted
    assert (counted.kills, counted.restarts) == (6, 3)
    assert counted.acknowledgements == counted.replies
    assert counted.delivered > counted.replies
