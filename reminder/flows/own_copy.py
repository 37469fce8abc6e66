"""The signs that are asked for when a mail is handed over: delivery reports, and our own copy (mail-protocol.md 2.2, decision 0022)."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime

import structlog
from sqlalchemy import Connection

from reminder.domain.messages import DeliveryReports, Envelope, MailKind
from reminder.edges.ports import SendOutcome, SendResult
from reminder.flows.house import Addressing, House
from reminder.parse.classify import plain_address
from reminder.store import control
from reminder.store.outbox import Claimed
from reminder.wire.reply_token import mint_token, plus_address

log = structlog.get_logger(__name__)

KEY = "own_copy_refused"
_FAILURES = ("FAILURE", "DELAY")


def ask_for_signs(house: House, message: Claimed) -> Envelope:
    """The envelope with what is asked of the relay. The stored one stays as it is: settings may change between two attempts.

    The envelope id is the token, which nobody can make who has not seen the mail; so a forged report names no mail of ours.
    """
    addressing, token = house.addressing, mint_token(house.addressing.keyring, message.id)
    wanted, notify = addressing.delivery_reports, tuple[str, ...]()
    if wanted is not DeliveryReports.NO:
        # Of a mail that may have gone before, a report of success is worth a mail more.
        notify = ("SUCCESS", *_FAILURES) if wanted is DeliveryReports.ALL or message.ambiguous_resends else _FAILURES
    return replace(message.envelope, copy_to=_copy_address(addressing, message, token), envelope_id=token if notify else "", notify=notify)


def _copy_address(addressing: Addressing, message: Claimed, token: str) -> str:
    """Where our own copy goes; nowhere where it is not wanted, nor of a mail that is for ourselves or is the test mail, which has one."""
    is_for_us = plain_address(message.envelope.recipient) in addressing.own_addresses
    if not addressing.confirms_by_copy or is_for_us or message.kind is MailKind.TEST:
        return ""
    own = addressing.reply_to.address
    return plus_address(own, token) if addressing.uses_plus_addresses else own


def sample_copy(addressing: Addressing) -> Envelope | None:
    """The envelope of such a copy, with a token that names no mail; None where no copies are wanted."""
    if not addressing.confirms_by_copy:
        return None
    own = addressing.reply_to.address
    return Envelope(sender=addressing.envelope_sender, recipient=plus_address(own, "check") if addressing.uses_plus_addresses else own)


def observe(conn: Connection, outcome: SendOutcome, now: datetime) -> None:
    """Notes whether the relay takes our own copies; the first mail without a refusal ends the trouble."""
    if outcome.result not in {SendResult.ACCEPTED, SendResult.UNKNOWN}:
        return
    known = _load(conn)
    if outcome.copy_refused:
        log.warning("the relay refuses our own copy", reason=outcome.copy_refused)
        since = known.get("since", now.isoformat())
        control.set_state(conn, KEY, json.dumps({"since": since, "text": outcome.copy_refused}, ensure_ascii=False))
    elif known:
        control.set_state(conn, KEY, "")


def tell_refusal(conn: Connection) -> str | None:
    """Since when the relay refuses our own copies, and its words; None where it does not. Nothing is red: the mails go out."""
    known = _load(conn)
    return f"refused since {known['since']}: {known['text']}" if known else None


def _load(conn: Connection) -> dict[str, str]:
    stored = control.get_state(conn, KEY)
    found = json.loads(stored) if stored else {}
    return found if isinstance(found, dict) else {}
