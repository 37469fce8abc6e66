"""What of a free text may stand on the public page: no contact details, no identity codes, no characters that are not seen.

A text is the party's; what it says of a person is not for everybody (DESIGN, decision 22). E-mail addresses, phone numbers and
Finnish personal identity codes are replaced by a word in brackets, so that a reader sees that something stood there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from functools import partial

from reminder.domain.assessments import Assessment
from reminder.domain.programme import Language

LONGEST = 10_000
"""Characters of one text that the page shows; the rest is cut, since no reader gets that far."""
LONGEST_LINE = 400
"""Characters of a name or title."""
MOST_MARKS = 3
"""Combining marks on one letter; more is an attack on the reader's eyes."""

_FIRST_MARK = "\u0300"
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\ufffe\uffff"
    "\U000e0000-\U000e007f]"
)
_AT = r"(?:@|＠|\s?[(\[{]\s?(?:at|ät|miukumauku)\s?[)\]}]\s?)"
_ADDRESS = re.compile(rf"[^\s<>()\[\],;:\"@＠]{{1,100}}{_AT}[^\s<>()\[\],;:\"@＠]{{1,200}}", re.IGNORECASE)
_IDENTITY = re.compile(r"(?<!\w)[0-3]\d[01]\d{3}[-–‐+A-FU-Y]\d{3}[0-9A-Y](?!\w)", re.IGNORECASE)
_PHONE = re.compile(
    r"(?<![\w.,/])(?<!\d-)(?!\d{3}-\d{3}-\d{4}-\d{4})"  # no part of a number, a date or the id of a plot
    r"(?:(?:\+|00)\d{1,3}[ \u00a0-]?(?:\(0\)[ \u00a0]?)?\d{1,4}|\(?0\d{1,3}\)?)(?:[ \u00a0-]?\d{2,8}){1,5}(?![\w/])"
)


class Private(StrEnum):
    """What was found in a text that is not for everybody."""

    ADDRESS = "address"
    PHONE = "phone"
    IDENTITY = "identity"


MARKS: Mapping[Language, Mapping[Private, str]] = {
    "fi": {
        Private.ADDRESS: "[sähköpostiosoite poistettu]",
        Private.PHONE: "[puhelinnumero poistettu]",
        Private.IDENTITY: "[henkilötunnus poistettu]",
    },
    "sv": {
        Private.ADDRESS: "[e-postadress borttagen]",
        Private.PHONE: "[telefonnummer borttaget]",
        Private.IDENTITY: "[personbeteckning borttagen]",
    },
    "en": {
        Private.ADDRESS: "[e-mail address removed]",
        Private.PHONE: "[phone number removed]",
        Private.IDENTITY: "[personal identity code removed]",
    },
}


def make_public(text: str, language: Language) -> str:
    """The text as everybody may read it. Total: any text gives one, of at most some more than `LONGEST` characters."""
    shown = make_sound(text)
    for kind, pattern in _PATTERNS:
        shown = pattern.sub(partial(_mask, kind, MARKS[language][kind]), shown)
    return shown


def _mask(kind: Private, mark: str, found: re.Match[str]) -> str:
    return mark if _is_private(kind, found.group()) else found.group()


def find_private(fact: Assessment) -> frozenset[Private]:
    """What of the words of a fact is never shown."""
    whole = make_sound(f"{fact.text}\n{fact.next_step}")
    found = set()
    for kind, pattern in _PATTERNS:
        if any(_is_private(kind, one.group()) for one in pattern.finditer(whole)):
            found.add(kind)
            whole = pattern.sub(" ", whole)
    return frozenset(found)


def make_sound(text: str) -> str:
    """A text without characters that are not seen, that turn the direction of others, or that pile up; at most `LONGEST` of them."""
    seen = _UNSEEN.sub("", text[: 2 * LONGEST])
    sound = (seen if max(seen, default="") < _FIRST_MARK else _thin_out(seen)).strip()
    return sound if len(sound) <= LONGEST else f"{sound[:LONGEST].rstrip()} …"


def make_line(text: str) -> str:
    """A name or title, made sound, on one line and not longer than a reader would read."""
    line = " ".join(make_sound(text).split())
    return line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE].rstrip()} …"


def _thin_out(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for char in text:
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks <= MOST_MARKS:
            kept.append(char)
    return "".join(kept)


def _is_private(kind: Private, found: str) -> bool:
    if kind is Private.PHONE:
        return 7 <= sum(char.isdigit() for char in found) <= 15
    return True


_PATTERNS = ((Private.ADDRESS, _ADDRESS), (Private.IDENTITY, _IDENTITY), (Private.PHONE, _PHONE))
