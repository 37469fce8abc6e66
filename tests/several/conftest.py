"""Each test has a fresh database on a real PostgreSQL server; its fixtures are those of the store."""

from __future__ import annotations

import pytest

from tests.store.conftest import server, store, url

__all__ = ["server", "store", "url"]


@pytest.fixture
def backend() -> str:
    """Several workers need PostgreSQL."""
    return "postgresql"
