"""`disarm`, `pause`, `resume`: whether anything goes out. (`arm` has a module of its own.)"""

from __future__ import annotations

import argparse
from datetime import date, datetime

from reminder.cli.opening import Needs, Opened
from reminder.cli.output import print_document, say
from reminder.cli.selecting import read_day
from reminder.errors import EXIT_DONE, UsageFailure
from reminder.flows.house import House
from reminder.store import control


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    """Adds the commands of this module."""
    disarm = commands.add_parser("disarm", parents=[common], help="let nothing go out any more")
    disarm.add_argument("--dry-run", action="store_true", help="change nothing; only say what would be done")
    disarm.set_defaults(run=run_disarm)
    pause = commands.add_parser("pause", parents=[common], help="hold schedule mails; acknowledgements still go")
    pause.add_argument("--all", action="store_true", help="hold everything, acknowledgements too")
    pause.add_argument("--until", type=read_day, metavar="D", help="go on by itself in the morning of this day")
    pause.add_argument("--dry-run", action="store_true", help="change nothing; only say what would be done")
    pause.set_defaults(run=run_pause)
    resume = commands.add_parser("resume", parents=[common], help="end a pause")
    resume.add_argument("--dry-run", action="store_true", help="change nothing; only say what would be done")
    resume.set_defaults(run=run_resume)


def run_disarm(args: argparse.Namespace) -> int:
    """Nothing goes out any more, acknowledgements included, until `arm`."""
    with Opened(args, Needs()) as house:
        if not args.dry_run:
            with house.store.begin() as conn:
                control.disarm(conn)
        if args.json:
            print_document({"disarmed": not args.dry_run})
        if args.dry_run:
            say(args, "Would disarm: nothing would go out until `reminder arm`. Nothing was changed.")
        else:
            say(args, "Disarmed. Nothing goes out until `reminder arm`; what comes in is still read.")
    return EXIT_DONE


def run_pause(args: argparse.Namespace) -> int:
    """Holds schedule mails, or everything with --all, for a time or until resumed."""
    with Opened(args, Needs()) as house:
        until = _start_of(house, args.until) if args.until else None
        if until is not None and until <= house.clock.now():
            raise UsageFailure(f"{args.until} has begun already; nothing was changed.", advice="Name a later day, or leave --until out.")
        if not args.dry_run:
            with house.store.begin() as conn:
                control.pause(conn, house.clock.now(), until=until, everything=args.all)
        what, verb = "Everything" if args.all else "Schedule mails", "is" if args.all else "are"
        if args.json:
            print_document({"paused": not args.dry_run, "all": args.all, "until": until.isoformat() if until else None})
        until_when = f"until {args.until}" if args.until else "until `reminder resume`"
        say(args, f"{what} would be held {until_when}. Nothing was changed." if args.dry_run else f"{what} {verb} held {until_when}.")
    return EXIT_DONE


def _start_of(house: House, day: date) -> datetime:
    calendar = house.setup.calendar
    opens = house.setup.rounds[0].window.opens if house.setup.rounds else datetime.min.time()
    return calendar.at(day, opens)


def run_resume(args: argparse.Namespace) -> int:
    """Ends a pause; what was missed collapses into the newest step of each duty."""
    with Opened(args, Needs()) as house:
        if not args.dry_run:
            with house.store.begin() as conn:
                control.resume(conn)
        if args.json:
            print_document({"resumed": not args.dry_run})
        say(args, "Would resume. Nothing was changed." if args.dry_run else "Resumed.")
    return EXIT_DONE
