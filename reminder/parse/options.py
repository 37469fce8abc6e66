"""The option list `(vihreä / keltainen / punainen)`: left as it was, or with one option left, marked or struck out."""

from __future__ import annotations

import re

from reminder.domain.assessments import TrafficLight
from reminder.parse.html_text import BOLD_OFF, BOLD_ON
from reminder.parse.words import EMOJI, light_of

_TOKEN = re.compile(rf"[{BOLD_ON}{BOLD_OFF}]|[{''.join(EMOJI)}]|[^\W\d_]+|[*_]+|[x✓✔☑✗✘→]|\[[xX]\]", re.IGNORECASE)
_MARKS = frozenset(["x", "X", "✓", "✔", "☑", "→", "[x]", "[X]"])
_SEPARATOR = r"[^\w\n]{0,12}\n?[^\w\n]{0,12}"


def read_options(label: str) -> tuple[TrafficLight | None, bool]:
    """The light chosen in the list, if any; and whether a choice was begun and not made (two options left, or two marked)."""
    options: list[tuple[TrafficLight, bool]] = []
    bold = False
    mark = False
    for match in _TOKEN.finditer(label):
        token = match.group()
        if token in {BOLD_ON, BOLD_OFF}:
            bold = token == BOLD_ON
        elif token[0] in "*_":
            mark = not mark and label[match.end() : match.end() + 1].strip() != ""
        elif token in _MARKS or token in EMOJI:
            mark = True
        elif (light := light_of(token.lower())) is not None:
            options.append((light, bold or mark or (token.isupper() and len(token) > 1)))
            mark = False
    return _chosen(options)


def _chosen(options: list[tuple[TrafficLight, bool]]) -> tuple[TrafficLight | None, bool]:
    lights = [light for light, _ in options]
    marked = [light for light, is_marked in options if is_marked]
    if len(set(lights)) == 1:
        return lights[0], False
    if 0 < len(marked) < len(options):
        return (marked[0], False) if len(set(marked)) == 1 else (None, True)
    return None, len(set(lights)) == 2


def _list_pattern() -> re.Pattern[str]:
    lists = (r"vihreä|vihrea", "keltainen", "punainen"), ("grön", "gul", "röd"), ("green", "yellow", "red")
    alternatives = "|".join(_SEPARATOR.join(f"(?:{word})" for word in words) for words in lists)
    return re.compile(rf"[^\w\n]{{0,4}}(?<!\w)(?:{alternatives})(?!\w)[ \t]*\)?:?", re.IGNORECASE)


_LIST = _list_pattern()


def without_option_list(text: str) -> str:
    """The text without option lists that stand as we wrote them: three lights in our order are no answer."""
    return _LIST.sub(" ", text)
