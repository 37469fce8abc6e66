"""What the year's picture needs to know, prepared by the flows, complete in itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from reminder.domain.programme import Localised
from reminder.domain.rounds import StepKind
from reminder.domain.workdays import DatedReason


class MailState(StrEnum):
    """Where a mail of the year stands."""

    PLANNED = "planned"
    DUE = "due"  # its time has come, and it has not been sent
    WAITING_APPROVAL = "waiting_approval"  # written, and the coordinator has not said yes
    SENT = "sent"
    SKIPPED = "skipped"
    NOT_NEEDED = "not_needed"  # as things stand it will not be sent: all is reported, or the limit is reached
    UNKNOWN = "unknown"  # there is no database that could say


@dataclass(frozen=True, slots=True, kw_only=True)
class YearParty:
    """One party that a mail is for, and the addresses that it goes to."""

    id: str
    name: Localised
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class YearMail:
    """One step of the year for all parties that have it at the same time, for the same reason, and in the same state."""

    programme: str
    round: str
    round_name: Localised
    kind: StepKind
    ordinal: int
    version: int
    at: datetime
    """Local."""
    why: DatedReason
    state: MailState
    state_reason: str = ""
    state_on: date | None = None
    parties: tuple[YearParty, ...] = ()
    """Empty for a digest."""
    recipients: tuple[str, ...] = ()
    """Addresses, each once."""

    @property
    def on(self) -> date:
        """The local day."""
        return self.at.date()

    @property
    def is_active(self) -> bool:
        """Whether the mail is, or was, really there."""
        return self.state not in {MailState.SKIPPED, MailState.NOT_NEEDED}


class MarkKind(StrEnum):
    """A day that means something without a mail of its own."""

    ANCHOR = "anchor"
    DEADLINE = "deadline"
    CLOSES = "closes"


@dataclass(frozen=True, slots=True, kw_only=True)
class YearMark:
    """An anchor, a deadline or the close of a round. `parties` only where it is theirs alone, as after an extension."""

    kind: MarkKind
    on: date
    name: Localised | None = None
    programme: str = ""
    round: str = ""
    round_name: Localised | None = None
    parties: tuple[Localised, ...] = ()
    is_planned: bool = False


class SpellKind(StrEnum):
    """A decision that lies over the files for a time."""

    EXTENSION = "extension"
    PAUSE = "pause"
    AWAY = "away"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class YearSpell:
    """An extension, a pause or an absence. `until` is None where it lasts until somebody ends it."""

    kind: SpellKind
    start: date
    until: date | None = None
    who: Localised | None = None
    because: str = ""
    what: str = ""
    """The name of the decision, where the kind is another one."""

    def covers(self, day: date) -> bool:
        """Whether the day lies in it."""
        return self.start <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class YearView:
    """Everything that the year shows."""

    title: Localised
    office: Localised
    instance: str
    as_of: datetime
    """Local."""
    closed: Mapping[date, Localised] = field(default_factory=dict)
    quiet: Mapping[date, Localised] = field(default_factory=dict)
    mails: tuple[YearMail, ...] = ()
    marks: tuple[YearMark, ...] = ()
    spells: tuple[YearSpell, ...] = ()
    first: date
    """First day of the first month shown."""
    last: date
    """Last day of the last month shown."""
    has_store: bool = False
    is_armed: bool = False
    has_several_rounds: bool = False

    @property
    def today(self) -> date:
        """The local day."""
        return self.as_of.date()

    def months(self) -> tuple[date, ...]:
        """The first day of each month shown."""
        found, month = [], self.first.replace(day=1)
        while month <= self.last:
            found.append(month)
            month = (month + timedelta(days=31)).replace(day=1)
        return tuple(found)

    def is_open(self, day: date) -> bool:
        """Whether offices are open."""
        return day.weekday() < 5 and day not in self.closed


def span_of(days: Iterable[date], *, at_least: int = 12) -> tuple[date, date]:
    """Whole months from the first day to the last, at least so many. Raises ValueError where there is no day."""
    known = sorted(days)
    if not known:
        raise ValueError("there is nothing to show")
    first = known[0].replace(day=1)
    index = max(known[-1].year * 12 + known[-1].month, first.year * 12 + first.month + at_least - 1)
    year, month = divmod(index, 12)
    return first, date(year, month + 1, 1) - timedelta(days=1)
