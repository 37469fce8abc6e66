"""One town for each test: the store is real, the world outside is in memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.flows.town import Town, new_database, open_town


@pytest.fixture
def town(database: Path, tmp_path: Path) -> Iterator[Town]:
    """The example city a day before its first mail, not yet armed."""
    store = new_database(database, tmp_path)
    yield open_town(store)
    store.close()
