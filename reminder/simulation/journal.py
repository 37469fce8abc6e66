"""What really happened, written by the world and never by the program: the truth that the invariants are checked against."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(slots=True, kw_only=True)
class Talk:
    """One SMTP transaction as the relay saw it."""

    at: datetime
    worker: str
    recipient: str
    raw: bytes
    message_id: str
    ended_at: datetime | None = None
    result: str = "cut"
    """What the program was told; `cut` where it died or lost its lease in the middle."""
    was_announced: bool = False
    """Whether the program had said that the final dot goes out."""
    was_taken: bool = False
    taken_at: datetime | None = None
    was_frozen: bool = False
    """Whether its answer came so late that the program had to act without it."""
    was_recorded: bool = False
    """Whether the program committed the result."""

    @property
    def is_ambiguous(self) -> bool:
        """Whether the program cannot know if the mail was taken: the answer was lost, or it died with it."""
        return self.was_announced and (self.result in {"unknown", "cut"} or self.was_frozen or not self.was_recorded)


@dataclass(slots=True, kw_only=True)
class Letter:
    """One mail in our mailbox: what it truly says. `said` is the light by printed number; empty where it must have no effect."""

    number: int
    at: datetime
    kind: str
    sender: str
    raw: bytes
    uid: str
    said: Mapping[str, str] = field(default_factory=dict)
    was_shown: bool = False
    """Whether the program has seen its identity in a listing."""
    was_moved: bool = False
    has_vanished: bool = False
    """Another client deleted it, or took it away."""
    is_poison: bool = False


@dataclass(slots=True)
class Journal:
    """All of it, in order."""

    talks: list[Talk] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    crashes: list[str] = field(default_factory=list)
    points: Counter[str] = field(default_factory=Counter)
    """How often each crash point was passed."""
    faults: Counter[str] = field(default_factory=Counter)
    """How often each kind of fault has struck."""
    states: Counter[str] = field(default_factory=Counter)
    """In which states mails were seen after a step, ours as `out …`, theirs as `in …`."""
    versions: set[str] = field(default_factory=set)
    """The versions of the files that were sound."""
    broken_edits: int = 0
    set_backs: list[tuple[int, datetime]] = field(default_factory=list)
    """Each time the clock was set back: after how many talks, and to when."""
    pages: list[Mapping[str, bytes]] = field(default_factory=list)
    logs: Sequence[Mapping[str, Any]] = ()
    """What the program has logged."""
    trace: list[str] = field(default_factory=list)

    @property
    def taken(self) -> list[Talk]:
        """The transactions whose mail the relay took."""
        return [talk for talk in self.talks if talk.was_taken]

    def may_follow(self, talk: Talk, instant: datetime) -> bool:
        """Whether what bears this instant may have come after the talk, though it looks earlier: the clock was set back in between."""
        place = self.talks.index(talk)
        return any(talks > place and instant >= to for talks, to in self.set_backs)
