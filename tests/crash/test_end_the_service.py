"""SIGTERM ends the real service within 8 seconds, also while the relay hangs; a second service on the same SQLite refuses."""

from __future__ import annotations

import signal
import subprocess
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from reminder.configuration.loading import load_or_raise
from reminder.domain.messages import OutboxState
from reminder.edges.clock import write_clock
from reminder.errors import EXIT_TEMPORARY
from reminder.plan.timeline import plan_timeline
from reminder.resources import find_example
from reminder.store import outbox, schema
from tests.crash.test_kill_the_service import REAL, Town, open_town
from tests.real_parts import smtp_sink

LIMIT = 8.0


def end(town: Town) -> tuple[int, float]:
    """SIGTERM: exit code and seconds."""
    assert town.service is not None
    start = time.monotonic()
    town.service.send_signal(signal.SIGTERM)
    return town.service.wait(30), time.monotonic() - start


def wait_for_a_dot(town: Town) -> None:
    """Returns when the final dot of a mail is written down, however long a busy machine takes to get there."""
    deadline = time.monotonic() + 90
    while True:
        with town.store.read() as conn:
            if conn.execute(select(schema.attempt.c.message).where(schema.attempt.c.state == "dot")).first() is not None:
                return
        assert time.monotonic() < deadline, town.log.read_text()[-3000:]
        REAL.sleep(0.1)


@pytest.mark.slow
@pytest.mark.fault("G6")
def test_an_idle_service_ends_at_once_and_a_second_one_is_refused(tmp_path: Path) -> None:
    """The second gets exit code 75 and says why; the first ends with 0."""
    with open_town(tmp_path / "town") as town:
        REAL.sleep(3)
        second = subprocess.run(town.command, env=dict(town.env), capture_output=True, text=True, timeout=30, check=False)
        code, seconds = end(town)

    assert second.returncode == EXIT_TEMPORARY
    assert second.stderr.strip()
    assert (code, seconds < LIMIT) == (0, True)


@pytest.mark.fault("K17")
@pytest.mark.slow
@pytest.mark.real
def test_a_service_whose_relay_hangs_at_the_final_dot_ends_in_time(tmp_path: Path) -> None:
    """The talk is cut after its grace and journalled for what it is: one mail may have gone, no other is begun."""
    with smtp_sink("-W", ".:60") as sink, open_town(tmp_path / "town") as town:
        assert town.service is not None
        town.service.kill()
        town.service.wait()
        town.env = {**town.env, "REMINDER_SMTP_PORT": str(sink.port)}
        first = next(step.not_before for step in plan_timeline(load_or_raise(find_example())) if step.key.party)
        write_clock(town.clock_path, first + timedelta(minutes=1), 0.0)
        town.start()
        wait_for_a_dot(town)
        code, seconds = end(town)
        with town.store.read() as conn:
            states = outbox.count_by_state(conn)

    assert (code, seconds < LIMIT) == (0, True)
    assert states.get(OutboxState.UNKNOWN) == 1
    assert set(states) == {OutboxState.UNKNOWN, OutboxState.QUEUED}
