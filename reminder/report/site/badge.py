"""A small picture for other sites: the name, and how many of each light."""

from __future__ import annotations

from collections.abc import Mapping
from xml.sax.saxutils import escape

from reminder.domain.assessments import TrafficLight
from reminder.domain.programme import Language
from reminder.report.site.views import SiteView
from reminder.report.words import LIGHT_SHAPES, LIGHT_WORDS, PAGE_WORDS


def write_badge(site: SiteView, language: Language) -> bytes:
    """A small picture for other sites: the name, and how many of each light, each with its shape."""
    tally, name = site.shown.tally, site.programme.in_language(language)
    name = name if len(name) <= 40 else f"{name[:39]}…"
    parts = [(LIGHT_SHAPES[light], getattr(tally, light.value), _BADGE_COLOURS[light]) for light in TrafficLight]
    parts.append(("–", tally.awaited, "#5a666d"))
    told = ", ".join(f"{LIGHT_WORDS[language][light]} {getattr(tally, light.value)}" for light in TrafficLight)
    label = escape(f"{name}: {told}, {PAGE_WORDS[language].awaited} {tally.awaited}", {'"': "&quot;"})
    left = 16 + 7 * len(name)
    pieces, across = [], left
    for shape, count, colour in parts:
        width = 30 + 8 * len(str(count))
        pieces.append(f'<rect x="{across}" width="{width}" height="24" fill="{colour}"/>')
        pieces.append(f'<text x="{across + width / 2:g}" y="16.5" text-anchor="middle">{shape} {count}</text>')
        across += width
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{across}" height="24" role="img" aria-label="{label}"><title>{label}</title>'
    style = '<g font-family="Verdana,DejaVu Sans,sans-serif" font-size="12" fill="#ffffff">'
    own = f'<rect width="{left}" height="24" fill="#12455a"/><text x="8" y="16.5" textLength="{7 * len(name)}">{escape(name)}</text>'
    return f"{head}{style}{own}{''.join(pieces)}</g></svg>\n".encode()


_BADGE_COLOURS: Mapping[TrafficLight, str] = {
    TrafficLight.GREEN: "#1d7a3e",
    TrafficLight.YELLOW: "#8a5d00",
    TrafficLight.RED: "#b3261e",
}
