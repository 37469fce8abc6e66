"""Mails of one sender that wait their turn, on both databases."""

from __future__ import annotations

from datetime import timedelta

from reminder.domain.absences import Absence
from reminder.domain.readings import InboundState
from reminder.store import inbox
from reminder.store.absences import end_absence, load_absences, record_absence
from reminder.store.engine import Store
from tests.store.cast import INSTANCE, NOW, incoming

HOUR = timedelta(hours=1)


def test_what_was_read_and_what_waits_is_counted_by_sender(store: Store) -> None:
    """Read within the hour by its first attempt; waiting until its instant; neither of another sender nor of longer ago."""
    with store.begin() as conn:
        ids = inbox.capture(conn, [incoming(str(n), f"12: {n}") for n in range(4)], instance=INSTANCE, now=NOW)
        inbox.begin_attempt(conn, ids[0], NOW, sender="a")
        inbox.begin_attempt(conn, ids[1], NOW, sender="b")
        inbox.defer(conn, ids[2], sender="a", until=NOW + HOUR)
        inbox.defer(conn, ids[3], sender="a", until=NOW + 2 * HOUR)
        tally = inbox.tally_sender(conn, "a", since=NOW - HOUR, now=NOW)
        later = inbox.tally_sender(conn, "a", since=NOW + HOUR, now=NOW + HOUR)
        waiting = inbox.count_deferred(conn, NOW), inbox.count_deferred(conn, NOW + 2 * HOUR)

    assert (tally.read, tally.first_read_at, tally.waiting) == (1, NOW, 2)
    assert (later.read, later.first_read_at, later.waiting) == (0, None, 1)
    assert waiting == (2, 0)


def test_a_mail_that_waited_is_read_like_any_other(store: Store) -> None:
    """It comes up at its instant, without a strike, and its reason goes when it is read."""
    with store.begin() as conn:
        (one,) = inbox.capture(conn, [incoming()], instance=INSTANCE, now=NOW)
        inbox.defer(conn, one, sender="a", until=NOW + HOUR)
        early, due = inbox.next_captured(conn, NOW, limit=9), inbox.next_captured(conn, NOW + HOUR, limit=9)
        number = inbox.begin_attempt(conn, one, NOW + HOUR, sender="a")
        (row,) = inbox.list_inbound(conn)

    assert (early, due, number) == ((), (one,), 1)
    assert (row.state, row.reason) == (InboundState.CAPTURED, "")


def test_a_mail_that_has_ended_is_not_put_off(store: Store) -> None:
    """Somebody settled it meanwhile."""
    with store.begin() as conn:
        (one,) = inbox.capture(conn, [incoming()], instance=INSTANCE, now=NOW)
        for _ in range(3):
            inbox.begin_attempt(conn, one, NOW)
        inbox.record_failure(conn, one, "boom", NOW)
        inbox.defer(conn, one, sender="a", until=NOW + HOUR)
        (row,) = inbox.list_inbound(conn)

    assert row.state is InboundState.QUARANTINED
    assert row.reason != inbox.DEFERRED


def test_an_absence_is_noted_once_and_replaced_by_a_newer_one(store: Store) -> None:
    """By the mail that told of it; an older mail that is read later changes nothing; a mail of their own ends it."""
    first = Absence(person="p1", back_on=NOW.date(), inbound_id=1)
    newer = Absence(person="p1", back_on=None, inbound_id=2)
    with store.begin() as conn:
        noted = [
            record_absence(conn, first, noted_at=NOW, now=NOW),
            record_absence(conn, first, noted_at=NOW, now=NOW),
            record_absence(conn, newer, noted_at=NOW + HOUR, now=NOW),
            record_absence(conn, Absence(person="p1", back_on=NOW.date(), inbound_id=3), noted_at=NOW, now=NOW),
        ]
        held = load_absences(conn)
        before = end_absence(conn, "p1", written_at=NOW, because="earlier", now=NOW)
        after = end_absence(conn, "p1", written_at=NOW + 2 * HOUR, because="wrote", now=NOW)
        again = record_absence(conn, newer, noted_at=NOW + HOUR, now=NOW)
        left = load_absences(conn)

    assert noted == [True, False, True, False]
    assert [one.absence for one in held] == [newer]
    assert (before, after, again, left) == (False, True, False, ())
