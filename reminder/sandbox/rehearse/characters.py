"""Who the simulated parties are: each gets a character, by shares that can be set and by a seed.

The same parties, shares and seed give the same characters, whatever the machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from random import Random

from reminder.compose.rehearsal.views import Character
from reminder.errors import UsageFailure

Shares = Mapping[Character, int]

DEFAULT_SHARES: Shares = {
    Character.EARLY: 4,
    Character.TIMELY: 4,
    Character.LATE: 3,
    Character.PART: 2,
    Character.NEVER: 1,
    Character.WRONG: 1,
    Character.AWAY: 1,
}
MOST = 1000


def read_shares(text: str) -> Shares:
    """`early=3,late=2,never=1` as shares; who is not named has none. Raises UsageFailure for anything else."""
    shares: dict[Character, int] = {}
    for part in (part.strip() for part in text.split(",")):
        name, _, number = part.partition("=")
        character = next((one for one in Character if one.value == name.strip()), None)
        if character is None or not number.strip().isdecimal() or int(number) > MOST:
            known = ", ".join(one.value for one in Character)
            raise UsageFailure(f"{part!r} is no share of answers.", advice=f"Write early=3,late=2,never=1 with some of: {known}.")
        shares[character] = int(number)
    if not sum(shares.values()):
        raise UsageFailure("The shares add up to nothing.", advice="Give at least one character a share, such as early=1.")
    return shares


def write_shares(shares: Shares) -> str:
    """The shares as they are written on the command line."""
    return ",".join(f"{one.value}={shares[one]}" for one in Character if shares.get(one))


def choose_characters(parties: Iterable[tuple[str, str]], shares: Shares, seed: int) -> dict[tuple[str, str], Character]:
    """A character for each (programme, party): as many of each as its share comes to, in a seeded order.

    What the shares leave over goes to the largest remainders (the method of Hare and Niemeyer), so that a small city too has
    what was asked for as far as its parties reach.
    """
    names = sorted(parties)
    whole = sum(shares.values())
    quotas = {one: shares.get(one, 0) * len(names) / whole for one in Character}
    counts = {one: int(quota) for one, quota in quotas.items()}
    order = tuple(Character)
    by_remainder = sorted(order, key=lambda one: (counts[one] - quotas[one], -shares.get(one, 0), order.index(one)))
    for one in by_remainder[: len(names) - sum(counts.values())]:
        counts[one] += 1
    dealt = [one for one in order for _ in range(counts[one])]
    Random(f"characters/{seed}").shuffle(dealt)
    return dict(zip(names, dealt, strict=True))
