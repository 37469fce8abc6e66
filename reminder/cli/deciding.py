"""`extend`, `waive`, `remind`, `close`, `reopen`: what the coordinator can do by mail, by hand."""

from __future__ import annotations

import argparse

from reminder.cli.opening import Needs, Opened
from reminder.cli.output import print_document, say
from reminder.cli.selecting import find_party, find_round, language_of, read_day
from reminder.domain.setup import Setup
from reminder.errors import EXIT_DONE, UsageFailure
from reminder.flows.by_hand import By, Decided, close_round, extend, remind, reopen_round, take_back, waive
from reminder.flows.decision_words import tell_codes, tell_overlays
from reminder.flows.house import House
from reminder.store.engine import Store
from reminder.store.overlays import OverlayKind

BY = By(actor="command line")
_DEFAULT_REASON = "asked for by the coordinator"


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    """Adds the commands of this module."""
    more = commands.add_parser("extend", parents=[common], help="more time for a party, with reminders of its own")
    _add_duty(more)
    more.add_argument("--until", type=read_day, metavar="D", help="the new last day")
    _add_rest(more, run_extend)
    less = commands.add_parser("waive", parents=[common], help="do not ask for an action in this round")
    _add_duty(less)
    less.add_argument("action", metavar="ACTION", help="its printed number or its id")
    _add_rest(less, run_waive)
    again = commands.add_parser("remind", parents=[common], help="one more mail to a party, now")
    _add_duty(again)
    _add_rest(again, run_remind)
    close = commands.add_parser("close", parents=[common], help="end a round with this day; nothing more goes out")
    close.add_argument("round", metavar="ROUND", help="the round")
    _add_rest(close, run_close, undo=False)
    reopen = commands.add_parser("reopen", parents=[common], help="let a round take answers again")
    reopen.add_argument("round", metavar="ROUND", help="the round")
    reopen.add_argument("--until", type=read_day, metavar="D", help="the new last day")
    _add_rest(reopen, run_reopen)


def _add_duty(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("round", metavar="ROUND", help="the round")
    parser.add_argument("party", metavar="PARTY", help="id of the responsible party")


def _add_rest(parser: argparse.ArgumentParser, run: object, *, undo: bool = True) -> None:
    parser.add_argument("--because", metavar="TEXT", help="the reason; kept, and shown wherever the decision is")
    if undo:
        parser.add_argument("--undo", action="store_true", help="take the last such decision back")
    parser.add_argument("--dry-run", action="store_true", help="change nothing; only say what would be done")
    parser.set_defaults(run=run)


def run_extend(args: argparse.Namespace) -> int:
    """A later deadline for one party."""
    with Opened(args, Needs()) as house:
        one = find_round(house.setup, args.round)
        party = find_party(house.setup, one, args.party)
        if args.undo:
            return _tell(args, _undo(args, house, OverlayKind.EXTENSION))
        if args.until is None:
            raise UsageFailure("Until when?", advice="Name the day with --until, such as --until 2025-03-14.")
        because = _reason(args)
        return _tell(args, extend(house, one, party, until=args.until, because=because, by=BY, dry_run=args.dry_run))


def run_waive(args: argparse.Namespace) -> int:
    """An action is not asked for."""
    with Opened(args, Needs()) as house:
        one = find_round(house.setup, args.round)
        party = find_party(house.setup, one, args.party)
        if args.undo:
            return _tell(args, _undo(args, house, OverlayKind.WAIVER))
        return _tell(args, waive(house, one, party, args.action, because=_reason(args), by=BY, dry_run=args.dry_run))


def run_remind(args: argparse.Namespace) -> int:
    """One more mail, under the same rules as all others."""
    with Opened(args, Needs()) as house:
        one = find_round(house.setup, args.round)
        party = find_party(house.setup, one, args.party)
        if args.undo:
            return _tell(args, _undo(args, house, OverlayKind.ADDED_STEP))
        return _tell(args, remind(house, one, party, because=args.because or _DEFAULT_REASON, by=BY, dry_run=args.dry_run))


def run_close(args: argparse.Namespace) -> int:
    """The round ends with this day."""
    with Opened(args, Needs()) as house:
        one = find_round(house.setup, args.round)
        return _tell(args, close_round(house, one, because=_reason(args), by=BY, dry_run=args.dry_run))


def run_reopen(args: argparse.Namespace) -> int:
    """The round takes answers again; with --undo the last word about its end is taken back, a closing too."""
    with Opened(args, Needs()) as house:
        one = find_round(house.setup, args.round)
        if args.undo:
            return _tell(args, take_back(house, OverlayKind.CLOSING, one, by=BY, dry_run=args.dry_run))
        if args.until is None:
            raise UsageFailure("Until when?", advice="Name the new last day with --until, such as --until 2025-05-30.")
        return _tell(args, reopen_round(house, one, until=args.until, because=_reason(args), by=BY, dry_run=args.dry_run))


def print_decisions(args: argparse.Namespace, store: Store, setup: Setup) -> None:
    """What was decided by hand and is in force, a line each; nothing with --json, where the dates in the rows tell it."""
    with store.read() as conn:
        told = tell_overlays(conn, setup, language_of(args))
    if told:
        say(args, "Decided by hand:")
    for line in told:
        say(args, f"  {line}")


def print_codes(args: argparse.Namespace, house: House) -> None:
    """The commands by mail that wait for their code, a line each; nothing with --json."""
    with house.store.read() as conn:
        told = tell_codes(conn, house.setup, language_of(args), house.clock.now())
    for line in told:
        say(args, line)


def _undo(args: argparse.Namespace, house: House, kind: OverlayKind) -> Decided:
    one = find_round(house.setup, args.round)
    return take_back(house, kind, one, args.party, getattr(args, "action", ""), by=BY, dry_run=args.dry_run)


def _reason(args: argparse.Namespace) -> str:
    if not (args.because or "").strip():
        raise UsageFailure("A decision needs its reason.", advice='Write it with --because, such as --because "asked for by phone".')
    return str(args.because).strip()


def _tell(args: argparse.Namespace, decided: Decided) -> int:
    if args.json:
        print_document({"done": not args.dry_run, "said": decided.said, "follows": list(decided.follows), "undo": decided.undo})
        return EXIT_DONE
    say(args, f"{'This would be done: ' if args.dry_run else ''}{decided.said}")
    for line in decided.follows:
        say(args, line)
    if decided.undo and not args.dry_run:
        say(args, f"To take it back: {decided.undo}")
    return EXIT_DONE
