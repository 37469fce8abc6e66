"""What a command prints: tables for people, JSON for programs; colour and progress bars only on a terminal."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from reminder.cli.headings import LEFT_OUT, heading

Thing = TypeVar("Thing")


class PipedConsole(Console):
    """Rich ends the program with 1 where a reader such as `head` has had enough; that is no failure, and `main` knows what to do."""

    def on_broken_pipe(self) -> None:
        """Lets the BrokenPipeError through."""
        raise BrokenPipeError


console = PipedConsole(highlight=False, soft_wrap=True, emoji=False)
complaints = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)  # `file:100:5` is a place, and no picture

MANY = 20
"""So many things take long enough that one wants to see how far it is."""
WIDE_ENOUGH = 140
"""Columns of a terminal that shows every column of a table."""
UNBOUNDED = 10_000


def say(args: Namespace, text: str = "") -> None:
    """A line for a person; nothing with --quiet or --json."""
    if not (args.quiet or args.json):
        console.print(Text(text))


def write_out(args: Namespace, content: bytes) -> None:
    """A whole document into the file of `--out`, or on standard output."""
    if args.out is None:
        sys.stdout.buffer.write(content)
        return
    args.out.write_bytes(content)
    say(args, f"wrote {args.out}")


def show_progress(args: Namespace, things: Sequence[Thing], what: str) -> Iterator[Thing]:
    """The things one by one, with a bar on standard error where they are many, a person looks on, and the results go elsewhere.

    Where the results are printed to the same terminal, they are the progress.
    """
    is_watched = complaints.is_terminal and not console.is_terminal and not args.quiet
    if not is_watched or len(things) < MANY:
        yield from things
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    # The results go elsewhere, so they are not to be drawn above the bar, which is what a redirection would do.
    with Progress(*columns, console=complaints, transient=True, redirect_stdout=False, redirect_stderr=False) as progress:
        yield from progress.track(things, description=what)


@contextmanager
def show_bar(args: Namespace, what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error where a person looks on; it is told how much is done of how much."""
    if args.quiet or not complaints.is_terminal:
        yield lambda done, total: None
        return
    with Progress(TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), console=complaints, transient=True) as progress:
        task = progress.add_task(what)
        yield lambda done, total: progress.update(task, completed=done, total=total)


def print_document(document: object) -> None:
    """One JSON document."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, default=str) + "\n")


def print_lines(documents: Iterable[object]) -> None:
    """JSON Lines."""
    for document in documents:
        print_document(document)


def print_table(
    args: Namespace,
    title: str,
    rows: Sequence[Mapping[str, object]],
    *,
    columns: Mapping[str, str],
    empty: str = "",
    wide_only: Collection[str] = (),
) -> None:
    """Rows as a table, or as JSON Lines with --json. `columns` maps a key of the row to its English heading.

    In a file or a pipe each row is one line. On a terminal narrower than 140 columns the columns `wide_only` are left out,
    and a line below the table says so.
    """
    if args.json:
        print_lines(rows)
        return
    if not rows:
        say(args, empty)
        return
    title, columns = heading(title, args.lang), {key: heading(text, args.lang) for key, text in columns.items()}
    if not console.is_terminal:
        _print_unwrapped(_make_table(title, rows, columns))
        return
    is_narrow = console.width < WIDE_ENOUGH
    shown = {key: text for key, text in columns.items() if not (is_narrow and key in wide_only)}
    console.print(_make_table(title, rows, shown))
    if left_out := [text for key, text in columns.items() if key not in shown]:
        say(args, LEFT_OUT[args.lang].format(width=console.width, columns=", ".join(left_out), needed=WIDE_ENOUGH))


def _make_table(title: str, rows: Sequence[Mapping[str, object]], columns: Mapping[str, str]) -> Table:
    table = Table(title=title or None, title_justify="left", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for text in columns.values():
        table.add_column(text, overflow="fold")
    for row in rows:
        table.add_row(*(Text(_cell(row.get(key))) for key in columns))
    return table


def _print_unwrapped(table: Table) -> None:
    """One line a row, however long, without the blanks that would fill up the last column."""
    wide = Console(width=UNBOUNDED, color_system=None, highlight=False, emoji=False)
    with wide.capture() as captured:
        wide.print(table)
    sys.stdout.write("".join(f"{line.rstrip()}\n" for line in captured.get().splitlines()))


def _cell(value: object) -> str:
    if value is None:
        return ""
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
