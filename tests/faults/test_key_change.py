"""The signing key is changed: what the former one signed is good for half a year, by the date on which the reply arrived (fault G8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from reminder.flows.collect import collect
from reminder.flows.former_keys import KEY_GRACE, end_former_keys
from reminder.flows.interpret import interpret_pending
from reminder.flows.understanding import understand
from reminder.wire.reply_token import Key, Keyring
from tests.flows.town import CULTURE, Town

NEW = Key(id="b", secret="another one, made after a laptop was lost")


def change_key(town: Town, *keys: Key) -> None:
    """A start with these keys."""
    ring = Keyring(keys=keys, instance=town.house.addressing.keyring.instance)
    town.house = end_former_keys(replace(town.house, addressing=replace(town.house.addressing, keyring=ring)))


def proven_by(town: Town, raw: bytes, *, days: float) -> bool:
    """Whether a reply that arrives so many days from now is known by its token."""
    return bool(understand(town.house, raw, town.clock.now() + timedelta(days=days)).context.proven)


@pytest.mark.fault("G8")
def test_a_token_of_the_former_key_is_good_for_180_days(town: Town) -> None:
    """And no longer; a token of the new key is, whatever the date. The end stays where it was when the service starts again."""
    town.ask()
    old = town.house.addressing.keyring.keys[0]
    raw = town.write_reply(town.original(CULTURE), "1.1: punainen")
    change_key(town, NEW, old)
    before = [proven_by(town, raw, days=days) for days in (0, 179, 181)]
    town.clock.advance(timedelta(days=100))
    change_key(town, NEW, old)
    after = [proven_by(town, raw, days=days) for days in (0, 79, 81)]

    assert before == after == [True, True, False]
    assert town.house.addressing.keyring.keys[0] == NEW


@pytest.mark.fault("G8")
def test_a_reply_that_arrived_in_time_counts_however_late_it_is_read(town: Town) -> None:
    """The date of the server decides, as for everything: a service that was off for a year reads it as it would have."""
    town.ask()
    change_key(town, NEW, town.house.addressing.keyring.keys[0])
    town.reply(CULTURE, "1.1: punainen")
    collect(town.house)
    town.clock.advance(KEY_GRACE + timedelta(days=30))
    interpret_pending(town.house)

    assert [(fact.action, str(fact.light)) for fact in town.facts()] != []


@pytest.mark.fault("G8")
def test_a_key_that_is_taken_out_is_good_for_nothing_and_one_that_signs_again_has_no_end(town: Town) -> None:
    """Both are what the admin has said."""
    town.ask()
    old = town.house.addressing.keyring.keys[0]
    raw = town.write_reply(town.original(CULTURE), "1.1: punainen")
    change_key(town, NEW)
    taken_out = proven_by(town, raw, days=0)
    change_key(town, NEW, old)
    change_key(town, old, NEW)
    again = proven_by(town, raw, days=1000)

    assert (taken_out, again) == (False, True)
    assert [key.ends is None for key in town.house.addressing.keyring.keys] == [True, False]


@pytest.mark.fault("G8")
def test_a_clock_that_is_wrong_sets_no_end(town: Town) -> None:
    """A change that is first seen by a clock 50 years ahead would be accepted for 50 years."""
    town.ask()
    old = town.house.addressing.keyring.keys[0]
    town.clock.advance(timedelta(days=365 * 50))
    change_key(town, NEW, old)
    town.clock.advance(-timedelta(days=365 * 50))
    change_key(town, NEW, old)

    assert town.house.addressing.keyring.keys[1].ends == town.clock.now() + KEY_GRACE
