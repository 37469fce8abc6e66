"""One town for each test: the store is real, the world outside is in memory."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from reminder.domain.rounds import StepKind
from reminder.edges.clock import ManualClock
from reminder.plan.timeline import plan_timeline
from tests.fakes import MemorySource, RecordingRelay
from tests.flows.town import Town, example, make_house, new_database


@pytest.fixture
def town(database: Path, tmp_path: Path) -> Iterator[Town]:
    """The example city a day before its first mail, not yet armed."""
    first = min(step.not_before for step in plan_timeline(example()) if step.key.step is StepKind.NOTICE)
    clock, relay, source = ManualClock(first - timedelta(days=1)), RecordingRelay(), MemorySource()
    store = new_database(database, tmp_path)
    yield Town(house=make_house(store, clock, relay, source), clock=clock, relay=relay, source=source)
    store.close()
