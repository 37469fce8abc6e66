"""The outbox: each step once, each mail under one lease, and a fate that is never guessed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError

from reminder.domain.messages import MailKind, OutboxState
from reminder.store import inbox, outbox
from reminder.store.engine import Store
from reminder.store.outbox import Claimed
from reminder.store.schema import attempt
from tests.store.cast import GRACE, INSTANCE, ITEM, LEASE, NOW, incoming, outgoing, step_key

LATER = NOW + timedelta(hours=1)


def claim_one(conn: Connection, now: datetime = NOW) -> Claimed:
    """The one mail that is due."""
    (claimed,) = outbox.claim(conn, "worker", now, lease=LEASE, limit=10)
    return claimed


def state_of(conn: Connection, mail_id: str = "kulttuuri234") -> OutboxState:
    """Where a mail stands."""
    row = outbox.load_message(conn, mail_id)
    assert row is not None
    return row.state


def journal(conn: Connection) -> list[str]:
    """The states of all attempts, oldest first."""
    return list(conn.execute(select(attempt.c.state).order_by(attempt.c.id)).scalars())


@pytest.fixture
def sending(store: Store) -> Claimed:
    """A request to the culture manager under lease, with nothing said yet."""
    with store.begin() as conn:
        outbox.enqueue(conn, outgoing(steps=(step_key(),)), NOW)
    with store.begin() as conn:
        return claim_one(conn)


def test_a_claimed_mail_is_what_was_put_in(store: Store) -> None:
    """Bytes, envelope, items and steps come back as they went in; a retry sends the same bytes."""
    message = outgoing(steps=(step_key(), step_key(party="kirjasto")), expires_at=NOW + timedelta(days=9))
    with store.begin() as conn:
        assert outbox.enqueue(conn, message, NOW)
    with store.begin() as conn:
        claimed = claim_one(conn)

    assert (claimed.raw, claimed.envelope, claimed.items) == (message.raw, message.envelope, message.items)
    assert set(claimed.steps) == set(message.steps)
    assert (claimed.lease_epoch, claimed.attempts, claimed.expires_at) == (1, 1, message.expires_at)


def test_a_step_is_settled_once(store: Store) -> None:
    """Invariant O3: a mail that carries a settled step is not taken in, and leaves no trace of its other steps."""
    with store.begin() as conn:
        assert outbox.enqueue(conn, outgoing(steps=(step_key(),)), NOW)
        assert not outbox.enqueue(conn, outgoing("toinenviesti", steps=(step_key("reminder"), step_key())), NOW)
        assert not outbox.skip_step(conn, step_key(), "expired", NOW)
        assert outbox.skip_step(conn, step_key("last_call"), "complete", NOW)
        assert not outbox.enqueue(conn, outgoing("kolmasviesti", steps=(step_key("last_call"),)), NOW)

        assert outbox.load_settled(conn) == {step_key(), step_key("last_call")}
        assert outbox.count_by_state(conn) == {OutboxState.QUEUED: 1}


@pytest.mark.parametrize("key", ["", "elvo/2024/kulttuuri/request/1/v0", "elvo/2024/a/b/request/1/v0/p1", "elvo/2024/k/request/1/0/p1"])
def test_a_malformed_key_is_refused(store: Store, key: str) -> None:
    """A key that cannot be taken apart would settle nothing that anybody asks for."""
    with store.begin() as conn, pytest.raises(ValueError, match="step key"):
        outbox.enqueue(conn, outgoing(steps=(key,)), NOW)


def test_one_acknowledgement_for_one_inbound_mail(store: Store) -> None:
    """Invariant I2: however often a mail is interpreted, each person gets one answer to it; alerts are not bound by this."""
    with store.begin() as conn:
        (reply,) = inbox.capture(conn, [incoming()], instance=INSTANCE, now=NOW)
        first = outgoing("kuittaus2345", kind=MailKind.ACKNOWLEDGEMENT, in_reply_to=reply)

        assert outbox.enqueue(conn, first, NOW)
        assert not outbox.enqueue(conn, replace(first, id="kuittaus2346", message_id="<2@koskela.example>"), NOW)
        assert outbox.enqueue(conn, replace(first, id="kuittaus2347", message_id="<3@koskela.example>", person="pmuu"), NOW)


def test_only_what_is_due_is_claimed_longest_due_first(store: Store) -> None:
    """Invariants O6 and O7: not before its time, not past it; at most `limit`; only the kinds that may go."""
    with store.begin() as conn:
        outbox.enqueue(conn, outgoing("b", not_before=NOW - timedelta(hours=1)), NOW)
        outbox.enqueue(conn, outgoing("a", not_before=NOW - timedelta(hours=2)), NOW)
        outbox.enqueue(conn, outgoing("early", not_before=NOW + timedelta(seconds=1)), NOW)
        outbox.enqueue(conn, outgoing("stale", not_before=NOW - timedelta(hours=3), expires_at=NOW), NOW)
        outbox.enqueue(conn, outgoing("alert", kind=MailKind.ALERT), NOW)
        outbox.enqueue(conn, outgoing("asks"), NOW, state=OutboxState.WAITING_APPROVAL)

    with store.begin() as conn:
        alerts = outbox.claim(conn, "w", NOW, lease=LEASE, limit=9, kinds=frozenset({"alert"}))
        one = outbox.claim(conn, "w", NOW, lease=LEASE, limit=1)
        rest = outbox.claim(conn, "w", NOW, lease=LEASE, limit=9)
    assert [[mail.id for mail in claimed] for claimed in (alerts, one, rest)] == [["alert"], ["a"], ["b"]]


def test_a_mail_that_was_accepted_is_done(store: Store, sending: Claimed) -> None:
    """The ordinary way: claim, dot, accepted; nothing is due afterwards, and the journal tells it."""
    with store.begin() as conn:
        assert outbox.mark_dot(conn, sending, NOW)
    with store.begin() as conn:
        assert outbox.record_result(conn, sending, "accepted", now=NOW, code=250, text="2.0.0 Ok")

    with store.begin() as conn:
        assert (state_of(conn), journal(conn)) == (OutboxState.ACCEPTED, ["accepted"])
        assert outbox.claim(conn, "w", LATER, lease=LEASE, limit=9) == ()
        assert outbox.next_due_at(conn) is None


@pytest.mark.parametrize(
    ("result", "state", "attempts"),
    [
        ("failed", OutboxState.FAILED, 1),
        ("unknown", OutboxState.UNKNOWN, 1),
        ("deferred", OutboxState.DEFERRED, 1),
        ("relay_down", OutboxState.DEFERRED, 0),
        ("relay_refused", OutboxState.DEFERRED, 0),
    ],
)
def test_each_result_has_its_state(store: Store, sending: Claimed, result: str, state: OutboxState, attempts: int) -> None:
    """Trouble with the relay never fails a mail and is no attempt of it (invariants O10 and O11)."""
    with store.begin() as conn:
        assert outbox.record_result(conn, sending, result, now=NOW, text="sorry", next_attempt_at=LATER)

    with store.read() as conn:
        row = outbox.load_message(conn, sending.id)
        assert row is not None
        assert (row.state, row.attempts, row.reason, journal(conn)) == (state, attempts, "sorry", [result])
        assert (row.next_attempt_at == LATER) is (state is OutboxState.DEFERRED)


def test_a_deferring_result_needs_the_next_time(store: Store, sending: Claimed) -> None:
    """Without it a mail would be tried again at once, for ever."""
    with store.begin() as conn, pytest.raises(ValueError, match="next attempt"):
        outbox.record_result(conn, sending, "deferred", now=NOW)


def test_a_lease_that_ended_before_the_dot_is_sent_again(store: Store, sending: Claimed) -> None:
    """Faults K3 and K4: surely not sent, due at once; the late worker is told so (invariant O9)."""
    end = NOW + LEASE
    with store.begin() as conn:
        assert outbox.recover_leases(conn, end - timedelta(seconds=1)) == outbox.Recovered(requeued=0, unknown=0)
        assert outbox.recover_leases(conn, end) == outbox.Recovered(requeued=1, unknown=0)

        assert not outbox.mark_dot(conn, sending, end)
        assert not outbox.record_result(conn, sending, "accepted", now=end)
        again = claim_one(conn, LATER)
        assert (again.lease_epoch, again.raw) == (2, sending.raw)
        assert not outbox.record_result(conn, sending, "accepted", now=LATER)
        assert not outbox.release(conn, sending, LATER, "late")
        assert (state_of(conn), journal(conn)) == (OutboxState.LEASED, ["deferred", "open"])


def test_the_dot_is_not_marked_past_the_end_of_the_lease(store: Store, sending: Claimed) -> None:
    """Another might recover the row at any moment; the mail waits for that."""
    with store.begin() as conn:
        assert not outbox.mark_dot(conn, sending, NOW + LEASE)


def test_one_lease_is_one_copy(store: Store, sending: Claimed) -> None:
    """Invariant O4: under the same lease the dot is announced once, whatever the worker does."""
    with store.begin() as conn:
        assert [outbox.mark_dot(conn, sending, NOW) for _ in range(3)] == [True, False, False]


def test_a_lease_that_ended_after_the_dot_is_unknown(store: Store, sending: Claimed) -> None:
    """Faults K5 to K7: it may have gone, so it is not sent again at once; the late answer still settles it."""
    with store.begin() as conn:
        outbox.mark_dot(conn, sending, NOW)
        assert outbox.recover_leases(conn, LATER) == outbox.Recovered(requeued=0, unknown=1)
        assert (state_of(conn), journal(conn)) == (OutboxState.UNKNOWN, ["unknown"])
        assert outbox.claim(conn, "w", LATER, lease=LEASE, limit=9) == ()
        assert not outbox.mark_dot(conn, sending, LATER)

        assert outbox.record_result(conn, sending, "accepted", now=LATER)
        assert (state_of(conn), journal(conn)) == (OutboxState.ACCEPTED, ["accepted"])


def test_an_unknown_fate_is_tried_again_twice_then_left_to_a_person(store: Store, sending: Claimed) -> None:
    """At most `max_resends` identical copies, each after its grace; then `needs_review` with a reason."""
    claimed, now = sending, NOW
    for expected in (1, 1, 0):
        with store.begin() as conn:
            assert outbox.mark_dot(conn, claimed, now)
            assert outbox.record_result(conn, claimed, "unknown", now=now, text="lost")
            assert outbox.next_due_at(conn, grace=GRACE) == now + GRACE
            assert outbox.requeue_unknown(conn, now + GRACE - timedelta(seconds=1), grace=GRACE, max_resends=2) == 0
            now += GRACE
            assert outbox.requeue_unknown(conn, now, grace=GRACE, max_resends=2) == expected
            found = outbox.claim(conn, "w", now, lease=LEASE, limit=9)
        claimed = found[0] if found else claimed
        assert claimed.raw == sending.raw

    with store.read() as conn:
        row = outbox.load_message(conn, sending.id)
        assert row is not None
        assert (row.state, row.ambiguous_resends) == (OutboxState.NEEDS_REVIEW, 2)
        assert "as often as is allowed" in row.reason


def test_a_refused_further_copy_does_not_deny_the_earlier_one(store: Store, sending: Claimed) -> None:
    """Found by seed 38 of the simulation: the relay had taken the first copy. It is final, is not tried again, and says so."""
    with store.begin() as conn:
        outbox.record_result(conn, sending, "unknown", now=NOW)
        outbox.requeue_unknown(conn, LATER, grace=GRACE, max_resends=2)
        assert outbox.record_result(conn, claim_one(conn, LATER), "failed", now=LATER, code=550, text="5.1.1 no such user")

        row = outbox.load_message(conn, sending.id)
        assert row is not None
        assert (row.state, row.finished_at) == (OutboxState.NEEDS_REVIEW, LATER)
        assert row.reason == f"{outbox.REFUSED_NOW} 5.1.1 no such user"
        assert outbox.claim(conn, "w", LATER + timedelta(days=1), lease=LEASE, limit=9) == ()
        assert outbox.settle_unknown_by_evidence(conn, sending.id, "reply, inbound 7", LATER)


def test_what_may_have_gone_is_not_sent_again_past_its_time(store: Store) -> None:
    """Invariant O7 also for a second copy: a person decides."""
    with store.begin() as conn:
        outbox.enqueue(conn, outgoing(expires_at=NOW + GRACE), NOW)
        outbox.record_result(conn, claim_one(conn), "unknown", now=NOW)

        assert outbox.requeue_unknown(conn, NOW + GRACE, grace=GRACE, max_resends=2) == 0
        assert state_of(conn) is OutboxState.NEEDS_REVIEW


@pytest.mark.parametrize("until", ["unknown", "queued", "needs_review"])
def test_evidence_settles_an_unknown_fate(store: Store, sending: Claimed, until: str) -> None:
    """A reply proves that the mail went out, also when it was queued for a copy or left to a person meanwhile."""
    with store.begin() as conn:
        assert not outbox.settle_unknown_by_evidence(conn, sending.id, "reply", NOW)
        outbox.record_result(conn, sending, "unknown", now=NOW)
        if until != "unknown":
            outbox.requeue_unknown(conn, LATER, grace=GRACE, max_resends=1 if until == "queued" else 0)
        assert state_of(conn).value == until

        assert outbox.settle_unknown_by_evidence(conn, sending.id, "reply, inbound 7", LATER)
        assert not outbox.settle_unknown_by_evidence(conn, sending.id, "again", LATER)
        row = outbox.load_message(conn, sending.id)
        assert row is not None
        assert (row.state, row.reason) == (OutboxState.ACCEPTED, "reply, inbound 7")


def test_what_waits_past_its_time_expires(store: Store) -> None:
    """Queued, deferred or waiting for approval: it ends with a reason and is not sent; others are left alone."""
    with store.begin() as conn:
        outbox.enqueue(conn, outgoing("old", expires_at=NOW), NOW)
        outbox.enqueue(conn, outgoing("asks", expires_at=NOW), NOW, state=OutboxState.WAITING_APPROVAL)
        outbox.enqueue(conn, outgoing("fresh", expires_at=NOW + timedelta(seconds=1)), NOW)
        outbox.enqueue(conn, outgoing("endless"), NOW)

        assert outbox.expire_stale(conn, NOW) == 2
        assert outbox.count_by_state(conn) == {OutboxState.EXPIRED: 2, OutboxState.QUEUED: 2}


@pytest.mark.fault("K17")
def test_a_released_lease_leaves_no_mark(store: Store, sending: Claimed) -> None:
    """Fault K17: a shutdown gives back what was not sent, without costing the mail an attempt."""
    with store.begin() as conn:
        assert outbox.release(conn, sending, NOW, "shutdown")
        again = claim_one(conn)

    assert (again.attempts, again.lease_epoch) == (1, 2)


def test_a_lease_is_not_released_after_the_dot(store: Store, sending: Claimed) -> None:
    """It may have gone: only a result or the end of the lease may speak."""
    with store.begin() as conn:
        outbox.mark_dot(conn, sending, NOW)

        assert not outbox.release(conn, sending, NOW, "shutdown")
        assert not outbox.cancel(conn, sending.id, "not needed", NOW)
        assert state_of(conn) is OutboxState.LEASED


def test_a_mail_is_cancelled_before_the_dot(store: Store, sending: Claimed) -> None:
    """A party that has answered is not reminded: the worker learns it at the dot at the latest. Final is final."""
    with store.begin() as conn:
        assert outbox.cancel(conn, sending.id, "has answered", NOW)

        assert not outbox.mark_dot(conn, sending, NOW)
        assert not outbox.record_result(conn, sending, "deferred", now=NOW, next_attempt_at=LATER)
        assert not outbox.cancel(conn, sending.id, "again", NOW)
        assert (state_of(conn), journal(conn)) == (OutboxState.CANCELLED, ["deferred"])


def test_a_stale_mail_is_replaced_under_its_steps(store: Store, sending: Claimed) -> None:
    """The steps stay settled throughout and end as the new mail; a mail at its dot is not replaced."""
    with store.begin() as conn:
        assert outbox.replace_stale(conn, sending.id, outgoing("uusi23456723"), "stale", NOW)
        assert outbox.load_settled(conn) == {step_key()}
        (renewed,) = outbox.claim(conn, "w", NOW, lease=LEASE, limit=9)
        assert (renewed.id, renewed.steps) == ("uusi23456723", (step_key(),))
        outbox.mark_dot(conn, renewed, NOW)

        assert not outbox.replace_stale(conn, renewed.id, outgoing("viela2345672"), "stale", NOW)
        assert outbox.load_message(conn, "viela2345672") is None


def test_sent_mails_are_found_again(store: Store, sending: Claimed) -> None:
    """By id, Message-ID, short tag and person; what never reached its dot was not sent to anybody."""
    with store.begin() as conn:
        assert outbox.find_sent_to(conn, "pkulttuuri2") == ()
        outbox.mark_dot(conn, sending, NOW)
        outbox.enqueue(conn, outgoing("kulttuuri999"), LATER)

        (sent,) = outbox.find_sent_to(conn, "pkulttuuri2")
        assert outbox.find_sent(conn, [sending.id, "nothing"]) == (sent,)
        assert outbox.find_sent_by_message_ids(conn, ["<kulttuuri234@koskela.example>"]) == (sent,)
        assert [one.id for one in outbox.find_sent_by_tag(conn, "KULT")] == ["kulttuuri999", "kulttuuri234"]
        assert outbox.find_sent(conn, []) == outbox.find_sent_by_message_ids(conn, []) == ()
    message = outgoing()
    assert (sent.items, sent.spans, sent.recipient) == (message.items, message.spans, message.envelope.recipient)


def test_only_mails_that_ask_something_are_candidates(store: Store) -> None:
    """A digest or an alert has no items, so a reply without a token is never taken for an answer to it."""
    with store.begin() as conn:
        for mail_id, kind, items in (
            ("digest", MailKind.DIGEST, ()),
            ("alert", MailKind.ALERT, (ITEM,)),
            ("asks", MailKind.REMINDER, (ITEM,)),
        ):
            outbox.enqueue(conn, outgoing(mail_id, kind=kind, items=items), NOW)
        for claimed in outbox.claim(conn, "w", NOW, lease=LEASE, limit=9):
            outbox.mark_dot(conn, claimed, NOW)

        assert [one.id for one in outbox.find_sent_to(conn, "pkulttuuri2")] == ["asks"]


def test_what_the_planner_asks_of_the_outbox(store: Store) -> None:
    """The local day of the newest schedule mail to a person, and the newest mail to a party; cancelled ones do not count."""
    late_evening = NOW.replace(hour=22, minute=30)
    with store.begin() as conn:
        outbox.enqueue(conn, outgoing("a", steps=(step_key(),)), late_evening)
        outbox.enqueue(conn, outgoing("b", kind=MailKind.REMINDER, steps=(step_key("reminder"),)), late_evening + timedelta(days=3))
        outbox.cancel(conn, "b", "has answered", late_evening + timedelta(days=4))
        outbox.enqueue(conn, outgoing("c", kind=MailKind.ACKNOWLEDGEMENT), late_evening + timedelta(days=5))

        assert outbox.last_schedule_days(conn, ZoneInfo("Europe/Helsinki")) == {"pkulttuuri2": date(2026, 2, 6)}
        newest = outbox.last_mails(conn)["elvo", "2024", "kulttuuri"]
    assert newest == (MailKind.REMINDER, late_evening + timedelta(days=4), OutboxState.CANCELLED)


def test_automatic_answers_are_counted(store: Store) -> None:
    """By person, by kind and in all, since an instant; what was cancelled was not sent."""
    with store.begin() as conn:
        outbox.enqueue(conn, outgoing("old", kind=MailKind.ACKNOWLEDGEMENT), NOW - timedelta(hours=2))
        outbox.enqueue(conn, outgoing("a", kind=MailKind.ACKNOWLEDGEMENT), NOW)
        outbox.enqueue(conn, outgoing("q", kind=MailKind.QUESTION), NOW)
        outbox.enqueue(conn, outgoing("other", kind=MailKind.QUESTION, person="pmuu"), NOW)
        outbox.enqueue(conn, outgoing("gone", kind=MailKind.QUESTION), NOW)
        outbox.enqueue(conn, outgoing("request"), NOW)
        outbox.cancel(conn, "gone", "not needed", NOW)
        hour = NOW - timedelta(hours=1)

        assert outbox.count_automatic(conn, person=None, kind=None, since=hour) == 3
        assert outbox.count_automatic(conn, person="pkulttuuri2", kind=None, since=hour) == 2
        assert outbox.count_automatic(conn, person="pkulttuuri2", kind="question", since=hour) == 1


def test_the_outbox_says_when_it_next_has_work(store: Store) -> None:
    """The earliest of: a mail to send, a lease that ends, an unknown fate past its grace."""
    with store.begin() as conn:
        assert outbox.next_due_at(conn) is None
        outbox.enqueue(conn, outgoing("a"), NOW)
        outbox.enqueue(conn, outgoing("b", not_before=NOW + timedelta(days=1)), NOW)
        assert outbox.next_due_at(conn) == NOW
        claimed = claim_one(conn)
        assert outbox.next_due_at(conn) == NOW + LEASE
        outbox.record_result(conn, claimed, "unknown", now=NOW)
        assert outbox.next_due_at(conn, grace=GRACE) == NOW + GRACE


def test_mails_are_listed_newest_first(store: Store) -> None:
    """All, or those of one state, without their bytes; the bytes on demand."""
    with store.begin() as conn:
        for number in range(3):
            outbox.enqueue(conn, outgoing(f"m{number}"), NOW + timedelta(minutes=number))
        outbox.cancel(conn, "m1", "not needed", NOW)

        assert [row.id for row in outbox.list_messages(conn, limit=2)] == ["m2", "m1"]
        assert [row.id for row in outbox.list_messages(conn, state=OutboxState.QUEUED)] == ["m2", "m0"]
        assert outbox.load_raw(conn, "m1") == outgoing("m1").raw
        assert outbox.load_message(conn, "none") is None


@pytest.mark.filterwarnings("error::sqlalchemy.exc.SAWarning")
def test_a_mail_that_cannot_be_put_in_leaves_no_savepoint_behind(store: Store) -> None:
    """An error in the middle ends the savepoint too, so that whoever catches it goes on in the same transaction, one level up."""
    with store.begin() as conn:
        outbox.enqueue(conn, outgoing("first2345678", steps=(step_key(),)), NOW)
        with pytest.raises(IntegrityError), conn.begin_nested():
            outbox.enqueue(conn, outgoing("broken345678", in_reply_to=99), NOW)  # there is no such mail
        assert not conn.in_nested_transaction()
        with pytest.raises(IntegrityError), conn.begin_nested():
            outbox.replace_stale(conn, "first2345678", outgoing("broken345678", in_reply_to=99), "said", NOW)
        assert not conn.in_nested_transaction()
        assert outbox.enqueue(conn, outgoing("second234567", steps=(step_key("reminder"),)), NOW)

    with store.read() as conn:
        assert state_of(conn, "first2345678") is OutboxState.QUEUED
        assert outbox.load_message(conn, "broken345678") is None
