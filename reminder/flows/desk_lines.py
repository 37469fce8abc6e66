"""How each command of the desk is written, and the line that takes it back, in three languages."""

from __future__ import annotations

from collections.abc import Mapping

from reminder.domain.commands import Verb
from reminder.domain.programme import Language

_PLACES: Mapping[Language, Mapping[str, str]] = {
    "fi": {"party": "vastuutaho", "number": "numero", "action": "toimenpide", "day": "päivä", "message": "viesti", "address": "osoite"},
    "sv": {"party": "part", "number": "nummer", "action": "åtgärd", "day": "dag", "message": "mejl", "address": "adress"},
    "en": {"party": "party", "number": "number", "action": "action", "day": "day", "message": "message", "address": "address"},
}
EXAMPLES: Mapping[Language, Mapping[Verb, str]] = {
    "fi": {
        Verb.ACCEPT: "hyväksy {number}",
        Verb.REJECT: "hylkää {number}: syy",
        Verb.DISCARD: "ohita {number}",
        Verb.ANSWERED: "vastattu {number}",
        Verb.RECORD: "kirjaa {action} vihreä: mitä tehtiin",
        Verb.EXTEND: "lisäaikaa {party}: {day} asti",
        Verb.WAIVE: "älä kysy {action}: syy",
        Verb.REMIND: "muistuta {party}",
        Verb.PAUSE: "tauko",
        Verb.RESUME: "jatka",
        Verb.RELEASE: "lähetä viesti {message}",
        Verb.CANCEL: "peru viesti {message}",
        Verb.SETTLE: "kuittaa viesti {message}",
        Verb.CLOSE: "sulje kierros",
        Verb.REOPEN: "avaa kierros {day} asti",
        Verb.APPROVE: "hyväksy ennakot",
        Verb.STOP: "hylkää ennakot",
        Verb.REFUSE: "ei lisäaikaa {party}: syy",
        Verb.CONTACT: "uusi yhteyshenkilö {party}: {address}",
        Verb.DEPUTY: "sijainen {party}: {address}",
        Verb.HAND_OVER: "luovuta koosteet: {address}",
        Verb.PUBLISH: "julkaise {action}",
        Verb.CORRECT: "korjaa {action}: uusi teksti",
        Verb.STATUS: "lähetä kooste",
        Verb.REPORT: "lähetä raportti",
        Verb.TAKE_BACK: "peru lisäaika {party}",
    },
    "sv": {
        Verb.ACCEPT: "godkänn {number}",
        Verb.REJECT: "avslå {number}: orsak",
        Verb.DISCARD: "lägg undan {number}",
        Verb.ANSWERED: "besvarad {number}",
        Verb.RECORD: "anteckna {action} grön: vad som gjordes",
        Verb.EXTEND: "mera tid {party} till {day}",
        Verb.WAIVE: "fråga inte {action}: orsak",
        Verb.REMIND: "påminn {party}",
        Verb.PAUSE: "paus",
        Verb.RESUME: "fortsätt",
        Verb.RELEASE: "skicka mejlet {message}",
        Verb.CANCEL: "avbryt {message}",
        Verb.SETTLE: "kvittera mejlet {message}",
        Verb.CLOSE: "stäng rundan",
        Verb.REOPEN: "öppna rundan till {day}",
        Verb.APPROVE: "godkänn utskicken",
        Verb.STOP: "avslå utskicken",
        Verb.REFUSE: "ingen mera tid {party}: orsak",
        Verb.CONTACT: "ny kontaktperson {party}: {address}",
        Verb.DEPUTY: "ställföreträdare {party}: {address}",
        Verb.HAND_OVER: "lämna över: {address}",
        Verb.PUBLISH: "publicera {action}",
        Verb.CORRECT: "rätta {action}: ny text",
        Verb.STATUS: "skicka sammandraget",
        Verb.REPORT: "skicka rapporten",
        Verb.TAKE_BACK: "ångra mera tid {party}",
    },
    "en": {
        Verb.ACCEPT: "accept {number}",
        Verb.REJECT: "reject {number}: reason",
        Verb.DISCARD: "discard {number}",
        Verb.ANSWERED: "answered {number}",
        Verb.RECORD: "record {action} green: what was done",
        Verb.EXTEND: "extend {party} until {day}",
        Verb.WAIVE: "waive {action}: reason",
        Verb.REMIND: "remind {party}",
        Verb.PAUSE: "pause",
        Verb.RESUME: "resume",
        Verb.RELEASE: "release {message}",
        Verb.CANCEL: "cancel {message}",
        Verb.SETTLE: "settle {message}",
        Verb.CLOSE: "close the round",
        Verb.REOPEN: "reopen the round until {day}",
        Verb.APPROVE: "approve the previews",
        Verb.STOP: "reject the previews",
        Verb.REFUSE: "refuse more time {party}: reason",
        Verb.CONTACT: "new contact {party}: {address}",
        Verb.DEPUTY: "deputy {party}: {address}",
        Verb.HAND_OVER: "hand over: {address}",
        Verb.PUBLISH: "publish {action}",
        Verb.CORRECT: "correct {action}: new text",
        Verb.STATUS: "send the digest",
        Verb.REPORT: "send the report",
        Verb.TAKE_BACK: "undo extension {party}",
    },
}
"""How each command is written; what stands in braces is filled in where it is known."""

