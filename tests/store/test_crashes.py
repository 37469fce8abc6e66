"""Killed between any two steps, the database tells the next process exactly what may have happened."""

from __future__ import annotations

import threading

import pytest

from reminder.domain.messages import OutboxState
from reminder.domain.readings import InboundState
from reminder.store import inbox, outbox
from reminder.store.engine import Store
from tests.store import crasher
from tests.store.cast import ACCOUNT, INSTANCE, LEASE, NOW, outgoing, step_key
from tests.store.processes import PROCESSES


def kill_at(url: str, point: str) -> None:
    """Runs the doomed process to its end at `point`."""
    process = PROCESSES.Process(target=crasher.run, args=(url, point))
    process.start()
    process.join(60)
    assert process.exitcode == -9


def recover(store: Store) -> outbox.Recovered:
    """What the next process finds once the lease has ended. A server may need a moment to notice that its client is dead."""
    for _ in range(100):
        with store.begin() as conn:
            recovered = outbox.recover_leases(conn, NOW + LEASE)
            if recovered.requeued or recovered.unknown or outbox.count_by_state(conn).get(OutboxState.LEASED, 0) == 0:
                return recovered
        threading.Event().wait(0.05)
    raise TimeoutError("the row stayed locked")


@pytest.mark.fault("K2", "K3", "K4", "K5", "K6", "K7", "K8")
@pytest.mark.parametrize(
    ("point", "state"),
    [
        ("claiming", OutboxState.QUEUED),  # fault K2
        ("claimed", OutboxState.QUEUED),  # K3, K4
        ("marking", OutboxState.QUEUED),  # the dot was not announced, so it did not go
        ("marked", OutboxState.UNKNOWN),  # K5, K6
        ("recording", OutboxState.UNKNOWN),  # K7
        ("recorded", OutboxState.ACCEPTED),  # K8
    ],
)
def test_a_killed_delivery(store: Store, url: str, point: str, state: OutboxState) -> None:
    """Before the dot: sent again, surely once. After it: unknown. After the result: done."""
    with store.begin() as conn:
        outbox.enqueue(conn, outgoing(steps=(step_key(),)), NOW)
    kill_at(url, point)
    recover(store)

    with store.begin() as conn:
        assert outbox.count_by_state(conn) == {state: 1}
        assert outbox.load_settled(conn) == {step_key()}
        again = outbox.claim(conn, "next", NOW + LEASE, lease=LEASE, limit=9)
    assert [mail.raw for mail in again] == ([outgoing().raw] if state is OutboxState.QUEUED else [])


@pytest.mark.fault("K9", "K10", "K11", "K12")
@pytest.mark.parametrize(
    ("point", "states", "attempts"),
    [
        ("capturing", {}, 0),  # fault K9: still on the server, fetched again
        ("captured", {InboundState.CAPTURED: 1}, 0),  # K10
        ("attempting", {InboundState.CAPTURED: 1}, 1),  # K19
        ("finishing", {InboundState.CAPTURED: 1}, 1),  # K11
        ("finished", {InboundState.APPLIED: 1}, 1),  # K12: only the move is left to do
    ],
)
@pytest.mark.fault("K9", "K10", "K11", "K12")
def test_a_killed_collection(store: Store, url: str, point: str, states: dict[InboundState, int], attempts: int) -> None:
    """Not captured and still on the server, or captured and due, or finished and to be moved: nothing between."""
    with store.begin() as conn:
        outbox.enqueue(conn, outgoing(), NOW)
    kill_at(url, point)

    with store.read() as conn:
        assert inbox.count_by_state(conn) == states
        due = inbox.find_unfinished(conn)
        left = inbox.unmoved(conn, instance=INSTANCE, account=ACCOUNT, folder="INBOX", uidvalidity=1, limit=9)
    assert [row.attempts for row in due] == ([attempts] if InboundState.CAPTURED in states else [])
    assert len(left) == (1 if InboundState.APPLIED in states else 0)
