"""An older copy is put back in mid-round: nothing is sent twice, and what came in since comes in again from the mailbox."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from reminder.domain.messages import MailKind, OutboxState
from reminder.domain.readings import InboundState
from reminder.domain.rounds import StepKind
from reminder.edges.clock import ManualClock
from reminder.edges.imap import ImapSource
from reminder.edges.maildir import MaildirSource
from reminder.edges.ports import MailSource
from reminder.flows.restored_words import tell_restored
from reminder.flows.tick import tick
from reminder.plan.timeline import plan_timeline
from reminder.service.health import measure_health
from reminder.store import backup, events, inbox, outbox, people, restoring
from reminder.store.engine import Store
from tests.fakes import MemorySource, RecordingRelay
from tests.flows.town import CULTURE, DIRECTOR, PRINCIPAL, Town, example, make_house, templates
from tests.real_parts import HOST, dovecot

Put = Callable[[bytes, datetime], None]


@dataclass(frozen=True, slots=True)
class Post:
    """A mailbox and how a mail gets into it."""

    source: MailSource
    put: Put


@contextmanager
def on_dovecot(folder: Path) -> Iterator[Post]:
    """A real Dovecot, where MOVE gives the mails new UIDs."""
    with dovecot() as server:
        source = ImapSource(host=HOST, port=server.imap_port, security="none", user=server.user, password=server.password)
        yield Post(source, lambda raw, when: server.append(raw, when=when))
        source.close()


@contextmanager
def on_maildir(folder: Path) -> Iterator[Post]:
    """A Maildir, where the base names stay."""
    path, names = folder / "mail", iter(range(1000))
    for name in ("new", "cur", "tmp"):
        (path / name).mkdir(parents=True)

    def put(raw: bytes, when: datetime) -> None:
        target = path / "new" / f"{next(names)}.M1P1.localhost"
        target.write_bytes(raw)
        os.utime(target, (when.timestamp(), when.timestamp()))

    yield Post(MaildirSource(path), put)


@pytest.fixture(params=[on_maildir, pytest.param(on_dovecot, marks=pytest.mark.real)])
def post(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Post]:
    """Each mailbox in turn."""
    with request.param(tmp_path) as opened:
        yield opened


@pytest.fixture
def town(post: Post, tmp_path: Path) -> Iterator[Town]:
    """The example city, its mail in a real mailbox."""
    first = min(step.not_before for step in plan_timeline(example()) if step.key.step is StepKind.NOTICE)
    clock, relay = ManualClock(first - timedelta(days=1)), RecordingRelay()
    store = Store.open(f"sqlite:///{tmp_path / 'live' / 'reminder.db'}")
    store.migrate()
    town = Town(house=make_house(store, clock, relay, MemorySource()), clock=clock, relay=relay, source=MemorySource())
    town.house = replace(town.house, source=post.source)
    yield town
    store.close()


def answer(town: Town, post: Post, recipient: str, body: str) -> None:
    """A party answers now."""
    town.clock.advance(timedelta(minutes=10))
    post.put(town.write_reply(town.original(recipient), body), town.clock.now())


def work(town: Town) -> None:
    """Two passes of the service: what the first has read the second moves out of the way."""
    for _ in range(2):
        town.clock.advance(timedelta(minutes=1))
        tick(town.house, templates())


Said = set[tuple[str, str, str]]


def restore_older_copy(town: Town, post: Post, folder: Path) -> tuple[restoring.Restored, Said]:
    """One answer before the copy, one whose acknowledgement leaves after it, one after it; then the copy is put back.

    Gives back what was recorded before that, too.
    """
    town.ask()
    answer(town, post, CULTURE, "kaikki vihreällä")
    work(town)
    answer(town, post, PRINCIPAL, "kaikki keltaisella")
    town.clock.advance(timedelta(minutes=1))
    town.read()
    backup.back_up(town.house.store, folder / "copy.db", town.clock.now())
    work(town)
    answer(town, post, DIRECTOR, "kaikki punaisella")
    work(town)
    assert len(town.sent(kind=MailKind.ACKNOWLEDGEMENT)) == 3
    before = said(town)
    town.clock.advance(timedelta(hours=3))
    return restoring.restore(town.house.store, folder / "copy.db", town.clock.now()), before


def said(town: Town) -> Said:
    """What is recorded."""
    return {(fact.party, fact.action, str(fact.light)) for fact in town.facts()}


@pytest.mark.fault("D9")
def test_after_a_restore_nothing_is_sent_twice_and_every_answer_is_there(town: Town, post: Post, tmp_path: Path) -> None:
    """The row that was queued in the copy waits for a person, answers since the copy are read again, and nobody is thanked again."""
    done, before = restore_older_copy(town, post, tmp_path)
    taken = list(town.relay.taken)
    assert done.held == 1
    assert said(town) < before

    for _ in range(3):
        work(town)

    assert said(town) == before
    assert town.relay.taken == taken
    (held,) = town.rows(state=OutboxState.NEEDS_REVIEW)
    assert (held.kind, held.details[outbox.HELD_AS]) == (MailKind.ACKNOWLEDGEMENT, "queued")
    assert "it was queued; it may have been sent since" in held.reason
    with town.house.store.read() as conn:
        counts = inbox.count_by_state(conn)
        found = restoring.load_restored(conn)
    assert counts[InboundState.APPLIED] == 3
    assert found is not None
    assert found.read_again == 1

    town.arm()
    work(town)
    assert town.relay.taken == taken
    with town.house.store.begin() as conn:
        assert outbox.release_reviewed(conn, held.id, town.clock.now())
    work(town)
    assert [mail.raw for mail in town.relay.taken[len(taken) :]] == [
        mail.raw for mail in taken if mail.recipient == PRINCIPAL and b"Kind: acknowledgement" in mail.raw
    ]


def test_reading_again_twice_changes_nothing(town: Town, post: Post, tmp_path: Path) -> None:
    """Interrupted before it was noted as done, the sweep begins anew: the mails are known by their content."""
    done, before = restore_older_copy(town, post, tmp_path)
    work(town)
    with town.house.store.begin() as conn:
        restoring.save_restored(conn, replace(done, read_again=None))
    work(town)

    assert said(town) == before
    with town.house.store.read() as conn:
        assert inbox.count_by_state(conn)[InboundState.APPLIED] == 3


def test_what_comes_after_the_restore_is_answered_as_ever(town: Town, post: Post, tmp_path: Path) -> None:
    """Only what the lost database may have answered is left alone; a reply of today gets its acknowledgement."""
    restore_older_copy(town, post, tmp_path)
    work(town)
    town.arm()
    before = len(town.sent(CULTURE, MailKind.ACKNOWLEDGEMENT))
    answer(town, post, CULTURE, "kaikki punaisella")
    work(town)

    assert len(town.sent(CULTURE, MailKind.ACKNOWLEDGEMENT)) == before + 1


def test_the_restore_is_told_everywhere(town: Town, post: Post, tmp_path: Path) -> None:
    """History, health and the sentences of status and digest, in each language; red until the mailbox was read again."""
    restore_older_copy(town, post, tmp_path)
    zone, since = town.setup.calendar.zone, town.clock.now() - timedelta(days=7)
    red = "what came in since the restored copy was made has not been read again"
    assert red in measure_health(town.house).red

    work(town)

    health = measure_health(town.house)
    assert red not in health.red
    assert health.figures["held_by_restore"] == 1
    with town.house.store.read() as conn:
        (event,) = events.load_events(conn, kinds=[restoring.RESTORED])
        told = {language: tell_restored(conn, zone, language, since)[0] for language in ("fi", "sv", "en")}
    assert (event.document["held"], event.document["file"]) == (1, "copy.db")
    assert "viestejä luettiin uudelleen: 1." in told["fi"]
    assert "väntar på beslut: 1." in told["sv"]
    assert "wait for a decision: 1." in told["en"]


def test_who_was_erased_since_the_copy_is_erased_again(town: Town, post: Post, tmp_path: Path) -> None:
    """The address does not come back with the copy (the erasure log is applied again)."""
    town.ask()
    backup.back_up(town.house.store, tmp_path / "copy.db", town.clock.now())
    with town.house.store.begin() as conn:
        person = people.find_persons(conn, [CULTURE])[CULTURE]
        people.erase_person(conn, person, town.clock.now())

    done = restoring.restore(town.house.store, tmp_path / "copy.db", town.clock.now())

    assert done.erased == 1
    with town.house.store.read() as conn:
        assert people.find_address(conn, person) is None
