"""`report`: the report on a round for the city executive, as a document or as data."""

from __future__ import annotations

import argparse
from pathlib import Path

from reminder.cli.opening import Needs, Opened
from reminder.cli.output import say, write_out
from reminder.cli.selecting import find_round
from reminder.errors import EXIT_DONE, UsageFailure
from reminder.flows.council_report import ReportForm, count_withheld, load_report, load_survey, write_as


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    """Adds the command of this module."""
    report = commands.add_parser("report", parents=[common], help="the report on a round for the city executive, or its data")
    report.add_argument("round", metavar="ROUND", help="the round")
    report.add_argument(
        "--as", dest="form", choices=[form.value for form in ReportForm], help="as what (default: by the ending of FILE, else html)"
    )
    report.add_argument("--out", type=Path, metavar="FILE", help="write it into a file instead of on standard output")
    report.set_defaults(run=run_report)


def run_report(args: argparse.Namespace) -> int:
    """Writes the report; changes nothing else."""
    form = _find_form(args)
    opened = Opened(args, Needs())
    with opened as house:
        one = find_round(house.setup, args.round)
        with house.store.read() as conn:
            site, surveys = load_report(conn, house, one, house.clock.now()), load_survey(conn, house, one)
        language = args.lang if args.is_language_given else house.setup.languages[0]
        content = write_as(form, site, language, opened.templates, surveys)
    write_out(args, content)
    withheld = count_withheld(site)
    if args.out is not None and withheld:
        say(args, f"The words of {withheld} actions are left out: nobody has published them (see `publish` in docs/desk.md).")
    return EXIT_DONE


def _find_form(args: argparse.Namespace) -> ReportForm:
    if args.json and args.form in {None, "json"}:
        return ReportForm.JSON
    if args.form is not None:
        return ReportForm(args.form)
    if args.out is None:
        return ReportForm.HTML
    ending = args.out.suffix.lstrip(".").lower()
    if ending not in set(ReportForm):
        known = ", ".join(form.value for form in ReportForm)
        raise UsageFailure(f"Nobody can tell from {args.out.name} as what the report is wanted.", advice=f"Say --as, one of: {known}.")
    return ReportForm(ending)
