"""A container in UTC: the zone comes from the package tzdata, and where that is missing too nothing starts (fault C8)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from reminder.resources import find_example

ENV = {**os.environ, "PYTHONTZPATH": "", "TZ": "UTC", "REMINDER_SECRET_KEY": "a:only-for-these-tests-0123456789"}
"""No folder of the system is looked at for time zones."""


def reminder(*arguments: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """One command as a process."""
    command = [sys.executable, "-m", "reminder", "--config", str(find_example()), *arguments]
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=120, check=False)


def servers() -> dict[str, str]:
    """What `run` asks for; nothing is connected to."""
    hosts = {f"REMINDER_{which}_HOST": "localhost" for which in ("SMTP", "IMAP")}
    return {**hosts, "REMINDER_FROM": "seuranta@suvikoski.example"}


@pytest.mark.fault("C8")
def test_without_zones_of_the_system_those_of_the_package_are_used() -> None:
    """08:00 in Helsinki, on a machine that knows of UTC alone."""
    done = reminder("plan", "--until", "2025-12-31", env=ENV)

    assert done.returncode == 0, done.stderr
    assert "08:00" in done.stdout
    assert "06:00" not in done.stdout


@pytest.mark.slow
@pytest.mark.fault("C8")
@pytest.mark.parametrize("command", ["check", "run"])
def test_without_any_zones_nothing_starts(tmp_path: Path, command: str) -> None:
    """Exit code 2 and one sentence about it, with what to do; no traceback."""
    (tmp_path / "tzdata").mkdir()
    (tmp_path / "tzdata" / "__init__.py").write_text("# stands in the way of the package, and holds no zones\n")
    path = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH", "")])])
    database = f"sqlite:///{tmp_path / 'a.db'}"
    reminder("migrate", env={**ENV, "REMINDER_DATABASE_URL": database})
    done = reminder(command, env={**ENV, "PYTHONPATH": path, "REMINDER_DATABASE_URL": database, **servers()})

    told = " ".join((done.stdout + done.stderr).split())
    assert done.returncode == 2, told
    assert "Europe/Helsinki cannot be loaded" in told
    assert "tzdata" in told
    assert "Traceback" not in told
