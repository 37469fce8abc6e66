"""`explain`: what a mail would record, and why; changes nothing."""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import closing, nullcontext
from pathlib import Path

from reminder.cli.explaining import explain_understood, page_of, print_explanation
from reminder.cli.opening import open_store_if_there
from reminder.cli.output import print_document, show_progress
from reminder.cli.selecting import language_of
from reminder.configuration.loading import load_or_raise
from reminder.configuration.settings import load_settings
from reminder.errors import EXIT_DONE, UsageFailure
from reminder.flows.explain import explain_file, load_sent_folder, mark_file
from reminder.flows.opening import make_addressing, open_reader
from reminder.flows.reading_document import write_reading
from reminder.report.explaining import Explanation


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    """Adds the commands of this module."""
    explain = commands.add_parser("explain", parents=[common], help="what these mails would record, and why; changes nothing")
    explain.add_argument("paths", nargs="+", type=Path, metavar="PATH", help=".eml files or folders of them")
    explain.add_argument("--sent", type=Path, metavar="DIR", help="folder of the mails that were sent, instead of the database")
    explain.add_argument("--as", dest="form", choices=["text", "html"], default="text", help="html: a page to look at, on standard output")
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
    shown: list[Explanation] = []
    with closing(open_reader(settings)) as reader, closing(store) if store else nullcontext():
        sent = load_sent_folder(args.sent, setup, addressing, reader) if args.sent else ()
        for path in show_progress(args, files, "Reading"):
            explained = explain_file(path, setup, addressing, reader, store=store, sent=sent)
            if args.json:
                print_document({"file": _decoded(path.name), **write_reading(explained.reading)})
                continue
            explanation = explain_understood(explained, mark_file(path, explained, reader), language_of(args), _shown(str(path)))
            if args.form == "html":
                shown.append(explanation)
            else:
                print_explanation(explanation)
    if args.form == "html" and not args.json:
        sys.stdout.write(page_of(shown))
    return EXIT_DONE


def _decoded(name: str) -> str:
    """A file's name as text; bytes of it that are no UTF-8 become signs, since nothing could print them (PEP 383)."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _shown(name: str) -> str:
    """A file's name for people: it is as hostile as what the file holds, so no control character of it gets through."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in _decoded(name))


def _files(paths: list[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        if not path.exists():
            raise UsageFailure(f"There is no {path}.", advice="Name .eml files or folders of them.")
        found += sorted(one for one in path.rglob("*.eml") if one.is_file()) if path.is_dir() else [path]
    return found
