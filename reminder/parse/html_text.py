"""HTML becomes lines, by our own scanner, because the answers need what no library keeps together (replies.md section 7).

Struck-out text is dropped (a deleted option), hidden text is dropped, a table row stays one line with tabs between its
cells, `<ol start>` gives its numbers, bold and highlight are marked, the depth of quotation is kept, and the links that open
a prefilled reply vanish with their words. No recursion, and each character is looked at a bounded number of times.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from reminder.parse.decoding import clean_text

BOLD_ON, BOLD_OFF = "\ue000", "\ue001"
"""Private characters around emphasised text; the grammar of the option list reads them, all else drops them."""
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
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|pt|em)?\s*(?:;|$)|mso-hide\s*:\s*all|max-height\s*:\s*0(?:px)?\s*(?:;|$)"
)
_BOLD_STYLE = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)")
_MARKED_STYLE = re.compile(
    r"(?:background(?:-color)?|mso-highlight)\s*:\s*(?!(?:transparent|white|#fff(?:fff)?\b|none|inherit|initial))[a-z#]"
)
_TAG_CHARS = 12_000
_OPEN_SEARCHED = 64


@dataclass(slots=True)
class _Element:
    tag: str
    hidden: bool = False
    struck: bool = False
    bold: bool = False
    pre: bool = False
    quote: int = 0
    count: int = 0
    """Number of the next list item; 0 in an unordered list."""


@dataclass(slots=True)
class _Page:
    """The state of the conversion: open elements, the line being built, the lines done.

    Breaks are lazy: what a tag asks for is done when the next text comes, so that the blocks inside a table cell do not
    tear its row apart.
    """

    open: list[_Element] = field(default_factory=lambda: [_Element("")])
    buffer: list[str] = field(default_factory=list)
    quote: int = 0
    """Depth of quotation where the line began."""
    lines: list[tuple[str, int]] = field(default_factory=list)
    pending: str = ""
    """The break that is due before the next text: a line end, a tab, or none."""
    at_cell_start: bool = False

    @property
    def top(self) -> _Element:
        """The innermost open element."""
        return self.open[-1]

    def end_line(self, *, even_empty: bool = False) -> None:
        """Finishes the line; an empty one counts only where the page shows it."""
        if self.buffer:
            text = "".join(self.buffer).replace(BOLD_OFF + BOLD_ON, "")
            self.lines.append((re.sub(r" *\t *", "\t", re.sub(r" {2,}", " ", text)).strip(), self.quote))
        elif even_empty:
            self.lines.append(("", self.top.quote))
        self.buffer.clear()
        self.pending = ""

    def hard_break(self) -> None:
        """A `<br>`: ends the line, and makes an empty one where nothing stood on it."""
        if self.pending == "\n" and self.buffer:
            self.end_line()
        self.end_line(even_empty=True)

    def add(self, text: str) -> None:
        """Adds text as the page shows it: white space collapsed, except in `pre`."""
        if self.top.pre and "\n" in text:
            first, *rest = text.split("\n")
            self.write(first)
            for piece in rest:
                self.end_line(even_empty=True)
                self.write(piece)
            return
        collapsed = _SPACES.sub(" ", text)
        if collapsed != " " or (self.buffer and not self.pending):
            self.write(collapsed)

    def write(self, text: str) -> None:
        """Writes what must not be collapsed any more."""
        if not text:
            return
        if self.pending == "\n":
            self.end_line()
        elif self.pending and self.buffer:
            self.buffer.append(self.pending)
        if not self.buffer:
            self.quote = self.top.quote
        self.pending = ""
        self.at_cell_start = False
        self.buffer.append(BOLD_ON + text + BOLD_OFF if self.top.bold and not text.isspace() else text)


_SPACES = re.compile(r"[ \t\r\n\f]+")


def html_lines(source: str) -> list[tuple[str, int]]:
    """The lines of a page with their depth of quotation."""
    page = _Page()
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


def _add_text(page: _Page, raw: str) -> None:
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


def _read_markup(page: _Page, source: str, start: int) -> int:
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


def _read_tag(page: _Page, source: str, tag: str, after: int) -> int:
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


def _open(page: _Page, name: str, attributes: dict[str, str], *, closed: bool) -> None:
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
    page.open.append(_element(page.top, name, attributes))
    if name in {"td", "th"}:
        page.at_cell_start = True
    elif name == "li" and not page.top.hidden:
        page.add(_bullet(page))


def _break_before(page: _Page, name: str) -> None:
    if name in _BLOCKS and not (page.at_cell_start and name in {"p", "div"}):
        page.pending = "\n"


def _element(parent: _Element, name: str, attributes: dict[str, str]) -> _Element:
    style = attributes.get("style", "").lower()
    href = attributes.get("href", "").lower() if name == "a" else ""
    is_light_link = href.startswith("mailto:") and "body=" in href
    cited = name == "blockquote" and "elementtoproof" not in attributes.get("class", "").lower()
    number = attributes.get("start", "1")
    return _Element(
        tag=name,
        hidden=parent.hidden or is_light_link or name in {"head", "template"} or _HIDDEN.search(style) is not None,
        struck=parent.struck or name in {"s", "strike", "del"} or ("line-through" in style),
        bold=_is_bold(parent, name, style),
        pre=parent.pre or name == "pre",
        quote=parent.quote + cited,
        count=int(number) if name == "ol" and number.isdecimal() and len(number) < 6 else 0,
    )


def _is_bold(parent: _Element, name: str, style: str) -> bool:
    if name in {"b", "strong", "mark", "u"} or _BOLD_STYLE.search(style) is not None:
        return True
    if name in {"span", "font"} and _MARKED_STYLE.search(style) is not None:
        return True
    return parent.bold and "font-weight:normal" not in style.replace(" ", "")


def _add_image(page: _Page, attributes: dict[str, str]) -> None:
    """Emoji come as pictures with the character as their alternative text."""
    alternative = html.unescape(attributes.get("alt", "")[:40])
    if 0 < len(alternative) <= 4 and not alternative.isascii() and not (page.top.hidden or page.top.struck):
        page.add(clean_text(alternative))


def _bullet(page: _Page) -> str:
    for element in reversed(page.open[-_OPEN_SEARCHED:]):
        if element.tag in {"ol", "ul"}:
            if element.tag == "ul" or element.count == 0:
                return "- "
            element.count += 1
            return f"{element.count - 1}. "
    return "- "


def _close(page: _Page, name: str) -> None:
    if name in {"td", "th"}:
        # An empty cell keeps its place in the row.
        page.pending = page.pending + "\t" if page.pending.startswith("\t") else "\t"
    elif name in _BLOCKS:
        page.pending = "\n"
    for index in range(len(page.open) - 1, max(0, len(page.open) - _OPEN_SEARCHED), -1):
        if page.open[index].tag == name:
            del page.open[index:]
            return
