"""Troubles of the service itself that last: remembered from when they began, mailed once to the coordinators, ended when all is well."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection

from reminder.domain.programme import Language
from reminder.flows.alerting import AlertText, post_alert
from reminder.flows.house import House
from reminder.store import control

AT_ONCE = timedelta(0)
Words = Callable[["Trouble"], Mapping[Language, AlertText]]


class Lasting(StrEnum):
    """What can last."""

    PAGE = "page"
    ROOM = "room"
    CRASHES = "crashes"
    MAILS = "mails"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One that is open. `count` is how often it was met, `text` what was said the last time; neither names a person."""

    since: datetime
    text: str
    count: int
    is_told: bool


def load_lasting(conn: Connection, which: Lasting) -> Trouble | None:
    """The open trouble of this kind, or None."""
    stored = control.get_state(conn, _key(which))
    if not stored:
        return None
    held = json.loads(stored)
    return Trouble(since=datetime.fromisoformat(held["since"]), text=held["text"], count=held["count"], is_told=held["is_told"])


def note_lasting(house: House, which: Lasting, text: str, words: Words, *, after: timedelta = AT_ONCE, least: int = 1) -> Trouble:
    """Notes that it was met once more. When it has lasted `after` and was met `least` times the coordinators get one mail, in the
    same transaction: killed at any moment there is never a second one."""
    now = house.clock.now()
    with house.store.begin() as conn:
        known = load_lasting(conn, which)
        since, count = (known.since, known.count + 1) if known else (now, 1)
        was_told = known is not None and known.is_told
        is_due = not was_told and count >= least and now - since >= after
        trouble = Trouble(since=since, text=text[:500], count=count, is_told=was_told or is_due)
        if is_due:
            post_alert(conn, house, words(trouble), since, now)
        held = {"since": since.isoformat(), "text": trouble.text, "count": count, "is_told": trouble.is_told}
        control.set_state(conn, _key(which), json.dumps(held, ensure_ascii=False))
    return trouble


def end_lasting(house: House, which: Lasting) -> None:
    """All is well again. Writes only where something was open."""
    with house.store.read() as conn:
        is_open = load_lasting(conn, which) is not None
    if is_open:
        with house.store.begin() as conn:
            control.set_state(conn, _key(which), "")


def _key(which: Lasting) -> str:
    return f"lasting_{which.value}"
