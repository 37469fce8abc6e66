"""The walk through the body, row by row: what is said of each action, gathered.

The walk knows at each piece which action and which field is open, and whose words it reads. The sender's own words are
those of layer 0, wherever they stand, and those inside the form that we sent, at the layer of the form. Words of deeper or
other quotations are nobody's answer. What follows our reference line in a quotation is an older round.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from reminder.domain.messages import Item, SpanKind
from reminder.parse.blocks import Block, Gathered, Unread
from reminder.parse.body import Body
from reminder.parse.frames import frames
from reminder.parse.grammar import says_something
from reminder.parse.labels import Field
from reminder.parse.layers import Layer
from reminder.parse.lines import LineReader
from reminder.parse.notes import read_notes
from reminder.parse.pieces import Piece
from reminder.parse.splitting import split_pairs
from reminder.parse.statements import Taken
from reminder.parse.tables import read_header
from reminder.parse.typed_lines import read_line, read_numbers
from reminder.parse.walking import Walk
from reminder.parse.wrapping import join_rows

_CLOSES = frozenset({SpanKind.PROSE, SpanKind.LEGEND, SpanKind.REFERENCE})
_FIELDS = {SpanKind.LIGHT_LABEL: Field.LIGHT, SpanKind.DONE_LABEL: Field.DONE, SpanKind.NEXT_LABEL: Field.NEXT}
_SIGNS = re.compile(r"[^\s\w>|*_\-–—=•·.,:;~]")
"""A sign that somebody typed, such as the `€.` that a phone has wrapped onto a line of its own."""


def gather(body: Body, pieces: Sequence[Piece], layers: Sequence[Layer], reader: LineReader, items: Sequence[Item]) -> Gathered:
    """Walks through the body once."""
    owed = [item for item in items if not item.is_contribution]
    walk = Walk(reader, items, only=owed[0] if len(owed) == 1 else items[0] if len(items) == 1 else None)
    groups = [(row, list(group)) for row, group in groupby(pieces, key=lambda piece: piece.row)]
    for at in join_rows(body, groups, layers, reader.begins_statement):
        walk.at = at
        _read_row(walk, at.pieces, layers[at.row])
    _drop_cut_off(walk)
    read_notes(walk)
    return walk.found


def _drop_cut_off(walk: Walk) -> None:
    """Where a quotation ends between a head and its labels, it was cut off there: what is left above the cut are our links."""
    last = walk.block
    if last is not None and last.is_form and last.layer > 0 and not last.labels:
        cut = last.free[last.on_head :]
        last.taken = [one for one in last.taken if one.text not in cut]
        del last.free[last.on_head :]


def _read_row(walk: Walk, pieces: Sequence[Piece], layer: Layer) -> None:
    """Reads a row, unless a mail program or an older mail brought it along."""
    if layer.is_furniture and not any(piece.message for piece in pieces):
        walk.found.unread[walk.row] = Unread.CLIENT
        walk.close()
        # Where the client marks no quotation, what somebody else wrote stands below: `Maija kirjoitti 3.2.2025:`.
        walk.frame, walk.is_frame_used = (walk.line if layer.number == 0 else ""), False
        return
    if layer.is_stale:
        walk.found.unread[walk.row] = Unread.EARLIER
        walk.close()
        return
    if _is_older(walk, pieces, layer):
        walk.found.unread[walk.row] = Unread.EARLIER
        return
    if any(piece.message is not None for piece in pieces):
        for piece in pieces:
            if piece.is_ours:
                _read_own(walk, piece, layer.number)
            else:
                _read_beside(walk, piece)
    elif not (pieces and all(piece.is_ours for piece in pieces)):
        _read_foreign(walk, pieces, layer.number)


def _is_older(walk: Walk, pieces: Sequence[Piece], layer: Layer) -> bool:
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


def _read_own(walk: Walk, piece: Piece, layer: int) -> None:
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


def _block_of_label(walk: Walk, piece: Piece, layer: int) -> Block | None:
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


def _read_beside(walk: Walk, piece: Piece) -> None:
    """Words on a line that also holds a piece of ours: they belong to the label or the head before them, or to nothing."""
    if walk.block is None or not (piece.starts_line or piece.after in _FIELDS or piece.after in {SpanKind.HEAD, SpanKind.LINK}):
        return
    text = piece.text
    if piece.after in _FIELDS or piece.after is SpanKind.HEAD:
        text = text.lstrip(" \t:|)]")
    if says_something(text):
        walk.take(walk.block, text, column=piece.column + len(piece.text) - len(text))
        walk.block.on_head += piece.after is SpanKind.HEAD


def _read_foreign(walk: Walk, pieces: Sequence[Piece], layer: int) -> None:
    """Reads a line on which no span of ours was found."""
    inside = walk.block is not None and layer <= walk.block.layer
    if layer > 0 and not inside and not (walk.ended is not None and layer == walk.ended):
        walk.found.unread[walk.row] = Unread.QUOTED
        return
    if walk.line.startswith("-- ") or walk.line.strip() == "--":
        walk.found.unread[walk.row] = Unread.SIGNATURE
        walk.close()
        walk.signed = True
        return
    if not says_something(walk.line):
        _read_wordless(walk, layer)
        return
    repeats = any(piece.is_ours for piece in pieces)
    if walk.signed:
        walk.found.unread[walk.row] = Unread.SIGNATURE
    elif repeats or "\t" not in walk.line or not _read_cells(walk, layer):
        for part in split_pairs(walk.reader, walk.line):
            read_line(walk, part, layer, repeats=repeats)


def _read_cells(walk: Walk, layer: int) -> bool:
    """Reads a row of a table with a column for each light; its header gives the columns."""
    if (header := read_header(walk.line)) is not None:
        walk.table = header
        return True
    if walk.reader.read_number(walk.line) is None and frames(walk.line, walk.reader.subjects.years):
        walk.frame = walk.line  # columns of another year, of a goal
    said = walk.table.read_row(walk.line) if walk.table is not None else None
    if said is None or not read_numbers(walk, said, layer):
        return False
    walk.close()
    return True


def _read_wordless(walk: Walk, layer: int) -> None:
    """A sign in an open field is part of it. A blank line ends what was typed freely; inside the quoted form it ends nothing."""
    if walk.block is not None and walk.field is not None and not walk.signed and _SIGNS.search(walk.line) and layer <= walk.block.layer:
        walk.take(walk.block, walk.line)
        return
    if walk.is_frame_used or not walk.frame.rstrip().endswith(":"):
        walk.frame = ""
    if walk.block is not None and layer == 0 and walk.block.layer == 0 and walk.block.lines_of(walk.field):
        walk.close()
