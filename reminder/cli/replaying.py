"""`inbox replay`: what would change is shown first; then it asks, or is told with --yes."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time

from rich.progress import track

from reminder.cli.opening import Needs, Opened
from reminder.cli.output import complaints, console, print_lines, say
from reminder.cli.selecting import read_day
from reminder.domain.assessments import Assessment
from reminder.errors import EXIT_DONE, EXIT_USAGE, UsageFailure
from reminder.flows.house import House
from reminder.flows.replay import BY_HAND, LATER, ActionChange, MailChange, ReplayOutcome, count_older, find_mails, foresee, replay

NOTES = {BY_HAND: "kept: decided by a person", LATER: "a later mail speaks of it; what counts stays as it is"}
ASIDE = frozenset({ReplayOutcome.KEPT, ReplayOutcome.SKIPPED, ReplayOutcome.FAILED})


def add_replay(parts: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    """Adds the command."""
    command = parts.add_parser("replay", parents=[common], help="read stored mails again with today's parser; shows what changes first")
    command.add_argument("ids", nargs="*", metavar="ID", help="only these mails (default: those that an older parser read)")
    command.add_argument("--since", type=read_day, metavar="D", help="all that were received since this day")
    command.add_argument("--all", action="store_true", help="all that are stored")
    command.add_argument("--acknowledge", action="store_true", help="also tell the senders of changed mails what counts now")
    command.add_argument("--yes", action="store_true", help="apply without asking")
    command.add_argument("--dry-run", action="store_true", help="change nothing; only say what would be done")
    command.set_defaults(run=run_replay)


def run_replay(args: argparse.Namespace) -> int:
    """Shows what would change, asks, and applies it mail by mail. Exit code 2, and nothing changed, where nobody can be asked."""
    if args.ids and (args.since or args.all):
        raise UsageFailure("Numbers stand alone.", advice="Leave --since and --all out, or the numbers.")
    with Opened(args, Needs()) as house:
        mails = find_mails(house, ids=[_number(text) for text in args.ids], since=_since(house, args.since), everything=args.all)
        # Rich writes its bar only where a terminal can show it.
        planned = foresee(house, mails, acknowledge=args.acknowledge)
        shown = list(track(planned, "reading", total=len(mails), console=complaints, transient=True, disable=_is_plain(args)))
        _print_changes(args, shown, is_done=False)
        if args.dry_run or not _find_work(shown):
            return EXIT_DONE
        if not args.yes and not _agrees(args):
            return EXIT_USAGE if not sys.stdin.isatty() else EXIT_DONE
        done = replay(house, _find_work(shown), acknowledge=args.acknowledge)
        applied = list(track(done, "applying", total=len(shown), console=complaints, transient=True, disable=_is_plain(args)))
    if args.json:
        print_lines({**_write(change), "applied": True} for change in applied)
    say(args, f"Done: {_summary(applied, is_done=True)}")
    return EXIT_DONE


def _is_plain(args: argparse.Namespace) -> bool:
    return bool(args.json or args.quiet or not complaints.is_terminal)


def _find_work(shown: Sequence[MailChange]) -> list[int]:
    """What is to be applied: the changed ones, and those that read the same, which get the new parser's name."""
    return [change.inbound for change in shown if change.outcome in {ReplayOutcome.CHANGED, ReplayOutcome.SAME} or change.actions]


def _agrees(args: argparse.Namespace) -> bool:
    if args.json or not (sys.stdin.isatty() and console.is_terminal):
        complaints.print("Nothing was changed. Look at the list, and say --yes to apply it.", markup=False)
        return False
    answer = console.input("Apply this? Write yes: ")
    if answer.strip().lower() not in {"yes", "y"}:
        say(args, "Nothing was changed.")
        return False
    return True


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise UsageFailure(f"{text!r} is not the number of a mail.", advice="`reminder inbox list` shows the numbers.")
    return int(text)


def _since(house: House, day: date | None) -> datetime | None:
    return None if day is None else house.setup.calendar.at(day, time.min)


