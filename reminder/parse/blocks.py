"""What is said of each action, gathered piece by piece: the walk through the body.

The walk knows at each piece which action and which field is open, and whose words it reads. The sender's own words are
those of layer 0, wherever they stand, and those inside the form that we sent, at the layer of the form. Words of deeper or
other quotations are nobody's answer. What follows our reference line in a quotation is an older round.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import groupby

from reminder.domain.assessments import TrafficLight
from reminder.domain.messages import Item, SpanKind
from reminder.parse.body import Body
from reminder.parse.frames import frames, frames_below, takes_all_back
from reminder.parse.grammar import says_or_asks, says_something
from reminder.parse.layers import Layer
from reminder.parse.limits import BLOCKS, PARAGRAPH_CHARS, PROSE_CHARS, WORDS_KEPT
from reminder.parse.lines import Field, LineReader, NumberLine, is_year
from reminder.parse.phrases import IDIOMATIC
from reminder.parse.pieces import Piece
from reminder.parse.prose import Stretch, read_stretches
from reminder.parse.statements import Taken
from reminder.parse.sweeps import Sweep
from reminder.parse.tables import TickTable, read_header
from reminder.parse.words import light_of
from reminder.parse.wrapping import Row, join_rows

_CLOSES = frozenset({SpanKind.PROSE, SpanKind.LEGEND, SpanKind.REFERENCE})
_FIELDS = {SpanKind.LIGHT_LABEL: Field.LIGHT, SpanKind.DONE_LABEL: Field.DONE, SpanKind.NEXT_LABEL: Field.NEXT}
SIGN_OFF = re.compile(
    r"\W{0,3}(?:terveisin|ystävällisin terveisin|parhain terveisin|yst\.? ?terv|terv\.|t\. |t:|kiittäen|kiitos|kiitokset"
    r"|med vänliga? hälsning|vänligen|mvh|vänliga hälsningar|hälsningar"
    r"|hälsn|tack|bästa hälsningar|best regards|kind regards|regards|best wishes|yours sincerely|sincerely|br,|thanks|thank you|cheers"
    r"|lähetetty |skickat från|skickat med|sent from|hanki outlook|hae outlook|hämta outlook|get outlook|puh\.|puhelin|tel\.|tfn|gsm|www\.|https?://)",
    re.IGNORECASE,
)
_THANKS = re.compile(r"\W{0,3}(?:kiitos|kiitokset|tack|thanks|thank you)\b", re.IGNORECASE)
"""Thanks may also open a mail."""
_SIGNS = re.compile(r"[^\s\w>|*_\-–—=•·.,:;~]")
"""A sign that somebody typed, such as the `€.` that a phone has wrapped onto a line of its own."""
PHONE_LINE = re.compile(r"\W{0,3}(?:\+\d{2,3}|0\d{1,3})[ \d()/-]{5,20}$")


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


@dataclass(slots=True)
class _Walk:
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
        """Its text."""
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


def gather(body: Body, pieces: Sequence[Piece], layers: Sequence[Layer], reader: LineReader, items: Sequence[Item]) -> Gathered:
    """Walks through the body once."""
    owed = [item for item in items if not item.is_contribution]
    walk = _Walk(reader, items, only=owed[0] if len(owed) == 1 else items[0] if len(items) == 1 else None)
    groups = [(row, list(group)) for row, group in groupby(pieces, key=lambda piece: piece.row)]
    for at in join_rows(body, groups, layers, reader.begins_statement):
        walk.at = at
        _read_row(walk, at.row, at.text, list(at.pieces), layers[at.row])
    _drop_cut_off(walk)
    _read_notes(walk)
    return walk.found


def _read_notes(walk: _Walk) -> None:
    """Reads the sender's own words as sentences, paragraph by paragraph; what gives no light stays a note."""
    walk.frame = ""
    structured = list(walk.found.blocks)
    read = 0
    for paragraph in _paragraphs(walk.notes):
        text = "\n".join(text for _, text in paragraph)
        read += len(text)
        if len(text) > PARAGRAPH_CHARS or read > PROSE_CHARS:
            walk.found.note.append(text[:WORDS_KEPT])
            continue
        for stretch in read_stretches(text, walk.reader.subjects, walk.only.number.lower() if walk.only else ""):
            if stretch.numbers and walk.reader.says_light(stretch.bare):
                _open_prose(walk, paragraph, stretch)
                continue
            walk.found.note.append(stretch.said)
            if walk.reader.says_light(stretch.said):
                _doubt_nearest(structured, paragraph[0][0].row, walk.reader.value(stretch.said).light, walk.reader)
            elif walk.reader.names_light(stretch.said):
                _doubt_named(structured, walk.reader.subjects.named(stretch.said))
    walk.close()
    if any(takes_all_back(text) for text in (*walk.found.note, *(text for block in walk.found.blocks for text in block.free))):
        for block in walk.found.blocks:
            block.is_doubted = True


