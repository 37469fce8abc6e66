"""Every single crash point of the golden scenario: one small round, from the notice to its closing.

The scenario is run once without a fault, and saved before each step. Then, for each crash point of a step, the world goes on
from what was saved and dies at that point. It is run until it stands, after some step, exactly where the run without a fault
stood after the step that began at the same instant: from there on the two are the same run. One that never comes to that is
run to its end, and compared there (invariant T4).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from structlog.testing import capture_logs

from reminder.simulation import town
from reminder.simulation.checking import Violation
from reminder.simulation.fates import Fates
from reminder.simulation.incoming import recorded_lights
from reminder.simulation.looking import Seen
from reminder.simulation.outcome import Outcome, Saved
from reminder.simulation.people import golden_script
from reminder.simulation.running import Simulation


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """The golden run before one of its steps."""

    saved: Saved
    first: int
    """The number of the first crash point of the step."""
    last: int


@dataclass(slots=True)
class Golden:
    """The run without a fault."""

    stations: list[Station] = field(default_factory=list)
    stood: dict[datetime, str] = field(default_factory=dict)
    """How it stood after the step that began at an instant."""
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CrashRun:
    """What came of one crash point."""

    number: int
    points: tuple[str, ...]
    """Where the process died."""
    violations: tuple[Violation, ...]
    trace: tuple[str, ...]
    """Of a run that broke a promise."""
    steps: int
    was_reached: bool
    """Whether the process died as often as it was to."""


def run_golden(folder: Path) -> Golden:
    """The golden scenario without a fault, saved before each step, until the round has closed and all is at rest."""
    golden = Golden()
    simulation = Simulation(folder, Fates.calm(), script=golden_script)
    simulation.arm()
    while simulation.world.now() < town.END and not simulation.violations:
        saved, first = simulation.save(folder / f"station-{len(golden.stations)}.db"), simulation.world.passed + 1
        simulation.go_on(town.END, is_over=lambda began: _remember(golden, began, simulation))
        golden.stations.append(Station(saved=saved, first=first, last=simulation.world.passed))
        simulation.wait(town.END)
    golden.outcome = simulation.come_to_rest()
    return golden


def _remember(golden: Golden, began: datetime, simulation: Simulation) -> bool:
    golden.stood[began] = simulation.fingerprint()
    return True


def crash_everywhere(folder: Path, golden: Golden, *, every: int = 1, offset: int = 0) -> Iterator[CrashRun]:
    """One run for each crash point, in their order; with `every` each so many-th, beginning at `offset`."""
    for station in golden.stations:
        for number in range(station.first, station.last + 1):
            if number % every == offset % every:
                yield crash_once(folder, golden, station, number)


def crash_once(folder: Path, golden: Golden, station: Station, number: int) -> CrashRun:
    """The scenario with one crash."""
    return crash_at(folder, golden, station, frozenset({number}))


def crash_at(folder: Path, golden: Golden, station: Station, numbers: frozenset[int]) -> CrashRun:
    """The scenario from a station, with a crash at each of these points, counted on from the start of the run."""
    with capture_logs() as logs:
        simulation = Simulation.resume(folder, station.saved, crash_at=numbers)
        simulation.world.journal.logs = logs
        before, last = station.saved.steps, max(numbers)

        def has_come_back(began: datetime) -> bool:
            return bool(simulation.world.passed >= last) and golden.stood.get(began) == simulation.fingerprint()

        simulation.go_on(town.END, is_over=has_come_back)
        steps = simulation.steps - before
        if simulation.world.now() < town.END or simulation.violations:
            simulation.close()
            found = tuple(simulation.violations)
        else:
            outcome = simulation.come_to_rest()
            found = (*outcome.violations, *_compare(golden, outcome.seen))
    journal = simulation.world.journal
    return CrashRun(
        number=min(numbers),
        points=tuple(journal.crashes),
        violations=found,
        trace=tuple(journal.trace) if found else (),
        steps=steps,
        was_reached=len(journal.crashes) == len(numbers),
    )


def _compare(golden: Golden, seen: Seen) -> Iterator[Violation]:
    """T4: the same steps have ended, each as a mail or as none, and the same is recorded."""
    assert golden.outcome is not None
    whole = golden.outcome.seen
    ended, wanted = (Counter((row["dedupe_key"], row["outcome"]) for row in one.steps) for one in (seen, whole))
    for key, outcome in sorted((wanted - ended).keys() | (ended - wanted).keys()):
        yield Violation(invariant="T4", detail=f"{key} as {outcome} is only in one of the two runs.")
    if recorded_lights(seen) != recorded_lights(whole):
        yield Violation(invariant="T4", detail="What is recorded is not the same.")
