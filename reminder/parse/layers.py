"""Layers of a mail: 0 is what the sender wrote on top, each quotation lies one deeper.

A layer begins with a quotation mark or a `<blockquote>`, or, in clients that mark nothing, with the block of header lines
or the rule that they put above the mail that is answered. This tells foreign text from the sender's own; what is our own
text is told by subtraction, not by this.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from reminder.parse.body import Line
from reminder.parse.html_page import BOLD_OFF, BOLD_ON

_KINDS = {
    "from": "lähettäjä|från|from|von|de|avsändare",
    "sent": "lähetetty|skickat|skickad|sent|päivämäärä|päiväys|pvm|datum|date|gesendet",
    "to": "vastaanottaja|vastaanottajat|saaja|till|to|an|kenelle|mottagare",
    "cc": "kopio|kopia|cc|kopie",
    "subject": "aihe|ämne|subject|betreff|otsikko",
    "reply": "vastausosoite|reply-to|svara till",
}
_LABELS = re.compile(r"[\W_]{0,4}(?:" + "|".join(f"(?P<{kind}>{words})" for kind, words in _KINDS.items()) + r")[\W_]{0,3}:", re.IGNORECASE)
_RULE = re.compile(r"\W{0,3}[-_–—=]{4,}\s*(?:[^\W\d_][^-_\n]{0,60}?\s*[-_–—=]{4,})?\s*$")
_BEGIN = re.compile(
    r"\W{0,3}(?:välitetty viesti alkaa|edelleenlähetetty viesti alkaa|alkuperäinen viesti|alkaa välitetty viesti"
    r"|vidarebefordrat brev|begin forwarded message"
    r"|forwarded message|original message|ursprungligt meddelande)\b[^\n]{0,40}$",
    re.IGNORECASE,
)
_NAMED_RULE = re.compile(
    r"\W{0,3}[-_]{3,}\s*(?:alkuperäinen|välitetty|edelleenlähetetty|original|forwarded|ursprungligt|vidarebefordrat|lainattu)",
    re.IGNORECASE,
)
_ATTRIBUTION = re.compile(r"(?:kirjoitti|skrev|wrote|writes|schrieb)\b[^\n]{0,160}$", re.IGNORECASE)
_EVIDENCE = re.compile(r"@|\d{1,2}[.:]\d{2}|\d{4}|<")
BLOCK_LINES = 9


@dataclass(frozen=True, slots=True)
class Layer:
    """Where a line lies. `is_furniture` marks what the client put there: header blocks, rules, attributions."""

    number: int
    is_furniture: bool = False
    is_stale: bool = False
    """It lies in an earlier mail of the sender's own, which was read when it came."""


def read_layers(lines: Sequence[Line], *, own: str = "") -> tuple[Layer, ...]:
    """The layer of each line: header blocks and named rules above it plus its quotation marks. `own` is the sender's address."""
    furniture = _furniture(lines)
    found: list[Layer] = []
    blocks = 0
    is_inside = False
    stale: int | None = None
    for row, line in enumerate(lines):
        if furniture.get(row):
            blocks += not is_inside
            is_inside = True
        elif not line.is_blank:
            is_inside = False
        number = blocks + line.depth
        if stale is not None and number < stale and not line.is_blank:
            stale = None
        if stale is None and row in furniture and _names_author(line.text, own):
            stale = number if furniture[row] else blocks + _depth_below(lines, row)
        found.append(Layer(number, row in furniture, stale is not None and number >= stale and not line.is_blank))
    return tuple(found)


def _names_author(text: str, own: str) -> bool:
    """Whether a line of the client says that the sender wrote what follows: a From line or an attribution, never a To line."""
    if not own or own not in text.lower():
        return False
    label = _label(text)
    return label == "from" or (label is None and _ATTRIBUTION.search(text) is not None)


def _depth_below(lines: Sequence[Line], row: int) -> int:
    """The depth of what an attribution speaks of: that of the next line with words on it."""
    return next((line.depth for line in lines[row + 1 : row + 6] if not line.is_blank), lines[row].depth)


def _furniture(lines: Sequence[Line]) -> dict[int, bool]:
    """Rows of the clients' own lines; True where a new layer begins there."""
    rows: dict[int, bool] = {}
    for row, line in enumerate(lines):
        text = line.text.replace(BOLD_ON, "").replace(BOLD_OFF, "")[:300]
        if not text.strip() or row in rows:
            continue
        if _NAMED_RULE.match(text) or _BEGIN.match(text):
            rows[row] = True
        elif (kind := _label(text)) in {"from", "sent"}:
            block = _header_block(lines, row)
            if len(block) > 1:
                rows |= dict.fromkeys(block, True)
        elif kind is None and _is_attribution(lines, row):
            rows[row] = False
            # Gmail breaks a long attribution after `<`; with a plus address it always does.
            if row and lines[row - 1].text.rstrip().endswith("<"):
                rows[row - 1] = False
    return _with_rules(lines, rows)


def _label(text: str) -> str | None:
    match = _LABELS.match(text)
    return match.lastgroup if match else None


def _header_block(lines: Sequence[Line], start: int) -> list[int]:
    """The rows of a header block that begins at `start`: different labels within a few lines, one of them From."""
    seen: dict[str, int] = {}
    for row in range(start, min(start + BLOCK_LINES, len(lines))):
        text = lines[row].text.replace(BOLD_ON, "").replace(BOLD_OFF, "")[:300]
        if (kind := _label(text)) is not None and kind not in seen:
            seen[kind] = row
        elif not text.strip() and len(seen) > 1:
            break
    if "from" not in seen or len(seen) < 2:
        return []
    return list(range(start, max(seen.values()) + 1))


def _is_attribution(lines: Sequence[Line], row: int) -> bool:
    """`… kirjoitti 3.3.2025 klo 9.00:`: the verb with a date or an address in it or directly above it."""
    text = lines[row].text[:400]
    if _ATTRIBUTION.search(text) is None or ":" not in text[-200:]:
        return False
    above = lines[row - 1].text[:400] if row else ""
    return _EVIDENCE.search(text) is not None or _EVIDENCE.search(above) is not None


def _with_rules(lines: Sequence[Line], rows: dict[int, bool]) -> dict[int, bool]:
    """Rules of dashes or underscores directly above a header block belong to it."""
    for row in [row for row, begins in rows.items() if begins]:
        for above in (row - 1, row - 2):
            if above >= 0 and above not in rows and _RULE.match(lines[above].text[:200]):
                rows[above] = True
    return rows
