"""`archive`: the package of a round for the city's case system, and the check of one."""

from __future__ import annotations

import argparse
from pathlib import Path

from reminder.cli.opening import Needs, Opened
from reminder.cli.output import print_document, say, show_bar
from reminder.cli.selecting import find_round
from reminder.edges.packages import verify_package
from reminder.errors import EXIT_DONE, EXIT_FAILED, UsageFailure
from reminder.flows.archive import archive_round


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    """Adds the command of this module."""
    archive = commands.add_parser("archive", parents=[common], help="a round as one package for the archive: data, mails, reports, pages")
    archive.add_argument("round", nargs="?", default="", metavar="ROUND", help="the round")
    archive.add_argument("--out", type=Path, metavar="FILE", help="the package to write, a .zip")
    archive.add_argument("--verify", type=Path, metavar="FILE", help="check the checksums of a package, and write none")
    archive.add_argument("--force", action="store_true", help="replace a file that is there")
    archive.add_argument("--dry-run", action="store_true", help="change nothing; only say what would be packed")
    archive.set_defaults(run=run_archive)


def run_archive(args: argparse.Namespace) -> int:
    """Writes the package, or checks one; exit code 1 for a package that differs from its own list."""
    if args.verify is not None:
        if args.round or args.out is not None:
            raise UsageFailure("Either a package is written or one is checked.", advice="`reminder archive --verify FILE`.")
        return _verify(args)
    if not args.round or args.out is None:
        raise UsageFailure("Which round, and into which file?", advice="`reminder archive ROUND --out FILE.zip`.")
    opened = Opened(args, Needs())
    with opened as house, show_bar(args, "packing") as on_progress:
        one = find_round(house.setup, args.round)
        done = archive_round(house, one, opened.templates, args.out, is_replacing=args.force, dry_run=args.dry_run, on_progress=on_progress)
    if args.json:
        facts = {"files": done.files, "mails_in": done.mails_in, "mails_out": done.mails_out, "without_bytes": done.without_bytes}
        print_document({"file": str(args.out), "written": not args.dry_run, **facts, "left_out": done.left_out, "seal": done.seal or None})
    if args.dry_run:
        say(args, f"Would pack {done.mails_in} mails that came in and {done.mails_out} that went out into {args.out}. Nothing was changed.")
        return EXIT_DONE
    say(
        args,
        f"Packed {done.files} files into {args.out}, {done.mails_in} mails that came in and {done.mails_out} that went out among them.",
    )
    if done.without_bytes:
        say(args, f"Of {done.without_bytes} mails only the index tells: their bytes are no longer kept (`keep_mails`).")
    for name, why in done.left_out.items():
        say(args, f"Left out: {name}. {why}")
    say(args, f"Checksum of its list of checksums: {done.seal}")
    say(args, "It holds personal data: give it to nobody but the archive.")
    return EXIT_DONE


def _verify(args: argparse.Namespace) -> int:
    if not args.verify.is_file():
        raise UsageFailure(f"There is no package {args.verify}.", advice="Name a file that `reminder archive` wrote.")
    with show_bar(args, "checking") as on_progress:
        found = verify_package(args.verify, on_progress)
    if args.json:
        faults = [{"file": name, "what": fault.value} for name, fault in found.faults]
        print_document({"file": str(args.verify), "sound": not faults, "files": found.files, "seal": found.seal, "faults": faults})
    for name, fault in found.faults:
        say(args, f"{name}: {fault.value}")
    if found.faults:
        say(args, f"{len(found.faults)} of {found.files} files are not as the list of the package says.")
        return EXIT_FAILED
    say(args, f"All {found.files} files are as the list of the package says. Checksum of the list: {found.seal}")
    return EXIT_DONE
