"""A reply on its way: written only when its hour comes, from the newest mail that the person has by then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from reminder.compose.rehearsal.views import SignKind
from reminder.sandbox.originals import Original


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The finished reply: its bytes, and the reply address of the mail that it answers."""

    raw: bytes
    to: str
    kind: SignKind


@dataclass(slots=True, kw_only=True)
class PlayedReply:
    """A mail to come. It is written once, when it is asked for first."""

    at: datetime
    sender: str
    """Envelope sender."""
    parties: tuple[tuple[str, str], ...]
    """(programme, party) for whom it speaks; empty: the coordinator."""
    write: Callable[[datetime], Written]
    _written: Written | None = field(default=None, init=False)

    def finish(self) -> Written:
        """The reply, written at the hour of its sending."""
        if self._written is None:
            self._written = self.write(self.at)
        return self._written

    @property
    def raw(self) -> bytes:
        """The bytes."""
        return self.finish().raw

    @property
    def to(self) -> str:
        """Envelope recipient."""
        return self.finish().to

    @property
    def kind(self) -> SignKind:
        """What it is on the time line."""
        return self.finish().kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A mail of ours in a person's mailbox, and the printed number of each action that it asks this party about."""

    original: Original
    numbers: dict[str, str]
    """Action to printed number."""
