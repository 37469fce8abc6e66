"""One city for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.city import City, build_city


@pytest.fixture
def city(tmp_path: Path, database: Path, capsys: pytest.CaptureFixture[str]) -> City:
    """The example city on 2.1.2025, not yet armed."""
    return build_city(tmp_path, database, capsys)
