"""The parts of a rehearsal: who gets which character, which rounds are played, and into which folder."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reminder.compose.rehearsal.views import Character
from reminder.errors import UsageFailure
from reminder.sandbox.rehearse.characters import DEFAULT_SHARES, choose_characters, read_shares, write_shares
from reminder.sandbox.rehearse.folder import prepare_folder
from reminder.sandbox.rehearse.hours import pick_hour
from reminder.sandbox.rehearse.scope import choose_scope
from tests.sandbox.mails import example

PARTIES = [("elinvoima", f"party-{index}") for index in range(17)]


@given(st.integers(1, 90), st.dictionaries(st.sampled_from(Character), st.integers(0, 9)).filter(lambda shares: sum(shares.values()) > 0))
@settings(max_examples=60, deadline=None)
def test_every_party_gets_a_character_and_each_character_its_share(number: int, shares: dict[Character, int]) -> None:
    """No count is a whole party away from what its share comes to, and who has no share does not appear."""
    parties = [("p", str(index)) for index in range(number)]
    counts = Counter(choose_characters(parties, shares, seed=3).values())

    assert counts.total() == number
    for character in Character:
        assert abs(counts[character] - shares.get(character, 0) * number / sum(shares.values())) < 1


def test_the_same_seed_gives_the_same_characters_and_another_others() -> None:
    """The choice hangs on the seed and not on the order in which the parties are named."""
    first = choose_characters(PARTIES, DEFAULT_SHARES, seed=1)

    assert choose_characters(PARTIES[::-1], DEFAULT_SHARES, seed=1) == first
    assert choose_characters(PARTIES, DEFAULT_SHARES, seed=2) != first


def test_shares_are_read_as_they_are_written() -> None:
    """What is not named has no share, and the default survives the way to the command line and back."""
    assert read_shares("late=2, never=1") == {Character.LATE: 2, Character.NEVER: 1}
    assert read_shares(write_shares(DEFAULT_SHARES)) == DEFAULT_SHARES


@pytest.mark.parametrize("text", ["", "lazy=3", "early", "early=-1", "early=many", "early=0", "early=1,,late=1", "early=1001"])
def test_shares_that_say_nothing_are_refused(text: str) -> None:
    """Each with what can be written instead."""
    with pytest.raises(UsageFailure) as failure:
        read_shares(text)
    assert "early" in failure.value.advice


def test_a_round_ahead_is_played_from_the_day_before_its_first_step() -> None:
    """In November 2024 the round of 2024 lies ahead; its list of contacts is due on 20.12.2024, two weeks before its notice."""
    scope = choose_scope(example(), datetime(2024, 11, 20, tzinfo=UTC))

    assert [one.id for one in scope.setup.rounds] == ["2024"]
    assert (scope.first_day, scope.is_past) == (date(2024, 12, 19), False)
    assert len(scope.parties) == 17


def test_where_no_round_lies_ahead_the_last_one_is_played() -> None:
    """Who has not written the next year yet still sees a year."""
    assert choose_scope(example(), datetime(2030, 1, 1, tzinfo=UTC)).is_past


def test_the_days_may_be_chosen() -> None:
    """From the beginning of one day to the end of another; the wrong way round is refused."""
    scope = choose_scope(example(), datetime(2025, 1, 1, tzinfo=UTC), first=date(2025, 2, 10), last=date(2025, 2, 20))

    assert (scope.first_day, scope.last_day) == (date(2025, 2, 10), date(2025, 2, 20))
    with pytest.raises(UsageFailure):
        choose_scope(example(), datetime(2025, 1, 1, tzinfo=UTC), first=date(2025, 2, 10), last=date(2025, 2, 9))


def test_answers_come_in_office_hours_of_working_days() -> None:
    """Also where the days that are left to answer are all closed; never before the mail that is answered."""
    calendar, rng = example().calendar, Random(1)
    after = calendar.at(date(2025, 4, 18), datetime.min.time())
    for first, last in ((date(2025, 4, 18), date(2025, 4, 21)), (date(2025, 2, 14), date(2025, 3, 14))):
        for _ in range(40):
            moment = pick_hour(
                rng, calendar, after=after if first.month == 4 else calendar.at(first, datetime.min.time()), first=first, last=last
            )
            assert calendar.is_working_day(moment.date())
            assert 8 <= moment.hour < 18


def test_the_folder_is_made_anew_and_only_where_it_is_ours(tmp_path: Path) -> None:
    """A folder with anything else in it is left alone, an earlier rehearsal is replaced, and a stranger's file in it stays."""
    config, out = tmp_path / "config", tmp_path / "out"
    config.mkdir()
    out.mkdir()
    (out / "letters.txt").write_text("mine")
    with pytest.raises(UsageFailure):
        prepare_folder(out, config, {})
    assert (out / "letters.txt").read_text() == "mine"

    (out / "rehearsal.json").write_text("{}")
    (out / "mails").mkdir()
    (out / "mails" / "001.eml").write_text("old")
    root = prepare_folder(out, config, {"seed": 1})

    assert sorted(path.name for path in root.iterdir()) == ["letters.txt", "rehearsal.json"]
    assert root.stat().st_mode & 0o777 == 0o700


def test_the_folder_of_the_configuration_is_never_written_to(tmp_path: Path) -> None:
    """Nor one within it, nor one that a link leads into it; and a file is no folder."""
    config = tmp_path / "config"
    config.mkdir()
    (tmp_path / "link").symlink_to(config)
    (tmp_path / "file").write_text("")
    for out in (config, config / "out", tmp_path / "link" / "out", tmp_path / "file"):
        with pytest.raises(UsageFailure):
            prepare_folder(out, config, {})
    assert list(config.iterdir()) == []
