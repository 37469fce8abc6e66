"""Retention: once a day the bytes of mails whose time is over are cleared; what was recorded of them stays.

Crash story: one transaction holds the clearing, the entry of the history that counts it, and the day on which it was done. Killed
before its commit, the next pass does it; killed after it, nothing more is to do that day.
"""

from __future__ import annotations

from datetime import timedelta

import structlog

from reminder.flows.house import House
from reminder.store import control
from reminder.store.events import append_event
from reminder.store.retention import Purged, purge_bodies

log = structlog.get_logger(__name__)

PURGED = "mails_purged"
DAY = "retention_day"
"""Key of the service's memory: the local day on which it was last done."""
YEAR = timedelta(days=365.25)


def purge_old_mails(house: House) -> Purged:
    """Clears what is older than `keep_mails` of service.yaml; looks once a local day. Nothing where the clock cannot be believed."""
    now, years = house.clock.now(), house.setup.keep_mails
    today = house.setup.calendar.local_day(now).isoformat()
    with house.store.read() as conn:
        if not years or control.get_state(conn, DAY) == today or control.judge_clock(conn, now).is_suspicious:
            return Purged()
    with house.store.begin() as conn:
        purged = purge_bodies(conn, now - years * YEAR)
        control.set_state(conn, DAY, today)
        if purged != Purged():
            append_event(conn, PURGED, now, document={"inbound": purged.inbound, "sent": purged.sent, "years": years})
    if purged != Purged():
        log.info("old mails purged", inbound=purged.inbound, sent=purged.sent)
    return purged
