"""docs/faults.md has every fault, and names no test that does not show it."""

from __future__ import annotations

from tests.faults.markers import marked_in
from tests.faults.table import ROOT, TABLE, read_faults, read_table

MARKED = marked_in(ROOT / "tests")


def test_markers_name_faults_that_exist() -> None:
    """A mistyped id shows nothing."""
    assert {(fault, file) for fault, file in MARKED if fault not in read_faults().lines} == set()


def test_the_table_names_only_tests_that_carry_the_marker() -> None:
    """After a file was renamed or a marker taken away: `make fault-list`."""
    named = {(fault, test.file) for fault, tests in read_table(TABLE.read_text(encoding="utf-8")).of.items() for test in tests}

    assert named - MARKED == set()


def test_every_fault_has_a_row_with_its_line() -> None:
    text = TABLE.read_text(encoding="utf-8")

    missing = [fault for fault, line in read_faults().lines.items() if f"| {fault} | {line.replace(';', ';<br>', 1)} |" not in text]

    assert missing == []
