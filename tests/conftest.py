"""What every folder shares: one migrated database to copy, each sound file parsed once, and logs whose tracebacks cost nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from reminder.configuration import loading
from reminder.configuration.findings import Report
from reminder.configuration.nodes import Node, read_tree
from reminder.store.engine import Store
from tests.faults.plugin import FaultTable, add_option


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--fault-table=FILE` writes docs/faults.md."""
    add_option(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Tests that show how a fault ends are noted."""
    config.pluginmanager.register(FaultTable(config))


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A migrated, empty SQLite file. It is copied, never opened: migrating anew would take most of a test's time."""
    path = tmp_path_factory.mktemp("pattern") / "pattern.db"
    store = Store.open(f"sqlite:///{path}")
    store.migrate()
    store.close()  # the last connection puts the -wal file into the database
    content = path.read_bytes()
    yield path
    assert path.read_bytes() == content, "a test has written into the database that all of them copy"


@pytest.fixture(scope="session", autouse=True)
def plain_logs() -> None:
    """Faults are logged with Python's own traceback: the default of the library draws each with every local variable, for seconds."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.StackInfoRenderer(),
            structlog.processors.format_exc_info,
            structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
        ]
    )


@pytest.fixture(scope="session", autouse=True)
def parse_once() -> Iterator[None]:
    """A sound file of the configuration is parsed once a run: the same text has the same frozen tree, and each command reads four files.

    A text with a finding is parsed each time, since findings go into the report at hand.
    """
    trees: dict[str, Node | None] = {}

    def read_or_recall(text: str, report: Report) -> Node | None:
        if text not in trees:
            before = len(report.findings)
            tree = read_tree(text, report)
            if len(report.findings) > before:
                return tree
            trees[text] = tree
        return trees[text]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loading, "read_tree", read_or_recall)
        yield
