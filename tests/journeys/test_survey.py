"""An anonymous survey through real processes: asked, answered, killed in between; and then every byte that is left is searched."""

from __future__ import annotations

import email
import email.policy
import os
import random
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

import pytest

from reminder.store import control
from reminder.store.engine import Store
from tests.cli.city import ZONE, set_clock, set_settings, write_city
from tests.real_parts import HOST, Dovecot, SmtpSink, dovecot, smtp_sink

pytestmark = [pytest.mark.real, pytest.mark.slow]

MEMBERS = 9
KILLS = 4
_SURVEY = """
rounds:
  jasenkysely:
    kind: survey
    name: Jaoston itsearviointi
    people: [{people}]
    anonymous: yes
    questions:
      seuranta: {{text: Jaosto on seurannut ohjelmaa riittävästi, scale: 1-5}}
      sana: {{text: Mitä jaoston pitäisi tehdä toisin?, scale: text}}
    request: 2025-03-03
    due: 2025-03-14
    closes: 2025-03-28
"""


def word(number: int) -> str:
    """What one member answers, and nobody else ever says."""
    return f"kanarialintu{number}laulaa"


def subject_word(number: int) -> str:
    """What one member writes into the subject."""
    return f"otsikkolintu{number}laulaa"


def address(number: int) -> str:
    """A member's address."""
    return f"jasen{number}@suvikoski.example"


@dataclass(slots=True)
class Town:
    """The files of a city, its mail servers, and what its processes have printed."""

    folder: Path
    sink: SmtpSink
    server: Dovecot | None
    now: datetime = field(default_factory=lambda: datetime(2025, 3, 3, 10, tzinfo=ZONE))
    delivered: int = 0

    @property
    def log(self) -> Path:
        """What all processes have said."""
        return self.folder / "log"

    @property
    def mailbox(self) -> Path:
        """Where the mail server keeps its files."""
        return self.server.maildir if self.server else self.folder / "mail"

    def start(self) -> subprocess.Popen[bytes]:
        """One pass in a process of its own, half an hour later."""
        self.now += timedelta(minutes=31)
        set_clock(self.folder, f"{self.now:%Y-%m-%d %H:%M}")
        command = [sys.executable, "-m", "reminder", "--config", str(self.folder / "config"), "tick"]
        with self.log.open("ab") as log:
            return subprocess.Popen(command, env={**os.environ}, stdout=log, stderr=log)

    def tick(self) -> None:
        """A pass that is left in peace."""
        assert self.start().wait(timeout=120) == 0

    def kill(self, seconds: float) -> None:
        """A pass that is killed after some time, wherever it is."""
        process = self.start()
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=seconds)
        process.send_signal(signal.SIGKILL)
        process.wait()

    def asked(self) -> dict[str, EmailMessage]:
        """The mail of the survey by address."""
        found = [email.message_from_bytes(raw, policy=email.policy.default) for raw in self.sink.mails()]
        return {mail["To"].addresses[0].addr_spec: mail for mail in found if mail["X-Reminder-Kind"] == "survey"}

    def reply(self, number: int, to: EmailMessage) -> None:
        """A member answers, signs, and says their own word in the text and in the subject."""
        mail = EmailMessage(policy=email.policy.SMTP)
        mail["From"], mail["To"] = f"Jäsen{number} Koetinen{number} <{address(number)}>", str(to["Reply-To"])
        mail["Subject"] = f"VS: kysely {subject_word(number)}"
        mail["Date"], mail["Message-ID"] = format_datetime(self.now), f"<{number}.reply@suvikoski.example>"
        mail["In-Reply-To"] = str(to["Message-ID"])
        mail.set_content(f"1: {1 + number % 5}\n2: {word(number)}\n\nTerveisin\nJäsen{number} Koetinen{number}\n")
        self.delivered += 1
        if self.server is not None:
            self.server.append(bytes(mail), when=self.now)
            return
        path = self.mailbox / "new" / f"{self.delivered}.M1P1.localhost"
        path.write_bytes(bytes(mail))
        os.utime(path, (self.now.timestamp(), self.now.timestamp()))


