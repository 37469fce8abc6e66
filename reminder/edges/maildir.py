"""The way in over a Maildir into which a local mail server delivers. Flags are never looked at, and none is set."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, time
from pathlib import Path
from time import monotonic

from reminder.domain.readings import InboundMail
from reminder.edges.imap import BEGINNING, WHOLE_LIMIT
from reminder.edges.imap_connection import Waker
from reminder.edges.ports import FolderScan
from reminder.errors import MailboxFailure, MoveFailure

_FOLDER = "INBOX"
_POLL_SECONDS = 0.5


class MaildirSource:
    """`ports.MailSource` over a Maildir. The identity of a mail is its base name, the part before `:2,`, which stays when a mail
    program renames the file for its flags; the date is the file's (DESIGN, decision 10). `wait` polls. `processed` is a Maildir++
    folder beside `new` and `cur`, made when it is needed. Raises TemporaryFailure where the directories cannot be read.
    """

    def __init__(self, path: Path, *, processed: str = "Processed") -> None:
        self._path = path
        self._processed = path / f".{processed}"
        self._waker = Waker()

    @property
    def account(self) -> str:
        """The absolute path."""
        return str(self._path.absolute())

    def scan(self) -> Sequence[FolderScan]:
        """`new` and `cur` as one folder, by the time of the files, then by name."""
        files = self._list()
        uids = sorted(files, key=lambda uid: (_modified(files[uid]), uid))
        return (FolderScan(folder=_FOLDER, uidvalidity=0, uids=tuple(uids)),)

    def scan_processed(self, since: datetime | None = None) -> Sequence[FolderScan]:
        """The processed folder, by the time of the files; with `since` those from that instant on."""
        if not self._processed.is_dir():
            return ()
        files = self._list(self._processed)
        dated = sorted((_modified(path), uid) for uid, path in files.items())
        oldest = 0 if since is None else since.timestamp() * 1e9
        return (FolderScan(folder=self._processed.name[1:], uidvalidity=0, uids=tuple(uid for at, uid in dated if at >= oldest)),)

    def find_before(self, scan: FolderScan, day: date) -> frozenset[str]:
        """By the time of the files, in UTC."""
        first = datetime.combine(day, time(), UTC).timestamp() * 1e9
        files = self._list(self._folder_of(scan))
        return frozenset(uid for uid in scan.uids if uid in files and _modified(files[uid]) < first)

    def fetch(self, scan: FolderScan, uids: Iterable[str]) -> Iterator[InboundMail]:
        """The mails, one by one. A file that was renamed since is found again; one that is gone is left out."""
        folder = self._folder_of(scan)
        files = self._list(folder)
        for uid in dict.fromkeys(uids):
            mail = self._read(scan, uid, files.get(uid))
            if mail is None and uid in files:
                # A mail program has moved it from new to cur, or changed its flags, in the meantime.
                files = self._list(folder)
                mail = self._read(scan, uid, files.get(uid))
            if mail is not None:
                yield mail

    def move_processed(self, scan: FolderScan, uids: Sequence[str]) -> None:
        """Renames the files into the processed folder, each atomically, keeping their flags."""
        if not uids:
            return
        files = self._list()
        try:
            for name in ("tmp", "new", "cur"):
                (self._processed / name).mkdir(mode=0o700, parents=True, exist_ok=True)
            (self._processed / "maildirfolder").touch()
            for uid in uids:
                if uid in files:
                    self._move(files[uid])
        except OSError as error:
            raise MoveFailure(f"Mails cannot be moved to {self._processed}: {error}.", advice="Check its rights and the disk.") from error

    def delete(self, scan: FolderScan, uids: Sequence[str]) -> None:
        """Removes the files, wherever they lie by now: in the inbox, or moved out of the way."""
        for folder in (self._path, self._processed):
            files = self._list(folder) if uids and (folder / "new").is_dir() else {}
            for uid in uids:
                try:
                    if uid in files:
                        files[uid].unlink(missing_ok=True)
                except OSError as error:
                    raise MoveFailure(f"A mail in {folder} cannot be deleted: {error}.", advice="Check its rights and the disk.") from error

    def wait(self, seconds: float) -> None:
        """Returns when `new` changes, at the latest after so many seconds."""
        ends_at = monotonic() + seconds
        before = self._arrivals()
        while (left := ends_at - monotonic()) > 0:
            if self._waker.wait(min(left, _POLL_SECONDS)) or self._arrivals() - before:
                return

    def wake(self) -> None:
        """Ends the wait that is going on, or the next one. Safe in threads and signal handlers."""
        self._waker.wake()

    def check(self) -> tuple[str, ...]:
        """Looks, changes nothing, and tells what it found. Raises TemporaryFailure in plain words."""
        return (f"Maildir {self._path}: {len(self.scan()[0].uids)} mails",)

    def close(self) -> None:
        """There is nothing to end."""

    def _folder_of(self, scan: FolderScan) -> Path:
        return self._path if scan.folder == _FOLDER else self._processed

    def _list(self, path: Path | None = None) -> dict[str, Path]:
        """Every mail of a folder, or of the inbox, by base name. Where a crash has left a name in both folders, the one in `cur` stands."""
        found: dict[str, Path] = {}
        try:
            for folder in ("new", "cur"):
                with os.scandir((path or self._path) / folder) as entries:
                    found |= {_base_name(entry.name): Path(entry.path) for entry in entries if _is_mail(entry)}
        except OSError as error:
            raise self._failure(error) from error
        return found

    def _arrivals(self) -> set[str]:
        with suppress(OSError), os.scandir(self._path / "new") as entries:
            return {entry.name for entry in entries if not entry.name.startswith(".")}
        return set()

    def _read(self, scan: FolderScan, uid: str, path: Path | None) -> InboundMail | None:
        """The mail, byte by byte as it lies there; None where the file is gone."""
        if path is None:
            return None
        try:
            # A link that was planted in the folder must not make us read another file.
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
            with os.fdopen(descriptor, "rb") as file:
                status = os.fstat(descriptor)
                is_oversize = status.st_size > WHOLE_LIMIT
                raw = file.read(BEGINNING if is_oversize else WHOLE_LIMIT)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._failure(error) from error
        return InboundMail(
            account=self.account,
            folder=scan.folder,
            uidvalidity=scan.uidvalidity,
            uid=uid,
            raw=raw,
            internal_date=datetime.fromtimestamp(status.st_mtime, UTC),
            size=status.st_size,
            marks=("oversize",) if is_oversize else (),
        )

    def _move(self, path: Path) -> None:
        name = path.name if ":2," in path.name else f"{path.name}:2,"
        with suppress(FileNotFoundError):
            path.rename(self._processed / "cur" / name)

    def _failure(self, error: OSError) -> MailboxFailure:
        return MailboxFailure(f"The Maildir {self._path} cannot be used just now: {error}", advice="Check REMINDER_MAILDIR.")


def _base_name(name: str) -> str:
    return name.partition(":2,")[0]


def _is_mail(entry: os.DirEntry[str]) -> bool:
    return not entry.name.startswith(".") and entry.is_file(follow_symlinks=False)


def _modified(path: Path) -> int:
    """When the mail came, in nanoseconds; a file that has just gone counts as old."""
    try:
        status = path.lstat()
    except OSError:
        return 0
    return status.st_mtime_ns if stat.S_ISREG(status.st_mode) else 0
