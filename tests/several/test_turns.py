"""Two or more houses on one PostgreSQL database: each thing happens once, and who comes late writes nothing (invariant R3)."""

from __future__ import annotations

import threading
from argparse import Namespace
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from reminder.cli.condition import tell_workers
from reminder.domain.messages import OutboxState
from reminder.domain.readings import InboundMail, InboundState
from reminder.domain.rounds import StepKind
from reminder.edges.clock import ManualClock
from reminder.errors import TurnLost
from reminder.flows.deliver import deliver
from reminder.flows.house import House
from reminder.flows.interpret import READING, interpret_pending
from reminder.flows.red_words import tell_red
from reminder.flows.several import OTHER_FILES, announce_in_turn, collect_in_turn
from reminder.flows.turns import TURN, name_poll, take_turn
from reminder.plan.timeline import plan_timeline
from reminder.service.health import measure_health
from reminder.service.presence import Presence
from reminder.store import control, inbox, outbox
from reminder.store.configurations import save_configuration
from reminder.store.engine import Store
from tests.fakes import MemorySource, RecordingRelay
from tests.flows.town import example, make_house

pytestmark = pytest.mark.real
MAIL = b"From: a@suvikoski.example\r\nSubject: Hei\r\nMessage-ID: <1@suvikoski.example>\r\n\r\nHei\r\n"


class Watched(MemorySource):
    """A mailbox that says how many read it at once, and does something else in the middle of that."""

    def __init__(self) -> None:
        super().__init__()
        self.polls = 0
        self.meanwhile: Callable[[], None] = lambda: None

    def fetch(self, *args: object, **named: object) -> Iterator[InboundMail]:
        """As `ports.MailSource`."""
        self.polls += 1
        meanwhile, self.meanwhile = self.meanwhile, lambda: None
        meanwhile()
        return super().fetch(*args, **named)  # type: ignore[arg-type]


@pytest.fixture
def source() -> Watched:
    """The one mailbox."""
    return Watched()


@pytest.fixture
def houses(store: Store, source: Watched) -> tuple[House, House]:
    """Two workers at the moment of the first notice."""
    first = min(step.not_before for step in plan_timeline(example()) if step.key.step is StepKind.NOTICE)
    clock = ManualClock(first)
    with store.begin() as conn:
        control.arm(conn, clock.now())
    house = make_house(store, clock, RecordingRelay(), source)
    return replace(house, owner="a", memory={}), replace(house, owner="b", memory={})


def advance(house: House, span: timedelta) -> None:
    """Moves the clock of both."""
    assert isinstance(house.clock, ManualClock)
    house.clock.advance(span)


@pytest.mark.fault("G6")
def test_one_polls_a_mailbox_at_a_time(houses: tuple[House, House], source: Watched) -> None:
    """While one polls, the other does not; afterwards it may."""
    one, other = houses
    source.deliver(MAIL, when=one.clock.now())
    found: list[int] = []
    source.meanwhile = lambda: found.append(collect_in_turn(other).captured)

    assert collect_in_turn(one).captured == 1
    assert (found, source.polls) == ([0], 1)
    collect_in_turn(other)
    assert source.polls == 2


@pytest.mark.fault("D12")
def test_a_frozen_poller_writes_nothing_when_it_wakes_up(houses: tuple[House, House], source: Watched) -> None:
    """In the middle of its poll it sleeps for 20 minutes; another polls. Its own commit is refused by its epoch."""
    late, other = houses
    source.deliver(MAIL, when=late.clock.now())

    def sleep() -> None:
        advance(late, timedelta(minutes=20))
        assert collect_in_turn(other).captured == 1

    source.meanwhile = sleep
    with pytest.raises(TurnLost):
        collect_in_turn(late)
    with late.store.read() as conn:
        assert inbox.count_by_state(conn) == {InboundState.CAPTURED: 1}


def test_a_poller_that_died_is_followed_when_its_turn_has_ended(houses: tuple[House, House], source: Watched) -> None:
    """Not before, and without a person."""
    dead, other = houses
    turn = take_turn(dead, name_poll(dead))
    turn.__enter__()  # and never left
    collect_in_turn(other)
    assert source.polls == 0

    advance(other, TURN)
    collect_in_turn(other)
    assert source.polls == 1


