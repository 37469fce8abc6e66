"""The documentation of the states is part of the program."""

from __future__ import annotations

import re
from pathlib import Path

from reminder.domain.intents import SkipReason
from reminder.domain.messages import OutboxState
from reminder.domain.readings import InboundState

PAGE = Path(__file__).parents[2] / "docs" / "states.md"


def test_every_state_has_a_heading_in_its_part() -> None:
    """No state without a word of explanation, and none explained that does not exist."""
    _, outgoing, incoming, *_ = PAGE.read_text(encoding="utf-8").split("\n## ")

    for part, states in ((outgoing, OutboxState), (incoming, InboundState)):
        headings = [line.removeprefix("### `").removesuffix("`") for line in part.splitlines() if line.startswith("### ")]
        assert sorted(headings) == sorted(state.value for state in states)


def test_the_diagrams_show_every_state() -> None:
    """Each state is reached by an arrow."""
    text = PAGE.read_text(encoding="utf-8")

    for state in (*OutboxState, *InboundState):
        assert f"--> {state.value}" in text


def test_every_reason_of_a_skip_is_explained() -> None:
    """The table names each reason as it is stored, and no other."""
    table = PAGE.read_text(encoding="utf-8").partition("## Steps that end without a mail")[2]

    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == {reason.value for reason in SkipReason}
