"""The key `contacts` of a round: its default, what it may hang on, and how it is left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from reminder.configuration.loading import load_or_raise, load_setup
from reminder.domain.rounds import DateRule
from reminder.domain.workdays import Unit
from tests.configuration.conftest import Edit

FILE, NOTICE = "schedule.yaml", "notice: financial_statements - 6 weeks"


def rule_of(folder: Path) -> DateRule | None:
    """What the first round says of it."""
    return load_or_raise(folder).rounds[0].schedule.contacts


def test_two_weeks_before_the_first_mail_is_the_default(folder: Path, edit: Edit) -> None:
    """Before the notice, and without one before the request."""
    assert rule_of(folder) == DateRule(base="notice", amount=-2, unit=Unit.WEEKS)
    edit(FILE, NOTICE, "notice: none")
    assert rule_of(folder) == DateRule(base="request", amount=-2, unit=Unit.WEEKS)


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("none", None),
        ("request - 5 working days", DateRule(base="request", amount=-5, unit=Unit.WORKING_DAYS, written="request - 5 working days")),
        ("3 weeks before notice", DateRule(base="notice", amount=-3, unit=Unit.WEEKS, written="3 weeks before notice")),
        ("2024-12-02", DateRule(base="2024-12-02", written="2024-12-02")),
    ],
)
def test_written(folder: Path, edit: Edit, written: str, rule: DateRule | None) -> None:
    """Any date rule, `notice` among its bases; `none` switches the list off."""
    edit(FILE, NOTICE, f"{NOTICE}\n    contacts: {written}")

    assert rule_of(folder) == rule


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (NOTICE, "notice: none\n    contacts: notice - 2 weeks", "`notice` is not an anchor."),
        (NOTICE, f"{NOTICE}\n    contacts: request + 1 day", "The list of contacts would go out on"),
        (NOTICE, "notice: notice - 6 weeks", "`notice` is not an anchor."),
    ],
)
def test_what_cannot_be(folder: Path, edit: Edit, old: str, new: str, message: str) -> None:
    """A notice that is not there, a day after the parties were asked, and `notice` under another key."""
    edit(FILE, old, new)

    assert any(message in finding.message for finding in load_setup(folder).findings)
