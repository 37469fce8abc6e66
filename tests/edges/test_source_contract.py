"""What every source of mail promises: in memory, a Maildir, IMAP on pymap and IMAP on a real Dovecot."""

from __future__ import annotations

import mailbox as stdlib_mailbox
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Protocol

import pytest

from reminder.domain.readings import InboundMail
from reminder.edges.imap import ImapSource
from reminder.edges.maildir import MaildirSource
from reminder.edges.ports import FolderScan, MailSource
from reminder.sandbox.servers import MailWorld
from reminder.simulation.fates import Fates
from reminder.simulation.mailbox import ServerMailbox, SimulatedSource
from reminder.simulation.world import World
from tests.fakes import MemorySource
from tests.real_parts import Dovecot

MONDAY = datetime(2025, 1, 13, 8, 0, tzinfo=UTC)
GARBAGE = b"Subject: K\xe4ynniss\xe4\r\nX-Odd: =?x?=\r\n\r\n12: vihre\xe4 \x80\xff\x00.\r\n.\r\n..dots\r\n\r\n"


class Mailbox(Protocol):
    """A mailbox with its source, and the hands of others in it."""

    source: MailSource

    def put(self, raw: bytes, when: datetime) -> None:
        """A mail arrives."""

    def remove(self, uid: str) -> None:
        """Another client deletes a mail."""


class MemoryBox:
    def __init__(self) -> None:
        self._memory = MemorySource()
        self.source: MailSource = self._memory

    def put(self, raw: bytes, when: datetime) -> None:
        self._memory.deliver(raw, when=when)

    def remove(self, uid: str) -> None:
        self._memory.remove(uid)


class SimulatedBox:
    def __init__(self) -> None:
        self._world = World(Fates.calm(), MONDAY)
        self._server = ServerMailbox(self._world)
        self.source: MailSource = SimulatedSource(self._world, self._world.start(), self._server)

    def put(self, raw: bytes, when: datetime) -> None:
        self._server.put(raw, when, kind="test")

    def remove(self, uid: str) -> None:
        self._server.take_away(self._server.inbox[uid])

    def monotonic(self) -> float:
        """Seconds of virtual time: the only time that passes there."""
        return self._world.now().timestamp()


class MaildirBox:
    def __init__(self, path: Path) -> None:
        stdlib_mailbox.Maildir(path, create=True)
        self._path = path
        self._count = 0
        self.source: MailSource = MaildirSource(path)

    def put(self, raw: bytes, when: datetime) -> None:
        """As a delivery agent does: written in tmp, then renamed into new."""
        self._count += 1
        name = f"1736.M{self._count:06}.host"
        (self._path / "tmp" / name).write_bytes(raw)
        os.utime(self._path / "tmp" / name, (when.timestamp(), when.timestamp()))
        (self._path / "tmp" / name).rename(self._path / "new" / name)

    def remove(self, uid: str) -> None:
        (self._path / "new" / uid).unlink()


@dataclass
class PymapBox:
    source: MailSource
    world: MailWorld

    def put(self, raw: bytes, when: datetime) -> None:
        self.world.deliver(raw, when=when)

    def remove(self, uid: str) -> None:
        other = ImapSource(
            host=self.world.host,
            port=self.world.imap_port,
            security="none",
            user=self.world.user,
            password=self.world.password,
            processed="Trash",
        )
        other.move_processed(other.scan()[0], (uid,))
        other.close()


@dataclass
class DovecotBox:
    source: MailSource
    server: Dovecot

    def put(self, raw: bytes, when: datetime) -> None:
        self.server.append(raw, when=when)

    def remove(self, uid: str) -> None:
        with self.server.client() as client:
            client.uid("STORE", uid, "+FLAGS", r"(\Deleted)")
            client.expunge()


@pytest.fixture(params=["memory", "simulated", "maildir", "pymap", pytest.param("dovecot", marks=pytest.mark.real)])
def box(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Mailbox]:
    """Each kind of mailbox in turn, empty."""
    made: Mailbox
    if request.param == "memory":
        made = MemoryBox()
    elif request.param == "simulated":
        made = SimulatedBox()
    elif request.param == "maildir":
        made = MaildirBox(tmp_path / "Maildir")
    elif request.param == "pymap":
        world: MailWorld = request.getfixturevalue("world")
        source = ImapSource(host=world.host, port=world.imap_port, security="none", user=world.user, password=world.password, timeout=10)
        made = PymapBox(source=source, world=world)
    else:
        made = _open_dovecot(request.getfixturevalue("mailbox"))
    yield made
    made.source.close()


def _open_dovecot(server: Dovecot) -> DovecotBox:
    source = ImapSource(
        host="localhost",
        port=server.imaps_port,
        security="tls",
        user=server.user,
        password=server.password,
        processed="Käsitelty",
        ca_file=server.certificate,
        timeout=10,
    )
    return DovecotBox(source=source, server=server)


def _mail(number: int) -> bytes:
    return f"Subject: mail {number}\r\n\r\nThis is number {number}.\r\n".encode()


def _scan(box: Mailbox) -> FolderScan:
    return box.source.scan()[0]


