"""How a simulation stands between two steps, and how it ended."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from reminder.simulation.checking import Violation
from reminder.simulation.journal import Journal
from reminder.simulation.looking import Seen
from reminder.simulation.mailbox import ServerMailbox
from reminder.simulation.people import People
from reminder.simulation.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a simulation ended."""

    seed: int
    violations: tuple[Violation, ...]
    journal: Journal
    seen: Seen
    passed: int
    steps: int
    span: timedelta

    @property
    def is_sound(self) -> bool:
        """Whether every invariant held."""
        return not self.violations


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A world between two steps."""

    database: Path
    kept: tuple[World, ServerMailbox, People, random.Random]
    files: Mapping[str, bytes]
    steps: int