def _doubt_named(blocks: Sequence[Block], numbers: Sequence[str]) -> None:
    """A sentence that names an action and some light, and says nothing plainly, casts a doubt on what stands elsewhere of it."""
    for block in blocks:
        if block.layer == 0 and block.item.number.lower() in numbers:
            block.is_doubted = True


def _open_prose(walk: _Walk, paragraph: Sequence[tuple[Row, str]], stretch: Stretch) -> None:
    """Opens the actions that a stretch of prose names, with its words."""
    places = [one for row, _ in paragraph for part in stretch.parts for one in row.places(row.text.find(part), part) if part in row.text]
    is_named = bool(walk.reader.subjects.named(stretch.said))
    for number in stretch.numbers:
        block = walk.open(walk.reader.items[number], paragraph[0][0].row, 0, is_weak=True)
        block.free.append(stretch.bare)
        block.taken.extend(places)
        block.said = stretch.said
        is_idiom = IDIOMATIC.search(stretch.said) is not None
        block.is_doubted = is_idiom or stretch.is_framed or not (is_named or walk.reader.value_alone(stretch.bare).light)


def _doubt_nearest(blocks: Sequence[Block], row: int, light: TrafficLight | None, reader: LineReader) -> None:
    """A light that names no action corrects the statement above it, or belongs to any of those below: `Siis tarkoitin keltaista.`"""
    above = [block for block in blocks if block.row < row and block.layer == 0][-1:]
    for block in above or [block for block in blocks if block.layer == 0]:
        if light is None or reader.value("\n".join([*block.light, *block.free])).light is not light:
            block.is_doubted = True


def _paragraphs(notes: Sequence[tuple[Row, str]]) -> Iterator[list[tuple[Row, str]]]:
    paragraph: list[tuple[Row, str]] = []
    for row, text in notes:
        if paragraph and row.row > paragraph[-1][0].last + 1:
            yield paragraph
            paragraph = []
        paragraph.append((row, text))
    if paragraph:
        yield paragraph


def _drop_cut_off(walk: _Walk) -> None:
    """Where a quotation ends between a head and its labels, it was cut off there: what is left above the cut are our links."""
    last = walk.block
    if last is not None and last.is_form and last.layer > 0 and not last.labels:
        cut = last.free[last.on_head :]
        last.taken = [one for one in last.taken if one.text not in cut]
        del last.free[last.on_head :]


def _read_row(walk: _Walk, row: int, line: str, pieces: list[Piece], layer: Layer) -> None:
    if layer.is_furniture and not any(piece.message for piece in pieces):
        walk.found.unread[row] = Unread.CLIENT
        walk.close()
        # Where the client marks no quotation, what somebody else wrote stands below: `Maija kirjoitti 3.2.2025:`.
        walk.frame, walk.is_frame_used = (line if layer.number == 0 else ""), False
        return
    if layer.is_stale:
        walk.found.unread[row] = Unread.EARLIER
        walk.close()
        return
    if _is_older(walk, pieces, layer):
        walk.found.unread[row] = Unread.EARLIER
        return
    if any(piece.message is not None for piece in pieces):
        for piece in pieces:
            if piece.is_ours:
                _read_own(walk, piece, layer.number)
            else:
                _read_beside(walk, piece, row, layer.number)
    elif not (pieces and all(piece.is_ours for piece in pieces)):
        _read_foreign(walk, row, line, pieces, layer.number)


def _is_older(walk: _Walk, pieces: Sequence[Piece], layer: Layer) -> bool:
    """Whether the row belongs to an older mail below the one that is answered.

    In clients that mark nothing, words directly below our last line are the sender's, until a line of ours comes again.
    """
    if walk.ended is None or layer.number < walk.ended:
        return False
    is_bare = layer.number == walk.ended and all(piece.depth == 0 for piece in pieces) and not walk.is_over
    if is_bare and not any(piece.message is not None and not piece.goes_on for piece in pieces):
        return False
    walk.is_over = True
    walk.close()
    return True


