"""The small types of the JSON Schemas: texts, dates, years, date rules, each as wide as what the program reads.

An editor reads YAML with types where the program reads texts, so `3.10`, `2024` and `no` are allowed wherever a text is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reminder.configuration.rules import NOTHING, ORDINALS, RHYTHMS, SIDES, UNITS
from reminder.configuration.sections import NO, YES
from reminder.domain.programme import LANGUAGES

Schema = dict[str, object]

_DATE = r"(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}\.\s?\d{1,2}\.\s?\d{4})"
_TIME = r"\d{1,2}[:.]\d{2}"
_NAME = r"[a-z][a-z0-9_]*"
_ID = r"[a-z0-9][a-z0-9_-]{0,63}"
_MINUS = "[-−–—]"


def one_of(words: Sequence[str]) -> str:
    """Words as alternatives of a pattern, the longest first."""
    return f"(?:{'|'.join(sorted(words, key=len, reverse=True))})"


_UNIT = one_of(tuple(UNITS))
_AMOUNT = rf"\d{{1,4}} +{_UNIT}"
_PREFIX = rf"(?:{_AMOUNT} +{one_of(tuple(SIDES))} +|(?:{one_of(tuple(ORDINALS))} +)?{_NAME} +(?:on or +)?{one_of(tuple(SIDES))} +)"
_MOMENT = rf"{_PREFIX}{{0,4}}(?:{_DATE}|{_NAME})(?: *(?:\+|{_MINUS}) *{_AMOUNT})?"
RULE_PATTERN = rf"^{_MOMENT}(?: +(?:at +)?{_TIME})?$"
REPEAT_PATTERN = rf"^then every +(?:\d{{1,3}} +)?{_UNIT}$"
_OVERDUE_PATTERN = f"{RULE_PATTERN}|{REPEAT_PATTERN}"
_END = rf"(?:complete|closes|{_MOMENT})"
DIGEST_PATTERN = rf"^(?:{NOTHING}|every +{one_of(tuple(RHYTHMS))}(?: +at)? +{_TIME}(?: +from +{_MOMENT})?(?: +until +{_END})?)$"
QUIET_PATTERN = rf"^(?:weeks? +\d{{1,2}}(?: ?{_MINUS} ?\d{{1,2}})?(?: +(?:of +)?\d{{4}})?|{_DATE}(?:\s+(?:{_MINUS}|to)\s+{_DATE})?)$"
SPAN_PATTERN = rf"^{_DATE}(?:\s+(?:{_MINUS}|to)\s+{_DATE})?$"
CLOCK_SPAN_PATTERN = rf"^{_TIME}\s*{_MINUS}\s*{_TIME}$"
WISH_PATTERN = rf"^(?:{_DATE}\s+)?(?:at\s+)?{_TIME}$"

TEXT: Schema = {"type": ["string", "number", "boolean"]}
LOCALISED: Schema = {
    "anyOf": [
        TEXT,
        {"type": "object", "properties": dict.fromkeys(LANGUAGES, TEXT), "additionalProperties": False, "minProperties": 1},
    ]
}
ID: Schema = {"anyOf": [{"type": "string", "pattern": f"^{_ID}$"}, {"type": "integer"}]}
DATE: Schema = {"type": "string", "pattern": f"^{_DATE}$"}
CLOCK: Schema = {"type": ["string", "number"], "pattern": f"^{_TIME}$"}
YES_NO: Schema = {"anyOf": [{"type": "boolean"}, {"enum": sorted(YES | NO)}]}
YEAR: Schema = {
    "anyOf": [{"type": "integer", "minimum": 2000, "maximum": 2100}, {"type": "string", "pattern": rf"^\d{{4}}(?:\s*{_MINUS}\s*\d{{4}})?$"}]
}
YEARS: Schema = {"anyOf": [YEAR, {"type": "array", "items": YEAR}]}
RULE: Schema = {"type": "string", "pattern": RULE_PATTERN}
STEP: Schema = {"anyOf": [RULE, {"const": NOTHING}]}
STEPS: Schema = {"anyOf": [STEP, {"type": "array", "items": RULE}]}
OVERDUE: Schema = {"anyOf": [STEP, {"type": "array", "items": {"type": "string", "pattern": _OVERDUE_PATTERN}}]}
DIGEST: Schema = {"type": "string", "pattern": DIGEST_PATTERN}
ADDRESS: Schema = {"type": "string", "pattern": r"^[^@\s]+@[^@\s]+\.[^@\s]+$"}
_ANCHOR_DAY: Schema = {"type": "string", "pattern": rf"^{_DATE}(?:\s+\(?(?:planned|confirmed)\)?)?$"}
ANCHOR_DATES: Schema = {
    "anyOf": [
        {"type": "string", "pattern": r"^every\s+\d{1,2}\.\s?\d{1,2}\.$"},
        {
            "type": "object",
            "patternProperties": {r"^\d{4}$": {"anyOf": [_ANCHOR_DAY, {"type": "array", "items": _ANCHOR_DAY}]}},
            "additionalProperties": False,
        },
    ]
}


def words(choices: Sequence[str]) -> Schema:
    """One of several words."""
    return {"enum": [str(choice) for choice in choices]}


def many(item: Mapping[str, object]) -> Schema:
    """A list, or a single value in its place."""
    return {"anyOf": [dict(item), {"type": "array", "items": dict(item)}]}


def keyed(value: Mapping[str, object], *, pattern: str = f"^{_ID}$") -> Schema:
    """A table whose keys are names of the admin's own."""
    return {"type": "object", "patternProperties": {pattern: dict(value)}, "additionalProperties": False}


def table(properties: Mapping[str, Schema], *, needed: Sequence[str] = ()) -> Schema:
    """A table of known keys."""
    found: Schema = {"type": "object", "properties": dict(properties), "additionalProperties": False}
    return {**found, "required": list(needed)} if needed else found
