"""The light grammar: what a value says, in three languages, and why nothing is taken from it."""

from __future__ import annotations

import pytest

from reminder.domain.assessments import Phase, TrafficLight
from reminder.domain.readings import AskReason
from reminder.parse.grammar import read_value
from reminder.parse.options import read_options, without_option_list
from reminder.parse.words import light_of, typo_of

GREEN, YELLOW, RED = TrafficLight.GREEN, TrafficLight.YELLOW, TrafficLight.RED
WORDS = {
    GREEN: "vihreä vihreä. Vihreä! VIHREÄ vihreällä vihreänä vihree vihreää vihreät vihreitä vihreillä vihrea "
    "🟢 🟢\ufe0f 🟩 grön grönt gröna gron green Green",
    YELLOW: "keltainen keltanen keltaisella keltasella keltaisena keltaista keltaiset keltaisia 🟡 🟨 gul gult gula yellow amber",
    RED: "punainen punanen punaisella punasella punaisena punaista punaiset punaisia 🔴 🟥 röd rött röda rod rott red RED",
}
LIGHTS = [(word, light) for light, words in WORDS.items() for word in words.split()]
NO_LIGHTS = ["vihreän", "vihreys", "virheä", "vihjeä", "keltaisen", "punaisen", "greens", "reduced", "redo", "rodeo", "guld", "grunt"]
REASONS = {
    "vihreä / keltainen": AskReason.TWO_LIGHTS,
    "vihreä tai keltainen": AskReason.TWO_LIGHTS,
    "🟢🟡": AskReason.TWO_LIGHTS,
    "green and red": AskReason.TWO_LIGHTS,
    "vihreä, mutta budjetti punainen": AskReason.TWO_LIGHTS,
    "ei vihreä": AskReason.NEGATION,
    "ei enää punainen": AskReason.NEGATION,
    "inte längre röd": AskReason.NEGATION,
    "ej grön": AskReason.NEGATION,
    "no longer red": AskReason.NEGATION,
    "isn't green": AskReason.NEGATION,
    "vihreä?": AskReason.QUESTION_MARK,
    "grön, eller hur?": AskReason.QUESTION_MARK,
    "melkein vihreä": AskReason.UNKNOWN_WORD,
    "lähes vihreä": AskReason.UNKNOWN_WORD,
    "snart grön": AskReason.UNKNOWN_WORD,
    "almost green": AskReason.UNKNOWN_WORD,
    "oli punainen": AskReason.UNKNOWN_WORD,
    "vihreäksi": AskReason.UNKNOWN_WORD,
    "vihreä, jos rahoitus tulee": AskReason.UNKNOWN_WORD,
    "vihreä kunhan rahoitus tulee": AskReason.UNKNOWN_WORD,
    "sininen": AskReason.UNKNOWN_WORD,
    "Luonnos on nähtävillä ja etenee": AskReason.NO_LIGHT,
}  # fmt: skip
PHASES = {
    "valmis": Phase.DONE,
    "ei aloitettu": Phase.NOT_STARTED,
    "käynnissä": Phase.ONGOING,
    "lykätty vuoteen 2026": Phase.POSTPONED,
    "peruttu": Phase.DROPPED,
    "pågår": Phase.ONGOING,
    "inte påbörjad": Phase.NOT_STARTED,
    "klar": Phase.DONE,
    "not started": Phase.NOT_STARTED,
    "postponed": Phase.POSTPONED,
    "merged": Phase.MERGED,
}


@pytest.mark.parametrize(("word", "light"), LIGHTS)
def test_a_word_alone_gives_its_light(word: str, light: TrafficLight) -> None:
    """Every form, ending and emoji that stands for a light gives it."""
    assert read_value(word.replace("\ufe0f", ""), "fi", is_light_field=True).light is light


@pytest.mark.parametrize("word", NO_LIGHTS)
def test_words_that_only_resemble_a_light_give_none(word: str) -> None:
    """Genitives belong to a noun, and resemblance is not enough."""
    assert light_of(word) is None
    assert typo_of(word) is None
    assert read_value(word, "fi", is_light_field=True).light is None


