"""What every folder shares: one migrated database to copy, and logs whose tracebacks cost nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from reminder.store.engine import Store


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
