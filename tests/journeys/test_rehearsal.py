"""`reminder rehearse`: the admin's own year, played whole on the service's flows, with nothing of the admin's touched."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from reminder.cli.main import run
from reminder.compose.rehearsal.views import SignKind
from reminder.compose.rehearsal.words import WORDS
from reminder.configuration.initial import write_initial
from reminder.domain.assessments import TrafficLight
from reminder.resources import find_example
from reminder.sandbox.rehearse import writing
from reminder.wire.answer_block import BLOCK_WORDS


@dataclass(slots=True)
class Wire:
    """Where this process has connected to while it was watched."""

    is_watching: bool = False
    addresses: list[Any] = field(default_factory=list)
    names: list[Any] = field(default_factory=list)

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        """The hook of the interpreter: every connection passes here, whoever makes it."""
        if self.is_watching and event == "socket.connect":
            self.addresses.append(arguments[1])
        elif self.is_watching and event == "socket.getaddrinfo":
            self.names.append(arguments[0])

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Listens for the length of the block."""
        self.is_watching = True
        try:
            yield
        finally:
            self.is_watching = False


WIRE = Wire()
sys.addaudithook(WIRE.hear)


def listen() -> socket.socket:
    """A server of the admin's, which nobody may call."""
    return socket.create_server(("127.0.0.1", 0))


