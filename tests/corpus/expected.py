"""What a careful person reads in a mail, and how a reading is compared with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from reminder.domain.readings import Answer, Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One answer. Light and phase are always compared; words and dates where they are given here."""

    light: str | None = None
    phase: str | None = None
    text: str | None = None
    next: str | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """The reading of one mail. `asks` gives the reason for each number that must be asked about."""

    kind: str = "reply"
    verdict: str = "applied"
    answers: Mapping[str, Said] = field(default_factory=dict)
    asks: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] | None = None
    trust: str = ""
    provisional: bool | None = None
    away_until: str = ""
    asks_status: bool | None = None
    """Whether the mail asks how things stand; compared where it is said here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One mail of the corpus."""

    name: str
    raw: bytes
    received_at: datetime
    expected: Expected
    trusted_authserv: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """How one reading compares. A light that was not given is `wrong`; one that was given and not taken is `missed`."""

    right: int = 0
    missed: int = 0
    wrong: int = 0
    faults: tuple[str, ...] = ()


def green(text: str | None = None, **more: Any) -> Said:
    """A green answer."""
    return Said(light="green", text=text, **more)


def yellow(text: str | None = None, **more: Any) -> Said:
    """A yellow answer."""
    return Said(light="yellow", text=text, **more)


def red(text: str | None = None, **more: Any) -> Said:
    """A red answer."""
    return Said(light="red", text=text, **more)


def compare(expected: Expected, reading: Reading) -> Comparison:
    """Counts lights, and lists every difference in words."""
    given = {answer.item.number: answer for answer in reading.answers}
    faults = [*_kinds(expected, reading), *_asks(expected, reading)]
    right = missed = 0
    for number, said in expected.answers.items():
        differences = _differences(number, said, given.get(number))
        faults += differences
        is_right = number in given and _light(given[number]) == said.light and _phase(given[number]) == said.phase
        right, missed = right + is_right, missed + (number not in given)
    wrong = sum(
        (number not in expected.answers and (answer.light or answer.phase) is not None)
        or (number in expected.answers and _light(answer) != expected.answers[number].light)
        for number, answer in given.items()
    )
    faults += [f"{number}: {_light(given[number])} was not given" for number in given if number not in expected.answers]
    return Comparison(right=right, missed=missed, wrong=wrong, faults=tuple(faults))


def _kinds(expected: Expected, reading: Reading) -> list[str]:
    found = {
        "kind": (expected.kind, reading.kind.value),
        "verdict": (expected.verdict, reading.verdict.value),
        "missing": (expected.missing, None if expected.missing is None else tuple(item.number for item in reading.missing)),
        "trust": (expected.trust, reading.sender.trust.value if expected.trust and reading.sender else ""),
        "away": (expected.away_until, str(reading.away_until) if expected.away_until else ""),
    }
    faults = [f"{name}: expected {wanted}, read {read}" for name, (wanted, read) in found.items() if wanted != read]
    if expected.asks_status is not None and expected.asks_status != bool(reading.asks_status_of):
        faults.append(f"asks status: expected {expected.asks_status}")
    if expected.provisional is not None and any(answer.is_provisional != expected.provisional for answer in reading.answers):
        faults.append(f"provisional: expected {expected.provisional}")
    return faults


def _asks(expected: Expected, reading: Reading) -> list[str]:
    asked = {ask.number: ask.reason.value for ask in reading.ask_back}
    return [] if asked == dict(expected.asks) else [f"asks: expected {dict(expected.asks)}, read {asked}"]


def _differences(number: str, said: Said, answer: Answer | None) -> list[str]:
    if answer is None:
        return [f"{number}: {said.light or said.phase} was missed"]
    by = str(answer.next_on) if answer.next_on else ""
    pairs = (
        ("light", said.light, _light(answer)),
        ("phase", said.phase, _phase(answer)),
        ("text", said.text, answer.text),
        ("next", said.next, answer.next_step),
        ("by", said.by, by),
    )
    return [
        f"{number}.{name}: expected {wanted!r}, read {read!r}"
        for name, wanted, read in pairs
        if wanted != read and not (wanted is None and name in {"text", "next", "by"})
    ]


def _light(answer: Answer) -> str | None:
    return answer.light.value if answer.light else None


def _phase(answer: Answer) -> str | None:
    return answer.phase.value if answer.phase else None