@pytest.mark.fault("G6")
def test_two_that_plan_at_once_write_each_mail_once(houses: tuple[House, House]) -> None:
    """One plans, the other leaves it to it; together they have written what one alone would have."""
    gate, written = threading.Barrier(2), list[int]()

    def plan(house: House) -> None:
        gate.wait()
        written.append(len(announce_in_turn(house).messages))

    threads = [threading.Thread(target=plan, args=(house,)) for house in houses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    announce_in_turn(houses[0])

    with houses[0].store.read() as conn:
        rows = outbox.list_messages(conn, limit=1000)
        steps = [key for row in rows for key in outbox.load_steps(conn, row.id)]
    assert len(rows) == sum(written) > 10
    assert len(steps) == len(set(steps))
    assert len({row.person for row in rows}) == len(rows)


def test_a_mail_is_read_by_one_worker_and_by_another_when_that_one_has_died(houses: tuple[House, House], source: Watched) -> None:
    """Two that read the same mail at once would count two attempts, and three break it off. Killed: read again after its time."""
    dead, other = houses
    source.deliver(MAIL, when=dead.clock.now())
    collect_in_turn(dead)
    now = dead.clock.now()
    with dead.store.begin() as conn:
        assert inbox.lock_due(conn, 1, now)
        inbox.begin_attempt(conn, 1, now, lease=READING)

    assert interpret_pending(other).states == ()
    advance(other, READING)
    assert len(interpret_pending(other).states) == 1
    with other.store.read() as conn:
        row = inbox.find_inbound(conn, 1)
    assert row is not None
    assert row.attempts == 2
    assert row.state is not InboundState.QUARANTINED


def test_four_that_read_at_once_apply_each_mail_once(houses: tuple[House, House], source: Watched) -> None:
    """Forty mails, each read once, each told of once."""
    for number in range(40):
        source.deliver(MAIL.replace(b"<1@", f"<{number}@".encode()), when=houses[0].clock.now())
    collect_in_turn(houses[0])
    workers = [replace(houses[0], owner=str(number), memory={}) for number in range(4)]
    threads = [threading.Thread(target=interpret_pending, args=(house,)) for house in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with houses[0].store.read() as conn:
        rows = inbox.list_inbound(conn, limit=100)
    assert len(rows) == 40
    assert {row.attempts for row in rows} == {1}
    assert InboundState.CAPTURED not in {row.state for row in rows}


def test_who_has_other_files_than_those_in_force_plans_nothing(houses: tuple[House, House]) -> None:
    """And says so; with the files in force it plans."""
    stale, current = houses
    with stale.store.begin() as conn:
        save_configuration(conn, "other", {}, stale.clock.now())
    assert announce_in_turn(stale).trouble == (OTHER_FILES,)
    with stale.store.begin() as conn:
        save_configuration(conn, current.setup.version, {}, stale.clock.now())
    assert announce_in_turn(current).messages


@pytest.mark.fault("S20")
def test_the_rate_is_that_of_all_workers_together(houses: tuple[House, House]) -> None:
    """Four workers of two connections at the same moment: ten mails in any minute, and the last one in its turn."""
    relay = RecordingRelay()
    workers = [
        replace(houses[0], owner=str(number), memory={}, relay=relay, further_relays=(relay,), mails_a_minute=10) for number in range(4)
    ]
    announce_in_turn(houses[0])
    with houses[0].store.read() as conn:
        due = outbox.count_by_state(conn)[OutboxState.QUEUED]
    taken = [0]
    while taken[-1] < due:
        gate, done = threading.Barrier(4), list[int]()

        def send(house: House, gate: threading.Barrier = gate, done: list[int] = done) -> None:
            gate.wait()
            done.append(deliver(house).accepted)

        threads = [threading.Thread(target=send, args=(house,)) for house in workers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        taken.append(len(relay.taken))
        assert sum(done) == taken[-1] - taken[-2] == min(10, due - taken[-2])
        advance(houses[0], timedelta(seconds=61))

    assert due > 10
    assert len({mail.raw for mail in relay.taken}) == due


def test_workers_with_different_files_are_told_in_every_place(houses: tuple[House, House], capsys: pytest.CaptureFixture[str]) -> None:
    """Not while an edit goes from one machine to the next; after a quarter of an hour by `health` and in the digest. `status` names who
    plans nothing. One that was killed, or that ends in order, does not count."""
    one, other = houses
    other = replace(other, setup=replace(other.setup, version="other"))
    with one.store.begin() as conn:
        save_configuration(conn, one.setup.version, {}, one.clock.now())
    present = [Presence(house, lambda: None) for house in (one, other)]
    told = []
    for minutes in (0, 10, 6):
        advance(one, timedelta(minutes=minutes))
        for presence in present:
            presence.beat()
        told.append(see_files(one))
    tell_workers(Namespace(lang="en", quiet=False, json=False), one)
    lines = " ".join(capsys.readouterr().out.split()).split("Service ")[1:]
    present[1].leave()
    ended = see_files(one)
    present[1].beat()
    advance(one, timedelta(minutes=20))
    present[0].beat()

    assert told == [(0, 0), (0, 0), (1, 1)]
    assert [line.startswith(f"{house.owner} ") for line, house in zip(lines, houses, strict=True)] == [True, True]
    assert ["plans no mails" in line for line in lines] == [False, True]
    assert ended == see_files(one) == (0, 0)


def see_files(house: House) -> tuple[int, int]:
    """In how many lines `health` and the digest speak of different files."""
    with house.store.read() as conn:
        digest = tell_red(conn, "en", house.clock.now(), is_rehearsal=False)
    red = measure_health(house).red
    return sum("different sets of" in line for line in red), sum("2 different sets of configuration files" in line for line in digest)