def _read_own(walk: _Walk, piece: Piece, layer: int) -> None:
    """Moves the walk by a piece that we wrote."""
    walk.signed = False
    walk.frame = ""
    if piece.kind in _CLOSES and piece.message is not None:
        walk.close()
        if piece.kind is SpanKind.REFERENCE and layer >= 1 and not piece.goes_on:
            walk.ended = layer
        return
    if piece.item is None or piece.item not in walk.items:
        return
    if piece.kind is SpanKind.HEAD and not piece.goes_on:
        walk.open(piece.item, piece.row, layer).is_form = True
    elif piece.kind in _FIELDS:
        block = _block_of_label(walk, piece, layer)
        if block is None:
            walk.close()
            return
        walk.field = _FIELDS[piece.kind]
        block.labels.add(walk.field)
        if walk.field is Field.LIGHT:
            block.options = f"{block.options} {piece.text}".strip()
            block.listed.append(Taken(piece.row, piece.column, piece.text))


def _block_of_label(walk: _Walk, piece: Piece, layer: int) -> Block | None:
    """The action that a label of ours belongs to: the head that stands above it decides, for all labels read alike.

    A second label of the same kind below one head means that a head is gone; then the order in which we wrote them tells,
    unless that action has its label already: then nobody knows, and nothing is read.
    """
    which = _FIELDS.get(piece.kind) if piece.kind is not None else None
    if which is None or piece.item is None:
        return None
    if walk.block is not None and (walk.block.item == piece.item or which not in walk.block.labels):
        return walk.block
    if any(block.item == piece.item and block.layer == layer and which in block.labels for block in walk.found.blocks):
        return None
    return walk.open(piece.item, piece.row, layer)


def _read_beside(walk: _Walk, piece: Piece, row: int, layer: int) -> None:
    """Words on a line that also holds a piece of ours: they belong to the label or the head before them, or to nothing."""
    if walk.block is None or not (piece.starts_line or piece.after in _FIELDS or piece.after in {SpanKind.HEAD, SpanKind.LINK}):
        return
    text = piece.text
    if piece.after in _FIELDS or piece.after is SpanKind.HEAD:
        text = text.lstrip(" \t:|)]")
    if says_something(text):
        walk.take(walk.block, text, column=piece.column + len(piece.text) - len(text))
        walk.block.on_head += piece.after is SpanKind.HEAD


def _read_foreign(walk: _Walk, row: int, line: str, pieces: list[Piece], layer: int) -> None:
    """Reads a line on which no span of ours was found."""
    inside = walk.block is not None and layer <= walk.block.layer
    if layer > 0 and not inside and not (walk.ended is not None and layer == walk.ended):
        walk.found.unread[row] = Unread.QUOTED
        return
    if line.startswith("-- ") or line.strip() == "--":
        walk.found.unread[row] = Unread.SIGNATURE
        walk.close()
        walk.signed = True
        return
    if not says_something(line):
        if walk.block is not None and walk.field is not None and not walk.signed and _SIGNS.search(line) and layer <= walk.block.layer:
            walk.take(walk.block, line)
            return
        _read_blank(walk, layer)
        return
    repeats = any(piece.is_ours for piece in pieces)
    if walk.signed:
        walk.found.unread[row] = Unread.SIGNATURE
    elif "\t" in line and not repeats and _read_cells(walk, row, line, layer):
        return
    else:
        for part in walk.reader.split_pairs(line):
            _read_line(walk, row, part, layer, repeats=repeats)


def _read_cells(walk: _Walk, row: int, line: str, layer: int) -> bool:
    """Reads a row of a table with a column for each light; its header gives the columns."""
    if (header := read_header(line)) is not None:
        walk.table = header
        return True
    if walk.reader.read_number(line) is None and frames(line, walk.reader.subjects.years):
        walk.frame = line  # columns of another year, of a goal
    said = walk.table.read_row(line) if walk.table is not None else None
    if said is None or not _read_numbers(walk, row, said, layer):
        return False
    walk.close()
    return True


def _read_blank(walk: _Walk, layer: int) -> None:
    """A blank line ends what was typed freely; inside the quoted form it ends nothing."""
    if walk.is_frame_used or not walk.frame.rstrip().endswith(":"):
        walk.frame = ""
    if walk.block is not None and layer == 0 and walk.block.layer == 0 and walk.block.lines_of(walk.field):
        walk.close()


