"""Deliver: finished bytes from the outbox to the relay.

Crash story: (1) lease, commit; SMTP outside of any transaction; `dot` committed just before the final dot; (2) result,
commit. Killed before 1: nothing. From 1 to the dot: the lease ends and the mail is sent again. From the dot to 2: the
mail is `unknown`, is not sent again at once, and any copy is byte-identical (DESIGN, decisions 13 and 14). A result that cannot be
written is kept by this process until it can (`flows/results.py`).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import partial

import structlog
from sqlalchemy import Connection

from reminder.domain.messages import MailKind, OutgoingMessage
from reminder.edges.ports import Relay, SendOutcome, SendResult
from reminder.errors import HeaderUnsound, TemporaryFailure
from reminder.flows import pacing, relay_health
from reminder.flows.edited import give_back_steps, write_anew
from reminder.flows.holding import hold_renewed
from reminder.flows.house import House
from reminder.flows.knowledge import decided_house
from reminder.flows.lanes import Delivered, Tally, run_lanes
from reminder.flows.need import Need, judge_need
from reminder.flows.own_copy import ask_for_signs
from reminder.flows.renewal import renew
from reminder.flows.results import Result, write_result, write_what_was_kept
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
BATCH = 10
WINDOWED = frozenset(kind.value for kind in MailKind if kind.keeps_window)
RENEWED = frozenset({Need.STALE, Need.OUTDATED, Need.MOVED})
"""What is cancelled for these reasons is written anew, where something of it is left to say."""


class LeaseLost(Exception):
    """Another worker holds the message now; the final dot is not sent."""


def deliver(house: House, *, limit: int | None = None, only: frozenset[str] | None = None) -> Delivered:
    """Sends what is due, of these kinds `only`, until nothing is left, the relay is in trouble, or we are told to stop. Safe to repeat.

    Raises TemporaryFailure where the disk has no room for the results, and StoreUnavailable where an earlier one still cannot be written.
    """
    write_what_was_kept(house)
    require_room_to_send(house)
    kinds = _prepare(house)
    if house.relay is None or kinds is None:
        return Delivered()
    return _send(decided_house(house), kinds if only is None else kinds & only, Tally(limit))


def deliver_test(house: House) -> Delivered:
    """Sends the test mails that wait, and nothing else: before `arm`, and also where the relay is being left alone after trouble,
    since a person asks now. Raises TemporaryFailure where the clock cannot be believed."""
    if house.relay is None:
        return Delivered()
    write_what_was_kept(house)
    now = house.clock.now()
    with house.store.begin() as conn:
        clock = control.judge_clock(conn, now)
        if clock.is_suspicious and not house.addressing.is_rehearsal:
            raise TemporaryFailure(f"{clock.reason} Nothing is sent.", advice="Set the clock of this machine right.")
        outbox.recover_leases(conn, now)
    return _send(replace(house, further_relays=(), mails_a_minute=0), frozenset({MailKind.TEST.value}), Tally())


def _send(house: House, kinds: frozenset[str], tally: Tally) -> Delivered:
    """One lane a connection, each a sender of its own under the rules that hold for several workers."""
    batch = max(1, BATCH // len(house.relays))
    run_lanes([partial(_run_lane, house, relay, kinds, tally, batch) for relay in house.relays], tally)
    return tally.delivered


def _run_lane(house: House, relay: Relay, kinds: frozenset[str], tally: Tally, batch: int) -> None:
    """Claims and sends until nothing is left, the pass is over or we are told to stop; what was claimed and not begun is given back."""
    while not (house.should_stop() or tally.is_over) and (room := tally.reserve(batch)):
        claimed = _claim(house, kinds, room, tally)
        tally.give_back(room - len(claimed or ()))
        if claimed is None:
            return
        for index, message in enumerate(claimed):
            if house.clock.now() >= message.lease_until:
                continue  # the mails before it took so long that another worker may have it by now
            _deliver_one(house, relay, message, tally)
            if tally.is_over or house.should_stop():
                _release(house, claimed[index + 1 :])
                return


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
    if not state.is_armed:
        return None
    if state.holds_everything(now):
        return frozenset({MailKind.ALERT.value}) if state.paused_because == relay_health.REFUSED_IN_A_ROW else None
    held = state.holds_schedule_mails(now)
    return frozenset(kind.value for kind in MailKind if not (held and kind.is_schedule_mail))


def _claim(house: House, kinds: frozenset[str], room: int, tally: Tally) -> tuple[Claimed, ...] | None:
    """What is due; None where nothing is, or where the relay takes no more this minute.

    Outside the sending window the mails that keep to it wait for its next opening, however often they were tried, and on another day
    where their reader has had a mail today.
    """
    now, calendar = house.clock.now(), house.setup.calendar
    opens = next_leave(calendar, house.setup.window, now, None)
    with house.store.begin() as conn:
        if opens > now and (put_off := outbox.put_off(conn, WINDOWED, opens, now)):
            log.info("the sending window is closed", waiting=put_off, until=opens.isoformat())
        pace = pacing.find_room(conn, house.mails_a_minute, now)
        room = room if pace is None else min(room, pace.mails)
        claimed = outbox.claim(conn, house.owner, now, lease=LEASE, limit=room, kinds=kinds) if room else ()
        if pace is not None and not room and outbox.is_due(conn, now, kinds):
            tally.resume_at(pace.again_at)
        if not claimed:
            return None
        today = calendar.local_day(now)
        next_turn = next_leave(calendar, house.setup.window, now, today)
        return outbox.keep_one_a_day(conn, claimed, now, began=calendar.at(today, time()), next_turn=next_turn)


def _release(house: House, rest: tuple[Claimed, ...]) -> None:
    with house.store.begin() as conn:
        for message in rest:
            outbox.release(conn, message, house.clock.now(), "the pass ended before its turn")


def _deliver_one(house: House, relay: Relay, message: Claimed, tally: Tally) -> None:
    """One mail, and its result into the tally. Trouble with the relay, a complaint about our pace and a row of refusals end the pass."""
    need = judge_need(house, message)
    if need is not Need.SEND:
        _withdraw(house, message, need)
        tally.count("cancelled")
        return
    result = Result(message=message, outcome=_submit(house, relay, message), at=house.clock.now())
    has_to_end = write_result(house, result)
    log.info("delivered", message=message.id, kind=message.kind, result=result.fate.value, code=result.outcome.code)
    if not result.outcome.retry_after:
        tally.count(result.fate.value)
    if has_to_end:
        tally.end()


def _withdraw(house: House, message: Claimed, need: Need) -> None:
    """Cancels the mail; one whose text is stale is written anew, under the same steps, and leaves in its turn.

    One that was approved is asked about again, since the coordinator has seen another text. One that cannot be written anew waits for
    a person. Where the files have moved one of its steps, all of them are decided about again.
    """
    now = house.clock.now()
    try:
        renewed = _write_anew(house, message, need, now)
    except HeaderUnsound as fault:
        with house.store.begin() as conn:
            outbox.hold_for_review(conn, message.id, f"It is not true any more, and could not be written anew: {fault.message}", now)
        log.error("a stale mail could not be written anew, a person has to look", message=message.id, reason=fault.message)
        return
    with house.store.begin() as conn:
        if renewed is None or not hold_renewed(conn, house.setup, message.id, renewed, need.value, now):
            drop = give_back_steps if need is Need.EDITED else _cancel
            drop(conn, message, need.value, now)
    log.info("withdrawn", message=message.id, why=need.name.lower())


def _write_anew(house: House, message: Claimed, need: Need, now: datetime) -> OutgoingMessage | None:
    if need is Need.EDITED:
        return write_anew(house, message, now)
    if need not in RENEWED:
        return None
    return renew(house, person=message.person, recipient=message.envelope.recipient, keys=message.steps, now=now)


def _cancel(conn: Connection, message: Claimed, reason: str, now: datetime) -> None:
    outbox.cancel(conn, message.id, reason, now)


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
