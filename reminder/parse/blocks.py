"""What the walk through the body gathers: what each place of the mail says of an action, and what of the mail was not read."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from reminder.domain.messages import Item
from reminder.parse.labels import Field
from reminder.parse.statements import Taken
from reminder.parse.sweeps import Sweep


class Unread(StrEnum):
    """Why a line that is not ours was not read."""

    CLIENT = "client"  # header lines, rules and attributions that a mail program put there
    EARLIER = "earlier"  # an older mail below the one that is answered
    QUOTED = "quoted"  # a quotation that is nobody's answer
    SIGNATURE = "signature"  # a closing formula, and what follows a signature mark


@dataclass(slots=True, kw_only=True)
class Block:
    """All that one place of the mail says of one action."""

    item: Item
    row: int
    layer: int
    is_weak: bool = False
    others: frozenset[str] = frozenset()
    """The other numbers that were asked: where one stands before a light, the light may be its own."""
    is_doubted: bool = False
    """Other words of the mail take back what stands here, or make it something else."""
    said: str = ""
    """Prose as it was written, where `free` has lost the names of the actions."""
    is_form: bool = False
    """It stands below a head of ours, not below a number that somebody typed."""
    on_head: int = 0
    """How many of the free words stand on the line of the head itself."""
    labels: set[Field] = field(default_factory=set)
    """The labels of ours that stand below its head."""
    options: str = ""
    """The label of the light as it came back, the options in it."""
    light: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    next: list[str] = field(default_factory=list)
    free: list[str] = field(default_factory=list)
    """Words at the action, in no field."""
    taken: list[Taken] = field(default_factory=list)
    """Where the words of the fields stand, in their order."""
    listed: list[Taken] = field(default_factory=list)
    """Where the options stand."""

    def lines_of(self, which: Field | None) -> list[str]:
        """The lines of a field."""
        return {Field.LIGHT: self.light, Field.DONE: self.done, Field.NEXT: self.next, None: self.free}[which]


@dataclass(slots=True)
class Gathered:
    """What the walk has found."""

    blocks: list[Block] = field(default_factory=list)
    sweeps: list[Sweep] = field(default_factory=list)
    unknown: dict[str, Taken] = field(default_factory=dict)
    """Unknown numbers with the line that named them."""
    note: list[str] = field(default_factory=list)
    unread: dict[int, Unread] = field(default_factory=dict)
    """Rows that were passed over, each with why."""
