"""The raw message store: each content once, each attempt counted, one final state."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from reminder.domain.readings import InboundMail, InboundState
from reminder.store import inbox
from reminder.store.engine import Store
from tests.store.cast import ACCOUNT, INSTANCE, NOW, incoming

PLACE = {"instance": INSTANCE, "account": ACCOUNT, "folder": "INBOX"}


def take(store: Store, *mails: InboundMail) -> tuple[int, ...]:
    """Captures mails in one transaction."""
    with store.begin() as conn:
        return inbox.capture(conn, mails, instance=INSTANCE, now=NOW)


def end(store: Store, inbound_id: int, state: InboundState = InboundState.APPLIED, *, version: str = "1", document: str = "{}") -> None:
    """Ends a mail."""
    with store.begin() as conn:
        inbox.finish(
            conn,
            inbound_id,
            state=state,
            reason="twelve is green",
            parser_version=version,
            kind="reply",
            verdict="applied",
            document=document,
            now=NOW,
        )


def test_a_mail_comes_back_as_it_came(store: Store) -> None:
    """Bytes, place and INTERNALDATE; the row starts as captured."""
    mail = replace(incoming(), raw=bytes(range(256)), marks=("oversize",))
    (new,) = take(store, mail)

    with store.read() as conn:
        stored = inbox.load_inbound(conn, new)
        assert inbox.load_inbound(conn, new + 1) is None
    assert stored is not None
    assert (stored.mail, stored.state, stored.attempts, stored.captured_at) == (mail, InboundState.CAPTURED, 0, NOW)


def test_a_known_identity_is_left_alone(store: Store) -> None:
    """Fault K9: what was fetched twice is one row."""
    assert len(take(store, incoming("7"), incoming("8", "13: punainen"))) == 2
    assert take(store, incoming("7"), incoming("8", "13: punainen")) == ()

    with store.read() as conn:
        assert inbox.known_uids(conn, uidvalidity=1, **PLACE) == {"7", "8"}
        assert inbox.known_uids(conn, uidvalidity=2, **PLACE) == frozenset()


def test_a_new_uidvalidity_finds_duplicates_and_new_mails(store: Store) -> None:
    """Faults M3 and M4: the same content under a new identity has no effect; new content under an old UID is new."""
    (original,) = take(store, incoming("7"))
    duplicate, fresh = take(store, incoming("7", uidvalidity=2), incoming("8", "13: punainen", uidvalidity=2))

    with store.read() as conn:
        assert inbox.next_captured(conn, NOW, limit=9) == (original, fresh)
        row = inbox.load_inbound(conn, duplicate)
        assert row is not None
        assert (row.state, row.mail.raw, row.mail.uidvalidity) == (InboundState.DUPLICATE, incoming().raw, 2)
        listed = {one.id: one.duplicate_of for one in inbox.list_inbound(conn)}
    assert listed == {original: None, duplicate: original, fresh: None}


def test_the_same_mail_over_another_relay_is_a_duplicate(store: Store) -> None:
    """Faults M10 and A3: delivered twice with other trace headers, it is one mail; also within one window."""
    first, second = take(store, incoming("7", received="relay-a"), incoming("8", received="relay-b"))
    (third,) = take(store, incoming("9", folder="Muut"))

    with store.read() as conn:
        assert {row.id: row.duplicate_of for row in inbox.list_inbound(conn)} == {first: None, second: first, third: first}


def test_another_instance_has_its_own_originals(store: Store) -> None:
    """Two services on one database do not take each other's mails for duplicates."""
    take(store, incoming())
    with store.begin() as conn:
        inbox.capture(conn, [incoming()], instance="other", now=NOW)

    with store.read() as conn:
        assert inbox.count_by_state(conn) == {InboundState.CAPTURED: 2}


