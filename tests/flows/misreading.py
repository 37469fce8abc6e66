"""An older parser that misread: what the town received before the parser was mended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from reminder.domain.readings import Reading
from reminder.flows import interpret as interpreting
from reminder.flows.understanding import understand
from tests.flows.town import Town


def read_as_older_parser(town: Town, monkeypatch: pytest.MonkeyPatch, misread: Callable[[Reading], Reading] = lambda one: one) -> None:
    """What has arrived is fetched and read by parser 0, which understands what `misread` makes of it."""

    def understand_wrongly(*args: Any, **kwargs: Any) -> Any:
        understood = understand(*args, **kwargs)
        return replace(understood, reading=misread(understood.reading))

    with monkeypatch.context() as patch:
        patch.setattr(interpreting, "understand", understand_wrongly)
        patch.setattr(interpreting, "PARSER_VERSION", "0")
        town.read()
