"""Where the walk through the body stands: which action and which field are open, what frames them, and whether a signature began."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from reminder.domain.messages import Item
from reminder.parse.blocks import Block, Gathered
from reminder.parse.labels import Field
from reminder.parse.limits import BLOCKS
from reminder.parse.lines import LineReader
from reminder.parse.statements import Taken
from reminder.parse.tables import TickTable
from reminder.parse.wrapping import Row


@dataclass(slots=True)
class Walk:
    """The state of the walk. `reader` and `items` are those that were asked; `found` is what has been gathered so far."""

    reader: LineReader
    items: Sequence[Item]
    found: Gathered = field(default_factory=Gathered)
    at: Row = field(default_factory=lambda: Row(0, "", (), ((0, 0),)))
    """The line that is being read."""
    notes: list[tuple[Row, str]] = field(default_factory=list)
    """The sender's own words that are no structured line."""
    block: Block | None = None
    field: Field | None = None
    ended: int | None = None
    """Layer of the quotation in which our reference line was seen; what follows there is older."""
    is_over: bool = False
    only: Item | None = None
    """The one action that is owed, where it is only one: a bare light or label is about it."""
    frame: str = ""
    """The line above that makes the lines below it last year's, a wish or a question."""
    is_frame_used: bool = False
    heading: str = ""
    """The light above a list of numbers."""
    table: TickTable | None = None
    """The table whose header stands above."""
    signed: bool = False
    has_said_goodbye: bool = False
    """A closing formula was read: what follows is a signature, in which a bare colour means nothing."""

    @property
    def line(self) -> str:
        """The text of the line that is being read."""
        return self.at.text

    @property
    def row(self) -> int:
        """Its first row in the mail."""
        return self.at.row

    def take(self, block: Block, text: str, *, within: str = "", column: int | None = None) -> None:
        """Adds words to the open field, and notes where on the row they stand: at the end of `within` where they end it."""
        if column is None:
            outer = max(self.line.find(within or text), 0)
            column = outer + (len(within) - len(text) if within.endswith(text) else max(within.find(text), 0))
        block.lines_of(self.field).append(text)
        block.taken.extend(self.at.places(column, text))

    def where(self, text: str) -> Taken:
        """Where a part of the line stands."""
        return Taken(self.row, max(self.line.find(text), 0), text)

    def close(self) -> None:
        """Nothing is open any more."""
        self.block = None
        self.field = None

    def open(self, item: Item, row: int, layer: int, *, is_weak: bool = False) -> Block:
        """Opens an action."""
        others = frozenset(self.reader.items.keys() - {item.number.lower()})
        self.block = Block(item=item, row=row, layer=layer, is_weak=is_weak, others=others, is_doubted=bool(self.frame) and layer == 0)
        self.is_frame_used = bool(self.frame)
        self.field = None
        if len(self.found.blocks) < BLOCKS:
            self.found.blocks.append(self.block)
        return self.block
