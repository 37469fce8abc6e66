"""Whether the database can be written, counted from pass to pass (fault D1).

While it cannot, nothing can be noted in it either: the count is this process's own, the log and the page for Prometheus tell of it,
and the coordinators get one mail when it is over.
"""

from __future__ import annotations

from dataclasses import replace

import structlog

from reminder.flows.alerting import post_alert
from reminder.flows.house import House
from reminder.flows.lasting_troubles import Trouble
from reminder.flows.trouble_words import STORE, words_of

log = structlog.get_logger(__name__)

ALARM_AFTER = 5
"""Passes in a row."""
_KEY = "store_trouble"


def find_store_trouble(house: House) -> Trouble | None:
    """The trouble as it is now, once it has lasted for five passes."""
    trouble = house.memory.get(_KEY)
    return trouble if isinstance(trouble, Trouble) and trouble.count >= ALARM_AFTER else None


def count_store_trouble(house: House, text: str) -> None:
    """One more pass that could not be written."""
    known = house.memory.get(_KEY)
    if isinstance(known, Trouble):
        trouble = replace(known, text=text, count=known.count + 1)
    else:
        trouble = Trouble(since=house.clock.now(), text=text, count=1, is_told=False)
    house.memory[_KEY] = trouble
    if trouble.count == ALARM_AFTER:
        log.error("the database cannot be written", passes=trouble.count, since=trouble.since.isoformat(), reason=text)


def end_store_trouble(house: House) -> None:
    """A pass was written. Where five before it were not, the coordinators are told now. Raises StoreUnavailable."""
    if (trouble := find_store_trouble(house)) is not None:
        with house.store.begin() as conn:
            post_alert(conn, house, words_of(STORE, trouble), trouble.since, house.clock.now())
    house.memory.pop(_KEY, None)
