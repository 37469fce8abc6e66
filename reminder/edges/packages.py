"""Archive packages on the disk: written whole or not at all, and checked against their own list of checksums.

The same files with the same stamp give the same bytes (with the same zlib): fixed order, one time, one mode. One file at a time is in
memory. Killed while writing, a hidden `.NAME.….part` stays beside the package and nothing else has changed.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from reminder.errors import ReminderError, TemporaryFailure, UsageFailure
from reminder.wire.package import MANIFEST, Packed, is_safe_name, read_manifest, write_manifest

CHUNK = 1 << 20
MANIFEST_LIMIT = 64 << 20
"""Bytes of a list of checksums that are read."""
MODE = 0o600
_UNIX = 3


class PackageWriter:
    """Puts files into a package, each once and under a safe name."""

    def __init__(self, archive: zipfile.ZipFile, stamp: datetime) -> None:
        self._archive = archive
        self._when = (max(1980, stamp.year), stamp.month, stamp.day, stamp.hour, stamp.minute, stamp.second)
        self.files: dict[str, Packed] = {}

    def add(self, name: str, content: bytes) -> None:
        """Adds a file. Raises ReminderError for a name that is unsafe or taken: a fault of ours, and nothing is written."""
        if not is_safe_name(name) or name in self.files or name == MANIFEST:
            raise ReminderError(f"A file of a package cannot be called {name!r}.", advice="Report this; nothing was written.")
        self._write(name, content)
        self.files[name] = Packed(name=name, size=len(content), sha256=hashlib.sha256(content).hexdigest())

    def seal(self) -> str:
        """Adds the list of checksums, and gives back its own: whoever keeps that can tell this package from every other one."""
        manifest = write_manifest(self.files.values())
        self._write(MANIFEST, manifest)
        return hashlib.sha256(manifest).hexdigest()

    def _write(self, name: str, content: bytes) -> None:
        entry = zipfile.ZipInfo(name, self._when)
        entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, _UNIX, (0o100000 | MODE) << 16
        self._archive.writestr(entry, content, compresslevel=6)


@contextmanager
def write_package(path: Path, stamp: datetime, *, is_replacing: bool = False) -> Iterator[PackageWriter]:
    """A package that takes its name when the block ends, whole and on the disk; after an exception all is as it was.

    Raises UsageFailure where the file is there already, TemporaryFailure where the disk says no.
    """
    if path.is_dir() or (path.exists() and not is_replacing):
        raise UsageFailure(f"{path} is there already; nothing was changed.", advice="Name another file, or add --force.")
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    except OSError as error:
        raise TemporaryFailure(
            f"Nothing can be written beside {path}: {error.strerror}.", advice="Check the folder and its rights."
        ) from error
    partial = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            with zipfile.ZipFile(file, "w") as archive:
                yield PackageWriter(archive, stamp)
            file.flush()
            os.fsync(file.fileno())
        _give_its_name(partial, path, is_replacing=is_replacing)
    except OSError as error:
        raise TemporaryFailure(f"{path} cannot be written: {error.strerror}.", advice="Check the disk and its free space.") from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def _give_its_name(partial: Path, path: Path, *, is_replacing: bool) -> None:
    if is_replacing:
        partial.replace(path)
    else:
        try:
            path.hardlink_to(partial)  # fails where somebody else was first
        except FileExistsError as error:
            raise UsageFailure(f"{path} is there already; nothing was changed.", advice="Name another file, or add --force.") from error
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


class Fault(StrEnum):
    """How a file of a package differs from what its list says."""

    CHANGED = "changed"
    MISSING = "missing"
    UNLISTED = "not in the list"
    TWICE = "there twice"
    UNSAFE = "an unsafe name"
    UNREADABLE = "cannot be read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What checking a package has found. `seal` is the checksum of its list."""

    files: int
    seal: str
    faults: tuple[tuple[str, Fault], ...]


def verify_package(path: Path, on_progress: Callable[[int, int], None] = lambda done, total: None) -> Verified:
    """Compares every file with the package's own list; nothing is unpacked. Raises UsageFailure for a file that is no package of ours."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _verify(archive, path, on_progress)
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise UsageFailure(f"{path} is no archive package: {error}.", advice="Name a file that `reminder archive` wrote.") from error


def _verify(archive: zipfile.ZipFile, path: Path, on_progress: Callable[[int, int], None]) -> Verified:
    there = archive.infolist()
    names = [one.filename for one in there]
    listed, seal = _read_list(archive, path)
    faults = [(name, Fault.TWICE) for name in dict.fromkeys(names) if names.count(name) > 1] if len(set(names)) < len(names) else []
    faults += [(name, Fault.UNSAFE) for name in names if not is_safe_name(name)]
    faults += [(name, Fault.UNLISTED) for name in names if name not in listed and name != MANIFEST]
    present = set(names)
    for done, (name, expected) in enumerate(sorted(listed.items()), start=1):
        if name not in present:
            faults.append((name, Fault.MISSING))
        elif (found := _hash(archive, name)) != expected:
            faults.append((name, Fault.CHANGED if found else Fault.UNREADABLE))
        on_progress(done, len(listed))
    return Verified(files=len(listed), seal=seal, faults=tuple(faults))


def _read_list(archive: zipfile.ZipFile, path: Path) -> tuple[dict[str, str], str]:
    advice = "Name a file that `reminder archive` wrote."
    try:
        with archive.open(MANIFEST) as stream:
            content = stream.read(MANIFEST_LIMIT)
    except KeyError as error:
        raise UsageFailure(f"{path} has no list of checksums ({MANIFEST}).", advice=advice) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:
        raise UsageFailure(f"The list of checksums in {path} cannot be read: {error}.", advice="Use another copy.") from error
    listed = read_manifest(content)
    if listed is None:
        raise UsageFailure(f"The list of checksums in {path} is no such list.", advice=advice)
    return listed, hashlib.sha256(content).hexdigest()


def _hash(archive: zipfile.ZipFile, name: str) -> str:
    """The checksum of a file, read in pieces; empty where it cannot be read."""
    digest = hashlib.sha256()
    try:
        with archive.open(name) as stream:
            while piece := stream.read(CHUNK):
                digest.update(piece)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError):
        return ""
    return digest.hexdigest()
