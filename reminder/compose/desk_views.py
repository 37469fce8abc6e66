"""What the answer to a coordinator's commands shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from reminder.compose.views import ActionView, Heading


class DeskOutcome(StrEnum):
    """What came of a line."""

    DONE = "done"
    REFUSED = "refused"
    CODE = "code"  # waits for a code
    NOT_DONE = "not_done"  # only sounds like a command


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskLine:
    """One line of the coordinator with what came of it. The sentences are in their language."""

    line: str
    outcome: DeskOutcome
    said: str
    follows: tuple[str, ...] = ()
    undo: tuple[str, ...] = ()
    """Lines that take it back."""
    example: str = ""
    """How it would be a command."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskView:
    """The answer to a mail with commands."""

    heading: Heading
    lines: tuple[DeskLine, ...]
    note: str = ""
    """Words that are no command; kept, and said so."""
    their_subject: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeView:
    """What came of what a party has asked for, told to whoever asked."""

    heading: Heading
    what: str
    """`more_time`, `not_ours`, `deputy` or `by_phone`."""
    is_granted: bool
    words: str
    """How it was asked."""
    because: str
    due_on: date
    missing: tuple[ActionView, ...] = ()
    """What is still owed; the mail can be answered with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackView:
    """That feedback on accessibility has arrived, told to its sender. Nothing that they wrote is in it: the address may be forged."""

    heading: Heading
    due_on: date
    """The last day on which it is to be answered."""