@contextmanager
def open_town(folder: Path, database: Path, kind: str) -> Iterator[Town]:
    """A city of nine members and a survey, armed, on this kind of mailbox."""
    write_city(folder, database)
    config = folder / "config"
    config.joinpath("schedule.yaml").write_text(_SURVEY.format(people=", ".join(f"jasen{n}" for n in range(1, MEMBERS + 1))))
    members = "".join(f"  jasen{n}:\n    name: Jäsen{n} Koetinen{n}\n    address: {address(n)}\n" for n in range(1, MEMBERS + 1))
    contacts = config / "contacts.yaml"
    contacts.write_text(contacts.read_text(encoding="utf-8").replace("contacts:\n", f"contacts:\n{members}", 1), encoding="utf-8")
    with smtp_sink() as sink:
        set_settings(config, {"SMTP_PORT": sink.port, "LOG": "json"})
        store = Store.open(f"sqlite:///{folder / 'reminder.db'}")
        with store.begin() as conn:
            control.arm(conn, datetime(2025, 3, 1, tzinfo=ZONE))
        store.close()
        if kind == "maildir":
            yield Town(folder, sink, None)
            return
        with dovecot() as server:
            env = config / ".env"
            env.write_text("".join(line for line in env.read_text().splitlines(keepends=True) if "MAILDIR" not in line))
            imap = {"IMAP_HOST": HOST, "IMAP_PORT": server.imap_port, "IMAP_SECURITY": "none"}
            set_settings(config, {**imap, "IMAP_USER": server.user, "IMAP_PASSWORD": server.password})
            yield Town(folder, sink, server)


def files_with(folder: Path, needle: str) -> dict[str, int]:
    """How often a word stands in each file below a folder, where it does."""
    found = {path: path.read_bytes().count(needle.encode()) for path in folder.rglob("*") if path.is_file()}
    return {path.relative_to(folder).as_posix(): count for path, count in found.items() if count}


@pytest.mark.parametrize("kind", ["maildir", "dovecot"])
def test_what_is_left_of_an_anonymous_survey(kind: str, tmp_path: Path, database: Path) -> None:
    """Nine answers in a random order, the service killed while it counts: each is counted once, and its words stand in the tally alone."""
    chance = random.Random(38)
    with open_town(tmp_path / "city", database, kind) as town:
        town.tick()
        asked = town.asked()
        assert len(asked) == MEMBERS
        order = chance.sample(range(1, MEMBERS + 1), MEMBERS)
        for number in order:
            town.reply(number, asked[address(number)])
            if number in order[: KILLS * 2 : 2]:
                town.kill(chance.uniform(0.4, 1.6))
        for number in range(1, MEMBERS + 1):
            assert files_with(town.mailbox, word(number)) or files_with(town.folder, word(number)), "it was there before"
        for _ in range(3):
            town.tick()

        with sqlite3.connect(town.folder / "reminder.db") as connection:
            dump = list(connection.iterdump())
        for number in range(1, MEMBERS + 1):
            (row,) = (line for line in dump if word(number) in line)
            assert row.startswith('INSERT INTO "survey_tally"')
            assert not any(subject_word(number) in line for line in dump)
            # Not in free pages, nor in the log, nor in what we sent, nor on the mail server.
            assert files_with(town.folder, word(number)) == {"reminder.db": 1}
            assert files_with(town.sink.dump, word(number)) == {}
            assert files_with(town.mailbox, word(number)) == {}
            for leaf in (town.folder / "mail", town.mailbox, town.sink.dump):
                assert files_with(leaf, subject_word(number)) == {}
            assert files_with(town.folder / "config", subject_word(number)) == {}
            assert town.log.read_bytes().count(subject_word(number).encode()) == 0
            assert (town.folder / "reminder.db").read_bytes().count(subject_word(number).encode()) == 0
        tally = next(line for line in dump if line.startswith('INSERT INTO "survey_tally"'))
        assert '"answered":9' in tally
        assert not any(f"jasen{number}" in tally for number in range(1, MEMBERS + 1))
        people = {line.split("'")[1] for line in dump if line.startswith('INSERT INTO "person"')}
        assert people
        assert not any(person in tally for person in people)
        assert not any(line.startswith(('INSERT INTO "inbound"', 'INSERT INTO "inbound_body"', 'INSERT INTO "shredding"')) for line in dump)
        receipts = [raw for raw in town.sink.mails() if b"X-Reminder-Kind: survey_receipt" in raw]
        assert len(receipts) == MEMBERS
