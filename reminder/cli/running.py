"""`run`, `tick`, the single steps, `migrate`, `health` and the rehearsal's `clock`."""

from __future__ import annotations

import argparse
import os
import threading
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta

from reminder.cli.opening import Needs, Opened
from reminder.cli.output import print_document, say
from reminder.configuration.settings import Settings, load_settings
from reminder.configuration.values import read_place
from reminder.configuration.watching import FileWatch
from reminder.domain.rounds import StepKind
from reminder.edges.clock import FileClock, write_clock
from reminder.edges.pinging import Pinger
from reminder.errors import EXIT_DONE, EXIT_FAILED, EXIT_TEMPORARY, StoreFailure, UsageFailure
from reminder.flows.announce import announce
from reminder.flows.deliver import deliver
from reminder.flows.foresee import count_to_fetch, count_to_read, count_to_send
from reminder.flows.house import House
from reminder.flows.interpret import interpret_pending
from reminder.flows.lanes import Delivered
from reminder.flows.opening import open_clock, open_source
from reminder.flows.publish import publish
from reminder.flows.relay_health import find_trouble
from reminder.flows.several import announce_in_turn, collect_in_turn
from reminder.flows.taking_up import take_up
from reminder.flows.tick import tick
from reminder.service.health import measure_health
from reminder.service.logs import configure_logs
from reminder.service.lookout import Lookout
from reminder.service.worker import run_service
from reminder.store.backup import back_up_before_migrating
from reminder.store.engine import MIGRATE_ADVICE, Store


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    """Adds the commands of this module."""
    service = commands.add_parser("run", parents=[common], help="the service: sends, reads and publishes until it is told to end")
    service.set_defaults(run=run_run)
    for name, run, text in (
        ("tick", run_tick, "one pass of everything that the service does"),
        ("announce", run_announce, "put what is due into the outbox"),
        ("deliver", run_deliver, "send what is in the outbox"),
        ("collect", run_collect, "fetch new mail into the raw message store"),
        ("interpret", run_interpret, "read what was fetched and record the answers"),
        ("digest", run_digest, "put the digest that is due into the outbox"),
        ("publish", run_publish, "write the public page where something changed"),
    ):
        command = commands.add_parser(name, parents=[common], help=text)
        command.add_argument("--dry-run", action="store_true", help="change nothing; say what would be done")
        command.set_defaults(run=run)
    migrate = commands.add_parser("migrate", parents=[common], help="bring the database to the schema of this version")
    migrate.add_argument("--dry-run", action="store_true", help="change nothing; only say what would be done")
    migrate.set_defaults(run=run_migrate)
    health = commands.add_parser("health", parents=[common], help="one line and an exit code for a container")
    health.set_defaults(run=run_health)
    _add_clock(commands, common)


