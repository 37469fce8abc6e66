"""A relay that obeys the contract of `ports.Relay`, answers as the fates will have it, and remembers what it really took."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from reminder.domain.messages import Envelope
from reminder.edges.ports import SendOutcome, SendResult
from reminder.simulation.journal import Talk
from reminder.simulation.world import World

_MESSAGE_ID = re.compile(rb"^Message-ID:\s*(<[^>]+>)", re.MULTILINE | re.IGNORECASE)
_BEFORE_DOT = {
    "relay down": SendOutcome(result=SendResult.RELAY_DOWN, text="no connection"),
    "relay refuses us": SendOutcome(result=SendResult.RELAY_REFUSED, code=535, text="5.7.8 the password is wrong"),
    "later": SendOutcome(result=SendResult.DEFERRED, code=451, text="4.7.1 try again later"),
    "refused for good": SendOutcome(result=SendResult.FAILED, code=550, text="5.1.1 no such user"),
}
_TAKEN = SendOutcome(result=SendResult.ACCEPTED, code=250, text="OK")
_LOST = SendOutcome(result=SendResult.UNKNOWN, text="the answer to the dot was lost")
LONG = "relay down for long"
HOURS_AWAY = (6, 20, 50, 100)
TALK = timedelta(seconds=2)
FREEZE = timedelta(minutes=50)
"""Longer than a lease and the grace of an unknown mail together: another worker has all of it settled meanwhile."""


def find_message_id(raw: bytes) -> str:
    """The Message-ID of a mail as it is written; empty where there is none."""
    found = _MESSAGE_ID.search(raw)
    return found.group(1).decode("ascii", "replace") if found else ""


class SimulatedRelay:
    """The relay as one incarnation of one worker reaches it. Each mail that it takes is handed to `take`."""

    def __init__(self, world: World, incarnation: int, worker: str, take: Callable[[Talk], None]) -> None:
        self._world = world
        self._incarnation = incarnation
        self._worker = worker
        self._take = take

    def send(self, envelope: Envelope, raw: bytes, *, before_dot: Callable[[], None]) -> SendOutcome:
        """As `ports.Relay`; a bare line end and an unsound address fail as they do on the wire."""
        world = self._world
        world.fence(self._incarnation)
        talk = Talk(at=world.now(), worker=self._worker, recipient=envelope.recipient, raw=raw, message_id=find_message_id(raw))
        world.journal.talks.append(talk)
        world.point("before the talk with the relay")
        outcome = self._refuse(envelope, raw) or self._submit(talk, before_dot)
        talk.result, talk.ended_at = outcome.result.value, world.now()
        world.note(f"relay: {talk.result} to {envelope.recipient}")
        world.pending_talk = talk
        world.point("after the answer of the relay")
        return outcome

    def close(self) -> None:
        """There is no connection to end."""

    def _refuse(self, envelope: Envelope, raw: bytes) -> SendOutcome | None:
        if not envelope.recipient or any(mark in envelope.sender + envelope.recipient for mark in "\r\n <>"):
            return SendOutcome(result=SendResult.FAILED, text="unsound address")
        rest = raw.replace(b"\r\n", b"")
        if b"\r" in rest or b"\n" in rest:
            return SendOutcome(result=SendResult.FAILED, text="bare line end")
        if self._is_away():
            return _BEFORE_DOT["relay down"]
        return next((outcome for kind, outcome in _BEFORE_DOT.items() if self._world.strikes(kind)), None)

    def _is_away(self) -> bool:
        """Whether it is out of reach for hours or days, in which parties answer what waits to be asked."""
        world = self._world
        if world.strikes(LONG):
            world.relay_back_at = world.now() + timedelta(hours=world.fates.random.choice(HOURS_AWAY))
        return world.relay_back_at is not None and world.fates.has(LONG) and world.now() < world.relay_back_at

    def _submit(self, talk: Talk, before_dot: Callable[[], None]) -> SendOutcome:
        world = self._world
        self._freeze("worker frozen before the dot", talk)
        before_dot()
        talk.was_announced = True
        world.point("after the dot was announced, before it went out")
        if world.strikes("answer lost, not taken"):
            return _LOST
        world.clock.advance(TALK)
        talk.was_taken, talk.taken_at = True, world.now()
        self._take(talk)
        world.point("after the dot, the answer lost")
        self._freeze("worker frozen after the dot", talk)
        return _LOST if world.strikes("answer lost, taken") else _TAKEN

    def _freeze(self, kind: str, talk: Talk) -> None:
        world = self._world
        if world.meanwhile is None or not world.strikes(kind):
            return
        talk.was_frozen = True
        meanwhile, world.meanwhile = world.meanwhile, None  # the other worker is not frozen too
        try:
            for _ in range(2):
                world.clock.advance(FREEZE / 2)
                meanwhile()
        finally:
            world.meanwhile = meanwhile
        world.pending_talk = None
        world.note("the frozen worker goes on")
