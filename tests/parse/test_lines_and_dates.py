"""Structured lines, sweeps, titles, pairs and the dates of next steps."""

from __future__ import annotations

from datetime import date

import pytest

from reminder.domain.messages import Item
from reminder.parse.dates import find_date, split_next_step
from reminder.parse.labels import Field, read_label
from reminder.parse.lines import LineReader, names_other
from reminder.parse.splitting import split_pairs

TITLES = {
    "1": "Asemakaava",
    "10": "Rantareitti",
    "12": "Taidenäyttelyt tyhjiin liiketiloihin",
    "13": "Kesäkalenteri",
    "3.10": "Reitit",
    "3.1": "Kartat",
}
ITEMS = [Item(programme="p", round="r", party="x", action=f"a{number}", number=number, title=title) for number, title in TITLES.items()]
READER = LineReader.for_items(ITEMS, "fi")
TODAY = date(2025, 2, 20)
NUMBERS = {
    "12: vihreä": (("12",), "vihreä"),
    "12. vihreä": (("12",), "vihreä"),
    "12) vihreä": (("12",), "vihreä"),
    "[12] vihreä": (("12",), "vihreä"),
    "#12 vihreä": (("12",), "vihreä"),
    "12 - vihreä": (("12",), "vihreä"),
    "12\tvihreä": (("12",), "vihreä"),
    "- 12: vihreä": (("12",), "vihreä"),
    "toimenpide 12: vihreä": (("12",), "vihreä"),
    "Åtgärd 12: grön": (("12",), "grön"),
    "Item 12: green": (("12",), "green"),
    "3.10: vihreä": (("3.10",), "vihreä"),
    "3.1: vihreä": (("3.1",), "vihreä"),
    "12, 13 ja 3.1: vihreä": (("12", "13", "3.1"), "vihreä"),
    "10-13: vihreä": (("10", "12", "13"), "vihreä"),
    "3,10: vihreä": (("3", "10"), "vihreä"),
    "12:n tila on vihreä": (("12",), "tila on vihreä"),
    "99: vihreä": (("99",), "vihreä"),
}
NO_NUMBERS = ["12 toukokuuta avattiin", "12. toukokuuta", "vihreä", "Hei", "2025", "12v", "12 v"]


@pytest.mark.parametrize(("text", "expected"), NUMBERS.items())
def test_numbers_lead_a_line_in_every_spelling(text: str, expected: tuple[tuple[str, ...], str]) -> None:
    """Brackets, hashes, points, words, lists and ranges."""
    line = READER.read_number(text)
    assert line is not None
    assert (line.numbers, line.rest) == expected


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_dates_and_words_are_no_numbers(text: str) -> None:
    """`12 toukokuuta` is a day, `12 v` twelve years."""
    line = READER.read_number(text)
    assert line is None or (line.is_weak and not line.rest)


def test_a_number_is_never_part_of_a_longer_one() -> None:
    """3.1 is not 3.10, and 1 is not 10."""
    lines = [READER.read_number(text) for text in ("3.10 vihreä", "10 vihreä")]
    assert [line.numbers for line in lines if line] == [("3.10",), ("10",)]


@pytest.mark.parametrize(
    ("text", "rest", "excepted"),
    [
        ("kaikki vihreällä", " vihreällä", ()),
        ("Muut vihreitä paitsi 12", " vihreitä ", ("12",)),
        ("Kaikki paitsi 12 ja 13 vihreitä", "vihreitä", ("12", "13")),
        ("Alla är gröna", " är gröna", ()),
        ("All green except 12", " green ", ("12",)),
    ],
)
def test_sweeps(text: str, rest: str, excepted: tuple[str, ...]) -> None:
    """What is said of all, and of whom it is not said."""
    sweep = READER.read_sweep(text)
    assert sweep is not None
    assert (sweep.rest, sweep.except_numbers) == (rest, excepted)


@pytest.mark.parametrize("text", ["Alla punaisella", "Kaikkialla vihreää"])
def test_what_only_sounds_like_a_sweep(text: str) -> None:
    """Finnish `alla` is `below`."""
    assert READER.read_sweep(text) is None


