"""A page of HTML as it is laid out in lines: the open elements, what each does to the text in it, and the line being built."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

BOLD_ON, BOLD_OFF = "\ue000", "\ue001"
"""Private characters around emphasised text; the grammar of the option list reads them, all else drops them."""
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|pt|em)?\s*(?:;|$)|mso-hide\s*:\s*all|max-height\s*:\s*0(?:px)?\s*(?:;|$)"
)
_BOLD_STYLE = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)")
_MARKED_STYLE = re.compile(
    r"(?:background(?:-color)?|mso-highlight)\s*:\s*(?!(?:transparent|white|#fff(?:fff)?\b|none|inherit|initial))[a-z#]"
)
_SPACES = re.compile(r"[ \t\r\n\f]+")


@dataclass(slots=True)
class Element:
    """An open element, and what it does to the text in it."""

    tag: str
    hidden: bool = False
    struck: bool = False
    bold: bool = False
    pre: bool = False
    quote: int = 0
    count: int = 0
    """Number of the next list item; 0 in an unordered list."""


@dataclass(slots=True)
class Page:
    """The state of the conversion: open elements, the line being built, the lines done.

    Breaks are lazy: what a tag asks for is done when the next text comes, so that the blocks inside a table cell do not
    tear its row apart.
    """

    open: list[Element] = field(default_factory=lambda: [Element("")])
    buffer: list[str] = field(default_factory=list)
    quote: int = 0
    """Depth of quotation where the line began."""
    lines: list[tuple[str, int]] = field(default_factory=list)
    pending: str = ""
    """The break that is due before the next text: a line end, a tab, or none."""
    at_cell_start: bool = False

    @property
    def top(self) -> Element:
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


def open_element(parent: Element, name: str, attributes: dict[str, str]) -> Element:
    """The element that a tag opens inside `parent`, from which it has what it does not say itself."""
    style = attributes.get("style", "").lower()
    href = attributes.get("href", "").lower() if name == "a" else ""
    is_light_link = href.startswith("mailto:") and "body=" in href
    cited = name == "blockquote" and "elementtoproof" not in attributes.get("class", "").lower()
    number = attributes.get("start", "1")
    return Element(
        tag=name,
        hidden=parent.hidden or is_light_link or name in {"head", "template"} or _HIDDEN.search(style) is not None,
        struck=parent.struck or name in {"s", "strike", "del"} or ("line-through" in style),
        bold=_is_bold(parent, name, style),
        pre=parent.pre or name == "pre",
        quote=parent.quote + cited,
        count=int(number) if name == "ol" and number.isdecimal() and len(number) < 6 else 0,
    )


def _is_bold(parent: Element, name: str, style: str) -> bool:
    if name in {"b", "strong", "mark", "u"} or _BOLD_STYLE.search(style) is not None:
        return True
    if name in {"span", "font"} and _MARKED_STYLE.search(style) is not None:
        return True
    return parent.bold and "font-weight:normal" not in style.replace(" ", "")
