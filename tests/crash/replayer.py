"""A process that reads stored mails again and is killed in the middle of one: `python -m tests.crash.replayer DATABASE AT`."""

from __future__ import annotations

import os
import signal
import sys
from datetime import datetime
from typing import Any

from reminder.edges.clock import ManualClock
from reminder.flows.replay import find_mails, replay
from reminder.store import reports
from reminder.store.engine import Store
from tests.fakes import MemorySource, RecordingRelay
from tests.flows.town import make_house


def main(database: str, at: int, now: str) -> None:
    """SIGKILL inside the transaction of the mail number `at`, its facts written and not committed; 0: never."""
    calls = 0
    record = reports.record_assessments

    def record_and_die(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        calls += 1
        done = record(*args, **kwargs)
        if calls == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    setattr(reports, record.__name__, record_and_die)
    store = Store.open(f"sqlite:///{database}")
    house = make_house(store, ManualClock(datetime.fromisoformat(now)), RecordingRelay(), MemorySource())
    for _ in replay(house, find_mails(house)):
        pass
    store.close()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
