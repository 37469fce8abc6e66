"""What parties ask for in their own words, and the lines beside it that ask for nothing."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminder.domain.party_requests import Asked
from reminder.domain.workdays import Unit
from reminder.parse.party_requests import find_requests

TODAY = date(2025, 3, 3)
APRIL = date(2025, 4, 15)
MAIJA = "maija.meri@suvikoski.example"


@pytest.mark.parametrize(
    ("line", "until", "count"),
    [
        ("Tarvitsemme lisäaikaa. Uusi päivä ja syy: 15.4. lomat", APRIL, 0),
        ("Voisimmeko saada lisäaikaa 15.4. asti?", APRIL, 0),
        ("Hei, pyydän lisäaikaa kaksi viikkoa, koska olen lomalla.", None, 2),
        ("Emme ehdi määräaikaan, joten tarvitsemme lisäaikaa 15.4.2025 saakka", APRIL, 0),
        ("Emme ehdi vastata ennen 15.4.", APRIL, 0),
        ("Voisitteko siirtää määräaikaa 15. huhtikuuta asti", APRIL, 0),
        ("Saisinko enemmän aikaa?", None, 0),
        ("Pyydämme määräajan pidennystä 10 arkipäivää", None, 10),
        ("Uusi päivä tai oikea vastaanottaja: 15.4.", APRIL, 0),
        ("anomme lisäaikaa viisi päivää", None, 5),
        ("Vi behöver mer tid. Ny dag och orsak: 15.4 semester", APRIL, 0),
        ("Kan vi få mera tid till den 15 april?", APRIL, 0),
        ("Vi ber om två veckor längre tid", None, 2),
        ("Vi hinner inte svara före 15.4.", APRIL, 0),
        ("Kunde vi få anstånd till 15.4.2025", APRIL, 0),
        ("Vi önskar uppskov till 15 april", APRIL, 0),
        ("Ny dag eller rätt mottagare: 15.4.", APRIL, 0),
        ("Går det att förlänga tidsfristen till 15.4.?", APRIL, 0),
        ("Jag skulle behöva extra tid", None, 0),
        ("Jag ber om förlängning, tre veckor", None, 3),
        ("We need more time. New date and reason: 15 April, holidays", APRIL, 0),
        ("Could we have more time until 15 April?", APRIL, 0),
        ("Please give us an extension of two weeks", None, 2),
        ("We cannot make it before 15 April", APRIL, 0),
        ("May we postpone the deadline to 15 April 2025", APRIL, 0),
        ("I would like the extension until 15.4.2025", APRIL, 0),
        ("A later date would help, 15 April for example", APRIL, 0),
        ("We won't answer before 15 April", APRIL, 0),
        ("New date or right recipient: 15 April", APRIL, 0),
        ("extra time please, five days", None, 5),
    ],
)
def test_more_time_in_their_own_words(line: str, until: date | None, count: int) -> None:
    """Ten ways in each language, with a day, with a count, or with neither."""
    (found,) = find_requests([line], TODAY)
    assert (found.what, found.until, found.count) == (Asked.MORE_TIME, until, count)
    assert found.unit is None or found.unit in Unit


@pytest.mark.parametrize(
    ("line", "what", "address"),
    [
        ("Tämä ei kuulu meille. Oikea vastaanottaja: tekninen johtaja", Asked.NOT_OURS, ""),
        (f"Asia ei kuulu minulle, vaan {MAIJA}", Asked.NOT_OURS, MAIJA),
        ("Toimenpide 1.2 ei ole meidän vastuulla", Asked.NOT_OURS, ""),
        ("Väärä vastaanottaja", Asked.NOT_OURS, ""),
        ("En enää vastaa tästä", Asked.NOT_OURS, ""),
        ("Det här hör inte till oss. Rätt mottagare: stadsdirektören", Asked.NOT_OURS, ""),
        ("Fel person, fråga tekniska chefen", Asked.NOT_OURS, ""),
        ("Det är inte vårt ansvar", Asked.NOT_OURS, ""),
        ("This is not ours. The right recipient: the technical director", Asked.NOT_OURS, ""),
        ("It does not belong to us", Asked.NOT_OURS, ""),
        ("You have the wrong person", Asked.NOT_OURS, ""),
        (f"Sijaisen nimi ja sähköpostiosoite: Maija Meri {MAIJA}", Asked.DEPUTY, MAIJA),
        (f"Sijaiseni on Maija Meri, {MAIJA}", Asked.DEPUTY, MAIJA),
        ("Puolestani vastaa: Maija Meri", Asked.DEPUTY, ""),
        (f"Ersättarens namn och e-postadress: {MAIJA}", Asked.DEPUTY, MAIJA),
        ("Min ställföreträdare är Maija Meri", Asked.DEPUTY, ""),
        (f"Name and address of the deputy: {MAIJA}", Asked.DEPUTY, MAIJA),
        (f"My deputy is {MAIJA}", Asked.DEPUTY, MAIJA),
        ("Vastasimme jo puhelimessa", Asked.BY_PHONE, ""),
        ("Kerroin tilanteen eilen puhelimitse", Asked.BY_PHONE, ""),
        ("Vi har redan svarat per telefon", Asked.BY_PHONE, ""),
        ("Jag ringde er i går", Asked.BY_PHONE, ""),
        ("We answered by phone yesterday", Asked.BY_PHONE, ""),
        ("I called you on Monday", Asked.BY_PHONE, ""),
    ],
)
def test_the_other_requests(line: str, what: Asked, address: str) -> None:
    """Not ours, a deputy, answered by phone; an address that is named is kept."""
    (found,) = find_requests([line], TODAY)
    assert (found.what, found.address) == (what, address)


@pytest.mark.parametrize(
    "line",
    [
        "Emme tarvitse lisäaikaa",
        "Kiitos lisäajasta",
        "1.1 keltainen: tarvitsemme lisäaikaa rakentamiseen",
        "Vi behöver inte mer tid",
        "Tack för mera tid",
        "We do not need more time",
        "Thanks for the extension",
        "Sijaisen nimi ja sähköpostiosoite:",
        "Name and address of the deputy:",
        "Emme ehdi kaikkea",
        "Puhelin 09 4245 0100",
        "Soitin urakoitsijalle",
        "The phone rang",
        "Tila avattiin keväällä",
        "Allt är klart",
    ],
)
def test_lines_that_ask_for_nothing(line: str) -> None:
    """A negation, thanks, a light beside it, the line of a link as it was opened."""
    assert find_requests([line], TODAY) == ()


def test_a_kind_is_asked_for_once_and_a_signature_for_nothing() -> None:
    """The line with a day counts, and nothing behind the greeting at the end."""
    found = find_requests(["Pyydämme lisäaikaa.", "Voisiko lisäaikaa saada 15.4. asti?", "Terveisin", "My deputy is Maija Meri"], TODAY)
    assert [(one.what, one.until) for one in found] == [(Asked.MORE_TIME, APRIL)]


@given(st.lists(st.text(max_size=100), max_size=5))
def test_any_text_gives_requests(lines: list[str]) -> None:
    """Total, and each kind at most once."""
    found = find_requests(lines, TODAY)
    assert len({one.what for one in found}) == len(found)
