"""Addresses in header fields, read by a scanner of our own: linear, and strict about who wrote.

The standard library's reader recurses on `((((` and guesses at malformed fields (CVE-2023-27043); who wrote a mail is
not a thing to guess at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from reminder.parse.decoding import clean_text, decode_bytes, decode_header
from reminder.parse.limits import ADDRESSES

_ADDR_SPEC = re.compile(r"[^\s@<>()\[\],;:\"\\]{1,128}@[^\s@<>()\[\],;:\"\\]{1,255}")
_WORD = re.compile(r"=\?[^?\s]{1,60}\?[qQ]\?[^?]*\?=")
_IN_ANGLE = re.compile(r"<([^<>]{1,400})>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """A display name and an address, the address in lower case."""

    name: str
    address: str


def read_addresses(raw: bytes) -> tuple[Mailbox, ...]:
    """The mailboxes of one address field, at most 100. What is no address is left out."""
    found: list[Mailbox] = []
    for part in _split_list(_one_line(raw)):
        if (mailbox := _read_mailbox(part)) is not None:
            found.append(mailbox)
        if len(found) >= ADDRESSES:
            break
    return tuple(found)


def read_author(fields: tuple[bytes, ...]) -> tuple[Mailbox | None, str]:
    """The one author of a mail, or None and why there is none: a mail has exactly one From field with one address
    (RFC 5322 section 3.6.2 allows more; we do not believe them, see RFC 7489 section 6.6.1)."""
    if not fields:
        return None, "from_missing"
    if len(fields) > 1:
        return None, "from_repeated"
    text = _one_line(fields[0])
    parts = [part for part in _split_list(text) if part.strip()]
    if len(parts) != 1:
        return None, "from_several" if parts else "from_missing"
    if re.search(r"^[^\"<]*:", _without_comments(text)) is not None:
        return None, "from_group"
    mailbox = _read_mailbox(parts[0])
    return mailbox, "" if mailbox else "from_unreadable"


def _read_mailbox(part: str) -> Mailbox | None:
    bare = _without_quoted(_without_comments(part))
    angles = _IN_ANGLE.findall(bare)
    if len(angles) > 1:
        return None
    candidate = (angles[0] if angles else bare).strip()
    if not _ADDR_SPEC.fullmatch(candidate):
        return None
    name = part.partition("<")[0].strip().strip('"') if angles else ""
    return Mailbox(name=decode_header(name.encode("utf-8", "replace"))[:200], address=candidate.lower())


def _one_line(raw: bytes) -> str:
    """The field unfolded, its encoded words left as they are: a comma inside one separates nothing (RFC 2047 section 5)."""
    text = " ".join(clean_text(decode_bytes(raw)).split())
    return _WORD.sub(lambda match: match.group().replace(",", "=2C").replace(";", "=3B"), text)


def _split_list(text: str) -> Iterator[str]:
    """Splits at commas and semicolons that stand outside quotes, comments and angle brackets."""
    start = depth = 0
    quoted = angle = False
    skip = False
    for index, char in enumerate(text):
        if skip:
            skip = False
        elif char == "\\":
            skip = True
        elif char == '"' and depth == 0:
            quoted = not quoted
        elif quoted:
            continue
        elif char == "(":
            depth += 1
        elif char == ")":
            depth = max(0, depth - 1)
        elif depth:
            continue
        elif char in "<>":
            angle = char == "<"
        elif char in ",;" and not angle:
            yield text[start:index]
            start = index + 1
    yield text[start:]


def _without_comments(text: str) -> str:
    """Comments dropped (RFC 5322 section 3.2.2), nested ones by counting, outside quoted strings."""
    kept: list[str] = []
    depth, quoted = 0, False
    for char in text:
        if char == '"' and depth == 0:
            quoted = not quoted
        if not quoted and char == "(":
            depth += 1
        elif not quoted and char == ")" and depth:
            depth -= 1
        elif depth == 0:
            kept.append(char)
    return "".join(kept)


def _without_quoted(text: str) -> str:
    """Quoted display names dropped, so that an address inside a name is never taken for the address."""
    return re.sub(r'"[^"]{0,1000}"', " ", text) if "<" in text else text.replace('"', "")
