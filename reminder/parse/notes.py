"""The sender's own words that are no structured line, read as sentences: some give a light, some cast a doubt, the rest is a note.

A sentence is read only after the whole body was walked through, for what it doubts may stand above it or below it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reminder.domain.assessments import TrafficLight
from reminder.parse.blocks import Block
from reminder.parse.frames import takes_all_back
from reminder.parse.limits import PARAGRAPH_CHARS, PROSE_CHARS, WORDS_KEPT
from reminder.parse.lines import LineReader
from reminder.parse.phrases import IDIOMATIC
from reminder.parse.prose import Stretch, read_stretches
from reminder.parse.walking import Walk
from reminder.parse.wrapping import Row


def read_notes(walk: Walk) -> None:
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


def _open_prose(walk: Walk, paragraph: Sequence[tuple[Row, str]], stretch: Stretch) -> None:
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
    """The notes that stand directly below each other, together."""
    paragraph: list[tuple[Row, str]] = []
    for row, text in notes:
        if paragraph and row.row > paragraph[-1][0].last + 1:
            yield paragraph
            paragraph = []
        paragraph.append((row, text))
    if paragraph:
        yield paragraph
