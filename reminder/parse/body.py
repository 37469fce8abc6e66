"""The body as lines with their depth of quotation: from the text part, from the HTML part, or from both."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass

from reminder.parse.decoding import clean_text, decode_bytes, decode_quoted_printable
from reminder.parse.html_text import html_lines
from reminder.parse.limits import LINE_CHARS, LINES, TEXT_CHARS
from reminder.parse.message import Mail, TextPart

_LOST = re.compile(r"\b(vihre|gr|r|l)[?\ufffd](?=ll[?\ufffd]|n[ta]?\b|da?\b|tt\b|get?\b)|(?<=\bvihre[?\ufffd]ll)[?\ufffd]", re.IGNORECASE)
"""A letter of a light or of our label that a gateway has turned into a question mark. At the end of a word it may be a question."""
_MAIL_LINK = re.compile(
    r"[ \t]?[<(\[]mailto:[^<>()\[\]]{1,5000}[>)\]]|(?<!\S)mailto:\S{1,4000}"
    r"|[ \t]?<https?://[^<>\s]{1,300}url=mailto[^<>]{1,5000}>",
    re.IGNORECASE,
)
_UNDECODED = re.compile(r"\w=(?:E4|F6|C3=A4|C3=B6)\w")
_QUOTED = re.compile(r"(?:=[0-9A-F]{2})+")
"""Quoted-printable that a gateway has left in the text."""
_ENTITY = re.compile(r"&(?:#\d{1,5}|[aoAO]uml|[aA]ring|nbsp|quot|amp|lt|gt|[lr]dquo|[nm]dash);")
_MARKS = re.compile(r"[ \t]{0,3}(?:>[ \t]?)+")
_STUB = re.compile(
    r"(?:this is a multi-?part message|html (?:is )?required|does(?:n't| not) support html|ei tue html|stöder inte html"
    r"|view (?:this|the) (?:message|email) in)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line without its quotation marks. `depth` counts the marks."""

    text: str
    depth: int = 0

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing on it."""
        return not self.text.strip()


@dataclass(frozen=True, slots=True)
class Body:
    """The lines of one part of the mail. `source` is `text` or `html`."""

    source: str
    lines: tuple[Line, ...]


def read_bodies(mail: Mail) -> tuple[Body, ...]:
    """The readable bodies: the text part unless it is blank or a stub, and the HTML part, which alone knows what is struck out."""
    bodies: list[Body] = []
    plain = [line for part in mail.texts for line in plain_lines(part)]
    page = [line for source in mail.html for line in _cut(html_lines(source))]
    if any(not line.is_blank for line in plain) and not (page and _is_stub(plain)):
        bodies.append(Body("text", tuple(plain)))
    if any(not line.is_blank for line in page):
        bodies.append(Body("html", tuple(page)))
    return tuple(bodies)


def _is_stub(lines: list[Line]) -> bool:
    """Whether the text part only says that one should read the other part (RFC 2046 section 5.1.4 forbids what many do)."""
    said = " ".join(line.text for line in lines if not line.is_blank)
    return len(said) < 300 and _STUB.search(said) is not None


def plain_lines(part: TextPart) -> list[Line]:
    """The lines of a text part, quotation marks counted and removed, format=flowed unwrapped (RFC 3676)."""
    lines = _without_links([_unmarked(text) for text in part.text[:TEXT_CHARS].split("\n")])
    if part.is_flowed:
        lines = _unwrapped(lines, deletes_space=part.deletes_space)
    return _cut((line.text, line.depth) for line in lines)


def _without_links(lines: list[Line]) -> list[Line]:
    """Without the targets of mail links, which clients write behind the words of our light links and break where a line grows
    too long; and with entities that a gateway left in the text as the characters that they stand for."""
    text = "\n".join(line.text for line in lines)
    if "mailto" in text.lower():
        text = _MAIL_LINK.sub(lambda match: "\n" * match.group().count("\n"), text)
    if _UNDECODED.search(text) is not None and "ä" not in text and "ö" not in text:
        text = _QUOTED.sub(lambda match: clean_text(decode_bytes(decode_quoted_printable(match.group().encode()))), text)
    if "&" in text:
        text = _ENTITY.sub(lambda match: clean_text(html.unescape(match.group())), text)
    return [Line(text, line.depth) for text, line in zip(text.split("\n"), lines, strict=True)]


def _unmarked(text: str) -> Line:
    match = _MARKS.match(text[:LINE_CHARS])
    if match is None:
        return Line(text)
    return Line(text[match.end() :], match.group().count(">"))


def _unwrapped(lines: list[Line], *, deletes_space: bool) -> list[Line]:
    """Joins what a soft break has split: lines of one depth, the earlier ending in a blank, the signature mark excepted."""
    joined: list[tuple[list[str], int]] = []
    is_open = False
    for line in lines:
        text = line.text[1:] if line.depth == 0 and line.text.startswith(" ") else line.text
        is_signature = text == "-- "
        if is_open and joined[-1][1] == line.depth and not is_signature:
            joined[-1][0].append(text)
        else:
            joined.append(([text], line.depth))
        is_open = text.endswith(" ") and not is_signature
        if is_open and deletes_space:
            joined[-1][0][-1] = text[:-1]
    return [Line("".join(texts), depth) for texts, depth in joined]


def _cut(lines: Iterable[tuple[str, int]]) -> list[Line]:
    """Cuts lines to a length that is safe to search; the pieces follow one another."""
    found: list[Line] = []
    for text, depth in lines:
        if len(found) >= LINES:
            break
        text = _mended(text)
        found.append(Line(text[:LINE_CHARS], depth))
        found.extend(Line(text[start : start + LINE_CHARS], depth) for start in range(LINE_CHARS, len(text), LINE_CHARS))
    return found


def _mended(text: str) -> str:
    """`vihre?ll?` is `vihreällä` again, and `gr?n` is `grön`: no word of the three languages is written so."""
    if "?" not in text and "\ufffd" not in text:
        return text
    return _LOST.sub(lambda match: (match[1] or "") + ("ö" if (match[1] or "").lower() in {"gr", "r"} else "ä"), text)
