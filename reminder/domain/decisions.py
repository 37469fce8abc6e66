"""What the coordinator decides by hand beside the files: one more mail to a party, a round closed or opened again.

An extension stands in `rounds`; a waiver is only a name in a set.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from reminder.domain.rounds import StepKind

ADDED_STEPS = 1000
"""Ordinals from here on are steps that were added by hand or by a changed programme; those of the schedule stay below."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedStep:
    """One more mail to a party. `ordinal` is never given twice, so that each added step is settled once."""

    programme: str
    round: str
    party: str
    kind: StepKind
    ordinal: int
    at: datetime
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """The last day of a round, as decided by hand. `is_closed`: nothing more goes out from the moment of the decision on."""

    programme: str
    round: str
    last_day: date
    is_closed: bool
    because: str
    decided_at: datetime
