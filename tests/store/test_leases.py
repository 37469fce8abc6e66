"""What one process at a time may do: taken, fenced by its epoch, taken over when it has ended (fault D12, invariant R3)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Connection

from reminder.store import leases
from reminder.store.engine import Store
from reminder.store.leases import Held
from tests.store.cast import NOW
from tests.store.test_races import at_once

TURN = timedelta(minutes=5)


def take(store: Store, owner: str, minutes: float = 0) -> Held | None:
    """Takes the lease `poll` in a transaction of its own."""
    with store.begin() as conn:
        return leases.take(conn, "poll", owner, NOW + timedelta(minutes=minutes), lease=TURN)


def test_of_eight_that_ask_at_once_one_gets_it(store: Store) -> None:
    """The database judges; also where nobody has ever had it."""

    def ask(conn: Connection, number: int) -> Held | None:
        return leases.take(conn, "poll", str(number), NOW, lease=TURN)

    assert sum(held is not None for held in at_once(store, 8, ask)) == 1


def test_a_lease_is_refused_while_it_lasts_and_given_when_it_has_ended(store: Store) -> None:
    """Each holder has a greater epoch; a given-back one may be taken at once."""
    first = take(store, "a")
    refused = take(store, "b", 4)
    second = take(store, "b", 5)
    assert first is not None
    assert second is not None
    with store.begin() as conn:
        leases.give_back(conn, second, NOW + timedelta(minutes=6))
    third = take(store, "c", 6)

    assert refused is None
    assert third is not None
    assert first.epoch < second.epoch < third.epoch


@pytest.mark.fault("D12")
def test_a_late_holder_is_refused_by_its_epoch(store: Store) -> None:
    """Frozen for 20 minutes: it can neither renew nor give back what another has taken; untaken, it would still be its own."""
    late = take(store, "late")
    assert late is not None
    with store.begin() as conn:
        assert leases.renew(conn, late, NOW + timedelta(minutes=20), lease=TURN)
    now = NOW + timedelta(minutes=26)
    other = take(store, "other", 26)
    assert other is not None
    with store.begin() as conn:
        leases.give_back(conn, late, now)
        assert not leases.renew(conn, late, now, lease=TURN)
        assert leases.renew(conn, other, now, lease=TURN)
    assert take(store, "third", 27) is None
