"""`reminder`: the command line. One parser, one place where an error becomes a sentence and an exit code."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from reminder import __version__
from reminder.cli import (
    approving,
    archiving,
    arming,
    backing,
    configuring,
    deciding,
    desks,
    hearings,
    importing,
    planning,
    reading,
    rehearsing,
    reporting,
    running,
    seeing,
    simulating,
    steering,
    surveys,
)
from reminder.cli.output import complaints
from reminder.errors import EXIT_DONE, EXIT_FAILED, EXIT_TEMPORARY, EXIT_USAGE, ReminderError
from reminder.service.logs import configure_logs

MODULES = (
    configuring,
    importing,
    seeing,
    planning,
    arming,
    steering,
    approving,
    archiving,
    running,
    backing,
    deciding,
    hearings,
    surveys,
    desks,
    reporting,
    reading,
    rehearsing,
    simulating,
)


def build_parser() -> argparse.ArgumentParser:
    """The parser with every command. The global options may stand before or after the command."""
    common = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    _add_global_options(common)
    parser = argparse.ArgumentParser(prog="reminder", description="Follows up a city's programme by email.", parents=[common])
    parser.add_argument("--version", action="version", version=f"reminder {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for module in MODULES:
        module.add_commands(commands, common)
    return parser


def _add_global_options(common: argparse.ArgumentParser) -> None:
    common.add_argument("--config", type=Path, metavar="DIR", help="configuration directory (default: ./config, .env beside it)")
    common.add_argument("--json", action="store_true", help="facts as JSON")
    common.add_argument("--lang", choices=["fi", "sv", "en"], help="language of what is shown to a secretary (default: en)")
    common.add_argument("--quiet", action="store_true", help="print only what was asked for")


DEFAULTS = {"config": Path("config"), "json": False, "lang": "en", "quiet": False}


def run(arguments: Sequence[str]) -> int:
    """Runs one command. Returns its exit code; raises nothing for what a user or the world can do."""
    args = build_parser().parse_args(arguments, namespace=argparse.Namespace())
    args.is_language_given = hasattr(args, "lang")
    for name, value in DEFAULTS.items():
        if not hasattr(args, name):
            setattr(args, name, value)
    logging.basicConfig(level=logging.WARNING)
    configure_logs("text", level=logging.WARNING)
    try:
        code = int(args.run(args) or EXIT_DONE)
        sys.stdout.flush()
        return code
    except ReminderError as error:
        complaints.print(str(error), markup=False)
        if error.advice:
            complaints.print(f"What to do: {error.advice}", markup=False)
        return error.exit_code
    except BrokenPipeError:  # whoever read our output has enough of it, as `head` has
        _close_output()
        return EXIT_DONE
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        complaints.print(f"{where}{error.strerror or error}.", markup=False)
        return EXIT_FAILED
    except KeyboardInterrupt:
        return EXIT_TEMPORARY


def _close_output() -> None:
    """Points standard output to nowhere, so that the interpreter does not complain when it flushes at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def main() -> None:
    """Entry point of the console script."""
    try:
        code = run(sys.argv[1:])
    except SystemExit as stop:  # argparse ends itself with 0 or 2
        code = stop.code if isinstance(stop.code, int) else EXIT_USAGE
    sys.exit(code)
