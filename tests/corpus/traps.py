"""Traps: lines and edited lists that look like an answer and are none, or the other way round.

Each of them was once read wrongly, or could have been.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from functools import partial

from reminder.sandbox.clients import outlook_desktop, thunderbird
from reminder.sandbox.originals import Filled
from reminder.wire.answer_block import BLOCK_WORDS
from tests.corpus.building import answer, applied, asked
from tests.corpus.clients import edit_label, mutt
from tests.corpus.expected import Case, Expected, Said, green, red, yellow
from tests.corpus.world import COLLEGE, CULTURE, PLANNING, TOURISM

Row = tuple[str, Mapping[str, Said], Mapping[str, str]]
OWN = {PLANNING: ("1.5", "4.4"), CULTURE: ("1.1", "1.10", "3.8"), COLLEGE: ("2.4",), TOURISM: ("3.1", "3.3")}
PLAN: Mapping[str, Row] = {
    "noun-behind-the-light": ("1.5: vihreä siirtymä etenee hyvin", {}, {"1.5": "no_light"}),
    "noun-without-a-colon": ("1.5 keltainen kahvi tarjottiin", {}, {"1.5": "no_light"}),
    "date-not-number": ("1.5.2025 vihreä päivä", {}, {}),
    "budget-red": ("1.5: vihreä, mutta budjetti punainen", {}, {"1.5": "two_lights"}),
    "nearly": ("1.5: keltainen, lähes vihreä", {}, {"1.5": "two_lights"}),
    "from-to": ("1.5: keltaisesta vihreäksi", {}, {"1.5": "two_lights"}),
    "condition": ("1.5: vihreä, jos rahoitus tulee", {}, {"1.5": "unknown_word"}),
    "condition-either-way": ("1.5: Jos rahoitus tulee, vihreä. Muuten punainen.", {}, {"1.5": "unknown_word"}),
    "goal": ("1.5: tavoite vihreä", {}, {"1.5": "unknown_word"}),
    "not-but": ("1.5: ei keltainen, vaan vihreä", {"1.5": green()}, {}),
    "tag-question": ("1.5: vihreä, eikö niin?", {}, {"1.5": "question_mark"}),
    "both": ("Molemmat vihreitä", {"1.5": green(""), "4.4": green("")}, {}),
    "all-but-says-nothing-of-it": ("Kaikki paitsi 4.4 vihreitä", {"1.5": green("")}, {}),
    "all-but-with-light": ("Kaikki vihreällä paitsi 4.4, joka on punainen", {"1.5": green(""), "4.4": red("")}, {}),
    "all-others-in-one-line": ("Kaikki muut vihreitä, 4.4 punainen", {"1.5": green(""), "4.4": red("")}, {}),
    "not-all": ("Kaikki eivät ole vihreitä", {}, {"": "negation"}),
    "all-is-well": ("Kaikki OK", {}, {}),
    "number-with-ending": ("1.5:n tila on vihreä", {"1.5": green("")}, {}),
    "label-before-number": ("Tila 1.5: vihreä", {"1.5": green("")}, {}),
    "light-before-numbers": ("Vihreä: 1.5, 4.4", {"1.5": green(""), "4.4": green("")}, {}),
    "decimal-comma": ("1,5: vihreä", {"1.5": green("")}, {}),
    "greeting-on-the-line": ("Hei, 1.5 on vihreä ja 4.4 keltainen", {"1.5": green(""), "4.4": yellow("")}, {}),
    "no-problems": ("1.5: vihreä, ei ongelmia", {"1.5": green("ei ongelmia")}, {}),
    "not-ready": ("1.5: vihreä, ei valmis", {"1.5": green("ei valmis")}, {}),
    "light-of-another-colleague": ("1.5: Kollega sanoi että vihreä", {}, {"1.5": "unknown_word"}),
    "half-and-half": ("1.5: vihreä 80 %, keltainen 20 %", {}, {"1.5": "two_lights"}),
}  # fmt: skip
MUSEUM: Mapping[str, Row] = {
    "alla-is-below-in-finnish": ("Alla punaisella vastaukset", {}, {}),
    "answer-in-red": ("1.1: vastaus punaisella", {}, {"1.1": "unknown_word"}),
    "marked-in-red": ("Kaikki punaisella merkityt ovat valmiita", {}, {"": "no_light"}),
    "all-fine-but-one-red": ("Kaikki ok paitsi 3.8 punainen", {}, {}),
    "both-of-three": ("Molemmat vihreitä", {}, {"": "all_covers_none"}),
    "lists-of-numbers": ("1.1: vihreä, 1.10 ja 3.8: keltaisia", {"1.1": green(""), "1.10": yellow(""), "3.8": yellow("")}, {}),
    "letters-in-one-line": ("1.1 V, 1.10 K, 3.8 P", {"1.1": green(""), "1.10": yellow(""), "3.8": red("")}, {}),
    "refers-to-another": ("1.1: viittaan kohtaan 1.10: keltainen", {}, {"1.1": "unknown_word"}),
    "sum-of-money": ("3.8: vihreä. Budjetti 1.1. punainen", {}, {"3.8": "two_lights"}),
    "row-of-a-sheet": ("1.1\tvihreä\t1.10\tkeltainen", {"1.1": green(""), "1.10": yellow("")}, {}),
}  # fmt: skip
OTHERS: Mapping[str, tuple[str, Row]] = {
    "sv-wave": (COLLEGE, ("2.4: gröna vågen startade", {}, {"2.4": "no_light"})),
    "sv-soon": (COLLEGE, ("2.4: gul, men blir snart grön", {"2.4": yellow()}, {})),
    "sv-pga": (COLLEGE, ("2.4: rött p.g.a. pengar saknas", {"2.4": red()}, {})),
    "sv-all-but": (COLLEGE, ("Allt grönt utom 2.1 som är gul", {"2.4": green(""), "2.1": yellow("")}, {})),
    "sv-sentence": (COLLEGE, ("Hej! 2.4 är grön.", {"2.4": green("")}, {})),
    "en-green-deal": (TOURISM, ("3.1: Green Deal funding received", {}, {"3.1": "no_light"})),
    "en-red-tape": (TOURISM, ("3.1 red tape is a problem", {}, {"3.1": "no_light"})),
    "en-reduced": (TOURISM, ("3.1: reduced", {}, {"3.1": "no_light"})),
    "en-on-track": (TOURISM, ("3.1: on track, green", {"3.1": green()}, {})),
    "en-but": (TOURISM, ("3.1 is green but 3.3 is red", {"3.1": green(""), "3.3": red("")}, {})),
    "en-too": (TOURISM, ("3.1 yellow and 3.3 yellow too", {"3.1": yellow(""), "3.3": yellow("")}, {})),
    "en-in-red-below": (TOURISM, ("All in red below", {}, {"": "no_light"})),
    "en-was-now": (TOURISM, ("3.1: was red, now green", {"3.1": green()}, {})),
    "en-if": (TOURISM, ("3.1: green if funded", {}, {"3.1": "no_light"})),
}
LISTS: Mapping[str, tuple[str, Said | str]] = {
    "x-behind-first": ("Tila (vihreä X / keltainen / punainen):", green("")),
    "x-behind-second": ("Tila (vihreä / keltainen x / punainen):", yellow("")),
    "boxes-before": ("Tila ([x] vihreä [ ] keltainen [ ] punainen):", green("")),
    "boxes-behind": ("Tila (vihreä [ ] / keltainen [x] / punainen [ ]):", yellow("")),
    "boxes-for-brackets": ("Tila ( ) vihreä (x) keltainen ( ) punainen", yellow("")),
    "tick-behind": ("Tila (vihreä ✓ / keltainen / punainen):", green("")),
    "tilde-struck-two": ("Tila (~~vihreä~~ / keltainen / punainen):", "two_lights"),
    "one-left-another-typed": ("Tila (vihreä): keltainen", "two_lights"),
    "two-typed-again": ("Tila (vihreä / keltainen / punainen): keltainen / punainen", "two_lights"),
    "other-separators": ("Tila (vihreä, keltainen, punainen):", ""),
    "no-separators": ("Tila (vihreä keltainen punainen):", ""),
    "dash-only": ("Tila (vihreä / keltainen / punainen): -", ""),
    "same-as-last": ("Tila (vihreä / keltainen / punainen): sama", "unknown_word"),
    "provided-that": ("Tila (vihreä / keltainen / punainen): vihreä kunhan rahoitus saadaan", "unknown_word"),
}


def list_cases() -> Iterator[Case]:
    """All of this file."""
    for name, row in PLAN.items():
        yield answer(f"trap-{name}", thunderbird, PLANNING, _expected(PLANNING, row), top=row[0])
    for name, row in MUSEUM.items():
        yield answer(f"trap-{name}", mutt, CULTURE, _expected(CULTURE, row), top=row[0])
    for name, (address, row) in OTHERS.items():
        yield answer(f"trap-{name}", mutt, address, _expected(address, row), top=row[0])
    for name, (label, said) in LISTS.items():
        edit = partial(edit_label, number="1.5", rich=html.escape(label), plain=label)
        yield answer(f"list-{name}", mutt, PLANNING, _of_list(said), edit=edit)
    label = BLOCK_WORDS["fi"].light_label
    emphasised = {
        "whole-line-bold": (f"<b>{label}</b>", f"*{label}*"),
        "brackets-bold": ("Tila <b>(vihreä / keltainen / punainen)</b>:", "Tila *(vihreä / keltainen / punainen)*:"),
        "all-options-bold": ("Tila (<b>vihreä / keltainen / punainen</b>):", "Tila (*vihreä / keltainen / punainen*):"),
    }
    for name, (rich, plain) in emphasised.items():
        edit = partial(edit_label, number="1.5", rich=rich, plain=plain)
        yield answer(f"list-{name}", outlook_desktop, PLANNING, asked(missing=("1.5", "4.4")), edit=edit)
    fields = {
        "done-says-light": (Filled(done="vihreä, avattiin"), applied({"1.5": green("avattiin")}, missing=("4.4",))),
        "done-says-noun": (Filled(done="Tehtiin vihreä suunnitelma"), asked({"1.5": "no_light"}, missing=("4.4",))),
        "done-names-another": (Filled(done="4.4: vihreä"), asked({"1.5": "unknown_word"}, missing=("4.4",))),
        "done-names-others": (Filled(done="Muut vihreitä"), asked({"1.5": "unknown_word"}, missing=("4.4",))),
        "done-beside-light": (Filled(light="keltainen", done="Punainen lanka löytyi"), applied({"1.5": yellow("Punainen lanka löytyi")})),
        "next-says-light": (Filled(next="vihreä"), asked({"1.5": "no_light"}, missing=("4.4",))),
    }
    for name, (filled, expected) in fields.items():
        yield answer(f"field-{name}", outlook_desktop, PLANNING, expected, filled={"1.5": filled})


def _expected(address: str, row: Row) -> Expected:
    _, answers, asks = row
    missing = tuple(number for number in OWN[address] if number not in answers and number not in asks)
    return applied(answers, asks=asks, missing=missing) if answers else asked(asks, missing=missing)


def _of_list(said: Said | str) -> Expected:
    if isinstance(said, Said):
        return applied({"1.5": said}, missing=("4.4",))
    return asked({"1.5": said} if said else {}, missing=("4.4",) if said else ("1.5", "4.4"))
