"""Trouble with the mailbox: remembered in the database, tried again ever more seldom, told once to the coordinators.

A refused login is repeated after 5 minutes, then after ever longer, at most hourly: many servers lock an account after some refusals, and
that must not be our doing (fault M11). A restart of the service does not shorten the 5 minutes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import structlog
from sqlalchemy import Connection

from reminder.errors import FolderAway, LoginFailure, MailboxFailure, TemporaryFailure
from reminder.flows.alerting import post_alert
from reminder.flows.house import House
from reminder.flows.mailbox_words import alert_texts
from reminder.store import control

log = structlog.get_logger(__name__)

KEY = "mailbox_trouble"
_TOLD = "mailbox_told"
_POLLED = "mailbox_polled"
_TOLD_AGAIN = timedelta(days=1)


class TroubleKind(StrEnum):
    """What can be wrong, each with its own back-off and its own words."""

    CONNECTION = "connection"
    LOGIN = "login"
    FOLDER = "folder"
    """The folder of the replies is missing, or a second one that is to be read."""
    MOVING = "moving"
    DELETING = "deleting"
    """Replies to an anonymous survey that were counted cannot be deleted on the server."""
    FULL = "full"
    """The database has reached its limit: new mail stays on the server."""


_DELAYS: Mapping[TroubleKind, tuple[int, ...]] = {
    TroubleKind.CONNECTION: (0, 1, 2, 5, 15),
    TroubleKind.LOGIN: (5, 10, 20, 40, 60),
    TroubleKind.MOVING: (1, 5, 15, 60),
}
"""Minutes until it is tried again after the first, second, … failure in a row; a kind that is not here is looked at in every pass."""
_TOLD_AFTER: Mapping[TroubleKind, timedelta] = {
    TroubleKind.CONNECTION: timedelta(minutes=30),
    TroubleKind.LOGIN: timedelta(minutes=4),
    TroubleKind.FOLDER: timedelta(minutes=5),
    TroubleKind.MOVING: timedelta(hours=1),
    TroubleKind.DELETING: timedelta(minutes=10),
    TroubleKind.FULL: timedelta(0),
}
"""What heals by itself within this time is told to nobody."""
_RED_AT_ONCE = frozenset(TroubleKind) - {TroubleKind.CONNECTION}
_SHORTEST_LOGIN = timedelta(minutes=_DELAYS[TroubleKind.LOGIN][0])


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxTrouble:
    """One trouble that stands. `failed_at` is the last failure, `count` how many in a row."""

    kind: TroubleKind
    since: datetime
    failed_at: datetime
    retry_at: datetime
    text: str
    count: int
    is_told: bool = False

    @property
    def is_red(self) -> bool:
        """Whether it makes the service red by itself; a lost connection does not before the last poll is too old."""
        return self.kind in _RED_AT_ONCE


def load_troubles(conn: Connection) -> tuple[MailboxTrouble, ...]:
    """What is wrong with the mailbox now."""
    stored = control.get_state(conn, KEY)
    return tuple(_read(entry) for entry in json.loads(stored)) if stored else ()


def list_troubles(house: House) -> tuple[MailboxTrouble, ...]:
    """As `load_troubles`, in a transaction of its own."""
    with house.store.read() as conn:
        return load_troubles(conn)


def refuse_too_early(house: House, now: datetime) -> None:
    """Raises TemporaryFailure where the mailbox is to be left alone until later.

    The first pass of a process tries at once, for its settings may have been mended; after a refused login not before 5 minutes.
    """
    is_first = _POLLED not in house.memory
    for trouble in list_troubles(house):
        if trouble.kind not in {TroubleKind.CONNECTION, TroubleKind.LOGIN}:
            continue
        until = trouble.retry_at
        if is_first:
            until = trouble.failed_at + _SHORTEST_LOGIN if trouble.kind is TroubleKind.LOGIN else now
        # A clock that was put back must not make this long.
        if now < until <= now + timedelta(hours=1):
            told = f"The mailbox is left alone until {until.isoformat(timespec='seconds')}: {trouble.text}"
            raise TemporaryFailure(told, advice="`reminder collect` tries at once.")


def may_move(house: House, now: datetime) -> bool:
    """Whether moving may be tried now."""
    waits = (trouble.retry_at for trouble in list_troubles(house) if trouble.kind is TroubleKind.MOVING)
    return not any(now < until <= now + timedelta(hours=1) for until in waits)


def is_reachable(house: House) -> bool:
    """Whether the last poll of this process went well; the listener connects only then."""
    return house.memory.get(_POLLED) is True


def note_poll(house: House, failure: MailboxFailure | None) -> None:
    """Remembers how a poll went: it failed, or the mailbox was reached."""
    house.memory[_POLLED] = failure is None
    reached = {TroubleKind.CONNECTION, TroubleKind.LOGIN}
    if failure is None:
        end_trouble(house, *reached)
        return
    kind = TroubleKind.LOGIN if isinstance(failure, LoginFailure) else TroubleKind.CONNECTION
    end_trouble(house, *(reached - {kind}))
    note_trouble(house, TroubleKind.FOLDER if isinstance(failure, FolderAway) else kind, failure.message)


def note_trouble(house: House, kind: TroubleKind, text: str) -> None:
    """Counts a failure, and tells the coordinators once where it lasts."""
    now = house.clock.now()
    with house.store.begin() as conn:
        known = {trouble.kind: trouble for trouble in load_troubles(conn)}
        before = known.get(kind)
        count = before.count + 1 if before else 1
        since = before.since if before else now
        minutes = _DELAYS.get(kind, (0,))
        trouble = MailboxTrouble(
            kind=kind,
            since=since,
            failed_at=now,
            retry_at=now + timedelta(minutes=minutes[min(count, len(minutes)) - 1]),
            text=text[:500],
            count=count,
            is_told=before.is_told if before else False,
        )
        if not trouble.is_told and now - since >= _TOLD_AFTER[kind]:
            trouble = replace(trouble, is_told=True)
            _tell(conn, house, trouble, now)
        _save(conn, (known | {kind: trouble}).values())
    log.warning("trouble with the mailbox", kind=kind.value, count=count, reason=text)


def end_trouble(house: House, *kinds: TroubleKind) -> None:
    """These are over. Writes nothing where none of them was."""
    if not any(trouble.kind in kinds for trouble in list_troubles(house)):
        return
    with house.store.begin() as conn:
        _save(conn, [trouble for trouble in load_troubles(conn) if trouble.kind not in kinds])
    log.info("trouble with the mailbox is over", kinds=sorted(kind.value for kind in kinds))


def _tell(conn: Connection, house: House, trouble: MailboxTrouble, now: datetime) -> None:
    """One mail; what comes and goes is told once a day."""
    told: dict[str, str] = json.loads(control.get_state(conn, _TOLD) or "{}")
    last = told.get(trouble.kind.value)
    if last is not None and timedelta(0) <= now - datetime.fromisoformat(last) < _TOLD_AGAIN:
        return
    control.set_state(conn, _TOLD, json.dumps(told | {trouble.kind.value: now.isoformat()}))
    post_alert(conn, house, alert_texts(trouble.kind.value, trouble.text), trouble.since, now)


def _save(conn: Connection, troubles: Iterable[MailboxTrouble]) -> None:
    entries = [asdict(trouble) for trouble in troubles]
    control.set_state(conn, KEY, json.dumps(entries, default=datetime.isoformat, ensure_ascii=False) if entries else "")


def _read(entry: dict[str, Any]) -> MailboxTrouble:
    instants = {key: datetime.fromisoformat(entry[key]) for key in ("since", "failed_at", "retry_at")}
    return MailboxTrouble(**{**entry, **instants, "kind": TroubleKind(entry["kind"])})
