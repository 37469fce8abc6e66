"""The inbox desk: `show`, `export`, `accept`, `reject`, `discard`, `answered` and `replay`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from reminder.cli.explaining import explain_understood, page_of, print_explanation
from reminder.cli.opening import Needs, Opened
from reminder.cli.output import print_document, say
from reminder.cli.replaying import add_replay
from reminder.cli.selecting import check_party, language_of
from reminder.domain.assessments import Assessment
from reminder.domain.readings import StoredMail
from reminder.errors import EXIT_DONE, UsageFailure
from reminder.flows.explain import Reread, explain_stored
from reminder.flows.house import House
from reminder.flows.settling import Settled, accept, discard, mark_answered, reject
from reminder.store import inbox

DRY_RUN = "change nothing; only say what would be done"


def add_inbox_parts(parts: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    """Adds what can be done with one mail, and the replay of many."""
    show = parts.add_parser("show", parents=[common], help="one of them, marked with how it was read")
    show.add_argument("id", help="its number, as `list` shows it")
    show.add_argument("--raw", action="store_true", help="the bytes as they came")
    show.add_argument("--as", dest="form", choices=["text", "html"], default="text", help="html: a page to look at, on standard output")
    show.set_defaults(run=run_show)
    export = parts.add_parser("export", parents=[common], help="write the mail as .eml")
    export.add_argument("id", help="its number")
    export.add_argument("file", type=Path, help="the file to write")
    export.add_argument("--dry-run", action="store_true", help=DRY_RUN)
    export.set_defaults(run=run_export)
    taking = parts.add_parser("accept", parents=[common], help="record its answers, whoever sent it, and tell the sender")
    taking.add_argument("id", help="its number")
    taking.add_argument("--as", dest="party", default="", metavar="PARTY", help="the responsible party that it speaks for")
    taking.add_argument("--because", default="", metavar="TEXT", help="why; kept in the history")
    taking.add_argument("--dry-run", action="store_true", help=DRY_RUN)
    taking.set_defaults(run=run_accept)
    for name, run, text in (
        ("reject", run_reject, "what it says does not count; nobody is told"),
        ("discard", run_discard, "it needs nothing"),
        ("answered", run_answered, "you have answered this feedback on accessibility, so that its 14 days end"),
    ):
        command = parts.add_parser(name, parents=[common], help=text)
        command.add_argument("id", help="its number")
        command.add_argument("--because", required=True, metavar="TEXT", help="why; shown beside the mail")
        command.add_argument("--dry-run", action="store_true", help=DRY_RUN)
        command.set_defaults(run=run)
    add_replay(parts, common)


def read_number(text: str) -> int:
    """The number of a mail. Raises UsageFailure for anything else."""
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise UsageFailure(f"{text!r} is not the number of a mail.", advice="`reminder inbox list` shows the numbers.")
    return int(text)


def _load(house: House, text: str) -> StoredMail:
    with house.store.read() as conn:
        stored = inbox.load_inbound(conn, read_number(text))
        known = inbox.find_inbound(conn, read_number(text))
    if known is None:
        raise UsageFailure(f"There is no mail {text} in the inbox.", advice="`reminder inbox list` shows them.")
    if stored is None:
        raise UsageFailure(f"The bytes of mail {text} are no longer kept.", advice=f"`inbox show {text}` has what was read.")
    return stored


def run_show(args: argparse.Namespace) -> int:
    """One mail that came in, with how it was read."""
    with Opened(args, Needs()) as house:
        if args.raw:
            sys.stdout.buffer.write(_load(house, args.id).mail.raw)
            return EXIT_DONE
        seen = explain_stored(house, read_number(args.id))
    if args.json:
        print_document(_write_seen(seen))
        return EXIT_DONE
    if seen.understood is None:
        say(args, f"{_headline(seen)}\n{seen.before.refusal or ''}")
        return EXIT_DONE
    explanation = explain_understood(seen.understood, seen.bodies, language_of(args), _headline(seen))
    if args.form == "html":
        sys.stdout.write(page_of([explanation]))
    else:
        print_explanation(explanation)
        for line in _history(seen):
            say(args, line)
    return EXIT_DONE


def _write_seen(seen: Reread) -> dict[str, object]:
    row = seen.before.row
    return {
        "id": row.id,
        "state": row.state.value,
        "received": row.internal_date,
        "reason": row.reason,
        "readings": list(seen.readings),
        "history": [
            {
                "generation": one.generation,
                "cause": one.cause.value,
                "because": one.because,
                "parser": one.parser_version,
                "at": one.made_at,
            }
            for one in seen.rows
        ],
    }


def _headline(seen: Reread) -> str:
    row = seen.before.row
    return f"{row.id} · {row.state.value} · {row.internal_date.isoformat(timespec='minutes')}"


def _history(seen: Reread) -> list[str]:
    lines = []
    for one in seen.rows:
        why = f": {one.because}" if one.because else ""
        lines.append(
            f"{one.made_at.isoformat(timespec='minutes')}  {one.cause.value}, {one.verdict}, parser {one.parser_version or '-'}{why}"
        )
    if seen.is_older:
        lines.append("It was read by an older parser; above it is as today's parser reads it. See `reminder inbox replay --dry-run`.")
    return lines


def run_export(args: argparse.Namespace) -> int:
    """Writes the bytes as they came into a file."""
    with Opened(args, Needs()) as house:
        stored = _load(house, args.id)
    if not args.dry_run:
        args.file.write_bytes(stored.mail.raw)
    if args.json:
        print_document({"id": stored.id, "file": str(args.file), "bytes": len(stored.mail.raw), "written": not args.dry_run})
    word = "would write" if args.dry_run else "wrote"
    say(args, f"{word} {args.file}")
    return EXIT_DONE


def run_accept(args: argparse.Namespace) -> int:
    """Records the answers of a mail as those of a party."""
    with Opened(args, Needs()) as house:
        if args.party:
            check_party(house.setup, args.party)
        settled = accept(house, read_number(args.id), party=args.party, because=args.because, dry_run=args.dry_run)
        facts = [_say_fact(house, fact) for fact in settled.facts]
    if not settled.is_changed:
        return _tell(args, settled, [f"Mail {settled.inbound} is {settled.was.value} already; nothing was changed."])
    if settled.heard is not None:
        when = f"{settled.heard.on} {settled.heard.begins:%H:%M}"
        return _tell(args, settled, [f"{', '.join(settled.parties)}: heard {when}. Who was told another time is sent an update."])
    would = "would be" if args.dry_run else "are"
    lines = [f"{len(facts)} answers {would} recorded for {', '.join(settled.parties)}:", *facts]
    if not args.dry_run:
        told = "The sender is told." if settled.acknowledged else "Nobody is told: the sender may not be answered, or had enough answers."
        lines += [told, f"To undo: reminder inbox reject {settled.inbound} --because TEXT"]
    return _tell(args, settled, lines)


def run_reject(args: argparse.Namespace) -> int:
    """What the mail says does not count."""
    return _put_away(args, reject, "rejected")


def run_discard(args: argparse.Namespace) -> int:
    """The mail needs nothing."""
    return _put_away(args, discard, "discarded")


def run_answered(args: argparse.Namespace) -> int:
    """Feedback on accessibility has its answer."""
    return _put_away(args, mark_answered, "marked as answered")


def _put_away(args: argparse.Namespace, decide: Callable[..., Settled], word: str) -> int:
    with Opened(args, Needs()) as house:
        settled = decide(house, read_number(args.id), because=args.because, dry_run=args.dry_run)
        facts = [_say_fact(house, fact) for fact in settled.facts]
    if not settled.is_changed:
        return _tell(args, settled, [f"Mail {settled.inbound} was {word} already; nothing was changed."])
    would = "would be" if args.dry_run else "is"
    lines = [f"Mail {settled.inbound} {would} {word}; it is kept, and nobody is told."]
    if facts:
        lines += [f"{len(facts)} answers {'would no longer' if args.dry_run else 'no longer'} count:", *facts]
    if not args.dry_run:
        lines.append(f"To undo, where it holds answers: reminder inbox accept {settled.inbound}")
    return _tell(args, settled, lines)


def _say_fact(house: House, fact: Assessment) -> str:
    programme = house.setup.programmes.get(fact.programme)
    action = programme.action(fact.action) if programme else None
    said = ", ".join(word.value for word in (fact.light, fact.phase) if word is not None)
    return f"  [{action.number if action else fact.action}] {said}{f' · {fact.text}' if fact.text else ''}"


def _tell(args: argparse.Namespace, settled: Settled, lines: list[str]) -> int:
    if args.json:
        print_document(
            {
                "id": settled.inbound,
                "was": settled.was.value,
                "becomes": settled.becomes.value,
                "changed": settled.is_changed and not args.dry_run,
                "answers": len(settled.facts),
                "parties": list(settled.parties),
                "acknowledged": settled.acknowledged,
            }
        )
    for line in lines:
        say(args, line)
    return EXIT_DONE
