"""How the tests read a mail: HTML made plain with white space out, and how far its spans cover it."""

from __future__ import annotations

from collections.abc import Sequence
from html.parser import HTMLParser

from reminder.domain.messages import Span

SILENT = frozenset({"head", "style", "title", "script"})


class PageReader(HTMLParser):
    """Collects the text of a page, its links, its tags and attributes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes the tag."""
        self.tags.append((tag, dict(attrs)))
        self._silent += tag in SILENT
        if tag == "a":
            self.links.append((dict(attrs).get("href") or "", ""))

    def handle_endtag(self, tag: str) -> None:
        """Leaves a part that is not shown."""
        self._silent -= tag in SILENT

    def handle_data(self, data: str) -> None:
        """Keeps what is shown."""
        if not self._silent:
            self.text.append(data)


def read_page(html: str) -> PageReader:
    """The page as its reader sees it."""
    reader = PageReader()
    reader.feed(html)
    return reader


def squash(text: str) -> str:
    """The text without white space, as parsing compares it."""
    return "".join(text.split())


def uncovered(text: str, spans: Sequence[Span]) -> str:
    """What remains of a text when the spans are taken from it in their order, each at most once; empty where all is covered."""
    rest, position = squash(text), 0
    while rest:
        match = next((n for n in range(position, len(spans)) if (own := squash(spans[n].text)) and rest.startswith(own)), None)
        if match is None:
            return rest
        rest, position = rest[len(squash(spans[match].text)) :], match + 1
    return ""
