"""The end of the certificate that the service logs in with: read from its file, in sight four weeks before, red in its last week."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from reminder.configuration.settings import Settings
from reminder.flows.collect import collect
from reminder.flows.opening import find_login_end
from reminder.service.health import measure_health
from reminder.service.lookout import write_figures
from tests.flows.town import Town
from tests.signing_keys import NOW, write_login


@pytest.mark.parametrize(
    ("left", "is_shown", "is_ok", "words"),
    [
        (timedelta(days=28, seconds=1), False, True, ""),
        (timedelta(days=28), True, True, ""),
        (timedelta(days=7, seconds=1), True, True, ""),
        (timedelta(days=7), True, False, "the certificate to log in with ends "),
        (timedelta(), True, False, "the certificate to log in with ended "),
    ],
)
def test_health_speaks_of_it_in_time(town: Town, left: timedelta, is_shown: bool, is_ok: bool, words: str) -> None:
    """A figure first, and red only where it is near: what is red for weeks hides everything else."""
    collect(town.house)
    ends = town.clock.now() + left

    health = measure_health(replace(town.house, login_ends=lambda: ends))

    assert health.figures["certificate_ends"] == (ends.isoformat() if is_shown else None)
    assert health.is_ok is is_ok
    assert words in health.line
    assert f"reminder_certificate_end_timestamp_seconds {ends.timestamp():.3f}\n" in write_figures(health)


def test_without_a_certificate_nothing_is_said(town: Town) -> None:
    """No figure, no sample."""
    health = measure_health(town.house)

    assert health.figures["certificate_ends"] is None
    assert "certificate" not in write_figures(health)


def test_the_end_is_that_of_the_file_as_it_is_now(tmp_path: Path) -> None:
    """A renewed one counts at once; a rehearsal, which has another clock, knows none; nor does a file that cannot be used."""

    def find(**changed: object) -> datetime | None:
        return find_login_end(Settings.model_validate({"oauth2_certificate": str(tmp_path / "login.pem"), **changed}))

    write_login(tmp_path, ends_at=NOW + timedelta(days=3))
    first = find()
    write_login(tmp_path, ends_at=NOW + timedelta(days=700))

    assert (first, find()) == (NOW + timedelta(days=3), NOW + timedelta(days=700))
    assert find(rehearsal=True) is None
    assert find(oauth2_certificate=str(tmp_path / "none.pem")) is None
