"""`why` and `preview`: one date and one mail before it goes out."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime

from reminder.cli.headings import STEP_KINDS, read_kind
from reminder.cli.opening import Needs, Opened, open_store_if_there
from reminder.cli.output import print_document, print_table
from reminder.cli.selecting import find_party, find_round, language_of
from reminder.compose.reasons import explain_date, format_date
from reminder.configuration.loading import load_or_raise
from reminder.domain.programme import Language
from reminder.domain.rounds import ReportingRound, StepKind
from reminder.domain.setup import Setup
from reminder.errors import EXIT_DONE, UsageFailure
from reminder.flows.absences import find_moved, make_moves, tell_move
from reminder.flows.evidence_words import tell_mails
from reminder.flows.preview import PREVIEW_KINDS, compose_preview
from reminder.flows.upcoming import load_upcoming
from reminder.parse.message import read_mail
from reminder.plan.timeline import plan_timeline
from reminder.store.engine import Store


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    """Adds the commands of this module."""
    why = commands.add_parser("why", parents=[common], help="how one date came about")
    why.add_argument("round", metavar="ROUND", help="the round")
    why.add_argument("party", metavar="PARTY", help="id of the responsible party")
    why.add_argument("step", metavar="STEP", type=read_kind, choices=STEP_KINDS, help="such as request, or its name in `plan`")
    why.set_defaults(run=run_why)
    preview = commands.add_parser("preview", parents=[common], help="a finished mail, exactly as it would be sent")
    preview.add_argument("kind", type=read_kind, choices=PREVIEW_KINDS)
    preview.add_argument("--round", required=True, help="the round")
    preview.add_argument("--party", help="not needed for what goes to the coordinator")
    preview.add_argument(
        "--as", dest="form", choices=["eml", "text", "html"], default="text", help="as the whole mail, its text or its HTML (default: text)"
    )
    preview.set_defaults(run=run_preview)


def run_why(args: argparse.Namespace) -> int:
    """How one date came about, each skipped day named."""
    setup = load_or_raise(args.config)
    one = find_round(setup, args.round)
    party = find_party(setup, one, args.party) if not StepKind(args.step).is_for_coordinator else ""
    store = open_store_if_there(args)
    known = load_upcoming(store)
    timeline = plan_timeline(setup, extensions=known.extensions)
    steps = [
        step
        for step in timeline
        if (step.key.programme, step.key.round, step.key.party, step.key.step.value) == (one.programme, one.id, party, args.step)
    ]
    if not steps:
        raise UsageFailure(f"Round {one.id} has no {args.step} for {args.party}.", advice="`reminder plan` shows every step.")
    language = language_of(args)
    moves = make_moves(setup, known.away, timeline)
    rows = []
    for step in steps:
        rows.append({"on": format_date(step.why.on, language), "why": explain_date(step.why, language)})
        for moved in find_moved(setup, moves, step, known.persons):
            rows.append({"on": format_date(setup.calendar.local_day(moved.at), language), "why": tell_move(setup, moved, language)})
    for at, told in _tell_mails(store, one, party, args.step, language):
        rows.append({"on": format_date(setup.calendar.local_day(at), language), "why": told})
    print_table(args, "", rows, columns={"on": "date", "why": "why"})
    return EXIT_DONE


def _tell_mails(store: Store | None, one: ReportingRound, party: str, step: str, language: Language) -> tuple[tuple[datetime, str], ...]:
    """What became of the mails of the step that were made; none without a database."""
    if store is None:
        return ()
    with store.read() as conn:
        return tell_mails(conn, one.programme, one.id, party, step, language)


def run_preview(args: argparse.Namespace) -> int:
    """The finished mail on standard output."""
    with Opened(args, Needs(sound_files=True)) as house:
        one = find_round(house.setup, args.round)
        party = "" if StepKind(args.kind).is_for_coordinator else _party(house.setup, one, args.party)
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
