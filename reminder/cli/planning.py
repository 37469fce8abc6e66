"""`plan`, `why` and `preview`: every mail before it goes out."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import date

from reminder.cli.opening import Needs, Opened
from reminder.cli.output import print_document, print_table, say
from reminder.cli.selecting import check_party, find_party, find_round, language_of, read_day
from reminder.compose.reasons import explain_date, format_date
from reminder.configuration.loading import load_or_raise
from reminder.configuration.settings import load_settings
from reminder.domain.intents import PlannedStep
from reminder.domain.rounds import ReportingRound, StepKind
from reminder.domain.setup import Setup
from reminder.errors import EXIT_DONE, ReminderError, UsageFailure
from reminder.flows.preview import PREVIEW_KINDS, compose_preview
from reminder.flows.upcoming import load_upcoming
from reminder.parse.message import read_mail
from reminder.plan.deciding import recipients_of
from reminder.plan.timeline import plan_timeline
from reminder.store.engine import Store


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    """Adds the commands of this module."""
    plan = commands.add_parser("plan", parents=[common], help="every mail that will go out: when, to whom, and why that date")
    plan.add_argument("--from", dest="start", type=read_day, metavar="D", help="first day, such as 2025-02-01")
    plan.add_argument("--until", type=read_day, metavar="D", help="last day")
    plan.add_argument("--party", metavar="P", help="only this responsible party")
    plan.set_defaults(run=run_plan)
    why = commands.add_parser("why", parents=[common], help="how one date came about")
    why.add_argument("round", metavar="ROUND", help="the round")
    why.add_argument("party", metavar="PARTY", help="id of the responsible party")
    why.add_argument("step", metavar="STEP", choices=[kind.value for kind in StepKind])
    why.set_defaults(run=run_why)
    preview = commands.add_parser("preview", parents=[common], help="a finished mail, exactly as it would be sent")
    preview.add_argument("kind", choices=PREVIEW_KINDS)
    preview.add_argument("--round", required=True, help="the round")
    preview.add_argument("--party", help="not needed for a digest")
    preview.add_argument(
        "--as", dest="form", choices=["eml", "text", "html"], default="text", help="as the whole mail, its text or its HTML (default: text)"
    )
    preview.set_defaults(run=run_preview)


def run_plan(args: argparse.Namespace) -> int:
    """The year as a table. Works without a database; with one, shows what is settled already."""
    setup = load_or_raise(args.config)
    if args.party is not None:
        check_party(setup, args.party)
    settled, extensions, persons = load_upcoming(open_store_if_there(args))
    language = language_of(args)
    rows = []
    for step in plan_timeline(setup, extensions=extensions):
        day = setup.calendar.local_day(step.not_before)
        if not _is_wanted(args, step, day):
            continue
        recipients = recipients_of(setup, step.key, persons)
        keys = [step.key.for_recipient(recipient.person) for recipient in recipients]
        rows.append(
            {
                "when": f"{format_date(day, language)} {step.not_before.astimezone(setup.calendar.zone):%H:%M}",
                "at": step.not_before.isoformat(),
                "round": f"{step.key.programme}/{step.key.round}",
                "party": step.key.party or "-",
                "kind": step.key.step.value,
                "ordinal": step.key.ordinal,
                "to": [recipient.address for recipient in recipients],
                "settled": bool(keys) and all(key in settled for key in keys),
                "why": explain_date(step.why, language),
            }
        )
    if not args.json:
        rows = [{**row, "settled": "yes" if row["settled"] else ""} for row in rows]
    columns = {"when": "when", "kind": "kind", "party": "party", "to": "to", "settled": "settled", "why": "why this date"}
    print_table(args, "", rows, columns=columns, empty="No mail falls into this time.", wide_only={"why"})
    say(args, f"{len(rows)} steps. A party that has reported everything gets no more of them.")
    return EXIT_DONE


def _is_wanted(args: argparse.Namespace, step: PlannedStep, day: date) -> bool:
    is_after = args.start is None or day >= args.start
    is_before = args.until is None or day <= args.until
    return is_after and is_before and args.party in {None, step.key.party}


def open_store_if_there(args: argparse.Namespace) -> Store | None:
    """The database, where settings and database are there; `plan` and `preview` do not need one."""
    try:
        settings = load_settings(args.config, os.environ, complete=False)
        store = Store.open(settings.database_url)
        store.check_schema()
    except ReminderError:
        return None
    return store


def run_why(args: argparse.Namespace) -> int:
    """How one date came about, each skipped day named."""
    setup = load_or_raise(args.config)
    one = find_round(setup, args.round)
    party = find_party(setup, one, args.party) if args.step != StepKind.DIGEST else ""
    _, extensions, _ = load_upcoming(open_store_if_there(args))
    steps = [
        step
        for step in plan_timeline(setup, extensions=extensions)
        if (step.key.programme, step.key.round, step.key.party, step.key.step.value) == (one.programme, one.id, party, args.step)
    ]
    if not steps:
        raise UsageFailure(f"Round {one.id} has no {args.step} for {args.party}.", advice="`reminder plan` shows every step.")
    language = language_of(args)
    rows = [{"on": format_date(step.why.on, language), "why": explain_date(step.why, language)} for step in steps]
    print_table(args, "", rows, columns={"on": "date", "why": "why"})
    return EXIT_DONE


def run_preview(args: argparse.Namespace) -> int:
    """The finished mail on standard output."""
    with Opened(args, Needs()) as house:
        one = find_round(house.setup, args.round)
        party = "" if args.kind == StepKind.DIGEST else _party(house.setup, one, args.party)
        message = compose_preview(house, one, party, StepKind(args.kind))
    mail = read_mail(message.raw)
    text, html = "".join(part.text for part in mail.texts), "".join(mail.html)
    if args.json:
        print_document(
            {"kind": message.kind.value, "to": message.envelope.recipient, "subject": message.subject, "text": text, "html": html}
        )
    elif args.form == "eml":
        sys.stdout.buffer.write(message.raw)
    else:
        sys.stdout.write(html if args.form == "html" else f"Subject: {message.subject}\n\n{text}")
    return EXIT_DONE


def _party(setup: Setup, one: ReportingRound, name: str | None) -> str:
    if name is None:
        raise UsageFailure("Which party's mail?", advice="Name it with --party.")
    return find_party(setup, one, name)
