"""Findings about surveys in Finnish and Swedish: message and advice of each complaint."""

from __future__ import annotations

from collections.abc import Mapping

from reminder.configuration import wording as say
from reminder.configuration.wording import Complaint

FINNISH_SURVEYS: Mapping[Complaint, tuple[str, str]] = {
    say.SURVEY_KEY_OF_REPORT: (
        "Kierros {round} ei ole kysely, joten sillä ei ole kohtaa `{key}`.",
        "Poista `{key}` tai lisää `kind: survey`.",
    ),
    say.SURVEY_TOO_MANY: ("Kyselyssä on enintään {most} kysymystä.", "Jätä osa pois: siihen vastataan puhelimella."),
    say.SURVEY_ENDS: ("Vain asteikolla 1–5 on ääripäät.", "Poista `low` ja `high` tai kirjoita `scale: 1-5`."),
    say.SURVEY_TOO_FEW: (
        "Kysely {round} on nimetön ja lähtee vain {count} henkilölle: tulos näytetään, kun vastauksia on {least}.",
        "Lisää vastaajia tai luovu kohdasta `anonymous`.",
    ),
}

SWEDISH_SURVEYS: Mapping[Complaint, tuple[str, str]] = {
    say.SURVEY_KEY_OF_REPORT: (
        "Rundan {round} är ingen enkät, så den har inget `{key}`.",
        "Ta bort `{key}` eller lägg till `kind: survey`.",
    ),
    say.SURVEY_TOO_MANY: ("En enkät har högst {most} frågor.", "Lämna bort några: den besvaras på telefon."),
    say.SURVEY_ENDS: ("Bara skalan 1–5 har ändpunkter.", "Ta bort `low` och `high`, eller skriv `scale: 1-5`."),
    say.SURVEY_TOO_FEW: (
        "Enkäten {round} är anonym och går bara till {count}: resultatet visas när det finns {least} svar.",
        "Fråga flera, eller avstå från `anonymous`.",
    ),
}
