"""The city in mid-round, played once; what only looks shares it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.city import City, write_city
from tests.seeing.midround import play_until_now


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory, database: Path) -> Path:
    """The folder of the city on 24.2.2025. Nobody changes anything in it."""
    folder = tmp_path_factory.mktemp("midround")
    home = folder / "city"
    home.mkdir()
    write_city(home, database)
    play_until_now(home)
    return home


@pytest.fixture
def city(played: Path, capsys: pytest.CaptureFixture[str]) -> City:
    """The city in mid-round, to look at."""
    return City(folder=played, capsys=capsys)
