"""Collecting findings: all of them, over all files, each at its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Protocol

from reminder.configuration.phrases import did_you_mean, known_are, show
from reminder.configuration.translations import translate
from reminder.configuration.wording import Complaint
from reminder.domain.programme import Language, Localised
from reminder.errors import Finding, Severity


class HasPlace(Protocol):
    """Anything with a place in its file; line and column count from 1."""

    @property
    def line(self) -> int:
        """The line."""
        ...

    @property
    def column(self) -> int:
        """The column, in characters."""
        ...


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file."""

    line: int
    column: int


START = Place(1, 1)
NOWHERE = Place(0, 0)
SHOWN_LENGTH = 300
"""Characters of a value from the files that a finding shows."""


@dataclass(slots=True)
class Report:
    """The findings of one file; several reports share one list. What is not translated is said in English."""

    file: str
    findings: list[Finding] = field(default_factory=list)
    language: Language = "en"

    def of_file(self, file: str) -> Report:
        """The report of another file, into the same list and in the same language."""
        return Report(file, self.findings, self.language)

    def add(self, complaint: Complaint, place: HasPlace, **values: object) -> None:
        """Adds one finding, its braces filled in with what can be printed on one line; dates and phrases in its language."""
        message, advice = translate(complaint, self.language)
        shown = {name: printable(show(value, self.language)) for name, value in values.items()}
        self.findings.append(
            Finding(
                file=self.file,
                line=place.line,
                column=place.column,
                message=message.format(**shown),
                advice=advice.format(**shown),
                severity=complaint.severity,
            )
        )


def printable(text: str) -> str:
    """A text fit for a terminal and a log: no control characters, no lone surrogates, no more than is needed to know it by."""
    clean = "".join(char if char.isprintable() else "\ufffd" for char in text)
    return clean if len(clean) <= SHOWN_LENGTH else clean[: SHOWN_LENGTH - 1] + "…"


def near_miss(word: str, known: Iterable[str]) -> str:
    """The known word that was probably meant, or an empty text."""
    by_fold = {one.casefold(): one for one in known}
    close = get_close_matches(word.casefold(), by_fold, n=1, cutoff=0.6)
    return by_fold[close[0]] if close else ""


def hint_for(word: str, known: Sequence[str], *, at_most: int = 15) -> Localised:
    """`Did you mean …?`, else the list of what is known, where it is short."""
    if guess := near_miss(word, known):
        return did_you_mean(guess)
    shown = ", ".join(known[:at_most]) + (", …" if len(known) > at_most else "")
    return known_are(shown)


def in_order(findings: Iterable[Finding], files: Sequence[str]) -> tuple[Finding, ...]:
    """The findings without repetitions, by file, then by place; within one place faults first."""
    rank = {file: index for index, file in enumerate(files)}
    severities = tuple(Severity)
    return tuple(
        sorted(
            dict.fromkeys(findings), key=lambda one: (rank.get(one.file, len(rank)), one.line, one.column, severities.index(one.severity))
        )
    )


_SEVERITIES: Mapping[Language, Mapping[Severity, str]] = {
    "fi": {Severity.FAULT: "virhe", Severity.WARNING: "varoitus", Severity.NOTE: "huomautus"},
    "sv": {Severity.FAULT: "fel", Severity.WARNING: "varning", Severity.NOTE: "anmärkning"},
}


def show_finding(finding: Finding, language: Language) -> str:
    """A finding on one line, its severity in the language; what it says was put into words when it was found."""
    if language not in _SEVERITIES:
        return str(finding)
    place = f"{finding.file}:{finding.line}:{finding.column}" if finding.line else finding.file
    return f"{place}: {_SEVERITIES[language][finding.severity]}: {finding.message} {finding.advice}".rstrip()
