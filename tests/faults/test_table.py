"""The table of the faults is whole, is written by a run also where xdist runs the tests, and knows no other ids."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.markers import marked_in
from tests.faults.table import ROOT, Results, Shown, read_faults, read_table, write_table

_COUNTS = {"K": 19, "S": 22, "M": 14, "D": 12, "C": 9, "G": 11, "P": 12, "A": 13, "U": 4}

_CONFTEST = """
from tests.faults.plugin import FaultTable, add_option


def pytest_addoption(parser):
    add_option(parser)


def pytest_configure(config):
    config.addinivalue_line("markers", "fault: of the table")
    config.pluginmanager.register(FaultTable(config))
"""

_TESTS = """
import pytest


@pytest.mark.fault("K1", "S5")
def test_holds():
    pass


@pytest.mark.parametrize("even", [pytest.param(2, marks=pytest.mark.fault("M1")), pytest.param(3, marks=pytest.mark.fault("M2"))])
def test_some_cases(even):
    assert even % 2 == 0


@pytest.mark.fault("M3")
def test_cannot_run():
    pytest.skip("no server")


@pytest.fixture
def broken():
    yield
    raise OSError


@pytest.mark.fault("K1")
def test_not_cleared_away(broken):
    pass
"""


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        str(folder),
        "-c",
        "/dev/null",
        *arguments,
        str(folder),
    ]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)


@pytest.fixture
def few(tmp_path: Path) -> Path:
    (tmp_path / "conftest.py").write_text(_CONFTEST)
    (tmp_path / "test_few.py").write_text(_TESTS)
    return tmp_path


def rows(text: str) -> dict[str, str]:
    return {line.split(" | ")[0].strip("| "): line for line in text.splitlines() if line.startswith("| ")}


def test_there_are_116_faults_each_with_a_line() -> None:
    lines = read_faults().lines

    assert {letter: sum(fault[0] == letter for fault in lines) for letter in _COUNTS} == _COUNTS
    assert len(lines) == 116
    assert all(line.count(";") == 1 and "|" not in line for line in lines.values())


def test_reasons_are_about_faults_that_exist() -> None:
    faults = read_faults()

    assert faults.pending.keys() | faults.cannot.keys() <= faults.lines.keys()


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_run_writes_what_it_saw(few: Path, workers: str) -> None:
    table = few / "table.md"

    done = run(few, "-n", workers, "--fault-table", str(table))

    shown = rows(table.read_text(encoding="utf-8"))
    assert done.returncode == 1
    assert len(shown) == 116 + 1
    assert shown["S5"].endswith("| `test_few.py`: holds | passed |")
    assert shown["K1"].endswith("| `test_few.py`: holds, not_cleared_away | failed: not_cleared_away |")
    assert shown["M1"].endswith("| `test_few.py`: some_cases | passed |")
    assert shown["M2"].endswith("| `test_few.py`: some_cases | failed |")
    assert shown["M3"].endswith("| `test_few.py`: cannot_run | not run |")
    assert shown["C1"].endswith("|  | no test yet |")


@pytest.mark.slow
def test_collecting_keeps_what_is_known(few: Path) -> None:
    table = few / "table.md"
    run(few, "--fault-table", str(table))
    more = _TESTS.replace("def test_holds", "def test_holds_still") + '\n\n@pytest.mark.fault("C1")\ndef test_new():\n    pass\n'
    (few / "test_few.py").write_text(more)

    run(few, "--collect-only", "--fault-table", str(table))

    shown = rows(table.read_text(encoding="utf-8"))
    assert shown["M1"].endswith("| passed |")
    assert shown["M2"].endswith("| failed |")
    assert shown["S5"].endswith("| `test_few.py`: holds_still | not run |")
    assert shown["C1"].endswith("| `test_few.py`: new | not run |")


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["0", "2"])
def test_an_unknown_fault_is_refused(few: Path, workers: str) -> None:
    (few / "test_few.py").write_text(_TESTS.replace('"S5"', '"S99"'))

    done = run(few, "-n", workers)

    assert done.returncode != 0
    assert "there is no fault 'S99'" in done.stdout + done.stderr


def test_a_table_is_read_as_it_was_written() -> None:
    faults, results = read_faults(), Results()
    results.note("A10", Shown("flows/test_a.py", "one"), "passed")
    results.note("A10", Shown("flows/test_a.py", "two"), "failed")
    results.note("A10", Shown("cli/test_b.py", "three"), "not run")

    results.note("S1", Shown("cli/test_b.py", "three"), "not run")
    results.note("S2", Shown("cli/test_b.py", "three"), "failed")

    text = write_table(faults, results)

    assert read_table(text) == results
    assert "failed: two; not run: three" in rows(text)["A10"]


def test_the_source_says_the_same_as_the_collected_marks(few: Path) -> None:
    assert marked_in(few) == {(fault, "test_few.py") for fault in ("K1", "S5", "M1", "M2", "M3")}
