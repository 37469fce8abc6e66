"""A database that is busy, full or failing: what could not be recorded was not begun, and all of it goes on when the trouble is over."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from reminder.domain.messages import Envelope, MailKind, OutboxState
from reminder.domain.rounds import StepKind
from reminder.edges.ports import SendOutcome
from reminder.errors import StoreUnavailable, TemporaryFailure
from reminder.flows.deliver import AMBIGUOUS_GRACE, LEASE, deliver
from reminder.flows.store_watch import ALARM_AFTER
from reminder.flows.tick import Ticked, tick
from reminder.service.health import measure_health
from reminder.store.engine import Store
from tests.fakes import RecordingRelay
from tests.flows.town import CULTURE, Town, templates


def path_of(store: Store) -> Path:
    """The file."""
    assert store.path is not None
    return store.path


def one_pass(town: Town) -> Ticked:
    """Everything once."""
    return tick(town.house, templates())


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Another process holds the right to write."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch, town: Town) -> Town:
    """The town on a database that gives up waiting at once."""
    monkeypatch.setattr("reminder.store.engine.BUSY_SECONDS", 0.02)
    path = path_of(town.house.store)
    town.house.store.close()
    town.house = replace(town.house, store=Store.open(f"sqlite:///{path}"))
    return town


@pytest.mark.fault("D1")
def test_a_database_that_stays_busy_is_tried_again_and_told_after_five_passes(hasty: Town) -> None:
    """Nothing is begun meanwhile; the process knows that it is red from the fifth pass on; then all goes, and it is told by mail once."""
    town = hasty
    town.arm()
    town.move_to(StepKind.REQUEST)
    seen = []
    with held(path_of(town.house.store)):
        for _ in range(ALARM_AFTER + 1):
            with pytest.raises(StoreUnavailable, match="locked"):
                one_pass(town)
            seen.append(any("could not be written" in line for line in measure_health(town.house).red))
    attempts = len(town.relay.attempts)

    done = one_pass(town)
    one_pass(town)

    assert seen == [False] * (ALARM_AFTER - 1) + [True, True]
    assert attempts == 0
    assert done.delivered.accepted == len(town.sent(kind=MailKind.REQUEST)) > 10
    assert len(town.sent(kind=MailKind.ALERT)) == 1
    assert not any("could not be written" in line for line in measure_health(town.house).red)


@pytest.mark.fault("D1")
def test_four_busy_passes_are_no_alarm(hasty: Town) -> None:
    """Another command that takes a minute is daily life."""
    town = hasty
    town.arm()
    with held(path_of(town.house.store)):
        for _ in range(ALARM_AFTER - 1):
            with pytest.raises(StoreUnavailable):
                one_pass(town)
    one_pass(town)
    one_pass(town)

    assert town.sent(kind=MailKind.ALERT) == []


def limit_pages(town: Town, *, spare: int) -> Callable[[], None]:
    """The database may grow by so many pages and no further; call the answer to lift that."""
    store = town.house.store
    limit = [0]

    def prepare(connection: Any, *_: object) -> None:
        count = connection.execute("PRAGMA page_count").fetchone()[0]
        limit[0] = limit[0] or count + spare
        connection.execute(f"PRAGMA max_page_count={limit[0]}").fetchall()

    event.listen(store.writer, "connect", prepare)
    store.writer.dispose()

    def lift() -> None:
        event.remove(store.writer, "connect", prepare)
        store.writer.dispose()

    return lift


@pytest.mark.fault("D2")
@pytest.mark.parametrize("spare", [0, 3, 8, 15, 30])
def test_a_full_disk_while_mails_are_kept_loses_none(town: Town, spare: int) -> None:
    """What does not fit stays on the server; what was recorded goes on; with room again every reply counts once."""
    town.ask()
    for number in range(8):
        town.reply(CULTURE, f"1.1: {'punainen' if number % 2 else 'vihreä'}\n\n{'Sanoja. ' * 1500}")
    asked = len(town.relay.attempts)
    lift = limit_pages(town, spare=spare)
    full = one_pass(town)
    on_server = sum(len(scan.uids) for scan in town.source.scan())
    lift()
    for _ in range(3):
        town.clock.advance(LEASE)
        one_pass(town)

    assert any("full" in line for line in full.trouble)
    assert on_server > 0
    assert all(state.value in {"applied", "asked_back"} for state in town.inbox_states())
    assert len(town.inbox_states()) == 8
    assert sum(len(scan.uids) for scan in town.source.scan()) == 0
    assert len(town.relay.attempts) > asked


@pytest.mark.fault("D3", "D5")
@pytest.mark.parametrize("nth", range(1, 12))
def test_any_commit_may_fail_and_each_mail_arrives(town: Town, nth: int) -> None:
    """The N-th commit from here on fails as a full or broken disk has it: before the dot the mail goes once, after the relay's answer it
    is `unknown`, and is sent at most once more, byte for byte the same."""
    town.arm()
    town.move_to(StepKind.REQUEST)
    town.announce()
    left = [nth]

    def fail(connection: object) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise sqlite3.OperationalError("disk I/O error")

    event.listen(town.house.store.writer, "commit", fail)
    with pytest.raises((TemporaryFailure, sqlite3.OperationalError)):
        deliver(town.house)
    event.remove(town.house.store.writer, "commit", fail)
    for span in (LEASE, AMBIGUOUS_GRACE, LEASE):
        town.clock.advance(span)
        deliver(town.house)

    states = {row.state for row in town.rows()}
    copies = {raw: [mail.raw for mail in town.relay.taken].count(raw) for raw in {mail.raw for mail in town.relay.taken}}
    assert states == {OutboxState.ACCEPTED}
    assert len(copies) == len(town.rows())
    assert sum(copies.values()) - len(copies) <= 1


class RelayWhoseYesFindsNoDatabase(RecordingRelay):
    """Somebody takes the right to write between a mail's dot and the relay's answer; `let_go` ends that."""

    def __init__(self, path: Path, nth: int) -> None:
        super().__init__()
        self._path, self._nth = path, nth
        self._other: sqlite3.Connection | None = None

    def send(self, envelope: Envelope, raw: bytes, *, before_dot: Callable[[], None]) -> SendOutcome:
        """As `ports.Relay`."""
        outcome = super().send(envelope, raw, before_dot=before_dot)
        if len(self.taken) == self._nth:
            self._other = sqlite3.connect(self._path, isolation_level=None)
            self._other.execute("BEGIN IMMEDIATE")
        return outcome

    def let_go(self) -> None:
        """The database is free again."""
        assert self._other is not None
        self._other.execute("ROLLBACK")
        self._other.close()


@pytest.mark.fault("D3", "K7")
@pytest.mark.parametrize("away", [timedelta(minutes=1), LEASE + timedelta(minutes=1), LEASE + AMBIGUOUS_GRACE * 2])
def test_a_yes_that_finds_the_database_locked_is_kept_until_it_can_be_written(hasty: Town, away: timedelta) -> None:
    """However long that lasts: nothing else is claimed meanwhile, and no mail is sent a second time."""
    town = hasty
    town.arm()
    town.move_to(StepKind.REQUEST)
    town.announce()
    relay = RelayWhoseYesFindsNoDatabase(path_of(town.house.store), nth=3)
    town.house = replace(town.house, relay=relay)
    with pytest.raises(StoreUnavailable):
        deliver(town.house)
    town.clock.advance(away)
    with pytest.raises(StoreUnavailable):
        deliver(town.house)
    meanwhile = len(relay.attempts)
    relay.let_go()
    for span in (timedelta(0), LEASE, AMBIGUOUS_GRACE, LEASE):
        town.clock.advance(span)
        deliver(town.house)

    assert meanwhile == 3
    assert {row.state for row in town.rows()} == {OutboxState.ACCEPTED}
    assert len(relay.taken) == len({mail.raw for mail in relay.taken}) == len(town.rows()) > 10
    assert all(row.ambiguous_resends == 0 for row in town.rows())


@pytest.mark.fault("D2")
def test_with_little_room_nothing_is_fetched_and_with_less_nothing_is_sent(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fetching stops first, so the results of sending always have room; told once by mail, and red as long as it lasts."""
    town.ask()
    town.reply(CULTURE, "1.1: punainen")
    town.house = replace(town.house, keep_free=100_000_000)
    free = [60_000_000]
    monkeypatch.setattr(Store, "free_bytes", lambda _: free[0])

    little = one_pass(town)
    one_pass(town)
    told, red = len(town.sent(kind=MailKind.ALERT)), measure_health(town.house).red
    free[0] = 20_000_000
    town.move_to(StepKind.REMINDER)
    before = len(town.relay.attempts)
    less = one_pass(town)
    sent, red_less = len(town.relay.attempts) - before, measure_health(town.house).red
    free[0] = 200_000_000
    again = one_pass(town)

    assert (little.collected.captured, told) == (0, 1)
    assert any("60 MB left: no mail is fetched" in line for line in red)
    assert any("nothing is sent" in line for line in less.trouble)
    assert (sent, any("none is sent" in line for line in red_less)) == (0, True)
    assert again.collected.captured == 1
    assert again.delivered.accepted > 0
    assert not any("left" in line for line in measure_health(town.house).red)


@pytest.mark.fault("D2", "D3")
def test_room_that_is_lost_in_the_midst_of_a_mail_stops_it_before_the_dot(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looked at once more just before the relay would take it."""
    town.arm()
    town.move_to(StepKind.REQUEST)
    town.announce()
    town.house = replace(town.house, keep_free=100_000_000)
    answers = iter([10**9, 10**9, 10**9])
    monkeypatch.setattr(Store, "free_bytes", lambda _: next(answers, 1_000_000))

    with pytest.raises(TemporaryFailure, match="nothing is sent"):
        deliver(town.house)

    assert len(town.relay.attempts) == len(town.relay.taken) + 1
    assert len(town.relay.taken) == 2
    assert {row.state for row in town.rows()} == {OutboxState.ACCEPTED, OutboxState.LEASED, OutboxState.QUEUED}
