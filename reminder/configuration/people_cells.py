"""What stands in the cells of a contact list: addresses as people write them, languages, and whose place somebody takes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from reminder.configuration.values import is_address
from reminder.domain.programme import LANGUAGES, Language
from reminder.parse.small_words import word_set

_AT = re.compile(r"\s{0,3}[(\[{]\s{0,3}(?:at|ät|@|miuku|miukumauku)\s{0,3}[)\]}]\s{0,3}", re.IGNORECASE)
_MAILTO = re.compile(r"mailto:\s*", re.IGNORECASE)
_TOKEN = re.compile(r"[^\s<>,;()\[\]\"]+")
_EDGES = ".,;:'`´*<>()[]|/\\ -–—"
_SEGMENT = re.compile(r"[;\n|]|\s/\s")
_LANGUAGE_WORDS: Mapping[Language, frozenset[str]] = {
    "fi": frozenset({"fi", "fin", "su", "suomi", "suomeksi", "finska", "finnish"}),
    "sv": frozenset({"sv", "se", "swe", "ru", "ruotsi", "ruotsiksi", "svenska", "swedish"}),
    "en": frozenset({"en", "eng", "englanti", "englanniksi", "engelska", "english"}),
}


class Duty(StrEnum):
    """In what place somebody stands for a party."""

    CONTACT = "contact"
    DEPUTY = "deputy"
    MANAGER = "manager"
    COORDINATOR = "coordinator"


_DUTY_WORDS: Mapping[Duty, frozenset[str]] = {
    Duty.CONTACT: word_set(
        "contact yhteyshenkilö yhdyshenkilö vastuuhenkilö varsinainen vastaava kontaktperson ordinarie ansvarig responsible"
    ),
    Duty.DEPUTY: word_set(
        "deputy vara varahenkilö varajäsen varalla sijainen ersättare suppleant vikarie ställföreträdare substitute alternate"
    ),
    Duty.MANAGER: word_set("manager esimies esihenkilö lähiesimies lähiesihenkilö chef förman supervisor superior"),
    Duty.COORDINATOR: word_set("koordinaattori samordnare koordinator coordinator"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailboxes:
    """The addresses of a cell, each with the name that stands beside it; what is no address; and words beside several."""

    people: tuple[tuple[str, str], ...] = ()
    """Name, which may be empty, and address in small letters."""
    broken: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


def read_mailboxes(cell: str) -> Mailboxes:
    """`Nimi <a@b>; c@d`, `mailto:a@b`, `a(at)b`, one a line, with dots and commas left behind: each address once."""
    people: dict[str, str] = {}
    broken: list[str] = []
    words: list[str] = []
    for segment in _SEGMENT.split(_MAILTO.sub("", _AT.sub("@", cell))):
        tokens = [token for token in _TOKEN.findall(segment) if "@" in token]
        rest = " ".join(_TOKEN.sub(_without_address, segment).split()).strip(_EDGES + '"')
        found = [(token, _bare(token)) for token in tokens]
        broken += [token.strip() for token, address in found if not is_address(address)]
        addresses = [address for _, address in found if is_address(address)]
        has_one = len(tokens) == 1 and len(addresses) == 1
        for address in addresses:
            people.setdefault(address, rest if has_one else "")
        if rest and not has_one:
            words.append(rest)
    return Mailboxes(people=tuple((name, address) for address, name in people.items()), broken=tuple(broken), words=tuple(words))


def _without_address(token: re.Match[str]) -> str:
    return " " if "@" in token[0] else token[0]


def _bare(token: str) -> str:
    """The address without what stuck to it: dots, brackets, the subject of a link. Small letters, since nobody tells them apart."""
    return token.partition("?")[0].strip(_EDGES + '"').lower()


def read_language(cell: str) -> Language | None:
    """The first language that a cell names; None where it names none that mails are written in."""
    words = re.findall(r"[^\W\d_]+", cell.casefold())
    return next((language for word in words for language in LANGUAGES if word in _LANGUAGE_WORDS[language]), None)


def read_duty(cell: str) -> Duty | None:
    """The place that a cell names; None where it is the name of a role, such as `kulttuuripäällikkö`."""
    plain = " ".join(re.findall(r"[^\W\d_]+", cell.casefold()))
    return next((duty for duty, words in _DUTY_WORDS.items() if plain in words), None)


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet would compute the text: no name of anybody."""
    return cell.startswith(("=", "+", "-", "@"))
