"""A soak: the real flows over many yearly rounds, and what grows (proof 5).

People are calm and a fault strikes now and then. The database is a real SQLite file. Each year ends with its figures: what is kept by
design grows by the same number of rows every year; the time of a pass and the memory of the process must not grow.
"""

from __future__ import annotations

import gc
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import median

from structlog.testing import capture_logs

from reminder.flows.deliver import AMBIGUOUS_GRACE
from reminder.simulation import town
from reminder.simulation.fates import Fates
from reminder.simulation.looking import Seen, find_waits, read_instant
from reminder.simulation.running import PASS, Simulation

RATES: Mapping[str, float] = {
    "crash": 0.0005,
    "relay down": 0.02,
    "later": 0.02,
    "answer lost, taken": 0.02,
    "mailbox away": 0.02,
    "UIDVALIDITY changes": 0.002,
}
WEEK = timedelta(days=7)
FIRST_YEAR = 2025
QUIET_PASSES = 20
WAITING = "SELECT state, next_attempt_at, lease_until, dot_at FROM message WHERE state IN ('queued', 'deferred', 'leased', 'unknown')"
LOOKS = "SELECT next_look_at FROM agenda WHERE next_look_at IS NOT NULL"
CAPTURED = "SELECT state, next_attempt_at FROM inbound WHERE state = 'captured'"


@dataclass(frozen=True, slots=True, kw_only=True)
class YearFigures:
    """How it stands at the end of a year."""

    year: int
    database: int
    """Bytes of the file, after the -wal file was put into it."""
    bodies: int
    """Bytes of whole mails in it, ours and theirs."""
    rows: Mapping[str, int]
    resident: int
    """Bytes of memory of the process."""
    seconds: float
    """Processor time of the year."""
    quiet_pass: float
    """Processor seconds of a pass in which nothing happens, the median."""
    mails: int
    replies: int


class Soak(Simulation):
    """A simulation that looks when something is due, else once a week, and keeps no journal of the years before."""

    def __init__(self, folder: Path, seed: int) -> None:
        super().__init__(folder, Fates(seed, RATES), seed=seed, is_checked=False)
        self._rows = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, isolation_level=None)
        self._rows.row_factory = sqlite3.Row

    def wait(self, until: datetime) -> None:
        """As in `Simulation`, without looking at the whole database."""
        now, clock = self.world.now(), self.world.clock
        if self._house is None:
            clock.advance(timedelta(minutes=5))
            return
        comes: list[datetime | None] = [self.world.next_event(), *self._find_waits(), self._next_look(now), now + WEEK]
        ahead = [instant for instant in comes if instant is not None and instant > now]
        clock.set(min(max(now + PASS, min(ahead)), until))

    def _next_look(self, now: datetime) -> datetime | None:
        """When the planner must look at anything next, as it has noted itself."""
        looks = (read_instant(row["next_look_at"]) for row in self._rows.execute(LOOKS))
        return min((look for look in looks if look is not None and look > now), default=None)

    def _find_waits(self) -> list[datetime]:
        messages, inbound = ([dict(row) for row in self._rows.execute(query)] for query in (WAITING, CAPTURED))
        empty: list[Mapping[str, object]] = []
        seen = Seen(
            messages=messages,
            steps=empty,
            attempts=empty,
            inbound=inbound,
            assessments=empty,
            events=empty,
            configurations=empty,
            state=empty,
        )
        return find_waits(seen, AMBIGUOUS_GRACE)

    def live(self, year: int) -> YearFigures:
        """One year: the files get its round, it is asked, answered, chased and closed; then its figures."""
        self.files = files_until(year)
        began = time.process_time()
        self.go_on(datetime(year + 1, 1, 15, 6, 0, tzinfo=UTC))
        seconds = time.process_time() - began
        mails, replies = len(self.world.journal.taken), len(self.world.journal.letters)
        self._forget()
        return YearFigures(
            year=year,
            database=self._size(),
            bodies=self._count("SELECT (SELECT sum(length(raw)) FROM message_body) + (SELECT sum(length(raw)) FROM inbound_body)"),
            rows={name: self._count(f'SELECT count(*) FROM "{name}"') for name in self._tables()},  # noqa: S608 -- names of our own schema
            resident=read_resident(),
            seconds=seconds,
            quiet_pass=self._measure_quiet_pass(),
            mails=mails,
            replies=replies,
        )

    def _forget(self) -> None:
        """What the world itself remembers of the year, which is no part of the program."""
        journal = self.world.journal
        for remembered in (journal.talks, journal.letters, journal.trace, journal.pages, journal.crashes):
            remembered.clear()
        self.server.processed.clear()
        gc.collect()

    def _measure_quiet_pass(self) -> float:
        marks = [time.process_time()]
        self.world.fates.rates, rates = {}, self.world.fates.rates
        for _ in range(QUIET_PASSES):
            self.world.clock.advance(PASS)
            self._step()
            marks.append(time.process_time())
        self.world.fates.rates = rates
        return median(later - earlier for earlier, later in pairwise(marks))

    def _tables(self) -> list[str]:
        return [row["name"] for row in self._rows.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]

    def _count(self, query: str) -> int:
        return int(self._rows.execute(query).fetchone()[0] or 0)

    def _size(self) -> int:
        with closing(sqlite3.connect(self.path)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return self.path.stat().st_size


def run_soak(folder: Path, years: int, *, seed: int = 1) -> Iterator[YearFigures]:
    """Year after year. Raises AssertionError where the service stops."""
    with capture_logs() as logs:
        soak = Soak(folder, seed)
        soak.arm()
        for year in range(FIRST_YEAR, FIRST_YEAR + years):
            figures = soak.live(year)
            logs.clear()
            assert not soak.violations, soak.violations
            yield figures
        soak.close()


def files_until(year: int) -> Mapping[str, bytes]:
    """The files with a round for each year so far, as somebody keeps them who adds a round every winter."""
    years = range(FIRST_YEAR, year + 1)
    head, one = town.SCHEDULE.split("rounds:\n")
    dates = ", ".join(f"{each}: {each}-03-03" for each in years)
    rounds = "".join(one.replace("2025", str(each)) for each in years)
    schedule = head.replace("2025: 2025-03-03", dates) + "rounds:\n" + rounds
    programmes = town.PROGRAMMES.replace("years: [2025]", f"years: {list(years)}")
    return town.FILES | {"schedule.yaml": schedule.encode(), "programme.yaml": programmes.encode()}


def read_resident() -> int:
    """Bytes of memory that this process has in use, as the kernel counts them; 0 where that cannot be read."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmRSS:")), 0)
