"""What the answer to one mail says of the relay as a whole: it is down, it throttles us, it refuses us, it has been down for days."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from reminder.edges.ports import SendOutcome, SendResult
from reminder.flows import pacing, relay_health
from reminder.flows.alerting import post_alert
from reminder.flows.house import House
from reminder.flows.relay_words import down_texts, refused_texts
from reminder.store import control, outbox

log = structlog.get_logger(__name__)

GIVE_UP_AFTER = timedelta(days=5)
"""RFC 5321 section 4.5.4.1: the give-up time generally needs to be at least 4 to 5 days."""
IN_A_ROW = 3
"""So many refusals by policy without a mail that was taken between them say something of us, and not of an address."""
GIVEN_UP = "The relay took no mails for five days, so it was never sent."
_POLICY = re.compile(r"^\W*5\.7\.\d+|\b(?:spam|policy|block(?:ed|list)|blacklist|reputation)\b", re.IGNORECASE)
_TROUBLE = frozenset({SendResult.RELAY_DOWN, SendResult.RELAY_REFUSED})


def note_outcome(conn: Connection, house: House, outcome: SendOutcome, now: datetime) -> bool:
    """Remembers it, in the transaction that records the result; whether the pass has to end."""
    relay_health.observe(conn, outcome, now)
    if outcome.is_throttled:
        pacing.slow_down(conn, house.mails_a_minute, outcome.text, now)
    if outcome.result in _TROUBLE or outcome.retry_after:
        _note_trouble(conn, house, now)
        return True
    is_refused = outcome.result is SendResult.FAILED and is_policy(outcome.text) and _stop_where_refused(conn, house, outcome, now)
    return outcome.is_throttled or is_refused


def is_policy(text: str) -> bool:
    """Whether a refusal for good speaks of the sender and not of the address (RFC 3463, 3.8)."""
    return bool(_POLICY.search(text))


def _note_trouble(conn: Connection, house: House, now: datetime) -> None:
    """After half an hour the coordinator is written to, though that mail waits too; after five days what is old is given up."""
    trouble = relay_health.load_trouble(conn)
    if trouble is None:
        return
    since = datetime.fromisoformat(trouble["since"])
    if trouble["count"] == "1":
        log.warning("the relay takes no mails", result=trouble["result"], text=trouble["text"])
    if relay_health.claim_alert(conn, trouble, now):
        log.error("the relay has taken no mails for half an hour", since=trouble["since"], text=trouble["text"])
        post_alert(conn, house, down_texts(trouble["text"]), since, now)
    if now - since >= GIVE_UP_AFTER and (count := outbox.give_up(conn, now - GIVE_UP_AFTER, GIVEN_UP, now)):
        log.error("mails were given up, since the relay has taken none for five days", mails=count)


def _stop_where_refused(conn: Connection, house: House, outcome: SendOutcome, now: datetime) -> bool:
    """Pauses everything but alerts where the newest mails were all refused by policy; whether it did."""
    newest = outbox.newest_fates(conn, IN_A_ROW)
    if len(newest) < IN_A_ROW or not all(one.result == "failed" and is_policy(one.text) for one in newest):
        return False
    control.pause(conn, now, everything=True, because=relay_health.REFUSED_IN_A_ROW)
    post_alert(conn, house, refused_texts(f"{outcome.code} {outcome.text}"), min(one.started_at for one in newest), now)
    log.error("the relay refuses mails in a row by policy; sending is paused", code=outcome.code, text=outcome.text)
    return True