def _fetch_all(box: Mailbox) -> list[InboundMail]:
    scan = _scan(box)
    return list(box.source.fetch(scan, scan.uids))


def test_an_empty_mailbox_has_one_folder_without_mails(box: Mailbox) -> None:
    """An empty inbox is no error."""
    scan = _scan(box)

    assert (scan.folder, scan.uids) == ("INBOX", ())
    assert _fetch_all(box) == []


def test_bytes_come_as_they_are_with_the_date_of_the_server(box: Mailbox) -> None:
    """Undeclared 8-bit bytes, NUL-free or not, dots and odd headers are kept to the byte; the date is INTERNALDATE."""
    raw = GARBAGE.replace(b"\x00", b"")
    box.put(raw, MONDAY)

    (mail,) = _fetch_all(box)

    assert mail.raw == raw
    assert mail.internal_date == MONDAY
    assert mail.size == len(raw)
    assert mail.account == box.source.account
    assert mail.marks == ()


def test_mails_come_in_order_under_their_own_identity(box: Mailbox) -> None:
    """60 mails, more than a window: ascending order of arrival, each body under the identity that was asked for."""
    for number in range(60):
        box.put(_mail(number), MONDAY + timedelta(minutes=number))
    scan = _scan(box)

    mails = list(box.source.fetch(scan, scan.uids))

    assert [mail.uid for mail in mails] == list(scan.uids)
    assert [mail.raw for mail in mails] == [_mail(number) for number in range(60)]
    backwards = list(box.source.fetch(scan, scan.uids[::-1]))
    assert [(mail.uid, mail.raw) for mail in backwards] == [(mail.uid, mail.raw) for mail in reversed(mails)]


def test_reading_marks_nothing(box: Mailbox) -> None:
    """Scanning and fetching leave everything as it was, however often."""
    box.put(_mail(1), MONDAY)

    first, second = _fetch_all(box), _fetch_all(box)

    assert first == second
    assert len(first) == 1


def test_what_has_vanished_is_left_out(box: Mailbox) -> None:
    """A mail that another client deletes between scan and fetch does not keep the others from coming."""
    for number in range(3):
        box.put(_mail(number), MONDAY + timedelta(minutes=number))
    scan = _scan(box)
    box.remove(scan.uids[1])

    mails = list(box.source.fetch(scan, scan.uids))

    assert [mail.raw for mail in mails] == [_mail(0), _mail(2)]


def test_an_identity_that_never_was_is_left_out(box: Mailbox) -> None:
    """Asking for nothing, or for what is not there, gives nothing."""
    box.put(_mail(1), MONDAY)
    scan = _scan(box)

    assert list(box.source.fetch(scan, ())) == []
    assert list(box.source.fetch(scan, ("4000000",))) == []


def test_moving_takes_away_these_and_no_others(box: Mailbox) -> None:
    """What was moved is gone from the scan, the rest stays; repeating it, with mails that are gone, is harmless."""
    for number in range(4):
        box.put(_mail(number), MONDAY + timedelta(minutes=number))
    scan = _scan(box)
    box.remove(scan.uids[3])

    for _ in range(2):
        box.source.move_processed(scan, (scan.uids[0], scan.uids[2], scan.uids[3]))
    box.source.move_processed(scan, ())

    assert _scan(box).uids == (scan.uids[1],)
    assert [mail.raw for mail in _fetch_all(box)] == [_mail(1)]


def test_waiting_ends_in_time(box: Mailbox) -> None:
    """Where nothing comes, a wait lasts no longer than it was told to."""
    box.source.scan()
    clock = box.monotonic if isinstance(box, SimulatedBox) else monotonic
    started = clock()

    box.source.wait(0.4)

    assert 0.2 < clock() - started < 3.0


def test_a_mail_ends_the_wait(box: Mailbox) -> None:
    """A mail that arrives during the wait ends it; one that came between scan and wait is not slept through."""
    box.source.scan()
    started = monotonic()
    timer = threading.Timer(0.3, box.put, (_mail(1), MONDAY))
    timer.start()

    box.source.wait(20.0)
    timer.join()

    assert monotonic() - started < 10.0
    assert len(_scan(box).uids) == 1


def test_a_closed_source_opens_again(box: Mailbox) -> None:
    """Closing twice is harmless, and the identities are the same afterwards."""
    box.put(_mail(1), MONDAY)
    before = _scan(box)

    box.source.close()
    box.source.close()

    assert _scan(box) == before


def test_deleting_takes_these_for_good_and_no_others(box: Mailbox) -> None:
    """What was deleted is in no folder; what another client has removed meanwhile is no error; repeating it is harmless."""
    for number in range(4):
        box.put(_mail(number), MONDAY + timedelta(minutes=number))
    scan = _scan(box)
    box.remove(scan.uids[1])

    box.source.delete(scan, scan.uids[:3])
    box.source.delete(scan, scan.uids[:3])

    assert [mail.raw for mail in _fetch_all(box)] == [_mail(3)]
    assert not any(one.uids for one in box.source.scan_processed())
