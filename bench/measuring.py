"""Rounds, medians and the table. A figure of one run is compared only with its neighbour in the same run."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Work = Callable[[], int]
"""Does the work once and returns how many mails it dealt with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One step beside its bare loop, in mails a second."""

    step: str
    bare: str
    ours_per_second: float
    bare_per_second: float
    spread: float

    @property
    def ratio(self) -> float:
        """Our time as a multiple of the bare loop's."""
        return self.bare_per_second / self.ours_per_second


def measure(step: str, bare_name: str, ours: Work, bare: Work, *, rounds: int = 3) -> Row:
    """Interleaved rounds, so that a slow moment of the machine hits both; the medians count."""
    return write_row(step, bare_name, [(rate(bare), rate(ours)) for _ in range(rounds)])


def write_row(step: str, bare_name: str, pairs: Sequence[tuple[float, float]]) -> Row:
    """The row of some rounds, each as (bare rate, our rate)."""
    ratios = [bare_rate / our_rate for bare_rate, our_rate in pairs]
    return Row(
        step=step,
        bare=bare_name,
        ours_per_second=statistics.median(pair[1] for pair in pairs),
        bare_per_second=statistics.median(pair[0] for pair in pairs),
        spread=(max(ratios) - min(ratios)) / statistics.median(ratios),
    )


def rate(work: Work) -> float:
    """Mails a second of one pass."""
    start = time.perf_counter()
    count = work()
    return count / (time.perf_counter() - start)


def print_rows(rows: Sequence[Row]) -> None:
    """The table, as text that can be pasted into a note."""
    print(f"{'step':<28} {'ours/s':>8} {'bare/s':>8} {'ratio':>6} {'spread':>7}  bare loop")
    for row in rows:
        print(f"{row.step:<28} {row.ours_per_second:>8.0f} {row.bare_per_second:>8.0f} {row.ratio:>6.1f} {row.spread:>6.0%}  {row.bare}")
