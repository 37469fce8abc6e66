"""Texts that hold what the public page never shows: contact details or a personal identity code. Told, so that somebody can act on it.

The page puts a mark in its place by itself; what the coordinator is told is that it stands in the database and will stand in a report.
"""

from __future__ import annotations

from collections.abc import Mapping

from reminder.domain.programme import Language
from reminder.domain.rounds import ReportingRound
from reminder.flows.knowledge import Knowledge
from reminder.report.masking import Private, find_private

_LINE: Mapping[Language, str] = {
    "fi": "Vastausten teksteissä on tietoa, jota julkinen sivu ei näytä: {what}.",
    "sv": "I svarens texter finns uppgifter som den offentliga sidan inte visar: {what}.",
    "en": "Texts of replies hold what the public page does not show: {what}.",
}
_WORDS: Mapping[Language, Mapping[Private, str]] = {
    "fi": {Private.ADDRESS: "sähköpostiosoite", Private.PHONE: "puhelinnumero", Private.IDENTITY: "henkilötunnus"},
    "sv": {Private.ADDRESS: "e-postadress", Private.PHONE: "telefonnummer", Private.IDENTITY: "personbeteckning"},
    "en": {Private.ADDRESS: "e-mail address", Private.PHONE: "phone number", Private.IDENTITY: "personal identity code"},
}


def tell_private(knowledge: Knowledge, one: ReportingRound, language: Language) -> tuple[str, ...]:
    """All of them in one line, by the number of the action; nothing where there are none."""
    numbers = {action.id: action.number for action in knowledge.setup.programmes[one.programme].actions}
    told = []
    for action, facts in knowledge.said(one).items():
        found = frozenset[Private]().union(*(find_private(fact) for fact in facts))
        if found and action in numbers:
            told.append(f"{numbers[action]} ({', '.join(_WORDS[language][kind] for kind in Private if kind in found)})")
    return (_LINE[language].format(what=", ".join(sorted(told))),) if told else ()
