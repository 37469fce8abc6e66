"""Collect: the bytes are kept first and moved on the server last; whatever repeats is captured once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

import pytest

from reminder.domain.readings import InboundMail, InboundState
from reminder.domain.rounds import StepKind
from reminder.edges.ports import FolderScan
from reminder.errors import TemporaryFailure
from reminder.flows.collect import collect
from reminder.flows.tick import tick
from reminder.service.health import measure_health
from reminder.store import control, inbox
from reminder.store.restoring import LAST_POLL
from tests.fakes import MemorySource
from tests.flows.town import CULTURE, Town, templates


def put(town: Town, subject: str) -> None:
    """A mail of a stranger comes into our mailbox."""
    raw = f"From: somebody@elsewhere.example\r\nSubject: {subject}\r\nMessage-ID: <{subject}@elsewhere.example>\r\n\r\nHello.\r\n"
    town.source.deliver(raw.encode(), when=town.clock.now())


@pytest.mark.fault("K9")
def test_a_mail_is_captured_once_however_often_it_is_polled(town: Town) -> None:
    """Two polls before anything is moved find the mail in the folder twice and keep it once."""
    put(town, "first")

    assert collect(town.house).captured == 1
    assert collect(town.house).captured == 0
    assert town.inbox_states() == [InboundState.CAPTURED]


@pytest.mark.fault("K12")
def test_a_mail_is_moved_only_after_it_was_kept_and_read(town: Town) -> None:
    """What was captured but not yet read stays in the folder, where a person still sees it; the poll after the reading moves it."""
    put(town, "first")

    assert collect(town.house).moved == 0
    assert list(town.source.processed) == []
    town.read()
    done = collect(town.house)

    assert (done.captured, done.moved) == (0, 1)
    assert len(town.source.processed) == 1
    assert collect(town.house).moved == 0


@dataclass(slots=True)
class Watched:
    """A mailbox that breaks off after some mails, and notes what was stored whenever something is moved."""

    town: Town
    inner: MemorySource
    breaks_after: int = 1_000_000
    known_at_move: list[bool] = field(default_factory=list)

    @property
    def account(self) -> str:
        """As `ports.MailSource`."""
        return self.inner.account

    def scan(self) -> Sequence[FolderScan]:
        """As `ports.MailSource`."""
        return self.inner.scan()

    def scan_processed(self, since: datetime | None = None) -> Sequence[FolderScan]:
        """As `ports.MailSource`."""
        return self.inner.scan_processed(since)

    def find_before(self, scan: FolderScan, day: date) -> frozenset[str]:
        """As `ports.MailSource`."""
        return self.inner.find_before(scan, day)

    def fetch(self, scan: FolderScan, uids: Iterable[str]) -> Iterator[InboundMail]:
        """Gives some mails, then loses the connection."""
        for number, mail in enumerate(self.inner.fetch(scan, uids)):
            if number == self.breaks_after:
                raise TemporaryFailure("the connection is gone")
            yield mail

    def move_processed(self, scan: FolderScan, uids: Sequence[str]) -> None:
        """Looks with another connection whether each mail is committed."""
        with self.town.house.store.read() as conn:
            known = inbox.known_uids(conn, instance="tests", account=self.account, folder=scan.folder, uidvalidity=scan.uidvalidity)
        self.known_at_move += [uid in known for uid in uids]
        self.inner.move_processed(scan, uids)

    def delete(self, scan: FolderScan, uids: Sequence[str]) -> None:
        """As `ports.MailSource`."""
        self.inner.delete(scan, uids)

    def wait(self, seconds: float) -> None:
        """As `ports.MailSource`."""

    def close(self) -> None:
        """As `ports.MailSource`."""


def test_nothing_is_moved_that_another_connection_cannot_see(town: Town) -> None:
    """At the moment of the move the bytes are committed."""
    watched = Watched(town=town, inner=town.source)
    town.house = replace(town.house, source=watched)
    for number in range(3):
        put(town, f"mail{number}")

    town.read()
    collect(town.house)

    assert watched.known_at_move == [True] * 3


def test_a_lost_connection_keeps_what_was_committed_and_the_rest_comes_later(town: Town) -> None:
    """The source breaks off after a window of 50: these are kept, the poll does not count, the next one fetches the rest."""
    for number in range(60):
        put(town, f"mail{number}")
    town.house = replace(town.house, source=Watched(town=town, inner=town.source, breaks_after=55))

    with pytest.raises(TemporaryFailure):
        collect(town.house)
    kept = len(town.inbox_states())
    with town.house.store.read() as conn:
        assert control.get_state(conn, LAST_POLL) is None
    town.house = replace(town.house, source=town.source)

    assert collect(town.house).captured == 60 - kept
    assert kept == 55


@pytest.mark.fault("M3")
def test_a_rebuilt_mailbox_gives_duplicates_and_no_new_facts(town: Town) -> None:
    """A new UIDVALIDITY brings the same mails under new identities: each is a duplicate of what we have, and says nothing new."""
    town.ask()
    town.reply(CULTURE, "1.1: vihreä")
    town.read()
    facts, acknowledged = town.facts(), len(town.rows())
    town.source.renumber()

    town.read()

    assert town.inbox_states() == [InboundState.APPLIED, InboundState.DUPLICATE]
    assert town.facts() == facts
    assert len(town.rows()) == acknowledged


@pytest.mark.fault("M13")
def test_a_date_in_the_future_is_the_moment_it_was_seen(town: Town) -> None:
    """An INTERNALDATE of tomorrow is taken for now, and the mail is marked, so that no answer counts as later than it was (M13)."""
    town.source.deliver(b"From: a@elsewhere.example\r\n\r\nHello.\r\n", when=town.clock.now() + timedelta(days=1))

    collect(town.house)

    stored = town.stored(1)
    assert stored.mail.internal_date == town.clock.now()
    assert "date_clamped" in stored.mail.marks


def test_health_is_red_until_the_mailbox_is_read_and_again_after_half_an_hour(town: Town) -> None:
    """A mailbox that was never read, or not for 30 minutes, is red; a poll makes it green."""
    assert any("never been read" in line for line in measure_health(town.house).red)
    collect(town.house)
    assert measure_health(town.house).is_ok

    town.clock.advance(timedelta(minutes=31))

    assert any("last read" in line for line in measure_health(town.house).red)


def test_trouble_with_the_mailbox_does_not_stop_the_mails_that_go_out(town: Town) -> None:
    """A pass without the mailbox goes on, says so, and the next one fetches what came."""
    town.arm()
    town.move_to(StepKind.REQUEST)
    put(town, "first")
    town.house = replace(town.house, source=Watched(town=town, inner=town.source, breaks_after=0))

    done = tick(town.house, templates())

    assert done.trouble == ("the connection is gone",)
    assert done.delivered.accepted == 16
    town.house = replace(town.house, source=town.source)
    assert tick(town.house, templates()).collected.captured == 1
