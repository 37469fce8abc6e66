"""`arm` and its test mail, on real SMTP and IMAP servers: what it says, when it refuses, and that it never waits for nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from time import monotonic

import pytest

from reminder.edges.clock import SystemClock
from reminder.sandbox.servers import MailWorld
from tests.cli.city import City
from tests.real_parts import Dovecot, dovecot

OFFICE = "seuranta@suvikoski.example"
COORDINATOR = "elinvoimakoordinaattori@suvikoski.example"


def connect(city: City, world: MailWorld) -> None:
    """The city sends through these servers and reads its mail from them."""
    city.set(SMTP_PORT=world.smtp_port, MAILDIR="", IMAP_HOST=world.host, IMAP_PORT=world.imap_port, IMAP_SECURITY="none")
    city.set(IMAP_USER=world.user, IMAP_PASSWORD=world.password)


@pytest.fixture
def world(city: City) -> Iterator[MailWorld]:
    """A relay that delivers what is for us into our mailbox."""
    with MailWorld(own_address=OFFICE) as world:
        connect(city, world)
        yield world


@pytest.fixture
def sink(city: City) -> Iterator[MailWorld]:
    """A relay that takes everything and delivers nothing; our mailbox is a Maildir that nobody feeds."""
    with MailWorld() as world:
        city.set(SMTP_PORT=world.smtp_port)
        yield world


def is_armed(city: City) -> bool:
    """Whether mails may go out."""
    return "armed yes" in city.run("health").out


def set_real(city: City) -> None:
    """No rehearsal any more."""
    city.set(REHEARSAL="no", CLOCK="")


def test_it_says_that_the_test_mail_arrived(city: City, world: MailWorld) -> None:
    """The coordinator gets one, its copy comes back, and a second `arm` sends none."""
    told = city.run("arm", "--wait", "20")
    again = city.run("arm")

    assert told.code == 0
    assert f"The test mail to {COORDINATOR} was accepted by the relay." in told.out
    assert f"The test mail has arrived: its copy to {OFFICE} came back to our own mailbox after " in told.out
    assert told.err == ""
    assert again.out == "It was armed already; nothing was changed.\n"
    assert sorted("+" in mail.recipient for mail in world.sent) == [False, True]
    assert is_armed(city)
    assert "came back to our own mailbox" in city.run("status").out


def test_as_json(city: City, world: MailWorld) -> None:
    """The facts of the test mail stand beside those of arming."""
    document = city.run("--json", "arm", "--wait", "20").document

    assert document["armed"] is True
    assert 0 < document["test_mail"].pop("seconds") < 20
    assert document["test_mail"] == {"standing": "arrived", "to": [COORDINATOR], "folder": "INBOX", "junk": False, "trouble": ""}


def test_a_copy_that_does_not_come_is_said_loudly_and_arms(city: City, sink: MailWorld) -> None:
    """A relay that is a sink breaks no script; `status` says what is open, and what was said is in the history."""
    told = city.run("arm", "--wait", "0.2")

    assert told.code == 0
    assert "has not come back to our own mailbox within 0.2 s. It is armed nevertheless" in told.err
    assert is_armed(city)
    assert "has not come back" in city.run("status").err
    assert "test_mail not back yet" in city.run("health").out
    assert any('"armed"' in line or "'armed'" in line for line in city.dump())


def test_who_requires_the_test_is_not_armed_without_it(city: City, sink: MailWorld) -> None:
    """Exit code 75 with what to look at; the next try sends no second mail, and `--without-test` arms."""
    first = city.run("arm", "--require-test", "--wait", "0.1")
    second = city.run("arm", "--require-test", "--wait", "0.1")
    armed_before = is_armed(city)
    forced = city.run("arm", "--without-test")

    assert (first.code, second.code, armed_before, forced.code) == (75, 75, False, 0)
    assert "REMINDER_PLUS_ADDRESS=no" in first.err
    assert "`reminder arm --without-test` arms nevertheless." in first.err
    assert len(sink.sent) == 2
    assert "No test mail was sent." in forced.out
    assert "Armed without a test mail" in city.run("status").err


def test_a_relay_that_is_down_arms_with_a_warning_and_at_once(city: City) -> None:
    """Nothing can go out through it anyway; nobody waits for a mail that was not taken."""
    began = monotonic()
    told = city.run("arm", "--wait", "60")

    assert monotonic() - began < 30
    assert told.code == 0
    assert "The relay does not take the test mail: " in told.err
    assert city.run("arm", "--require-test").code == 0  # armed already
    city.run("disarm")
    assert city.run("arm", "--require-test").code == 75
    assert not is_armed(city)


@pytest.mark.parametrize("refused", [COORDINATOR, "own"])
def test_an_address_that_the_relay_refuses_is_not_armed_over(city: City, world: MailWorld, refused: str) -> None:
    """It is proven then that the coordinator, or every reply, would get lost: exit code 1, in a rehearsal a warning."""
    if refused == "own":
        city.set(PLUS_ADDRESS="no")
    world.refuse[OFFICE if refused == "own" else refused] = (550, "5.1.1 no such mailbox")
    rehearsed = city.run("arm", "--wait", "0.1")
    city.run("disarm")
    set_real(city)
    told = city.run("arm", "--wait", "0.1")

    assert (rehearsed.code, told.code) == (0, 1)
    assert "5.1.1 no such mailbox" in told.err
    assert ("no reply would reach us" in told.err) == (refused == "own")
    assert not is_armed(city)


@pytest.mark.fault("G11")
def test_a_dry_run_sends_nothing(city: City, world: MailWorld) -> None:
    """It says to whom the test mail would go."""
    told = city.run("arm", "--dry-run")

    assert f"First it would send a test mail to {COORDINATOR}." in told.out
    assert world.sent == ()


@pytest.mark.parametrize("seconds", ["-1", "soon", "1e9", "nan"])
def test_a_wait_that_is_none(city: City, seconds: str) -> None:
    """Wrong use, and nothing is sent."""
    assert city.run("arm", "--wait", seconds).code == 2


def test_killed_while_it_waits(city: City, sink: MailWorld) -> None:
    """`kill -9` in the wait leaves it not armed; the next `arm` works at once and sends no second test mail."""
    command = [sys.executable, "-m", "reminder", "--config", str(city.config), "arm", "--wait", "600"]
    with subprocess.Popen(command, env={**os.environ}, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        for _ in range(600):
            if len(sink.sent) == 2:
                break
            SystemClock().sleep(0.05)
        process.send_signal(signal.SIGKILL)
    armed_then = is_armed(city)
    told = city.run("--json", "arm", "--wait", "0.1")

    assert len(sink.sent) == 2
    assert not armed_then
    assert (told.code, told.document["test_mail"]["standing"]) == (0, "not_back")
    assert is_armed(city)


@pytest.mark.real
@pytest.mark.parametrize("folder", ["INBOX", "Junk"])
def test_on_dovecot(city: City, folder: str) -> None:
    """The copy comes by LMTP to `seuranta+TOKEN@…`, or is put into the junk folder by a filter: `arm` says which."""
    with dovecot() as server:
        if folder == "Junk":
            server.doveadm("mailbox", "create", "-u", server.user, "Junk")

        def deliver(sender: str, recipient: str, raw: bytes) -> None:
            if recipient.startswith("seuranta+"):
                put(server, recipient, raw, folder)

        with MailWorld(on_mail=deliver) as world:
            city.set(SMTP_PORT=world.smtp_port, MAILDIR="", IMAP_HOST="127.0.0.1", IMAP_PORT=server.imap_port, IMAP_SECURITY="none")
            city.set(IMAP_USER=server.user, IMAP_PASSWORD=server.password, IMAP_JUNK="Junk")
            told = city.run("--json", "arm", "--wait", "20")
            warned = city.run("status").err
            collected = city.run("--json", "collect").document
            read = city.run("--json", "interpret").document

    assert told.code == 0
    found = json.loads(told.out)["test_mail"]
    assert (found["standing"], found["folder"], found["junk"]) == ("arrived", folder, folder == "Junk")
    assert ("junk folder Junk" in warned) == (folder == "Junk")
    assert (collected["captured"], read) == (1, {"ignored": 1})


def put(server: Dovecot, recipient: str, raw: bytes, folder: str) -> None:
    """As an MTA delivers it, or as a filter files it."""
    if folder == "INBOX":
        server.deliver(raw, recipient=recipient.replace("suvikoski.example", "localhost"))
    else:
        server.append(raw, when=SystemClock().now(), folder=folder)
