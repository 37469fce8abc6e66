"""What a party asks for in its reply, beside its answers or instead of them: a person decides about each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from reminder.domain.workdays import Unit


class Asked(StrEnum):
    """What is asked for."""

    MORE_TIME = "more_time"
    NOT_OURS = "not_ours"
    DEPUTY = "deputy"
    BY_PHONE = "by_phone"  # the answer was given on the phone


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyRequest:
    """One request, with the line that makes it."""

    what: Asked
    words: str
    until: date | None = None
    count: int = 0
    unit: Unit | None = None
    """With `count`: how much more time, where no day is named."""
    address: str = ""
    """Of a deputy, or of whoever is responsible instead."""
