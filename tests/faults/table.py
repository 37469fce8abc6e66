"""The table of the faults: which there are, which tests show how each ends, and what the last run said.

`docs/faults.md` is written from three things: `faults.toml` (the ids and what must come of each, and why one is not shown), the markers
of the tests, and the results of a run. It is read back too, so that a run of some tests leaves what is known of the others.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Literal

Outcome = Literal["passed", "failed", "not run"]

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "docs" / "faults.md"
FAULTS = Path(__file__).with_name("faults.toml")

_WORST: tuple[Outcome, ...] = ("failed", "not run", "passed")
_ROW = re.compile(r"^\| (?P<id>[A-Z]\d+) \| (?P<happens>[^|]*) \| (?P<tests>[^|]*) \| (?P<result>[^|]*) \|$", re.MULTILINE)
_FILE = re.compile(r"`(?P<file>[^`]+\.py)`: (?P<names>[^<]+)")
_SAID = re.compile(r"(?P<outcome>failed|not run): (?P<names>[\w, ]+)")

_HEAD = """\
# The faults

What can break, what must come of it, and the tests that show it. `make faults` runs those tests and writes this page; do not edit it by
hand. How to add a test is told in [faults and proofs](proofs.md#a-test-for-a-fault).

{summary}

| id | what happens; what comes of it | shown by | result |
|---|---|---|---|
"""


@dataclass(frozen=True, slots=True, order=True)
class Shown:
    """A test that shows how a fault ends: its file below tests/ and its name without `test_`."""

    file: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """`faults.toml`: each id with its line, and the reasons why one is not shown, or not yet."""

    lines: Mapping[str, str]
    pending: Mapping[str, str]
    cannot: Mapping[str, str]


@dataclass(slots=True)
class Results:
    """What the last run of each test said, by fault."""

    of: dict[str, dict[Shown, Outcome]] = field(default_factory=dict)

    def note(self, fault: str, test: Shown, outcome: Outcome) -> None:
        """Of several cases of one test in one run the worst counts."""
        known = self.of.setdefault(fault, {})
        known[test] = min(outcome, known.get(test, outcome), key=_WORST.index)

    def take(self, newer: Results) -> None:
        """What a newer run said takes the place of what was known of the same test."""
        for fault, tests in newer.of.items():
            self.of.setdefault(fault, {}).update(tests)

    def keep_only(self, marked: Iterable[tuple[str, Shown]]) -> None:
        """Tests that are gone are forgotten, new ones have not run."""
        old, self.of = self.of, {}
        for fault, test in marked:
            self.of.setdefault(fault, {})[test] = old.get(fault, {}).get(test, "not run")


def read_faults() -> Faults:
    """The ids with their lines, in the order of the file."""
    content = tomllib.loads(FAULTS.read_text(encoding="utf-8"))
    return Faults(lines=content["faults"], pending=content["pending"], cannot=content["cannot"])


def read_table(text: str) -> Results:
    """What a written table says of each test."""
    results = Results()
    for row in _ROW.finditer(text):
        said = {name: found["outcome"] for found in _SAID.finditer(row["result"]) for name in found["names"].split(", ")}
        all_of_them = row["result"].partition("; ")[0]
        for group in _FILE.finditer(row["tests"]):
            for name in group["names"].strip().split(", "):
                results.note(row["id"], Shown(group["file"], name), _outcome(said.get(name, all_of_them)))
    return results


def _outcome(said: str) -> Outcome:
    """Only what is not sound is named in a row, and nothing where all say the same."""
    return next((each for each in _WORST if each == said), "passed")


def write_table(faults: Faults, results: Results) -> str:
    """The page, one row a fault."""
    rows = "".join(_row(fault, faults, results.of.get(fault, {})) for fault in faults.lines)
    return _HEAD.format(summary=_summary(faults, results)) + rows


def _row(fault: str, faults: Faults, tests: Mapping[Shown, Outcome]) -> str:
    shown = "<br>".join(
        f"`{file}`: {', '.join(test.name for test in group)}" for file, group in groupby(sorted(tests), key=lambda test: test.file)
    )
    line = re.sub(r";", ";<br>", faults.lines[fault], count=1)
    return f"| {fault} | {line} | {shown} | {'; '.join(_result(fault, faults, tests))} |\n"


def _result(fault: str, faults: Faults, tests: Mapping[Shown, Outcome]) -> Iterator[str]:
    outcomes = set(tests.values())
    for outcome in _WORST:
        names = [test.name for test in sorted(tests) if tests[test] == outcome]
        if outcomes == {outcome}:
            yield outcome
        elif names and outcome != "passed":
            yield f"{outcome}: {', '.join(names)}"
    if fault in faults.pending:
        yield f"pending ({faults.pending[fault]})"
    if fault in faults.cannot:
        yield f"cannot be shown here, because {faults.cannot[fault]}"
    if not tests and fault not in faults.pending and fault not in faults.cannot:
        yield "no test yet"


def _summary(faults: Faults, results: Results) -> str:
    tests = [results.of.get(fault, {}) for fault in faults.lines]
    passed = sum(bool(each) and set(each.values()) == {"passed"} for each in tests)
    failed = sum("failed" in each.values() for each in tests)
    waiting = sum("not run" in each.values() and "failed" not in each.values() for each in tests)
    untested = [fault for fault in faults.lines if not results.of.get(fault)]
    pending = sum(fault in faults.pending for fault in untested)
    cannot = sum(fault in faults.cannot and fault not in faults.pending for fault in untested)
    names = len({test for each in tests for test in each})
    return (
        f"Of {len(faults.lines)} faults {passed} are shown and passed, {failed} failed, {waiting} wait for a run, {pending} are pending,\n"
        f"{cannot} cannot be shown here, {len(untested) - pending - cannot} have no test yet. Tests: {names}, many of several cases."
    )
