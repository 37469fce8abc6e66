"""Collect: the bytes are kept first, and only then moved out of the way; nothing counts twice (DESIGN, decision 16)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from reminder.domain.messages import MailKind
from reminder.domain.readings import InboundMail, InboundState
from reminder.edges.ports import FolderScan
from reminder.errors import TemporaryFailure
from reminder.flows import collect as collecting
from reminder.flows.collect import collect
from reminder.flows.interpret import interpret_pending
from reminder.flows.tick import tick
from reminder.store import inbox
from reminder.store.engine import Store
from tests.fakes import MemorySource
from tests.flows.town import CULTURE, PRINCIPAL, Town, templates


class WatchedSource(MemorySource):
    """Looks into the database whenever a mail is moved: each must be kept there, committed, and read."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store
        self.kept_before_move: list[bool] = []

    def move_processed(self, scan: FolderScan, uids: Sequence[str]) -> None:
        """As `ports.MailSource`."""
        with self._store.read() as conn:
            rows = {row.uid: row.state for row in inbox.list_inbound(conn, limit=100)}
        self.kept_before_move += [rows.get(uid, InboundState.CAPTURED) is not InboundState.CAPTURED for uid in uids]
        super().move_processed(scan, uids)


class BreakingSource(MemorySource):
    """Loses its connection after some mails of a poll."""

    def __init__(self, *, after: int) -> None:
        super().__init__()
        self.after = after

    def fetch(self, scan: FolderScan, uids: Iterable[str]) -> Iterator[InboundMail]:
        """As `ports.MailSource`."""
        for number, mail in enumerate(super().fetch(scan, uids)):
            if number == self.after:
                self.after = -1
                raise TemporaryFailure("connection lost")
            yield mail


def test_a_mail_is_captured_once(town: Town) -> None:
    """A second poll captures nothing, however often the mail is seen on the server."""
    town.ask()
    town.reply(CULTURE, "1.1: vihreä")

    assert collect(town.house).captured == 1
    assert collect(town.house).captured == 0
    assert town.inbox_states() == [InboundState.CAPTURED]


def test_a_mail_is_moved_only_after_it_was_kept_and_read(town: Town) -> None:
    """The first poll captures and moves nothing; after the reading is committed the next poll moves it."""
    source = WatchedSource(town.house.store)
    town.source, town.house = source, replace(town.house, source=source)
    town.ask()
    town.reply(CULTURE, "1.1: vihreä")

    assert collect(town.house).moved == 0
    interpret_pending(town.house)
    assert collect(town.house).moved == 1
    assert source.kept_before_move == [True]
    assert collect(town.house).moved == 0


def test_a_lost_connection_loses_no_mail(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The poll breaks in its middle: what is committed stays, the rest is fetched at the next poll, each once."""
    monkeypatch.setattr(collecting, "WINDOW", 2)
    source = BreakingSource(after=3)
    town.source, town.house = source, replace(town.house, source=source)
    town.ask()
    for number in range(5):
        town.reply(CULTURE, f"1.1: vihreä, vaihe {number}")

    with pytest.raises(TemporaryFailure):
        collect(town.house)
    assert len(town.inbox_states()) == 2
    assert collect(town.house).captured == 3
    assert len(town.inbox_states()) == 5


def test_trouble_with_the_mailbox_does_not_stop_the_mails_that_go_out(town: Town) -> None:
    """A pass goes on without the mailbox, and says so."""
    source = BreakingSource(after=0)
    town.source, town.house = source, replace(town.house, source=source)
    town.ask()
    town.reply(CULTURE, "1.1: vihreä")

    done = tick(town.house, templates())

    assert done.trouble == ("connection lost",)
    assert tick(town.house, templates()).collected.captured == 1


def test_a_new_uidvalidity_gives_duplicates_and_no_new_facts(town: Town) -> None:
    """The server numbers its mails anew: each is known by its content, nothing is recorded or thanked for twice (RFC 3501)."""
    town.ask()
    town.reply(CULTURE, "1.1: vihreä")
    town.reply(PRINCIPAL, "2.1: keltainen")
    town.read()
    facts = town.facts()
    town.source.renumber()

    town.read()
    town.deliver()

    assert sorted(town.inbox_states()) == sorted([InboundState.APPLIED] * 2 + [InboundState.DUPLICATE] * 2)
    assert town.facts() == facts
    assert len(town.sent(kind=MailKind.ACKNOWLEDGEMENT)) == 2


def test_a_date_in_the_future_counts_as_now(town: Town) -> None:
    """A server whose clock is ahead must not make an answer win over all later ones (fault M13); the mail is marked."""
    town.ask()
    raw = town.write_reply(town.original(CULTURE), "1.1: vihreä")
    town.source.deliver(raw, when=town.clock.now() + timedelta(days=30))

    town.read()

    assert [fact.received_at for fact in town.facts()] == [town.clock.now()]
    assert town.stored(1).mail.marks == ("date_clamped",)
