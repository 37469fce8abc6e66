"""The files while a service runs: taken up whole or not at all.

A look costs one `stat` call a file. Where something has changed, the files must be left alone for a moment before they are
read, since an editor or a `git pull` writes them one after the other; and where one of them changes while they are
being read, what was read is thrown away.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from reminder.configuration import keys
from reminder.configuration.loading import Loaded, load_setup

QUIET_FOR = 2.0
"""Real seconds for which nothing may change before the files are read."""

Signature = tuple[tuple[int, int, int] | None, ...]
"""Time of the last change in nanoseconds, size and inode of each file; None for one that is not there."""


class FileWatch:
    """Looks at a folder of configuration files. One thread uses it."""

    def __init__(self, directory: Path, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.directory = directory
        self._monotonic = monotonic
        self._taken: Signature | None = None
        self._pending: Signature | None = None
        self._since = 0.0

    @property
    def is_settling(self) -> bool:
        """Whether a change was seen and waits for the files to come to rest."""
        return self._pending is not None

    def forget(self) -> None:
        """Lets the next look answer as if it were the first, since what was answered could not be used."""
        self._taken = self._pending = None

    def look(self) -> Loaded | None:
        """What the files say, where they have changed since the last answer and are at rest; the first look always answers."""
        seen = sign_files(self.directory)
        if seen == self._taken:
            self._pending = None
            return None
        if self._taken is not None and not self._is_at_rest(seen):
            return None
        loaded = load_setup(self.directory)
        if sign_files(self.directory) != seen:
            self._pending = None
            return None
        self._taken, self._pending = seen, None
        return loaded

    def _is_at_rest(self, seen: Signature) -> bool:
        if seen != self._pending:
            self._pending, self._since = seen, self._monotonic()
        return self._monotonic() - self._since >= QUIET_FOR


def sign_files(directory: Path) -> Signature:
    """What tells a changed file from an unchanged one."""
    return tuple(_sign(directory / name) for name in keys.KNOWN_FILES)


def _sign(path: Path) -> tuple[int, int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return (status.st_mtime_ns, status.st_size, status.st_ino)
