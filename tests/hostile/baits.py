"""For every regular expression that the parser uses, texts made from it that almost match: what makes a pattern backtrack.

Each repetition of a pattern is pumped, each alternative is taken in turn, and something that fits nowhere ends the text.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from types import ModuleType
from typing import Any
from unittest.mock import patch

import reminder.parse
import reminder.wire
from tests.corpus.stored import load_cases, load_sent
from tests.corpus.world import understand_case

PUMPED = 24
"""How often one repetition is repeated within a piece; the piece is repeated as a whole."""
FULL = 60_000
"""Characters of a bait."""
NOWHERE = "\ufffe\x01"

_parser: Any = importlib.import_module("re._parser")
_compile: Any = vars(re)["_compile"]


@lru_cache(maxsize=1)
def find_patterns() -> tuple[str, ...]:
    """The patterns of the rooms that read, those made while mails are read among them. Each once."""
    found: dict[str, None] = {}
    for module in _modules(reminder.parse, reminder.wire):
        for value in vars(module).values():
            for one in value if isinstance(value, tuple | list) else (value,):
                if isinstance(one, re.Pattern):
                    found.setdefault(_text_of(one.pattern))

    def compile_and_note(pattern: object, flags: object) -> object:
        if isinstance(pattern, str | bytes):
            found.setdefault(_text_of(pattern))
        return _compile(pattern, flags)

    with patch.object(re, "_compile", compile_and_note):
        for case in load_cases()[::6]:
            understand_case(case.raw, case.received_at, load_sent())
    return tuple(found)


def _modules(*packages: ModuleType) -> Iterator[ModuleType]:
    for package in packages:
        for one in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            yield importlib.import_module(one.name)


def _text_of(pattern: str | bytes) -> str:
    return pattern.decode("latin-1") if isinstance(pattern, bytes) else pattern


def make_baits(pattern: str) -> tuple[str, ...]:
    """Up to three texts that almost match: first alternatives, last alternatives, and with long repetitions."""
    tree = _parser.parse(pattern)
    pieces = dict.fromkeys(
        [_write(tree, first=True, pumped=2), _write(tree, first=False, pumped=2), _write(tree, first=True, pumped=PUMPED)]
    )
    return tuple(_fill(piece) for piece in pieces if piece)


def _fill(piece: str) -> str:
    return f"1.5: {piece * (FULL // len(piece) + 1)}"[:FULL] + NOWHERE


def _write(tree: Iterable[Any], *, first: bool, pumped: int) -> str:
    return "".join(_write_one(str(operator), value, first=first, pumped=pumped) for operator, value in tree)


def _write_one(operator: str, value: Any, *, first: bool, pumped: int) -> str:
    match operator:
        case "LITERAL":
            return chr(value)
        case "NOT_LITERAL":
            return "a" if value != ord("a") else "b"
        case "ANY":
            return "a"
        case "IN":
            return _pick(value, first=first)
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            least, most, inner = value
            return _write(inner, first=first, pumped=pumped) * min(int(most), max(int(least), pumped))
        case "SUBPATTERN":
            return _write(value[3], first=first, pumped=pumped)
        case "ATOMIC_GROUP":
            return _write(value, first=first, pumped=pumped)
        case "BRANCH":
            return _write(value[1][0 if first else -1], first=first, pumped=pumped)
        case "ASSERT":
            return _write(value[1], first=first, pumped=pumped) if value[0] > 0 else ""
        case _:
            return ""


def _pick(members: Iterable[Any], *, first: bool) -> str:
    """A character of a class."""
    listed = [(str(operator), value) for operator, value in members]
    excluded = re.compile("[" + "".join(_class_text(*one) for one in listed if one[0] != "NEGATE") + "]")
    if ("NEGATE", None) in listed:
        candidates: tuple[str, ...] = (*"ab 1.-x\n", *map(chr, range(0x3000)))
        return next(char for char in candidates if not excluded.match(char))
    operator, value = listed[0 if first else -1]
    if operator == "CATEGORY":
        samples: Mapping[str, str] = {"DIGIT": "1", "SPACE": " ", "WORD": "a"}
        return samples.get(str(value).removeprefix("CATEGORY_"), "-")
    return chr(value[0] if operator == "RANGE" else value)


def _class_text(operator: str, value: Any) -> str:
    if operator == "RANGE":
        return f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
    if operator == "CATEGORY":
        name = str(value).removeprefix("CATEGORY_")
        return {"DIGIT": r"\d", "SPACE": r"\s", "WORD": r"\w", "NOT_DIGIT": r"\D", "NOT_SPACE": r"\S", "NOT_WORD": r"\W"}[name]
    return re.escape(chr(value))
