"""`outbox release` and `outbox cancel`: a person decides about mails that may have gone already, or are no longer wanted."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Connection

from reminder.cli.opening import Needs, Opened
from reminder.cli.output import print_document, say
from reminder.errors import EXIT_DONE, UsageFailure
from reminder.flows.house import House
from reminder.store import events, outbox

RELEASED, CANCELLED = "mail_released", "mail_cancelled"
"""The kinds of the lines of history."""


def add_outbox_parts(parts: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    """Adds the parts of `outbox` that decide something."""
    release = parts.add_parser("release", parents=[common], help="let mails go that wait for a person")
    cancel = parts.add_parser("cancel", parents=[common], help="mails that are not to go out any more")
    for part, run, what in ((release, run_release, "release"), (cancel, run_cancel, "cancel")):
        part.add_argument("ids", nargs="*", metavar="ID", help="ids, as `list` shows them")
        part.add_argument("--all", action="store_true", help=f"{what} everything that a restore has held back")
        part.add_argument("--because", default="", metavar="TEXT", help="why; kept in the history")
        part.add_argument("--dry-run", action="store_true", help="change nothing; only say what would be done")
        part.set_defaults(run=run)


def run_release(args: argparse.Namespace) -> int:
    """The mails go out as they are, byte for byte; who has answered meanwhile is still not written to."""
    with Opened(args, Needs()) as house:
        now = house.clock.now()
        chosen = _choose(args, house)
        waiting = {one.id: one for one in _list_review(house)}
        if strange := [mail for mail in chosen if mail not in waiting]:
            advice = "`reminder outbox list --state needs_review` shows those that do."
            raise UsageFailure(f"No decision is awaited about {', '.join(strange)}; nothing was changed.", advice=advice)
        past = [mail for mail in chosen if waiting[mail].is_past(now)]
        if past and not args.all:
            raise UsageFailure(
                f"The time of {', '.join(past)} has passed; nothing was changed.", advice="`reminder outbox cancel` ends them."
            )
        ready = [mail for mail in chosen if mail not in past]
        done = _decide(args, house, ready, RELEASED, lambda conn, mail: outbox.release_reviewed(conn, mail, now), now)
    _tell(args, "released", done)
    if past:
        say(args, f"{len(past)} mails whose time has passed stay: `reminder outbox cancel` ends them.")
    return EXIT_DONE


def run_cancel(args: argparse.Namespace) -> int:
    """The mails end without being sent. One that was handed over already, or whose final dot is on the wire just now, cannot be stopped."""
    because = args.because or "Cancelled by hand."
    with Opened(args, Needs()) as house:
        now = house.clock.now()
        chosen = _choose(args, house)
        done = _decide(args, house, chosen, CANCELLED, lambda conn, mail: outbox.cancel(conn, mail, because, now), now)
    _tell(args, "cancelled", done)
    return EXIT_DONE


def _choose(args: argparse.Namespace, house: House) -> tuple[str, ...]:
    """The ids that are meant. Raises UsageFailure where none are named, or one is not there."""
    if bool(args.ids) is args.all:
        raise UsageFailure("Name the mails, or say --all.", advice="`reminder outbox list --state needs_review` shows what waits.")
    if args.all:
        return tuple(one.id for one in _list_review(house) if one.held_as)
    with house.store.read() as conn:
        unknown = [mail for mail in args.ids if outbox.load_message(conn, mail) is None]
    if unknown:
        raise UsageFailure(f"There is no mail {', '.join(unknown)} in the outbox; nothing was changed.", advice="`reminder outbox list`.")
    return tuple(dict.fromkeys(args.ids))


def _list_review(house: House) -> tuple[outbox.Waiting, ...]:
    with house.store.read() as conn:
        return outbox.list_review(conn)


def _decide(
    args: argparse.Namespace, house: House, chosen: Sequence[str], kind: str, decide: Callable[[Connection, str], bool], now: datetime
) -> int:
    """All of them in one transaction, each with its line of history, or none."""
    if args.dry_run or not chosen:
        return len(chosen)
    with house.store.begin() as conn:
        late = [mail for mail in chosen if not decide(conn, mail)]
        if late:
            raise UsageFailure(f"It is too late for {', '.join(late)}; nothing was changed.", advice="`reminder outbox show ID` says why.")
        for mail in chosen:
            events.append_event(conn, kind, now, document={"message": mail, "because": args.because})
    return len(chosen)


def _tell(args: argparse.Namespace, word: str, count: int) -> None:
    if args.json:
        print_document({f"would_be_{word}" if args.dry_run else word: count})
    verb = "would be" if args.dry_run else "was" if count == 1 else "were"
    say(args, f"{count} {'mail' if count == 1 else 'mails'} {verb} {word}.{' Nothing was changed.' if args.dry_run else ''}")