def snapshot(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file with its content and the time of its last change."""
    return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.rglob("*") if path.is_file()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What a rehearsal left behind."""

    code: int
    facts: dict[str, Any]
    out: Path

    @property
    def page(self) -> str:
        """The page."""
        return (self.out / "index.html").read_text(encoding="utf-8")


def rehearse(config: Path, out: Path, *arguments: str) -> Played:
    """The command in this process, its facts as JSON."""
    read, written = os.pipe()
    shown, sys.stdout = sys.stdout, os.fdopen(written, "w", encoding="utf-8")
    try:
        code = run(["--config", str(config), "--json", "rehearse", "--out", str(out), *arguments])
    finally:
        sys.stdout.close()
        sys.stdout = shown
    with os.fdopen(read, encoding="utf-8") as stream:
        lines = stream.read().splitlines()
    return Played(code=code, facts=json.loads(lines[-1]) if lines else {}, out=out)


@pytest.fixture(scope="module")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that `reminder init` writes."""
    folder = tmp_path_factory.mktemp("starter") / "config"
    write_initial(folder)
    return folder


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """The example city with each character, from the request to some weeks after the deadline."""
    out = tmp_path_factory.mktemp("city") / "out"
    shares = "early=2,timely=2,late=3,part=4,never=2,wrong=2,away=2"
    return rehearse(
        find_example(), out, "--round", "2024", "--answers", shares, "--from", "2025-02-14", "--until", "2025-03-24", "--lang", "fi"
    )


def mails_of(played: Played, character: str) -> list[dict[str, int]]:
    """The mails of each party of a character, by kind."""
    return [party["mails"] for party in played.facts["parties"] if party["character"] == character]


def test_what_was_said_is_what_was_recorded(city: Played) -> None:
    """Seven ways of answering, and every light in the database is what was said; the exit code says so too."""
    assert city.facts["differences"] == []
    assert city.code == 0
    assert sum(one["rounds"][0]["answered"] for one in city.facts["parties"]) > 15


def test_each_character_does_as_it_is_told(city: Played) -> None:
    """Early and timely ones are never late, late ones always, silent ones never answer, unclear ones are asked back first."""
    by_character: dict[str, list[dict[str, Any]]] = {}
    for party in city.facts["parties"]:
        by_character.setdefault(party["character"], []).append(party["rounds"][0])

    assert Counter({name: len(found) for name, found in by_character.items()}) == Counter(
        early=2, timely=2, late=3, part=4, never=2, wrong=2, away=2
    )
    assert not any(one["late"] or one["complete"] is None for name in ("early", "timely", "wrong") for one in by_character[name])
    assert all(one["late"] for one in by_character["late"])
    assert all(one["answered"] == 0 for one in by_character["never"])
    assert all(mails["unclear"] == mails["question"] == mails["answer"] == 1 for mails in mails_of(city, "wrong"))
    assert all(mails["automatic"] == mails["answer"] == 1 for mails in mails_of(city, "away"))
    assert any(mails.get("part") == 1 for mails in mails_of(city, "part"))
    assert all(mails.get("reminder") for mails in mails_of(city, "part"))


def test_the_coordinator_is_asked_first_and_gets_the_digests(city: Played) -> None:
    """The request and the first reminder waited for a yes; one was given to each preview."""
    assert city.facts["to_coordinator"]["preview"] == city.facts["mails"]["approval"] >= 2
    assert city.facts["to_coordinator"]["digest"] >= 5


def test_every_mail_is_kept_and_shown(city: Played) -> None:
    """As many files as mails, each a page of its own that the table links; the public page stands beside them."""
    number = sum(city.facts["mails"].values())
    linked = set(re.findall(r'href="(mails/[^"]+\.html)"', city.page))

    assert len(linked) == number == len(list((city.out / "mails").glob("*.eml")))
    assert all((city.out / name).is_file() for name in linked)
    assert len(list((city.out / "parties").glob("*.html"))) == 17 + 1  # and the coordinator's
    assert (city.out / "site" / "index.html").is_file()
    assert WORDS["fi"].private in city.page


def test_every_schedule_mail_says_why_it_left_that_day(city: Played) -> None:
    """The row of the last call names the deadline and what it hangs on; who waited for the coordinator says so."""
    rows = re.findall(r"<tr>(.*?)</tr>", city.page, re.DOTALL)
    calls = [row for row in rows if "Viimeinen muistutus" in row]
    requests = [row for row in rows if "</span> Pyyntö" in row]

    assert calls
    assert all("tilinpäätös" in row and "10 arkipäivää" in row for row in calls)
    assert requests
    assert all(WORDS["fi"].waited in row for row in requests)


def test_nothing_of_the_admins_is_touched(starter: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever .env and the environment say: no server of theirs is called, no database, site or key of theirs is used, no file changes."""
    smtp, imap = listen(), listen()
    settings = {
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(smtp.getsockname()[1]),
        "SMTP_SECURITY": "none",
        "IMAP_HOST": "127.0.0.1",
        "IMAP_PORT": str(imap.getsockname()[1]),
        "IMAP_SECURITY": "none",
        "IMAP_USER": "admin",
        "IMAP_PASSWORD": "not for a rehearsal",
        "FROM": "Seuranta <seuranta@kunta.example>",
        "SECRET_KEY": "a:the-admins-own-secret-0123456789abcdef",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'real.db'}",
        "SITE_DIR": str(tmp_path / "real-site"),
        "MAILDIR": str(tmp_path / "real-mail"),
        "CLOCK": str(tmp_path / "real-clock.json"),
    }
    (starter / ".env").write_text("".join(f"REMINDER_{name}={value}\n" for name, value in settings.items()))
    for name, value in settings.items():
        monkeypatch.setenv(f"REMINDER_{name}", value)
    before, WIRE.addresses, WIRE.names = snapshot(starter), [], []

    with smtp, imap, WIRE.watched():
        played = rehearse(starter, tmp_path / "out", "--answers", "timely=1", "--until", "2027-02-20")
        taken = {server.getsockname()[1] for server in (smtp, imap)}
    ports = {address[1] for address in WIRE.addresses if isinstance(address, tuple)}
    (starter / ".env").unlink()

    assert played.code == 0
    assert played.facts["mails"]["request"] == 3
    assert {address[0] for address in WIRE.addresses if isinstance(address, tuple)} == {"127.0.0.1"}
    assert len(ports) == 2
    assert not ports & taken
    assert set(WIRE.names) <= {"127.0.0.1"}
    assert {name for name in (path.name for path in tmp_path.iterdir()) if name.startswith("real")} == set()
    assert snapshot(starter) == {name: state for name, state in before.items() if not name.endswith(".env")}
    assert b"kunta.example" not in b"".join(re.findall(rb"^From: .*|^Reply-To: .*", read_sent(played), re.MULTILINE))


