"""Dates, plurals and the reason of a date, in three languages."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from reminder.compose.reasons import count, explain_date, explain_steps, format_by, format_date, format_long, format_on, sentence
from reminder.compose.words import PHASES, SHAPES, UNITS, format_month, small
from reminder.domain.assessments import Phase, TrafficLight
from reminder.domain.programme import LANGUAGES, Language, Localised
from reminder.domain.workdays import Calendar, DatedReason, DeadlineRule, Reason, ReasonKind, Unit
from tests.compose.cast import DUE, STATEMENTS, WHY

EPIPHANY = date(2026, 1, 6)
GOOD_FRIDAY = date(2026, 4, 3)
CALENDAR = Calendar(
    zone=ZoneInfo("Europe/Helsinki"),
    holidays={
        EPIPHANY: Localised({"fi": "loppiainen", "sv": "trettondagen", "en": "Epiphany"}),
        GOOD_FRIDAY: Localised({"fi": "pitkäperjantai", "sv": "långfredagen", "en": "Good Friday"}),
    },
)


def _reason(start: date, amount: int, unit: Unit) -> DatedReason:
    added = CALENDAR.add(start, amount, unit)
    settled = CALENDAR.settle(added.on, DeadlineRule.FI_150_1930)
    base = Reason(kind=ReasonKind.BASE, on=start, name=STATEMENTS)
    return DatedReason(on=settled.on, chain=(base, *added.chain, *settled.chain, Reason(kind=ReasonKind.RESULT, on=settled.on)))


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("fi", ("pe 28.2.2025", "perjantai 28.2.2025", "perjantaina 28.2.2025", "perjantaihin 28.2.2025 mennessä")),
        (
            "sv",
            ("fre 28.2.2025", "fredag 28 februari 2025", "fredagen den 28 februari 2025", "senast fredagen den 28 februari 2025"),
        ),
        ("en", ("Fri 28 Feb 2025", "Friday 28 February 2025", "on Friday 28 February 2025", "by Friday 28 February 2025")),
    ],
)
def test_dates_have_their_weekday(language: Language, expected: tuple[str, ...]) -> None:
    """A date is said with its weekday, in the case that the sentence needs."""
    assert tuple(say(DUE, language) for say in (format_date, format_long, format_on, format_by)) == expected


def test_finnish_weekdays_into() -> None:
    """keskiviikkoon is the one that is formed otherwise."""
    assert format_by(date(2025, 2, 26), "fi") == "keskiviikkoon 26.2.2025 mennessä"


def test_month_of_last_time() -> None:
    """In the month: inessive, i, in."""
    assert [format_month(date(2024, 2, 20), language) for language in LANGUAGES] == [
        "helmikuussa 2024",
        "i februari 2024",
        "in February 2024",
    ]


def test_plain_chain() -> None:
    """The example of the minutes."""
    assert explain_date(WHY, "fi") == "14.2.2025 tilinpäätös, plus 10 arkipäivää on 28.2.2025"
    assert explain_date(WHY, "sv") == "14.2.2025 bokslutet, plus 10 arbetsdagar ger 28.2.2025"
    assert explain_date(WHY, "en") == "14 Feb 2025 the financial statements, plus 10 working days gives 28 Feb 2025"
    assert sentence(WHY, "fi") == "14.2.2025 tilinpäätös, plus 10 arkipäivää on 28.2.2025."


def test_skipped_holiday_is_named() -> None:
    """A weekday that was not counted is named; weekends are not."""
    reason = _reason(date(2026, 1, 2), 3, Unit.WORKING_DAYS)

    assert explain_date(reason, "fi") == "2.1.2026 tilinpäätös, plus 3 arkipäivää on 8.1.2026; väliin jäi 6.1. loppiainen"
    assert explain_steps(reason, "en")[1] == "not counting 6 Jan Epiphany"


def test_moved_deadline_names_each_closed_day_once() -> None:
    """Saturday and Sunday are one weekend."""
    reason = _reason(date(2026, 3, 20), 2, Unit.WEEKS)

    assert explain_date(reason, "fi") == (
        "20.3.2026 tilinpäätös, plus 2 viikkoa on 3.4.2026; siirtyy päivään 6.4.2026 (3.4. pitkäperjantai, 4.4. viikonloppu)"
    )


def test_chain_of_two_segments_names_the_deadline_once() -> None:
    """A reminder hangs on the deadline: both segments are told, without repeating the date between them."""
    days_before = CALENDAR.add(DUE, -5, Unit.WORKING_DAYS)
    name = Localised.everywhere("määräaika")
    chain = (*WHY.chain, Reason(kind=ReasonKind.BASE, on=DUE, name=name), *days_before.chain)
    reason = DatedReason(on=days_before.on, chain=(*chain, Reason(kind=ReasonKind.RESULT, on=days_before.on)))

    assert explain_date(reason, "fi") == "14.2.2025 tilinpäätös, plus 10 arkipäivää on 28.2.2025; miinus 5 arkipäivää on 21.2.2025"


def test_date_without_a_chain_is_just_the_date() -> None:
    """Nothing to explain is no error."""
    assert explain_date(DatedReason(on=DUE), "fi") == "28.2.2025"


def test_words_are_complete_and_plural_is_right() -> None:
    """Each language knows every phase, unit and light; none is many, one is one."""
    assert all(set(PHASES[language]) == set(Phase) and set(UNITS[language]) == set(Unit) for language in LANGUAGES)
    assert set(SHAPES) == set(TrafficLight)
    assert [count(number, "toimenpide", "toimenpidettä") for number in (0, 1, 2)] == ["0 toimenpidettä", "1 toimenpide", "2 toimenpidettä"]


def test_small_letter_spares_abbreviations() -> None:
    """Only a word in small letters loses its capital in the middle of a sentence."""
    assert (small("Vuoden 2024 toimenpiteet"), small("ELVO 2024"), small("")) == ("vuoden 2024 toimenpiteet", "ELVO 2024", "")
