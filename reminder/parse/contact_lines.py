"""Corrections of contacts in the coordinator's own words: `3: uusi@kunta.example`, `Kulttuuripäällikkö -> uusi@kunta.example`."""

from __future__ import annotations

import re
from dataclasses import dataclass

MOST = 100
"""Corrections that are read of one mail; a list longer than that is a file for the admin."""
LONGEST = 400
"""Characters of a line that are looked at."""
_ADDRESS = r"<?(?:mailto:)?(?P<address>[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8})>?"
_REST = r"(?:\s*\(.{0,80}\))?[\s.,;]*"
_LINE = re.compile(rf"(?P<subject>(?:[^:=→@<>]|:(?=\S)){{1,100}}?)\s*(?::|=|→|->|=>|\s–\s)\s*{_ADDRESS}{_REST}", re.ASCII)
_NUMBERED = re.compile(rf"(?P<subject>\d{{1,3}})[.)]?\s+{_ADDRESS}{_REST}", re.ASCII)
_BULLETS = " \t\u00a0>*•–-"

_GREETING = re.compile(r"(?:hei|moi|terve|hej|hello|hi)\b[^.?]{0,40}[,.!]*", re.IGNORECASE)
_UNCHANGED = re.compile(
    r"(?:ei (?:mitään )?(?:muutoksia|muutettavaa|korjattavaa)|kaikki ennallaan|ennallaan|inga ändringar|ingenting att ändra|oförändrat"
    r"|no changes?|nothing has changed|unchanged)[.!]*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ContactLine:
    """One line that gives somebody another address. `subject` is whom, as written: a number of the list, a name or an id."""

    subject: str
    address: str


def find_contact_lines(text: str) -> tuple[ContactLine, ...]:
    """The lines of this form, in order. Total; whom each is about is not judged here."""
    found = []
    for written in text.splitlines():
        line = written.strip(_BULLETS)[:LONGEST]
        match = _NUMBERED.fullmatch(line) or _LINE.fullmatch(line)
        if match is not None:
            found.append(ContactLine(" ".join(match["subject"].split()), match["address"].lower()))
    return tuple(found[:MOST])


def says_unchanged(text: str) -> bool:
    """Whether the first line says that nothing has changed, and nothing but a greeting stands around it."""
    lines = [line.strip(_BULLETS) for line in text.splitlines() if line.strip(_BULLETS)]
    while lines and _GREETING.fullmatch(lines[0]):
        lines.pop(0)
    return bool(lines) and _UNCHANGED.fullmatch(lines[0]) is not None and "?" not in text
