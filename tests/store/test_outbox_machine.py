"""Any order of claims, results, ended leases and decisions keeps the promises of the outbox.

The machine plays several workers, some of them late, against a model that counts what may have reached the relay.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from reminder.domain.messages import OutboxState
from reminder.store import outbox
from reminder.store.engine import Store
from reminder.store.outbox import Claimed, MessageRow
from tests.store.cast import GRACE, LEASE, NOW, outgoing, step_key

RESENDS = 2
SURE = ("failed", "deferred", "relay_down", "relay_refused", "accepted")
CLOSED = {OutboxState.ACCEPTED, OutboxState.FAILED, OutboxState.EXPIRED, OutboxState.CANCELLED}


@cache
def migrated() -> bytes:
    """The bytes of a migrated, empty database, which each game copies."""
    with tempfile.TemporaryDirectory(prefix="reminder-machine-") as folder:
        path = Path(folder) / "pattern.db"
        store = Store.open(f"sqlite:///{path}")
        store.migrate()
        store.close()
        return path.read_bytes()


class OutboxMachine(RuleBasedStateMachine):
    """`dots` counts the copies that may have left; `ambiguous` those whose answer nobody got."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="reminder-machine-"))
        path = self.folder / "a.db"
        path.write_bytes(migrated())
        self.store = Store.open(f"sqlite:///{path}")
        self.now = NOW
        self.claims: list[Claimed] = []
        self.dots: Counter[str] = Counter()
        self.answered: Counter[str] = Counter()
        self.closed: dict[str, OutboxState] = {}
        self.epochs: dict[str, int] = {}

    def teardown(self) -> None:
        """Removes the database."""
        self.store.close()
        shutil.rmtree(self.folder)

    @rule(number=st.integers(0, 3), lifetime=st.sampled_from([None, 20, 90]))
    def enqueue(self, number: int, lifetime: int | None) -> None:
        """Each step once, however often it is announced."""
        expires_at = None if lifetime is None else self.now + timedelta(minutes=lifetime)
        message = outgoing(f"mail{number}", steps=(step_key(ordinal=number),), not_before=self.now, expires_at=expires_at)
        with self.store.begin() as conn:
            known = outbox.load_message(conn, message.id) is not None
            assert outbox.enqueue(conn, message, self.now) is not known

    @rule(minutes=st.sampled_from([1, 10, 31]))
    def wait(self, minutes: int) -> None:
        """Time passes."""
        self.now += timedelta(minutes=minutes)

    @rule()
    def claim(self) -> None:
        """A worker takes what is due; each lease has a new epoch, and nothing is due past its time."""
        with self.store.begin() as conn:
            found = outbox.claim(conn, "w", self.now, lease=LEASE, limit=2)
        for claimed in found:
            assert claimed.lease_epoch > self.epochs.get(claimed.id, 0)
            assert claimed.expires_at is None or claimed.expires_at > self.now
            self.epochs[claimed.id] = claimed.lease_epoch
        self.claims += found

    @precondition(lambda self: self.claims)
    @rule(data=st.data())
    def announce_dot(self, data: st.DataObject) -> None:
        """Any worker, late or not, asks whether the dot may go."""
        claimed = data.draw(st.sampled_from(self.claims))
        with self.store.begin() as conn:
            may_go = outbox.mark_dot(conn, claimed, self.now)
        if may_go:
            assert claimed.lease_epoch == self.epochs[claimed.id]
            assert claimed.id not in self.closed
            self.dots[claimed.id] += 1

    @precondition(lambda self: self.claims)
    @rule(data=st.data(), result=st.sampled_from([*SURE, "unknown"]))
    def record(self, data: st.DataObject, result: str) -> None:
        """Any worker, late or not, says what the relay said."""
        claimed = data.draw(st.sampled_from(self.claims))
        with self.store.begin() as conn:
            before = self._row(conn, claimed.id)
            taken = outbox.record_result(conn, claimed, result, now=self.now, next_attempt_at=self.now + timedelta(minutes=1))
            after = self._row(conn, claimed.id)
        if not taken:
            assert before == after
        elif result in SURE and before.dot_at is not None:
            self.answered[claimed.id] += 1

    @precondition(lambda self: self.claims)
    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        """A worker that shuts down gives its lease back."""
        with self.store.begin() as conn:
            outbox.release(conn, data.draw(st.sampled_from(self.claims)), self.now, "shutdown")

    @rule()
    def settle(self) -> None:
        """What each round of delivering does first."""
        with self.store.begin() as conn:
            outbox.recover_leases(conn, self.now)
            outbox.requeue_unknown(conn, self.now, grace=GRACE, max_resends=RESENDS)
            outbox.expire_stale(conn, self.now)

    @rule(number=st.integers(0, 3), has_evidence=st.booleans())
    def decide(self, number: int, has_evidence: bool) -> None:
        """A person cancels, or a reply proves that the mail has arrived."""
        with self.store.begin() as conn:
            if has_evidence:
                outbox.settle_unknown_by_evidence(conn, f"mail{number}", "reply", self.now)
            else:
                outbox.cancel(conn, f"mail{number}", "not needed", self.now)

    @invariant()
    def closed_stays_closed(self) -> None:
        """Accepted, failed, expired and cancelled are final (invariant O10)."""
        with self.store.read() as conn:
            rows = outbox.list_messages(conn)
        for row in rows:
            assert self.closed.get(row.id, row.state) is row.state
            if row.state in CLOSED:
                self.closed[row.id] = row.state

    @invariant()
    def copies_are_bounded(self) -> None:
        """Invariant O4: a further copy only after an answer that said no, or as one of the allowed resends."""
        for mail, dots in self.dots.items():
            assert dots <= 1 + RESENDS + self.answered[mail]

    @invariant()
    def states_and_leases_agree(self) -> None:
        """A lease in the row if and only if the row is leased; a final mail has an end, others have none."""
        with self.store.read() as conn:
            rows = outbox.list_messages(conn)
        for row in rows:
            assert (row.lease_owner is not None) is (row.state is OutboxState.LEASED)
            assert (row.finished_at is not None) is row.state.is_final
            assert row.attempts >= 0
            assert row.ambiguous_resends <= RESENDS

    def _row(self, conn: Any, mail_id: str) -> MessageRow:
        row = outbox.load_message(conn, mail_id)
        assert row is not None
        return row


TestOutboxMachine = OutboxMachine.TestCase
TestOutboxMachine.settings = settings(max_examples=30, stateful_step_count=25, deadline=None)
