"""SIGTERM ends the service within 8 seconds also where nothing can be cut: a server that takes the connection and says nothing."""

from __future__ import annotations

import signal
import socket
import time
from datetime import timedelta
from pathlib import Path

import pytest

from reminder.configuration.loading import load_or_raise
from reminder.edges.clock import write_clock
from reminder.plan.timeline import plan_timeline
from reminder.resources import find_example
from tests.crash.test_kill_the_service import REAL, open_town

LIMIT = 8.0


@pytest.mark.slow
@pytest.mark.parametrize("setting", ["REMINDER_IMAP_PORT", "REMINDER_SMTP_PORT"])
def test_a_service_whose_server_is_silent_ends_in_time(tmp_path: Path, setting: str) -> None:
    """The greeting never comes. The database stays sound, and another service may begin at once."""
    with socket.create_server(("127.0.0.1", 0)) as silent, open_town(tmp_path / "town") as town:
        assert town.service is not None
        town.service.kill()
        town.service.wait()
        town.env = {**town.env, setting: str(silent.getsockname()[1])}
        first = next(step.not_before for step in plan_timeline(load_or_raise(find_example())) if step.key.party)
        write_clock(town.clock_path, first + timedelta(minutes=1), 0.0)
        silent.settimeout(60)
        town.start()
        talking, _ = silent.accept()  # however long a busy machine takes to get there
        REAL.sleep(0.5)
        assert town.service.poll() is None, town.log.read_text()[-2000:]
        start = time.monotonic()
        town.service.send_signal(signal.SIGTERM)
        code = town.service.wait(30)
        seconds = time.monotonic() - start
        talking.close()
        with town.store.lock_service():
            town.store.check_schema()

    assert (code, seconds < LIMIT) == (0, True), seconds
