"""Several at once: the database judges, and each thing happens once (invariants O3, O9, R3)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

import pytest
from sqlalchemy import Connection

from reminder.domain.readings import InboundState
from reminder.store import inbox, outbox, people
from reminder.store.engine import Store
from tests.store import claimer
from tests.store.cast import INSTANCE, NOW, incoming, outgoing, step_key
from tests.store.claimer import claim_all
from tests.store.processes import PROCESSES

ROWS = 500
T = TypeVar("T")


def at_once(store: Store, count: int, do: Callable[[Connection, int], T]) -> list[T]:
    """Runs `do` in `count` threads that start together, each in a transaction of its own."""
    gate = threading.Barrier(count)
    results: list[T] = []

    def run(number: int) -> None:
        gate.wait()
        with store.begin() as conn:
            result = do(conn, number)
        results.append(result)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def fill(store: Store, count: int) -> set[str]:
    """Puts mails into the outbox, all due."""
    with store.begin() as conn:
        for number in range(count):
            outbox.enqueue(conn, outgoing(f"mail{number}", steps=(step_key(ordinal=number),)), NOW)
    return {f"mail{number}" for number in range(count)}


@pytest.mark.fault("G6")
def test_four_processes_claim_each_mail_once(store: Store, url: str) -> None:
    """Fault G6: what one has, no other gets, and nothing is left over."""
    wanted = fill(store, ROWS)
    with PROCESSES.Pool(4) as pool:
        got = pool.starmap(claimer.run, [(url, str(number)) for number in range(4)], chunksize=1)
    claimed = [mail for part in got for mail in part]

    assert len(claimed) == ROWS
    assert set(claimed) == wanted


def test_four_threads_claim_each_mail_once(store: Store) -> None:
    """The same within one process."""
    wanted = fill(store, 100)
    got: list[str] = []
    threads = [threading.Thread(target=lambda name: got.extend(claim_all(store, name)), args=(str(number),)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(got) == sorted(wanted)


def test_eight_announcers_settle_a_step_once(store: Store) -> None:
    """Of eight that enqueue or skip the same step, one gets it; the others are told so and leave nothing."""

    def announce(conn: Connection, number: int) -> bool:
        if number % 4 == 3:
            return outbox.skip_step(conn, step_key(), "collapsed", NOW)
        return outbox.enqueue(conn, outgoing(f"mail{number}", steps=(step_key(), step_key(ordinal=number + 2))), NOW)

    assert sorted(at_once(store, 8, announce)) == [False] * 7 + [True]
    with store.read() as conn:
        mails = sum(outbox.count_by_state(conn).values())
        assert len(outbox.load_settled(conn)) == 1 + mails <= 2


def test_mails_with_crossing_steps_do_not_wait_for_each_other(store: Store) -> None:
    """Two mails name the same steps in opposite order; one is taken in, and no deadlock ends either."""
    keys = tuple(step_key(ordinal=number) for number in range(20))

    def announce(conn: Connection, number: int) -> bool:
        return outbox.enqueue(conn, outgoing(f"mail{number}", steps=keys if number % 2 else keys[::-1]), NOW)

    assert sorted(at_once(store, 4, announce)) == [False, False, False, True]


def test_two_collectors_keep_one_original(store: Store) -> None:
    """The same mail under eight identities at once: one is the original, the others point to it."""
    new = at_once(store, 8, lambda conn, number: inbox.capture(conn, [incoming(str(number))], instance=INSTANCE, now=NOW))

    assert [len(ids) for ids in new] == [1] * 8
    with store.read() as conn:
        assert inbox.count_by_state(conn) == {InboundState.CAPTURED: 1, InboundState.DUPLICATE: 7}


def test_a_person_gets_one_id_from_two_processes(store: Store) -> None:
    """Whoever comes second takes the id that is there."""
    addresses = ["a@koskela.example", "b@koskela.example", "c@koskela.example"]
    found = at_once(store, 8, lambda conn, number: people.ensure_persons(conn, addresses[: 1 + number % 3], NOW))

    with store.read() as conn:
        known = people.load_persons(conn)
    assert len(known) == 3
    assert all(known[address] == person for ids in found for address, person in ids.items())
