"""`make demo`: a whole year of the example city on real SMTP and IMAP, in under a minute.

The configuration is the example city's, the parties are played by `cast`, the clock jumps. At the end the facts in the
database are held against what the parties said, and a folder is left to look at.
"""

from __future__ import annotations

import argparse
import logging
import secrets
import shutil
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import structlog
from jinja2 import BaseLoader, FileSystemLoader
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from reminder.configuration.loading import load_or_raise
from reminder.configuration.settings import load_settings
from reminder.domain.assessments import Assessment, latest
from reminder.domain.messages import MailKind
from reminder.domain.setup import Setup
from reminder.edges.clock import ManualClock, write_clock
from reminder.edges.site import DirectorySite
from reminder.flows.house import House
from reminder.flows.knowledge import load_knowledge
from reminder.flows.opening import make_house, open_relay, open_source
from reminder.parse.message import read_mail
from reminder.plan.timeline import party_deadline, plan_timeline
from reminder.report.lights import count_lights
from reminder.report.overdue import count_round
from reminder.resources import find_example, find_templates
from reminder.sandbox.cast import Cast, DueReply, ExpectedFact, expected_facts
from reminder.sandbox.demo_folder import DemoFolder
from reminder.sandbox.rehearsal import Moment, Rehearsal, World
from reminder.sandbox.script import list_meeting_answers, list_replies
from reminder.sandbox.servers import MailWorld, SentMail
from reminder.store import control, reports
from reminder.store.engine import Store

