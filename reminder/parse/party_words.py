"""Which party a coordinator names, in whatever case: `kulttuuripäällikölle`, `lukion rehtoria`, `kulturchefen`, `the culture manager`.

Words are compared by their stems, that is by how they begin, since Finnish changes the end of a word and a letter or two before it.
"""

from __future__ import annotations

import re

from reminder.domain.programme import Programme

ENDING = 3
"""Letters at the end of a name that its case may change: `päällikkö`, `päällikölle`."""
SHORTEST = 3
LONGEST_CASE = 7
"""Letters that a case may add: `johtoryhmältänne`."""
_WORD = re.compile(r"[^\W_][\w-]*")


def find_parties(programme: Programme, words: str) -> tuple[str, ...]:
    """The ids of the parties that these words may name: one where they are plain, several where they are not, or none."""
    said = [word.casefold() for word in _WORD.findall(words)]
    if not said:
        return ()
    exact = [party for party in programme.parties if words.strip().casefold() in {party.casefold(), party.casefold().replace("-", " ")}]
    if exact:
        return tuple(exact)
    whole: list[str] = []
    partly: list[str] = []
    for party, entry in programme.parties.items():
        for name in entry.name.texts.values():
            named = [word.casefold() for word in _WORD.findall(name)]
            if not all(any(_is_same(one, other) for other in named) for one in said):
                continue
            is_whole = all(any(_is_same(one, other) for one in said) for other in named)
            (whole if is_whole else partly).append(party)
    return tuple(dict.fromkeys(whole or partly))


def _is_same(said: str, name: str) -> bool:
    """Whether one is the other in some case."""
    if said == name:
        return True
    shared = next((index for index, (a, b) in enumerate(zip(said, name, strict=False)) if a != b), min(len(said), len(name)))
    return shared >= max(SHORTEST, len(name) - ENDING) and len(said) <= len(name) + LONGEST_CASE
