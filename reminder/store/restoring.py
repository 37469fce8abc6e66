"""Putting an older copy of an SQLite database in the place of the present one, so that nothing of it goes out by itself.

The copy is prepared beside the database: brought to today's schema, disarmed, what might be sent twice held for a person, people who
were erased since erased again. Then its pages are written over the database in one transaction of SQLite. Killed at any moment the
database is the old one or the prepared one, whole, never an armed copy. Before that the present one is kept beside it.
"""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select

from reminder.errors import ReminderError, StoreFailure, TemporaryFailure, UsageFailure
from reminder.store import control, inbox, outbox, people
from reminder.store.backup import COPIED_AT, Progress, copy_pages, examine, silent, sqlite_file, sync, told_plainly
from reminder.store.engine import BUSY_SECONDS, Store
from reminder.store.events import append_event
from reminder.store.schema import event, message, person
from reminder.store.schema import inbound as inbound_table

RESTORED = "restored"
"""Key of the service's memory, and kind of the line of history."""
LAST_POLL = "last_poll_at"
SWEEP_MARGIN = timedelta(days=2)
"""What arrived so long before the last poll of the copy is surely in it, whatever the time zone of the mail server."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What a restore did, as it is remembered. `kept` is the name of the database that was there before; empty: there was none."""

    at: datetime
    copied_at: datetime | None
    file: str
    kept: str
    held: int
    erased: int
    answered_until: datetime
    """Mails that arrived until then may have been answered already by what was lost."""
    sweep_since: datetime | None
    """The mails put away since then are read again; None: all of them."""
    read_again: int | None = None
    """How many mails have come in again; None as long as nobody has looked."""

    def write(self) -> str:
        """For the service's memory."""
        return json.dumps(asdict(self), default=datetime.isoformat)


def load_restored(conn: Connection) -> Restored | None:
    """The last restore, or None."""
    text = control.get_state(conn, RESTORED)
    if text is None:
        return None
    held: dict[str, Any] = json.loads(text)
    instants = {key: held[key] and datetime.fromisoformat(held[key]) for key in ("at", "copied_at", "answered_until", "sweep_since")}
    return Restored(**{**held, **instants})


def save_restored(conn: Connection, restored: Restored) -> None:
    """Remembers it, in place of an earlier one."""
    control.set_state(conn, RESTORED, restored.write())


def restore(store: Store, source: Path, now: datetime, *, on_progress: Progress = silent) -> Restored:
    """Puts a copy in the place of the database. The caller holds the lock of the service.

    Raises UsageFailure on PostgreSQL and for the database itself, StoreFailure for a copy that is damaged or newer than the program,
    TemporaryFailure where another process holds the database; in each case nothing was changed.
    """
    path = sqlite_file(store)
    if not source.is_file():
        raise UsageFailure(f"There is no copy {source}.", advice="Name a file that `reminder backup` wrote.")
    if path.exists() and path.samefile(source):
        raise UsageFailure(f"{source} is the database itself.", advice="Name the copy.")
    examine(source)
    path.parent.mkdir(parents=True, exist_ok=True)
    prepared = path.with_name(f".{path.name}.restoring")
    _remove_database(prepared)
    try:
        _copy_whole(source, prepared, on_progress)
        replaced = _look_at(path)
        kept = _keep(path, now) if path.exists() else ""
        restored = _prepare(prepared, source, replaced, kept, now)
        _put_in_place(prepared, path)
    finally:
        _remove_database(prepared)
    return restored


def restore_in_place(store: Store, now: datetime) -> Restored:
    """The same for a database that was put back by other means, such as `pg_restore`: disarms and holds, in one transaction."""
    store.migrate()
    with store.begin() as conn:
        return _disarm_and_hold(conn, "", "", _Replaced(), now)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Replaced:
    """What is to be known of the database that goes: until when it worked, and who was erased from it. Empty where it is unreadable."""

    worked_until: datetime | None = None
    erased: tuple[str, ...] = ()


def _look_at(path: Path) -> _Replaced:
    if not path.exists():
        return _Replaced()
    store = Store.open(f"sqlite:///{path}")
    try:
        with store.read() as conn:
            polled, captured = control.get_state(conn, LAST_POLL), conn.execute(select(func.max(inbound_table.c.captured_at))).scalar()
            instants = [captured] if captured else []
            instants += [datetime.fromisoformat(polled)] if polled else []
            erased = tuple(conn.execute(select(person.c.id).where(person.c.erased_at.is_not(None))).scalars())
    except ReminderError:
        return _Replaced()  # damaged, which may be why a copy is restored
    finally:
        store.close()
    return _Replaced(worked_until=max(instants, default=None), erased=erased)


