"""All cases of the corpus, each name once."""

from __future__ import annotations

from functools import lru_cache

from tests.corpus import asking, forms, lines, odd, torn, traps
from tests.corpus.expected import Case


@lru_cache(maxsize=1)
def list_cases() -> tuple[Case, ...]:
    """Every case, written against today's templates. Raises ValueError where two have one name."""
    found = (*forms.list_cases(), *lines.list_cases(), *odd.list_cases(), *traps.list_cases(), *torn.list_cases(), *asking.list_cases())
    names = [case.name for case in found]
    if len(set(names)) != len(names):
        raise ValueError(f"the same name twice: {sorted(name for name in set(names) if names.count(name) > 1)}")
    return found
