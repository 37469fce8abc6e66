"""One keeper for the whole zoo; what the beasts have cost is shown at the end of a run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from _pytest.terminal import TerminalReporter

from tests.hostile.keeper import Keeper

KEEPERS: list[Keeper] = []


@pytest.fixture(scope="session")
def keeper() -> Iterator[Keeper]:
    """The process that reads, for all of them."""
    KEEPERS.append(Keeper())
    yield KEEPERS[-1]
    KEEPERS[-1].reader.close()


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """The slowest and the largest."""
    for one in KEEPERS:
        if one.costs:
            terminalreporter.write_line(one.summary)
