"""All cases of the corpus, each name once."""

from __future__ import annotations

from functools import lru_cache

from tests.corpus import asking, attached, forms, lines, named, odd, torn, traps
from tests.corpus.expected import Case


@lru_cache(maxsize=1)
def list_cases() -> tuple[Case, ...]:
    """Every case, written against today's templates. Raises ValueError where two have one name."""
    files = (forms, lines, odd, traps, torn, asking, named, attached)
    found = tuple(case for one in files for case in one.list_cases())
    names = [case.name for case in found]
    if len(set(names)) != len(names):
        raise ValueError(f"the same name twice: {sorted(name for name in set(names) if names.count(name) > 1)}")
    return found
