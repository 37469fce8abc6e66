"""Pairs of crash points of the golden scenario: the process dies, is started, and dies again while it recovers."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from reminder.simulation.golden import CrashRun, Golden, crash_at

SOON = 40
"""Within so many crash points after the first crash the second one comes: what recovers is still at work."""


def crash_in_pairs(folder: Path, golden: Golden, count: int, *, seed: int) -> Iterator[CrashRun]:
    """So many pairs, drawn by chance. A second point is counted on in the run that has already died once."""
    drawn = random.Random(f"pairs of {seed}")
    last = golden.stations[-1].last
    for _ in range(count):
        first = drawn.randint(1, last)
        station = next(one for one in golden.stations if one.first <= first <= one.last)
        yield crash_at(folder, golden, station, frozenset({first, first + drawn.randint(1, SOON)}))
