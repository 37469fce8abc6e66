"""Words around statements that make them something else: last year's, a wish, an example, a question, somebody else's.

A frame stands above (`Viime vuonna:`) or before (`Ensi vuonna 1.5 on …`) what it frames; what takes everything back may stand
anywhere (`Numerot menivät väärin päin`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from reminder.domain.messages import Item
from reminder.parse.phrases import FRAMING, TAKING_BACK, UNSURE
from reminder.parse.small_words import CONDITIONS, PAST, TELLING

_WORD = re.compile(r"[^\W\d_]+")
_YEAR = re.compile(r"(?<![\d.])(?:19|20)\d\d(?![\d.])")
_ASKS = re.compile(r"\W*[^\W\d_]{3,}k[oö]\b", re.IGNORECASE)
_DRAFT = re.compile(r"\W*(?:luonnos|draft|utkast)\b[^.!?]{0,25}[,:]", re.IGNORECASE)
_GOES_ON = frozenset(["että", "att", "that", "vain", "bara", "only", "jos", "om", "if"])
_FRAMES = (
    (PAST - {"oli", "var", "was", "were", "ennen"}) | (CONDITIONS - {"om"}) | TELLING | {"ensi", "nästa", "next", "ehkä", "kanske"}
) | {
    "maybe",
    "perhaps",
    "toivottavasti",
    "hopefully",
    "förhoppningsvis",
}
_HARMLESS = re.compile(r"\b(?:viime (?:tingassa|hetke\w*)|i sista (?:stund|minuten)|last[ -]minute)\b", re.IGNORECASE)


def asked_years(items: Iterable[Item]) -> frozenset[str]:
    """The years that the rounds of these items are about."""
    return frozenset(year for item in items for year in re.findall(r"(?:19|20)\d\d", item.round))


def frames(text: str, years: Collection[str]) -> bool:
    """Whether words make what they stand before no statement of what is now. `years` are those that are asked about."""
    text = _HARMLESS.sub(" ", text)
    words = _WORD.findall(text.lower())
    if _DRAFT.match(text) is not None:
        return True
    if FRAMING.search(text) is not None or UNSURE.search(text) is not None or _ASKS.match(text) is not None:
        return True
    return any(word in _FRAMES for word in words) or any(year not in years for year in _YEAR.findall(text))


def frames_below(text: str, years: Collection[str]) -> bool:
    """Whether a line frames the lines below it: it ends in a colon or a question mark, or breaks off in the middle."""
    words = _WORD.findall(text.lower())
    if words and words[-1] in _GOES_ON and text.rstrip()[-1:].isalpha():
        return True
    return text.rstrip().endswith("?") or frames(text, years)


def takes_all_back(text: str) -> bool:
    """Whether words anywhere in the mail take back or turn round what it says."""
    return TAKING_BACK.search(text) is not None


def prefix_misleads(before: str) -> bool:
    """Whether a number belongs to what stands before it: `§ 4.4`, `s. 3.8`, `vrt. 1.1`."""
    return (
        re.search(
            r"(?:§|\b(?:v|s|p|ks|vrt|klo|jf|se|cf|see|kl|sid|esim|t\.ex|e\.g|versio|luku|sivu|kuva|taulukko)\.?)\s*$", before, re.IGNORECASE
        )
        is not None
    )
