"""An open house for the length of one command, with the edges that it asks for."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType

from jinja2 import BaseLoader, FileSystemLoader

from reminder.cli.output import complaints
from reminder.configuration.loading import load_setup
from reminder.configuration.settings import load_settings
from reminder.domain.setup import Setup
from reminder.edges.clock import SystemClock
from reminder.edges.site import DirectorySite
from reminder.errors import ConfigurationFailure, ReminderError
from reminder.flows.former_keys import end_former_keys
from reminder.flows.house import House
from reminder.flows.opening import make_house, open_clock, open_further_relays, open_reader, open_relay, open_source
from reminder.flows.taking_up import restore_setup
from reminder.resources import find_templates
from reminder.store.configurations import load_configuration
from reminder.store.engine import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """Which edges a command asks for; the others are not touched."""

    relay: bool = False
    source: bool = False
    site: bool = False
    sound_files: bool = False
    """Refuses broken files, where other commands go on with the configuration that is in force."""


class Opened:
    """An open house as a context: closes what it opened, in whatever way the command ends."""

    def __init__(self, args: Namespace, needs: Needs, should_stop: Callable[[], bool] = lambda: False) -> None:
        self.args = args
        self.settings = load_settings(args.config, os.environ, complete=needs.relay or needs.source)
        self.loaded = load_setup(args.config)
        if self.loaded.setup is None and needs.sound_files:
            raise ConfigurationFailure(self.loaded.findings)
        self.templates: BaseLoader = FileSystemLoader(find_templates())
        self._stack = ExitStack()
        self._needs = needs
        self._should_stop = should_stop

    def __enter__(self) -> House:
        settings, needs = self.settings, self._needs
        store = Store.open(settings.database_url)
        self._stack.callback(store.close)
        store.check_schema()
        relay = open_relay(settings) if needs.relay else None
        further = open_further_relays(settings) if needs.relay else ()
        source = open_source(settings) if needs.source else None
        reader = open_reader(settings)
        for edge in (relay, *further, source, reader):
            if edge is not None:
                self._stack.callback(edge.close)
        house = make_house(
            settings,
            self.loaded.setup or self._setup_in_force(store),
            store,
            self.templates,
            relay=relay,
            further_relays=further,
            source=source,
            site=DirectorySite(settings.site_dir) if needs.site and settings.site_dir else None,
            reader=reader,
            should_stop=self._should_stop,
        )
        return end_former_keys(house)

    def _setup_in_force(self, store: Store) -> Setup:
        """What was taken up before the files broke. Raises ConfigurationFailure where nothing was."""
        with store.read() as conn:
            stored = load_configuration(conn)
        setup = restore_setup(stored, self.args.config) if stored else None
        if stored is None or setup is None:
            raise ConfigurationFailure(self.loaded.findings)
        count, since = len(self.loaded.faults), stored.taken_up_at.astimezone(setup.calendar.zone)
        told = f"The files have {count} {'fault' if count == 1 else 'faults'}; those in force since {since:%Y-%m-%d %H:%M} are used."
        complaints.print(f"{told} See `reminder check`.", style="yellow", markup=False)
        return setup

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stack.close()


def open_store_if_there(args: Namespace) -> Store | None:
    """The database, where settings and database are there; `plan` and `preview` do not need one."""
    try:
        settings = load_settings(args.config, os.environ, complete=False)
        store = Store.open(settings.database_url)
        store.check_schema()
    except ReminderError:
        return None
    return store


def now_or_real(args: Namespace) -> datetime:
    """The clock of the settings, a rehearsal's too; the real one where the settings are not complete yet."""
    try:
        return open_clock(load_settings(args.config, os.environ, complete=False)).now()
    except ReminderError:
        return SystemClock().now()
