"""Everything that a rehearsal runs on: the service's own flows over a database, a key, a clock and servers of its own.

Neither `.env` nor the environment is read: whatever the admin has set there, no server, database, site or secret of theirs is
touched. The settings are made here, and the program itself refuses any server beyond loopback in a rehearsal.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from jinja2 import BaseLoader, FileSystemLoader

from reminder.compose.rehearsal.views import Character
from reminder.configuration.settings import Settings, load_settings
from reminder.domain.programme import Language
from reminder.edges.clock import ManualClock
from reminder.edges.site import DirectorySite
from reminder.flows.announce import find_due_at_any_hour, skip_due
from reminder.flows.house import House
from reminder.flows.opening import make_house, open_reader, open_relay, open_source
from reminder.plan.timeline import plan_timeline
from reminder.resources import find_templates
from reminder.sandbox.demo_folder import DemoFolder
from reminder.sandbox.rehearsal import Rehearsal, World
from reminder.sandbox.rehearse.archive import Archive, index_steps
from reminder.sandbox.rehearse.folder import SITE
from reminder.sandbox.rehearse.players import Players
from reminder.sandbox.rehearse.scope import Scope
from reminder.sandbox.servers import MailWorld
from reminder.store import control
from reminder.store.engine import Store

ADDRESS = "seuranta@rehearsal.example"
"""Ours in every rehearsal: the real one stands in `.env`, which is not read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What a rehearsal runs on, ready to begin."""

    scope: Scope
    rehearsal: Rehearsal
    house: House
    players: Players
    archive: Archive
    root: Path
    troubles: dict[str, None] = field(default_factory=dict)
    """What the service could not do, each once, in the order in which it came up."""


@contextmanager
def open_stage(
    scope: Scope, characters: Mapping[tuple[str, str], Character], seed: int, root: Path, language: Language = "en"
) -> Iterator[Stage]:
    """The servers, the database and the parties; armed, with what was due before the beginning skipped as `arm` skips it.

    All but what stands in `root` is gone when the context ends.
    """
    clock, templates = ManualClock(scope.start), FileSystemLoader(find_templates())
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(TemporaryDirectory(prefix="reminder-rehearsal-")))
        world = stack.enter_context(MailWorld(own_address=ADDRESS, clock=clock))
        house = stack.enter_context(_open_house(scope, make_settings(world, scratch, scope), templates, clock, root))
        folder = DemoFolder(root=root, zone=scope.setup.calendar.zone, language=language)
        archive = Archive(setup=scope.setup, store=house.store, folder=folder, steps=index_steps(plan_timeline(scope.setup)))
        players = Players(setup=scope.setup, characters=characters, seed=seed, find_items=archive.find_items)
        rehearsal = Rehearsal(house=house, clock=clock, world=world, templates=templates, answer=players.answer)
        yield Stage(scope=scope, rehearsal=rehearsal, house=house, players=players, archive=archive, root=root)


def make_settings(world: World, scratch: Path, scope: Scope) -> Settings:
    """The settings of a rehearsal, whole and from nothing: they are looked for in a folder in which nothing stands."""
    office = scope.setup.office.name.in_language(scope.setup.languages[0]).replace('"', "").replace("<", "").replace(">", "")
    nowhere = scratch / "settings"
    nowhere.mkdir()
    variables = {
        "REMINDER_REHEARSAL": "1",
        "REMINDER_DATABASE_URL": f"sqlite:///{scratch / 'reminder.db'}",
        "REMINDER_INSTANCE": "rehearsal",
        "REMINDER_SMTP_HOST": world.host,
        "REMINDER_SMTP_PORT": str(world.smtp_port),
        "REMINDER_SMTP_SECURITY": "none",
        "REMINDER_IMAP_HOST": world.host,
        "REMINDER_IMAP_PORT": str(world.imap_port),
        "REMINDER_IMAP_SECURITY": "none",
        "REMINDER_IMAP_USER": world.user,
        "REMINDER_IMAP_PASSWORD": world.password,
        "REMINDER_FROM": f'"{office}" <{ADDRESS}>',
        "REMINDER_SECRET_KEY": f"a:{secrets.token_hex(32)}",
    }
    return load_settings(nowhere, variables)


@contextmanager
def _open_house(scope: Scope, settings: Settings, templates: BaseLoader, clock: ManualClock, root: Path) -> Iterator[House]:
    with ExitStack() as stack:
        store = Store.open(settings.database_url)
        stack.callback(store.close)
        store.migrate()
        relay, source, reader = open_relay(settings), open_source(settings), open_reader(settings)
        for edge in (relay, source, reader):
            stack.callback(edge.close)
        site = DirectorySite(root / SITE)
        house = make_house(settings, scope.setup, store, templates, relay=relay, source=source, site=site, reader=reader, clock=clock)
        skip_due(house, find_due_at_any_hour(house, clock.now()))
        with store.begin() as conn:
            control.arm(conn, clock.now())
        yield house
