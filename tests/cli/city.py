"""The example city as an admin has it: files, settings, a database, a mailbox on the disk, a rehearsal's clock."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from reminder.cli.main import run
from reminder.edges.clock import write_clock
from tests.unasked import copy_unasked

ZONE = ZoneInfo("Europe/Helsinki")
CULTURE = "kulttuuripaallikko@suvikoski.example"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a command ended with and said."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document."""
        (line,) = self.out.splitlines()
        return json.loads(line)

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The JSON Lines."""
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass(slots=True)
class City:
    """Runs commands in this process, as the shell would."""

    folder: Path
    capsys: pytest.CaptureFixture[str]

    @property
    def config(self) -> Path:
        """The folder of the configuration."""
        return self.folder / "config"

    @property
    def inbox(self) -> Path:
        """The Maildir into which a local mail server would deliver."""
        return self.folder / "mail"

    def run(self, *arguments: str) -> Told:
        """One command; wrong use, which argparse ends by itself, is an exit code too."""
        self.capsys.readouterr()
        try:
            code = run(["--config", str(self.config), *arguments])
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else -1
        out, err = self.capsys.readouterr()
        return Told(code=code, out=out, err=err)

    def start(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """One command in a process of its own."""
        command = [sys.executable, "-m", "reminder", "--config", str(self.config), *arguments]
        env = {**os.environ, **variables}
        return subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)

    def at(self, local: str) -> None:
        """Puts the rehearsal's clock to a local time, such as `2025-02-14 09:00`; it stands still."""
        set_clock(self.folder, local)

    def set(self, **variables: object) -> None:
        """Adds lines to `.env`; the last one of a name counts."""
        set_settings(self.config, variables)

    def receive(self, raw: bytes, name: str = "1") -> Path:
        """A mail is delivered into our mailbox, now by the rehearsal's clock."""
        path = self.inbox / "new" / f"{name}.M1P1.localhost"
        path.write_bytes(raw)
        held = json.loads((self.folder / "clock.json").read_text())
        when = datetime.fromisoformat(held["instant"]).timestamp()
        os.utime(path, (when, when))
        return path

    def dump(self) -> list[str]:
        """Everything that the database holds, but for the list of pseudonyms."""
        with sqlite3.connect(self.folder / "reminder.db") as connection:
            return [line for line in connection.iterdump() if not line.startswith('INSERT INTO "person"')]


def build_city(folder: Path, database: Path, capsys: pytest.CaptureFixture[str]) -> City:
    """The files of the example, settings for loopback, and a copy of a migrated database; the clock stands before the first mail."""
    write_city(folder, database)
    return City(folder=folder, capsys=capsys)


def write_city(folder: Path, database: Path) -> None:
    """The folder of such a city."""
    config, inbox = folder / "config", folder / "mail"
    copy_unasked(config)
    for name in ("new", "cur", "tmp"):
        (inbox / name).mkdir(parents=True)
    settings: Mapping[str, object] = {
        "SECRET_KEY": "a:only-for-these-tests-0123456789",
        "INSTANCE": "tests",
        "FROM": "Seuranta <seuranta@suvikoski.example>",
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": 1,
        "SMTP_SECURITY": "none",
        "MAILDIR": inbox,
        "SITE_DIR": folder / "site",
        "DATABASE_URL": f"sqlite:///{folder / 'reminder.db'}",
        "REHEARSAL": 1,
        "CLOCK": folder / "clock.json",
    }
    set_settings(config, settings)
    (folder / "reminder.db").write_bytes(database.read_bytes())
    set_clock(folder, "2025-01-02 12:00")


def set_settings(config: Path, variables: Mapping[str, object]) -> None:
    """Adds lines to `.env`; the last one of a name counts."""
    with config.joinpath(".env").open("a") as env:
        env.writelines(f"REMINDER_{name}={value}\n" for name, value in variables.items())


def set_clock(folder: Path, local: str) -> None:
    """Puts the rehearsal's clock to a local time; it stands still."""
    write_clock(folder / "clock.json", datetime.fromisoformat(local).replace(tzinfo=ZONE), 0.0)
