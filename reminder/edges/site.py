"""Where the public page is put: whole or not at all.

`path` is a symbolic link to a directory beside it, `.NAME.DIGEST`, that holds one state of the site. A new state is written there first,
to the disk, and then the link is renamed over the old one, which is atomic (POSIX rename). Killed at any moment before, the old page
stays; a web server never sees half a site.

Where `path` is a mounted directory, which can be neither removed nor renamed over, the states stand inside it, the link is `.current`, and
every name at the top (`index.html`, `sv`) is a link through it: one rename switches them all. What stands in the state before is not
written again but linked to (`link(2)`): it stays the same file, with its time, and costs no room.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath

from reminder.errors import ReminderError, TemporaryFailure, UsageFailure

_SAFE_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")
_DIGEST = re.compile(r"[0-9a-f]{32}")
_FIXED = frozenset({errno.EBUSY, errno.EACCES, errno.EPERM, errno.EROFS})
"""What the system answers where a directory is mounted, or may not be removed from where it stands."""
_ANYWHERE = frozenset({"lost+found"})
"""What a file system puts at its own root."""


class DirectorySite:
    """`ports.Site` on a disk. One process publishes at a time. Only files of ours are ever removed: a directory that stands at `path`
    and holds anything is refused (UsageFailure), an empty one is taken. Raises TemporaryFailure where the disk says no."""

    def __init__(self, path: Path) -> None:
        self._path = path.absolute()
        self._is_inside = False
        self._settle()

    def publish(self, files: Mapping[str, bytes]) -> None:
        """Replaces the site by these files. What stands there already is not written again."""
        for name in files:
            _check_name(name)
        digest = digest_of(files)
        self._settle()
        try:
            if digest != self.read_state():
                self._make_room()
                self._folder.mkdir(parents=True, exist_ok=True)
                self._put_in_place(self._write(files), digest)
            # A crash after the swap may have left older states, or names that are still to come or to go.
            self._name_all({PurePosixPath(name).parts[0] for name in files})
            self._remove_others(digest)
        except OSError as error:
            advice = "Check REMINDER_SITE_DIR, its rights and the free space."
            raise TemporaryFailure(f"The page cannot be written to {self._path}: {error}", advice=advice) from error

    def read_state(self) -> str:
        """The digest of the files that stand there now (see `digest_of`); empty where none of ours do."""
        try:
            target = self._link.readlink().name
        except OSError:
            return ""
        digest = target.removeprefix(self._prefix)
        is_ours = target.startswith(self._prefix) and _DIGEST.fullmatch(digest) and self._link.is_dir()
        return digest if is_ours else ""

    @property
    def _folder(self) -> Path:
        """Where the states stand."""
        return self._path if self._is_inside else self._path.parent

    @property
    def _link(self) -> Path:
        """What is renamed."""
        return self._path / ".current" if self._is_inside else self._path

    @property
    def _prefix(self) -> str:
        return f".{self._path.name}."

    def _settle(self) -> None:
        """Whether the states stand inside `path`: it was so before, or it is mounted there."""
        is_directory = self._path.is_dir() and not self._path.is_symlink()
        self._is_inside = is_directory and (os.path.ismount(self._path) or (self._path / ".current").is_symlink())

    def _make_room(self) -> None:
        """Refuses what is not ours at the place of the site, and takes an empty directory away, or as it is where it stands fast."""
        if self._path.is_symlink():
            target = self._path.readlink()
            if len(target.parts) != 1 or not target.name.startswith(self._prefix):
                raise UsageFailure(f"{self._path} is a link to something else.", advice="Set REMINDER_SITE_DIR to a place of its own.")
        elif self._path.is_dir():
            if any(not self._is_ours(path) for path in self._path.iterdir()):
                raise UsageFailure(f"{self._path} holds files that are not ours.", advice="Set REMINDER_SITE_DIR to an empty place.")
            if not self._is_inside:
                self._take_away()
        elif self._path.exists():
            raise UsageFailure(f"{self._path} is a file.", advice="Set REMINDER_SITE_DIR to a directory.")

    def _take_away(self) -> None:
        """The empty directory goes, since a link cannot be renamed over it; nothing of a site was there."""
        try:
            self._path.rmdir()
        except OSError as error:
            if error.errno not in _FIXED:
                raise
            self._is_inside = True

    def _is_ours(self, path: Path) -> bool:
        if path.name in _ANYWHERE or path.name.startswith(self._prefix) or path.name == ".current":
            return True
        return path.is_symlink() and path.readlink().parts[:1] == (".current",)

    def _write(self, files: Mapping[str, bytes]) -> Path:
        """All files in a new directory, on the disk. Made by `mkdtemp`, it holds no link that somebody has planted."""
        fresh = Path(tempfile.mkdtemp(prefix=f"{self._prefix}tmp-", dir=self._folder))
        before = self._folder / f"{self._prefix}{state}" if (state := self.read_state()) else None
        for name, content in files.items():
            target = fresh / name
            target.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
            if before is None or not _link_same(before / name, target, content):
                _write_file(target, content)
        for folder in (fresh, *(path for path in fresh.rglob("*") if path.is_dir())):
            _sync_folder(folder)
        fresh.chmod(0o755)
        return fresh

    def _put_in_place(self, fresh: Path, digest: str) -> None:
        """The state gets its name, then the link is swapped."""
        state = self._folder / f"{self._prefix}{digest}"
        if state.is_symlink():
            state.unlink()
        elif state.exists():
            shutil.rmtree(state)
        fresh.rename(state)
        link = self._folder / f"{self._prefix}link"
        link.unlink(missing_ok=True)
        link.symlink_to(state.name)
        link.rename(self._link)
        _sync_folder(self._folder)

    def _name_all(self, tops: set[str]) -> None:
        """Inside a mounted directory: each name at the top leads through the one link; one that the state no longer has goes."""
        if not self._is_inside:
            return
        for top in sorted(tops):
            link = self._path / top
            if not link.is_symlink():
                link.symlink_to(Path(".current") / top)
        for path in self._path.iterdir():
            if path.is_symlink() and path.name not in tops and path.readlink().parts[:1] == (".current",):
                path.unlink()
        _sync_folder(self._path)

    def _remove_others(self, digest: str) -> None:
        """Older states, and what a crash has left. They are ours by their names."""
        for path in self._folder.iterdir():
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


def _link_same(old: Path, target: Path, content: bytes) -> bool:
    """Whether the same content stood there before and now stands here too. A file system without links says no."""
    with suppress(OSError):
        if not old.is_symlink() and old.stat().st_size == len(content) and old.read_bytes() == content:
            os.link(old, target, follow_symlinks=False)
            return True
    return False


def _write_file(target: Path, content: bytes) -> None:
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)


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
