"""`simulate`: weeks of the service in a world that breaks by seed, checked after each step (docs/simulation.md)."""

from __future__ import annotations

import argparse
import time
from dataclasses import asdict
from pathlib import Path

from structlog.testing import capture_logs

from reminder.cli.output import complaints, print_document, say
from reminder.errors import EXIT_DONE, EXIT_FAILED
from reminder.simulation.campaign import Tally, open_folder, run_seeds
from reminder.simulation.golden import run_golden
from reminder.simulation.outcome import Outcome
from reminder.simulation.pairs import crash_in_pairs
from reminder.simulation.soak import run_soak


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    """Adds the command of this module."""
    help_text = "run the service in a simulated world that breaks, and check that its promises hold"
    simulate = commands.add_parser("simulate", parents=[common], help=help_text)
    simulate.add_argument("--seeds", type=int, default=10, metavar="N", help="how many seeds (default: 10)")
    simulate.add_argument("--seed", type=int, metavar="S", help="this seed alone, with its whole trace")
    simulate.add_argument("--first", type=int, default=1, metavar="S", help="the first of the seeds (default: 1)")
    simulate.add_argument("--pairs", type=int, default=0, metavar="N", help="also N pairs of crash points of one round")
    simulate.add_argument("--years", type=int, metavar="N", help="a soak instead: N yearly rounds, and what grows")
    simulate.set_defaults(run=_simulate)


def _simulate(args: argparse.Namespace) -> int:
    if args.seed is not None:
        return _run_one(args)
    if args.years is not None:
        return _soak(args)
    tally, broken, began = Tally(), list[Outcome](), time.perf_counter()
    with open_folder() as folder:
        for outcome in run_seeds(folder, range(args.first, args.first + args.seeds)):
            tally.add(outcome)
            if not outcome.is_sound:
                broken.append(outcome)
                _tell_broken(outcome)
        bad_pairs = _run_pairs(args, folder, tally) if args.pairs else 0
    tally.seconds = time.perf_counter() - began
    _tell_tally(args, tally, broken)
    return EXIT_FAILED if broken or bad_pairs else EXIT_DONE


def _run_pairs(args: argparse.Namespace, folder: Path, tally: Tally) -> int:
    """Two crashes in one round; how many runs broke a promise."""
    with capture_logs():
        runs = list(crash_in_pairs(folder, run_golden(folder), args.pairs, seed=args.first))
    bad = [run for run in runs if run.violations]
    for run in bad:
        complaints.print(f"Killed at {run.number}, {' and at '.join(run.points)}: {'; '.join(map(str, run.violations))}", markup=False)
    for run in runs:
        tally.pairs.update([run.points] if run.was_reached else [])
    reached = sum(run.was_reached for run in runs)
    say(
        args,
        f"{len(runs)} pairs of crash points, {reached} of them reached, {len(tally.pairs)} different by name; {len(bad)} broke a promise.",
    )
    return len(bad)


def _soak(args: argparse.Namespace) -> int:
    """Year after year: what grows."""
    say(args, "year   mails  replies   rows  of them   MB  in mails   MB memory  seconds  ms a quiet pass")
    before = 0
    with open_folder() as folder:
        for one in run_soak(folder, args.years):
            rows = sum(one.rows.values())
            if args.json:
                print_document({**asdict(one), "rows": dict(one.rows)})
            say(
                args,
                f"{one.year}  {one.mails:6} {one.replies:8} {rows:6} {rows - before:+8} {one.database / 1e6:4.2f} {one.bodies / 1e6:9.2f}"
                f" {one.resident / 1e6:11.1f} {one.seconds:8.2f} {one.quiet_pass * 1000:16.1f}",
            )
            before = rows
    return EXIT_DONE


def _run_one(args: argparse.Namespace) -> int:
    with open_folder() as folder:
        outcome = next(iter(run_seeds(Path(folder), [args.seed])))
    for line in outcome.journal.trace:
        say(args, line)
    tally = Tally()
    tally.add(outcome)
    if not outcome.is_sound:
        _tell_broken(outcome)
    _tell_tally(args, tally, [] if outcome.is_sound else [outcome])
    return EXIT_DONE if outcome.is_sound else EXIT_FAILED


def _tell_broken(outcome: Outcome) -> None:
    complaints.print(f"Seed {outcome.seed}, after step {outcome.steps}:", markup=False)
    for violation in outcome.violations:
        complaints.print(f"  {violation}", markup=False)
    for line in outcome.journal.trace[-15:]:
        complaints.print(f"    {line}", markup=False)
    complaints.print(f"  The whole trace: reminder simulate --seed {outcome.seed}", markup=False)


def _tell_tally(args: argparse.Namespace, tally: Tally, broken: list[Outcome]) -> None:
    if args.json:
        print_document(
            {
                "seeds": tally.seeds,
                "steps": tally.steps,
                "crash_points": tally.points,
                "kinds_of_crash_points": len(tally.passed),
                "virtual_years": round(tally.years, 2),
                "seconds": round(tally.seconds, 1),
                "never_hit": list(tally.never_hit()),
                "faults": dict(sorted(tally.faults.items())),
                "broken": [{"seed": one.seed, "invariants": sorted({each.invariant for each in one.violations})} for one in broken],
            }
        )
        return
    faults = ", ".join(f"{kind} {count}" for kind, count in sorted(tally.faults.items())) or "none"
    say(args, f"{tally.seeds} seeds, {tally.years:.1f} virtual years, {tally.steps} steps, {tally.points} crash points passed.")
    say(args, f"Faults: {faults}.")
    if tally.seconds:
        never = tally.never_hit()
        say(args, f"{tally.seconds:.0f} seconds; {len(tally.crashed)} of {len(tally.passed)} kinds of crash points were died at.")
        say(args, f"Never hit: {', '.join(never)}." if never else "Every kind of fault, of crash point and of change of state was hit.")
    say(args, f"{len(broken)} of {tally.seeds} seeds broke a promise." if broken else "All promises held.")
