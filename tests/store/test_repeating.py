"""Transactions that PostgreSQL ended are done again; where the answer to a commit is lost, the key tells whether it came about."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import Connection, create_engine, text

from reminder.errors import TemporaryFailure, TransactionFailed
from reminder.store import control
from reminder.store.engine import Store
from reminder.store.repeating import TRIES, transact

pytestmark = pytest.mark.real


@pytest.fixture
def backend() -> str:
    """These faults are those of PostgreSQL."""
    return "postgresql"


def end_connection(store: Store, conn: Connection) -> None:
    """Kills the server's side of this connection, as an admin or a failover does."""
    pid = conn.execute(text("SELECT pg_backend_pid()")).scalar_one()
    other = create_engine(store.writer.url)
    with other.connect() as admin:
        admin.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
    other.dispose()


@pytest.mark.fault("D11")
def test_a_transaction_whose_connection_was_lost_is_done_again(store: Store) -> None:
    """Lost before the commit: surely rolled back, so it is done again and counts once."""
    tries: list[int] = []

    def work(conn: Connection) -> int:
        tries.append(1)
        control.set_state(conn, "n", str(int(control.get_state(conn, "n") or 0) + 1))
        if len(tries) == 1:
            end_connection(store, conn)
            conn.execute(text("SELECT 1"))
        return len(tries)

    assert transact(store, work) == 2
    with store.read() as conn:
        assert control.get_state(conn, "n") == "1"


@pytest.mark.fault("D11")
def test_of_two_that_lock_each_other_out_both_come_about(store: Store) -> None:
    """A deadlock ends one of them, which is done again."""
    gate, tries = threading.Barrier(2), list[str]()
    with store.begin() as conn:
        control.set_state(conn, "a", "0")
        control.set_state(conn, "b", "0")

    def work(first: str, second: str) -> None:
        def both(conn: Connection) -> None:
            tries.append(first)
            control.set_state(conn, first, first)
            if tries.count(first) == 1:
                gate.wait(10)
            control.set_state(conn, second, first)

        transact(store, both)

    threads = [threading.Thread(target=work, args=pair) for pair in (("a", "b"), ("b", "a"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert len(tries) == 3
    with store.read() as conn:
        assert control.get_state(conn, "a") == control.get_state(conn, "b") in {"a", "b"}


@pytest.mark.fault("D11")
def test_it_gives_up_after_five_times(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then the failure is the caller's: temporary, with the next pass to come."""
    monkeypatch.setattr("reminder.store.repeating.FIRST_PAUSE", 0.001)
    tries: list[int] = []

    def work(conn: Connection) -> None:
        tries.append(1)
        end_connection(store, conn)
        conn.execute(text("SELECT 1"))

    with pytest.raises(TransactionFailed) as caught:
        transact(store, work)
    assert len(tries) == TRIES
    assert isinstance(caught.value, TemporaryFailure)
    assert not caught.value.is_unknown


@pytest.mark.fault("D10")
@pytest.mark.parametrize("is_committed", [True, False])
def test_the_key_tells_whether_a_commit_came_about_whose_answer_was_lost(store: Store, *, is_committed: bool) -> None:
    """The commit was on its way when the connection was lost: what is in the database is believed, and nothing is done twice."""
    tries: list[int] = []

    def work(conn: Connection) -> str:
        tries.append(1)
        if len(tries) == 1:
            if is_committed:  # what the server does when only its answer is lost
                with store.begin() as other:
                    control.set_state(other, "key", "done")
            end_connection(store, conn)
        else:
            control.set_state(conn, "key", "done again")
        return "worked"

    done = transact(store, work, confirm=lambda conn: control.get_state(conn, "key"))

    assert done == ("done" if is_committed else "worked")
    with store.read() as conn:
        assert control.get_state(conn, "key") == ("done" if is_committed else "done again")


@pytest.mark.fault("D10")
def test_without_a_key_an_unknown_commit_is_not_done_again(store: Store) -> None:
    """The failure says that it is unknown, and the next pass finds out."""
    tries: list[int] = []

    def work(conn: Connection) -> None:
        tries.append(1)
        end_connection(store, conn)

    with pytest.raises(TransactionFailed) as caught:
        transact(store, work)
    assert (len(tries), caught.value.is_unknown) == (1, True)


@pytest.mark.fault("D12")
def test_who_is_frozen_in_a_transaction_does_not_stop_the_others(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server ends a transaction that stands still, so that its locks are free again; the sleeper's commit fails."""
    monkeypatch.setattr("reminder.store.engine.IDLE_SECONDS", 1)
    store.close()
    with pytest.raises(TransactionFailed):
        _sleep_in_a_transaction(store)
    with store.read() as conn:
        assert control.get_state(conn, "a") == "awake"


def _sleep_in_a_transaction(store: Store) -> None:
    with store.begin() as frozen:
        control.set_state(frozen, "a", "frozen")
        with store.begin() as conn:
            control.set_state(conn, "a", "awake")
