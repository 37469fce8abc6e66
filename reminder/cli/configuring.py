"""`init`, `check` and `schema`: the files."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from rich.text import Text

from reminder.cli.deciding import print_decisions
from reminder.cli.opening import now_or_real, open_store_if_there
from reminder.cli.output import complaints, console, print_document, print_lines, say
from reminder.cli.selecting import language_of
from reminder.configuration import keys
from reminder.configuration.findings import show_finding
from reminder.configuration.initial import write_initial
from reminder.configuration.loading import Loaded, load_setup
from reminder.configuration.schema import FOLDER, show_schema, write_schemas
from reminder.configuration.settings import Settings, read_settings
from reminder.configuration.sudden_findings import describe_sudden
from reminder.edges.imap import ImapSource
from reminder.edges.smtp import SmtpRelay
from reminder.errors import EXIT_DONE, EXIT_FAILED, EXIT_USAGE, Finding, ReminderError, Severity
from reminder.flows.checking import find_sudden_mails
from reminder.flows.opening import look_at_credential, make_addressing, open_relay, open_source
from reminder.flows.own_copy import sample_copy

_RELAYS = {"smtp": "SMTP", "graph": "Graph"}
_UNSOUND = {
    "fi": "Virheitä: {count}. Virheellisillä tiedostoilla ei lähetetä mitään.",
    "sv": "Fel: {count}. Med felaktiga filer skickas ingenting.",
    "en": "{count} {noun}. Nothing is sent with a faulty configuration.",
}
_SOUND = {
    "fi": "Tiedostot ovat kunnossa (huomioita: {count}).",
    "sv": "Filerna är i sin ordning (anmärkningar: {count}).",
    "en": "The configuration is sound ({count} remarks).",
}


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    """Adds the commands of this module."""
    init = commands.add_parser("init", parents=[common], help="write a commented starting configuration")
    init.add_argument("directory", nargs="?", type=Path, metavar="DIR", help="where (default: the configuration directory)")
    init.add_argument("--dry-run", action="store_true", help="change nothing; only say what would be done")
    init.set_defaults(run=run_init)
    check = commands.add_parser("check", parents=[common], help="every fault of the configuration at once")
    check.add_argument("--connect", action="store_true", help="also log in to the mail servers; sends nothing")
    check.set_defaults(run=run_check)
    schema = commands.add_parser("schema", parents=[common], help="JSON Schemas, so that an editor completes and checks the files")
    schema.add_argument(
        "file", nargs="?", choices=[Path(name).stem for name in keys.KNOWN_FILES], help="print this one instead of writing all"
    )
    schema.add_argument("--dry-run", action="store_true", help="change nothing; only say what would be done")
    schema.set_defaults(run=run_schema)


def run_init(args: argparse.Namespace) -> int:
    """Writes a commented starting configuration and .env.example; never over a file that is there."""
    directory = args.directory or args.config
    if args.dry_run:
        say(args, f"A starting configuration would be written to {directory}.")
        return EXIT_DONE
    for path in write_initial(directory):
        say(args, f"wrote {path}")
    say(args, f"Now edit the files, copy .env.example to .env, fill it in, and run `reminder --config {directory} check`.")
    return EXIT_DONE


def run_schema(args: argparse.Namespace) -> int:
    """Writes the schemas into the folder `schema` beside the files, over older ones; or prints one."""
    if args.file is not None:
        sys.stdout.write(show_schema(f"{args.file}.yaml"))
        return EXIT_DONE
    folder = args.config / FOLDER
    if args.dry_run:
        say(args, f"{len(keys.KNOWN_FILES)} schemas would be written to {folder}.")
        return EXIT_DONE
    for path in write_schemas(folder):
        say(args, f"wrote {path}")
    return EXIT_DONE


def run_check(args: argparse.Namespace) -> int:
    """All findings at once; exit code 2 where one is a fault."""
    loaded = load_setup(args.config, language=language_of(args))
    read = read_settings(args.config, os.environ, language=language_of(args), look_at_credential=look_at_credential)
    findings = [*loaded.findings, *_find_sudden(args, loaded), *read.findings]
    if print_faults(args, findings) or read.settings is None:
        return EXIT_USAGE
    say(args, _SOUND[language_of(args)].format(count=len(findings)))
    if (store := open_store_if_there(args)) is not None and loaded.setup is not None:
        print_decisions(args, store, loaded.setup)
        store.close()
    return _check_connections(args, read.settings) if args.connect else EXIT_DONE


def print_faults(args: argparse.Namespace, findings: list[Finding]) -> int:
    """Prints all findings, and the sentence about the faults where there are some. Returns how many faults there are."""
    _print_findings(args, findings)
    faults = sum(finding.severity is Severity.FAULT for finding in findings)
    if faults:
        say(args, _UNSOUND[language_of(args)].format(count=faults, noun="fault" if faults == 1 else "faults"))
    return faults


def _find_sudden(args: argparse.Namespace, loaded: Loaded) -> tuple[Finding, ...]:
    """What would go out at once, where the files are sound; the database says what has gone already."""
    if loaded.setup is None:
        return ()
    sudden = find_sudden_mails(open_store_if_there(args), loaded.setup, now_or_real(args))
    return describe_sudden(loaded, sudden, language_of(args))


def _print_findings(args: argparse.Namespace, findings: list[Finding]) -> None:
    if args.json:
        print_lines(
            {
                "file": one.file,
                "line": one.line,
                "column": one.column,
                "severity": one.severity.value,
                "message": one.message,
                "advice": one.advice,
            }
            for one in findings
        )
        return
    language = language_of(args)
    styles = {Severity.FAULT: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "dim"}
    for finding in findings:
        target = complaints if finding.severity is Severity.FAULT else console
        if not (args.quiet and finding.severity is not Severity.FAULT):
            target.print(_paint(show_finding(finding, language), styles[finding.severity]))


def _paint(line: str, style: str) -> Text:
    """Colour for the place and the word of the severity; what has to be read stays black on white."""
    place, _, rest = line.partition(": ")
    text = Text(line)
    text.stylize(style, 0, len(place) + 2 + len(rest.partition(": ")[0]))
    return text


def _check_connections(args: argparse.Namespace, settings: Settings) -> int:
    source = open_source(settings)
    trials: list[tuple[str, Callable[[], tuple[str, ...]]]] = [(_RELAYS[settings.transport], _trial_of_relay(settings))]
    if isinstance(source, ImapSource):
        trials.append(("IMAP", source.check))
    else:
        trials.append(("Maildir", lambda: tuple(f"{scan.folder}: {len(scan.uids)} mails" for scan in source.scan())))
    seen: dict[str, object] = {}
    code = EXIT_DONE
    for name, trial in trials:
        try:
            facts = trial()
            seen[name] = list(facts)
            say(args, f"{name}: {'; '.join(facts)}")
        except ReminderError as failure:
            code = EXIT_FAILED
            seen[name] = {"failed": failure.message, "advice": failure.advice}
            complaints.print(f"{name}: {failure.message} {failure.advice}", markup=False)
    if args.json:
        print_document(seen)
    return code


def _trial_of_relay(settings: Settings) -> Callable[[], tuple[str, ...]]:
    """Where our own address gets a copy of each mail, the relay is asked whether it takes that too."""
    relay, copy = open_relay(settings), sample_copy(make_addressing(settings))
    return partial(relay.check, copy) if isinstance(relay, SmtpRelay) else relay.check
