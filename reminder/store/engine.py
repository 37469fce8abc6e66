"""The engine: one writing transaction at a time, durable, on SQLite or PostgreSQL.

SQLite runs in WAL with `synchronous=FULL`: with WAL and NORMAL a committed transaction may vanish in a power loss. Each
writing transaction begins with BEGIN IMMEDIATE, since a read that turns into a write is refused at once, whatever the busy
timeout. Readers have connections of their own, which cannot write at all.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError

from reminder.errors import AlreadyRunning, StoreFailure, TemporaryFailure, UsageFailure

BUSY_SECONDS = 10
_TRIES_A_SECOND = 20
MIGRATIONS = Path(__file__).parent / "migrations"
MIGRATE_ADVICE = "Run `reminder migrate`."
# Errors of SQLite that may be gone at the next try: held by another process, disk full or failing, file out of reach.
_PASSING = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_CANTOPEN")
_MIGRATION_LOCK = 0x72656D69  # any constant number; names the advisory lock of PostgreSQL


@dataclass(frozen=True, slots=True)
class Store:
    """An open database. May be shared between threads; a Connection may not."""

    writer: Engine
    reader: Engine

    @classmethod
    def open(cls, url: str) -> Store:
        """Opens the database of a SQLAlchemy URL; nothing is touched yet. Raises UsageFailure for a URL that we cannot use."""
        try:
            parsed = make_url(url)
        except ArgumentError as error:
            raise UsageFailure(
                "The database URL cannot be read.", advice="Write it as `sqlite:////var/lib/reminder/reminder.db`."
            ) from error
        backend = parsed.get_backend_name()
        if backend == "sqlite":
            return _open_sqlite(parsed)
        if backend == "postgresql":
            return _open_postgresql(parsed)
        raise UsageFailure(f"The database {backend} is not supported.", advice="Use sqlite or postgresql.")

    @property
    def path(self) -> Path | None:
        """The file of an SQLite database; None elsewhere."""
        is_file = self.writer.dialect.name == "sqlite" and self.writer.url.database
        return Path(self.writer.url.database or "") if is_file else None

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """One writing transaction: committed at the end, rolled back on any exception, a crash included.

        Raises TemporaryFailure where the database is busy for longer than the busy timeout, full or out of reach, and
        StoreFailure where it is not what we need.
        """
        with _translated(), self.writer.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One reading transaction: sees one state of the database throughout. Writing in it is refused by the database."""
        with _translated(), self.reader.begin() as connection:
            yield connection

    def migrate(self, revision: str = "head") -> None:
        """Brings the schema to the newest revision, in one transaction: half a migration cannot stay behind.

        Tests of migrations stop at an older `revision`.

        Raises StoreFailure for a database that is newer than the program.
        """
        if self.path is not None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
            self._refuse_newer(connection)
            config = _alembic_config()
            config.attributes["connection"] = connection
            command.upgrade(config, revision)

    def check_schema(self) -> None:
        """Raises StoreFailure unless the schema is exactly the one that this program was written for."""
        if self.path is not None and not self.path.exists():
            raise StoreFailure(f"There is no database at {self.path}.", advice=MIGRATE_ADVICE)
        head = ScriptDirectory.from_config(_alembic_config()).get_current_head()
        with self.read() as connection:
            current = self._refuse_newer(connection)
        if current is None:
            raise StoreFailure("The database is empty.", advice=MIGRATE_ADVICE)
        if current != head:
            raise StoreFailure(f"The database is older than the program: its schema is {current}, wanted is {head}.", advice=MIGRATE_ADVICE)

    def _refuse_newer(self, connection: Connection) -> str | None:
        current = MigrationContext.configure(connection).get_current_revision()
        if current is not None and current not in known_revisions():
            advice = "Install the newer program again; `reminder migrate` does not go backwards."
            raise StoreFailure(f"The database is newer than the program: its schema {current} is unknown here.", advice=advice)
        return current

    @contextmanager
    def lock_service(self) -> Iterator[None]:
        """Makes this the only service process on an SQLite database; the lock ends with the process, however it ends.

        Raises AlreadyRunning at once. On PostgreSQL several may run: leases and row locks keep them apart.
        """
        if self.path is None:
            yield
            return
        lock = self.path.with_name(self.path.name + ".lock")
        with lock.open("a+", encoding="ascii") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                advice = "Stop the other process first, or look at `reminder status`."
                raise AlreadyRunning(f"Another service process holds {self.path}.", advice=advice) from error
            handle.truncate(0)
            handle.write(f"{os.getpid()}\n")
            handle.flush()
            yield

    def close(self) -> None:
        """Closes the idle connections."""
        self.writer.dispose()
        self.reader.dispose()


