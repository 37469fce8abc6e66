"""The first poll of a mailbox in a process of its own, so that its memory can be measured.

python -m tests.faults.first_poll DATABASE PORT USER PASSWORD DAY: polls once and prints how many mails it took in, the seconds, and
the most memory that it had, in MB.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from dataclasses import replace
from datetime import date

from reminder.edges.clock import ManualClock, SystemClock
from reminder.edges.imap import ImapSource
from reminder.flows.collect import collect
from reminder.store.engine import Store
from tests.fakes import MemorySource, RecordingRelay
from tests.flows.town import make_house
from tests.real_parts import HOST


def main(database: str, port: int, user: str, password: str, day: str) -> None:
    """One poll, and nothing else."""
    store = Store.open(f"sqlite:///{database}")
    source = ImapSource(host=HOST, port=port, security="none", user=user, password=password, timeout=120)
    house = make_house(store, ManualClock(SystemClock().now()), RecordingRelay(), MemorySource())
    begun = time.monotonic()
    captured = collect(replace(house, source=source, ingest_since=date.fromisoformat(day))).captured
    seconds = time.monotonic() - begun
    source.close()
    store.close()
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write("\n" + json.dumps({"captured": captured, "seconds": round(seconds, 1), "megabytes": round(megabytes)}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), *sys.argv[3:6])
