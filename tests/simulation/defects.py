"""Defects that are planted into the real code, to see that the simulation finds them: faults that such programs have had."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import ColumnElement, Connection, select, text, update

from reminder.domain.readings import InboundState
from reminder.edges.ports import FolderScan, MailSource, SendOutcome, SendResult
from reminder.flows import collect, deliver, interpret, results
from reminder.flows.house import House
from reminder.flows.need import Need
from reminder.simulation import parts
from reminder.store import content, inbox, outbox, reports
from reminder.store.engine import Store
from reminder.store.outbox import Claimed, enqueueing, leasing
from reminder.store.schema import inbound, message

Plant = Callable[[pytest.MonkeyPatch], None]


def commit_before_send(patch: pytest.MonkeyPatch) -> None:
    """The mail is written down as accepted before it is handed to the relay."""

    def submit(house: House, relay: Any, claimed: Claimed) -> SendOutcome:
        with house.store.begin() as conn:
            conn.execute(update(message).where(message.c.id == claimed.id).values(state="accepted", finished_at=house.clock.now()))
        outcome: SendOutcome = relay.send(claimed.envelope, claimed.raw, before_dot=lambda: None)
        return outcome

    patch.setattr(deliver, "_submit", submit)


def unique_key_dropped(patch: pytest.MonkeyPatch) -> None:
    """A step that has ended is not known as such any more: its key never comes twice."""
    real, numbers = enqueueing._step_row, count()

    def step_row(key: str, *args: Any, **named: Any) -> dict[str, Any]:
        row = real(key, *args, **named)
        return row | {"dedupe_key": f"{row['dedupe_key']}~{next(numbers)}"}

    patch.setattr(enqueueing, "_step_row", step_row)


def new_message_id_on_retry(patch: pytest.MonkeyPatch) -> None:
    """A further attempt gets a Message-ID of its own."""
    real = outbox.claim

    def claim(*args: Any, **named: Any) -> tuple[Claimed, ...]:
        return tuple(
            replace(one, raw=re.sub(rb"Message-ID: <", b"Message-ID: <again.", one.raw)) if one.attempts > 1 else one
            for one in real(*args, **named)
        )

    patch.setattr(outbox, "claim", claim)


def uidvalidity_ignored(patch: pytest.MonkeyPatch) -> None:
    """A UID is known, whatever UIDVALIDITY it was of."""

    def known_uids(
        conn: Connection, *, instance: str, account: str, folder: str, uidvalidity: int, uids: Collection[str] | None = None
    ) -> frozenset[str]:
        return frozenset(conn.execute(select(inbound.c.uid).where(inbound.c.account == account)).scalars())

    patch.setattr(inbox, "known_uids", known_uids)


def acknowledgement_doubled(patch: pytest.MonkeyPatch) -> None:
    """The answer is committed before the mail is marked as read, and nothing keeps a second answer out."""
    _split_apply(patch)
    _drop_on_first_use(patch, "DROP INDEX IF EXISTS uq_message_automatic_answer")


def reading_applied_twice(patch: pytest.MonkeyPatch) -> None:
    """What a mail says is committed before the mail is marked as read, and nothing keeps it from counting twice."""
    _split_apply(patch)
    real, numbers = reports._columns, count()

    def columns(assessment: Any) -> dict[str, Any]:
        return real(assessment) | {"source_key": f"again:{next(numbers)}"}

    patch.setattr(reports, "_columns", columns)


def _split_apply(patch: pytest.MonkeyPatch) -> None:
    """The end of a mail in a transaction of its own, after that of its effects."""
    real_finish, real_one = inbox.finish, interpret.interpret_one
    waiting: list[tuple[tuple[Any, ...], dict[str, Any]]] = []

    def finish(_conn: Connection, *args: Any, **named: Any) -> None:
        waiting.append((args, named))

    def interpret_one(house: House, stored: Any) -> tuple[InboundState, int]:
        waiting.clear()
        result = real_one(house, stored)
        for args, named in waiting:
            with house.store.begin() as conn:
                real_finish(conn, *args, **named)
        return result

    patch.setattr(inbox, "finish", finish)
    patch.setattr(interpret, "interpret_one", interpret_one)


def _drop_on_first_use(patch: pytest.MonkeyPatch, statement: str) -> None:
    real = parts.place_database

    def place_database(*args: Any) -> Any:
        path = real(*args)
        store = Store.open(f"sqlite:///{path}")
        with store.begin() as conn:
            conn.execute(text(statement))
        store.close()
        return path

    patch.setattr("reminder.simulation.running.place_database", place_database)


def old_epoch_accepted(patch: pytest.MonkeyPatch) -> None:
    """A result is written whoever holds the mail by now."""

    def holds(claimed: Claimed) -> ColumnElement[bool]:
        return message.c.id == claimed.id

    patch.setattr(leasing, "_holds", holds)


def expired_mail_sent(patch: pytest.MonkeyPatch) -> None:
    """What waits is sent whether or not its time has passed."""
    real = outbox.claim

    def claim(conn: Connection, *args: Any, **named: Any) -> tuple[Claimed, ...]:
        held = conn.execute(select(message.c.id, message.c.expires_at).where(message.c.state.in_(("queued", "deferred")))).all()
        conn.execute(update(message).where(message.c.id.in_([row.id for row in held])).values(expires_at=None))
        claimed = real(conn, *args, **named)
        for row in held:
            conn.execute(update(message).where(message.c.id == row.id).values(expires_at=row.expires_at))
        return claimed

    patch.setattr(outbox, "claim", claim)
    patch.setattr(outbox, "expire_stale", lambda conn, now: 0)


def moved_before_kept(patch: pytest.MonkeyPatch) -> None:
    """Mails are moved on the server first, and kept afterwards."""

    def capture_new(house: House, source: MailSource, scan: FolderScan, *_: object) -> int:
        mails = list(source.fetch(scan, collect.find_new(house, source, scan)))
        source.move_processed(scan, [mail.uid for mail in mails])
        with house.store.begin() as conn:
            return len(inbox.capture(conn, mails, instance=house.addressing.instance, now=house.clock.now()))

    patch.setattr(collect, "_capture_new", capture_new)


def dot_not_announced(patch: pytest.MonkeyPatch) -> None:
    """The final dot goes out without a word of it in the database, so a lost mail looks like one that was never sent."""
    patch.setattr(outbox, "mark_dot", lambda conn, claimed, now: True)


def trouble_of_the_relay_burns_mails(patch: pytest.MonkeyPatch) -> None:
    """A wrong password makes the mail fail."""
    real = results._final_result

    def final_result(claimed: Claimed, outcome: SendOutcome, now: datetime) -> SendResult:
        return SendResult.FAILED if outcome.result is SendResult.RELAY_REFUSED else real(claimed, outcome, now)

    patch.setattr(results, "_final_result", final_result)


def refusal_tried_again(patch: pytest.MonkeyPatch) -> None:
    """What was refused for good is deferred."""
    real = results._final_result

    def final_result(claimed: Claimed, outcome: SendOutcome, now: datetime) -> SendResult:
        return SendResult.DEFERRED if outcome.result is SendResult.FAILED else real(claimed, outcome, now)

    patch.setattr(results, "_final_result", final_result)


def high_water_mark(patch: pytest.MonkeyPatch) -> None:
    """Only UIDs above the highest known one are new."""

    def find_new(house: House, source: MailSource, scan: FolderScan) -> list[str]:
        with house.store.read() as conn:
            known = inbox.known_uids(
                conn, instance=house.addressing.instance, account=source.account, folder=scan.folder, uidvalidity=scan.uidvalidity
            )
        return [uid for uid in scan.uids if int(uid) > max(map(int, known), default=0)]

    patch.setattr(collect, "find_new", find_new)


def trace_headers_hashed(patch: pytest.MonkeyPatch) -> None:
    """A mail that is delivered twice is another mail the second time, since its trace headers differ."""
    patch.setattr(content, "_is_trace", lambda name: False)


def need_not_judged(patch: pytest.MonkeyPatch) -> None:
    """Nobody looks, just before a mail leaves, whether it is still needed."""
    patch.setattr(deliver, "judge_need", lambda house, claimed: Need.SEND)


def unknown_sent_at_once(patch: pytest.MonkeyPatch) -> None:
    """A mail that may have gone is sent again without waiting for a sign of life."""
    patch.setattr(deliver, "AMBIGUOUS_GRACE", timedelta())


DEFECTS: Mapping[str, tuple[Plant, str]] = {
    "commit before send": (commit_before_send, "O2"),
    "unique key dropped": (unique_key_dropped, "O3"),
    "new Message-ID on a retry": (new_message_id_on_retry, "O1"),
    "UIDVALIDITY ignored": (uidvalidity_ignored, "I1"),
    "acknowledgement doubled": (acknowledgement_doubled, "I2"),
    "reading applied twice": (reading_applied_twice, "I2"),
    "result of an old epoch accepted": (old_epoch_accepted, "O4"),
    "expired mail sent": (expired_mail_sent, "O7"),
    "moved before kept": (moved_before_kept, "I3"),
    "dot not announced": (dot_not_announced, "O9"),
    "trouble of the relay burns mails": (trouble_of_the_relay_burns_mails, "O11"),
    "refusal tried again": (refusal_tried_again, "O10"),
    "high-water mark of UIDs": (high_water_mark, "I1"),
    "trace headers hashed": (trace_headers_hashed, "I1"),
    "need not judged": (need_not_judged, "O7"),
    "unknown sent at once": (unknown_sent_at_once, "O9"),
}
"""Each defect with the invariant that most often shows it."""
