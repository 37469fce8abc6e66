"""Who feeds the zoo to the real process that reads, and writes down what each beast has cost."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from reminder.domain.readings import Reading
from reminder.edges.reading_process import ReadingLimits, ReadingProcess
from tests.corpus.building import moment
from tests.corpus.world import PLANNING, REQUEST, all_sent, understand_case
from tests.sandbox.mails import write_mail

LIMITS = ReadingLimits()
"""Those of the product: 10 s of processor time, 512 MB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one mail took: seconds of processor time, and the most memory that the process held, in MB."""

    name: str
    seconds: float
    megabytes: float


class Keeper:
    """Reads in one process, as the service does."""

    def __init__(self) -> None:
        self.reader = ReadingProcess(LIMITS)
        self.costs: list[Cost] = []

    def feed(self, name: str, raw: bytes) -> Reading:
        """The reading of a mail. Raises ReadingFailed where it goes beyond a limit."""
        pid = self._pid()
        Path(f"/proc/{pid}/clear_refs").write_text("5")  # from here on the peak is that of this mail (proc(5))
        before = _seconds(pid)
        reading = understand_case(raw, moment(write_mail(PLANNING, REQUEST)), all_sent(), reader=self.reader).reading
        if pid == self.reader.process_id:
            self.costs.append(Cost(name=name, seconds=_seconds(pid) - before, megabytes=_peak(pid)))
        return reading

    def _pid(self) -> int:
        self.reader.glance(b"")
        assert self.reader.process_id is not None
        return self.reader.process_id

    @property
    def summary(self) -> str:
        """The dearest ones."""
        slowest = max(self.costs, key=lambda cost: cost.seconds)
        largest = max(self.costs, key=lambda cost: cost.megabytes)
        return (
            f"zoo: {len(self.costs)} mails; slowest {slowest.name} {slowest.seconds:.1f} s, "
            f"largest {largest.name} {largest.megabytes:.0f} MB; limits {LIMITS.seconds:g} s and {LIMITS.memory_mb} MB"
        )


def _seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _peak(pid: int) -> float:
    (line,) = [line for line in Path(f"/proc/{pid}/status").read_text("ascii").splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) / 1024