def test_mails_are_read_in_the_order_the_server_received_them(store: Store) -> None:
    """INTERNALDATE decides, then the order of capture; `limit` bounds the memory."""
    early = replace(incoming("9", "c"), internal_date=NOW - timedelta(days=1))
    first, second, third = take(store, incoming("7", "a"), incoming("8", "b"), early)

    with store.read() as conn:
        assert inbox.next_captured(conn, NOW, limit=9) == (third, first, second)
        assert inbox.next_captured(conn, NOW, limit=1) == (third,)


def test_three_strikes_then_quarantine(store: Store) -> None:
    """Fault P1: each failure waits longer, the third quarantines; the mail behind it is due all the while (invariant I6)."""
    poison, behind = take(store, incoming("7", "poison"), incoming("8", "fine"))
    now, states = NOW, []
    for _ in range(3):
        with store.begin() as conn:
            assert poison in inbox.next_captured(conn, now, limit=9)
            inbox.begin_attempt(conn, poison, now)
        with store.begin() as conn:
            states.append(inbox.record_failure(conn, poison, "RecursionError", now))
        with store.read() as conn:
            assert inbox.next_captured(conn, now, limit=9) == (behind,)
        now += timedelta(hours=1)

    assert states == [InboundState.CAPTURED, InboundState.CAPTURED, InboundState.QUARANTINED]
    with store.read() as conn:
        (row,) = inbox.list_inbound(conn, states={InboundState.QUARANTINED})
        assert (row.id, row.attempts, row.error) == (poison, 3, "RecursionError")


@pytest.mark.fault("K19")
def test_a_mail_that_kills_the_process_is_quarantined(store: Store) -> None:
    """Fault K19: the attempt is committed before parsing, so three deaths count as three strikes."""
    (poison,) = take(store, incoming())
    for number in (1, 2, 3):
        with store.begin() as conn:
            assert inbox.quarantine_exhausted(conn, NOW) == ()
            assert inbox.next_captured(conn, NOW, limit=9) == (poison,)
            assert inbox.begin_attempt(conn, poison, NOW) == number

    with store.begin() as conn:
        assert inbox.next_captured(conn, NOW, limit=9) == ()
        assert inbox.quarantine_exhausted(conn, NOW) == (poison,)
        assert inbox.count_by_state(conn) == {InboundState.QUARANTINED: 1}


def test_finishing_twice_is_finishing_once(store: Store) -> None:
    """Fault K11: applied again after a crash, the row and its one reading are the same."""
    (new,) = take(store, incoming())
    end(store, new)
    end(store, new)

    with store.read() as conn:
        assert [(one.generation, one.parser_version, one.document) for one in inbox.load_readings(conn, new)] == [(0, "1", "{}")]
        assert inbox.find_unfinished(conn) == ()
        stored = inbox.load_inbound(conn, new)
    assert stored is not None
    assert (stored.state, stored.reason) == (InboundState.APPLIED, "twelve is green")


def test_a_late_failure_does_not_take_back_a_final_state(store: Store) -> None:
    """Two workers on one mail: who has applied it has applied it."""
    (new,) = take(store, incoming())
    end(store, new)

    with store.begin() as conn:
        assert inbox.record_failure(conn, new, "too late", NOW) is InboundState.APPLIED


def test_only_what_is_done_is_moved_and_once(store: Store) -> None:
    """Fault K12: after a crash the move is made up for; a captured mail stays where it is (invariant I3)."""
    first, second, third = take(store, incoming("7", "a"), incoming("8", "b"), incoming("9", "c"))
    end(store, first)
    end(store, second, InboundState.HELD)
    with store.begin() as conn:
        assert inbox.unmoved(conn, uidvalidity=1, limit=9, **PLACE) == ((first, "7"), (second, "8"))
        assert inbox.unmoved(conn, uidvalidity=1, limit=1, **PLACE) == ((first, "7"),)
        inbox.mark_moved(conn, [first, second], NOW)
        inbox.mark_moved(conn, [], NOW)

        assert inbox.unmoved(conn, uidvalidity=1, limit=9, **PLACE) == ()
        assert [row.id for row in inbox.find_unfinished(conn)] == [third]
