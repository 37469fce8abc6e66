"""docs/configuration.md has an entry for every key and setting, and its examples are accepted."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reminder.configuration import keys
from reminder.configuration.findings import Report
from reminder.configuration.nodes import read_tree
from reminder.configuration.rules import NOTHING, read_rule
from reminder.configuration.schedule_file import read_schedule
from reminder.configuration.service_file import read_service
from reminder.configuration.settings_model import SECRETS, VARIABLES
from reminder.domain.rounds import DateRule
from reminder.domain.workdays import DeadlineRule, Unit
from reminder.errors import Severity

PAGE = Path(__file__).parents[2] / "docs" / "configuration.md"


def section_of(heading: str) -> str:
    """The text of one second-level section."""
    text = PAGE.read_text(encoding="utf-8")
    found = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found is not None, heading
    return found[1]


def rows_of(text: str) -> set[str]:
    """The words in backquotes of the first two cells of the tables, where keys are entered."""
    lines = [line.split("|")[1:3] for line in text.splitlines() if line.startswith("| ")]
    return {word for cells in lines for cell in cells for word in re.findall(r"`([^`]+)`", cell)}


@pytest.mark.parametrize("file", keys.KNOWN_FILES)
def test_every_key_has_an_entry(file: str) -> None:
    """Each key that a file may hold stands in a table of its section."""
    wanted = {key for group in keys.ALL[file] for key in group} - {"dates", "programmes"}
    assert wanted - rows_of(section_of(file)) == set()
    assert all(f"`{key}`" in section_of(file) for group in keys.ALL[file] for key in group)


def test_every_setting_has_an_entry() -> None:
    """Each variable has a row, each secret names its file form, and no row is about a setting that does not exist."""
    entered = {line.split("`")[1] for line in section_of("Settings").splitlines() if line.startswith("| `REMINDER_")}
    assert entered == set(VARIABLES)
    assert all(f"`{name}_FILE`" in section_of("Settings") for name in SECRETS)


def test_the_grammar_is_complete() -> None:
    """Every unit and every deadline rule is named."""
    text = section_of("schedule.yaml")
    assert all(unit.value.removesuffix("s") in text for unit in Unit)
    assert all(f"`{rule.value}`" in text for rule in DeadlineRule)


def test_the_examples_are_accepted() -> None:
    """Every example of service.yaml and schedule.yaml is read without a fault; a part of a file may lack the rest."""
    for file, read in ((keys.SERVICE_FILE, read_service), (keys.SCHEDULE_FILE, read_schedule)):
        examples = [part.split("```")[0] for part in section_of(file).split("```yaml\n")[1:]]
        for example in examples:
            report = Report(file)
            read(read_tree(example, report), report)
            assert [str(one) for one in report.findings if one.severity is Severity.FAULT] == []
        assert examples


def test_every_form_of_a_date_rule_is_a_rule() -> None:
    """What the table of date rules shows is read by the grammar."""
    table = section_of("schedule.yaml").partition("### Date rules")[2].partition("Offsets are")[0]
    forms = [form for line in table.splitlines() if line.startswith("| `") for form in re.findall(r"`([^`]+)`", line.split("|")[1])]

    assert [form for form in forms if form != NOTHING and not isinstance(read_rule(form), DateRule)] == []
    assert len(forms) > 12