@pytest.mark.parametrize(("text", "reason"), REASONS.items())
def test_doubt_is_asked_about_with_its_reason(text: str, reason: AskReason) -> None:
    """Two lights, a negation, a question, a hedge: no light, and the reason tells which."""
    value = read_value(text, "fi", is_light_field=True)
    assert (value.light, value.reason) == (None, reason)


@pytest.mark.parametrize(("text", "phase"), PHASES.items())
def test_a_phase_sets_the_phase_and_never_a_light(text: str, phase: Phase) -> None:
    """`valmis` is not green, `ei aloitettu` is not red."""
    value = read_value(text, "fi", is_light_field=False)
    assert (value.light, value.phase) == (None, phase)


def test_a_light_may_lead_a_reason() -> None:
    """`punainen, koska …` gives the light and keeps the words."""
    value = read_value("punainen koska rahoitus puuttuu", "fi", is_light_field=False)
    assert (value.light, value.text) == (RED, "koska rahoitus puuttuu")


def test_a_light_before_its_noun_is_no_light_in_a_line() -> None:
    """`12: vihreä siirtymä etenee` is about a green transition."""
    assert read_value("vihreä siirtymä etenee", "fi", is_light_field=False).light is None


@pytest.mark.parametrize(
    ("letter", "language", "light"),
    [
        ("v", "fi", GREEN),
        ("K", "fi", YELLOW),
        ("p", "fi", RED),
        ("G", "sv", None),
        ("R", "sv", RED),
        ("y", "en", YELLOW),
        ("x", "fi", None),
    ],
)
def test_letters_count_only_where_they_are_unambiguous(letter: str, language: str, light: TrafficLight | None) -> None:
    """Swedish G is green and yellow."""
    assert read_value(letter, language, is_light_field=True).light is light


@pytest.mark.parametrize("typo", ["vihrää", "vihrreä", "virheä", "kelltainen", "keltainne", "punaninen", "yelow"])
def test_one_slip_of_the_finger_is_forgiven_where_it_is_no_other_word(typo: str) -> None:
    """`virheä` is a typo of another word (`virhe`) and is not taken."""
    light = read_value(typo, "fi", is_light_field=True).light
    assert (light is None) == (typo == "virheä")


OPTIONS = {
    "Tila (vihreä / keltainen / punainen):": (None, False),
    "Tila (keltainen):": (YELLOW, False),
    "Tila (vihreä / keltainen):": (None, True),
    "Tila (vihreä / *keltainen* / punainen):": (YELLOW, False),
    "Tila (vihreä / \ue000keltainen\ue001 / punainen):": (YELLOW, False),
    "\ue000Tila (vihreä / keltainen / punainen):\ue001": (None, False),
    "Tila (vihreä X / keltainen / punainen):": (GREEN, False),
    "Tila (x vihreä / keltainen / punainen):": (GREEN, False),
    "([ ] vihreä [x] keltainen [ ] punainen)": (YELLOW, False),
    "(vihreä [x] keltainen [ ] punainen [ ])": (GREEN, False),
    "(vihreä x keltainen punainen)": (None, True),
    "(*vihreä / keltainen / punainen*)": (None, False),
    "(\ue000vihreä / keltainen / punainen\ue001)": (None, False),
    "(vihreä / \ue000keltainen / punainen\ue001)": (None, True),
    "(*vihreä* / *keltainen* / punainen)": (None, True),
    "(GRÖN / gul / röd)": (GREEN, False),
}


@pytest.mark.parametrize(("label", "read"), OPTIONS.items())
def test_the_option_list_tells_what_was_left_or_marked(label: str, read: tuple[TrafficLight | None, bool]) -> None:
    """A mark belongs to the option on its side; where no side can be told, it is asked."""
    assert read_options(label) == read


def test_an_untouched_list_is_taken_out_of_the_words() -> None:
    """Three lights in our order are our own."""
    assert without_option_list("(vihreä / keltainen / punainen): gul").strip() == "gul"