def known_revisions() -> frozenset[str]:
    """The revisions of the schema that this program knows."""
    return frozenset(script.revision for script in ScriptDirectory.from_config(_alembic_config()).walk_revisions())


@contextmanager
def _translated() -> Iterator[None]:
    """Foreign errors become ours once, here. What breaks a unique key passes through: that is for the caller to know."""
    try:
        yield
    except OperationalError as error:
        name = str(getattr(error.orig, "sqlite_errorname", ""))
        if not name or name.startswith(_PASSING):
            advice = "Look whether another process holds the database, and whether its server, disk and rights are in order."
            raise TemporaryFailure(f"The database cannot be used just now: {error.orig}.", advice=advice) from error
        raise StoreFailure(f"The database is not as expected: {error.orig}.", advice=MIGRATE_ADVICE) from error
    except DatabaseError as error:
        if type(error) is not DatabaseError:
            raise
        raise StoreFailure(f"The database is damaged: {error.orig}.", advice="Restore the newest good backup.") from error


def _open_sqlite(url: URL) -> Store:
    if not url.database or url.database == ":memory:" or url.database.startswith("file:"):
        raise UsageFailure("The database must be a file.", advice="Write the URL as `sqlite:////var/lib/reminder/reminder.db`.")
    writer = create_engine(url, connect_args={"timeout": BUSY_SECONDS})
    reader = create_engine(url, connect_args={"timeout": BUSY_SECONDS})
    event.listen(writer, "connect", _prepare_writer)
    event.listen(reader, "connect", _prepare_reader)
    event.listen(writer, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    event.listen(reader, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return Store(writer, reader)


def _prepare_writer(connection: Any, record: object) -> None:
    # The driver must not begin transactions by itself, since it would begin them deferred.
    connection.isolation_level = None
    _turn_to_wal(connection)
    for pragma in ("synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}").fetchall()


def _turn_to_wal(connection: Any) -> None:
    """The first opening of a file turns it to WAL. SQLite refuses that at once while another process does it, whatever the busy timeout."""
    for attempt in range(int(BUSY_SECONDS * _TRIES_A_SECOND), -1, -1):
        try:
            connection.execute("PRAGMA journal_mode=WAL").fetchall()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or not attempt:
                raise
            threading.Event().wait(1 / _TRIES_A_SECOND)
        else:
            return


def _prepare_reader(connection: Any, record: object) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA query_only=ON").fetchall()


def _open_postgresql(url: URL) -> Store:
    writer = create_engine(url, pool_pre_ping=True)
    event.listen(writer, "connect", _prepare_postgresql)
    return Store(writer, writer.execution_options(postgresql_readonly=True))


def _prepare_postgresql(connection: Any, record: object) -> None:
    # A server may have been set to forget the last commits in a power loss; what we promise needs them.
    connection.autocommit = True
    connection.execute("SET synchronous_commit = on")
    connection.execute("SET timezone = 'UTC'")
    connection.autocommit = False


def _alembic_config() -> Config:
    config = Config()
    # ConfigParser reads `%` as the start of a placeholder.
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config