def test_titles_stand_for_numbers() -> None:
    """The whole title, or words of it that fit no other, where a light follows."""
    line = READER.read_title("Taidenäyttelyt tyhjiin liiketiloihin: vihreä")
    assert line is not None
    assert line.numbers == ("12",)
    part = READER.read_title("Taidenäyttelyjen osalta vihreä")
    assert part is not None
    assert part.numbers == ("12",)
    assert READER.read_title("Taidenäyttelyt etenevät hyvin") is None


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("12 vihreä, 13 keltainen", ["12 vihreä", "13 keltainen"]),
        ("12: vihreä. 13: punainen", ["12: vihreä.", "13: punainen"]),
        ("12 ja 13 vihreitä, muut punaisia", ["12 ja 13 vihreitä", "muut punaisia"]),
        ("12 V, 13 K", ["12 V", "13 K"]),
        ("12: vihreä, 14 osallistujaa", ["12: vihreä, 14 osallistujaa"]),
        ("2 v, 3 v", ["2 v, 3 v"]),
        ("Avattiin 12 vihreää pistettä ja 13 keltaista", ["Avattiin 12 vihreää pistettä ja 13 keltaista"]),
    ],
)
def test_several_statements_on_one_line(text: str, parts: list[str]) -> None:
    """Only statements that each give a light are told apart."""
    assert split_pairs(READER, text) == parts


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("Tila: vihreä", Field.LIGHT),
        ("Läge (grön / gul / röd): gul", Field.LIGHT),
        ("Status: red", Field.LIGHT),
        ("Mitä tehtiin: avattiin", Field.DONE),
        ("Vad har gjorts: öppnade", Field.DONE),
        ("Seuraavaksi ja milloin: kesä", Field.NEXT),
    ],
)
def test_labels(text: str, field: Field) -> None:
    """The labels of the form, typed or kept."""
    label = read_label(text)
    assert label is not None
    assert label.field is field


def test_another_number_before_the_light_makes_it_doubtful() -> None:
    """Whose light is it in `12: katso 13, vihreä`?"""
    assert names_other("katso 13, vihreä", frozenset({"13"}))
    assert not names_other("vihreä, kuten 13", frozenset({"13"}))


DATES = {
    "30.6.2025": date(2025, 6, 30),
    "30.6. mennessä": date(2025, 6, 30),
    "1.2.": date(2026, 2, 1),
    "2025-05-15": date(2025, 5, 15),
    "15. toukokuuta 2025": date(2025, 5, 15),
    "toukokuussa 2025": date(2025, 5, 31),
    "den 15 maj 2025": date(2025, 5, 15),
    "by 1 June 2025": date(2025, 6, 1),
    "vuoden 2025 loppuun mennessä": date(2025, 12, 31),
    "slutet av året 2025": date(2025, 12, 31),
    "end of 2025": date(2025, 12, 31),
}


@pytest.mark.parametrize(("text", "day"), DATES.items())
def test_dates_in_three_languages(text: str, day: date) -> None:
    """Without a year it is the next such day; of a month, its last day."""
    found = find_date(text, TODAY)
    assert found is not None
    assert found[0] == day


@pytest.mark.parametrize("text", ["", "12:30", "3.10 valmis", "31.2.2025", "99.99.2025", "maali", "3.2.1"])
def test_what_is_no_date(text: str) -> None:
    """Times, action numbers and impossible days."""
    assert find_date(text, TODAY) is None


@pytest.mark.parametrize(
    ("text", "step", "day"),
    [
        ("Hyväksyminen 15.5.2025", "Hyväksyminen", date(2025, 5, 15)),
        ("15.5.2025: hyväksyminen", "hyväksyminen", date(2025, 5, 15)),
        ("Asemakaava 30.6. mennessä", "Asemakaava", date(2025, 6, 30)),
        ("New application by 30 June 2025", "New application", date(2025, 6, 30)),
        ("Kysely keväällä", "Kysely keväällä", None),
    ],
)
def test_the_next_step_without_its_date(text: str, step: str, day: date | None) -> None:
    """The words are kept without the day where it stands at an end."""
    assert split_next_step(text, TODAY) == (step, day)
