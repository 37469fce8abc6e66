"""The inbox desk on the command line: what a mail said, who decided, and what reading it again would change."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from datetime import datetime

import pytest

from reminder.sandbox.clients import plain
from reminder.sandbox.originals import Typed, Writer, read_original
from reminder.sandbox.servers import MailWorld
from tests.cli.city import CULTURE, ZONE, City
from tests.cli.test_round import ask_once, request_of

STRANGER = Writer(address="konsultti@toimisto.test", name="Konsultti")


@pytest.fixture
def world(city: City) -> Iterator[MailWorld]:
    """A relay that takes everything; the requests are out."""
    with MailWorld() as world:
        city.set(SMTP_PORT=world.smtp_port)
        ask_once(city, world)
        yield world


def receive(city: City, world: MailWorld, text: str, writer: Writer, name: str = "1") -> None:
    """A reply to the culture manager's request arrives and is read."""
    city.receive(plain(read_original(request_of(world).raw), writer, Typed(top=text), datetime(2025, 2, 14, 10, 0, tzinfo=ZONE)), name)
    city.run("collect")
    city.run("interpret")


def answer(city: City, world: MailWorld, text: str) -> None:
    """The culture manager answers."""
    receive(city, world, text, Writer(address=CULTURE, name="Kulttuuripäällikkö"))


def misread(city: City) -> None:
    """As if an older parser had read everything, and every light as red."""
    with sqlite3.connect(city.folder / "reminder.db") as connection:
        connection.execute("UPDATE reading SET parser_version = '0'")
        connection.execute("UPDATE assessment SET light = 'red'")


def test_a_mail_is_shown_with_its_marks(city: City, world: MailWorld) -> None:
    """What was taken stands in brackets with its number, and the history says who read it."""
    answer(city, world, "Hei,\n1.1: vihreä, valmis\n3.8: vihreä/punainen")

    shown = city.run("inbox", "show", "1").out

    assert "[1.1 ● vihreä, valmis]" in shown
    assert "[3.8 ? vihreä/punainen]" in shown
    assert "two different lights" in shown
    assert "read, applied, parser" in shown
    assert "Kirjataan" in city.run("--lang", "fi", "inbox", "show", "1").out
    assert "Antecknas" in city.run("--lang", "sv", "inbox", "show", "1").out


def test_the_page_holds_all_it_needs_and_runs_nothing(city: City, world: MailWorld) -> None:
    """What a mail says is text on it, whatever it looks like; there is no script and nothing from elsewhere."""
    answer(city, world, "1.1: vihreä\n<script>alert(1)</script> <img src=x onerror=alert(2)>")

    page = city.run("inbox", "show", "1", "--as", "html").out

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert not re.search(r"<(?:script|img|link|iframe)|\bsrc=|\bhref=", page.replace("&lt;", "").replace("src=x", ""))
    assert 'class="green"' in page


def test_what_a_mail_says_does_not_reach_the_terminal_as_a_command(city: City, world: MailWorld) -> None:
    """An escape sequence is shown, not done."""
    answer(city, world, "1.1: vihreä\nHei \x1b]0;owned\x07 sitten")

    shown = city.run("inbox", "show", "1").out

    assert "\x1b" not in shown
    assert "owned" in shown


def test_places_are_told_to_programs(city: City, world: MailWorld) -> None:
    """Line and column of each taken stretch, in `explain --json` and in what is stored."""
    answer(city, world, "Hei,\n1.1: vihreä")

    (reading,) = city.run("--json", "inbox", "show", "1").document["readings"]

    assert reading["answers"][0]["places"] == [{"source": "text", "line": 2, "column": 6, "text": "vihreä"}]