ADDRESS = "seuranta@suvikoski.example"
console = Console(highlight=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Everything that the demo runs on."""

    rehearsal: Rehearsal
    house: House
    folder: DemoFolder
    until: datetime
    config: Path
    variables: Mapping[str, str]


def environment(world: World, folder: Path) -> Mapping[str, str]:
    """The settings of the rehearsal, as a person would write them into `.env`."""
    return {
        "REMINDER_REHEARSAL": "1",
        "REMINDER_DATABASE_URL": f"sqlite:///{folder / 'reminder.db'}",
        "REMINDER_INSTANCE": "demo",
        "REMINDER_SMTP_HOST": world.host,
        "REMINDER_SMTP_PORT": str(world.smtp_port),
        "REMINDER_SMTP_SECURITY": "none",
        "REMINDER_IMAP_HOST": world.host,
        "REMINDER_IMAP_PORT": str(world.imap_port),
        "REMINDER_IMAP_SECURITY": "none",
        "REMINDER_IMAP_USER": world.user,
        "REMINDER_IMAP_PASSWORD": world.password,
        "REMINDER_FROM": f"Suvikosken elinvoimajaosto <{ADDRESS}>",
        "REMINDER_SECRET_KEY": f"a:{secrets.token_hex(32)}",
        "REMINDER_SITE_DIR": str(folder / "site"),
    }


@contextmanager
def open_stage(config: Path, folder: Path) -> Iterator[Stage]:
    """The embedded servers with everything on top; the clock stands a day before the first mail."""
    clock = ManualClock(plan_timeline(load_or_raise(config))[0].not_before - timedelta(days=1))
    with MailWorld(own_address=ADDRESS, clock=clock) as world, open_stage_on(world, config, folder, clock) as stage:
        yield stage


@contextmanager
def open_stage_on(world: World, config: Path, folder: Path, clock: ManualClock) -> Iterator[Stage]:
    """Database and house for one year on the given servers."""
    setup = load_or_raise(config)
    templates: BaseLoader = FileSystemLoader(find_templates())
    variables = environment(world, folder)
    settings = load_settings(config, variables)
    store = Store.open(settings.database_url)
    store.migrate()
    relay, source = open_relay(settings), open_source(settings)
    try:
        site = DirectorySite(folder / "site")
        house = make_house(settings, setup, store, templates, relay=relay, source=source, site=site, clock=clock)
        with store.begin() as conn:
            control.arm(conn, clock.now())
        cast = Cast(replies=(*list_replies(), *list_meeting_answers()))
        answer = partial(answer_with, cast)
        rehearsal = Rehearsal(house=house, clock=clock, world=world, templates=templates, answer=answer)
        until = plan_timeline(setup)[-1].expires_at + timedelta(days=1)
        left = DemoFolder(root=folder, zone=setup.calendar.zone)
        yield Stage(rehearsal=rehearsal, house=house, folder=left, until=until, config=config, variables=variables)
    finally:
        relay.close()
        source.close()
        store.close()


def answer_with(cast: Cast, mail: SentMail, at: datetime) -> tuple[DueReply, ...]:
    """What the parties do with a mail."""
    return cast.answer(mail.raw, envelope_sender=mail.sender, recipient=mail.recipient, at=at)


def leave_configuration(config: Path, folder: Path, variables: Mapping[str, str], now: datetime) -> None:
    """Leaves the files and settings beside the database, so that `reminder --config demo-out/config status` works."""
    target = folder / "config"
    if config != target:
        shutil.copytree(config, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".env*", "starter"))
    write_clock(folder / "clock.json", now, 0.0)
    lines = [f"{name}={value}" for name, value in {**variables, "REMINDER_CLOCK": str(folder / "clock.json")}.items()]
    env = target / ".env"
    env.touch(mode=0o600)
    env.write_text("\n".join(lines) + "\n", encoding="utf-8")


HEARINGS = """
    # The sub-committee hears the parties; parties that share a contact come together.
    hearings:
      on: 2025-03-18
      from: 13:00
      until: 17:00
      length: 10
      per_action: 5
      breaks: [14:30-14:45]
      place: {fi: kaupungintalo, sv: stadshuset, en: City Hall}
      link: https://video.suvikoski.example/kuulemiset
      presenter: elinvoimakoordinaattori
"""


def add_hearings(config: Path, folder: Path) -> Path:
    """A copy of the example's files in which the last round has hearings; files of somebody's own are taken as they are."""
    if config != find_example():
        return config
    target = folder / "config"
    shutil.copytree(config, target, ignore=shutil.ignore_patterns(".env*", "starter"))
    with (target / "schedule.yaml").open("a", encoding="utf-8") as file:
        file.write(HEARINGS)
    return target


def play(stage: Stage) -> Counter[str]:
    """Runs the year with live progress; counts what went by."""
    counts: Counter[str] = Counter()
    start = stage.house.clock.now()
    days = (stage.until - start).days
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[told]}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=days, told="")
        for moment in stage.rehearsal.run(stage.until):
            keep_moment(stage, moment, counts)
            show(progress, task, moment, counts, (moment.at - start).days, stage.house.setup)
    return counts


def keep_moment(stage: Stage, moment: Moment, counts: Counter[str]) -> None:
    """Writes the mails of a moment into the folder."""
    for mail in moment.arrived:
        counts["in"] += 1
        shape, tells = (mail.reply.shape, mail.reply.tells) if isinstance(mail, DueReply) else ("mail", "")
        who = read_mail(mail.raw).sender or mail.sender
        stage.folder.keep(mail.raw, at=mail.at, is_outgoing=False, kind=shape, who=who, note=tells)
    for sent in moment.sent:
        kind = read_mail(sent.raw).headers.text("x-reminder-kind").strip()
        counts[kind] += 1
        counts["out"] += 1
        stage.folder.keep(sent.raw, at=moment.at, is_outgoing=True, kind=kind, who=sent.recipient)


def show(progress: Progress, task: TaskID, moment: Moment, counts: Counter[str], day: int, setup: Setup) -> None:
    """One line for what happened, and the bar moved on."""
    local = moment.at.astimezone(setup.calendar.zone)
    told = f"{counts['out']} mails out, {counts['in']} in"
    progress.update(task, completed=day, description=f"{local:%d.%m.%Y}", told=told)
    out = Counter(read_mail(sent.raw).headers.text("x-reminder-kind").strip() for sent in moment.sent)
    parts = [f"{number} × {kind}" for kind, number in out.items()]
    parts += [f"← {mail.reply.tells}" for mail in moment.arrived if isinstance(mail, DueReply)]
    if parts:
        progress.console.print(f"  {local:%a %d.%m.%Y %H:%M}  {'; '.join(parts)}", markup=False)


def find_differences(house: House) -> list[str]:
    """Where the database and what the parties said differ; empty when every word was understood."""
    with house.store.read() as conn:
        facts = latest(reports.load_assessments(conn))
    programme = next(iter(house.setup.programmes.values()))
    numbers = {action.id: action.number for action in programme.actions}
    found = {(fact.party, numbers[fact.action]): fact for fact in facts.values()}
    expected = expected_facts()
    return [
        f"{party} {number}: {_said(expected.get((party, number)))} was said, {_said(found.get((party, number)))} was recorded"
        for party, number in sorted(found.keys() | expected.keys())
        if _said(expected.get((party, number))) != _said(found.get((party, number)))
    ]


def _said(fact: Assessment | ExpectedFact | None) -> str:
    if fact is None:
        return "nothing"
    return " ".join(word.value for word in (fact.light, fact.phase) if word is not None) or "nothing"


def summarise(stage: Stage, counts: Counter[str]) -> str:
    """What a person wants to know at the end, in a few sentences."""
    house = stage.house
    with house.store.read() as conn:
        knowledge = load_knowledge(conn, house.setup, house.clock.now())
    one = house.setup.rounds[-1]
    figures = count_round(knowledge.progress(one))
    lights = count_lights(knowledge.progress(one))
    deadline = party_deadline(house.setup, one, "")
    chasing = counts[MailKind.REMINDER] + counts[MailKind.LAST_CALL] + counts[MailKind.OVERDUE]
    return " ".join(
        (
            f"Round {one.id} of {house.setup.office.city.in_language('en')}, due {deadline.due_on:%d.%m.%Y},",
            f"closed {deadline.closes_on:%d.%m.%Y}: {figures.complete} of {figures.parties} responsible parties have answered",
            f"everything, {figures.partial} a part, {figures.silent} nothing.",
            f"Lights: {lights.green} green, {lights.yellow} yellow, {lights.red} red, {lights.other} answered by a phase,",
            f"{lights.awaited} awaited.",
            f"{counts['out']} mails went out ({counts[MailKind.REQUEST]} requests, {counts[MailKind.ACKNOWLEDGEMENT]} acknowledgements,",
            f"{chasing} reminders of all kinds, {counts[MailKind.DIGEST]} digests,",
            f"{counts[MailKind.INVITATION]} invitations to hearings), {counts['in']} came in.",
        )
    )


def finish(stage: Stage, counts: Counter[str], out: Path) -> int:
    """Writes the index, prints the summary; 1 where something was not understood as it was said."""
    summary = summarise(stage, counts)
    digests = [entry.name for entry in stage.folder.entries if entry.kind == MailKind.DIGEST]
    links = [("The public page", "site/index.html")]
    links += [(f"Digest {index}", f"mails/{name}.html") for index, name in enumerate(digests, start=1)]
    index = stage.folder.write_index(summary, links)
    leave_configuration(stage.config, stage.folder.root, stage.variables, stage.house.clock.now())
    differences = find_differences(stage.house)
    console.print()
    console.print(summary, markup=False)
    console.print()
    for line in differences:
        console.print(f"  differs: {line}", style="bold red", markup=False)
    if not differences:
        console.print("Every light and phase in the database is exactly what the parties said.", style="green")
    console.print(f"Look at it: {index}", markup=False)
    console.print(f"Ask it:     reminder --config {out / 'config'} status", markup=False)
    return 1 if differences else 0


def main() -> int:
    """Runs the demo. Returns 0 where every reply was understood as it was meant."""
    parser = argparse.ArgumentParser(prog="make demo", description="A year of the example city at high speed.")
    parser.add_argument("--out", type=Path, default=Path("demo-out"), help="folder to leave behind; an earlier one is replaced")
    parser.add_argument("--config", type=Path, default=find_example())
    args = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    out = args.out.resolve()
    if out.exists() and not (out / "index.html").exists() and any(out.iterdir()):
        console.print(f"{out} is not a folder of an earlier demo; it is left alone. Name another one with --out.", markup=False)
        return 2
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    console.print("A year in the life of a programme, on real SMTP and IMAP on loopback.\n")
    with open_stage(add_hearings(args.config, out), out) as stage:
        counts = play(stage)
        return finish(stage, counts, args.out)


if __name__ == "__main__":
    sys.exit(main())
