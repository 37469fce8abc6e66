"""Where the public page is put: whole or not at all.

`path` is a symbolic link to a directory beside it, `.NAME.DIGEST`, that holds one state of the site. A new state is written there first,
to the disk, and then the link is renamed over the old one, which is atomic (POSIX rename). Killed at any moment before, the old page
stays; a web server never sees half a site.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from reminder.errors import ReminderError, TemporaryFailure, UsageFailure

_SAFE_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")
_DIGEST = re.compile(r"[0-9a-f]{32}")


class DirectorySite:
    """`ports.Site` on a disk. One process publishes at a time. Only files of ours are ever removed: a directory that stands at `path`
    and holds anything is refused (UsageFailure), an empty one is taken. Raises TemporaryFailure where the disk says no."""

    def __init__(self, path: Path) -> None:
        self._path = path.absolute()

    def publish(self, files: Mapping[str, bytes]) -> None:
        """Replaces the site by these files. The same files as those that stand there are not written again."""
        for name in files:
            _check_name(name)
        digest = digest_of(files)
        if digest == self.read_state():
            # A crash after the swap may have left older states.
            self._remove_others(digest)
            return
        self._make_room()
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._put_in_place(self._write(files), digest)
            self._remove_others(digest)
        except OSError as error:
            advice = "Check REMINDER_SITE_DIR, its rights and the free space."
            raise TemporaryFailure(f"The page cannot be written to {self._path}: {error}", advice=advice) from error

    def read_state(self) -> str:
        """The digest of the files that stand there now (see `digest_of`); empty where none of ours do."""
        try:
            target = self._path.readlink().name
        except OSError:
            return ""
        digest = target.removeprefix(self._prefix)
        is_ours = target.startswith(self._prefix) and _DIGEST.fullmatch(digest) and self._path.is_dir()
        return digest if is_ours else ""

    @property
    def _prefix(self) -> str:
        return f".{self._path.name}."

    def _make_room(self) -> None:
        """Refuses what is not ours at the place of the site."""
        if self._path.is_symlink():
            target = self._path.readlink()
            if len(target.parts) != 1 or not target.name.startswith(self._prefix):
                raise UsageFailure(f"{self._path} is a link to something else.", advice="Set REMINDER_SITE_DIR to a place of its own.")
        elif self._path.is_dir():
            if any(self._path.iterdir()):
                raise UsageFailure(f"{self._path} holds files that are not ours.", advice="Set REMINDER_SITE_DIR to an empty place.")
        elif self._path.exists():
            raise UsageFailure(f"{self._path} is a file.", advice="Set REMINDER_SITE_DIR to a directory.")

    def _write(self, files: Mapping[str, bytes]) -> Path:
        """All files in a new directory, on the disk. Made by `mkdtemp`, it holds no link that somebody has planted."""
        fresh = Path(tempfile.mkdtemp(prefix=f"{self._prefix}tmp-", dir=self._path.parent))
        for name, content in files.items():
            target = fresh / name
            target.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
            descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(descriptor)
        for folder in (fresh, *(path for path in fresh.rglob("*") if path.is_dir())):
            _sync_folder(folder)
        fresh.chmod(0o755)
        return fresh

    def _put_in_place(self, fresh: Path, digest: str) -> None:
        """The state gets its name, then the link is swapped."""
        state = self._path.parent / f"{self._prefix}{digest}"
        if state.is_symlink():
            state.unlink()
        elif state.exists():
            shutil.rmtree(state)
        fresh.rename(state)
        link = self._path.parent / f"{self._prefix}link"
        link.unlink(missing_ok=True)
        link.symlink_to(state.name)
        if self._path.is_dir() and not self._path.is_symlink():
            self._path.rmdir()
        link.rename(self._path)
        _sync_folder(self._path.parent)

    def _remove_others(self, digest: str) -> None:
        """Older states, and what a crash has left. They are ours by their names."""
        for path in self._path.parent.iterdir():
            rest = path.name.removeprefix(self._prefix)
            is_ours = path.name.startswith(self._prefix) and (_DIGEST.fullmatch(rest) or rest.startswith("tmp-"))
            if is_ours and rest != digest and path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)


def digest_of(files: Mapping[str, bytes]) -> str:
    """32 hexadecimal digits that name these files with these contents."""
    whole = hashlib.sha256()
    for name in sorted(files):
        whole.update(f"{name}\0{hashlib.sha256(files[name]).hexdigest()}\n".encode())
    return whole.hexdigest()[:32]


def _check_name(name: str) -> None:
    parts = PurePosixPath(name).parts
    if not parts or name != "/".join(parts) or not all(_SAFE_PART.fullmatch(part) for part in parts):
        raise ReminderError(f"The page has a file with the unsafe name {name!r}; nothing was published.")


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
