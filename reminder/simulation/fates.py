"""What goes wrong, by seed: each seed first draws which kinds of faults are on, and how often they strike (swarm testing)."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping

RATES: Mapping[str, float] = {
    "crash": 0.01,
    "database busy": 0.01,
    "relay down": 0.05,
    "relay refuses us": 0.02,
    "later": 0.08,
    "refused for good": 0.02,
    "answer lost, taken": 0.06,
    "answer lost, not taken": 0.04,
    "worker frozen before the dot": 0.03,
    "worker frozen after the dot": 0.03,
    "mailbox away": 0.04,
    "mailbox lost in the middle": 0.04,
    "move refused": 0.04,
    "UIDVALIDITY changes": 0.03,
    "mail delivered twice": 0.1,
    "mail shown late": 0.05,
    "another client moves a mail": 0.03,
    "another client deletes a mail": 0.03,
    "clock ahead": 0.01,
    "clock back": 0.01,
    "off for days": 0.01,
    "files edited": 0.02,
    "files broken": 0.01,
    "poison": 0.03,
    "page not writable": 0.05,
    "relay down for long": 0.02,
}
"""How often a kind strikes, per occasion, where a seed has it at its middle strength."""
CALM = 8
"""Of so many seeds one has no faults: the baseline."""


class Fates:
    """Says whether a fault strikes now. Everything random of a simulation comes from here, so that a seed tells it whole."""

    def __init__(self, seed: int, rates: Mapping[str, float]) -> None:
        self.random = random.Random(seed)
        self.rates = dict(rates)
        self.struck: Counter[str] = Counter()

    @classmethod
    def of_seed(cls, seed: int) -> Fates:
        """The fates of a seed: about half of the kinds are on, each with a strength of its own."""
        drawn = random.Random(f"rates of {seed}")
        if seed % CALM == 0:
            return cls(seed, {})
        return cls(seed, {kind: rate * drawn.choice((0.5, 1, 3)) for kind, rate in RATES.items() if drawn.random() < 0.5})

    @classmethod
    def calm(cls, seed: int = 0) -> Fates:
        """No faults at all."""
        return cls(seed, {})

    def strikes(self, kind: str) -> bool:
        """Whether this kind strikes now. Draws only where the kind is on."""
        rate = self.rates.get(kind, 0.0)
        if not rate or self.random.random() >= rate:
            return False
        self.struck[kind] += 1
        return True

    def has(self, kind: str) -> bool:
        """Whether this kind is on at all."""
        return bool(self.rates.get(kind))

    def end(self) -> None:
        """From now on nothing strikes."""
        self.rates.clear()
