"""The cast of the demo: tell it each mail that was sent, and it tells which replies follow and when.

At the end the demo compares the database with `expected_facts`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from reminder.domain.assessments import Phase, TrafficLight
from reminder.sandbox.originals import read_original
from reminder.sandbox.script import CastReply, Sent, list_replies

ZONE = ZoneInfo("Europe/Helsinki")
GREEN, YELLOW, RED = TrafficLight.GREEN, TrafficLight.YELLOW, TrafficLight.RED


@dataclass(frozen=True, slots=True, kw_only=True)
class DueReply:
    """A finished reply and when it arrives. `sender` is its envelope sender, `to` the address that it is sent to."""

    at: datetime
    raw: bytes
    sender: str
    to: str
    reply: CastReply


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedFact:
    """What should stand in the database at the end."""

    light: TrafficLight | None
    phase: Phase | None = None


@dataclass(slots=True)
class Cast:
    """Plays the parties: tell it each mail that was sent, and it tells which replies follow."""

    replies: tuple[CastReply, ...] = field(default_factory=list_replies)
    seen: Counter[tuple[str, str]] = field(default_factory=Counter)

    def answer(self, raw: bytes, *, envelope_sender: str, recipient: str, at: datetime) -> tuple[DueReply, ...]:
        """The replies that a mail calls forth, earliest first. Tell each mail once.

        Raises ValueError for what is no mail of ours.
        """
        address, original = recipient.lower(), read_original(raw)
        self.seen[address, original.kind] += 1
        sent = Sent(raw=raw, envelope_sender=envelope_sender, recipient=address, original=original)
        called = [reply for reply in self.replies if (reply.recipient, reply.kind) == (address, original.kind)]
        due = [_finish(one, sent, (at + one.after).astimezone(ZONE)) for one in called if one.nth in {0, self.seen[address, original.kind]}]
        return tuple(sorted(due, key=lambda one: one.at))


def expected_facts() -> dict[tuple[str, str], ExpectedFact]:
    """By (party, printed number), what the whole script adds up to. Whatever is asked and not named here stays unanswered."""
    fact = ExpectedFact
    return {
        ("sivistysjohtaja", "2.3"): fact(light=GREEN),
        ("lukion-rehtori", "2.1"): fact(light=GREEN, phase=Phase.DONE),
        ("kulttuuripaallikko", "1.1"): fact(light=GREEN, phase=Phase.DONE),
        ("kulttuuripaallikko", "1.10"): fact(light=YELLOW),
        ("kulttuuripaallikko", "3.8"): fact(light=RED),
        ("tyollisyyspalvelupaallikko", "2.2"): fact(light=GREEN),
        ("tyollisyyspalvelupaallikko", "2.6"): fact(light=GREEN),
        ("suvimatkat", "3.2"): fact(light=GREEN),
        ("suvimatkat", "3.4"): fact(light=YELLOW),
        ("kaupunkisuunnittelupaallikko", "1.5"): fact(light=YELLOW),
        ("kaupunkisuunnittelupaallikko", "4.4"): fact(light=GREEN),
        ("matkailukoordinaattori", "3.1"): fact(light=GREEN),
        ("matkailukoordinaattori", "3.3"): fact(light=YELLOW),
        ("johtoryhma", "4.2"): fact(light=GREEN),
        ("kaupunkikehitysjohtaja", "4.3"): fact(light=YELLOW),
        ("elinvoimajaosto", "4.5"): fact(light=GREEN),
        ("suvikodit", "1.3"): fact(light=RED),
        ("infrapalvelupaallikko", "1.6"): fact(light=YELLOW),
        ("infrapalvelupaallikko", "3.6"): fact(light=GREEN),
        ("opiston-rehtori", "2.4"): fact(light=GREEN),
        ("kaupunkimarkkinointi", "3.10"): fact(light=GREEN, phase=Phase.ONGOING),
        ("kaupunkimarkkinointi", "3.11"): fact(light=None, phase=Phase.DONE),
    }


TO_THE_OFFICE = frozenset({"forged", "calendar"})
"""Shapes that go to the plain address: who knows no other, and calendar programs, which answer the organizer."""
SILENT = frozenset({"kaupunginhallitus", "rakennustarkastaja"})
"""Those who never answer."""
UNREACHABLE = frozenset({"tilapalvelupaallikko"})
"""Whose mail bounces."""


def _finish(reply: CastReply, sent: Sent, at: datetime) -> DueReply:
    is_report = reply.shape == "bounce"
    to = sent.envelope_sender if is_report else sent.original.sender if reply.shape in TO_THE_OFFICE else sent.original.reply_to
    sender = "" if is_report else sent.recipient
    return DueReply(at=at, raw=reply.build(sent, at), sender=sender, to=to, reply=reply)
