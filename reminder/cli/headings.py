"""What a person reads around the facts of a command: headings and the sentences below a table, in the language of --lang."""

from __future__ import annotations

from collections.abc import Mapping

from reminder.compose.kinds import KIND_NAMES
from reminder.domain.programme import Language
from reminder.domain.rounds import StepKind

HEADINGS: Mapping[Language, Mapping[str, str]] = {
    "fi": {
        "when": "milloin",
        "date": "päivä",
        "kind": "viesti",
        "round": "kierros",
        "party": "vastuutaho",
        "to": "kenelle",
        "standing": "tilanne",
        "why": "miksi",
        "why this date": "miksi juuri silloin",
        "action": "toimenpide",
        "light": "väri",
        "others say": "muut sanovat",
        "sub-committee": "jaosto",
        "phase": "vaihe",
        "report": "raportti",
        "due": "määräaika",
        "last mail": "edellinen viesti",
        "next mail": "seuraava viesti",
        "moved": "siirretty",
        "last time": "viimeksi",
        "mails": "viestejä",
        "waits since": "odottanut",
        "too late from": "liian myöhäistä",
        "state": "tila",
        "Already due": "Olisi jo pitänyt lähteä",
    },
    "sv": {
        "when": "när",
        "date": "dag",
        "kind": "meddelande",
        "round": "runda",
        "party": "ansvarig",
        "to": "till vem",
        "standing": "läge",
        "why": "varför",
        "why this date": "varför just då",
        "action": "åtgärd",
        "light": "färg",
        "others say": "andra säger",
        "sub-committee": "sektionen",
        "phase": "fas",
        "report": "rapport",
        "due": "sista svarsdag",
        "last mail": "förra meddelandet",
        "next mail": "nästa meddelande",
        "moved": "flyttat",
        "last time": "förra gången",
        "mails": "meddelanden",
        "waits since": "väntar sedan",
        "too late from": "för sent från",
        "state": "tillstånd",
        "Already due": "Borde redan ha sänts",
    },
    "en": {},
}
"""By the English heading; one that is not here is said in English."""

IMPORTED: Mapping[Language, str] = {"fi": "tuotu", "sv": "importerat", "en": "imported"}
"""Of a light that lights.yaml tells."""

PLAN_NOTES: Mapping[Language, tuple[str, str]] = {
    "fi": ("Tälle ajalle ei osu yhtään viestiä.", "Rivejä {count}. Joka on raportoinut kaiken, ei saa enempää."),
    "sv": ("Inget meddelande infaller under den tiden.", "{count} rader. Den som har rapporterat allt får inga fler."),
    "en": ("No mail falls into this time.", "{count} steps. A party that has reported everything gets no more of them."),
}
"""Below the plan: where it is empty, and where it is not."""

LEFT_OUT: Mapping[Language, str] = {
    "fi": "{width} merkin levyiseltä päätteeltä jäi pois: {columns}. Levennä se {needed} merkkiin tai ohjaa tulos tiedostoon.",
    "sv": "På en terminal med {width} tecken utelämnades: {columns}. Gör den {needed} tecken bred, eller skriv till en fil.",
    "en": "Left out on a terminal of {width} columns: {columns}. Widen it to {needed}, or send the output to a file.",
}


def heading(text: str, language: Language) -> str:
    """A heading in a language."""
    return HEADINGS[language].get(text, text)


def read_kind(text: str) -> str:
    """The step of a name on the command line: `last_call`, or its name in one of the languages as `plan` shows it. For argparse.

    What is no such name is given back as it stands, so that argparse can say what is possible.
    """
    wanted = " ".join(text.casefold().replace("_", " ").rstrip(" 0123456789").split())
    for names in KIND_NAMES.values():
        for kind, (noun, _) in names.items():
            if wanted in {noun, kind.value.replace("_", " ")}:
                return kind.value
    return text


STEP_KINDS = tuple(kind.value for kind in StepKind)
