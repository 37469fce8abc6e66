"""The measure of a round that is over is kept, and is at every moment what a fresh one would be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from reminder.flows.by_hand import By, waive
from reminder.flows.measuring import MEMORY, measure_rounds
from reminder.flows.settling import reject
from reminder.store.overlays import OverlayKind, add_overlay
from tests.flows.history import count_steps
from tests.flows.town import CULTURE, Town

AFTERWARDS = date(2026, 8, 20)
"""Long after the round of 2024 was due and has closed."""


def measure(town: Town) -> list[str]:
    """The marks of all rounds, as this process sees them now; a process that remembers nothing must see the same."""
    marks = []
    for memory in (town.house.memory, {}):
        with town.house.store.read() as conn:
            marks.append([one.fingerprint for one in measure_rounds(conn, replace(town.house, memory=memory), town.clock.now())])
    assert marks[0] == marks[1]
    return marks[0]


def is_read(town: Town) -> bool:
    """Whether measuring reads what was said in a round."""
    with count_steps(town.house.store) as steps, town.house.store.read() as conn:
        measure_rounds(conn, town.house, town.clock.now())
    return any("superseded" in statement for statement in steps)


@pytest.fixture
def over(town: Town) -> Town:
    """A town in which the culture manager has answered, long after its rounds."""
    town.ask()
    town.reply(CULTURE, "1.1: punainen. Kesken.")
    town.read()
    town.deliver()
    town.move_to_day(AFTERWARDS)
    measure(town)
    return town


def test_what_is_over_is_not_read_again(over: Town) -> None:
    """Neither at once nor on a later day; before the deadline each look measures anew."""
    assert not is_read(over)
    over.clock.advance(timedelta(days=40))
    assert not is_read(over)
    over.house.memory.clear()
    assert is_read(over)


def test_what_is_not_over_is_measured_each_time(town: Town) -> None:
    """Before the deadline the passing of time alone changes a round."""
    town.ask()
    measure(town)
    assert is_read(town)


def say_late(town: Town) -> None:
    """An answer comes after the close: it is in the history, and counts for nothing."""
    town.reply(CULTURE, "1.1: vihreä. Valmis.")
    town.read()


def take_away(town: Town) -> None:
    """A person rejects the answer."""
    reject(town.house, 1, because="It was a test.")


def leave_out(town: Town) -> None:
    """An action is waived."""
    waive(town.house, town.round, "kulttuuripaallikko", "1.10", because="It was moved.", by=By(actor="tests", language="en"))


def edit(town: Town) -> None:
    """Somebody corrects the title of an action in the files."""
    programme = town.setup.programmes["elinvoima"]
    actions = tuple(replace(one, title="Another title") if one.number == "1.1" else one for one in programme.actions)
    programmes = {**town.setup.programmes, "elinvoima": replace(programme, actions=actions)}
    town.house = replace(town.house, setup=replace(town.setup, programmes=programmes))


def extend(town: Town) -> None:
    """The culture manager gets more time after all, so that nobody is late there any more."""
    with town.house.store.begin() as conn:
        add_overlay(
            conn,
            kind=OverlayKind.EXTENSION,
            programme="elinvoima",
            round_id=town.round.id,
            party="kulttuuripaallikko",
            value={"due_on": (AFTERWARDS + timedelta(days=30)).isoformat()},
            because="They were asked late.",
            actor="tests",
            now=town.clock.now(),
        )


@pytest.mark.parametrize("change", [take_away, leave_out, edit, extend])
def test_whatever_it_depends_on_is_seen_at_once(over: Town, change: Callable[[Town], None]) -> None:
    """The next look shows it, and from then on it is kept again."""
    before = measure(over)
    change(over)

    assert measure(over) != before


def test_a_late_answer_is_looked_at_and_counts_for_nothing(over: Town) -> None:
    """What came after the close does not show, here as without a memory."""
    before = measure(over)
    say_late(over)

    assert is_read(over)
    assert measure(over) == before


def test_a_clock_that_was_wrong_leaves_nothing_behind(over: Town) -> None:
    """Set back to a day on which the round was open, everything is measured as of that day."""
    over.clock.set(over.setup.calendar.at(date(2025, 1, 2), over.setup.window.opens))

    assert measure(over)
    assert MEMORY in over.house.memory
