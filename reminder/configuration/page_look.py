"""`page` of service.yaml: where the public page stands on the web, its colours and its logo."""

from __future__ import annotations

import re
from pathlib import Path

from reminder.configuration import keys
from reminder.configuration import wording as say
from reminder.configuration.sections import Section
from reminder.domain.setup import PageLook

LOGO_LIMIT = 200_000
GROUNDS = {"brand": "on_brand", "link": "#ffffff", "link_dark": "#11181c"}
"""Against what each colour must be readable: another of them, or the ground of the page (templates/page/style.css)."""
DEFAULTS = {"brand": "#12455a", "on_brand": "#ffffff"}
LEAST_CONTRAST = 4.5
"""WCAG 2.1, success criterion 1.4.3."""

_ADDRESS = re.compile(r"https?://[a-zA-Z0-9.-]+(?::\d{1,5})?(?:/[\w.~%/-]*)?", re.ASCII)
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_ACTIVE = re.compile(
    rb"<\s*script|<\s*foreignobject|\son\w+\s*=|javascript:|<!entity|(?:href|src)\s*=\s*[\"']\s*(?:https?:|//)", re.IGNORECASE
)


def read_page_look(section: Section, directory: Path | None) -> PageLook:
    """What `page` says; what is faulty is reported and left out. The logo stands beside service.yaml, in `directory`."""
    page = section.inner("page", keys.PAGE)
    if page is None:
        return PageLook()
    logo, logo_name = _read_logo(page, directory)
    return PageLook(address=_read_address(page), colours=_read_colours(page), logo=logo, logo_name=logo_name)


def _read_address(page: Section) -> str:
    address = page.line("address")
    if not address:
        return ""
    if not _ADDRESS.fullmatch(address):
        page.report.add(say.NOT_PAGE_ADDRESS, page.place("address"), value=address)
        return ""
    return address if address.endswith("/") else f"{address}/"


def _read_colours(page: Section) -> dict[str, str]:
    colours = page.inner("colours", keys.COLOURS)
    if colours is None:
        return {}
    found = {}
    for name in keys.COLOURS:
        value = colours.line(name)
        if value and not _COLOUR.fullmatch(value):
            page.report.add(say.NOT_COLOUR, colours.place(name), value=value)
        elif value:
            found[name] = value.lower()
    known = {**DEFAULTS, **found}
    for name, ground in GROUNDS.items():
        other = known.get(ground, ground)
        if name in known and (ratio := contrast(known[name], other)) < LEAST_CONTRAST:
            place = colours.place(name if name in found else ground)
            page.report.add(say.LOW_CONTRAST, place, first=known[name], second=other, ratio=f"{ratio:.1f}")
    return {name.replace("_", "-"): value for name, value in found.items()}


def _read_logo(page: Section, directory: Path | None) -> tuple[bytes, str]:
    written = page.line("logo")
    if not written or directory is None:
        return b"", ""
    path, place = directory / written, page.place("logo")
    kind = path.suffix.lower()
    if kind not in {".svg", ".png"}:
        page.report.add(say.LOGO_KIND, place, value=written)
        return b"", ""
    try:
        content = path.read_bytes() if path.stat().st_size <= LOGO_LIMIT else None
    except (OSError, ValueError):
        page.report.add(say.NO_LOGO, place, value=written)
        return b"", ""
    if content is None:
        page.report.add(say.LOGO_LARGE, place, value=written, limit=LOGO_LIMIT // 1000)
    elif kind == ".svg" and (_ACTIVE.search(content) or b"<svg" not in content):
        page.report.add(say.LOGO_ACTIVE, place, value=written)
    elif kind == ".png" and not content.startswith(b"\x89PNG\r\n\x1a\n"):
        page.report.add(say.LOGO_KIND, place, value=written)
    else:
        return content, f"logo{kind}"
    return b"", ""


def contrast(first: str, second: str) -> float:
    """The contrast of two colours `#rrggbb` (WCAG 2.1, definition of contrast ratio)."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
