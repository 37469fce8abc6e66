"""Corrections of contacts in a mail: a line with somebody and an address, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reminder.domain.readings import Decision
from reminder.parse.contact_lines import ContactLine, find_contact_lines, says_unchanged
from reminder.parse.decisions import read_decision

NEW = "uusi@kunta.example"


@pytest.mark.parametrize(
    ("line", "subject"),
    [
        (f"3: {NEW}", "3"),
        (f"3:{NEW}", "3"),
        (f"3 {NEW}", "3"),
        (f"3. {NEW}.", "3"),
        (f"- 12) <{NEW}>", "12"),
        (f"Kulttuuripäällikkö: {NEW}", "Kulttuuripäällikkö"),
        (f"• Suvimatkat Oy:n toimitusjohtaja = {NEW}", "Suvimatkat Oy:n toimitusjohtaja"),
        (f"kulttuuripäällikkö -> {NEW} (1.3. alkaen)", "kulttuuripäällikkö"),
        (f"3. Kulttuuripäällikkö: mailto:{NEW}", "3. Kulttuuripäällikkö"),
        (f"Rektor för Kuusiharjun opisto → {NEW.upper()}", "Rektor för Kuusiharjun opisto"),
    ],
)
def test_a_line_with_an_address(line: str, subject: str) -> None:
    """Whom it is about, as written, and the address in small letters; a colon within a name cuts nothing off."""
    assert find_contact_lines(f"Hei!\n\n{line}\n\nTerveisin\nElinvoima") == (ContactLine(subject, NEW),)


@pytest.mark.parametrize(
    "text",
    [
        "3",
        "kunnossa",
        f"Kirjoittakaa osoitteeseen {NEW} jatkossa, kiitos.",
        f"{NEW}",
        "3: ei tiedossa",
        "3: uusi@kunta",
        f"a@b.example: {NEW}",
    ],
)
def test_other_words_are_no_correction(text: str) -> None:
    """A sentence, an address alone, half an address."""
    assert find_contact_lines(text) == ()


@pytest.mark.parametrize("text", ["Ei muutoksia", "Hei,\n\nei muutettavaa.\n\nT. Elinvoima", "Inga ändringar!", "No changes", "ennallaan"])
def test_unchanged(text: str) -> None:
    """Said plainly at the beginning."""
    assert says_unchanged(text)


@pytest.mark.parametrize("text", ["", "Ei muutoksia?", "Ei muutoksia paitsi 3", "Muutoksia on", "Ei ole muutoksia kuin yksi"])
def test_not_unchanged(text: str) -> None:
    """A question, an exception, another word."""
    assert not says_unchanged(text)


@pytest.mark.parametrize("text", ["Yhteystiedot ovat kunnossa.", "Kontaktuppgifterna stämmer.", "The contacts are correct.", "Kunnossa."])
def test_what_the_mail_suggests_is_a_yes(text: str) -> None:
    """The words of the buttons and those beside them."""
    assert read_decision(text) is Decision.APPROVE


@settings(max_examples=60)
@given(st.text(max_size=500))
def test_any_text_is_read(text: str) -> None:
    """Total."""
    assert isinstance(find_contact_lines(text), tuple)
    assert says_unchanged(text) in {True, False}
