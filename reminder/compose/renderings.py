"""Blocks as text and as spans. (As HTML they are rendered by `layout.html.j2`.)"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from reminder.compose.blocks import Block, Buttons, Form, Letter, Line, Lines, Table
from reminder.domain.messages import Span, SpanKind

WIDTH = 72
EDGE = "- " * 20 + "-"
"""Above and below a mail that is shown within another."""


def write_text(blocks: Iterable[Block]) -> str:
    """The text part: blocks with an empty line between them, prose wrapped, labels, heads and links never."""
    written = (("\n".join(_text_lines(block))) for block in blocks if not isinstance(block, Buttons))
    return "\n\n".join(written) + "\n"


def _text_lines(block: Block) -> Iterator[str]:
    if isinstance(block, Lines):
        yield from (row for line in block.lines for row in _wrap(line))
    elif isinstance(block, Form):
        yield from (row for line in (block.head, *block.notes, *block.labels) for row in _wrap(line))
    elif isinstance(block, Letter):
        yield from (EDGE, "", *block.text, "", EDGE)
    elif isinstance(block, Table):
        yield from _table_lines(block)


def _wrap(line: Line) -> list[str]:
    if not line.may_wrap:
        return [line.text]
    return textwrap.wrap(line.text, WIDTH, break_long_words=False, break_on_hyphens=False) or [""]


def _table_lines(table: Table) -> Iterator[str]:
    """`Kulttuuripäällikkö` and below it `  Puuttuu   12, 14`: a list that stays readable when narrow."""
    width = max((len(heading) for heading in table.headings[1:]), default=0)
    for number, row in enumerate(table.rows):
        if number:
            yield ""
        yield row[0]
        for heading, cell in zip(table.headings[1:], row[1:], strict=True):
            if cell:
                yield f"  {heading.ljust(width)}  {_without_sign(heading, cell)}"


def _without_sign(heading: str, cell: str) -> str:
    """`2` of `● 2` below `● vihreä`: a coloured cell bears the sign of its light, a line of text has it before the word already."""
    sign = heading[:1]
    return cell if sign.isalnum() else cell.removeprefix(f"{sign} ")


def write_spans(preheader: str, blocks: Iterable[Block]) -> tuple[Span, ...]:
    """Everything of ours that a reply can quote, in the order of the mail; what only the HTML part shows is marked LINK."""
    hidden = (Span(kind=SpanKind.LINK, text=preheader),) if preheader else ()
    return (*hidden, *(span for block in blocks for span in _spans(block)))


def _spans(block: Block) -> Iterator[Span]:
    if isinstance(block, Lines):
        yield from map(_span, block.lines)
    elif isinstance(block, Form):
        yield from map(_span, (block.head, *block.notes))
        if block.invitation:
            yield Span(kind=SpanKind.LINK, text=block.invitation, item=block.head.item)
        yield from (Span(kind=SpanKind.LINK, text=button.text, item=button.item) for button in block.buttons)
        yield from map(_span, block.labels)
    elif isinstance(block, Letter):
        yield Span(kind=SpanKind.PROSE, text=EDGE)
        yield from block.spans
        yield Span(kind=SpanKind.PROSE, text=EDGE)
    elif isinstance(block, Buttons):
        yield from (Span(kind=SpanKind.LINK, text=button.text, item=button.item) for button in block.buttons)
    else:
        yield from (Span(kind=SpanKind.LINK, text=heading) for heading in block.headings if heading)
        yield from (Span(kind=SpanKind.LINK, text=cell) for row in block.rows for cell in row if cell)
        yield from (Span(kind=SpanKind.PROSE, text=row.strip()) for row in _table_lines(block) if row)


def _span(line: Line) -> Span:
    return Span(kind=line.kind, text=line.text, item=line.item)
