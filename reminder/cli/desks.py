"""`status` and the two desks: `inbox` and `outbox`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping

from reminder.cli.approving import tell_waiting
from reminder.cli.condition import tell_condition, tell_contacts_lists, tell_no_sign, tell_restore, tell_test_mail, tell_workers
from reminder.cli.deciding import print_codes, print_decisions
from reminder.cli.headings import IMPORTED
from reminder.cli.inbox_desk import add_inbox_parts
from reminder.cli.opening import Needs, Opened
from reminder.cli.outbox_desk import add_outbox_parts
from reminder.cli.output import print_document, print_table, say
from reminder.cli.replaying import tell_older
from reminder.cli.selecting import find_round, language_of
from reminder.domain.assessments import Phase, ReportState, TrafficLight
from reminder.domain.messages import OutboxState
from reminder.domain.programme import Language
from reminder.domain.readings import InboundState
from reminder.errors import EXIT_DONE, EXIT_WAITING, UsageFailure
from reminder.flows.desk import INBOX_WAITING, OUTBOX_WAITING, list_inbox, list_outbox
from reminder.flows.evidence_words import describe_fate
from reminder.flows.status import find_waiting, list_status
from reminder.report.words import LIGHT_WORDS, PHASE_WORDS, REPORT_WORDS
from reminder.store import outbox


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    """Adds the commands of this module."""
    status = commands.add_parser("status", parents=[common], help="per party and action: light, phase, report, last and next mail")
    status.add_argument("--round", metavar="R", help="only this round")
    status.set_defaults(run=run_status)
    for name, run_list, what, states in (
        ("inbox", run_inbox_list, "mails that came in", InboundState),
        ("outbox", run_outbox_list, "mails that go out", OutboxState),
    ):
        desk = commands.add_parser(name, parents=[common], help=what)
        parts = desk.add_subparsers(dest="part", required=True)
        listing = parts.add_parser("list", parents=[common], help=f"the {what}")
        listing.add_argument("--state", choices=[state.value for state in states], metavar="STATE", help="only those in this state")
        listing.set_defaults(run=run_list)
        if name == "inbox":
            add_inbox_parts(parts, common)
            continue
        show = parts.add_parser("show", parents=[common], help="one of them, whole")
        show.add_argument("id", help="its id, as `list` shows it")
        show.add_argument("--raw", action="store_true", help="the bytes as they are")
        show.set_defaults(run=run_outbox_show)
        add_outbox_parts(parts, common)


def run_status(args: argparse.Namespace) -> int:
    """Where each party stands. Exit code 3 where something waits for a person: a mail, or broken files."""
    with Opened(args, Needs()) as house:
        wanted = find_round(house.setup, args.round) if args.round else None
        rows = list_status(house, wanted, language_of(args))
        waiting = find_waiting(house)
        _print_status(args, rows)
        tell_older(args, house)
        print_decisions(args, house.store, house.setup)
        print_codes(args, house)
        tell_waiting(args, house)
        tell_test_mail(args, house)
        tell_contacts_lists(args, house)
        tell_restore(args, house)
        tell_workers(args, house)
        tell_no_sign(args, house, wanted)
        is_broken = tell_condition(args, house)
    if waiting:
        say(args, f"{waiting} mails wait for a person: `reminder inbox list`, `reminder outbox list`.")
    return EXIT_WAITING if waiting or is_broken else EXIT_DONE


def _print_status(args: argparse.Namespace, rows: list[dict[str, object]]) -> None:
    columns = {
        "party": "party",
        "action": "action",
        "light": "light",
        "differs": "others say",
        "phase": "phase",
        "report": "report",
        "due": "due",
        "last_mail": "last mail",
        "next_mail": "next mail",
    }
    if not args.json:
        rows = [_flatten(row, language_of(args)) for row in rows]
        if any(row["sub_committee"] for row in rows):
            columns["sub_committee"] = "sub-committee"
        columns |= {key: key.replace("_", " ") for key in ("moved", "last_time") if any(row[key] for row in rows)}
    print_table(args, "", rows, columns=columns, empty="No round asks for anything.")


def _flatten(row: Mapping[str, object], language: Language) -> dict[str, object]:
    """A row of `status` as a person reads it."""
    light, phase, report = (str(row[key] or "") for key in ("light", "phase", "report"))
    words = {
        "light": LIGHT_WORDS[language][TrafficLight(light)] if light else None,
        "phase": PHASE_WORDS[language][Phase(phase)] if phase else None,
        "report": REPORT_WORDS[language][ReportState(report)],
    }
    differs = row["differs"] if isinstance(row["differs"], list) else []
    judged, spread = str(row["sub_committee"] or ""), row["sub_committee_spread"]
    if judged:
        counts = spread.items() if isinstance(spread, dict) else ()
        votes = ", ".join(f"{count} × {LIGHT_WORDS[language][TrafficLight(light)]}" for light, count in counts)
        words["sub_committee"] = LIGHT_WORDS[language][TrafficLight(judged)] + (f" ({votes})" if votes else "")
    moved = row["moved"] if isinstance(row["moved"], list) else []
    others = ", ".join(f"{one['party']}: {LIGHT_WORDS[language][TrafficLight(one['light'])]}" for one in differs)
    return {**row, **words, "differs": others, "moved": "; ".join(moved), "last_time": _last_time(row["last_time"], language)}


def _last_time(told: object, language: Language) -> str:
    """`yellow 2/2024`; marked where it was imported and not answered to this service."""
    if not isinstance(told, dict):
        return ""
    year, month, _ = str(told["on"]).split("-")
    light, phase = told["light"], told["phase"]
    said = LIGHT_WORDS[language][TrafficLight(light)] if light else PHASE_WORDS[language][Phase(phase)] if phase else "–"
    return f"{said} {int(month)}/{year}" + (f" ({IMPORTED[language]})" if told["source"] == "imported" else "")


def run_inbox_list(args: argparse.Namespace) -> int:
    """The mails that came in. Exit code 3 where one waits for a person."""
    states = frozenset({InboundState(args.state)}) if args.state else None
    with Opened(args, Needs()) as house:
        with house.store.read() as conn:
            found = list_inbox(conn, house.reader, states)
        tell_older(args, house)
    rows = [
        {
            "id": entry.id,
            "received": entry.received_at.isoformat(timespec="minutes"),
            "state": entry.state.value,
            "from": entry.sender,
            "subject": entry.subject,
            "reason": entry.reason,
        }
        for entry in found
    ]
    columns = {key: key for key in ("id", "received", "state", "from", "subject", "reason")}
    print_table(args, "", rows, columns=columns, empty="Nothing.")
    return EXIT_WAITING if any(entry.state in INBOX_WAITING for entry in found) else EXIT_DONE


def run_outbox_list(args: argparse.Namespace) -> int:
    """The mails that go out, newest first. Exit code 3 where one waits for a person."""
    states = frozenset({OutboxState(args.state)}) if args.state else None
    with Opened(args, Needs()) as house, house.store.read() as conn:
        found = list_outbox(conn, states)
    rows = [
        {
            "id": entry.id,
            "created": entry.created_at.isoformat(timespec="minutes"),
            "kind": entry.kind.value,
            "to": entry.recipient,
            "state": entry.state.value,
            "attempts": entry.attempts,
            "reason": entry.reason,
        }
        for entry in found
    ]
    columns = {key: key for key in ("id", "created", "kind", "to", "state", "attempts", "reason")}
    print_table(args, "", rows, columns=columns, empty="Nothing.")
    return EXIT_WAITING if any(entry.state in OUTBOX_WAITING for entry in found) else EXIT_DONE


def run_outbox_show(args: argparse.Namespace) -> int:
    """One mail that goes out, with its attempts and with what proves that it has arrived."""
    with Opened(args, Needs()) as house, house.store.read() as conn:
        row = outbox.load_message(conn, args.id)
        raw = outbox.load_raw(conn, args.id)
        fate = describe_fate(conn, args.id)
    if row is None:
        raise UsageFailure(f"There is no mail {args.id} in the outbox.", advice="`reminder outbox list` shows them.")
    if args.raw:
        sys.stdout.buffer.write(raw or b"")
    else:
        told = {"id": row.id, "kind": row.kind.value, "state": row.state.value, "subject": row.subject, "reason": row.reason}
        print_document({**told, "resends": row.ambiguous_resends, **fate})
    return EXIT_DONE
