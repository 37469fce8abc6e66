"""What a simulated process is made of: templates, database file, addresses, and the hours at which it looks in any case."""

from __future__ import annotations

import shutil
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path

from jinja2 import BaseLoader, FileSystemLoader
from sqlalchemy import Connection

from reminder.compose.composing import Composer
from reminder.domain.setup import Setup
from reminder.errors import ReminderError
from reminder.flows.house import Addressing
from reminder.flows.taking_up import restore_setup
from reminder.resources import find_templates
from reminder.simulation import town
from reminder.store.configurations import load_configuration
from reminder.store.engine import Store
from reminder.wire.headers import Mailbox
from reminder.wire.reply_token import Key, Keyring

BEATS = (time(8, 35), time(13, 0))
"""Local times at which the service looks in any case. In truth it looks every 30 seconds; what happens between is looked at too."""


class NothingInForce(ReminderError):
    """The very first start, and the files are broken: there is nothing to go on with."""


@lru_cache(maxsize=1)
def load_templates() -> BaseLoader:
    """The real templates."""
    return FileSystemLoader(find_templates())


@lru_cache(maxsize=1)
def make_composer() -> Composer:
    """Mails from the real templates."""
    return Composer(load_templates())


def make_pattern(folder: Path) -> Path:
    """An empty database of the newest schema, to be copied; made once in a folder."""
    pattern = folder / "pattern.db"
    if not pattern.exists():
        store = Store.open(f"sqlite:///{pattern}")
        store.migrate()
        store.close()  # the last connection puts the -wal file into the database
    return pattern


def place_database(folder: Path, source: Path) -> Path:
    """A copy of a database in the place where simulations have theirs."""
    path = folder / "simulated.db"
    for stale in folder.glob("simulated.db*"):
        stale.unlink()
    shutil.copyfile(source, path)
    return path


@lru_cache(maxsize=8)
def open_base(path: Path) -> Store:
    """The database at a path. Its engines serve one incarnation after another, so that each statement is compiled once; closed in
    between, they begin with connections of their own."""
    return Store.open(f"sqlite:///{path}")


def setup_in_force(conn: Connection) -> Setup:
    """The setup from the files in force, as a service starts with while the files are broken. Raises NothingInForce
    at the first start, and ReminderError where what was in force cannot be read back."""
    stored = load_configuration(conn)
    if stored is None:
        raise NothingInForce("The files are broken, and none were in force before.")
    setup = restore_setup(stored, town.FOLDER)
    if setup is None:
        raise ReminderError("The files in force can no longer be read.")
    return setup


def make_addressing() -> Addressing:
    """How the office of the town writes."""
    office = Mailbox(name="Pienen ohjelman seuranta", address=town.OFFICE)
    keyring = Keyring(keys=(Key(id="a", secret=town.CANARY),), instance="simulated")
    return Addressing(sender=office, reply_to=office, envelope_sender=town.OFFICE, keyring=keyring, instance="simulated")


def next_beat(now: datetime) -> datetime:
    """The next of the local times at which the service looks in any case."""
    zone = town.zone()
    local = now.astimezone(zone)
    days: tuple[date, ...] = (local.date(), local.date() + timedelta(days=1))
    return min(at for day in days for beat in BEATS if (at := datetime.combine(day, beat, zone)) > now)
