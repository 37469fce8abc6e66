"""A correction and a late answer are told as such in the language of the contact."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from reminder.domain.assessments import TrafficLight, latest
from reminder.domain.messages import MailKind
from reminder.domain.programme import Language
from tests.flows.test_asking import speak
from tests.flows.town import CULTURE, Town, text_of

WORDS: dict[Language, tuple[str, str]] = {"fi": ("punainen", "keltainen"), "sv": ("röd", "gul"), "en": ("red", "yellow")}
KEY = ("kulttuuripaallikko", "nayteikkunat")


@pytest.mark.parametrize(
    ("language", "says"),
    [("fi", "▲ keltainen (oli: ■ punainen)"), ("sv", "▲ gul (tidigare: ■ röd)"), ("en", "▲ yellow (before: ■ red)")],
)
def test_a_correction_shows_what_changed(town: Town, language: Language, says: str) -> None:
    """The new light beside the earlier one; both stay in the history, the later counts."""
    speak(town, "kulttuuripaallikko", language)
    town.ask()
    for word in WORDS[language]:
        town.reply(CULTURE, f"1.1: {word}")
        town.read()
        town.clock.advance(timedelta(hours=1))
    town.deliver()

    assert says in text_of(town.sent(CULTURE, MailKind.ACKNOWLEDGEMENT)[-1].raw)
    assert says.partition("(")[2].partition(":")[0] + ":" not in text_of(town.sent(CULTURE, MailKind.ACKNOWLEDGEMENT)[0].raw)
    assert [fact.light for fact in town.facts()] == [TrafficLight.RED, TrafficLight.YELLOW]
    assert latest(town.facts())[KEY].light is TrafficLight.YELLOW


@pytest.mark.fault("P9")
@pytest.mark.parametrize(
    ("language", "says"),
    [("fi", "merkitsimme vastauksen myöhässä tulleeksi"), ("sv", "svaret är antecknat som försenat"), ("en", "we recorded it as late")],
)
def test_an_answer_to_a_closed_round_is_kept_as_late_and_told_so(town: Town, language: Language, says: str) -> None:
    """It stands in the history, marked late, counts for nothing, and names no deadline that is over."""
    speak(town, "kulttuuripaallikko", language)
    town.ask()
    town.move_to_day(date(2025, 4, 26))
    town.reply(CULTURE, f"1.1: {WORDS[language][0]}")
    town.read()
    town.deliver()

    assert says in text_of(town.sent(CULTURE, MailKind.ACKNOWLEDGEMENT)[-1].raw)
    assert [(fact.light, fact.is_late) for fact in town.facts()] == [(TrafficLight.RED, True)]
    assert latest(town.facts()) == {}
