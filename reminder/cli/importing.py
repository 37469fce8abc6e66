"""`import`: programme, contacts and lights out of spreadsheets, each rejected row with its line and its reason."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from reminder.cli.output import complaints, print_document, say
from reminder.configuration.import_contacts import ContactsOptions, import_contacts
from reminder.configuration.import_contacts_file import write_contacts_file
from reminder.configuration.import_lights import LightsOptions, import_lights
from reminder.configuration.import_lights_file import write_lights
from reminder.configuration.import_rows import Difference, RejectedRow
from reminder.configuration.importing import ImportOptions, import_programme, write_import
from reminder.configuration.values import read_date
from reminder.configuration.yaml_editing import write_whole
from reminder.errors import EXIT_DONE, EXIT_FAILED, UsageFailure

Run = Callable[[argparse.Namespace], int]


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    """Adds the commands of this module."""
    importing = commands.add_parser("import", parents=[common], help="make a file from a spreadsheet")
    what = importing.add_subparsers(dest="what", required=True)
    programme = _add(what, common, "programme", "actions and responsible parties from .csv or .xlsx", run_import)
    programme.add_argument("--id", default="ohjelma", help="id of the programme")
    programme.add_argument("--name", default="", help="name of the programme")
    programme.add_argument("--tag", default="OHJ", help="short tag for the subject, 2 to 6 capitals")
    programme.add_argument("--aliases", type=Path, metavar="FILE.yaml", help="spellings of the parties; written as a draft where missing")
    programme.add_argument("--contacts", type=Path, metavar="FILE.yaml", help="also write a contacts file to fill in")
    programme.add_argument("--complete-years", default="", metavar="YEARS", help="years of rows whose timetable says Complete")
    _add_contacts(what, common)
    _add_lights(what, common)


def _add(
    what: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser, name: str, summary: str, run: Run
) -> argparse.ArgumentParser:
    """One kind of import, with what all of them take."""
    parser = what.add_parser(name, parents=[common], help=summary)
    parser.add_argument("file", type=Path, help="the spreadsheet")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.yaml", help="the file to write")
    parser.add_argument("--column", action="append", default=[], metavar="FIELD=HEADER", help="which column holds which field")
    parser.add_argument("--sheet", default="", metavar="NAME", help="which sheet of a workbook (default: the first that holds something)")
    parser.add_argument("--replace", action="store_true", help="write over an earlier FILE.yaml")
    parser.add_argument("--dry-run", action="store_true", help="change nothing; only say what would be done")
    parser.set_defaults(run=run)
    return parser


def _add_contacts(what: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    contacts = _add(what, common, "contacts", "who stands for the parties, from .csv or .xlsx", run_contacts)
    contacts.add_argument("--merge", action="store_true", help="put what is new into FILE.yaml and keep the rest of it")
    contacts.add_argument("--aliases", type=Path, metavar="FILE.yaml", help="spellings of the parties, as for the programme")
    contacts.add_argument("--programme", type=Path, metavar="FILE.yaml", help="the programme file (default: the one beside FILE.yaml)")


def _add_lights(what: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    lights = _add(what, common, "lights", "what was reported last time, from .csv or .xlsx", run_lights)
    lights.add_argument("--merge", action="store_true", help="put what is new into FILE.yaml and keep the rest of it")
    lights.add_argument("--on", metavar="D", help="the day of rows that name none, such as 2024-02-20")
    lights.add_argument("--id", default="", help="id of the programme, where there are several")
    lights.add_argument("--programme", type=Path, metavar="FILE.yaml", help="the programme file (default: the one beside FILE.yaml)")


def run_import(args: argparse.Namespace) -> int:
    """A programme file from a spreadsheet. Exit code 1 where a row was rejected."""
    options = ImportOptions(
        programme=args.id,
        name=args.name or args.id,
        tag=args.tag,
        columns=columns_of(args),
        aliases=args.aliases if args.aliases and args.aliases.exists() else None,
        complete_years=args.complete_years,
        sheet=args.sheet,
    )
    result = import_programme(args.file, options)
    if not args.dry_run:
        for path in write_import(result, args.out, aliases=args.aliases, contacts=args.contacts, replace=args.replace):
            say(args, f"wrote {path}")
    if args.json:
        facts = {"read": result.rows_read, "actions": result.actions, "parties": len(result.parties)}
        print_document({**facts, "rejected": rejected_facts(result.rejected)})
    tell_rows(args, result.notes, result.rejected)
    say(
        args,
        f"{result.rows_read} rows read, {result.actions} actions, {len(result.parties)} parties, {len(result.rejected)} rows rejected.",
    )
    return EXIT_FAILED if result.rejected else EXIT_DONE


def run_contacts(args: argparse.Namespace) -> int:
    """A contacts file from a spreadsheet. Exit codes as for lights."""
    options = ContactsOptions(columns=columns_of(args), sheet=args.sheet, aliases=args.aliases, programme_file=args.programme)
    result = import_contacts(args.file, args.out, options)
    text, difference, missing = write_contacts_file(result, args.out, keeps=not args.replace)
    if args.json:
        counts = {"read": result.rows_read, "contacts": len(result.people), "parties": len(result.parties)}
        print_document({**counts, **_facts(difference, result.rejected)})
    lacking = f"service.yaml names {', '.join(missing)} as coordinator, and the file has no such contact; add a row `Koordinaattori`."
    tell_rows(args, (*result.notes, *([lacking] if missing else ())), result.rejected)
    rejected = len({row.line for row in result.rejected})
    people = f"{len(result.people)} contacts, {len(result.parties)} parties"
    say(args, f"{result.rows_read} rows read, {people}, {rejected} rows with something that was not taken.")
    _write(args, text, difference)
    return EXIT_FAILED if result.rejected else EXIT_DONE


def run_lights(args: argparse.Namespace) -> int:
    """A lights file from a spreadsheet. Exit code 1 where a row was rejected, 2 where the file is there and nothing is said of it."""
    day = read_date(args.on) if args.on else None
    if args.on and day is None:
        raise UsageFailure(f"{args.on!r} is not a day.", advice="Write it as 2024-02-20.")
    options = LightsOptions(columns=columns_of(args), sheet=args.sheet, on=day, programme=args.id, programme_file=args.programme)
    result = import_lights(args.file, args.out, options)
    text, difference = write_lights(result, args.out, keeps=not args.replace)
    if args.json:
        print_document({"read": result.rows_read, "lights": len(result.lights), **_facts(difference, result.rejected)})
    tell_rows(args, result.notes, result.rejected)
    say(args, f"{result.rows_read} rows read, {len(result.lights)} lights, {len(result.rejected)} rows rejected.")
    _write(args, text, difference)
    return EXIT_FAILED if result.rejected else EXIT_DONE


def _write(args: argparse.Namespace, text: str, difference: Difference) -> None:
    """Writes the file; over one that is there only when told how. What changes is said in each case."""
    if args.merge and args.replace:
        raise UsageFailure("--merge keeps what only the file has, and --replace does not.", advice="Name one of the two.")
    is_there = args.out.exists()
    if is_there:
        becomes = "is lost" if args.replace else "stays"
        for line in difference.lines(f"only in {args.out.name}, {becomes}"):
            say(args, line)
    if is_there and not (args.merge or args.replace) and not args.dry_run:
        advice = "Add --merge to put in what is new and keep the rest, or --replace to write the file anew."
        raise UsageFailure(f"{args.out} is there already; nothing was written.", advice=advice)
    if args.dry_run:
        say(args, f"{args.out} would be written.")
        return
    write_whole(args.out, text)
    say(args, f"wrote {args.out}")


def _facts(difference: Difference, rejected: Sequence[RejectedRow]) -> dict[str, object]:
    changes = {"added": difference.added, "changed": difference.changed, "only_in_file": difference.only_in_file}
    return {**{name: list(lines) for name, lines in changes.items()}, "rejected": rejected_facts(rejected)}


def tell_rows(args: argparse.Namespace, notes: Sequence[str], rejected: Sequence[RejectedRow]) -> None:
    """What a person should know of the table, and what was not taken from it."""
    for note in notes:
        say(args, f"note: {note}")
    for row in rejected:
        complaints.print(f"{args.file}:{row.line}: {row.reason}", markup=False)


def rejected_facts(rejected: Sequence[RejectedRow]) -> list[dict[str, object]]:
    """Rejected rows for JSON."""
    return [{"line": row.line, "reason": row.reason} for row in rejected]


def columns_of(args: argparse.Namespace) -> dict[str, str]:
    """The headings of `--column`, by field."""
    return dict(_column(text) for text in args.column)


def _column(text: str) -> tuple[str, str]:
    field, separator, header = text.partition("=")
    if not separator or not field or not header:
        raise UsageFailure(f"{text!r} names no column.", advice="Write --column FIELD=HEADER, such as --column lead=Vastuutaho.")
    return field, header