def _prepare(prepared: Path, source: Path, replaced: _Replaced, kept: str, now: datetime) -> Restored:
    store = Store.open(f"sqlite:///{prepared}")
    try:
        store.migrate()
        with store.begin() as conn:
            return _disarm_and_hold(conn, source.name, kept, replaced, now)
    finally:
        store.close()  # the last connection puts its -wal into the file


def _disarm_and_hold(conn: Connection, file: str, kept: str, replaced: _Replaced, now: datetime) -> Restored:
    control.disarm(conn)
    copied_at = _copied_at(conn)
    erased = sum(people.erase_person(conn, one, now) for one in replaced.erased if _is_known(conn, one))
    polled = control.get_state(conn, LAST_POLL)
    inbox.mark_unread(conn, RESTORED)  # what was lost may have read and answered them
    restored = Restored(
        at=now,
        copied_at=copied_at,
        file=file,
        kept=kept,
        held=outbox.hold_all_unsent(conn, copied_at, now),
        erased=erased,
        answered_until=min(replaced.worked_until or now, now),
        sweep_since=datetime.fromisoformat(polled) - SWEEP_MARGIN if polled else None,
    )
    save_restored(conn, restored)
    document = json.loads(restored.write())
    append_event(conn, RESTORED, now, document={key: document[key] for key in ("copied_at", "file", "kept", "held", "erased")})
    return restored


def _is_known(conn: Connection, person_id: str) -> bool:
    return conn.execute(select(person.c.id).where(person.c.id == person_id, person.c.erased_at.is_(None))).scalar() is not None


def _copied_at(conn: Connection) -> datetime | None:
    """When the copy was made: as our backup has noted it, else the newest that it knows of."""
    if (noted := control.get_state(conn, COPIED_AT)) is not None:
        return datetime.fromisoformat(noted)
    newest = [conn.execute(select(func.max(column))).scalar() for column in (event.c.at, message.c.created_at, inbound_table.c.captured_at)]
    return max((instant for instant in newest if instant is not None), default=None)


def _copy_whole(source: Path, target: Path, on_progress: Progress) -> None:
    """One file, mode 0600, on the disk."""
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    uri = f"{source.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True)) as old, closing(sqlite3.connect(target)) as new, told_plainly(source):
        copy_pages(old, new, on_progress)


def _keep(path: Path, now: datetime) -> str:
    """The present database beside itself, under the name that is given back. A damaged one is kept as its bare files."""
    kept = _free_name(path, now)
    partial = path.with_name(f".{path.name}.kept")
    _remove_database(partial)
    try:
        _copy_whole(path, partial, silent)
        sync(partial)
        partial.replace(kept)
        sync(path.parent)
    except StoreFailure:
        _remove_database(partial)
        _move_bare(path, kept)
    return kept.name


def _free_name(path: Path, now: datetime) -> Path:
    name = f"{path.name}.before-restore-{now:%Y%m%dT%H%M%SZ}"
    names = (path.with_name(f"{name}-{count}" if count else name) for count in range(1000))
    return next(candidate for candidate in names if not candidate.exists())


def _move_bare(path: Path, kept: Path) -> None:
    """The file first, so that a kill in between leaves no database at all rather than one without its newest commits."""
    path.rename(kept)
    for end in ("-wal", "-shm"):
        with suppress(FileNotFoundError):
            path.with_name(path.name + end).rename(kept.with_name(kept.name + end))
    sync(path.parent)


def _put_in_place(prepared: Path, path: Path) -> None:
    """All pages in one transaction of the database, as SQLite's own journal guards it; others that have it open see it change at once."""
    if not path.exists():
        for end in ("-wal", "-shm"):  # what a kill in `_move_bare` has left belongs to no database any more
            if (stale := path.with_name(path.name + end)).exists():
                stale.rename(path.with_name(f"{path.name}.left{end}"))
        sync(prepared)
        prepared.replace(path)
        sync(path.parent)
        return
    with closing(sqlite3.connect(prepared)) as new, closing(sqlite3.connect(path, timeout=BUSY_SECONDS)) as live, told_plainly(path):
        live.execute("PRAGMA synchronous=FULL").fetchall()
        copy_pages(new, live, silent, pages=-1)
        if [row[0] for row in live.execute("PRAGMA quick_check(1)")] != ["ok"]:
            raise TemporaryFailure(f"{path} could not be written soundly.", advice="Look after the disk, then restore again.")
    path.chmod(0o600)


def _remove_database(path: Path) -> None:
    for end in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + end).unlink(missing_ok=True)
