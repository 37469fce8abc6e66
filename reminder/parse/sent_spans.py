"""Which lines of one of our own mails a reply can quote, read back from its two parts: for `explain --sent` (decision 0005).

The page is walked, since a client quotes its paragraphs whole and its buttons one by one; what only the plain part shows, such as
the lines of a table, is added behind. Without a page the lines of the plain part are all.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence

from reminder.domain.messages import Item, Span, SpanKind
from reminder.parse.html_page import BOLD_OFF, BOLD_ON
from reminder.parse.html_text import html_lines
from reminder.wire.answer_block import BLOCK_WORDS

_LABELS = {
    **{words.light_label: SpanKind.LIGHT_LABEL for words in BLOCK_WORDS.values()},
    **{f"{words.done}:": SpanKind.DONE_LABEL for words in BLOCK_WORDS.values()},
    **{f"{words.next}:": SpanKind.NEXT_LABEL for words in BLOCK_WORDS.values()},
}
_REFERENCES = tuple(f"{words.reference}: " for words in BLOCK_WORDS.values())
_LINK = r'<a\s[^<>]*href="mailto:[^<>]*>([^<>]*)</a>'
_BUTTON = re.compile(rf"(<(?:td|p|div|li)\b[^<>]*>){_LINK}(?=</)")
_INLINE = re.compile(_LINK)
_PREHEADER = re.compile(r'<div style="display:none[^<>]*>([^<>]*)</div>')
_BOLD = str.maketrans("", "", BOLD_ON + BOLD_OFF)


def find_spans(text: str, pages: Sequence[str], items: Sequence[Item]) -> Iterator[Span]:
    """Everything of ours that a reply can quote, in the order of the mail; what only the page shows is marked LINK."""
    heads = {f"[{item.number}] {item.title}": place for place, item in enumerate(items)}
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not pages:
        yield from _walk(lines, heads, "".join(text.split()))
        return
    shown = [line for page in pages for line in _lines_of(page)]
    yield from _hidden(pages)
    yield from _walk(shown, heads, "".join(text.split()))
    on_the_page = "\n".join("".join(line.split()) for line in shown)
    yield from (Span(kind=SpanKind.PROSE, text=line) for line in lines if "".join(line.split()) not in on_the_page)


def _walk(lines: Sequence[str], heads: Mapping[str, int], plain: str) -> Iterator[Span]:
    """`plain` is the plain part without its blanks."""
    index: int | None = None
    for place, line in enumerate(lines):
        if line in heads:
            yield Span(kind=SpanKind.HEAD, text=line, item=heads[line])
            index = heads[line] if _opens_a_form(lines[place + 1 :], heads) else None
        elif line in _LABELS:
            yield Span(kind=_LABELS[line], text=line, item=index)
            if _LABELS[line] is SpanKind.NEXT_LABEL:
                index = None
        elif line.startswith(_REFERENCES):
            yield Span(kind=SpanKind.REFERENCE, text=line)
        elif "".join(line.split()) not in plain:
            yield from (Span(kind=SpanKind.LINK, text=cell.strip(), item=index) for cell in line.split("\t") if cell.strip())
        else:
            yield Span(kind=SpanKind.PROSE if index is None else SpanKind.LAST_TIME, text=line, item=index)


def _opens_a_form(following: Sequence[str], heads: Mapping[str, int]) -> bool:
    """Whether labels come before the next head; else the head only names what was recorded, say."""
    return next((line in _LABELS for line in following if line in _LABELS or line in heads), False)


def _lines_of(page: str) -> Iterator[str]:
    """Lines of a page, its light links among them, each button by itself: a reader of replies passes over such links."""
    bare = _INLINE.sub(r"\1", _BUTTON.sub(r"\1<p>\2</p>", page))
    for line, _ in html_lines(bare):
        if shown := line.translate(_BOLD).strip():
            yield shown


def _hidden(pages: Sequence[str]) -> Iterator[Span]:
    """The line that a list of mails shows beside the subject."""
    for page in pages:
        if (found := _PREHEADER.search(page)) is not None:
            yield Span(kind=SpanKind.LINK, text=html.unescape(found[1]).strip())
