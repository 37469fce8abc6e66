"""What a process does that sends or reads one mail and is killed at a given point.

`SIGKILL` runs no `finally` and no rollback of ours, as a power cut of the container does.
"""

from __future__ import annotations

import os
import signal

from reminder.domain.readings import InboundState
from reminder.store import inbox, outbox
from reminder.store.engine import Store
from tests.store.cast import INSTANCE, LEASE, NOW, incoming


def deliver(store: Store, point: str) -> None:
    """Claim, dot, result: each in its own transaction."""
    with store.begin() as conn:
        (claimed,) = outbox.claim(conn, "doomed", NOW, lease=LEASE, limit=1)
        _die(point, "claiming")
    _die(point, "claimed")
    with store.begin() as conn:
        outbox.mark_dot(conn, claimed, NOW)
        _die(point, "marking")
    _die(point, "marked")
    with store.begin() as conn:
        outbox.record_result(conn, claimed, "accepted", now=NOW)
        _die(point, "recording")
    _die(point, "recorded")


def collect(store: Store, point: str) -> None:
    """Capture, count the attempt, finish: each in its own transaction."""
    with store.begin() as conn:
        ids = inbox.capture(conn, [incoming()], instance=INSTANCE, now=NOW)
        _die(point, "capturing")
    _die(point, "captured")
    with store.begin() as conn:
        inbox.begin_attempt(conn, ids[0], NOW)
    _die(point, "attempting")
    with store.begin() as conn:
        words = {"reason": "", "parser_version": "1", "kind": "reply", "verdict": "applied", "document": "{}"}
        inbox.finish(conn, ids[0], state=InboundState.APPLIED, now=NOW, **words)
        _die(point, "finishing")
    _die(point, "finished")


def _die(point: str, here: str) -> None:
    if point == here:
        os.kill(os.getpid(), signal.SIGKILL)


def run(url: str, point: str) -> None:
    """The whole life of the process."""
    store = Store.open(url)
    deliver(store, point)
    collect(store, point)
