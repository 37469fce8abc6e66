"""Local time, public holidays and working-day arithmetic, each result with its reason.

Facts about days come in as a `Calendar` value; this room knows no library and no country. The reason for a date
comes out of the same function that computes it, so that the two cannot disagree (DESIGN, decision 9).
"""

from __future__ import annotations

import calendar as month_table
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from reminder.domain.programme import Localised

FURTHEST_WALK = 400
"""Days that a walk over closed days may take before we call the calendar absurd."""


class Unit(StrEnum):
    """Units of an offset, as written in schedule.yaml."""

    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    WORKING_DAYS = "working days"


class DeadlineRule(StrEnum):
    """What happens to a deadline that falls on a closed day."""

    FI_150_1930 = "fi-150-1930"
    """Moves to the next working day, as § 5 of the Finnish Act 150/1930 has it. A policy we adopt, see domain.md."""
    EXACT = "exact"
    PREVIOUS = "previous"


class ReasonKind(StrEnum):
    """What one link in the chain of a date says."""

    BASE = "base"  # an anchor, a named date or a date of the file
    OFFSET = "offset"
    SKIPPED = "skipped"  # a closed weekday that was not counted; weekends are left out, nobody asks about them
    PICKED = "picked"  # a weekday, or a date of an anchor, counted from the day before; `amount` counts, 0 is that day itself
    MOVED = "moved"  # a date on a closed day, or in a quiet week, that was moved
    RESULT = "result"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One link in the chain of a date. `name` names the anchor or the holiday; `amount` is signed, in `unit`."""

    kind: ReasonKind
    on: date
    name: Localised | None = None
    amount: int = 0
    unit: Unit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedReason:
    """A date and the chain that led to it, first link first."""

    on: date
    chain: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """A city's days: its time zone, its closed days by name. Saturdays and Sundays are always closed."""

    zone: ZoneInfo
    holidays: Mapping[date, Localised] = field(default_factory=dict)
    quiet: Mapping[date, Localised] = field(default_factory=dict)
    """Days of quiet weeks by name. Offices are open, so they count as working days, but no mail is planned on them."""

    def closed_name(self, day: date) -> Localised | None:
        """The name of the holiday on `day`, or None."""
        return self.holidays.get(day)

    def is_working_day(self, day: date) -> bool:
        """Whether offices are open on `day`."""
        return day.weekday() < 5 and day not in self.holidays

    def local_day(self, instant: datetime) -> date:
        """The local date at an instant."""
        return instant.astimezone(self.zone).date()

    def at(self, day: date, clock: time) -> datetime:
        """The instant, in UTC, of a local wall-clock time; the first of two where the clock is set back."""
        return datetime.combine(day, clock, tzinfo=self.zone).astimezone(UTC)

    def end_of(self, day: date) -> datetime:
        """The instant, in UTC, at which the local day ends; a deadline ends with its day."""
        return self.at(day + timedelta(days=1), time.min)

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; 0 where `end` is not later."""
        span = range(1, max(0, (end - start).days) + 1)
        return sum(self.is_working_day(start + timedelta(days=step)) for step in span)

    def next_working_day(self, day: date, *, step: int = 1, keeps_quiet: bool = False) -> DatedReason:
        """`day` itself where it is open, else the nearest open day in the direction of `step` (+1 or -1).

        With `keeps_quiet` a day of a quiet week is passed over as well. Raises ValueError after 400 days.
        """
        passed: list[Reason] = []
        for _ in range(FURTHEST_WALK):
            is_quiet = keeps_quiet and day in self.quiet
            if self.is_working_day(day) and not is_quiet:
                return DatedReason(on=day, chain=tuple(passed))
            name = self.closed_name(day) or (self.quiet[day] if is_quiet else None)
            passed.append(Reason(kind=ReasonKind.MOVED, on=day, name=name))
            day += timedelta(days=step)
        raise ValueError("no working day within 400 days")

    def add(self, day: date, amount: int, unit: Unit) -> DatedReason:
        """`day` plus a signed offset. The named day is not counted (Act 150/1930 § 2); months end on the month's last day (§ 3)."""
        offset = Reason(kind=ReasonKind.OFFSET, on=day, amount=amount, unit=unit)
        if unit is Unit.WORKING_DAYS:
            moved = self._add_working_days(day, amount)
            return DatedReason(on=moved.on, chain=(offset, *moved.chain))
        if unit is Unit.MONTHS:
            return DatedReason(on=_add_months(day, amount), chain=(offset,))
        days = amount * (7 if unit is Unit.WEEKS else 1)
        return DatedReason(on=day + timedelta(days=days), chain=(offset,))

    def _add_working_days(self, day: date, amount: int) -> DatedReason:
        step = 1 if amount >= 0 else -1
        skipped: list[Reason] = []
        for _ in range(abs(amount)):
            for _ in range(FURTHEST_WALK):
                day += timedelta(days=step)
                if self.is_working_day(day):
                    break
                if (name := self.closed_name(day)) is not None and day.weekday() < 5:
                    skipped.append(Reason(kind=ReasonKind.SKIPPED, on=day, name=name))
            else:
                raise ValueError("no working day within 400 days")
        return DatedReason(on=day, chain=tuple(skipped))

    def settle(self, day: date, rule: DeadlineRule) -> DatedReason:
        """Where a deadline on `day` comes to stand under `rule`."""
        if rule is DeadlineRule.EXACT:
            return DatedReason(on=day)
        return self.next_working_day(day, step=-1 if rule is DeadlineRule.PREVIOUS else 1)


def _add_months(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, month_table.monthrange(year, month + 1)[1]))