def _print_changes(args: argparse.Namespace, changes: Sequence[MailChange], *, is_done: bool) -> None:
    if args.json:
        if args.dry_run or not args.yes:
            print_lines({**_write(change), "applied": False} for change in changes)
        return
    for change in changes:
        for line in _describe(change):
            say(args, line)
    say(args, _summary(changes, is_done=is_done))


def _describe(change: MailChange) -> list[str]:
    """What changes of one mail; nothing for one that reads the same."""
    if change.outcome is ReplayOutcome.SAME and not change.notes:
        return []
    state = f"{change.was} → {change.becomes}" if change.was != change.becomes else change.was
    lines = [f"mail {change.inbound}, received {change.received_at.isoformat(timespec='minutes')}: {change.outcome.value}, {state}"]
    if change.why and (change.outcome in ASIDE or change.was != change.becomes):
        lines.append(f"  {change.why}")
    lines += [f"  {note}" for note in change.notes]
    lines += [f"  [{one.number}] {_fact(one.before)} → {_fact(one.after)}{_note(one)}" for one in change.actions]
    lines += [f"  [{number or 'all'}] new question: {reason}" for number, reason in change.new_questions]
    lines += [f"  [{number}] newly missing" for number in change.newly_missing]
    return lines


def _fact(fact: Assessment | None) -> str:
    if fact is None:
        return "nothing"
    words = [word.value for word in (fact.light, fact.phase) if word is not None]
    words += ["provisional"] if fact.is_provisional else []
    said = [f"“{fact.text}”"] if fact.text else []
    said += [f"next “{fact.next_step}”"] if fact.next_step else []
    said += [f"by {fact.next_on.isoformat()}"] if fact.next_on else []
    return " ".join([", ".join(words) or "no light", *said])


def _note(one: ActionChange) -> str:
    return f"  ({NOTES[one.note]})" if one.note else ""


def _summary(changes: Sequence[MailChange], *, is_done: bool) -> str:
    counts = Counter(change.outcome for change in changes)
    actions = sum(not one.note for change in changes for one in change.actions)
    told = sum(change.acknowledged for change in changes)
    verb = "were" if is_done else "would be"
    parts = [f"{len(changes)} mails read again, {counts[ReplayOutcome.CHANGED]} {verb} changed, {actions} actions {verb} changed by them"]
    parts += [f"{counts[ReplayOutcome.KEPT]} kept as a person decided"] if counts[ReplayOutcome.KEPT] else []
    parts += [f"{counts[ReplayOutcome.SKIPPED]} cannot be read again"] if counts[ReplayOutcome.SKIPPED] else []
    parts += [f"{counts[ReplayOutcome.FAILED]} failed"] if counts[ReplayOutcome.FAILED] else []
    parts += [f"{told} acknowledgements written"] if is_done else []
    return "; ".join(parts) + "."


def _write(change: MailChange) -> dict[str, object]:
    return {
        "id": change.inbound,
        "received": change.received_at,
        "outcome": change.outcome.value,
        "was": change.was,
        "becomes": change.becomes,
        "why": change.why,
        "actions": [
            {"action": one.number, "before": _facts(one.before), "after": _facts(one.after), "note": one.note} for one in change.actions
        ],
        "new_questions": [{"action": number, "reason": reason} for number, reason in change.new_questions],
        "newly_missing": list(change.newly_missing),
        "notes": list(change.notes),
        "acknowledged": change.acknowledged,
    }


def _facts(fact: Assessment | None) -> dict[str, object] | None:
    if fact is None:
        return None
    return {
        "party": fact.party,
        "light": fact.light.value if fact.light else None,
        "phase": fact.phase.value if fact.phase else None,
        "text": fact.text,
        "next": fact.next_step,
        "by": fact.next_on.isoformat() if fact.next_on else None,
        "provisional": fact.is_provisional,
    }


def tell_older(args: argparse.Namespace, house: House) -> None:
    """A remark where mails were read by an older parser."""
    with house.store.read() as conn:
        older = count_older(conn)
    if older:
        word = "mail was" if older == 1 else "mails were"
        say(args, f"{older} {word} read by an older parser; see `reminder inbox replay --dry-run`.")
