"""`approve`: lets the mails go that wait for the coordinator's word, says no, or has them written anew."""

from __future__ import annotations

import argparse

from reminder.cli.headings import read_kind
from reminder.cli.opening import Needs, Opened
from reminder.cli.output import print_document, print_table, say
from reminder.cli.selecting import find_round, language_of
from reminder.compose.words import format_moment
from reminder.domain.rounds import StepKind
from reminder.errors import EXIT_DONE, UsageFailure
from reminder.flows.approval_views import list_waiting
from reminder.flows.approving import Word, approve, choose_waiting, reject, write_anew
from reminder.flows.house import House
from reminder.flows.previewing import Held, show_waiting
from reminder.store.approvals import ApprovalState

ACTOR = "command line"
_KINDS = [kind.value for kind in StepKind if not kind.is_for_coordinator]


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    """Adds the commands of this module."""
    parser = commands.add_parser("approve", parents=[common], help="let the mails go that wait for approval; without a round, list them")
    parser.add_argument("round", nargs="?", metavar="ROUND", help="the round")
    parser.add_argument("kind", nargs="?", metavar="KIND", type=read_kind, choices=_KINDS, help="only mails of this kind, such as request")
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--reject", action="store_true", help="say no instead: this kind of the round stays where it is")
    choice.add_argument("--anew", action="store_true", help="write the mails anew from the files as they are now, and show them again")
    parser.add_argument("--dry-run", action="store_true", help="change nothing; only say what would be done")
    parser.set_defaults(run=run_approve)


def run_approve(args: argparse.Namespace) -> int:
    """Approves what waits in a round. Without a round it lists what waits; `--reject` and `--anew` need one."""
    with Opened(args, Needs()) as house:
        now = house.clock.now()
        one = find_round(house.setup, args.round) if args.round else None
        kind = StepKind(args.kind) if args.kind else None
        with house.store.read() as conn:
            held = choose_waiting(list_waiting(conn, house, now), one, kind)
        if one is None:
            if args.reject or args.anew:
                raise UsageFailure("Of which round?", advice="Name the round; `reminder approve` lists what waits.")
            return _list(args, house, held)
        for each in held:
            _tell(args, house, each, _carry_out(args, house, each))
        if args.anew and not args.dry_run:
            show_waiting(house, now)
    return EXIT_DONE


def _carry_out(args: argparse.Namespace, house: House, held: Held) -> Word | None:
    """The word, or None where nothing waited any more when it came. A dry run takes none."""
    now = house.clock.now()
    if args.dry_run:
        return Word(approval=held.approval, count=len(held.mails), leaves_at=None if args.reject or args.anew else held.leaves_at)
    if args.anew:
        return Word(approval=held.approval, count=write_anew(house, held, now))
    with house.store.begin() as conn:
        return (reject if args.reject else approve)(conn, house, held.approval.id, ACTOR, now)


def _tell(args: argparse.Namespace, house: House, held: Held, word: Word | None) -> None:
    place = f"{held.approval.programme}/{held.approval.round} {held.approval.kind.value}"
    count = word.count if word else 0
    what = "rejected" if args.reject else "written anew" if args.anew else "approved"
    leaves = word.leaves_at.astimezone(house.setup.calendar.zone) if word and word.leaves_at else None
    if args.json:
        document = {"done": not args.dry_run, "what": what, "round": place.split()[0], "kind": held.approval.kind.value}
        print_document({**document, "mails": count, "leaves": leaves.isoformat() if leaves else None})
        return
    if word is None:
        say(args, f"{place}: nothing waits any more.")
        return
    would = "would be " if args.dry_run else ""
    end = f" The first leaves {format_moment(leaves, language_of(args))}." if leaves else ""
    say(args, f"{place}: {count} mails {would}{what}.{end}{' Nothing was changed.' if args.dry_run else _next_step(args, held)}")


def _next_step(args: argparse.Namespace, held: Held) -> str:
    if args.reject:
        place = f"{held.approval.programme}/{held.approval.round} {held.approval.kind.value}"
        return f" They stay until `reminder approve {place}` or, once the files are corrected, `reminder approve {place} --anew`."
    return " The coordinator gets a new preview." if args.anew else ""


def _list(args: argparse.Namespace, house: House, held: tuple[Held, ...]) -> int:
    language, zone = language_of(args), house.setup.calendar.zone
    rows = [
        {
            "round": f"{each.approval.programme}/{each.approval.round}",
            "kind": each.approval.kind.value,
            "mails": len(each.mails),
            "since": format_moment(each.approval.opened_at.astimezone(zone), language),
            "until": format_moment(each.expires_at.astimezone(zone), language),
            "state": "stopped" if each.approval.state is ApprovalState.REJECTED else "waits",
        }
        for each in held
    ]
    columns = {"round": "round", "kind": "kind", "mails": "mails", "since": "waits since", "until": "too late from", "state": "state"}
    print_table(args, "", rows, columns=columns, empty="Nothing waits for approval.")
    return EXIT_DONE


def tell_waiting(args: argparse.Namespace, house: House) -> None:
    """What waits for the coordinator's word, a line each; for `status`."""
    with house.store.read() as conn:
        held = list_waiting(conn, house, house.clock.now())
    for each in held:
        place = f"{each.approval.programme}/{each.approval.round} {each.approval.kind.value}"
        state = "were stopped by the coordinator" if each.approval.state is ApprovalState.REJECTED else "wait for approval"
        until = format_moment(each.expires_at.astimezone(house.setup.calendar.zone), language_of(args))
        say(args, f"{len(each.mails)} mails {state} (too late from {until}): `reminder approve {place}`.")
