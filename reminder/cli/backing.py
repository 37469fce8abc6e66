"""`backup` and `restore`: a copy of the database while the service runs, and its way back, so that nothing is sent twice."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from reminder.cli.output import print_document, say, show_bar
from reminder.configuration.settings import load_settings
from reminder.errors import EXIT_DONE, UsageFailure
from reminder.flows.opening import open_clock
from reminder.store import backup, restoring
from reminder.store.engine import Store

NEXT_STEPS = """\
Nothing goes out until `reminder arm`. Before that:
  1. `reminder collect` and `reminder interpret`, or `reminder run`: what came in since the copy is read again, and not answered again.
  2. `reminder outbox list --state needs_review`, then `reminder outbox release` or `reminder outbox cancel`.
  3. `reminder status`, then `reminder arm`: it lists what is due and skips it, since it may have gone out already."""


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    """Adds the commands of this module."""
    copying = commands.add_parser("backup", parents=[common], help="a checked copy of the database, while the service runs")
    copying.add_argument("file", type=Path, metavar="FILE", help="the file to write")
    copying.add_argument("--force", action="store_true", help="replace a file that is there")
    copying.add_argument("--dry-run", action="store_true", help="change nothing; only say what would be done")
    copying.set_defaults(run=run_backup)
    restore = commands.add_parser("restore", parents=[common], help="put a copy back; nothing goes out until it is decided")
    restore.add_argument("file", nargs="?", type=Path, metavar="FILE", help="the copy, as `backup` wrote it")
    restore.add_argument("--in-place", action="store_true", help="the database was put back by other means: only disarm and hold")
    restore.add_argument("--dry-run", action="store_true", help="change nothing; check the copy and say what would be done")
    restore.set_defaults(run=run_restore)


def run_backup(args: argparse.Namespace) -> int:
    """Writes a copy; an older file of that name stays as it is until the new one is whole and checked."""
    with _opened(args) as (store, now):
        store.check_schema()
        if args.dry_run:
            path = backup.sqlite_file(store)
            backup.refuse_existing(path, args.file, is_replacing=args.force)
            size = path.stat().st_size
            say(args, f"Would copy {path} ({_size(size)}) to {args.file}. Nothing was changed.")
            if args.json:
                print_document({"would_write": str(args.file), "size": size})
            return EXIT_DONE
        with show_bar(args, "copying") as on_progress:
            copied = backup.back_up(store, args.file, now, is_replacing=args.force, on_progress=on_progress)
    if args.json:
        print_document({"file": str(copied.path), "size": copied.size, "schema": copied.revision, "at": now.isoformat()})
    say(args, f"Copied to {copied.path} ({_size(copied.size)}) and checked. It holds personal data: keep it as you keep the database.")
    return EXIT_DONE


def run_restore(args: argparse.Namespace) -> int:
    """Puts a copy in the place of the database, disarmed. Exit code 75 while a service runs, 1 for a copy that is no good."""
    if (args.file is None) is not args.in_place:
        raise UsageFailure("Name the copy, or say --in-place.", advice="`reminder restore FILE`.")
    with _opened(args) as (store, now):
        if args.dry_run:
            return _foresee(args, store)
        _make_room(store)
        with store.lock_service(), show_bar(args, "restoring") as on_progress:
            done = (
                restoring.restore_in_place(store, now)
                if args.in_place
                else restoring.restore(store, args.file, now, on_progress=on_progress)
            )
    copied = f"{done.copied_at:%Y-%m-%d %H:%M} UTC" if done.copied_at else "an unknown time"
    if args.json:
        kept = {"kept": done.kept or None, "held": done.held, "erased_again": done.erased}
        print_document({"restored": True, "copied_at": done.copied_at and done.copied_at.isoformat(), **kept})
    say(args, f"Restored to {copied}. {done.held} mails that may have been sent since wait for your decision.")
    if done.kept:
        say(args, f"The database that was there is kept beside it as {done.kept}; it holds personal data: remove it when it is not needed.")
    if done.erased:
        say(args, f"{done.erased} people who were erased since the copy were erased again.")
    say(args, NEXT_STEPS)
    return EXIT_DONE


def _foresee(args: argparse.Namespace, store: Store) -> int:
    if args.in_place:
        store.check_schema()
    else:
        backup.sqlite_file(store)
        if not args.file.is_file():
            raise UsageFailure(f"There is no copy {args.file}.", advice="Name a file that `reminder backup` wrote.")
        backup.examine(args.file)
    if args.json:
        print_document({"would_restore": str(args.file) if args.file else "in place"})
    say(args, "The copy is sound. It would take the place of the database, disarmed. Nothing was changed.")
    return EXIT_DONE


def _make_room(store: Store) -> None:
    """The lock lies beside the database, whose folder may be new."""
    if store.path is not None:
        store.path.parent.mkdir(parents=True, exist_ok=True)


@contextmanager
def _opened(args: argparse.Namespace) -> Iterator[tuple[Store, datetime]]:
    """The database and the time; the files of the configuration need not be sound for this."""
    settings = load_settings(args.config, os.environ, complete=False)
    store = Store.open(settings.database_url)
    try:
        yield store, open_clock(settings).now()
    finally:
        store.close()


def _size(count: int) -> str:
    return f"{count / 1_000_000:.1f} MB"
