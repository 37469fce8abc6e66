"""Collects `@pytest.mark.fault("K1", …)` and, with `--fault-table FILE`, writes the table after the run.

Each test carries its faults in its report, so that the table is whole where xdist runs the tests in other processes. A run takes the
place of what the table said of the same tests; `--collect-only` runs nothing, forgets tests that are gone and adds new ones.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.table import Outcome, Results, Shown, read_faults, read_table, write_table

_PROPERTY = "fault"


def add_option(parser: pytest.Parser) -> None:
    """`--fault-table FILE`."""
    parser.addoption("--fault-table", type=Path, metavar="FILE", help="write the table of the faults (docs/faults.md) after the run")


class FaultTable:
    """The hooks; registered by tests/conftest.py."""

    def __init__(self, config: pytest.Config) -> None:
        self._faults = read_faults()
        self._seen = Results()
        is_worker = hasattr(config, "workerinput")
        path: Path | None = config.getoption("--fault-table")
        self._path = None if is_worker else path

    def pytest_itemcollected(self, item: pytest.Item) -> None:
        """Gives each test its faults."""
        item.user_properties.extend((_PROPERTY, fault) for fault in marked_faults(item))

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """A test with an id that is in no table fails; an error while collecting would not be told where xdist runs the tests."""
        for fault in marked_faults(item):
            if fault not in self._faults.lines:
                pytest.fail(f"there is no fault {fault!r} in tests/faults/faults.toml", pytrace=False)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """With `--collect-only` this is all there is."""
        if self._path is None or not session.config.option.collectonly:
            return
        results = read_table(self._path.read_text(encoding="utf-8")) if self._path.exists() else Results()
        results.keep_only((fault, _shown(item.nodeid)) for item in session.items for fault in marked_faults(item))
        self._path.write_text(write_table(self._faults, results), encoding="utf-8")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test has passed where its call passed and neither setting up nor clearing away failed."""
        outcome: Outcome = "passed"
        if report.failed:
            outcome = "failed"
        elif report.skipped:
            outcome = "not run"
        elif report.when != "call":
            return
        for name, value in report.user_properties:
            if name == _PROPERTY:
                self._seen.note(str(value), _shown(report.nodeid), outcome)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Writes what this run said over what was known."""
        if self._path is None or session.config.option.collectonly:
            return
        results = read_table(self._path.read_text(encoding="utf-8")) if self._path.exists() else Results()
        results.take(self._seen)
        self._path.write_text(write_table(self._faults, results), encoding="utf-8")


def marked_faults(item: pytest.Item) -> list[str]:
    """The ids of a test, each once."""
    return list(dict.fromkeys(str(fault) for marker in item.iter_markers("fault") for fault in marker.args))


def _shown(nodeid: str) -> Shown:
    file, _, name = nodeid.partition("::")
    bare = name.partition("[")[0].rpartition("::")[2]
    return Shown(str(Path(file).relative_to("tests")) if Path(file).parts[0] == "tests" else file, bare.removeprefix("test_"))