def read_sent(played: Played) -> bytes:
    """Everything that was sent, one after the other."""
    return b"\n".join(path.read_bytes() for path in sorted((played.out / "mails").glob("*-out-*.eml")))


@pytest.mark.slow
def test_the_same_seed_plays_the_same_year(starter: Path, tmp_path: Path) -> None:
    """Two runs have the same mails at the same minutes with the same answers; another seed has not."""
    arguments = ("--answers", "early=1,timely=1,wrong=1", "--from", "2027-02-11", "--until", "2027-02-22")
    first, second, other = (
        rehearse(starter, tmp_path / name, *arguments, "--seed", seed) for name, seed in (("1", "5"), ("2", "5"), ("3", "6"))
    )
    rows = [re.findall(r'<time datetime="([^"]+)">', played.page) for played in (first, second, other)]

    assert rows[0] == rows[1] != rows[2]
    assert {**first.facts, "page": ""} == {**second.facts, "page": ""}
    assert first.code == second.code == other.code == 0


@pytest.mark.slow
def test_a_reply_that_is_recorded_otherwise_than_it_was_meant_ends_with_1(
    starter: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Parties that mean one light and write another: the difference is printed, stands on the page, and is the exit code."""
    monkeypatch.setattr(writing, "LINK_SHARE", 0)
    monkeypatch.setattr(writing, "_light", lambda said, language: BLOCK_WORDS[language].lights[TrafficLight.RED])
    code = run(["--config", str(starter), "rehearse", "--out", str(tmp_path / "out"), "--answers", "early=1", "--until", "2027-02-19"])
    told = capsys.readouterr()

    assert code == 1
    assert "green was said, red was recorded" in told.err
    assert "green was said, red was recorded" in (tmp_path / "out" / "index.html").read_text()


def test_broken_files_are_told_as_check_tells_them(starter: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same faults, exit code 2, and no folder."""
    broken = tmp_path / "broken"
    broken.mkdir()
    for path in starter.glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        broken.joinpath(path.name).write_text(text.replace("reminders:", "remainders:").replace("due: fin", "due: tin"), encoding="utf-8")

    assert run(["--config", str(broken), "check"]) == 2
    checked = capsys.readouterr().err.splitlines()
    assert run(["--config", str(broken), "rehearse", "--out", str(tmp_path / "out")]) == 2
    told = capsys.readouterr().err.splitlines()

    assert told
    assert told == [line for line in checked if "schedule.yaml" in line or line in told]
    assert not (tmp_path / "out").exists()


def test_a_dry_run_says_who_would_answer_how_and_writes_nothing(starter: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The rounds, the days and the cast."""
    played = rehearse(starter, tmp_path / "out", "--dry-run", "--answers", "late=1,never=1")
    assert run(["--config", str(starter), "rehearse", "--dry-run", "--out", str(tmp_path / "out"), "--lang", "sv"]) == 0

    assert Counter(played.facts["cast"].values()) in (Counter(late=2, never=1), Counter(late=1, never=2))
    assert "svarar" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_leaves_what_there_is_and_says_so(tmp_path: Path, number: signal.Signals) -> None:
    """The moment is finished, the page is written, the temporary database is gone, the exit code is that of something unfinished."""
    out, scratch = tmp_path / "out", tmp_path / "scratch"
    scratch.mkdir()
    command = [sys.executable, "-m", "reminder", "--config", str(find_example()), "rehearse", "--out", str(out), "--round", "2024"]
    env = {**os.environ, "TMPDIR": str(scratch)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env) as process:
        deadline = time.monotonic() + 60
        while not list(out.glob("mails/*-out-notice-*.html")) and time.monotonic() < deadline and process.poll() is None:
            threading.Event().wait(0.05)
        process.send_signal(number)
        _, err = process.communicate(timeout=60)

    assert process.returncode == 75
    assert list(scratch.iterdir()) == []
    told = re.search(r"Interrupted on \w+ \d+ (Jan|Feb|Mar) 2025", err)
    page = (out / "index.html").read_text(encoding="utf-8")
    assert told is not None
    assert told.group() in page
    assert f"sign-{SignKind.NOTICE}" in page
