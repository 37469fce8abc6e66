"""What is red about the service is told to the coordinator too, in each language."""

from __future__ import annotations

from datetime import timedelta

from reminder.domain.programme import LANGUAGES
from reminder.flows.collect import collect
from reminder.flows.red_words import tell_red
from reminder.store import control
from tests.flows.town import CULTURE, Town


def told(town: Town) -> list[tuple[str, ...]]:
    """The sentences in each language."""
    with town.house.store.read() as conn:
        return [tell_red(conn, language, town.clock.now(), is_rehearsal=False) for language in LANGUAGES]


def test_nothing_red_is_no_word(town: Town) -> None:
    """A mailbox that was just read, and a clock that goes on."""
    collect(town.house)

    assert told(town) == [(), (), ()]


def test_the_mailbox_what_is_unread_and_the_clock_are_told(town: Town) -> None:
    """A mailbox that is not read, a mail that waits, and a clock that goes backwards: a sentence each, in three languages."""
    town.ask()
    town.reply(CULTURE, "kaikki vihreällä")
    collect(town.house)
    town.clock.advance(timedelta(hours=2))
    with town.house.store.begin() as conn:
        control.accept_clock(conn, town.clock.now() + timedelta(days=1))

    sentences = told(town)

    assert [len(one) for one in sentences] == [3, 3, 3]
    assert len({sentence for one in sentences for sentence in one}) == 9
    assert any("Postilaatikkoa ei ole voitu lukea" in sentence for one in sentences for sentence in one)


def test_a_certificate_that_ends_is_told_four_weeks_before(town: Town) -> None:
    """And after it has ended, of course."""
    collect(town.house)
    now = town.clock.now()
    for ends, count in ((timedelta(days=28, seconds=1), 0), (timedelta(days=28), 3), (timedelta(days=-1), 3)):
        with town.house.store.read() as conn:
            said = {text for one in LANGUAGES for text in tell_red(conn, one, now, is_rehearsal=False, login_ends=now + ends)}
        assert len(said) == count
