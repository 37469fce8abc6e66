"""The cast as fixtures; the cast itself stands in `cast.py`."""

from __future__ import annotations

import pytest

from reminder.domain.setup import Setup
from reminder.domain.workdays import Calendar
from tests.plan import cast


@pytest.fixture
def city() -> Setup:
    """The small city with its round of 2024."""
    return cast.setup_of()


@pytest.fixture
def calendar() -> Calendar:
    """Finland from 2023 to 2064."""
    return cast.CALENDAR
