"""The clock: the only place that reads the real time.

`SystemClock` is the truth outside rehearsal. `FileClock` lets several processes share a rehearsed time. `ManualClock` stands
still until it is moved; tests and the demo use it.
"""

from __future__ import annotations

import json
import os
import tempfile
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from reminder.errors import UsageFailure

_SET_IT = "Set it with `reminder clock set INSTANT`."


class SystemClock:
    """The real time, and real sleep."""

    def now(self) -> datetime:
        """The instant, in UTC."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """Lets real seconds pass. Nothing happens for zero or less."""
        if seconds > 0:
            time.sleep(seconds)


class ManualClock:
    """Stands still until it is moved. Sleeping moves it, so that a loop that waits for a time comes to an end at once."""

    def __init__(self, instant: datetime) -> None:
        self._lock = threading.Lock()
        self._instant = _in_utc(instant)

    def now(self) -> datetime:
        """The instant that was set, in UTC."""
        with self._lock:
            return self._instant

    def sleep(self, seconds: float) -> None:
        """Moves the clock on by these seconds; no real time passes."""
        self.advance(timedelta(seconds=max(0.0, seconds)))

    def set(self, instant: datetime) -> None:
        """Puts the clock to this instant, forwards or backwards."""
        with self._lock:
            self._instant = _in_utc(instant)

    def advance(self, span: timedelta) -> None:
        """Moves the clock by this span."""
        with self._lock:
            self._instant += span


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockFile:
    """What a clock file holds: at the real epoch second `set_at` it was `instant`, and time runs `speed` times as fast since."""

    instant: datetime
    speed: float
    set_at: float

    def at(self, real: float) -> datetime:
        """The rehearsed instant at this real epoch second."""
        return self.instant + timedelta(seconds=(real - self.set_at) * self.speed)


class FileClock:
    """A rehearsed time that every process reads from one file (`REMINDER_CLOCK`).

    The file is read again only when it was replaced, so asking for the time costs one `stat`. Raises UsageFailure where the file
    is missing or is no clock file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int, int] | None = None
        self._file: ClockFile | None = None

    @property
    def speed(self) -> float:
        """How many times as fast as real time it runs."""
        return self._load().speed

    def now(self) -> datetime:
        """The rehearsed instant, in UTC."""
        return self._load().at(time.time())

    def sleep(self, seconds: float) -> None:
        """Lets real seconds pass, whatever the speed."""
        SystemClock().sleep(seconds)

    def _load(self) -> ClockFile:
        try:
            status = self._path.stat()
        except OSError as error:
            raise UsageFailure(f"The clock file {self._path} cannot be read: {error.strerror}.", advice=_SET_IT) from error
        seen = (status.st_mtime_ns, status.st_ino, status.st_size)
        if self._file is None or seen != self._seen:
            self._file, self._seen = read_clock(self._path), seen
        return self._file


def read_clock(path: Path) -> ClockFile:
    """What the clock file says. Raises UsageFailure where it is missing or is no clock file."""
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        return ClockFile(instant=_in_utc(datetime.fromisoformat(held["instant"])), speed=float(held["speed"]), set_at=float(held["set_at"]))
    except OSError as error:
        raise UsageFailure(f"The clock file {path} cannot be read: {error.strerror}.", advice=_SET_IT) from error
    except (ValueError, TypeError, KeyError, OverflowError) as error:
        raise UsageFailure(f"{path} is no clock file.", advice=_SET_IT) from error


def write_clock(path: Path, instant: datetime, speed: float = 1.0) -> None:
    """Sets the rehearsed time. The file is replaced whole: a process that reads meanwhile gets the old time or the new one."""
    if speed < 0:
        raise UsageFailure("The clock cannot run backwards.", advice="Give a speed of zero (standing still) or more.")
    held = {"instant": _in_utc(instant).isoformat(), "speed": speed, "set_at": time.time()}
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(json.dumps(held) + "\n")
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def advance_clock(path: Path, span: timedelta) -> datetime:
    """Moves the rehearsed time by this span, at unchanged speed; the new instant is returned."""
    held = read_clock(path)
    instant = held.at(time.time()) + span
    write_clock(path, instant, held.speed)
    return instant


def set_clock_speed(path: Path, speed: float) -> datetime:
    """Lets the rehearsed time run on from where it is at another speed; that instant is returned."""
    instant = read_clock(path).at(time.time())
    write_clock(path, instant, speed)
    return instant


def _in_utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise UsageFailure(f"The instant {instant.isoformat()} has no time zone.", advice="Write it like 2025-01-07T08:00:00+00:00.")
    return instant.astimezone(UTC)
