"""What a restore leaves to a person, on both databases: held with what is known, let go byte for byte, or cancelled."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reminder.domain.messages import OutboxState
from reminder.errors import UsageFailure
from reminder.store import backup, control, outbox, restoring
from reminder.store.engine import Store
from tests.store.cast import GRACE, LEASE, NOW, outgoing, step_key

STATES = ("waiting_approval", "queued", "deferred", "leased", "unknown")


def fill(store: Store) -> None:
    """One mail in each state that may have gone since, and one that has."""
    with store.begin() as conn:
        for number, state in enumerate(("accepted", "unknown", "deferred", "leased")):
            outbox.enqueue(conn, outgoing(f"{state}234", steps=(step_key(ordinal=number + 1),)), NOW)
            (claimed,) = outbox.claim(conn, "worker", NOW, lease=LEASE, limit=1)
            if state == "unknown":
                assert outbox.mark_dot(conn, claimed, NOW)
            if state != "leased":
                assert outbox.record_result(conn, claimed, state, now=NOW, next_attempt_at=NOW + GRACE)
        outbox.enqueue(conn, outgoing("queued234", steps=(step_key(ordinal=8),)), NOW)
        outbox.enqueue(conn, outgoing("waiting_approval234", steps=(step_key(ordinal=9),)), NOW, state=OutboxState.WAITING_APPROVAL)
        control.arm(conn, NOW)


def test_everything_that_may_have_gone_waits_for_a_person(store: Store) -> None:
    """Each with what was known of it; what had come to its end stays as it was, and nothing can be claimed any more."""
    fill(store)

    done = restoring.restore_in_place(store, NOW + timedelta(days=1))

    with store.read() as conn:
        rows = {row.id: row for row in outbox.list_messages(conn)}
        assert not control.load_control(conn).is_armed
    assert done.held == len(STATES)
    assert rows["accepted234"].state is OutboxState.ACCEPTED
    for state in STATES:
        row = rows[f"{state}234"]
        assert (row.state, row.details[outbox.HELD_AS]) == (OutboxState.NEEDS_REVIEW, state)
        assert "it may have been sent since" in row.reason
    assert "after 1 attempts, its final dot announced at 2026-02-05 07:00 UTC" in rows["unknown234"].reason
    with store.begin() as conn:
        assert outbox.claim(conn, "worker", NOW + timedelta(days=2), lease=LEASE, limit=9) == ()
        assert outbox.recover_leases(conn, NOW + timedelta(days=2)) == outbox.Recovered(requeued=0, unknown=0)


def test_a_released_mail_is_queued_as_it_was_and_evidence_still_settles_it(store: Store) -> None:
    """What waited for approval waits for it again; the others are due at once, and a reply to the first copy ends them."""
    fill(store)
    restoring.restore_in_place(store, NOW)
    with store.begin() as conn:
        raw = outbox.load_raw(conn, "queued234")
        for state in STATES:
            assert outbox.release_reviewed(conn, f"{state}234", NOW)
        assert not outbox.release_reviewed(conn, "queued234", NOW)
        assert not outbox.release_reviewed(conn, "accepted234", NOW)
        assert outbox.settle_unknown_by_evidence(conn, "unknown234", "a reply", NOW)
        claimed = {one.id: one.raw for one in outbox.claim(conn, "worker", NOW, lease=LEASE, limit=9)}

    assert set(claimed) == {"queued234", "deferred234", "leased234"}
    assert claimed["queued234"] == raw
    with store.read() as conn:
        waiting = outbox.load_message(conn, "waiting_approval234")
    assert waiting is not None
    assert (waiting.state, waiting.reason) == (OutboxState.WAITING_APPROVAL, "")


def test_another_database_than_a_file_is_refused_with_the_commands_to_use(store: Store) -> None:
    """PostgreSQL has tools of its own; the refusal names them, and what to do after them."""
    if store.path is not None:
        assert backup.sqlite_file(store) == store.path
        return
    with pytest.raises(UsageFailure) as refused:
        backup.sqlite_file(store)
    assert all(word in refused.value.advice for word in ("pg_dump --format=custom", "pg_restore", "reminder restore --in-place"))
