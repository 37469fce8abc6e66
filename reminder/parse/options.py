"""The option list `(vihreä / keltainen / punainen)`: left as it was, or with one option left, marked or struck out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from reminder.domain.assessments import TrafficLight
from reminder.parse.html_page import BOLD_OFF, BOLD_ON
from reminder.parse.words import EMOJI, light_of

_SEPARATOR = r"[^\w\n]{0,12}\n?[^\w\n]{0,12}(?:(?:or|tai|eller) )?"
_STRUCK = re.compile(r"~~[^~\n]{1,60}~~")
_PIECE = re.compile(r"[/|,;\n]")
_WORD = re.compile(rf"[{''.join(EMOJI)}]|[^\W\d_]+")
_MARK = re.compile(r"(?<!\w)[xX](?!\w)|[✓✔☑→]")
_MARKS = frozenset({"x"})
_TICKED = re.compile(r"[☒☑◉]|[(\[]\s?[•●]\s?[)\]]")
_BOX = re.compile(r"\[\s?\]|\(\s?\)|[☐□]")


@dataclass(frozen=True, slots=True)
class _Option:
    light: TrafficLight
    is_marked: bool


def read_options(label: str) -> tuple[TrafficLight | None, bool]:
    """The light chosen in the list, if any; and whether a choice was begun and not made (two options left, or two marked)."""
    text = _plain_boxes(_STRUCK.sub(" ", label))
    if _is_torn(text):
        return None, False
    pieces = _split(text)
    if pieces is None:
        return None, True
    options: list[_Option] = []
    is_bold = False  # a client may embolden the whole line: then no option stands out
    for piece in pieces:
        if (option := _read_option(piece, is_bold=is_bold)) is not None:
            options.append(option)
        is_bold = _is_bold_after(piece, is_bold=is_bold)
    return _chosen(options)


def _plain_boxes(text: str) -> str:
    """All kinds of ticked boxes and buttons as `x`, empty ones as `☐`."""
    if "○" in text or "◯" in text:
        text = text.replace("●", "x").replace("○", "☐").replace("◯", "☐")
    return _TICKED.sub(" x ", text)


def _is_torn(text: str) -> bool:
    """Whether the list was cut off or damaged on its way: `(vihreä`, or `(gr&ouml;n / gul / r&ouml;d)`. It says nothing then."""
    opened = re.search(r"[(\[](?!\s?[xX✓]?\s?[)\]])", text)
    start = opened.end() if opened else 0
    if opened and not re.search(r"[)\]]", text[start:]):
        return True
    pieces = [words for piece in _PIECE.split(text[start:]) if (words := _WORD.findall(piece.lower()))]
    strange = [words for words in pieces if not any(light_of(word) is not None for word in words)]
    return (len(pieces) > 2 and bool(strange)) or any(_is_enclosed(words) for words in pieces)


def _is_enclosed(words: Sequence[str]) -> bool:
    """Whether the only light of a piece stands between unknown words: `(grn or gul or rd)`, `(gr\\366n gul r\\366d)`."""
    lights = [place for place, word in enumerate(words) if light_of(word) is not None]
    return len(lights) == 1 and all(any(word not in _MARKS for word in side) for side in (words[: lights[0]], words[lights[0] + 1 :]))


def _is_bold_after(text: str, *, is_bold: bool) -> bool:
    last = max(text.rfind(BOLD_ON), text.rfind(BOLD_OFF))
    return text[last] == BOLD_ON if last >= 0 else is_bold


def _split(text: str) -> list[str] | None:
    """One piece an option. Where marks stand between options without a separator, the side on which the first mark or box
    stands tells to which option each belongs; None where nothing tells."""
    lights = [match for match in _WORD.finditer(text) if light_of(match.group().lower()) is not None]
    if len(lights) < 2 or all(_PIECE.search(text[a.end() : b.start()]) for a, b in pairwise(lights)):
        return _PIECE.split(text)
    marks = sorted(match.start() for pattern in (_MARK, _BOX) for match in pattern.finditer(text))
    if not marks or marks[0] < lights[0].start():
        return _cut(text, [match.end() for match in lights[:-1]])
    if marks[-1] > lights[-1].end():
        return _cut(text, [match.start() for match in lights[1:]])
    return None


def _cut(text: str, places: Sequence[int]) -> list[str]:
    ends = [0, *places, len(text)]
    return [text[start:end] for start, end in pairwise(ends)]


def _read_option(piece: str, *, is_bold: bool) -> _Option | None:
    """The light of a piece with whether it is marked. Emphasis goes with the word, a mark with its piece."""
    words = [(match, light) for match in _WORD.finditer(piece) if (light := light_of(match.group().lower())) is not None]
    if not words:
        return None
    match, light = words[-1]
    word = match.group()
    before = piece[: match.start()]
    is_loud = word.isupper() and len(word) > 1
    is_starred = before.endswith(("*", "_")) and piece[match.end() :].startswith(("*", "_"))
    is_emphasised = _is_bold_after(before, is_bold=is_bold) or is_loud or is_starred
    has_emoji = any(one[0].group() in EMOJI for one in words) and len(words) > 1
    return _Option(light, is_emphasised or has_emoji or _MARK.search(piece) is not None)


def _chosen(options: Sequence[_Option]) -> tuple[TrafficLight | None, bool]:
    lights = [option.light for option in options]
    marked = [option.light for option in options if option.is_marked]
    if len(set(lights)) == 1:
        return lights[0], False
    if 0 < len(marked) < len(options):
        return (marked[0], False) if len(set(marked)) == 1 else (None, True)
    return None, len(set(lights)) == 2


def _list_pattern() -> re.Pattern[str]:
    # Letters outside ASCII come back as anything: `gr\\366n / gul / roed` is still our list.
    lists = (
        (r"v[^\s/,|]{3,10}", r"keltainen", r"p[^\s/,|]{5,8}?"),
        (r"g[^\s/,|]{1,8}", "gul", r"r[^\s/,|]{1,6}?"),
        ("green", "yellow", "red"),
    )
    alternatives = "|".join(_SEPARATOR.join(f"(?:{word})" for word in words) for words in lists)
    return re.compile(rf"[^\w\n]{{0,4}}(?<!\w)(?:{alternatives})(?!\w)[ \t]*\)?:?", re.IGNORECASE)


_LIST = _list_pattern()


_THREE = re.compile(r"\([^()/]{1,40}/[^()/]{1,40}/[^()/]{1,40}\):?")
_LINKS = re.compile(r"[^\n●▲■]*[●▲■][^\n●▲■]*[●▲■].*")
_OPEN_END = re.compile(r"[^\W\d_]*\s?\([^()]*$")
_LIST_END = re.compile(r"^[^()\n]{0,40}\):", re.MULTILINE)
"""`punainen):` on a line of its own is the end of a list that was wrapped."""
_LINK = re.compile(r"[●▲■]\s*[^\W\d_]*")


def _names_light(text: str) -> bool:
    return any(light_of(word) is not None for word in _WORD.findall(text.lower()))


def without_light_links(text: str) -> str:
    """The text without the words of the light links, which clients that know no links leave above the labels: behind their
    shapes, or several together where the shapes are lost."""
    text = _LINKS.sub("", _OPEN_END.sub("", text))
    named = {light for word in _WORD.findall(text.lower()) if (light := light_of(word)) is not None}
    return (
        _WORD.sub(lambda match: "" if light_of(match.group().lower()) else match.group(), text) if len(named) > 1 else _LINK.sub(" ", text)
    )


def without_option_list(text: str) -> str:
    """The text without option lists that stand as we wrote them, whole or damaged: three lights in our order are no answer."""
    whole = _THREE.sub(lambda match: " " if _is_torn(match.group()) else match.group(), _LIST.sub(" ", text))
    whole = _LIST_END.sub("", whole)
    end = _OPEN_END.search(whole)
    return whole[: end.start()] if end is not None and end.start() and _names_light(end.group()) else whole
