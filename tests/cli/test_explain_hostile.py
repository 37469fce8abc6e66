"""`explain` of hostile files: each ends in a reading or in quarantine with its reason, and the next one goes on."""

from __future__ import annotations

import json
import os
import pty
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.city import CULTURE, City
from tests.hostile.zoo import STRUCTURES
from tests.hostile.zoo_bodies import PAGES

FOREIGN = b"From: who@elsewhere.example\r\nSubject: x\r\n\r\nHello\r\n"


@pytest.fixture
def folder(city: City, tmp_path: Path) -> Path:
    """Two ordinary mails, and between them what breaks a reader of one second and 128 MB, and names that break a terminal."""
    city.set(READ_SECONDS=1, READ_MEMORY_MB=128)
    place = tmp_path / "mails"
    place.mkdir()
    mails = {
        b"a.eml": FOREIGN,
        b"b-slow.eml": PAGES["html-tags-open"](),
        b"c-large.eml": STRUCTURES["nested-fat"](),
        b"d-\xff\x1b[31m.eml": FOREIGN,
        b"e.eml": b"",
        b"f.eml": FOREIGN,
    }
    for name, raw in mails.items():
        (place / os.fsdecode(name)).write_bytes(raw)
    (place / "dir.eml").mkdir()
    return place


def test_what_breaks_the_reader_is_quarantined_and_the_next_file_is_read(city: City, folder: Path) -> None:
    """With the reason in words; a folder that is named like a mail is none. Exit code 0: all were explained."""
    told = city.run("--json", "explain", str(folder))

    assert told.code == 0
    assert [(line["file"][0], line["verdict"]) for line in told.lines] == [
        ("a", "held"),
        ("b", "quarantined"),
        ("c", "quarantined"),
        ("d", "held"),
        ("e", "held"),
        ("f", "held"),
    ]
    assert told.lines[1]["reason"] == "Reading it took more than 1 s of processor time."
    assert told.lines[2]["reason"] == "Reading it needed more than 128 MB of memory."
    assert told.lines[3]["file"] == "d-\ufffd\x1b[31m.eml"


@pytest.mark.slow
def test_people_see_the_same_and_no_file_speaks_to_the_terminal(city: City, folder: Path) -> None:
    """As text and as a page."""
    text = city.run("explain", str(folder)).out
    page = city.run("explain", str(folder), "--as", "html").out

    for shown in (text, page):
        assert "Reading it took more than 1 s of processor time." in shown
        assert "Reading it needed more than 128 MB of memory." in shown
    assert "\x1b" not in text
    assert "\x1b" not in page


def test_sent_mails_that_break_the_reader_are_passed_over(city: City, folder: Path) -> None:
    """The folder of --sent is as hostile as any."""
    request = city.run("preview", "request", "--round", "2024", "--party", "kulttuuripaallikko", "--as", "eml").out.encode()
    (folder / "z.eml").write_bytes(request)

    told = city.run("--json", "explain", str(folder / "a.eml"), str(folder / "z.eml"), "--sent", str(folder))

    assert [line["kind"] for line in told.lines] == ["other", "own"]


def test_a_file_that_cannot_be_opened_is_told_of(city: City, folder: Path) -> None:
    """A socket is no file; the others are read."""
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(folder / "s.eml"))
        told = city.run("--json", "explain", str(folder / "s.eml"), str(folder / "e.eml"))

    assert [line["verdict"] for line in told.lines] == ["quarantined", "held"]
    assert told.lines[0]["reason"].startswith("It cannot be opened: ")


@pytest.mark.slow
def test_many_files_show_how_far_it_is(city: City, tmp_path: Path) -> None:
    """A bar on the terminal while the results go into a file; nothing of it among the results."""
    for number in range(30):
        (tmp_path / f"{number}.eml").write_bytes(FOREIGN)
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "reminder", "--config", str(city.config), "--json", "explain", str(tmp_path)]
    env = {**os.environ, "TERM": "xterm"}
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=theirs) as process:
        out, _ = process.communicate(timeout=60)
    os.close(theirs)
    seen = os.read(ours, 100_000).decode()
    os.close(ours)

    assert "Reading" in seen
    assert "30/30" in seen
    assert len([json.loads(line) for line in out.decode().splitlines()]) == 30
    assert CULTURE not in seen