_TAKE_BACK: Mapping[Language, Mapping[Verb, str]] = {
    "fi": {
        Verb.EXTEND: "peru lisäaika {party}",
        Verb.WAIVE: "peru vapautus {action}",
        Verb.REMIND: "peru muistutus {party}",
        Verb.CLOSE: "peru sulkeminen",
        Verb.REOPEN: "peru sulkeminen",
        Verb.PAUSE: "jatka",
        Verb.RESUME: "tauko",
        Verb.ACCEPT: "hylkää {number}",
        Verb.REJECT: "hyväksy {number}",
        Verb.DISCARD: "hyväksy {number}",
        Verb.RECORD: "hylkää {number}",
        Verb.APPROVE: "hylkää ennakot",
        Verb.STOP: "hyväksy ennakot",
        Verb.CONTACT: "peru yhteyshenkilö {party}",
        Verb.DEPUTY: "peru sijainen {party}",
        Verb.HAND_OVER: "peru luovutus",
        Verb.PUBLISH: "peru julkaisu {action}",
        Verb.CORRECT: "peru korjaus {action}",
    },
    "sv": {
        Verb.EXTEND: "ångra mera tid {party}",
        Verb.WAIVE: "ångra undantaget {action}",
        Verb.REMIND: "ångra påminnelsen {party}",
        Verb.CLOSE: "ångra stängningen",
        Verb.REOPEN: "ångra stängningen",
        Verb.PAUSE: "fortsätt",
        Verb.RESUME: "paus",
        Verb.ACCEPT: "avslå {number}",
        Verb.REJECT: "godkänn {number}",
        Verb.DISCARD: "godkänn {number}",
        Verb.RECORD: "avslå {number}",
        Verb.APPROVE: "avslå utskicken",
        Verb.STOP: "godkänn utskicken",
        Verb.CONTACT: "ångra kontaktpersonen {party}",
        Verb.DEPUTY: "ångra ställföreträdaren {party}",
        Verb.HAND_OVER: "ångra överlämningen",
        Verb.PUBLISH: "ångra publiceringen {action}",
        Verb.CORRECT: "ångra rättelsen {action}",
    },
    "en": {
        Verb.EXTEND: "undo extension {party}",
        Verb.WAIVE: "undo waiver {action}",
        Verb.REMIND: "undo reminder {party}",
        Verb.CLOSE: "undo closing",
        Verb.REOPEN: "undo closing",
        Verb.PAUSE: "resume",
        Verb.RESUME: "pause",
        Verb.ACCEPT: "reject {number}",
        Verb.REJECT: "accept {number}",
        Verb.DISCARD: "accept {number}",
        Verb.RECORD: "reject {number}",
        Verb.APPROVE: "reject the previews",
        Verb.STOP: "approve the previews",
        Verb.CONTACT: "undo contact {party}",
        Verb.DEPUTY: "undo deputy {party}",
        Verb.HAND_OVER: "undo handover",
        Verb.PUBLISH: "undo publishing {action}",
        Verb.CORRECT: "undo correction {action}",
    },
}


class _Unknown(dict[str, object]):
    """What is not known stays as a word in brackets, which no command takes."""

    def __init__(self, language: Language, values: Mapping[str, object]) -> None:
        super().__init__(values)
        self._names = _PLACES[language]

    def __missing__(self, key: str) -> str:
        return f"[{self._names[key]}]"


def name_place(place: str, language: Language) -> str:
    """What stands in brackets where something has to be filled in."""
    return f"[{_PLACES[language][place]}]"


def show_example(verb: Verb, language: Language, **values: object) -> str:
    """How a command is written."""
    return EXAMPLES[language][verb].format_map(_Unknown(language, values))


def show_undo(verb: Verb, language: Language, **values: object) -> str:
    """The line that takes a command back; empty where there is none."""
    line = _TAKE_BACK[language].get(verb, "")
    return line.format_map(_Unknown(language, values))
