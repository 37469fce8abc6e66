"""Transactions that are done again where they surely did not come about (faults D10, D11)."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection

from reminder.errors import TransactionFailed
from reminder.store.engine import Store

TRIES = 5
FIRST_PAUSE = 0.2
"""Seconds before the second try; then twice as long each time, half of it more or less: some 3 seconds in all."""
Done = TypeVar("Done")


def transact(
    store: Store,
    work: Callable[[Connection], Done],
    *,
    confirm: Callable[[Connection], Done | None] | None = None,
    is_harmless_again: bool = False,
) -> Done:
    """`work` in a writing transaction of its own, at most 5 times, after growing pauses with jitter. `work` must bear being done
    again, so it changes nothing outside of the database.

    Where the answer to the commit was lost, `confirm` looks by an idempotency key whether it came about, and gives what `work` gave,
    or None where it did not. With `is_harmless_again` it is done again instead, since its keys keep it from having effect twice. With
    neither, the failure is raised, and the next pass finds out. Raises as `Store.begin`.
    """
    is_unknown = False
    for attempt in range(1, TRIES + 1):
        try:
            if is_unknown and confirm is not None and (done := _look(store, confirm)) is not None:
                return done
            is_unknown = False
            with store.begin() as conn:
                return work(conn)
        except TransactionFailed as failure:
            is_unknown = is_unknown or failure.is_unknown
            if attempt == TRIES or (is_unknown and confirm is None and not is_harmless_again):
                raise
        threading.Event().wait(FIRST_PAUSE * 2.0 ** (attempt - 1) * random.uniform(0.5, 1.5))
    raise AssertionError("unreachable: the last try returns or raises")


def _look(store: Store, confirm: Callable[[Connection], Done | None]) -> Done | None:
    with store.read() as conn:
        return confirm(conn)
