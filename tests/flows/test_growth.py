"""What one reply costs: as much after ten times as many replies of others, counted in steps of the database and never in time."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path

from reminder.domain.messages import MailKind
from reminder.flows.tick import tick
from tests.flows.history import count_steps, multiply_reply
from tests.flows.town import CULTURE, PRINCIPAL, Town, new_database, open_town, templates, text_of

BESIDE = 40
"""Steps by which a statement may differ, since ids are random and a leaf of a tree may be fuller."""


def prepare(town: Town, others: int) -> None:
    """After so many replies of others the culture manager has answered; it is not read yet."""
    town.ask()
    town.reply(PRINCIPAL, "2.1: vihreä. Sanottu kerran.")
    for _ in range(2):  # the second pass has moved it away on the server
        tick(town.house, templates())
    multiply_reply(town.house.store, 1, others, lambda name, number: f"{name}{number % 400}")
    town.clock.advance(timedelta(hours=2))
    town.reply(CULTURE, "1.1: vihreä. Avattu.")


def live(town: Town) -> str:
    """The pass that reads, acknowledges and sends: what the acknowledgement says."""
    done = tick(town.house, templates())
    assert done.interpreted.acknowledged == done.delivered.accepted == 1
    return text_of(town.sent(CULTURE, MailKind.ACKNOWLEDGEMENT)[0].raw)


def test_a_reply_costs_the_same_among_ten_times_as_many_of_others(database: Path, tmp_path: Path) -> None:
    """No statement of the pass makes more steps, and the acknowledgement says the same."""
    costs: list[Counter[str]] = []
    said: list[str] = []
    for others in (60, 600):
        (folder := tmp_path / str(others)).mkdir()
        store = new_database(database, folder)
        town = open_town(store)
        prepare(town, others)
        with count_steps(store) as steps:
            said.append(live(town))
        costs.append(steps)
        store.close()

    few, many = costs
    grown = {statement: (few[statement], count) for statement, count in many.items() if count > few[statement] + BESIDE}
    assert not grown
    assert sum(few.values()) > 1000, "the steps are counted"
    assert said[0] == said[1]
