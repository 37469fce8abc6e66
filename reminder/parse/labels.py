"""The labels of our form at the beginning of a line, in three languages and as clients and people leave them: `Tila (vihreä): …`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from reminder.parse.html_page import BOLD_OFF, BOLD_ON

_TICK = re.compile(r"[(\[]\s?[xX✓•●]?\s?[)\]]")
_BOXES = re.compile(r"\s*[☐☒☑□○◯◉●](?=[^☐☒☑□○◯◉●]*[☐☒☑□○◯◉●])")
"""`Tila (x) vihreä ( ) keltainen`: the bracket is a box, not the list."""
_STRAY = re.compile(rf"^[\s{BOLD_ON}{BOLD_OFF}*_•·●○▪■▲>|~-]{{0,12}}")


class Field(StrEnum):
    """A field of the form."""

    LIGHT = "light"
    DONE = "done"
    NEXT = "next"


_LABELS: tuple[tuple[Field, str], ...] = (
    (Field.LIGHT, r"ti\W{0,2}la|l\W{0,3}(?:ä|ae?)?\W{0,2}ge(?:t)?|status|liikennevalo|trafikljus|traffic light"),
    (
        Field.DONE,
        r"mit(?:ä|\W{1,3}|a) tehtiin|mitä on tehty|perustelu|perustelut|vad har gjorts"
        r"|motivering|what was done|grounds|comment|kommentti|kommentar",
    ),
    (
        Field.NEXT,
        r"seuraavaksi ja milloin|seuraavaksi|h\S{0,3}rn\S{1,3}st och n\S{1,3}r|härnäst|nästa steg|next step and by when|next steps?|next",
    ),
)
_LABEL = re.compile(
    r"(?:"
    + "|".join(f"(?P<{field.value}>{words})" for field, words in _LABELS)
    + r")\s{0,3}(?P<options>\([^()\n]{0,200}\)?|\[[^\[\]\n]{0,200}\]?)?\s{0,3}(?P<colon>[:=]|[-–—](?=\s))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelLine:
    """A label at the beginning of a line, its options as they were left, and what follows."""

    field: Field
    options: str
    rest: str


def read_label(text: str) -> LabelLine | None:
    """The label that the line begins with."""
    start = stray(text)
    match = _LABEL.match(text, start)
    if match is None or (match["colon"] is None and match["options"] is None):
        return None
    field = next(field for field in Field if match[field.value] is not None)
    options = match["options"] or ""
    if field is Field.LIGHT and _TICK.fullmatch(options):
        return LabelLine(field=field, options=text[match.start("options") :], rest="")
    behind = text[match.end() :]
    if field is Field.LIGHT and (_BOXES.match(behind) or (not options and len(_TICK.findall(behind)) > 1)):
        return LabelLine(field=field, options=text[match.end() :], rest="")
    return LabelLine(field=field, options=options, rest=text[match.end() :].lstrip(" \t:|"))


def stray(text: str) -> int:
    """Where the words of the line begin, behind bullets and marks of emphasis."""
    match = _STRAY.match(text)
    return match.end() if match else 0
