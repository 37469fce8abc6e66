"""HTML becomes lines, by our own scanner, because the answers need what no library keeps together (replies.md section 7).

Struck-out text is dropped (a deleted option), hidden text is dropped, a table row stays one line with tabs between its
cells, `<ol start>` gives its numbers, bold and highlight are marked, the depth of quotation is kept, and the links that open
a prefilled reply vanish with their words. No recursion, and each character is looked at a bounded number of times.
"""

from __future__ import annotations

import html
import re

from reminder.parse.decoding import clean_text
from reminder.parse.html_page import Page, open_element

_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "tr",
        "ul",
    ]
)
_VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"])
_RAW = {name: re.compile(rf"</{name}", re.IGNORECASE) for name in ("script", "style", "title", "textarea", "noscript", "xml")}
_CLOSED_BY_SIBLING = frozenset({"p", "li", "tr", "td", "th", "option"})
_ATTRIBUTE = re.compile(r"([a-zA-Z][a-zA-Z0-9:-]{0,40})\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'>]+)")
_NAME = re.compile(r"/?([a-zA-Z][a-zA-Z0-9:]{0,40})")
_TAG_CHARS = 12_000
_OPEN_SEARCHED = 64


def html_lines(source: str) -> list[tuple[str, int]]:
    """The lines of a page with their depth of quotation."""
    page = Page()
    position, length = 0, len(source)
    while position < length:
        start = source.find("<", position)
        if start < 0:
            _add_text(page, source[position:])
            break
        if start > position:
            _add_text(page, source[position:start])
        position = _read_markup(page, source, start)
    page.end_line()
    return page.lines


def _add_text(page: Page, raw: str) -> None:
    if page.top.hidden or page.top.struck:
        return
    try:
        text = html.unescape(raw) if "&" in raw else raw
    except ValueError:  # a numeric reference of thousands of digits
        text = raw
    # A paragraph of one no-break space is an empty line on the page; elsewhere it is a blank.
    if text.strip(" \t\r\n\f") == "\u00a0" and (page.pending == "\n" or not page.buffer):
        page.write(" ")
        return
    page.add(clean_text(text))


def _read_markup(page: Page, source: str, start: int) -> int:
    """Handles what begins with `<` at `start`; returns where to go on."""
    if source.startswith("<!--", start):
        end = source.find("-->", start + 4)
        return len(source) if end < 0 else end + 3
    if not _NAME.match(source, start + 1):
        if source[start + 1 : start + 2] in {"!", "?"}:
            end = source.find(">", start)
            return len(source) if end < 0 else end + 1
        _add_text(page, "<")
        return start + 1
    end = _tag_end(source, start)
    if end < 0:
        return len(source)
    return _read_tag(page, source, source[start + 1 : end], end + 1)


def _tag_end(source: str, start: int) -> int:
    """The `>` that ends a tag; one inside a quoted value does not, within reason."""
    end = start
    for _ in range(8):
        end = source.find(">", end + 1)
        tag = source[start : min(end, start + _TAG_CHARS)]
        if end < 0 or (tag.count('"') % 2 == 0 and (tag.count("'") % 2 == 0 or '"' in tag)):
            break
    return end


def _read_tag(page: Page, source: str, tag: str, after: int) -> int:
    match = _NAME.match(tag)
    name = match.group(1).lower() if match else ""
    if tag.startswith("/"):
        _close(page, name)
        return after
    if name in _RAW:
        end = _RAW[name].search(source, after)
        return len(source) if end is None else end.start()
    _open(page, name, _attributes(tag), closed=tag.endswith("/"))
    return after


def _attributes(tag: str) -> dict[str, str]:
    return {key.lower(): value.strip("\"'") for key, value in _ATTRIBUTE.findall(tag[:_TAG_CHARS])}


def _open(page: Page, name: str, attributes: dict[str, str], *, closed: bool) -> None:
    if name == "br":
        if not page.top.hidden:
            page.hard_break()
        return
    if name in _CLOSED_BY_SIBLING and page.top.tag == name:
        _close(page, name)
    _break_before(page, name)
    if name == "img":
        _add_image(page, attributes)
    if name in _VOID or closed:
        return
    page.open.append(open_element(page.top, name, attributes))
    if name in {"td", "th"}:
        page.at_cell_start = True
    elif name == "li" and not page.top.hidden:
        page.add(_bullet(page))


def _break_before(page: Page, name: str) -> None:
    if name in _BLOCKS and not (page.at_cell_start and name in {"p", "div"}):
        page.pending = "\n"


def _add_image(page: Page, attributes: dict[str, str]) -> None:
    """Emoji come as pictures with the character as their alternative text."""
    alternative = html.unescape(attributes.get("alt", "")[:40])
    if 0 < len(alternative) <= 4 and not alternative.isascii() and not (page.top.hidden or page.top.struck):
        page.add(clean_text(alternative))


def _bullet(page: Page) -> str:
    for element in reversed(page.open[-_OPEN_SEARCHED:]):
        if element.tag in {"ol", "ul"}:
            if element.tag == "ul" or element.count == 0:
                return "- "
            element.count += 1
            return f"{element.count - 1}. "
    return "- "


def _close(page: Page, name: str) -> None:
    if name in {"td", "th"}:
        # An empty cell keeps its place in the row.
        page.pending = page.pending + "\t" if page.pending.startswith("\t") else "\t"
    elif name in _BLOCKS:
        page.pending = "\n"
    for index in range(len(page.open) - 1, max(0, len(page.open) - _OPEN_SEARCHED), -1):
        if page.open[index].tag == name:
            del page.open[index:]
            return
