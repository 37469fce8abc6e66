"""Deliver: finished bytes from the outbox to the relay.

Crash story: (1) lease, commit; SMTP outside of any transaction; `dot` committed just before the final dot; (2) result,
commit. Killed before 1: nothing. From 1 to the dot: the lease ends and the mail is sent again. From the dot to 2: the
mail is `unknown`, is not sent again at once, and any copy is byte-identical (DESIGN, decisions 13 and 14).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, time, timedelta

import structlog
from sqlalchemy import Connection

from reminder.domain.messages import MailKind
from reminder.edges.ports import Relay, SendOutcome, SendResult
from reminder.errors import HeaderUnsound, TemporaryFailure
from reminder.flows import own_copy, relay_health
from reminder.flows.holding import hold_renewed
from reminder.flows.house import House
from reminder.flows.need import Need, judge_need
from reminder.flows.own_copy import ask_for_signs
from reminder.flows.renewal import renew
from reminder.flows.room import require_room_to_send
from reminder.plan.leaving import next_leave
from reminder.store import approvals, control, outbox
from reminder.store.control import Control
from reminder.store.outbox import Claimed
from reminder.store.repeating import transact

log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=15)
AMBIGUOUS_GRACE = timedelta(minutes=30)
MAX_AMBIGUOUS_RESENDS = 2
GIVE_UP_AFTER = timedelta(days=5)
"""RFC 5321 section 4.5.4.1: the give-up time generally needs to be at least 4 to 5 days."""
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60, 120, 240))
BATCH = 10
WINDOWED = frozenset(kind.value for kind in MailKind if kind.keeps_window)
RENEWED = frozenset({Need.STALE, Need.OUTDATED, Need.MOVED})
"""What is cancelled for these reasons is written anew, where something of it is left to say."""


class LeaseLost(Exception):
    """Another worker holds the message now; the final dot is not sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What one pass did, counted by result."""

    accepted: int = 0
    deferred: int = 0
    failed: int = 0
    unknown: int = 0
    cancelled: int = 0

    def plus(self, word: str) -> Delivered:
        """One more of this result."""
        counts = {name: getattr(self, name) for name in self.__slots__}
        counts[word] += 1
        return Delivered(**counts)


def deliver(house: House, *, limit: int | None = None, only: frozenset[str] | None = None) -> Delivered:
    """Sends what is due, of these kinds `only`, until nothing is left, the relay is in trouble, or we are told to stop. Safe to repeat.

    Raises TemporaryFailure where the disk has no room for the results.
    """
    relay = house.relay
    require_room_to_send(house)
    kinds = _prepare(house)
    if relay is None or kinds is None:
        return Delivered()
    return _send(house, relay, kinds if only is None else kinds & only, limit)


def deliver_test(house: House) -> Delivered:
    """Sends the test mails that wait, and nothing else: before `arm`, and also where the relay is being left alone after trouble,
    since a person asks now. Raises TemporaryFailure where the clock cannot be believed."""
    if house.relay is None:
        return Delivered()
    now = house.clock.now()
    with house.store.begin() as conn:
        clock = control.judge_clock(conn, now)
        if clock.is_suspicious and not house.addressing.is_rehearsal:
            raise TemporaryFailure(f"{clock.reason} Nothing is sent.", advice="Set the clock of this machine right.")
        outbox.recover_leases(conn, now)
    return _send(house, house.relay, frozenset({MailKind.TEST.value}), None)


def _send(house: House, relay: Relay, kinds: frozenset[str], limit: int | None) -> Delivered:
    total = Delivered()
    while not house.should_stop() and (limit is None or sum_of(total) < limit):
        room = BATCH if limit is None else min(BATCH, limit - sum_of(total))
        claimed = _claim(house, kinds, room)
        if claimed is None:
            break
        for index, message in enumerate(claimed):
            if house.clock.now() >= message.lease_until:
                continue  # the mails before it took so long that another worker may have it by now
            word = _deliver_one(house, relay, message)
            total = total.plus(word) if word is not None else total
            if word is None or house.should_stop():
                _release(house, claimed[index + 1 :])
                return total
    return total


def sum_of(delivered: Delivered) -> int:
    """How many mails a pass dealt with."""
    return delivered.accepted + delivered.deferred + delivered.failed + delivered.unknown + delivered.cancelled


def _prepare(house: House) -> frozenset[str] | None:
    """Settles what an earlier process left behind; the kinds that may go now, or None where nothing may.

    The clock is judged first: one that is a year ahead would end every lease and let every mail expire.
    """
    now = house.clock.now()
    with house.store.begin() as conn:
        clock = control.observe_clock(conn, now)
        if clock.is_suspicious and not house.addressing.is_rehearsal:
            log.error("the clock is not sane, nothing is sent", reason=clock.reason)
            return None
        recovered = outbox.recover_leases(conn, now)
        outbox.requeue_unknown(conn, now, grace=AMBIGUOUS_GRACE, max_resends=MAX_AMBIGUOUS_RESENDS)
        outbox.expire_stale(conn, now)
        approvals.expire_empty(conn, now)
        state = control.load_control(conn)
        may_try = relay_health.may_try(conn, now)
    if recovered.requeued or recovered.unknown:
        log.warning("recovered", requeued=recovered.requeued, unknown=recovered.unknown)
    return allowed_kinds(state, now) if may_try else None


def allowed_kinds(state: Control, now: datetime) -> frozenset[str] | None:
    """Arm and pause hold schedule mails only; `pause --all` holds everything (DESIGN, decision 11)."""
    if not state.is_armed or state.holds_everything(now):
        return None
    held = state.holds_schedule_mails(now)
    return frozenset(kind.value for kind in MailKind if not (held and kind.is_schedule_mail))


def _claim(house: House, kinds: frozenset[str], room: int) -> tuple[Claimed, ...] | None:
    """What is due, None where nothing is. Outside the sending window the mails that keep to it wait for its next opening, however
    often they were tried, and on another day where their reader has had a mail today."""
    now, calendar = house.clock.now(), house.setup.calendar
    opens = next_leave(calendar, house.setup.window, now, None)
    with house.store.begin() as conn:
        if opens > now and (put_off := outbox.put_off(conn, WINDOWED, opens, now)):
            log.info("the sending window is closed", waiting=put_off, until=opens.isoformat())
        claimed = outbox.claim(conn, house.owner, now, lease=LEASE, limit=room, kinds=kinds)
        if not claimed:
            return None
        today = calendar.local_day(now)
        next_turn = next_leave(calendar, house.setup.window, now, today)
        return outbox.keep_one_a_day(conn, claimed, now, began=calendar.at(today, time()), next_turn=next_turn)


def _release(house: House, rest: tuple[Claimed, ...]) -> None:
    with house.store.begin() as conn:
        for message in rest:
            outbox.release(conn, message, house.clock.now(), "the pass ended before its turn")


def _deliver_one(house: House, relay: Relay, message: Claimed) -> str | None:
    """One mail; the word for its result, or None where the relay is in trouble and the pass ends."""
    need = judge_need(house, message)
    if need is not Need.SEND:
        _withdraw(house, message, need)
        return "cancelled"
    outcome = _submit(house, relay, message)
    now = house.clock.now()
    result = _final_result(message, outcome, now)

    def record(conn: Connection) -> bool:
        relay_health.observe(conn, outcome, now)
        own_copy.observe(conn, outcome, now)
        later = _next_attempt(message, result, now)
        return outbox.record_result(conn, message, result.value, now=now, code=outcome.code, text=outcome.text, next_attempt_at=later)

    # After the dot the answer is worth some patience: what is not recorded is sent once more. The epoch keeps it from counting twice.
    if not transact(house.store, record, is_harmless_again=True):
        log.warning("the result came too late, another worker has this mail by now", message=message.id, result=result.value)
    log.info("delivered", message=message.id, kind=message.kind, result=result.value, code=outcome.code)
    return None if result in {SendResult.RELAY_DOWN, SendResult.RELAY_REFUSED} or outcome.retry_after else result.value


def _withdraw(house: House, message: Claimed, need: Need) -> None:
    """Cancels the mail; one whose text is stale is written anew, under the same steps, and leaves in its turn.

    One that was approved is asked about again, since the coordinator has seen another text. One that cannot be written anew waits for
    a person.
    """
    now = house.clock.now()
    recipient = message.envelope.recipient
    try:
        renewed = renew(house, person=message.person, recipient=recipient, keys=message.steps, now=now) if need in RENEWED else None
    except HeaderUnsound as fault:
        with house.store.begin() as conn:
            outbox.hold_for_review(conn, message.id, f"It is not true any more, and could not be written anew: {fault.message}", now)
        log.error("a stale mail could not be written anew, a person has to look", message=message.id, reason=fault.message)
        return
    with house.store.begin() as conn:
        if renewed is None or not hold_renewed(conn, house.setup, message.id, renewed, need.value, now):
            outbox.cancel(conn, message.id, need.value, now)
    log.info("withdrawn", message=message.id, why=need.name.lower())


def _submit(house: House, relay: Relay, message: Claimed) -> SendOutcome:
    def before_dot() -> None:
        require_room_to_send(house)
        now = house.clock.now()
        is_ours = transact(
            house.store,
            lambda conn: outbox.mark_dot(conn, message, now),
            confirm=lambda conn: True if outbox.has_dot(conn, message) else None,
        )
        if not is_ours:
            raise LeaseLost

    try:
        return relay.send(ask_for_signs(house, message), message.raw, before_dot=before_dot)
    except LeaseLost:
        return SendOutcome(result=SendResult.DEFERRED, text="the lease was lost before the final dot")


def _final_result(message: Claimed, outcome: SendOutcome, now: datetime) -> SendResult:
    is_too_old = now - max(message.created_at, message.not_before) > GIVE_UP_AFTER
    return SendResult.FAILED if outcome.result is SendResult.DEFERRED and is_too_old else outcome.result


def _next_attempt(message: Claimed, result: SendResult, now: datetime) -> datetime | None:
    """When to try again: 1, 5, 15, 30, 60 minutes, then 2 and 4 hours, ±20 % by the message's own id (mail-protocol 2.3)."""
    if result in {SendResult.RELAY_DOWN, SendResult.RELAY_REFUSED}:
        return now
    if result is not SendResult.DEFERRED:
        return None
    step = BACK_OFF[min(message.attempts, len(BACK_OFF)) - 1]
    digest = hashlib.sha256(f"{message.id}/{message.attempts}".encode()).digest()
    return now + step * (0.8 + 0.4 * digest[0] / 255)
