"""Findings about lights.yaml in Finnish and Swedish."""

from __future__ import annotations

from collections.abc import Mapping

from reminder.configuration import wording as say
from reminder.configuration.wording import Complaint

FINNISH_LIGHTS: Mapping[Complaint, tuple[str, str]] = {
    say.NOT_LIGHT: ("`{value}` ei ole liikennevalo.", "{hint}"),
    say.LIGHT_SAYS_NOTHING: (
        "Toimenpiteestä {number} ei kerrota valoa eikä vaihetta.",
        "Lisää `light: green`, `yellow` tai `red`, tai poista kohta.",
    ),
    say.LIGHT_WITHOUT_DAY: (
        "Toimenpiteestä {number} ei kerrota, milloin siitä raportoitiin.",
        "Lisää ohjelman kohdalle `on: 2024-02-20`, tai tähän kohtaan oma päivä.",
    ),
    say.LIGHT_UNKNOWN: ("Ohjelmassa {programme} ei ole toimenpidettä `{number}`.", "{hint}"),
    say.LIGHT_TWICE: ("Toimenpiteen {number} valo on kahdesti; ensin rivillä {line}.", "Poista näistä toinen."),
    say.LIGHT_NEVER_SHOWN: (
        "Toimenpiteen {number} valo on päivältä {day}, mutta viimeinen pyyntö lähtee {request}; mikään viesti ei näytä valoa.",
        "Korjaa päivä, tai lisää kierros, jonka pyyntö lähtee sen jälkeen.",
    ),
}
SWEDISH_LIGHTS: Mapping[Complaint, tuple[str, str]] = {
    say.NOT_LIGHT: ("`{value}` är inget trafikljus.", "{hint}"),
    say.LIGHT_SAYS_NOTHING: (
        "För åtgärd {number} anges varken ljus eller fas.",
        "Lägg till `light: green`, `yellow` eller `red`, eller ta bort posten.",
    ),
    say.LIGHT_WITHOUT_DAY: (
        "För åtgärd {number} sägs inte när den rapporterades.",
        "Lägg till `on: 2024-02-20` för programmet, eller ett eget datum här.",
    ),
    say.LIGHT_UNKNOWN: ("Programmet {programme} har ingen åtgärd `{number}`.", "{hint}"),
    say.LIGHT_TWICE: ("Ljuset för åtgärd {number} står två gånger; först på rad {line}.", "Ta bort det ena."),
    say.LIGHT_NEVER_SHOWN: (
        "Ljuset för åtgärd {number} är från {day}, men den sista begäran går ut {request}; inget brev visar ljuset.",
        "Rätta datumet, eller lägg till en runda vars begäran går ut senare.",
    ),
}
