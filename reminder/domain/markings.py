"""A mail with its text marked: who wrote each stretch of it, what was taken from it, and what was not read, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from reminder.domain.assessments import Phase, TrafficLight


class Role(StrEnum):
    """What a stretch of a mail is to the reader."""

    TAKEN = "taken"  # an answer was taken from it
    ASKED = "asked"  # it was read, not understood, and asked back
    OURS = "ours"  # we wrote it; subtracted
    OWN = "own"  # the sender's own words that belong to no action
    CLIENT = "client"  # header lines, rules and attributions that a mail program put there
    EARLIER = "earlier"  # an older mail below the one that is answered
    QUOTED = "quoted"  # a quotation that is nobody's answer
    SIGNATURE = "signature"  # a closing formula, and what follows it or a signature mark

    @property
    def is_read(self) -> bool:
        """Whether it is the sender's own and was read."""
        return self in {Role.TAKEN, Role.ASKED, Role.OWN}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """The action that a stretch speaks of. `number` is empty where it speaks of none, such as a sweep that covers nothing."""

    number: str
    light: TrafficLight | None = None
    phase: Phase | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A piece of one line."""

    text: str
    role: Role
    marks: tuple[Mark, ...] = ()
    """For `taken` and `asked`: the actions that it speaks of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedLine:
    """One line without its quotation marks, which `depth` counts. Numbers count from 1, as in `Place`."""

    number: int
    depth: int
    stretches: tuple[Stretch, ...]

    @property
    def text(self) -> str:
        """The whole line."""
        return "".join(stretch.text for stretch in self.stretches)


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedBody:
    """The lines of one part of the mail. `source` is `text` or `html`."""

    source: str
    lines: tuple[MarkedLine, ...]
