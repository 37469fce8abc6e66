"""A year at high speed: a moving clock, real servers on loopback, and parties who answer. The demo and the tests run on it.

The clock jumps from one moment at which something happens to the next; nothing is skipped and nothing waits in real time.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Protocol

from jinja2 import BaseLoader

from reminder.edges.clock import ManualClock
from reminder.flows.house import House
from reminder.flows.knowledge import load_knowledge
from reminder.flows.tick import Ticked, tick
from reminder.plan.deciding import next_wakeup
from reminder.sandbox.servers import SentMail
from reminder.store import outbox

SHORTEST_STEP = timedelta(minutes=1)
"""The clock always moves on, also where something stays due, such as a mail that the relay has put off."""


class Arriving(Protocol):
    """A mail on its way to our inbox."""

    @property
    def at(self) -> datetime:
        """When it arrives."""
        ...

    @property
    def raw(self) -> bytes:
        """The bytes."""
        ...

    @property
    def sender(self) -> str:
        """Envelope sender."""
        ...

    @property
    def to(self) -> str:
        """Envelope recipient."""
        ...


class World(Protocol):
    """Mail servers that take what we send and hold what we read: embedded ones, or real ones in the tests."""

    host: str
    smtp_port: int
    imap_port: int
    user: str
    password: str

    @property
    def sent(self) -> Sequence[SentMail]:
        """Every mail that was taken so far, in order."""
        ...

    def deliver(self, raw: bytes, *, when: datetime, recipient: str = "", sender: str = "") -> None:
        """Puts a mail into the INBOX with `when` as its INTERNALDATE."""
        ...


Answer = Callable[[SentMail, datetime], Iterable[Arriving]]
"""Told each mail that was sent, tells which mails follow from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What happened at one instant."""

    at: datetime
    done: Ticked
    sent: tuple[SentMail, ...]
    arrived: tuple[Arriving, ...]


@dataclass(slots=True, kw_only=True)
class Rehearsal:
    """Runs a house through time. `answer` plays the parties."""

    house: House
    clock: ManualClock
    world: World
    templates: BaseLoader
    answer: Answer
    _arriving: list[tuple[datetime, int, Arriving]] = field(default_factory=list)
    _order: Iterator[int] = field(default_factory=count)
    _told: int = 0

    def run(self, until: datetime) -> Iterator[Moment]:
        """The moments up to `until`, each after it has happened."""
        while (instant := self._next_instant()) is not None and instant <= until:
            self.clock.set(instant)
            arrived = tuple(self._deliver_due(instant))
            done = tick(self.house, self.templates)
            yield Moment(at=instant, done=done, sent=self._hear_of_sent(instant), arrived=arrived)

    def _next_instant(self) -> datetime | None:
        now = self.clock.now()
        with self.house.store.read() as conn:
            knowledge = load_knowledge(conn, self.house.setup, now)
            due = outbox.next_due_at(conn)
        planned = next_wakeup(self.house.setup, knowledge.timeline(), knowledge.plan_state(), now)
        arriving = self._arriving[0][0] if self._arriving else None
        instants = [instant for instant in (due, planned, arriving) if instant is not None]
        return max(min(instants), now + SHORTEST_STEP) if instants else None

    def _deliver_due(self, now: datetime) -> Iterator[Arriving]:
        while self._arriving and self._arriving[0][0] <= now:
            _, _, mail = heapq.heappop(self._arriving)
            self.world.deliver(mail.raw, when=mail.at, recipient=mail.to, sender=mail.sender)
            yield mail

    def _hear_of_sent(self, now: datetime) -> tuple[SentMail, ...]:
        new = self.world.sent[self._told :]
        self._told += len(new)
        for mail in new:
            for reply in self.answer(mail, now):
                heapq.heappush(self._arriving, (reply.at, next(self._order), reply))
        return tuple(new)
