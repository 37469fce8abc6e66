"""The city in mid-round, played once; what only looks shares it."""

from __future__ import annotations

from pathlib import Path

import pytest

from reminder.store.engine import Store
from tests.cli.city import City, write_city
from tests.seeing.midround import play_until_now


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the city on 24.2.2025. Nobody changes anything in it."""
    folder = tmp_path_factory.mktemp("midround")
    pattern = folder / "pattern.db"
    store = Store.open(f"sqlite:///{pattern}")
    store.migrate()
    store.close()
    home = folder / "city"
    home.mkdir()
    write_city(home, pattern)
    play_until_now(home)
    return home


@pytest.fixture
def city(played: Path, capsys: pytest.CaptureFixture[str]) -> City:
    """The city in mid-round, to look at."""
    return City(folder=played, capsys=capsys)


@pytest.fixture(scope="session")
def database_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty database."""
    path = tmp_path_factory.mktemp("empty") / "empty.db"
    store = Store.open(f"sqlite:///{path}")
    store.migrate()
    store.close()
    return path
