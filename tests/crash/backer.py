"""A backup or a restore in a process of its own, killed just before its n-th step on the disk; 0 lets it end.

python -m tests.crash.backer backup|restore DATABASE FILE STEP
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from reminder.store import backup, restoring
from reminder.store.engine import Store

STEPS = {"sqlite3.connect", "os.rename", "os.remove", "os.link", "os.chmod"}
NOW = datetime(2025, 3, 4, 8, 0, tzinfo=UTC)


def main(what: str, database: str, file: str, at: int) -> None:
    """Does it, or dies on the way."""
    numbers = count(1)

    def step(*_: object) -> None:
        if next(numbers) == at:
            os.kill(os.getpid(), signal.SIGKILL)

    store = Store.open(f"sqlite:///{database}")
    sys.addaudithook(lambda name, _: step() if name in STEPS else None)
    if what == "backup":
        backup.back_up(store, Path(file), NOW, is_replacing=True, on_progress=step)
    else:
        with store.lock_service():
            restoring.restore(store, Path(file), NOW, on_progress=step)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
