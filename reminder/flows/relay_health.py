"""Relay trouble kept apart from message trouble (invariant O11): the relay is backed off as a whole, mails keep their turn."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from sqlalchemy import Connection

from reminder.edges.ports import SendOutcome, SendResult
from reminder.flows.house import House
from reminder.store import control

KEY = "relay_trouble"
DELAYS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15))
"""How long the relay is left alone after its first, second, … failure in a row."""


REFUSED_IN_A_ROW = "refused_in_a_row"
"""Why sending was paused by the program itself; the pause holds everything but alerts until somebody resumes."""
ALARM_AFTER = timedelta(minutes=30)
"""How long a relay may be down before the coordinator is written to, and how long it may throttle us before that is red."""


def may_try(conn: Connection, now: datetime) -> bool:
    """Whether the relay may be tried again now."""
    trouble = load_trouble(conn)
    return trouble is None or datetime.fromisoformat(trouble["retry_at"]) <= now


def load_trouble(conn: Connection) -> dict[str, str] | None:
    """What is wrong with the relay: since, retry_at, result, text; None while it is well."""
    stored = control.get_state(conn, KEY)
    return json.loads(stored) if stored else None


def find_trouble(house: House) -> tuple[str, ...]:
    """What is wrong with the relay, in a sentence; empty while it is well."""
    with house.store.read() as conn:
        trouble = load_trouble(conn)
    return (f"The relay does not take mails just now: {trouble['text']}",) if trouble else ()


def observe(conn: Connection, outcome: SendOutcome, now: datetime) -> None:
    """Notes how the relay behaved: any talk that reached a message clears its trouble, unless the relay asks to be left alone. What it
    asks for goes before what we would choose."""
    trouble = load_trouble(conn)
    if outcome.result not in {SendResult.RELAY_DOWN, SendResult.RELAY_REFUSED} and not outcome.retry_after:
        if trouble is not None:
            control.set_state(conn, KEY, "")
        return
    if trouble is not None and datetime.fromisoformat(trouble["retry_at"]) > now:
        return  # another lane, or another worker, has met the same failure
    count = int(trouble["count"]) + 1 if trouble else 1
    document = {
        "count": str(count),
        "since": trouble["since"] if trouble else now.isoformat(),
        "retry_at": (now + (timedelta(seconds=outcome.retry_after) or DELAYS[min(count, len(DELAYS)) - 1])).isoformat(),
        "result": outcome.result.value,
        "text": outcome.text[:500],
        "is_throttled": "yes" if outcome.is_throttled else "",
        "alerted_at": trouble.get("alerted_at", "") if trouble else "",
    }
    control.set_state(conn, KEY, json.dumps(document, ensure_ascii=False))


def is_alarming(trouble: dict[str, str], now: datetime) -> bool:
    """Whether it is red: at once, but for a relay that only asks us to slow down, since that ends by itself."""
    return not trouble.get("is_throttled") or now - datetime.fromisoformat(trouble["since"]) >= ALARM_AFTER


def claim_alert(conn: Connection, trouble: dict[str, str], now: datetime) -> bool:
    """Whether the coordinator is to be written to now: once for one trouble, when it has lasted half an hour."""
    if trouble.get("alerted_at") or now - datetime.fromisoformat(trouble["since"]) < ALARM_AFTER:
        return False
    control.set_state(conn, KEY, json.dumps({**trouble, "alerted_at": now.isoformat()}, ensure_ascii=False))
    return True
