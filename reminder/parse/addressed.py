"""A person who is named in a command by their address: `uusi yhteyshenkilö rehtori: Maija Meri maija@kunta.example`.

Of two addresses with an arrow between them the second takes the place of the first; any other order is not guessed at.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}", re.ASCII)
_LINKED = re.compile(r"\s*[<\[(]mailto:[^>\])]{1,300}[>\])]", re.IGNORECASE)
_ARROW = re.compile(r"[\s>)]*(?:->|→|=>|–>)[\s<(]*")
_REASON = re.compile(r"[>)\]\s]*(?:[:,;]\s+|\s[–—-]\s|[.,]?$|\s+(?=(?:koska|sillä|syynä|eftersom|because|since)\s))")
_BECAUSE = re.compile(r"(?:koska|sillä|syynä|eftersom|because|since)\s+")
_NAME = re.compile(r"(?:[^\W\d_][^\W\d_'’.-]*\.?[ -]?){1,6}")
MOST = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressed:
    """A line taken apart: what stands before the person, their name and addresses, and the reason behind them."""

    head: str
    name: str
    addresses: tuple[str, ...]
    text: str
    is_plain: bool
    """Whether nothing is left whose place is unknown."""


def take_addressed(line: str) -> Addressed | None:
    """The parts of a line that names somebody by their address; None where it holds none. Linear in the line."""
    line = _LINKED.sub("", line).replace("mailto:", "")
    found = list(ADDRESS.finditer(line))
    if not found:
        return None
    head, tail = line[: found[0].start()], line[found[-1].end() :]
    head, colon, name = head.partition(":")
    name = " ".join(name.strip(" <([\"'“”,;").split())
    between = [line[one.end() : other.start()] for one, other in pairwise(found)]
    reason = _REASON.match(tail)
    is_plain = len(found) <= MOST and all(_ARROW.fullmatch(one) for one in between) and reason is not None
    is_named = not name or (bool(colon) and _NAME.fullmatch(name) is not None)
    return Addressed(
        head=head.strip(" <(["),
        name=name,
        addresses=tuple(one[0].lower() for one in found),
        text=_BECAUSE.sub("", tail[reason.end() :].strip()) if reason else "",
        is_plain=is_plain and is_named,
    )
