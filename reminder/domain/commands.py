"""What a coordinator can order by mail: closed verbs with their objects, as read and before anything of it is looked up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from reminder.domain.assessments import Phase, TrafficLight
from reminder.domain.rounds import StepKind
from reminder.domain.workdays import Unit


class Verb(StrEnum):
    """What is to be done. The names are those of the command line, where it has the same."""

    ACCEPT = "accept"
    REJECT = "reject"
    DISCARD = "discard"
    ANSWERED = "answered"  # feedback on accessibility
    RECORD = "record"
    EXTEND = "extend"
    WAIVE = "waive"
    REMIND = "remind"
    PAUSE = "pause"
    RESUME = "resume"
    RELEASE = "release"
    CANCEL = "cancel"
    SETTLE = "settle"  # a mail of which nobody knew whether it had gone has arrived
    CLOSE = "close"
    REOPEN = "reopen"
    APPROVE = "approve"  # previews
    STOP = "stop"  # the opposite of it
    REFUSE = "refuse"  # what a party asked for
    CONTACT = "contact"
    DEPUTY = "deputy"
    HAND_OVER = "hand_over"
    PUBLISH = "publish"  # the words of parties
    CORRECT = "correct"
    STATUS = "status"
    REPORT = "report"
    TAKE_BACK = "take_back"

    @property
    def needs_code(self) -> bool:
        """Whether it is done only after a code was sent back (decision 0029)."""
        return self in {Verb.CLOSE, Verb.REOPEN, Verb.HAND_OVER}

    @property
    def names_address(self) -> bool:
        """Whether a person is named by their address."""
        return self in {Verb.CONTACT, Verb.DEPUTY, Verb.HAND_OVER}


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One line of a coordinator's mail that orders something."""

    verb: Verb
    line: str
    """As it was written."""
    mails: tuple[int, ...] = ()
    """Numbers of the inbox."""
    messages: tuple[str, ...] = ()
    """Ids of the outbox."""
    actions: tuple[str, ...] = ()
    """Printed numbers of actions."""
    party: str = ""
    """The words that name a party, as written and in whatever case; empty where none is named."""
    until: date | None = None
    count: int = 0
    unit: Unit | None = None
    """With `count`: how much more time, where no day is named."""
    light: TrafficLight | None = None
    phase: Phase | None = None
    text: str = ""
    """What stands behind the colon: the reason, or of a record the words of the answer."""
    of: Verb | None = None
    """Of TAKE_BACK: what is taken back."""
    addresses: tuple[str, ...] = ()
    """Of a person who is named: the new address; of two, the first is the one that it takes the place of."""
    name: str = ""
    """What that person is called, where it is said."""
    kind: StepKind | None = None
    """Of APPROVE and STOP: mails of which kind; None: all that wait."""

    @property
    def needs_code(self) -> bool:
        """Whether it is done only after a code was sent back: the desk changes hands by a code in either direction."""
        return self.verb.needs_code or self.of is Verb.HAND_OVER


class NotCommand(StrEnum):
    """Why a line that has the word of a command is none."""

    QUESTION = "question"
    NEGATED = "negated"
    CONDITION = "condition"
    UNPLACED = "unplaced"  # a word that has no place in a command
    TWO_VERBS = "two_verbs"
    OBJECT = "object"  # what it is about is missing


@dataclass(frozen=True, slots=True, kw_only=True)
class NearMiss:
    """A line that sounds like a command and is not carried out."""

    line: str
    verb: Verb
    why: NotCommand


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """A coordinator's mail as read: what is to be done, what only sounds so, and the words that are kept as a note."""

    commands: tuple[Command, ...] = ()
    near_misses: tuple[NearMiss, ...] = ()
    note: str = ""
    codes: tuple[str, ...] = ()
    """Lines that are nothing but a code."""
