"""What a target of fuzzing is, and what must hold of everything that a reader gives back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A reader: `run` raises where it does not keep its promise; `seeds` are good inputs to begin with."""

    run: Callable[[bytes], object]
    seeds: Callable[[], Iterable[bytes]]
    max_len: int = 8192


def texts_of(value: object) -> Iterable[str]:
    """Every string in a value of ours."""
    if isinstance(value, str):
        yield str(value)
    elif is_dataclass(value):
        yield from (text for each in fields(value) for text in texts_of(getattr(value, each.name)))
    elif isinstance(value, Mapping):
        yield from (text for pair in value.items() for each in pair for text in texts_of(each))
    elif isinstance(value, tuple | list | set | frozenset):
        yield from (text for each in value for text in texts_of(each))


def check_storable(value: object) -> None:
    """Each string can be put into a database: no NUL, which PostgreSQL refuses, and no half of a surrogate pair."""
    for text in texts_of(value):
        assert "\0" not in text, f"NUL in {text[:200]!r}"
        text.encode("utf-8")
