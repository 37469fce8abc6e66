"""One city for each test, its database migrated once."""

from __future__ import annotations

from pathlib import Path

import pytest

from reminder.store.engine import Store
from tests.cli.city import City, build_city


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty database file."""
    path = tmp_path_factory.mktemp("pattern") / "pattern.db"
    store = Store.open(f"sqlite:///{path}")
    store.migrate()
    store.close()
    return path


@pytest.fixture
def city(tmp_path: Path, database: Path, capsys: pytest.CaptureFixture[str]) -> City:
    """The example city on 2.1.2025, not yet armed."""
    return build_city(tmp_path, database, capsys)
