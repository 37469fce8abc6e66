"""`simulate`: weeks of the service in a world that breaks by seed, checked after each step (docs/simulation.md)."""

from __future__ import annotations

import argparse
from pathlib import Path

from reminder.cli.output import complaints, print_document, say
from reminder.errors import EXIT_DONE, EXIT_FAILED
from reminder.simulation.campaign import Tally, open_folder, run_seeds
from reminder.simulation.outcome import Outcome


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    """Adds the command of this module."""
    help_text = "run the service in a simulated world that breaks, and check that its promises hold"
    simulate = commands.add_parser("simulate", parents=[common], help=help_text)
    simulate.add_argument("--seeds", type=int, default=10, metavar="N", help="how many seeds (default: 10)")
    simulate.add_argument("--seed", type=int, metavar="S", help="this seed alone, with its whole trace")
    simulate.add_argument("--first", type=int, default=1, metavar="S", help="the first of the seeds (default: 1)")
    simulate.set_defaults(run=_simulate)


def _simulate(args: argparse.Namespace) -> int:
    if args.seed is not None:
        return _run_one(args)
    tally, broken = Tally(), list[Outcome]()
    with open_folder() as folder:
        for outcome in run_seeds(folder, range(args.first, args.first + args.seeds)):
            tally.add(outcome)
            if not outcome.is_sound:
                broken.append(outcome)
                _tell_broken(outcome)
    _tell_tally(args, tally, broken)
    return EXIT_FAILED if broken else EXIT_DONE


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
                "faults": dict(sorted(tally.faults.items())),
                "broken": [{"seed": one.seed, "invariants": sorted({each.invariant for each in one.violations})} for one in broken],
            }
        )
        return
    faults = ", ".join(f"{kind} {count}" for kind, count in sorted(tally.faults.items())) or "none"
    say(args, f"{tally.seeds} seeds, {tally.years:.1f} virtual years, {tally.steps} steps, {tally.points} crash points passed.")
    say(args, f"Faults: {faults}.")
    say(args, f"{len(broken)} of {tally.seeds} seeds broke a promise." if broken else "All promises held.")
