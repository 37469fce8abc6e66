"""A worker that claims until nothing is due."""

from __future__ import annotations

from reminder.store import outbox
from reminder.store.engine import Store
from tests.store.cast import LEASE, NOW


def claim_all(store: Store, name: str) -> list[str]:
    """The ids of all mails that this worker got."""
    got: list[str] = []
    while True:
        with store.begin() as conn:
            claimed = outbox.claim(conn, name, NOW, lease=LEASE, limit=7)
        if not claimed:
            return got
        got += [mail.id for mail in claimed]


def run(url: str, name: str) -> list[str]:
    """The same in a process of its own."""
    return claim_all(Store.open(url), name)
