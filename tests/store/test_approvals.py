"""Approvals on both databases: who holds what, who lets it go, and two who do it at once."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection

from reminder.domain.messages import OutboxState
from reminder.domain.rounds import StepKind
from reminder.store import approvals, outbox
from reminder.store.approvals import ApprovalState, Gate
from reminder.store.engine import Store
from tests.store.cast import NOW, outgoing, step_key
from tests.store.test_races import at_once

REQUEST: Gate = ("elinvoima", "2024", StepKind.REQUEST)
NOTICE: Gate = ("elinvoima", "2024", StepKind.NOTICE)
WAITING = OutboxState.WAITING_APPROVAL


def add(conn: Connection, number: int, *gates: Gate, as_new: bool = False) -> int:
    """A mail that waits under these approvals; the id of the last."""
    message = outgoing(f"mail{number}", steps=(step_key(ordinal=number),), expires_at=NOW + timedelta(days=2))
    assert outbox.enqueue(conn, message, NOW, state=WAITING)
    return [approvals.hold(conn, message.id, gate, NOW, as_new=as_new) for gate in gates][-1]


def state_of(store: Store, number: int) -> OutboxState:
    """Where a mail stands."""
    with store.read() as conn:
        row = outbox.load_message(conn, f"mail{number}")
    assert row is not None
    return row.state


def test_mails_of_a_kind_wait_under_one_approval(store: Store) -> None:
    """Until it was shown, and after; with `as_new` one that was shown takes no more."""
    with store.begin() as conn:
        first, second = add(conn, 1, REQUEST), add(conn, 2, REQUEST)
        assert approvals.mark_previewed(conn, first, NOW)
        assert not approvals.mark_previewed(conn, first, NOW)
        third, fourth = add(conn, 3, REQUEST), add(conn, 4, REQUEST, as_new=True)

    assert first == second == third != fourth
    with store.read() as conn:
        assert [approvals.list_held(conn, one) for one in (first, fourth)] == [("mail1", "mail2", "mail3"), ("mail4",)]


def test_a_mail_of_two_kinds_leaves_when_both_are_approved(store: Store) -> None:
    """One yes of two lets nothing go."""
    with store.begin() as conn:
        request, notice = add(conn, 1, NOTICE, REQUEST), approvals.hold(conn, "mail1", NOTICE, NOW)
        assert approvals.decide(conn, request, ApprovalState.APPROVED, "x", NOW)
        assert approvals.list_free(conn) == ()
        assert approvals.decide(conn, notice, ApprovalState.APPROVED, "x", NOW)
        assert approvals.list_free(conn) == ("mail1",)
        assert approvals.release(conn, "mail1", NOW + timedelta(hours=1))
        assert not approvals.release(conn, "mail1", NOW)
        row = outbox.load_message(conn, "mail1")

    assert row is not None
    assert (row.state, row.next_attempt_at) == (OutboxState.QUEUED, NOW + timedelta(hours=1))


def test_the_last_word_counts(store: Store) -> None:
    """Yes, no, yes: each says how the kind stands, and the same word twice is no word."""
    seen = []
    with store.begin() as conn:
        one = add(conn, 1, REQUEST)
        for minute, state in enumerate((ApprovalState.APPROVED, ApprovalState.REJECTED, ApprovalState.APPROVED)):
            assert approvals.decide(conn, one, state, "x", NOW + timedelta(minutes=minute))
            assert not approvals.decide(conn, one, state, "x", NOW + timedelta(minutes=minute))
            seen.append((approvals.is_approved(conn, REQUEST), REQUEST in approvals.load_approved(conn)))

    assert seen == [(True, True), (False, False), (True, True)]


def test_a_no_takes_back_what_was_not_tried(store: Store) -> None:
    """A mail that a worker has claimed stays with the worker."""
    with store.begin() as conn:
        one = add(conn, 1, REQUEST)
        add(conn, 2, REQUEST)
        approvals.decide(conn, one, ApprovalState.APPROVED, "x", NOW)
        assert all(approvals.release(conn, mail, NOW) for mail in approvals.list_free(conn))
        assert len(outbox.claim(conn, "worker", NOW, lease=timedelta(minutes=15), limit=1)) == 1
        assert approvals.take_back(conn, one) == 1

    assert {state_of(store, 1), state_of(store, 2)} == {OutboxState.LEASED, WAITING}


def test_what_waits_too_long_expires_with_its_approval(store: Store) -> None:
    """The mail says why, the approval ends, and a rejected one stays: its kind is still stopped."""
    with store.begin() as conn:
        waiting, stopped = add(conn, 1, REQUEST), add(conn, 2, NOTICE)
        approvals.decide(conn, stopped, ApprovalState.REJECTED, "x", NOW)
        later = NOW + timedelta(days=3)
        assert outbox.expire_stale(conn, later) == 2
        assert approvals.expire_empty(conn, later) == 1
        states = {one.id: one.state for one in approvals.load_approvals(conn)}
        row = outbox.load_message(conn, "mail1")
        expired = approvals.load_expired(conn, NOW)

    assert states == {waiting: ApprovalState.EXPIRED, stopped: ApprovalState.REJECTED}
    assert row is not None
    assert (row.state, row.reason) == (OutboxState.EXPIRED, outbox.UNAPPROVED)
    assert {one.kind: count for one, count in expired} == {StepKind.REQUEST: 1, StepKind.NOTICE: 1}


def test_many_mails_at_once_find_one_approval(store: Store) -> None:
    """Two that open an approval of a kind at the same time: one opens it, the others join."""
    found = set(at_once(store, 6, lambda conn, number: add(conn, number, REQUEST)))

    assert len(found) == 1
    with store.read() as conn:
        assert len(approvals.list_held(conn, found.pop())) == 6


def test_a_mail_that_comes_while_it_is_approved_does_not_stay_behind(store: Store) -> None:
    """Whoever is first, the mail that joins is free afterwards, or waits under an approval that is still open."""
    with store.begin() as conn:
        one = add(conn, 0, REQUEST)

    def act(conn: Connection, number: int) -> object:
        return add(conn, 1, REQUEST) if number else approvals.decide(conn, one, ApprovalState.APPROVED, "x", NOW)

    at_once(store, 2, act)
    with store.begin() as conn:
        free = approvals.list_free(conn)
        still_open = [each.id for each in approvals.load_approvals(conn, open_only=True)]
        held = [mail for each in still_open for mail in approvals.list_held(conn, each)]

    assert sorted({*free, *held}) == ["mail0", "mail1"]
