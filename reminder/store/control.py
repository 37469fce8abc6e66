"""The switches of the service: armed and paused; and the watch on the clock (DESIGN, decision 11 and limits)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select

from reminder.store.dialects import upsert
from reminder.store.schema import service_state

CLOCK_TOLERANCE = timedelta(minutes=2)
"""How far the clock may step back without a word: time servers correct by seconds."""
FURTHEST_JUMP = timedelta(days=400)

_ARMED_AT = "armed_at"
_PAUSED_AT, _PAUSED_UNTIL, _PAUSED_ALL, _PAUSED_BECAUSE = "paused_at", "paused_until", "paused_all", "paused_because"
_HIGH_WATER = "clock_high_water"


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """How the switches stand. Not armed, nothing at all is sent; a pause holds schedule mails, or everything."""

    armed_at: datetime | None = None
    paused_at: datetime | None = None
    paused_until: datetime | None = None
    is_paused_all: bool = False
    paused_because: str = ""

    @property
    def is_armed(self) -> bool:
        """Whether sending was switched on."""
        return self.armed_at is not None

    def is_paused(self, now: datetime) -> bool:
        """Whether a pause is in force; one with an end goes by itself."""
        return self.paused_at is not None and (self.paused_until is None or now < self.paused_until)

    def holds_schedule_mails(self, now: datetime) -> bool:
        """Whether schedule mails must stay."""
        return not self.is_armed or self.is_paused(now)

    def holds_everything(self, now: datetime) -> bool:
        """Whether acknowledgements and alerts must stay too."""
        return not self.is_armed or (self.is_paused_all and self.is_paused(now))


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockVerdict:
    """Whether the clock can be believed, and if not, why. `high_water` is the latest instant that was believed."""

    is_suspicious: bool
    reason: str
    high_water: datetime


def get_state(conn: Connection, key: str) -> str | None:
    """A value of the service's own memory, or None."""
    return conn.execute(select(service_state.c.value).where(service_state.c.key == key)).scalar()


def set_state(conn: Connection, key: str, value: str) -> None:
    """Keeps a value in the service's own memory, in place of an earlier one."""
    upsert(conn, service_state, {"key": key, "value": value})


def load_control(conn: Connection) -> Control:
    """How the switches stand."""
    values: Mapping[str, str] = {row.key: row.value for row in conn.execute(select(service_state))}
    return Control(
        armed_at=_instant(values.get(_ARMED_AT)),
        paused_at=_instant(values.get(_PAUSED_AT)),
        paused_until=_instant(values.get(_PAUSED_UNTIL)),
        is_paused_all=_PAUSED_ALL in values,
        paused_because=values.get(_PAUSED_BECAUSE, ""),
    )


def arm(conn: Connection, now: datetime) -> None:
    """Switches sending on. What a first arming does with steps already due is the flow's to decide."""
    if get_state(conn, _ARMED_AT) is None:
        set_state(conn, _ARMED_AT, now.isoformat())


def disarm(conn: Connection) -> None:
    """Switches all sending off."""
    _forget(conn, _ARMED_AT)


def pause(conn: Connection, now: datetime, *, until: datetime | None = None, everything: bool = False, because: str = "") -> None:
    """Holds schedule mails, or `everything`, until an instant or until resumed. A new pause takes the place of an earlier one."""
    resume(conn)
    set_state(conn, _PAUSED_AT, now.isoformat())
    set_state(conn, _PAUSED_BECAUSE, because)
    if until is not None:
        set_state(conn, _PAUSED_UNTIL, until.isoformat())
    if everything:
        set_state(conn, _PAUSED_ALL, "yes")


def resume(conn: Connection) -> None:
    """Ends a pause."""
    _forget(conn, _PAUSED_AT, _PAUSED_UNTIL, _PAUSED_ALL, _PAUSED_BECAUSE)


def observe_clock(conn: Connection, now: datetime) -> ClockVerdict:
    """As `judge_clock`, and remembers the latest instant seen.

    What is suspicious does not move the mark, so that the verdict stays until the clock is right or `accept_clock` is called.
    """
    verdict = judge_clock(conn, now)
    if not verdict.is_suspicious and verdict.high_water == now:
        accept_clock(conn, now)
    return verdict


def judge_clock(conn: Connection, now: datetime) -> ClockVerdict:
    """Compares the clock with the latest instant seen. It may not go backwards, nor more than 400 days ahead at once."""
    mark = _instant(get_state(conn, _HIGH_WATER))
    if mark is not None and now < mark - CLOCK_TOLERANCE:
        return ClockVerdict(is_suspicious=True, reason=f"The clock went backwards: it was {_shown(mark)} already.", high_water=mark)
    if mark is not None and now > mark + FURTHEST_JUMP:
        return ClockVerdict(is_suspicious=True, reason=f"The clock is more than 400 days ahead of {_shown(mark)}.", high_water=mark)
    return ClockVerdict(is_suspicious=False, reason="", high_water=now if mark is None else max(mark, now))


def accept_clock(conn: Connection, now: datetime) -> None:
    """Believes the clock, whatever was seen before: a person has looked at it."""
    set_state(conn, _HIGH_WATER, now.isoformat())


def _forget(conn: Connection, *keys: str) -> None:
    conn.execute(delete(service_state).where(service_state.c.key.in_(keys)))


def _instant(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)


def _shown(instant: datetime) -> str:
    return instant.isoformat(timespec="minutes")
