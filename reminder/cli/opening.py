"""From the command line to a house: settings, configuration, store and the edges that a command asks for."""

from __future__ import annotations

import os
import secrets
from argparse import Namespace
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from jinja2 import BaseLoader, FileSystemLoader

from reminder.compose.composing import Composer
from reminder.configuration.loading import load_or_raise
from reminder.configuration.settings import Settings, load_settings
from reminder.domain.setup import Setup
from reminder.edges.clock import FileClock, SystemClock
from reminder.edges.imap import ImapSource
from reminder.edges.maildir import MaildirSource
from reminder.edges.ports import Clock, MailSource, Relay, Site
from reminder.edges.site import DirectorySite
from reminder.edges.smtp import SmtpRelay
from reminder.flows.house import Addressing, House
from reminder.resources import find_templates
from reminder.store.engine import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """Which edges a command asks for; the others are not touched."""

    relay: bool = False
    source: bool = False
    site: bool = False


class Opened:
    """An open house as a context: closes what it opened, in whatever way the command ends."""

    def __init__(self, args: Namespace, needs: Needs, should_stop: Callable[[], bool] = lambda: False) -> None:
        self.args = args
        self.settings = load_settings(args.config, os.environ)
        self.setup = load_or_raise(args.config)
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
        source = open_source(settings) if needs.source else None
        for edge in (relay, source):
            if edge is not None:
                self._stack.callback(edge.close)
        return make_house(
            settings,
            self.setup,
            store,
            self.templates,
            relay=relay,
            source=source,
            site=DirectorySite(Path(settings.site_dir)) if needs.site and settings.site_dir else None,
            should_stop=self._should_stop,
        )

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stack.close()


def make_house(
    settings: Settings,
    setup: Setup,
    store: Store,
    templates: BaseLoader,
    *,
    relay: Relay | None = None,
    source: MailSource | None = None,
    site: Site | None = None,
    clock: Clock | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> House:
    """A house from its parts; the clock is the rehearsal's where there is one."""
    return House(
        setup=setup,
        addressing=make_addressing(settings),
        store=store,
        clock=clock or open_clock(settings),
        composer=Composer(templates),
        random_bytes=secrets.token_bytes,
        owner=f"{os.getpid()}-{secrets.token_hex(4)}",
        relay=relay,
        source=source,
        site=site,
        should_stop=should_stop,
    )


def make_addressing(settings: Settings) -> Addressing:
    """How our mails are addressed, from the settings."""
    return Addressing(
        sender=settings.sender(),
        reply_to=settings.reply_address(),
        envelope_sender=settings.reply_address().address,
        keyring=settings.keyring(),
        instance=settings.instance,
        uses_plus_addresses=settings.plus_address,
        trusted_authserv=settings.trusted_authserv,
        is_rehearsal=settings.rehearsal,
    )


def open_clock(settings: Settings) -> Clock:
    """The rehearsal's clock file where one is set, else the real clock."""
    return FileClock(Path(settings.clock)) if settings.clock else SystemClock()


def open_relay(settings: Settings) -> SmtpRelay:
    """The way out, not yet connected."""
    return SmtpRelay(
        host=settings.smtp_host,
        port=settings.smtp_port_or_default(),
        security=settings.smtp_security,
        user=settings.smtp_user,
        password=settings.smtp_password.get_secret_value(),
        ca_file=settings.ca_file or None,
    )


def open_source(settings: Settings) -> MailSource:
    """The way in, not yet connected: a Maildir where one is set, else IMAP."""
    if settings.maildir:
        return MaildirSource(Path(settings.maildir))
    return ImapSource(
        host=settings.imap_host,
        port=settings.imap_port_or_default(),
        security=settings.imap_security,
        user=settings.imap_user,
        password=settings.imap_password.get_secret_value(),
        folder=settings.imap_folder,
        processed=settings.imap_processed,
        junk=settings.imap_junk or None,
        ca_file=settings.ca_file or None,
    )
