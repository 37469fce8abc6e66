"""`explain`: what a mail would record, and why; changes nothing."""

from __future__ import annotations

import argparse
import os
from contextlib import closing, nullcontext
from pathlib import Path

from rich.markup import escape

from reminder.cli.opening import open_store_if_there
from reminder.cli.output import console, print_document, show_progress
from reminder.configuration.loading import load_or_raise
from reminder.configuration.settings import load_settings
from reminder.errors import EXIT_DONE, UsageFailure
from reminder.flows.explain import Explained, explain_file, load_sent_folder
from reminder.flows.opening import make_addressing, open_reader
from reminder.flows.reading_document import write_reading


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    """Adds the commands of this module."""
    explain = commands.add_parser("explain", parents=[common], help="what these mails would record, and why; changes nothing")
    explain.add_argument("paths", nargs="+", type=Path, metavar="PATH", help=".eml files or folders of them")
    explain.add_argument("--sent", type=Path, metavar="DIR", help="folder of the mails that were sent, instead of the database")
    explain.set_defaults(run=run_explain)


def run_explain(args: argparse.Namespace) -> int:
    """One reading a mail."""
    setup = load_or_raise(args.config)
    settings = load_settings(args.config, os.environ, complete=False)
    addressing = make_addressing(settings)
    store = None if args.sent else open_store_if_there(args)
    if not args.sent and store is None:
        raise UsageFailure("There is no database to know the sent mails from.", advice="Name a folder of sent mails with --sent.")
    files = _files(args.paths)
    with closing(open_reader(settings)) as reader, closing(store) if store else nullcontext():
        sent = load_sent_folder(args.sent, setup, addressing, reader) if args.sent else ()
        for path in show_progress(args, files, "Reading"):
            explained = explain_file(path, setup, addressing, reader, store=store, sent=sent)
            if args.json:
                print_document({"file": path.name, **write_reading(explained.reading)})
            else:
                _print_reading(path, explained)
    return EXIT_DONE


def _files(paths: list[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        if not path.exists():
            raise UsageFailure(f"There is no {path}.", advice="Name .eml files or folders of them.")
        found += sorted(one for one in path.rglob("*.eml") if one.is_file()) if path.is_dir() else [path]
    return found


def _print_reading(path: Path, explained: Explained) -> None:
    reading = explained.reading
    console.print(f"[bold]{escape(str(path))}[/bold]  {reading.kind.value}, {reading.verdict.value}")
    if reading.reason:
        console.print(f"  {escape(reading.reason)}")
    for answer in reading.answers:
        said = ", ".join(word for word in (answer.light.value if answer.light else "", answer.phase.value if answer.phase else "") if word)
        console.print(f"  [{answer.item.number}] {said} · {answer.text}", markup=False)
        if answer.marked:
            console.print(f"      from: {answer.marked!r}  by {answer.rule}", markup=False)
    for ask in reading.ask_back:
        console.print(f"  [{ask.number}] not understood: {ask.reason.value} {ask.quote!r}", markup=False)
    if reading.missing:
        console.print(f"  missing: {', '.join(item.number for item in reading.missing)}", markup=False)
    if reading.sender:
        console.print(f"  from {reading.sender.address}, {reading.sender.trust.value}", markup=False)
    console.print(f"  rules: {', '.join(reading.rules)}", markup=False)