def test_a_strangers_mail_is_accepted_rejected_and_accepted_again(city: City, world: MailWorld) -> None:
    """Each says what it does before and after, and how to undo it; a dry run changes nothing."""
    receive(city, world, "1.1: vihreä", STRANGER)
    before = city.dump()

    foreseen = city.run("inbox", "accept", "1", "--dry-run")
    assert (foreseen.code, city.dump()) == (0, before)
    assert "would be recorded for kulttuuripaallikko" in foreseen.out
    accepted = city.run("inbox", "accept", "1", "--because", "kysyin puhelimessa")
    assert accepted.code == 0
    assert "[1.1] green" in accepted.out
    assert "To undo: reminder inbox reject 1" in accepted.out
    assert city.run("--json", "inbox", "accept", "1").document["changed"] is False
    rejected = city.run("inbox", "reject", "1", "--because", "väärä henkilö")
    assert "1 answers no longer count" in rejected.out
    assert city.run("inbox", "list", "--state", "held").code == 0
    assert city.run("--json", "inbox", "accept", "1").document["answers"] == 1
    history = city.run("--json", "inbox", "show", "1").document["history"]
    assert [one["cause"] for one in history] == ["accept", "reject", "accept", "read"]
    assert history[2]["because"] == "kysyin puhelimessa"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("accept", "1"), 1, "nothing to accept"),
        (("accept", "1", "--as", "kultuuripaallikko"), 2, "Did you mean kulttuuripaallikko"),
        (("accept", "7"), 2, "no mail 7"),
        (("accept", "first"), 2, "not the number of a mail"),
        (("reject", "1"), 2, "--because"),
        (("discard", "1", "--because", " "), 2, "A reason is needed"),
        (("replay", "7"), 2, "no mail 7"),
        (("replay", "1", "--all"), 2, "stand alone"),
        (("export", "7", "/tmp/x.eml"), 2, "no mail 7"),
    ],
)
def test_what_cannot_be_done_is_told(city: City, world: MailWorld, arguments: tuple[str, ...], code: int, words: str) -> None:
    """Exit code 1 where nothing can be read, 2 for wrong use; nothing is changed."""
    receive(city, world, "Palaan asiaan.", STRANGER)
    before = city.dump()

    told = city.run("inbox", *arguments)

    assert told.code == code
    assert words in told.err
    assert city.dump() == before


def test_a_mail_is_discarded_with_its_reason(city: City, world: MailWorld) -> None:
    """It waits no more, the reason stands beside it, and its bytes stay."""
    receive(city, world, "Palaan asiaan.", STRANGER)

    assert city.run("inbox", "discard", "1", "--because", "ei koske meitä").code == 0

    assert [row["reason"] for row in city.run("--json", "inbox", "list", "--state", "discarded").lines] == ["ei koske meitä"]
    assert "Palaan asiaan." in city.run("inbox", "show", "1", "--raw").out


def test_a_replay_shows_first_and_applies_with_yes(city: City, world: MailWorld) -> None:
    """Without a terminal to ask on it changes nothing and ends with 2; with --yes it does what it had shown."""
    answer(city, world, "1.1: vihreä, valmis")
    misread(city)
    before = city.dump()

    assert "1 mail was read by an older parser" in city.run("inbox", "list").out
    assert "1 mail was read by an older parser" in city.run("status").out
    assert city.run("--json", "health").document["read_by_an_older_parser"] == 1
    foreseen = city.run("inbox", "replay", "--dry-run")
    assert (foreseen.code, city.dump()) == (0, before)
    assert "[1.1] red, done → green, done" in foreseen.out
    assert "1 mails read again, 1 would be changed, 1 actions would be changed by them." in foreseen.out
    unasked = city.run("inbox", "replay")
    assert (unasked.code, city.dump()) == (2, before)
    assert "--yes" in unasked.err
    assert city.run("inbox", "replay", "--yes").code == 0

    lights = {row["action"]: row["light"] for row in city.run("--json", "status").lines if row["party"] == "kulttuuripaallikko"}
    assert lights["1.1"] == "green"
    assert "older parser" not in city.run("inbox", "list").out
    assert city.run("--json", "inbox", "replay", "--dry-run").lines == []
    (line,) = city.run("--json", "inbox", "replay", "--all", "--dry-run").lines
    assert (line["outcome"], line["applied"]) == ("same", False)
    assert city.run("--json", "inbox", "replay", "--since", "2025-03-01", "--dry-run").lines == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("disarm",), "Would disarm"),
        (("pause", "--all"), "Everything would be held"),
        (("resume",), "Would resume"),
        (("clock", "advance", "24"), "It would be 2025-02-15"),
        (("inbox", "export", "1", "copy.eml"), "would write copy.eml"),
    ],
)
def test_a_dry_run_does_not_speak_as_if_it_were_done(city: City, world: MailWorld, arguments: tuple[str, ...], words: str) -> None:
    """It says what would be done, and does not do it."""
    receive(city, world, "Palaan asiaan.", STRANGER)
    before, clock = city.dump(), (city.folder / "clock.json").read_text()

    told = city.run(*arguments, "--dry-run")

    assert told.code == 0
    assert words in told.out
    assert (city.dump(), (city.folder / "clock.json").read_text()) == (before, clock)
