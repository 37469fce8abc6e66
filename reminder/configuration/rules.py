"""The grammar of schedule.yaml: `due - 5 working days`, `2 weeks before due`, `first council after due at 12:00`, `then every 2 weeks`.

Pure: a text becomes a rule or None. The words stand in one table each, so that the grammar grows by a line.

    rule    = moment [["at"] time]
    moment  = base [("+" | "-") offset]
            | offset ("before" | "after") moment
            | [ordinal] (weekday | anchor) ["on or"] ("before" | "after") moment
    base    = anchor | "request" | "due" | date
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import time

from reminder.configuration.findings import near_miss
from reminder.configuration.values import read_date, read_time
from reminder.domain.rounds import DateRule, DigestRule, Pick, Repeat
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

WEEKDAYS = {"monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5, "sunday": 6}
RHYTHMS: dict[str, int | None] = {**WEEKDAYS, "working day": None}
ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5, "next": 1}
SIDES = {"after": 1, "before": -1}
REQUEST, DUE, NOTICE = "request", "due", "notice"
NOTHING = "none"
"""Written in the place of a rule: this step is left out, whatever `defaults` or the round say."""
WORDS = frozenset({"then", "every", "from", "until", "complete", "closes", "at", "on", "or", NOTHING, *SIDES, *ORDINALS, *WEEKDAYS})
RESERVED = WORDS | {REQUEST, DUE, "working", *UNITS}

_ANCHOR_ID = re.compile(r"[a-z][a-z0-9_]{0,63}")
_OFFSET_TEXT = r"(?P<amount>\d{1,4}) (?P<unit>(?:working )?[a-z]+)"
_BASE = re.compile(
    rf"(?P<base>\d{{4}}-\d{{1,2}}-\d{{1,2}}|\d{{1,2}}\.\d{{1,2}}\.\d{{4}}|[a-z][a-z0-9_]*)(?: ?(?P<sign>[+\-]) ?{_OFFSET_TEXT})?", re.ASCII
)
_SHIFT = re.compile(rf"{_OFFSET_TEXT} (?P<side>before|after) (?P<rest>.+)", re.ASCII)
_PICK = re.compile(
    r"(?:(?P<ordinal>[a-z0-9]+) )?(?P<what>[a-z][a-z0-9_]*) (?P<included>on or )?(?P<side>before|after) (?P<rest>.+)", re.ASCII
)
_AT = re.compile(r"(?P<moment>.+?) (?:at )?(?P<at>\d{1,2}[:.]\d{2})", re.ASCII)
_REPEAT = re.compile(r"then every (?:(?P<amount>\d{1,3}) )?(?P<unit>[a-z ]+)", re.ASCII)
_DIGEST = re.compile(
    r"every (?P<day>working day|[a-z]+)(?: at)? (?P<at>\d{1,2}[:.]\d{2})(?: from (?P<start>.+?))?(?: until (?P<end>.+))?", re.ASCII
)
_COUNT = re.compile(r"(?P<amount>\d{1,3})(?: (?P<unit>[a-z ]+))?", re.ASCII)
DEEPEST = 5
"""Moments within moments."""


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
    moment, at = _squeeze(text), None
    if match := _AT.fullmatch(moment):
        moment, at = match["moment"], read_time(match["at"])
        if at is None:
            return None
    rule = _read_moment(moment, DEEPEST)
    return replace(rule, at=at, written=" ".join(text.split())) if isinstance(rule, DateRule) else rule


def _read_moment(text: str, depth: int) -> DateRule | TooFar | None:
    if depth == 0:
        return None
    if match := _BASE.fullmatch(text):
        return _read_base(match)
    if match := _SHIFT.fullmatch(text):
        return _shift(_read_moment(match["rest"], depth - 1), _read_offset(match, SIDES[match["side"]]))
    if match := _PICK.fullmatch(text):
        return _pick(_read_moment(match["rest"], depth - 1), match)
    return None


def _read_base(match: re.Match[str]) -> DateRule | TooFar | None:
    base = match["base"]
    if base[0].isdigit():
        day = read_date(base)
        if day is None:
            return None
        base = day.isoformat()
    elif base in RESERVED - {REQUEST, DUE}:
        return None
    rule = DateRule(base=base)
    return rule if match["sign"] is None else _shift(rule, _read_offset(match, -1 if match["sign"] == "-" else 1))


def _read_offset(match: re.Match[str], side: int) -> tuple[int, Unit] | TooFar | None:
    unit = UNITS.get(match["unit"])
    if unit is None:
        return None
    amount = int(match["amount"])
    return TooFar() if amount > FURTHEST[unit] else (side * amount, unit)


def _shift(rule: DateRule | TooFar | None, offset: tuple[int, Unit] | TooFar | None) -> DateRule | TooFar | None:
    """The rule with one more offset; None where it has one at its end already: two in a row would count twice."""
    if not isinstance(rule, DateRule) or not isinstance(offset, tuple):
        return offset if isinstance(offset, TooFar) and rule is not None else (rule if isinstance(rule, TooFar) else None)
    amount, unit = offset
    if rule.picks:
        *earlier, last = rule.picks
        return replace(rule, picks=(*earlier, replace(last, amount=amount, unit=unit))) if not last.amount else None
    return replace(rule, amount=amount, unit=unit) if not rule.amount else None


def _pick(rule: DateRule | TooFar | None, match: re.Match[str]) -> DateRule | TooFar | None:
    ordinal, what = match["ordinal"], match["what"]
    if not isinstance(rule, DateRule) or (ordinal is not None and ordinal not in ORDINALS):
        return rule if isinstance(rule, TooFar) else None
    if what not in WEEKDAYS and not is_anchor_id(what):
        return None
    turn = SIDES[match["side"]] * (1 if ordinal is None else ORDINALS[ordinal])
    weekday = WEEKDAYS.get(what)
    pick = Pick(turn=turn, weekday=weekday, anchor=what if weekday is None else "", includes_day=match["included"] is not None)
    return replace(rule, picks=(*rule.picks, pick))


def read_repeat(text: str) -> Repeat | None:
    """`then every 2 weeks`, `then every month`."""
    match = _REPEAT.fullmatch(_squeeze(text))
    unit = None if match is None else UNITS.get(match["unit"])
    if match is None or unit is None:
        return None
    amount = int(match["amount"] or 1)
    return Repeat(amount=amount, unit=unit) if 1 <= amount <= FURTHEST[unit] else None


def read_digest(text: str) -> DigestRule | None:
    """`every monday 08:30 from request until complete`; without `from`, from the request on; `until` may name a day as well."""
    match = _DIGEST.fullmatch(_squeeze(text))
    if match is None or match["day"] not in RHYTHMS:
        return None
    start, end = read_rule(match["start"] or REQUEST), match["end"]
    until = None if end in {None, "complete", "closes"} else read_rule(end)
    clock: time | None = read_time(match["at"])
    if clock is None or not isinstance(start, DateRule) or (until is None) is (end not in {None, "complete", "closes"}):
        return None
    return None if isinstance(until, TooFar) else DigestRule(weekday=RHYTHMS[match["day"]], at=clock, start=start, until=until)


def read_working_days(text: str) -> int | None:
    """`5 working days`, or the number alone; at least 1 and at most 60."""
    match = _COUNT.fullmatch(_squeeze(text))
    if match is None or UNITS.get(match["unit"] or "working days") is not Unit.WORKING_DAYS or not 1 <= int(match["amount"]) <= 60:
        return None
    return int(match["amount"])


def looks_like_repeat(text: str) -> bool:
    """Whether somebody meant a repetition."""
    return _squeeze(text).startswith(("then", "every"))


def find_guess(text: str, anchors: tuple[str, ...] = ()) -> str:
    """The word that was probably meant, where one word of a rule is a near miss of one that we know; else an empty text."""
    known = {part for phrase in (*UNITS, *RHYTHMS, *RESERVED) for part in phrase.split()} | set(anchors)
    for word in re.findall(r"[a-z][a-z0-9_]{2,}", _squeeze(text)):
        if word not in known and (guess := near_miss(word, known)):
            return guess
    return ""


def anchors_of(rule: DateRule) -> tuple[str, ...]:
    """What a rule hangs on by name: its base, where that is no date, and the anchors that it picks."""
    base = () if rule.base[0].isdigit() else (rule.base,)
    return (*base, *(pick.anchor for pick in rule.picks if pick.anchor))
