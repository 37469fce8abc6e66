"""What a person decides about mails that go out: `release`, `cancel`, `retry`, `settle`."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Connection

from reminder.cli.opening import Needs, Opened
from reminder.cli.output import print_document, say
from reminder.domain.messages import OutboxState
from reminder.errors import EXIT_DONE, UsageFailure
from reminder.flows.evidence import settle_by_evidence
from reminder.flows.house import House
from reminder.flows.knowledge import decided_house
from reminder.flows.need import judge_need
from reminder.flows.outbox_by_hand import POINTLESS, is_doubtful
from reminder.store import events, outbox

RELEASED, CANCELLED, RETRIED = "mail_released", "mail_cancelled", "mail_retried"
"""The kinds of the lines of history."""


def add_outbox_parts(parts: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    """Adds the parts of `outbox` that decide something."""
    release = parts.add_parser("release", parents=[common], help="let mails go that wait for a person")
    cancel = parts.add_parser("cancel", parents=[common], help="mails that are not to go out any more")
    for part, run, what in ((release, run_release, "release"), (cancel, run_cancel, "cancel")):
        part.add_argument("ids", nargs="*", metavar="ID", help="ids, as `list` shows them")
        part.add_argument("--all", action="store_true", help=f"{what} everything that a restore has held back")
        _add_rest(part, run)
    retry = parts.add_parser("retry", parents=[common], help="try mails anew that were refused for good, once the cause is mended")
    settle = parts.add_parser("settle", parents=[common], help="mails that have arrived, as you know, though the service does not")
    for part, run in ((retry, run_retry), (settle, run_settle)):
        part.add_argument("ids", nargs="+", metavar="ID", help="ids, as `list` shows them")
        part.set_defaults(all=False)
        _add_rest(part, run)


def _add_rest(part: argparse.ArgumentParser, run: Callable[[argparse.Namespace], int]) -> None:
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


def run_retry(args: argparse.Namespace) -> int:
    """The mails are tried anew, byte for byte as they are. What nobody needs any more is refused here, with the reason."""
    with Opened(args, Needs()) as house:
        now = house.clock.now()
        chosen = _choose(args, house)
        refused = [f"{mail}: {why}" for mail in chosen if (why := _why_not_again(house, mail, now))]
        if refused:
            advice = "`reminder remind ROUND PARTY` writes a new mail; `reminder outbox show ID` says how this one fared."
            raise UsageFailure(f"Nothing was changed. {' '.join(refused)}", advice=advice)
        done = _decide(args, house, chosen, RETRIED, lambda conn, mail: outbox.retry_failed(conn, mail, now), now)
    _tell(args, "queued again", done)
    return EXIT_DONE


def _why_not_again(house: House, mail: str, now: datetime) -> str:
    """Why a mail cannot be tried anew, in one sentence; empty where it can."""
    with house.store.read() as conn:
        row, claimed = outbox.load_message(conn, mail), outbox.load_claimed(conn, mail)
    if row is not None and row.state is OutboxState.ACCEPTED and row.finished_at is not None:
        return f"It was sent already, on {row.finished_at:%Y-%m-%d}."
    if row is None or claimed is None or row.state is not OutboxState.FAILED:
        return f"It is {row.state.value if row else 'gone'}, not failed."
    if row.expires_at is not None and row.expires_at <= now:
        return f"Its time passed on {row.expires_at:%Y-%m-%d}."
    need = judge_need(decided_house(house), claimed)
    return f"Nobody needs it: {need.value}." if need in POINTLESS else ""


def run_settle(args: argparse.Namespace) -> int:
    """The mails count as accepted, and are not sent again. Only for those of which nobody knows whether they went."""
    evidence = f"settled by hand{': ' if args.because else ''}{args.because}"
    with Opened(args, Needs()) as house:
        now = house.clock.now()
        chosen = _choose(args, house)
        known = [f"{mail} is {row.state.value}" for mail, row in _load_rows(house, chosen).items() if not is_doubtful(row)]
        if known:
            raise UsageFailure(
                f"It is known how these stand: {', '.join(known)}; nothing was changed.",
                advice="`reminder outbox list --state unknown` shows those of which it is not.",
            )
        done = 0 if args.dry_run else _settle(house, chosen, evidence, args.because, now)
    _tell(args, "settled", len(chosen) if args.dry_run else done)
    return EXIT_DONE


def _settle(house: House, chosen: Sequence[str], evidence: str, because: str, now: datetime) -> int:
    """All of them in one transaction, each with its line of history, or none."""
    with house.store.begin() as conn:
        late = [mail for mail in chosen if not settle_by_evidence(conn, mail, evidence, now, because=because)]
        if late:
            raise UsageFailure(f"It is too late for {', '.join(late)}; nothing was changed.", advice="`reminder outbox show ID` says why.")
    return len(chosen)


def _load_rows(house: House, chosen: Sequence[str]) -> dict[str, outbox.MessageRow]:
    with house.store.read() as conn:
        return {mail: row for mail in chosen if (row := outbox.load_message(conn, mail)) is not None}


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
        name = word.replace(" ", "_")
        print_document({f"would_be_{name}" if args.dry_run else name: count})
    verb = "would be" if args.dry_run else "was" if count == 1 else "were"
    say(args, f"{count} {'mail' if count == 1 else 'mails'} {verb} {word}.{' Nothing was changed.' if args.dry_run else ''}")
