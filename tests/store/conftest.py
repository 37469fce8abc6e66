"""A fresh, migrated database for each test, on each backend."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from reminder.store.engine import Store
from tests.store.cluster import find_binaries, run_cluster

_numbers = count(1)
BACKENDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.real)]


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The URL of a private PostgreSQL server whose database `template` is migrated."""
    binaries = find_binaries()
    if binaries is None:
        if os.environ.get("REMINDER_REQUIRE_REAL") == "1":
            pytest.fail("PostgreSQL is not installed, and REMINDER_REQUIRE_REAL is 1")
        pytest.skip("PostgreSQL is not installed")
    with run_cluster(binaries) as url:
        _create_database(url, "pattern", "template1")
        store = Store.open(url.format("pattern"))
        store.migrate()
        store.close()
        yield url


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """Each backend in turn; every fixture of a database hangs on it."""
    return str(request.param)


@pytest.fixture
def empty_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without tables."""
    return _new_url(backend, request, tmp_path, pattern="template1")


@pytest.fixture
def url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database that is migrated: a copy of one that was."""
    return _new_url(backend, request, tmp_path, pattern="pattern")


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """A migrated database."""
    opened = Store.open(url)
    yield opened
    opened.close()


def _new_url(backend: str, request: pytest.FixtureRequest, folder: Path, *, pattern: str) -> str:
    if backend == "sqlite":
        path = folder / "reminder.db"
        if pattern == "pattern":
            path.write_bytes(request.getfixturevalue("database").read_bytes())
        return f"sqlite:///{path}"
    server_url: str = request.getfixturevalue("server")
    name = f"test_{next(_numbers)}"
    _create_database(server_url, name, pattern)
    return server_url.format(name)


def _create_database(server_url: str, name: str, pattern: str) -> None:
    engine = create_engine(server_url.format("postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {pattern}"))
    engine.dispose()
