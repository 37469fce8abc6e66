"""Out-of-office notes: the last day away, in the forms that people use."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reminder.parse.absences import find_last_day_away, find_substitutes

TODAY = date(2025, 2, 21)
"""A Friday."""


@pytest.mark.parametrize(
    "note",
    [
        "Palaan 3.3.",
        "palaan töihin maanantaina 3.3.",
        "Olen lomalla 24.2.–2.3.",
        "Olen lomalla 24.2.-2.3.2025, palaan ma 3.3.",
        "Lomalla 24.2. - 2.3.",
        "Olen poissa 24.2.–2.3. Palaan 3.3. Kiireellisissä asioissa soita 040 123 4567.",
        "Olen vuosilomalla. Palaan. Olen taas töissä 3.3.2025.",
        "Olen poissa 2.3. asti.",
        "Olen poissa 2.3.2025 saakka enkä lue sähköpostia.",
        "Olen lomalla viikolla 9.",
        "Olen lomalla viikot 8-9 ja palaan viikolla 10.",
        "Lomalla vk 9, takaisin vko 10.",
        "En ole paikalla 24.2. ja palaan 3. maaliskuuta",
        "Olen tavoitettavissa jälleen 3.3. alkaen.",
        "3.3. olen taas tavoitettavissa.",
        "Tavoitat minut 2.3. jälkeen.",
        "En ole tavoitettavissa 24.2.-2.3.",
        "Jag är tillbaka den 3 mars.",
        "Jag är tillbaka måndagen den 3 mars 2025.",
        "Jag är på semester 24.2–2.3.",
        "Jag är ledig till och med den 2 mars.",
        "Borta t.o.m. 2.3.",
        "Borta tom 2/3.",
        "Jag är på semester 24 februari – 2 mars och åter den 3 mars.",
        "Semester vecka 9. Åter vecka 10.",
        "Jag är inte anträffbar 24.2. Jag nås igen den 3 mars.",
        "Den 3 mars är jag tillbaka.",
        "I am back on Monday 3 March.",
        "I will be back on 3 March 2025",
        "I will be back in the office on March 3rd, 2025.",
        "I am out of the office until 2 March.",
        "On leave from 24 Feb to 2 Mar.",
        "Out of office 24 February–2 March. In urgent matters contact the switchboard.",
        "On vacation through March 2.",
        "Returning 2025-03-03.",
        "From 3 March I will be back.",
        "I will be available again from 3 March.",
        "Away after today; not available before, back Monday 3 March",
    ],
)
def test_both_the_day_of_return_and_the_last_day_away_are_understood(note: str) -> None:
    """The return on Monday 3.3. and "until 2.3." are the same absence: the last day away is 2.3."""
    assert find_last_day_away(note, TODAY) == date(2025, 3, 2)


@pytest.mark.parametrize(
    ("note", "last"),
    [
        ("Palaan maanantaina.", date(2025, 2, 23)),
        ("Back on Tuesday.", date(2025, 2, 24)),
        ("Jag är tillbaka på måndag.", date(2025, 2, 23)),
        ("Olen taas paikalla huomenna.", date(2025, 2, 21)),
        ("Palaan 15.11.", date(2025, 11, 14)),
        ("Olen lomalla 20.2.–21.2. ja 10.3.–14.3.", date(2025, 2, 21)),
        ("Olen lomalla 24.2.–28.2. ja 10.3.–14.3.", date(2025, 2, 28)),
        ("Olen poissa, 28.2.", date(2025, 2, 28)),
    ],
)
def test_weekdays_years_and_several_periods(note: str, last: date) -> None:
    """A weekday is the next one; a day of the past is next year's; of several periods the one that comes first."""
    assert find_last_day_away(note, TODAY) == last


def test_a_day_of_january_is_that_of_the_next_year_in_december() -> None:
    """Over Christmas nobody writes the year."""
    assert find_last_day_away("Olen lomalla 20.12.-6.1.", date(2025, 12, 20)) == date(2026, 1, 6)


@pytest.mark.parametrize(
    "note",
    [
        "Olen lomalla.",
        "Kiitos viestistäsi, vastaamme kolmen päivän kuluessa.",
        "Pyyntönne on vastaanotettu 21.2.2025 klo 10.15, tunnus 24.2025.",
        "Ticket 4711 was opened on 24 February.",
        "Soita 040 12.3456 tai klo 8.30-15.30.",
        "Palaan 3.3.2031.",
        "Olin lomalla 3.2. asti.",
        "Palaan 31.2.",
        "",
    ],
)
def test_what_names_no_return_names_none(note: str) -> None:
    """No day, a day of something else, a day long past, beyond a year, or in no calendar."""
    assert find_last_day_away(note, TODAY) is None


@given(st.text(alphabet="0123456789./- palnbckutisvro-maåäö\n:", max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_note_gives_a_day_within_a_year_or_none(note: str) -> None:
    """Total: no text breaks it, and no absence is longer than a year."""
    found = find_last_day_away(note, TODAY)
    assert found is None or (found - TODAY).days in range(-1, 367)


@pytest.mark.parametrize(
    ("note", "named"),
    [
        ("Palaan 3.3. Sijaiseni on Meri Malli, meri.malli@kunta.example.", [("meri.malli@kunta.example", "Meri Malli")]),
        ("Sijaisena toimii kulttuurituottaja (tuottaja@kunta.example)", [("tuottaja@kunta.example", "")]),
        ("Kiireellisissä asioissa ota yhteyttä: Tuottaja@Kunta.example", [("tuottaja@kunta.example", "")]),
        ("Minua sijaistaa Meri Malli.\nmeri.malli@kunta.example\nTerveisin", [("meri.malli@kunta.example", "Meri Malli")]),
        ("Olen lomalla. Kiireelliset asiat: Meri Malli puh. 040 123 4567.", [("", "Meri Malli")]),
        ("Min vikarie är Maja Modell, maja.modell@kommun.example.", [("maja.modell@kommun.example", "Maja Modell")]),
        ("I brådskande ärenden kontakta registratur@kommun.example", [("registratur@kommun.example", "")]),
        ("Min ersättare är planeraren, planerare@kommun.example", [("planerare@kommun.example", "")]),
        ("My substitute is Mary Model (mary.model@city.example).", [("mary.model@city.example", "Mary Model")]),
        (
            "In urgent matters contact mary.model@city.example or the desk@city.example",
            [("mary.model@city.example", ""), ("desk@city.example", "")],
        ),
        ("Olen lomalla 24.2.–2.3. Terveisin Meri Malli, meri.malli@kunta.example", []),
        ("Kiireellisissä asioissa auttaa kaupungin vaihde.", []),
        ("Kiireellisissä asioissa: minä itse, writer@kunta.example", []),
        ("", []),
    ],
)
def test_who_stands_in_is_found_by_the_words_near(note: str, named: list[tuple[str, str]]) -> None:
    """An address or a name near words for standing in or for urgent matters; the writer, the signature and the exchange are not."""
    found = find_substitutes(note, not_these={"writer@kunta.example"})

    assert [(one.address, one.name) for one in found] == named
