"""The end of former keys: a token signed by one is good for half a year after the key was changed (fault G8).

When it was changed is remembered by the installation itself, the first time that it sees another key before the former one: nobody has
to note a date. Killed before the commit, the next start remembers it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from reminder.flows.house import House
from reminder.store import control
from reminder.wire.reply_token import Keyring

log = structlog.get_logger(__name__)

KEY_GRACE = timedelta(days=180)
"""How long tokens of a former key are good: longer than a round lasts."""


def end_former_keys(house: House) -> House:
    """The house whose former keys have their end. Writes only where a key was changed just now, by a clock that can be believed."""
    keyring, now = house.addressing.keyring, house.clock.now()
    with house.store.read() as conn:
        retired = _load(conn, keyring)
        is_changed = _differs(keyring, retired) and not control.judge_clock(conn, now).is_suspicious
    if is_changed:
        with house.store.begin() as conn:
            retired = _note(conn, keyring, now)
        log.info("the key was changed", first=keyring.keys[0].id, former=sorted(retired), accepted_until=(now + KEY_GRACE).isoformat())
    ends = {key: at + KEY_GRACE for key, at in retired.items()}
    return replace(house, addressing=replace(house.addressing, keyring=keyring.with_ends(ends)))


def _differs(keyring: Keyring, retired: Mapping[str, datetime]) -> bool:
    first, *former = keyring.keys
    return first.id in retired or any(key.id not in retired for key in former)


def _load(conn: Connection, keyring: Keyring) -> dict[str, datetime]:
    held = {key.id: control.get_state(conn, _name(key.id)) for key in keyring.keys}
    return {key: datetime.fromisoformat(at) for key, at in held.items() if at}


def _note(conn: Connection, keyring: Keyring, now: datetime) -> dict[str, datetime]:
    first, *former = keyring.keys
    if control.get_state(conn, _name(first.id)):
        control.set_state(conn, _name(first.id), "")  # it signs again
    for key in former:
        if not control.get_state(conn, _name(key.id)):
            control.set_state(conn, _name(key.id), now.isoformat())
    return _load(conn, keyring)


def _name(key: str) -> str:
    return f"key_retired_{key}"
