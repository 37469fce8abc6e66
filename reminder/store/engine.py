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
from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, OperationalError

from reminder.errors import AlreadyRunning, ReminderError, StoreFailure, StoreUnavailable, UsageFailure
from reminder.store.failures import Phase, find_failure
from reminder.store.guarding import (
    WRITE_ADVICE,
    SameFile,
    advise_restore,
    measure_free,
    open_lock,
    refuse_links,
    refuse_read_only,
)

BUSY_SECONDS = 10
_TRIES_A_SECOND = 20
IDLE_SECONDS, LOCK_SECONDS = 60, 20
"""On PostgreSQL: how long a transaction may stand still between two statements, and how long one waits for another's lock."""
_CONNECT = {"connect_timeout": 10, "keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3, "tcp_user_timeout": 60_000}
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

    @property
    def is_shared(self) -> bool:
        """Whether several service processes may work on it at once."""
        return self.path is None

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """One writing transaction: committed at the end, rolled back on any exception, a crash included.

        Raises StoreUnavailable where the database is busy for longer than the busy timeout, full or out of reach, and
        StoreFailure where it is not what we need, or not the file any more that was opened first. On PostgreSQL that StoreUnavailable
        is a TransactionFailed, which says whether the answer to the commit was lost.
        """
        with _translated(self.path) as phase, self.writer.begin() as connection:
            yield connection
            phase.is_committing = True

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One reading transaction: sees one state of the database throughout. Writing in it is refused by the database."""
        with _translated(self.path), self.reader.begin() as connection:
            yield connection

    def check_writable(self) -> None:
        """Takes the right to write and gives it back, so that what cannot be recorded is not begun. Writes nothing.

        Raises StoreUnavailable where another process holds it for longer than the busy timeout, StoreFailure where it is not to be had.
        """
        if self.path is not None:
            refuse_read_only(self.path)
        with _translated(self.path), self.writer.begin():
            pass

    def check_sound(self) -> None:
        """Reads an SQLite database through (`quick_check`). Raises StoreFailure where it is damaged, with the last good backup by name."""
        if self.path is None:
            return
        with self.read() as connection:
            found = [str(row[0]) for row in connection.execute(text("PRAGMA quick_check(3)"))]
        if found != ["ok"]:
            raise StoreFailure(f"The database {self.path} is damaged: {found[0]}.", advice=advise_restore(self.path))

    def truncate_log(self) -> bool:
        """Writes the write-ahead log of SQLite into the database and empties it; False where a reader or writer is in the way just now.

        What was deleted is then in neither: what a transaction frees is overwritten with zeros (`secure_delete`).
        """
        if self.path is None:
            return True
        with _translated(self.path):
            held = self.writer.raw_connection()
        try:
            held.driver_connection.execute("PRAGMA busy_timeout=0")  # type: ignore[union-attr]
            busy, *_ = held.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()  # type: ignore[union-attr]
        except sqlite3.OperationalError:
            return False
        finally:
            held.invalidate()  # whoever gets a connection next wants one that waits
        return not busy

    def free_bytes(self) -> int | None:
        """Bytes left on the disk of an SQLite database; None elsewhere."""
        return measure_free(self.path) if self.path is not None else None

    def migrate(self, revision: str = "head") -> None:
        """Brings the schema to the newest revision, in one transaction: half a migration cannot stay behind.

        Tests of migrations stop at an older `revision`.

        Raises StoreFailure for a database that is newer than the program.
        """
        if self.path is not None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.begin() as connection:
            if connection.dialect.name == "postgresql":
                # Another migration may take its time; the tables themselves are waited for no longer than anything else.
                connection.execute(text("SET LOCAL lock_timeout = 0"))
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
                connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'"))
            self._refuse_newer(connection)
            config = _alembic_config()
            config.attributes["connection"] = connection
            command.upgrade(config, revision)

    def check_schema(self) -> None:
        """Raises StoreFailure unless the schema is exactly the one that this program was written for."""
        if self.path is not None and not self.path.exists():
            raise StoreFailure(f"There is no database at {self.path}.", advice=MIGRATE_ADVICE)
        head = _script().get_current_head()
        with self.read() as connection:
            current = self._refuse_newer(connection)
        if current is None:
            raise StoreFailure("The database is empty.", advice=MIGRATE_ADVICE)
        if current != head:
            raise StoreFailure(f"The database is older than the program: its schema is {current}, wanted is {head}.", advice=MIGRATE_ADVICE)

    def _refuse_newer(self, connection: Connection) -> str | None:
        current = read_revision(connection)
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
        with open_lock(self.path.with_name(self.path.name + ".lock")) as handle:
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


@cache
def known_revisions() -> frozenset[str]:
    """The revisions of the schema that this program knows."""
    return frozenset(script.revision for script in _script().walk_revisions())


def newest_revision() -> str:
    """The revision that this program works with."""
    return str(_script().get_current_head())


def read_revision(connection: Connection) -> str | None:
    """The revision that a database says it is of; None where it is empty. Raises StoreFailure where it says nothing clear."""
    heads = MigrationContext.configure(connection).get_current_heads()
    if len(heads) == 1:
        return heads[0]
    tables = set(inspect(connection).get_table_names()) - {"alembic_version"}
    if heads or tables:
        found = f"says that it is {' and '.join(heads)} at once" if heads else f"has {len(tables)} tables and does not say of which version"
        advice = "It was restored in part, or changed by hand. Put back a whole backup; `reminder migrate` will not guess."
        raise StoreFailure(f"The database is half migrated: it {found}.", advice=advice)
    return None


@cache
def _script() -> ScriptDirectory:
    return ScriptDirectory.from_config(_alembic_config())


@contextmanager
def _translated(path: Path | None) -> Iterator[Phase]:
    """Foreign errors become ours once, here. What breaks a unique key passes through: that is for the caller to know."""
    phase = Phase()
    try:
        yield phase
    except DBAPIError as error:
        failure = find_failure(error, phase) or _translate(error, path)
        if failure is None:
            raise
        raise failure from error


def _translate(error: DBAPIError, path: Path | None) -> ReminderError | None:
    if isinstance(error, OperationalError):
        # A full disk ends the whole transaction of SQLite, and the savepoint that it came out of is gone when it is to be rolled back.
        causes = [(str(getattr(one.orig, "sqlite_errorname", "")), one.orig) for one in _chain(error)]
        if found := next((orig for name, orig in causes if name.startswith(_PASSING)), None):
            advice = "Look whether another process holds the database, and whether its server, disk and rights are in order."
            return StoreUnavailable(f"The database cannot be used just now: {found}.", advice=advice)
        if found := next((orig for name, orig in causes if name.startswith("SQLITE_READONLY")), None):
            return StoreFailure(f"The database cannot be written: {found}.", advice=WRITE_ADVICE)
        return StoreFailure(f"The database is not as expected: {error.orig}.", advice=MIGRATE_ADVICE)
    if type(error) is DatabaseError:
        return StoreFailure(f"The database is damaged: {error.orig}.", advice=advise_restore(path))
    return None


def _chain(error: BaseException | None) -> Iterator[OperationalError]:
    """The error, and those that it came up in the handling of."""
    while error is not None:
        if isinstance(error, OperationalError):
            yield error
        error = error.__context__


def _open_sqlite(url: URL) -> Store:
    if not url.database or url.database == ":memory:" or url.database.startswith("file:"):
        raise UsageFailure("The database must be a file.", advice="Write the URL as `sqlite:////var/lib/reminder/reminder.db`.")
    # What stands in a row may be secret; an error of the database must not tell it to the log.
    writer = create_engine(url, connect_args={"timeout": BUSY_SECONDS}, hide_parameters=True)
    reader = create_engine(url, connect_args={"timeout": BUSY_SECONDS}, hide_parameters=True)
    same = SameFile(Path(url.database))
    for engine in (writer, reader):
        _guard(engine, same, Path(url.database))
    event.listen(writer, "connect", _prepare_writer)
    event.listen(reader, "connect", _prepare_reader)
    event.listen(writer, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    event.listen(reader, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return Store(writer, reader)


def _guard(engine: Engine, same: SameFile, path: Path) -> None:
    """No connection is opened to another file than the first one, and no transaction begins on one that has lost its name."""

    def before_opening(*_: object) -> None:
        refuse_links(path)
        same.check()

    event.listen(engine, "do_connect", before_opening)
    event.listen(engine, "connect", lambda connection, record: same.note())
    event.listen(engine, "begin", lambda connection: same.check())
    event.listen(engine, "engine_disposed", lambda engine: same.forget())


def _prepare_writer(connection: Any, record: object) -> None:
    # The driver must not begin transactions by itself, since it would begin them deferred.
    connection.isolation_level = None
    _turn_to_wal(connection)
    for pragma in ("synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
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
    writer = create_engine(url, pool_pre_ping=True, connect_args=_CONNECT, hide_parameters=True)
    event.listen(writer, "connect", _prepare_postgresql)
    return Store(writer, writer.execution_options(postgresql_readonly=True))


def _prepare_postgresql(connection: Any, record: object) -> None:
    # A server may have been set to forget the last commits in a power loss; what we promise needs them.
    connection.autocommit = True
    connection.execute("SET synchronous_commit = on")
    connection.execute("SET timezone = 'UTC'")
    # A machine that is frozen in the middle of a transaction must not stop the others until it wakes up (fault D12).
    connection.execute(f"SET idle_in_transaction_session_timeout = '{IDLE_SECONDS}s'")
    connection.execute(f"SET lock_timeout = '{LOCK_SECONDS}s'")
    connection.autocommit = False


def _alembic_config() -> Config:
    config = Config()
    # ConfigParser reads `%` as the start of a placeholder.
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config
