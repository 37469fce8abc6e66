"""`arm`, `disarm`, `pause`, `resume`: whether anything goes out."""

from __future__ import annotations

import argparse
from datetime import date, datetime

from reminder.cli.opening import Needs, Opened
from reminder.cli.output import print_document, print_table, say
from reminder.cli.selecting import read_day
from reminder.domain.intents import SendIntent
from reminder.errors import EXIT_DONE, UsageFailure
from reminder.flows.announce import find_due_at_any_hour, skip_due
from reminder.flows.house import House
from reminder.flows.taking_up import take_up
from reminder.store import control


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    """Adds the commands of this module."""
    arm = commands.add_parser("arm", parents=[common], help="let mails go out; lists what is already due and skips it")
    arm.add_argument("--send-due", type=int, metavar="N", help="send the N mails that are already due instead of skipping them")
    arm.add_argument("--dry-run", action="store_true", help="only show what would happen")
    arm.set_defaults(run=run_arm)
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


def run_arm(args: argparse.Namespace) -> int:
    """Nothing goes out before this. What is already due is skipped, unless its exact number is confirmed.

    Armed already, it changes nothing: what is due then waits for its hour and is not to be lost.
    """
    opened = Opened(args, Needs(sound_files=True))
    with opened as house:
        now = house.clock.now()
        if _is_armed(house):
            return _tell_armed(args, armed=True, due=0, text="It was armed already; nothing was changed.")
        found = find_due_at_any_hour(house, now)
        due = tuple(intent for intent in found.intents if isinstance(intent, SendIntent))
        _print_due(args, due)
        if args.send_due is not None and args.send_due != len(due):
            raise UsageFailure(
                f"{len(due)} mails are due, not {args.send_due}; nothing was changed.",
                advice="Look at the list above and confirm its number, or leave --send-due out to skip them.",
            )
        if args.dry_run:
            return _tell_armed(args, armed=False, due=len(due), text=f"{len(due)} mails are already due; `arm` would skip them.")
        if args.send_due is None:
            skip_due(house, found)
        with house.store.begin() as conn:
            control.arm(conn, now)
        take_up(house, opened.loaded, args.config)
    word = "will be sent" if args.send_due is not None else "were skipped and will not be sent"
    text = f"Armed. {len(due)} mails that were already due {word}." if due else "Armed. Nothing was due yet."
    return _tell_armed(args, armed=True, due=len(due), text=text)


def _is_armed(house: House) -> bool:
    with house.store.read() as conn:
        return control.load_control(conn).is_armed


def _tell_armed(args: argparse.Namespace, *, armed: bool, due: int, text: str) -> int:
    if args.json:
        print_document({"armed": armed, "due": due, "sent_due": armed and due > 0 and args.send_due is not None})
    say(args, text)
    return EXIT_DONE


def _print_due(args: argparse.Namespace, due: tuple[SendIntent, ...]) -> None:
    if args.json or not due:
        return
    rows = [
        {
            "kind": intent.head.key.step.value,
            "round": intent.head.key.round,
            "party": ", ".join(step.key.party for step in intent.steps),
            "to": intent.recipient.address,
        }
        for intent in due
    ]
    print_table(args, "Already due", rows, columns={"kind": "kind", "round": "round", "party": "party", "to": "to"})


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
