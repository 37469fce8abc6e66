"""`kill -9` in the middle of a replay: what was read again stays so, the mail in hand stands as it was, the rest goes on."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from reminder.domain.assessments import TrafficLight
from reminder.domain.rounds import StepKind
from reminder.edges.clock import ManualClock
from reminder.plan.timeline import plan_timeline
from reminder.store import inbox, reports
from tests.fakes import MemorySource, RecordingRelay
from tests.flows.town import CULTURE, DIRECTOR, PRINCIPAL, Town, example, make_house, new_database

SENDERS = (CULTURE, PRINCIPAL, DIRECTOR)


@pytest.fixture
def town(database: Path, tmp_path: Path) -> Iterator[Town]:
    """Three parties have answered green, and an older parser read each answer as red."""
    first = min(step.not_before for step in plan_timeline(example()) if step.key.step is StepKind.NOTICE)
    clock, relay, source = ManualClock(first - timedelta(days=1)), RecordingRelay(), MemorySource()
    store = new_database(database, tmp_path)
    town = Town(house=make_house(store, clock, relay, source), clock=clock, relay=relay, source=source)
    town.ask()
    for sender in SENDERS:
        town.clock.advance(timedelta(minutes=1))
        town.reply(sender, "kaikki vihreällä")
    town.read()
    with store.begin() as conn:
        conn.execute(text("UPDATE reading SET parser_version = '0'"))
        conn.execute(text("UPDATE assessment SET light = 'red'"))
    yield town
    store.close()


def run_replay(town: Town, folder: Path, *, at: int) -> int:
    """One process; gives back how it ended."""
    now = town.clock.now().isoformat()
    command = [sys.executable, "-m", "tests.crash.replayer", str(folder / "reminder.db"), str(at), now]
    return subprocess.run(command, check=False, timeout=60, cwd=Path(__file__).parents[2]).returncode


def lights(town: Town) -> list[set[TrafficLight | None]]:
    """The lights in force of each mail."""
    with town.house.store.read() as conn:
        return [{fact.light for fact in reports.load_assessments(conn, inbound_id=number)} for number in (1, 2, 3)]


@pytest.mark.slow
def test_a_replay_that_is_killed_goes_on_where_it_was(town: Town, tmp_path: Path) -> None:
    """Killed in the second mail's transaction: the first is green, the second red as before, and the next run ends it all once."""
    green, red = {TrafficLight.GREEN}, {TrafficLight.RED}
    assert lights(town) == [red, red, red]

    assert run_replay(town, tmp_path, at=2) == -signal.SIGKILL
    assert lights(town) == [green, red, red]
    with town.house.store.read() as conn:
        assert [len(inbox.load_readings(conn, number)) for number in (1, 2, 3)] == [2, 1, 1]

    assert run_replay(town, tmp_path, at=0) == 0
    assert lights(town) == [green, green, green]
    with town.house.store.read() as conn:
        assert [len(inbox.load_readings(conn, number)) for number in (1, 2, 3)] == [2, 2, 2]
        history = reports.load_assessments(conn, with_superseded=True)
    assert len(history) == 2 * len(town.facts())
