"""The file of an SQLite database itself: whether it is still the same one, whether it may be written, and how much room its disk has.

SQLite writes on happily into a file that has been deleted, and makes an empty database where none is. Either would send mails
again, so each is found before a transaction begins (faults D4, D7, A13).
"""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from reminder.errors import StoreFailure

ENDINGS = ("", "-wal", "-shm", "-journal", ".lock", ".last-backup")
"""What belongs to a database: its own name with each of these."""
WRITE_ADVICE = "Give the user that runs reminder the right to write the database and its folder, and mount the disk for writing."


class SameFile:
    """Knows which file was opened first under the name of the database. Shared by all connections of a process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int] | None = None

    def note(self) -> None:
        """Called when a connection has been opened: the first one says which file it is."""
        if self._seen is None:
            self._seen = _identify(self._path)

    def forget(self) -> None:
        """Called when all connections are closed: the next one may open another file."""
        self._seen = None

    def check(self) -> None:
        """Raises StoreFailure where the file that was opened has gone, or another has its name. Costs one look at the folder."""
        if self._seen is None or (found := _identify(self._path)) == self._seen:
            return
        if found is None:
            message = f"The database {self._path} was deleted or moved away while it was in use."
        else:
            message = f"Another file was put in the place of the database {self._path} while it was in use."
        raise StoreFailure(message, advice="Put a backup back with `reminder restore FILE`, which sees to it that nothing is sent twice.")


def refuse_links(path: Path) -> None:
    """Raises StoreFailure where the database, or what belongs to it, is a symbolic link: it would have us write another file."""
    for ending in ENDINGS:
        one = path.with_name(path.name + ending)
        if one.is_symlink():
            advice = "Remove the link, or name the file itself in REMINDER_DATABASE_URL."
            raise StoreFailure(f"{one} is a symbolic link; it is not opened.", advice=advice)


def open_lock(path: Path) -> IO[str]:
    """The file beside the database that the service holds locked. Raises StoreFailure where it is a link or cannot be written."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise StoreFailure(f"{path} cannot be opened for writing: {error.strerror}.", advice=WRITE_ADVICE) from error
    return os.fdopen(descriptor, "a+", encoding="ascii")


def refuse_read_only(path: Path) -> None:
    """Raises StoreFailure where the file system of the database takes no writing."""
    if os.statvfs(path.absolute().parent).f_flag & os.ST_RDONLY:
        raise StoreFailure(f"The file system of the database {path} is read-only.", advice=WRITE_ADVICE)


def measure_free(path: Path) -> int | None:
    """Bytes that we may still write to the file system of the database; None where that cannot be said."""
    try:
        found = os.statvfs(path.absolute().parent)
    except OSError:
        return None
    return found.f_bavail * found.f_frsize


@dataclass(frozen=True, slots=True, kw_only=True)
class LastBackup:
    """The newest sound copy of a database, as its side file tells: the database may be unreadable when this is wanted."""

    file: str
    at: datetime


def note_backup(path: Path, backup: LastBackup) -> None:
    """Remembers the newest copy beside the database. A copy that is not remembered is still a copy: raises nothing for the disk."""
    descriptor, name = -1, ""
    with suppress(OSError):
        descriptor, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name}.", suffix=".noting")
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(json.dumps({"file": backup.file, "at": backup.at.isoformat()}) + "\n")
        Path(name).replace(path.with_name(f"{path.name}.last-backup"))
        return
    if name:
        Path(name).unlink(missing_ok=True)


def load_backup(path: Path) -> LastBackup | None:
    """What was noted; None where nothing was, or where it cannot be read."""
    try:
        held = json.loads(path.with_name(f"{path.name}.last-backup").read_text(encoding="utf-8"))
        return LastBackup(file=str(held["file"]), at=datetime.fromisoformat(held["at"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def advise_restore(path: Path | None) -> str:
    """What to do about a damaged database; names the last good copy where one is known."""
    found = load_backup(path) if path is not None else None
    if found is None:
        return "Restore the newest good backup: `reminder restore FILE`. None is noted beside the database."
    made = f"{found.at:%Y-%m-%d %H:%M} UTC"
    return f"Look after the disk, then restore the newest good backup: `reminder restore {found.file}`, made {made}."


def _identify(path: Path) -> tuple[int, int] | None:
    try:
        found = path.lstat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
