"""A stored mail as it was read before, and how it is read now: the ground of replaying, accepting and rejecting."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection

from reminder.domain.readings import SENDERS_RULE, InboundState, Reading, ReadingCause, StoredMail, Trust, Verdict
from reminder.errors import UsageFailure
from reminder.flows.house import House
from reminder.flows.understanding import Understood, understand
from reminder.store import inbox, people
from reminder.store.inbox import InboundRow

_MAY_SPEAK = frozenset({Trust.LISTED.value, Trust.DEPUTY.value, Trust.DOMAIN.value, Trust.STRANGER.value})
ERASED = "The sender was erased; the mail is read as one of theirs."
NO_LONGER_LISTED = "The sender may no longer speak for this party; the mail is read as it was judged then."


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """How a mail stands: its newest reading, and why it cannot be read again where it cannot."""

    row: InboundRow
    kept: StoredMail | None = None
    generation: int = -1
    """-1: it was never read to its end."""
    parser_version: str = ""
    cause: ReadingCause = ReadingCause.READ
    kind: str = ""
    verdict: str = ""
    document: Mapping[str, Any] = field(default_factory=dict)
    refusal: str | None = None

    @property
    def stored(self) -> StoredMail:
        """The mail with its bytes. Raises UsageFailure where they are no longer kept."""
        if self.kept is None or not self.kept.mail.raw:
            raise UsageFailure(f"The bytes of mail {self.row.id} are no longer kept.", advice="What was recorded of it stays.")
        return self.kept

    @property
    def is_by_hand(self) -> bool:
        """Whether a person has decided about it."""
        return self.cause.is_by_hand

    @property
    def asked(self) -> frozenset[tuple[str, str]]:
        """The questions that were asked back, as (number, reason)."""
        return frozenset((str(ask["action"]), str(ask["reason"])) for ask in self.document.get("ask_back", ()))

    @property
    def missing(self) -> frozenset[str]:
        """The printed numbers that were missing."""
        return frozenset(str(number) for number in self.document.get("missing", ()))

    @property
    def parties(self) -> frozenset[str]:
        """The parties for which it was taken to speak."""
        return frozenset(str(answer["party"]) for answer in self.document.get("answers", ()))


def load_before(conn: Connection, number: int) -> Before:
    """How a mail stands. Raises UsageFailure for a number that there is not."""
    row = inbox.find_inbound(conn, number)
    if row is None:
        raise UsageFailure(f"There is no mail {number} in the inbox.", advice="`reminder inbox list` shows them.")
    readings = inbox.load_readings(conn, number)
    before = Before(row=row, kept=inbox.load_inbound(conn, number))
    if readings:
        newest = readings[0]
        before = replace(
            before,
            generation=newest.generation,
            parser_version=newest.parser_version,
            cause=newest.cause,
            kind=newest.kind,
            verdict=newest.verdict,
            document=json.loads(newest.document),
        )
    return replace(before, refusal=_find_refusal(before))


def _find_refusal(before: Before) -> str | None:
    if before.row.state is InboundState.DUPLICATE and before.row.duplicate_of is not None:
        return f"It is the same mail as number {before.row.duplicate_of}."
    if before.row.state is InboundState.CAPTURED:
        return "It has not been read yet; `reminder interpret` does."
    if "orders" in before.document:
        return "It holds commands; they were carried out once and are not again."
    if before.is_by_hand:
        return "Decided by a person."
    if before.kept is None or not before.kept.mail.raw:
        return "Its bytes are no longer kept; what was recorded of it stays."
    return None


def understand_as_then(house: House, before: Before) -> tuple[Understood, tuple[str, ...]]:
    """The mail as today's parser reads it, and remarks.

    Who may speak was judged when it came: that a contact has left or was erased since takes nothing back of what they said.
    No transaction is open while it is read. Raises ReadingFailed where it breaks the reader.
    """
    stored = before.stored
    raw, received_at = stored.mail.raw, stored.mail.internal_date
    understood = understand(house, raw, received_at)
    then = before.document.get("sender") or {}
    person = str(then.get("person") or "")
    with house.store.read() as conn:
        notes = [ERASED] if person and people.find_address(conn, person) is None else []
    sender = understood.reading.sender
    may_not_speak = sender is not None and (sender.trust is Trust.STRANGER or SENDERS_RULE in understood.reading.rules)
    is_unknown_now = may_not_speak and understood.reading.verdict is Verdict.HELD
    could_speak = then.get("trust") in _MAY_SPEAK and before.verdict in {Verdict.APPLIED.value, Verdict.ASKED_BACK.value}
    if is_unknown_now and could_speak:
        asked = {item.party for item in understood.answered.items} if understood.answered else set()
        parties = before.parties or frozenset(asked)
        was_provisional = any(answer.get("provisional") for answer in before.document.get("answers", ()))
        understood = understand(house, raw, received_at, vouched=parties)
        understood = replace(understood, reading=_as_then(understood.reading, then, is_provisional=was_provisional))
        notes = notes or [NO_LONGER_LISTED]
    return understood, tuple(notes)


def _as_then(reading: Reading, then: Mapping[str, Any], *, is_provisional: bool) -> Reading:
    """The reading with the sender's trust and pseudonym of then."""
    answers = tuple(replace(answer, is_provisional=is_provisional) for answer in reading.answers)
    if reading.sender is None:
        return replace(reading, answers=answers)
    sender = replace(reading.sender, trust=Trust(then["trust"]), person=reading.sender.person or str(then.get("person") or ""))
    return replace(reading, answers=answers, sender=sender)


def is_like_then(before: Before, reading: Reading) -> bool:
    """Whether kind, verdict, questions and what is missing are those of the earlier reading; its answers are compared as facts."""
    asked = frozenset((ask.number, ask.reason.value) for ask in reading.ask_back)
    missing = frozenset(item.number for item in reading.missing)
    is_same_mail = (before.kind, before.verdict) == (reading.kind.value, reading.verdict.value)
    return is_same_mail and asked == before.asked and missing == before.missing
