"""The chart of lights by focus area as one SVG, the same for the page, the PDF and (as PNG made of it) the DOCX.

A light is a shape, a number and a colour; who cannot see the picture has its alternative text and the table that follows it.
"""

from __future__ import annotations

from xml.sax.saxutils import escape

from reminder.domain.programme import Language
from reminder.report.council.blocks import Chart
from reminder.report.council.words import words_of
from reminder.report.lights import LightTally

WIDTH, ROW, BAR, TOP, LEFT = 1000, 44, 28, 56, 330
NAME_LENGTH = 36
"""Letters of a name that find room beside its bar; the table has it whole."""
NARROWEST = 46
"""Width of the narrowest piece in which shape and number find room."""
FONT = "'Libertinus Serif','Segoe UI','DejaVu Sans',sans-serif"
COLOURS = {
    "green": ("#1d7a3e", "#ffffff"),
    "yellow": ("#f2bd2c", "#1b2429"),
    "red": ("#b3261e", "#ffffff"),
    "other": ("#4a5bb5", "#ffffff"),
    "awaited": ("#dfe5e8", "#1b2429"),
}
"""Ground and ink of each piece, at 4.5 : 1 or more."""


def draw_chart(chart: Chart, language: Language) -> str:
    """The picture, complete in itself: no script, no style sheet, nothing from elsewhere. Its height follows the bars."""
    words = words_of(language)
    height = TOP + ROW * len(chart.bars) + 8
    longest = max((_drawn(tally) for _, tally in chart.bars), default=1) or 1
    pieces = [_draw_legend({key: words[f"{key}_word"] for key in COLOURS})]
    for index, (name, tally) in enumerate(chart.bars):
        pieces.append(_draw_bar(name, tally, TOP + ROW * index, longest))
    size = f'viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{FONT}" font-size="20" fill="#1b2429">{"".join(pieces)}</svg>'


def _drawn(tally: LightTally) -> int:
    return sum(int(getattr(tally, key)) for key in COLOURS)


def _draw_legend(words: dict[str, str]) -> str:
    drawn, x = [], 8.0
    for key, word in words.items():
        ground = COLOURS[key][0]
        drawn.append(f'<rect x="{x:g}" y="10" width="26" height="26" fill="{ground}" stroke="#4d5b63"/>{_draw_shape(key, x + 13, 23)}')
        drawn.append(f'<text x="{x + 34:g}" y="30">{escape(word)}</text>')
        x += 34 + 10.5 * len(word) + 30
    return "".join(drawn)


def _draw_bar(name: str, tally: LightTally, y: int, longest: int) -> str:
    short = name if len(name) <= NAME_LENGTH else f"{name[: NAME_LENGTH - 1].rstrip()}…"
    drawn = [f'<text x="{LEFT - 12}" y="{y + 21}" text-anchor="end">{escape(short)}</text>']
    total, x = _drawn(tally), float(LEFT)
    room = (WIDTH - LEFT - 8) * total / longest
    for key, width in _widths(tally, room):
        drawn.append(f'<rect x="{x:g}" y="{y}" width="{width:g}" height="{BAR}" fill="{COLOURS[key][0]}" stroke="#4d5b63"/>')
        if width >= NARROWEST:
            drawn.append(_draw_shape(key, x + 15, y + BAR / 2))
            drawn.append(f'<text x="{x + 28:g}" y="{y + 21}" fill="{COLOURS[key][1]}">{getattr(tally, key)}</text>')
        elif width >= 22:
            drawn.append(f'<text x="{x + 5:g}" y="{y + 21}" fill="{COLOURS[key][1]}">{getattr(tally, key)}</text>')
        x += width
    return "".join(drawn)


def _widths(tally: LightTally, room: float) -> list[tuple[str, float]]:
    total = _drawn(tally)
    return [(key, round(room * getattr(tally, key) / total, 2)) for key in COLOURS if getattr(tally, key)]


def _draw_shape(key: str, x: float, y: float) -> str:
    ink = COLOURS[key][1]
    if key == "green":
        return f'<circle cx="{x:g}" cy="{y:g}" r="7" fill="{ink}"/>'
    if key == "yellow":
        return f'<path d="M{x:g} {y - 8:g}l8.5 15h-17z" fill="{ink}"/>'
    if key == "red":
        return f'<rect x="{x - 6.5:g}" y="{y - 6.5:g}" width="13" height="13" fill="{ink}"/>'
    return f'<rect x="{x - 7:g}" y="{y - 2:g}" width="14" height="4" fill="{ink}"/>'