def _read_line(walk: _Walk, row: int, text: str, layer: int, *, repeats: bool) -> None:
    """Reads one line of the sender: a label, a head, a structured line, the continuation of a field, or a note."""
    if (label := walk.reader.read_label(text)) is not None and (block := _block_for_label(walk, row, layer)) is not None:
        walk.field = label.field
        if label.field is Field.LIGHT:
            block.options = f"{block.options} {label.options}".strip()
            block.listed.append(Taken(row, max(walk.line.find(text), 0), text))
        if says_something(label.rest):
            walk.take(block, label.rest, within=text)
        return
    if _read_numbers(walk, row, text, layer) or _read_sweep(walk, row, text):
        return
    if walk.field is None and layer == 0 and (heading := walk.reader.heads_list(text)):
        walk.close()
        walk.heading = heading
        return
    walk.heading = ""
    if walk.field is None and walk.reader.is_none_of(text):
        walk.close()
        return
    if SIGN_OFF.match(text) or PHONE_LINE.match(text):
        walk.found.unread[row] = Unread.SIGNATURE
        walk.close()
        walk.has_said_goodbye = walk.has_said_goodbye or not _THANKS.match(text)
        return
    if walk.block is not None and layer == 0 and walk.field is None and walk.reader.names_another(text, walk.block.item.number):
        walk.close()
    if walk.block is not None:
        if not repeats:
            walk.take(walk.block, text)
        return
    if layer == 0 and not repeats:
        if walk.has_said_goodbye:
            walk.found.note.append(text)
            walk.found.unread[row] = Unread.SIGNATURE
        else:
            walk.notes.append((walk.at, text))
            walk.frame, walk.is_frame_used = (text if frames_below(text, walk.reader.subjects.years) else ""), False


def _block_for_label(walk: _Walk, row: int, layer: int) -> Block | None:
    """The action that a typed label belongs to: the open one, or the only one."""
    if walk.block is not None:
        return walk.block
    if walk.only is not None:
        return walk.open(walk.only, row, layer)
    return None


def _read_numbers(walk: _Walk, row: int, text: str, layer: int) -> bool:
    """Opens the actions that a structured line names. Inside a field only a light behind the number makes it one."""
    line = walk.reader.read_light_first(text) or walk.reader.read_number(text) or walk.reader.read_title(text)
    if line is None:
        return False
    leads = walk.reader.leads_with_light(line.rest)
    if walk.field is not None and not leads and not text.lstrip().startswith("["):
        return False
    unknown = [number for number in line.numbers if number not in walk.reader.items]
    if unknown:
        return _read_unknown(walk, text, line, unknown, leads=leads)
    for number in line.numbers:
        block = walk.open(walk.reader.items[number], row, layer, is_weak=line.is_weak)
        if walk.heading and not line.rest.strip():
            walk.take(block, walk.heading, within=text, column=0)
        if says_or_asks(line.rest):
            walk.take(block, _without_title(line.rest, block.item), within=text)
    return bool(line.numbers)


def _read_unknown(walk: _Walk, text: str, line: NumberLine, unknown: list[str], *, leads: bool) -> bool:
    """A number that nobody asked about is asked back where a light was given to it; nothing of such a line is recorded."""
    if not leads or all(is_year(number) for number in unknown):
        return False
    walk.close()
    for number in unknown:
        walk.found.unknown.setdefault(number, Taken(walk.row, max(walk.line.find(text), 0), text))
    return True


def _without_title(rest: str, item: Item) -> str:
    """`[12] Title: vihreä`: the title is ours."""
    if item.title and rest.lower().startswith(item.title.lower()):
        return rest[len(item.title) :].lstrip(" \t:–—-|")
    return rest


def _read_sweep(walk: _Walk, row: int, text: str) -> bool:
    sweep = walk.reader.read_sweep(text)
    if sweep is None or walk.field is not None:
        return False
    if not any(light_of(word) for word in re.findall(r"[^\W\d_]+|[^\w\s]", sweep.rest.lower())):
        return False
    walk.close()
    if walk.frame:
        sweep, walk.is_frame_used = replace(sweep, is_open=True), True
    walk.found.sweeps.append(Sweep(line=sweep, taken=Taken(row, max(walk.line.find(text), 0), text)))
    if sweep.excepted:
        _read_excepted(walk, row, sweep.excepted)
    return True


def _read_excepted(walk: _Walk, row: int, text: str) -> None:
    """The light of what a sweep leaves out, where one is given: `paitsi 4.4, joka on punainen`."""
    line = walk.reader.read_number(text) or walk.reader.read_title(text) or walk.reader.read_named(text)
    if line is None or not set(line.numbers) <= walk.reader.items.keys() or not walk.reader.leads_with_light(line.rest):
        return
    for number in line.numbers:
        walk.take(walk.open(walk.reader.items[number], row, 0), line.rest, within=text)
    walk.close()
