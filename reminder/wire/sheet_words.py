"""The words of the answer form in the three languages, and its columns: shared by its writer and its reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from reminder.domain.programme import Language
from reminder.wire.answer_block import BLOCK_WORDS


class Column(StrEnum):
    """The columns of the form, in their order."""

    KEY = "key"
    NUMBER = "number"
    TITLE = "title"
    LAST = "last"
    LIGHT = "light"
    DONE = "done"
    NEXT = "next"
    BY = "by"


ANSWERED = (Column.LIGHT, Column.DONE, Column.NEXT, Column.BY)


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetWords:
    """The words of the form in one language, beside the labels that it shares with the block of a mail."""

    file: str
    """What the file's name begins with, in ASCII."""
    tab: str
    number: str
    title: str
    last: str
    next: str
    by: str
    contributions: str
    """Above the actions that others lead."""
    instruction: str
    hint: str
    other: str
    """What is said of something else than a light in the column of the lights."""


SHEET_WORDS: Mapping[Language, SheetWords] = {
    "fi": SheetWords(
        file="vastauslomake",
        tab="Vastauslomake",
        number="Nro",
        title="Toimenpide",
        last="Viimeksi",
        next="Seuraavaksi",
        by="Mihin mennessä",
        contributions="Näistä vastaa joku muu; voit halutessasi täydentää",
        instruction="Valitse tila ja kirjoita yksi lause perusteluksi. Tallenna ja lähetä tiedosto vastauksesi liitteenä. "
        "Tyhjäksi jäänyt rivi ei kirjaa mitään.",
        hint="Valitse luettelosta.",
        other="Luettelossa on kolme vaihtoehtoa. Haluatko silti jatkaa?",
    ),
    "sv": SheetWords(
        file="svarsblankett",
        tab="Svarsblankett",
        number="Nr",
        title="Åtgärd",
        last="Förra gången",
        next="Härnäst",
        by="Senast när",
        contributions="Någon annan ansvarar för dessa; du kan komplettera om du vill",
        instruction="Välj läge och motivera det med en mening. Spara filen och bifoga den i ditt svar. "
        "En rad som lämnas tom antecknas inte.",
        hint="Välj i listan.",
        other="Listan har tre alternativ. Vill du ändå fortsätta?",
    ),
    "en": SheetWords(
        file="answer-form",
        tab="Answer form",
        number="No.",
        title="Action",
        last="Last time",
        next="Next step",
        by="By when",
        contributions="Others lead these; you may add to them if you wish",
        instruction="Choose the status and give the grounds in one sentence. Save the file and attach it to your reply. "
        "A row left empty records nothing.",
        hint="Choose from the list.",
        other="The list has three choices. Continue all the same?",
    ),
}


def heading_of(column: Column, language: Language) -> str:
    """The words above a column."""
    words, labels = SHEET_WORDS[language], BLOCK_WORDS[language]
    return {
        Column.KEY: "-",
        Column.NUMBER: words.number,
        Column.TITLE: words.title,
        Column.LAST: words.last,
        Column.LIGHT: labels.light,
        Column.DONE: labels.done,
        Column.NEXT: words.next,
        Column.BY: words.by,
    }[column]
