"""Actions named by their titles, several statements in one paragraph, and what must not be swept up by `kaikki`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reminder.sandbox.clients import gmail_web
from tests.corpus.building import answer, applied, asked
from tests.corpus.clients import mutt
from tests.corpus.expected import Case, Said, green, red, yellow
from tests.corpus.world import CULTURE

Row = tuple[str, Mapping[str, Said], Mapping[str, str]]
OWN = ("1.1", "1.10", "3.8")
ALL_GREEN = {"1.1": green(""), "1.10": green(""), "3.8": green("")}
TWO_GREEN = {"1.1": green(), "1.10": green()}
SWEEPS: Mapping[str, Row] = {
    "but-a-title": ("Kaikki vihreitä, paitsi museo keltainen", TWO_GREEN | {"3.8": yellow("")}, {}),
    "but-a-title-alone": ("Kaikki vihreällä, paitsi museo.", TWO_GREEN, {}),
    "but-a-title-which": ("Kaikki muut vihreitä paitsi museo, se on punainen", TWO_GREEN | {"3.8": red("")}, {}),
    "title-behind-excepted": ("Kaikki vihreällä lukuun ottamatta museota", TWO_GREEN, {}),
    "title-before-excepted": ("Kaikki vihreällä - museota lukuun ottamatta", TWO_GREEN, {}),
    "number-before-excepted": ("Kaikki vihreät 3.8:aa lukuun ottamatta", TWO_GREEN, {}),
    "all-but-title-first": ("Kaikki paitsi museo vihreällä", TWO_GREEN, {}),
    "other-than-number": ("Muut kuin 3.8 vihreitä", TWO_GREEN, {}),
    "but-what": ("Allt grönt utom museet.", {}, {"": "unknown_word"}),
    "next-line-names": ("Kaikki vihreällä.\nMuseo on kylläkin keltainen.", TWO_GREEN, {"3.8": "unknown_word"}),
    "next-paragraph": ("Kaikki vihreällä!\n\nKesätori tosin on punaisella.", {"1.1": green(), "3.8": green()}, {"1.10": "unknown_word"}),
    "not-sure-of-one": ("Kaikki vihreällä, mutta museosta en ole varma", TWO_GREEN, {"3.8": "unknown_word"}),
    "not-sure-sentence": ("Kaikki vihreällä. Museosta en kyllä tiedä.", TWO_GREEN, {"3.8": "unknown_word"}),
    "not-sure-of-which": ("Kaikki vihreällä, mutta yhdestä en ole varma", {}, {"": "unknown_word"}),
    "prose-beside": ("Kaikki vihreällä. Kesätorilla oli hienot tapahtumat.", {"1.1": green(), "3.8": green()}, {"1.10": "unknown_word"}),
    "apology-beside": ("Kaikki vihreällä. En ehtinyt kirjoittaa enempää.", {"1.1": green(), "1.10": green(), "3.8": green()}, {}),
    "lights-elsewhere": ("Kaikki vihreällä.\n\nViime vuonna oli keltaisia.", {}, {"": "unknown_word"}),
    "others-and-title": ("Kaikki muut vihreällä, museo punainen", TWO_GREEN | {"3.8": red("")}, {}),
    "regarding-a-title": ("Kaikki vihreää. Museon osalta keltainen.", TWO_GREEN | {"3.8": yellow("")}, {}),
    "all-three": ("Kaikki kolme vihreällä", ALL_GREEN, {}),
    "all-two-of-three": ("Kaikki kaksi vihreällä", {}, {"": "all_covers_none"}),
    "otherwise-all": ("Hei, muuten kaikki vihreällä mutta 3.8 keltainen.", TWO_GREEN | {"3.8": yellow("")}, {}),
}  # fmt: skip
NAMED: Mapping[str, Row] = {
    "parts-in-a-row": (
        "Näyteikkunat vihreä, kesätori keltainen, museo punainen.", {"1.1": green(""), "1.10": yellow(""), "3.8": red("")}, {}
    ),
    "title-and-reason": (
        "Kesätorin tapahtumaviikot: keltainen, koska väkeä puuttui.\nKotiseutumuseo: punainen",
        {"1.10": yellow("koska väkeä puuttui."), "3.8": red("")},
        {},
    ),
    "title-of-a-building": ("1.1 vihreä\nMuseo on punainen tiilirakennus", {"1.1": green()}, {}),
    "season-is-no-title": ("1.1 vihreä\nKesällä oli keltaista", {"1.1": green()}, {}),
    "sentences": (
        "1.1 on edelleen vihreällä. 1.10 valitettavasti keltaisella kun rahoitus on kesken. 3.8 punainen: ei henkilökuntaa.",
        {"1.1": green(""), "1.10": yellow("kun rahoitus on kesken."), "3.8": red("ei henkilökuntaa.")},
        {},
    ),
    "thanks-before": ("Kiitos viestistä. 1.1 vihreä, 1.10 keltainen.", {"1.1": green(""), "1.10": yellow("")}, {}),
    "last-year-before": ("Viime vuonna: 1.1 vihreä", {}, {"1.1": "unknown_word"}),
    "paragraph": (
        "Tässä vastaukset: 1.1 vihreä, ikkunat avattiin. 1.10 keltainen, sillä väki puuttui. Seuraavaksi rekry 30.4. mennessä."
        " 3.8 punainen.",
        {"1.1": green("ikkunat avattiin."), "1.10": yellow("sillä väki puuttui.", next="rekry", by="2025-04-30"), "3.8": red("")},
        {},
    ),
    "lights-before-numbers": ("Vihreä: 1.1 ja 1.10. Punainen: 3.8", {"1.1": green(""), "1.10": green(""), "3.8": red("")}, {}),
    "signs-for-lights": ("1.1: ✅\n1.10: ?\n3.8: vihreä", {"3.8": green("")}, {"1.1": "unknown_word", "1.10": "question_mark"}),
}  # fmt: skip


def list_cases() -> Iterator[Case]:
    """All of this file."""
    for prefix, client, rows in (("sweep", gmail_web, SWEEPS), ("named", mutt, NAMED)):
        for name, (top, answers, asks) in rows.items():
            missing = tuple(number for number in OWN if number not in answers and number not in asks)
            expected = applied(answers, asks=asks, missing=missing) if answers else asked(asks, missing=missing)
            yield answer(f"{prefix}-{name}", client, CULTURE, expected, top=top)
