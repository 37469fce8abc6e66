"""`rehearse`: the year of one's own files at high speed, with invented answers; nothing is sent and nothing of the admin's is touched."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from reminder.cli.configuring import print_faults
from reminder.cli.output import complaints, print_document, say
from reminder.cli.rehearsal_summary import describe, print_summary
from reminder.cli.selecting import find_round, language_of, read_day
from reminder.compose.rehearsal.views import Character, RehearsedMail
from reminder.compose.rehearsal.words import WORDS
from reminder.compose.words import format_date
from reminder.configuration.loading import load_setup
from reminder.edges.clock import SystemClock
from reminder.errors import EXIT_DONE, EXIT_FAILED, EXIT_TEMPORARY, EXIT_USAGE

if TYPE_CHECKING:
    from reminder.sandbox.rehearse.scope import Scope

Characters = Mapping[tuple[str, str], Character]
Tell = Callable[[datetime, tuple[RehearsedMail, ...]], None]


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    """Adds the command of this module."""
    rehearse = commands.add_parser("rehearse", parents=[common], help="play the year of these files with invented answers; sends nothing")
    rehearse.add_argument("--round", dest="rounds", action="append", default=[], metavar="R", help="this round; may be given several times")
    rehearse.add_argument("--answers", default="", metavar="SHARES", help="how the parties answer, such as early=3,late=2,part=1,never=1")
    rehearse.add_argument("--seed", type=int, default=1, metavar="N", help="another number makes other parties late (default: 1)")
    rehearse.add_argument("--from", dest="start", type=read_day, metavar="D", help="begin on this day; what was due before is skipped")
    rehearse.add_argument("--until", type=read_day, metavar="D", help="end with this day")
    rehearse.add_argument("--out", type=Path, default=Path("rehearsal-out"), metavar="DIR", help="where (default: ./rehearsal-out)")
    rehearse.add_argument("--dry-run", action="store_true", help="only say which rounds and days would be played, and who would answer how")
    rehearse.set_defaults(run=run_rehearse)


def run_rehearse(args: argparse.Namespace) -> int:
    """Plays it, writes the pages, and compares the database with what was said.

    Returns 0 where they agree, 1 where they differ or the service could not do its work, 2 for broken files, 75 where it was
    interrupted; what there is by then is kept.
    """
    from reminder.sandbox.rehearse.characters import DEFAULT_SHARES, choose_characters, read_shares, write_shares
    from reminder.sandbox.rehearse.folder import prepare_folder
    from reminder.sandbox.rehearse.pages import write_pages
    from reminder.sandbox.rehearse.playing import build_view, play
    from reminder.sandbox.rehearse.scope import choose_scope
    from reminder.sandbox.rehearse.stage import open_stage

    shares = read_shares(args.answers) if args.answers else DEFAULT_SHARES
    loaded = load_setup(args.config, language=language_of(args))
    if loaded.setup is None:
        print_faults(args, list(loaded.findings))
        return EXIT_USAGE
    rounds = {(one.programme, one.id): one for one in (find_round(loaded.setup, name) for name in args.rounds)}
    scope = choose_scope(loaded.setup, SystemClock().now(), rounds=tuple(rounds.values()), first=args.start, last=args.until)
    characters = choose_characters(scope.parties, shares, args.seed)
    _tell_scope(args, scope, characters, write_shares(shares))
    if args.dry_run:
        return EXIT_DONE
    facts = {"rounds": [f"{one.programme}/{one.id}" for one in scope.setup.rounds], "seed": args.seed, "answers": write_shares(shares)}
    root = prepare_folder(args.out, args.config, facts)
    with open_stage(scope, characters, args.seed, root, language_of(args)) as stage:
        with _watched(args, scope) as tell:
            is_cut_short = play(stage, tell)
        view = build_view(stage, seed=args.seed, shares=shares, is_cut_short=is_cut_short)
    index = write_pages(view, root, language_of(args))
    if args.json:
        print_document({**facts, **describe(view), "page": str(index)})
    else:
        print_summary(args, view, index)
    if view.differences or view.troubles:
        return EXIT_FAILED
    return EXIT_TEMPORARY if is_cut_short else EXIT_DONE


def _tell_scope(args: argparse.Namespace, scope: Scope, characters: Characters, shares: str) -> None:
    """What will be played, before it is."""
    language, words = language_of(args), WORDS[language_of(args)]
    names = ", ".join(f"{one.programme}/{one.id}" for one in scope.setup.rounds)
    if scope.is_past:
        say(args, words.is_past)
    first, last = format_date(scope.first_day, language), format_date(scope.last_day, language)
    say(args, words.begins.format(rounds=names, first=first, last=last))
    say(args, words.cast.format(count=len(characters), shares=shares, seed=args.seed))
    if not args.dry_run:
        return
    if args.json:
        cast = {f"{programme}/{party}": character.value for (programme, party), character in characters.items()}
        print_document({"rounds": names.split(", "), "from": str(scope.first_day), "until": str(scope.last_day), "cast": cast})
    for (_, party), character in characters.items():
        say(args, f"  {party}: {words.characters[character]}")


@contextmanager
def _watched(args: argparse.Namespace, scope: Scope) -> Iterator[Tell]:
    """A bar with the day of the rehearsed year, where a person looks on."""
    if args.quiet or not complaints.is_terminal:
        yield lambda at, mails: None
        return
    counts, words = {True: 0, False: 0}, WORDS[language_of(args)]
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[told]}"), TimeElapsedColumn())
    with Progress(*columns, console=complaints, transient=True) as progress:
        begins = format_date(scope.first_day, language_of(args))
        task = progress.add_task(begins, total=(scope.last_day - scope.first_day).days, told="")

        def tell(at: datetime, mails: tuple[RehearsedMail, ...]) -> None:
            for mail in mails:
                counts[mail.kind.is_incoming] += 1
            told = f"{words.sent} {counts[False]}, {words.received} {counts[True]}"
            day = format_date(at.date(), language_of(args))
            progress.update(task, completed=(at.date() - scope.first_day).days, description=day, told=told)

        yield tell
