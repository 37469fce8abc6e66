"""What a command prints: tables for people, JSON for programs; colour and progress bars only on a terminal."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

console = Console(highlight=False, soft_wrap=True)
complaints = Console(stderr=True, highlight=False, soft_wrap=True)


def say(args: Namespace, text: str = "") -> None:
    """A line for a person; nothing with --quiet or --json."""
    if not (args.quiet or args.json):
        console.print(Text(text))


def print_document(document: object) -> None:
    """One JSON document."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, default=str) + "\n")


def print_lines(documents: Iterable[object]) -> None:
    """JSON Lines."""
    for document in documents:
        print_document(document)


def print_table(args: Namespace, title: str, rows: Sequence[Mapping[str, object]], *, columns: Mapping[str, str], empty: str = "") -> None:
    """Rows as a table, or as JSON Lines with --json. `columns` maps a key of the row to its heading."""
    if args.json:
        print_lines(rows)
        return
    if not rows:
        say(args, empty)
        return
    table = Table(title=title or None, title_justify="left", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in columns.values():
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*(Text(_cell(row.get(key))) for key in columns))
    console.print(table)


def _cell(value: object) -> str:
    if value is None:
        return ""
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
