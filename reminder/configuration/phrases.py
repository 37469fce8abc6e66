"""Short phrases that stand inside findings, in the three languages: what is named, where it is, what was meant, a date."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from reminder.domain.programme import LANGUAGES, Language, Localised

Text = str | Localised
"""A text that is the same in every language, such as a key, or one that is not."""

_WEEKDAYS: Mapping[Language, tuple[str, ...]] = {
    "fi": ("ma", "ti", "ke", "to", "pe", "la", "su"),
    "sv": ("mån", "tis", "ons", "tors", "fre", "lör", "sön"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}


def phrase(fi: str, sv: str, en: str) -> Localised:
    """A phrase, written three times."""
    return Localised({"fi": fi, "sv": sv, "en": en})


_NAMED = {
    "round": phrase("kierros {name}", "rundan {name}", "round {name}"),
    "override": phrase("poikkeus {name}", "undantaget {name}", "override {name}"),
    "anchor": phrase("ankkuri `{name}`", "ankaret `{name}`", "anchor `{name}`"),
    "programme": phrase("ohjelma {name}", "programmet {name}", "programme {name}"),
    "party": phrase("vastuutaho {name}", "ansvariga parten {name}", "party {name}"),
    "question": phrase("kysymys {name}", "frågan {name}", "question {name}"),
    "contact": phrase("yhteyshenkilö {name}", "kontaktpersonen {name}", "contact {name}"),
    "action": phrase("toimenpide {name}", "åtgärden {name}", "an action {name}"),
}
THE_DATE = phrase("Päivämäärä", "Datumet", "The date")
THE_YEAR = phrase("Vuosi", "Året", "The year")
THE_PARTY = phrase("Vastuutaho", "Den ansvariga parten", "The party")
THE_CONTACT = phrase("Yhteyshenkilö", "Kontaktpersonen", "The contact")
THE_CONTACTS = phrase("Yhteyshenkilöt", "Kontaktpersonerna", "The contacts")
THE_COORDINATOR = phrase("Koordinaattori", "Koordinatorn", "The coordinator")
THE_LANGUAGE = phrase("Kieli", "Språket", "The language")
PARTY_NAME = phrase("Vastuutahon nimi", "Den ansvariga partens namn", "The name of the party")
CLOSED_DAY = phrase("Suljettu päivä", "En stängd dag", "A closed day")
CLOSED_DAY_NAME = phrase("Suljetun päivän nimi", "Namnet på den stängda dagen", "The name of the closed day")
QUIET_NAME = phrase("Rauhoitetun ajan nimi", "Namnet på den lugna tiden", "The name of the quiet time")
FOCUS_AREA = phrase("painopiste", "ett fokusområde", "a focus area")
GOAL = phrase("tavoite", "ett mål", "a goal")
NOT_UTF8_TEXT = phrase("se ei ole UTF-8-tekstiä", "den är inte text i UTF-8", "it is not UTF-8 text")
WITHOUT_NUMBER = phrase("ilman numeroa", "utan nummer", "without a number")
WEEKEND = phrase("viikonloppu", "ett veckoslut", "a weekend")

_DID_YOU_MEAN = phrase("Tarkoititko: `{guess}`?", "Menade du `{guess}`?", "Did you mean `{guess}`?")
_KNOWN_ARE = phrase("Tunnetut: {known}.", "Kända är: {known}.", "Known here: {known}.")
_NOTHING_YET = phrase("ei vielä mitään", "ingenting ännu", "nothing yet")


def named(kind: str, name: str) -> Localised:
    """What is named, with its name: `round 2024`."""
    return Localised({language: text.format(name=name).rstrip() for language, text in _NAMED[kind].texts.items()})


def did_you_mean(guess: str) -> Localised:
    """`Did you mean …?`"""
    return Localised({language: text.format(guess=guess) for language, text in _DID_YOU_MEAN.texts.items()})


def known_are(known: str) -> Localised:
    """What is known here; an empty text for nothing."""
    return Localised(
        {language: text.format(known=known or _NOTHING_YET.in_language(language)) for language, text in _KNOWN_ARE.texts.items()}
    )


def after_blank(text: Localised | None) -> Text:
    """The text with a blank before it, or nothing, for the end of an advice."""
    return "" if text is None else Localised({language: f" {text.in_language(language)}" for language in LANGUAGES})


def begin(text: Text) -> Text:
    """The text with a capital letter at its beginning."""
    if isinstance(text, str):
        return text[:1].upper() + text[1:]
    return Localised({language: one[:1].upper() + one[1:] for language, one in text.texts.items()})


def show(value: object, language: Language) -> str:
    """A value as a finding shows it: dates with their weekday, `Fri 28.2.2025`."""
    if isinstance(value, Localised):
        return value.in_language(language)
    if isinstance(value, date):
        return f"{_WEEKDAYS[language][value.weekday()]} {value.day}.{value.month}.{value.year}"
    return str(value)
