"""The grammar of schedule.yaml: `due - 5 working days`, `then every 2 weeks`, `every monday 08:30 from request until complete`.

Pure: a text becomes a rule or None. The words stand in one table each, so that the grammar grows by a line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time

from reminder.configuration.findings import near_miss
from reminder.configuration.values import read_date, read_time
from reminder.configuration.wording import DID_YOU_MEAN
from reminder.domain.rounds import DateRule, DigestRule, Repeat
from reminder.domain.workdays import Unit

UNITS = {
    "day": Unit.DAYS,
    "days": Unit.DAYS,
    "week": Unit.WEEKS,
    "weeks": Unit.WEEKS,
    "month": Unit.MONTHS,
    "months": Unit.MONTHS,
    "working day": Unit.WORKING_DAYS,
    "working days": Unit.WORKING_DAYS,
}
FURTHEST = {Unit.DAYS: 730, Unit.WEEKS: 104, Unit.MONTHS: 24, Unit.WORKING_DAYS: 500}
"""The largest offset of each unit: about two years, which the calendar covers on both sides."""

WEEKDAYS = {"monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5, "sunday": 6, "working day": None}
REQUEST, DUE = "request", "due"
RESERVED = frozenset({REQUEST, DUE, "then", "every", "from", "until", "complete"})

_ANCHOR_ID = re.compile(r"[a-z][a-z0-9_]{0,63}")
_DATE_TEXT = r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}\.\d{1,2}\.\d{4}"
_RULE = re.compile(rf"(?P<base>{_DATE_TEXT}|[a-z][a-z0-9_]*)(?: ?(?P<sign>[+\-]) ?(?P<amount>\d{{1,4}}) (?P<unit>[a-z ]+))?", re.ASCII)
_REPEAT = re.compile(r"then every (?:(?P<amount>\d{1,3}) )?(?P<unit>[a-z ]+)", re.ASCII)
_DIGEST = re.compile(
    r"every (?P<day>working day|[a-z]+)(?: at)? (?P<at>\d{1,2}[:.]\d{2})(?: from (?P<start>.+?))?(?: until (?P<end>.+))?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class TooFar:
    """A rule that is well written but reaches beyond the calendar."""


def is_anchor_id(text: str) -> bool:
    """Whether a text can name an anchor within a rule; no hyphen, since `-` subtracts."""
    return _ANCHOR_ID.fullmatch(text) is not None and text not in RESERVED


def _squeeze(text: str) -> str:
    folded = " ".join(text.casefold().split())
    return re.sub("[−–—]", "-", folded)


def read_rule(text: str) -> DateRule | TooFar | None:
    """A date rule; None where the text is none."""
    match = _RULE.fullmatch(_squeeze(text))
    if match is None:
        return None
    base = match["base"]
    if base[0].isdigit():
        day = read_date(base)
        if day is None:
            return None
        base = day.isoformat()
    elif base in RESERVED - {REQUEST, DUE}:
        return None
    if match["sign"] is None:
        return DateRule(base=base, written=_tidy(text))
    unit = UNITS.get(match["unit"])
    if unit is None:
        return None
    amount = int(match["amount"])
    if amount > FURTHEST[unit]:
        return TooFar()
    return DateRule(base=base, amount=-amount if match["sign"] == "-" else amount, unit=unit, written=_tidy(text))


def read_repeat(text: str) -> Repeat | None:
    """`then every 2 weeks`, `then every month`."""
    match = _REPEAT.fullmatch(_squeeze(text))
    unit = None if match is None else UNITS.get(match["unit"])
    if match is None or unit is None:
        return None
    amount = int(match["amount"] or 1)
    return Repeat(amount=amount, unit=unit) if 1 <= amount <= FURTHEST[unit] else None


def read_digest(text: str) -> DigestRule | None:
    """`every monday 08:30 from request until complete`; without `from`, from the request on."""
    match = _DIGEST.fullmatch(_squeeze(text))
    if match is None or match["day"] not in WEEKDAYS or match["end"] not in {None, "complete"}:
        return None
    start = read_rule(match["start"] or REQUEST)
    clock: time | None = read_time(match["at"])
    if clock is None or not isinstance(start, DateRule):
        return None
    return DigestRule(weekday=WEEKDAYS[match["day"]], at=clock, start=start)


def looks_like_repeat(text: str) -> bool:
    """Whether somebody meant a repetition."""
    return _squeeze(text).startswith(("then", "every"))


def guess_word(text: str) -> str:
    """A hint where one word of a rule is a near miss of a word that we know."""
    for word in re.findall(r"[a-z]{3,}", _squeeze(text)):
        known = {part for phrase in (*UNITS, *WEEKDAYS) for part in phrase.split()} | RESERVED
        if word not in known and (guess := near_miss(word, known)):
            return " " + DID_YOU_MEAN.format(guess=guess)
    return ""


def _tidy(text: str) -> str:
    return " ".join(text.split())
