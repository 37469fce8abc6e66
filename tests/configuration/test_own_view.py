"""The sub-committee's own view in the files: whom it is asked of, when, and each fault with its advice (decision 0037)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from reminder.configuration.loading import load_setup
from reminder.domain.programme import LightOf
from reminder.domain.rounds import OwnView

Edit = Callable[[str, str, str], None]
LAST = "    digest: every monday 08:30 from request until complete\n"
HEARINGS = "    hearings: {on: [2025-03-17, 2025-03-24], from: 13:00, until: 16:00}\n"
PEOPLE = "sub_committee: {presenter: anna, light_of: presenter}\n"


def write(folder: Path, round_lines: str, people: str = PEOPLE) -> None:
    """Adds lines to the round and to contacts.yaml of the sample."""
    for name, old, new in (("schedule.yaml", LAST, LAST + round_lines), ("contacts.yaml", "", people)):
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1) if old else f"{text}\n{new}", encoding="utf-8")


@pytest.mark.parametrize(
    ("written", "view"),
    [
        ("{inform: 2025-03-03, ask: 2025-03-31}", OwnView(inform_on=date(2025, 3, 3), ask_on=date(2025, 3, 31))),
        ("{inform: none}", OwnView(inform_on=None, ask_on=date(2025, 3, 25))),
        ("{ask: 2025-03-26}", OwnView(inform_on=date(2025, 3, 10), ask_on=date(2025, 3, 26))),
    ],
)
def test_what_is_read(folder: Path, written: str, view: OwnView) -> None:
    """Before the first meeting and after the last, where the file names no days."""
    write(folder, f"{HEARINGS}    sub_committee: {written}\n")
    loaded = load_setup(folder)
    assert loaded.setup is not None, loaded.findings
    own = loaded.setup.directory.sub_committee
    assert loaded.setup.rounds[0].own_view == view
    assert ([one.id for one in own.judges], [one.id for one in own.readers], own.light_of) == (["anna"], ["anna"], LightOf.PRESENTER)


@pytest.mark.parametrize(
    ("round_lines", "people", "complaint"),
    [
        ("    sub_committee: {ask: 2025-03-26}\n", "", "does not say whom to ask"),
        ("    sub_committee: {ask: 2025-03-26}\n", "sub_committee: {presenter: anna, light_of: members}\n", "Name the `members`"),
        ("    sub_committee: {inform: 2025-03-26}\n", PEOPLE, "Nothing says when"),
        ("    sub_committee: {inform: 2025-03-26, ask: 2025-03-26}\n", PEOPLE, "which is not before they are asked"),
        ("    sub_committee: {ask: 2025-03-26}\n", "sub_committee: {presenter: nobody-known}\n", "nobody-known"),
    ],
)
def test_what_is_wrong(folder: Path, round_lines: str, people: str, complaint: str) -> None:
    """Each fault is told with what to do."""
    write(folder, round_lines, people)
    assert complaint in "\n".join(str(one) for one in load_setup(folder).findings)
