"""A consistent copy of an SQLite database while the service runs, and what is looked at before a copy is trusted.

The copy is one file, readable by its owner alone since it holds personal data. It is written under a temporary name and gets its
own only when it is whole, checked and on the disk: killed at any moment, an older copy of that name is as it was.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from reminder.errors import StoreFailure, TemporaryFailure, UsageFailure
from reminder.store import control
from reminder.store.engine import BUSY_SECONDS, Store, known_revisions, newest_revision, read_revision
from reminder.store.guarding import LastBackup, advise_restore, note_backup

COPIED_AT, LAST_BACKUP = "copied_at", "last_backup"
"""Keys of the service's memory: in the copy when it was made, in the database when one was made last."""
PAGES_A_STEP = 1000
_TRIES_A_SECOND = 4.0

Progress = Callable[[int, int], None]
"""Called with the pages that are done and all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """A copy that was written and checked."""

    path: Path
    size: int
    revision: str


def silent(done: int, total: int) -> None:
    """Nobody looks on."""


def back_up(store: Store, target: Path, now: datetime, *, is_replacing: bool = False, on_progress: Progress = silent) -> Copied:
    """Writes a copy of the database as it is at this moment. Writers are not held up: what they commit meanwhile is not in it.

    Raises UsageFailure for another database than SQLite, for a file that is there (unless `is_replacing`), and for the database
    itself; StoreFailure where the copy turns out damaged; OSError where the disk is full. Nothing is left behind then.
    """
    source = sqlite_file(store)
    refuse_existing(source, target, is_replacing=is_replacing)
    with _partial_file(target) as partial:
        with closing(_open_reading(source)) as live, closing(sqlite3.connect(partial)) as copy, told_plainly(source):
            # One snapshot for all steps: in WAL mode it holds up no writer, and no writer makes the copy begin anew.
            live.execute("BEGIN")
            live.execute("SELECT count(*) FROM sqlite_master").fetchall()
            copy_pages(live, copy, on_progress)
            copy.execute("PRAGMA journal_mode=DELETE").fetchall()  # one file, without a -wal beside it
            with copy:
                copy.execute("INSERT OR REPLACE INTO service_state (key, value) VALUES (?, ?)", (COPIED_AT, now.isoformat()))
        revision = examine(partial)
        sync(partial)
        _give_its_name(partial, target, is_replacing=is_replacing)
    sync(target.absolute().parent)
    with store.begin() as conn:
        control.set_state(conn, LAST_BACKUP, now.isoformat())
    note_backup(source, LastBackup(file=str(target.absolute()), at=now))
    return Copied(path=target, size=target.stat().st_size, revision=revision)


def back_up_before_migrating(store: Store, now: datetime, *, on_progress: Progress = silent) -> Copied | None:
    """A copy beside an SQLite database that is older than the program: `reminder.db.before-0007`. None where there is nothing to keep.

    An earlier copy of the same schema is replaced. Raises as `back_up`, before anything was changed.
    """
    if store.path is None or not store.path.exists():
        return None
    with store.read() as conn:
        revision = read_revision(conn)
    if revision is None or revision == newest_revision() or revision not in known_revisions():
        return None
    kept = store.path.with_name(f"{store.path.name}.before-{newest_revision()}")
    return back_up(store, kept, now, is_replacing=True, on_progress=on_progress)


def sqlite_file(store: Store) -> Path:
    """The file of the database. Raises UsageFailure on PostgreSQL, which has tools of its own for this."""
    if store.path is None:
        raise UsageFailure(
            "This command copies SQLite databases only; PostgreSQL has its own tools for that.",
            advice="Copy with `pg_dump --format=custom --file FILE DATABASE`. Put it back with `pg_restore` while nothing runs, "
            "and then, before anything else, `reminder restore --in-place`.",
        )
    return store.path


def refuse_existing(source: Path, target: Path, *, is_replacing: bool) -> None:
    """Raises UsageFailure where the target is the database itself, or is there and was not to be replaced."""
    if target.exists() and source.exists() and target.samefile(source):
        raise UsageFailure(f"{target} is the database itself.", advice="Name another file.")
    if target.is_dir():
        raise UsageFailure(f"{target} is a directory.", advice="Name a file in it.")
    if target.exists() and not is_replacing:
        raise UsageFailure(f"{target} is there already; nothing was changed.", advice="Name another file, or add --force.")


def examine(path: Path) -> str:
    """The schema revision of a copy. Raises StoreFailure where it is damaged, no database of ours, or newer than the program."""
    try:
        with closing(_open_reading(path)) as copy:
            found = [str(row[0]) for row in copy.execute("PRAGMA integrity_check(3)")]
            broken = copy.execute("PRAGMA foreign_key_check").fetchone() if found == ["ok"] else None
            revision = copy.execute("SELECT version_num FROM alembic_version").fetchone() if found == ["ok"] else None
    except sqlite3.OperationalError as error:
        if error.sqlite_errorname.startswith(("SQLITE_BUSY", "SQLITE_CANTOPEN", "SQLITE_IOERR")):
            raise TemporaryFailure(f"{path} cannot be read: {error}.", advice="Look whether it is there and readable.") from error
        raise StoreFailure(f"{path} is no database of reminder: {error}.", advice="Name a file that `reminder backup` wrote.") from error
    except sqlite3.DatabaseError as error:
        raise StoreFailure(f"{path} is no sound database: {error}.", advice="Use another copy.") from error
    if found != ["ok"] or broken is not None:
        raise StoreFailure(f"{path} is damaged: {found[0]}.", advice="Use another copy; look after the disk.")
    if revision is None:
        raise StoreFailure(f"{path} is an empty database.", advice="Name a file that `reminder backup` wrote.")
    if revision[0] not in known_revisions():
        advice = "Install the newer program again, then restore with it."
        raise StoreFailure(f"{path} is newer than the program: its schema {revision[0]} is unknown here.", advice=advice)
    return str(revision[0])


def copy_pages(source: sqlite3.Connection, target: sqlite3.Connection, on_progress: Progress, *, pages: int = PAGES_A_STEP) -> None:
    """Copies a database page by page. Raises TemporaryFailure where another process holds the target for 10 seconds."""
    waited = 0

    def look(status: int, remaining: int, total: int) -> None:
        nonlocal waited
        waited = waited + 1 if status in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED} else 0
        if waited > BUSY_SECONDS * _TRIES_A_SECOND:
            raise TemporaryFailure("Another process holds the database.", advice="Try again when it has ended.")
        on_progress(total - remaining, total)

    source.backup(target, pages=pages, progress=look, sleep=1 / _TRIES_A_SECOND)


def sync(path: Path) -> None:
    """Has the disk keep a file, or the names in a directory."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def told_plainly(path: Path) -> Iterator[None]:
    """Errors of SQLite as ours."""
    try:
        yield
    except sqlite3.OperationalError as error:
        advice = "Look whether another process holds it, and whether disk and rights are in order."
        raise TemporaryFailure(f"{path} cannot be copied just now: {error}.", advice=advice) from error
    except sqlite3.DatabaseError as error:
        raise StoreFailure(f"{path} is damaged: {error}.", advice=advise_restore(path)) from error