def _add_clock(commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    clock = commands.add_parser("clock", parents=[common], help="the rehearsal's clock")
    parts = clock.add_subparsers(dest="part", required=True)
    setting = parts.add_parser("set", parents=[common], help="set the instant, such as 2025-01-07T08:00+02:00")
    setting.add_argument("instant", type=datetime.fromisoformat, help="the instant")
    advance = parts.add_parser("advance", parents=[common], help="move on by some hours")
    advance.add_argument("hours", type=float, help="how many hours")
    speed = parts.add_parser("speed", parents=[common], help="how many times faster than real time it runs")
    speed.add_argument("factor", type=float, help="0 stands still, 1 is real time")
    for part in (setting, advance, speed):
        part.add_argument("--dry-run", action="store_true", help="change nothing; only say what would be done")
    clock.set_defaults(run=run_clock)


def run_run(args: argparse.Namespace) -> int:
    """The service. SIGTERM ends it cleanly within 8 seconds."""
    stop = threading.Event()
    opened = Opened(args, Needs(relay=True, source=True, site=True), should_stop=stop.is_set)
    configure_logs(opened.settings.log)
    return run_service(
        opened,
        opened.templates,
        stop=stop,
        is_rehearsal=opened.settings.rehearsal,
        open_listener=None if opened.settings.maildir else lambda: open_source(opened.settings),
        watch=FileWatch(args.config),
        after_pass=Lookout(place=read_place(opened.settings.metrics), pinger=_make_pinger(opened.settings)).look,
    )


def _make_pinger(settings: Settings) -> Pinger | None:
    url = settings.ping_url.get_secret_value()
    return Pinger(url, every_seconds=settings.ping_minutes * 60) if url else None


def run_tick(args: argparse.Namespace) -> int:
    """One pass of everything. Exit code 75 where a part of it met trouble; the others were done."""
    if args.dry_run:
        return _foresee_tick(args)
    opened = Opened(args, Needs(relay=True, source=True, site=True))
    with opened as house:
        done = tick(take_up(house, opened.loaded, args.config), opened.templates)
    if args.json:
        print_document(
            {
                "captured": done.collected.captured,
                "interpreted": len(done.interpreted.states),
                "announced": len(done.announced.messages),
                "delivered": _show(done.delivered),
                "published": done.published.is_changed,
                "trouble": list(done.trouble),
            }
        )
    say(
        args,
        f"{done.collected.captured} mails fetched, {len(done.interpreted.states)} read, "
        f"{len(done.announced.messages)} written, {done.delivered.accepted} sent.",
    )
    for line in done.trouble:
        say(args, f"Trouble: {line}")
    return EXIT_TEMPORARY if done.trouble else EXIT_DONE


def _foresee_tick(args: argparse.Namespace) -> int:
    with Opened(args, Needs(source=True)) as house:
        fetch, read, send = count_to_fetch(house), count_to_read(house), count_to_send(house)
        write = len(announce(house, dry_run=True).messages)
    if args.json:
        print_document({"would_fetch": fetch, "would_read": read, "would_announce": write, "would_send": send})
    say(args, f"{fetch} mails would be fetched, {read} read, {write} written, {send} sent.")
    return EXIT_DONE


def run_digest(args: argparse.Namespace) -> int:
    """The digest that is due becomes a mail in the outbox; `preview digest` shows it at any time."""
    return run_announce(args, only=StepKind.DIGEST)


def run_announce(args: argparse.Namespace, only: StepKind | None = None) -> int:
    """What is due becomes mails in the outbox."""
    with Opened(args, Needs()) as house:
        done = announce(house, dry_run=True, only=only) if args.dry_run else announce_in_turn(house, only=only)
    if args.json:
        print_document({"announced": len(done.messages), "skipped": done.skipped})
    say(args, f"{len(done.messages)} mails {'would be' if args.dry_run else 'were'} written, {done.skipped} steps skipped.")
    for line in done.trouble:
        say(args, f"Trouble: {line}")
    return EXIT_FAILED if done.trouble else EXIT_DONE


def _show(done: Delivered) -> dict[str, object]:
    return {**done.counts, "resume_at": done.resume_at.isoformat() if done.resume_at else None}


def run_deliver(args: argparse.Namespace) -> int:
    """Sends what is in the outbox. Exit code 75 where the relay cannot be used; no mail suffers for it."""
    if args.dry_run:
        return _foresee(args, Needs(), count_to_send, "would_send", "mails would be sent.")
    with Opened(args, Needs(relay=True)) as house:
        done = deliver(house)
        trouble = find_trouble(house)
    if args.json:
        print_document({**_show(done), "trouble": list(trouble)})
    say(args, f"{done.accepted} sent, {done.deferred} put off, {done.failed} failed, {done.unknown} unknown, {done.cancelled} cancelled.")
    if done.resume_at is not None:
        say(args, f"Mails wait, since the relay takes no more this minute; go on at {done.resume_at:%H:%M:%S} UTC.")
    for line in trouble:
        say(args, f"Trouble: {line}")
    return EXIT_TEMPORARY if trouble else EXIT_DONE


def run_collect(args: argparse.Namespace) -> int:
    """Fetches new mail into the raw message store."""
    if args.dry_run:
        return _foresee(args, Needs(source=True), count_to_fetch, "would_fetch", "mails would be fetched.")
    with Opened(args, Needs(source=True)) as house:
        done = collect_in_turn(house, at_once=True)
    if args.json:
        print_document(asdict(done))
    say(args, f"{done.captured} mails fetched, {done.moved} moved out of the way.")
    return EXIT_DONE


def run_interpret(args: argparse.Namespace) -> int:
    """Reads what was fetched and records the answers."""
    if args.dry_run:
        return _foresee(args, Needs(), count_to_read, "would_read", "mails would be read.")
    with Opened(args, Needs()) as house:
        states = interpret_pending(house).states
    counted = {state.value: states.count(state) for state in dict.fromkeys(states)}
    if args.json:
        print_document(counted)
    say(args, f"{len(states)} mails read: {', '.join(f'{count} {state}' for state, count in counted.items()) or 'none'}.")
    return EXIT_DONE


def _foresee(args: argparse.Namespace, needs: Needs, count: Callable[[House], int], key: str, text: str) -> int:
    with Opened(args, needs) as house:
        number = count(house)
    if args.json:
        print_document({key: number})
    say(args, f"{number} {text}")
    return EXIT_DONE


def run_publish(args: argparse.Namespace) -> int:
    """Writes the public page where something changed."""
    opened = Opened(args, Needs(site=True))
    with opened as house:
        if house.site is None:
            raise UsageFailure("No place for the page is set.", advice="Set REMINDER_SITE_DIR in .env.")
        done = publish(house, opened.templates, dry_run=args.dry_run)
    if args.json:
        print_document(asdict(done))
    word = "Would publish" if args.dry_run else "Published"
    say(args, f"{word} {done.files} files." if done.is_changed else "Nothing has changed.")
    return EXIT_DONE


def run_migrate(args: argparse.Namespace) -> int:
    """Brings the database to the schema of this version; an SQLite database of an older one is copied first."""
    kept = None
    settings = load_settings(args.config, os.environ, complete=False)
    store = Store.open(settings.database_url)
    try:
        text = _foresee_migration(store) if args.dry_run else ""
        if not args.dry_run:
            kept = back_up_before_migrating(store, open_clock(settings).now())
            store.migrate()
    finally:
        store.close()
    if args.json:
        print_document({"up_to_date": not text})
    if kept is not None:
        say(args, f"The database as it was is kept as {kept.path}; it holds personal data: remove it when it is not needed.")
    say(args, text or "The database is up to date.")
    return EXIT_DONE


def _foresee_migration(store: Store) -> str:
    """What is wrong with the schema that `migrate` would mend; empty where nothing is."""
    try:
        store.check_schema()
    except StoreFailure as failure:
        if failure.advice != MIGRATE_ADVICE:
            raise
        return f"{failure.message} `reminder migrate` would put that right."
    return ""


def run_health(args: argparse.Namespace) -> int:
    """One line; exit code 1 where something is red."""
    with Opened(args, Needs()) as house:
        health = measure_health(house)
    if args.json:
        print_document({"ok": health.is_ok, **health.figures, "red": list(health.red)})
    say(args, health.line)
    return EXIT_DONE if health.is_ok else EXIT_FAILED


def run_clock(args: argparse.Namespace) -> int:
    """Sets, advances or speeds up the rehearsal's clock."""
    settings = load_settings(args.config, os.environ, complete=False)
    if not (settings.rehearsal and settings.clock):
        raise UsageFailure("There is no rehearsal.", advice="Set REMINDER_REHEARSAL=1 and REMINDER_CLOCK=FILE.")
    path = settings.clock
    clock = FileClock(path) if path.exists() else None
    instant, speed = _next_clock(args, clock)
    if args.dry_run:
        if args.json:
            print_document({"would_be": instant.isoformat(), "speed": speed})
        say(args, f"It would be {instant.isoformat()}, at speed {speed:g}. Nothing was changed.")
        return EXIT_DONE
    write_clock(path, instant, speed)
    now = FileClock(path).now()
    if args.json:
        print_document({"now": now.isoformat()})
    say(args, f"It is {now.isoformat()}.")
    return EXIT_DONE


def _next_clock(args: argparse.Namespace, clock: FileClock | None) -> tuple[datetime, float]:
    """The instant and the speed that the command asks for. Raises UsageFailure where a clock must be set first."""
    if args.part == "set":
        return args.instant if args.instant.tzinfo else args.instant.astimezone(), clock.speed if clock else 0.0
    if clock is None:
        raise UsageFailure("The clock has not been set yet.", advice="Begin with `reminder clock set INSTANT`.")
    if args.part == "advance":
        return clock.now() + timedelta(hours=args.hours), clock.speed
    return clock.now(), args.factor
