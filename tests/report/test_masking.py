"""What of a text is never shown, and what must not be taken for it."""

from __future__ import annotations

import pytest

from reminder.report.masking import LONGEST, Private, find_private, make_public, make_sound
from tests.report.cast import said

ADDRESS, PHONE, IDENTITY = "[e-mail address removed]", "[phone number removed]", "[personal identity code removed]"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Kysy: matti@kunta.example.", f"Kysy: {ADDRESS}"),
        ("<matti.m+x@kunta.example>, muut", f"<{ADDRESS}>, muut"),
        ("matti (at) kunta.example", ADDRESS),
        ("matti\u200b@kunta.example", ADDRESS),
        ("matti＠kunta.example", ADDRESS),
        ("Soita 040 123 4567.", f"Soita {PHONE}."),
        ("040-1234567", PHONE),
        ("+358 40 123 4567", PHONE),
        ("+358401234567", PHONE),
        ("+358 (0)40 123 4567", PHONE),
        ("00358 40 123 4567", PHONE),
        ("puh. (09) 4245 0100", f"puh. {PHONE}"),
        ("040\u00a0123\u00a04567", PHONE),
        ("131052-308T hoitaa", f"{IDENTITY} hoitaa"),
        ("010203A123K", IDENTITY),
        ("010203a123k", IDENTITY),
        ("131052–308T", IDENTITY),
    ],
)
def test_what_is_never_shown(text: str, shown: str) -> None:
    """In each way of writing that people use, also with what nobody sees between."""
    assert make_public(text, "en") == shown


@pytest.mark.parametrize(
    "text",
    [
        "Kustannus 120 000 euroa, 0,5 henkilötyövuotta.",
        "Valmis 28.2.2025 klo 9.30, §:t 12–14.",
        "Vuodet 2024-2027, asia ABC/1/2024 ja 11/00.01.02.01/2023.",
        "HEL 2022-006175",
        "Tilavuus 1 234 567 m3, kiinteistö 091-432-0001-0002.",
        "Toimenpiteet 3.1, 3.10 ja 4.2 etenevät 100 %.",
        "Y-tunnus 1234567-8",
        "a @ b",
    ],
)
def test_what_is_not_mistaken_for_it(text: str) -> None:
    """Sums, dates, case numbers and percentages stay."""
    assert make_public(text, "fi") == text


def test_a_fact_says_what_it_holds() -> None:
    """Also in its next step; a sound one holds nothing."""
    assert find_private(said("museo", "3.1", text="Soita 040 123 4567 tai a@b.example")) == {Private.PHONE, Private.ADDRESS}
    assert find_private(said("museo", "3.1", text="Etenee")) == frozenset()


@pytest.mark.fault("A9")
def test_a_text_is_made_sound() -> None:
    """Directions, hidden characters and tags go, piled marks are thinned out, a huge text is cut; é and ä stay."""
    assert make_sound("a\u202eb\x00c\u200bd\u2066e\U000e0041f\u00adg") == "abcdefg"
    assert make_sound("Z" + "\u0351" * 50 + "o") == "Z\u0351\u0351\u0351o"
    assert make_sound("né\u0308 äö") == "né\u0308 äö"
    assert len(make_public("x" * 1_000_000, "fi")) <= LONGEST + 2


def test_masking_is_not_slow_on_purpose_built_texts() -> None:
    """Texts made to trap the patterns end: no work that grows with the square of a text of the greatest length."""
    for text in ("0" * 20_000, "0 1" * 7_000, "a(at)" * 4_000, "+358 " * 4_000, "a" * 20_000 + "@", "@" * 20_000):
        assert make_public(text, "fi")