def _open_reading(path: Path) -> sqlite3.Connection:
    """Opens a database that must be there; nothing can be written."""
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=BUSY_SECONDS, isolation_level=None)
    connection.execute("PRAGMA query_only=ON").fetchall()
    return connection


@contextmanager
def _partial_file(target: Path) -> Iterator[Path]:
    """An empty file of ours beside the target, mode 0600, that is gone in the end. Those that a killed backup has left go too."""
    for stale in target.absolute().parent.glob(f".{target.name}.*.partial*"):
        _remove_unless_in_use(stale)
    descriptor, name = tempfile.mkstemp(dir=target.absolute().parent, prefix=f".{target.name}.", suffix=".partial")
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)
        Path(f"{name}-journal").unlink(missing_ok=True)
        os.close(descriptor)


def _remove_unless_in_use(path: Path) -> None:
    with suppress(OSError), path.open("rb") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.unlink()


def _give_its_name(partial: Path, target: Path, *, is_replacing: bool) -> None:
    """Renames; without `is_replacing` a file that has come into being meanwhile is not overwritten either."""
    if is_replacing:
        partial.replace(target)
        return
    try:
        os.link(partial, target)  # fails where the name is taken, at the same instant for everybody
    except FileExistsError as error:
        raise UsageFailure(f"{target} is there already; nothing was changed.", advice="Name another file, or add --force.") from error
    except OSError:  # a file system without links
        if target.exists():
            raise UsageFailure(f"{target} is there already; nothing was changed.", advice="Name another file, or add --force.") from None
        partial.replace(target)
