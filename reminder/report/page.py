"""The public page as files: one page a language, an accessibility statement, a stylesheet, and the open data.

Static, without script, without anything from elsewhere; the Content-Security-Policy in each page says so. The same
values give the same bytes, so that a file that did not change is not written anew.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import jinja2

from reminder.domain.assessments import Assessment, ReportState, TrafficLight
from reminder.domain.programme import Language, Localised
from reminder.domain.setup import Setup
from reminder.report.lights import LightTally
from reminder.report.page_views import PageAction, PublicPage, build_page
from reminder.report.progress import RoundProgress
from reminder.report.words import (
    DEFAULT_LEGEND,
    LIGHT_SHAPES,
    LIGHT_WORDS,
    PAGE_WORDS,
    PHASE_WORDS,
    REPORT_WORDS,
    write_date,
    write_summary,
    write_years,
)

__all__ = ["Place", "PublicPage", "build_page", "render_page", "render_site"]

DATA_VERSION = 1
STATEMENT_FILES: Mapping[Language, str] = {
    "fi": "saavutettavuusseloste.html",
    "sv": "tillganglighetsutlatande.html",
    "en": "accessibility.html",
}
CONTENT_SECURITY_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a programme's page stands in the site: its folder (empty, or with a slash at its end), and the other programmes' by name."""

    folder: str = ""
    neighbours: tuple[tuple[Localised, str], ...] = ()


def render_site(
    setup: Setup,
    rounds: Sequence[RoundProgress],
    loader: jinja2.BaseLoader,
    *,
    updated_at: datetime,
    is_approved: Callable[[Assessment], bool] | None = None,
    statement_on: date | None = None,
) -> dict[str, bytes]:
    """Every file of the site by its relative path: the first programme at its root, each further one in a folder of its id.

    A programme shows the newest of its rounds of which anything is known or late; before that, its first.
    """
    shown = {programme: _find_shown(measured) for programme, measured in _by_programme(rounds).items()}
    folders = {programme: "" if index == 0 else f"{programme}/" for index, programme in enumerate(shown)}
    files: dict[str, bytes] = {}
    for programme, progress in shown.items():
        others = tuple((shown[other].programme.name, folders[other]) for other in shown if other != programme)
        page = build_page(setup, progress, published_at=updated_at, is_approved=is_approved)
        place = Place(folder=folders[programme], neighbours=others)
        rendered = render_page(page, loader, place=place, statement_on=statement_on)
        files |= {place.folder + name: content for name, content in rendered.items()}
    return files


def render_page(
    page: PublicPage, loader: jinja2.BaseLoader, *, place: Place | None = None, statement_on: date | None = None
) -> dict[str, bytes]:
    """The files of one programme by their path below its folder. `loader` finds `page/…` among the templates.

    `statement_on` is the day on which the accessibility statement was last reviewed; left out of it where not known.
    """
    environment = _open_templates(loader)
    files = {"style.css": _load_text(environment, "page/style.css").encode()}
    for language in page.languages:
        values = _write_values(page, language, place or Place(), statement_on)
        folder = _folder(page, language)
        files[f"{folder}index.html"] = environment.get_template("page/index.html.j2").render(values).encode()
        statement = environment.get_template(f"page/accessibility.{language}.html.j2")
        files[folder + STATEMENT_FILES[language]] = statement.render(values).encode()
    files["data.json"] = (json.dumps(write_data(page), ensure_ascii=False, indent=1) + "\n").encode()
    return files


@lru_cache(maxsize=4)
def _open_templates(loader: jinja2.BaseLoader) -> jinja2.Environment:
    """One for each loader, since compiling the templates takes longer than writing the page; a changed template is still noticed."""
    return jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def write_data(page: PublicPage) -> dict[str, Any]:
    """The open data: the same facts as the page, by stable names. Free text only where it is published."""
    return {
        "version": DATA_VERSION,
        "updated": page.published_at.isoformat(),
        "city": dict(page.office.city.texts),
        "programme": {
            "id": page.programme_id,
            "name": dict(page.programme.texts),
            "case_number": page.decision.case_number,
            "url": page.programme_url,
        },
        "round": {"id": page.round_id, "name": dict(page.round_name.texts), "years": sorted(page.years)},
        "lights": {name: getattr(page.tally, name) for name in LightTally.__slots__},
        "actions": [_write_data_row(action) for area in page.areas for action in area.actions],
    }


def _write_data_row(action: PageAction) -> dict[str, Any]:
    return {
        "id": action.id,
        "number": action.number,
        "title": action.title,
        "focus_area": action.focus_area,
        "goal": action.goal,
        "years": sorted(action.years),
        "party": {"id": action.party_id, "name": dict(action.party.texts)},
        "light": action.light,
        "phase": action.phase,
        "report": action.report,
        "text": action.words or None,
        "next": action.next_step or None,
        "next_on": action.next_on.isoformat() if action.next_on else None,
        "updated": action.updated_on.isoformat() if action.updated_on else None,
        "contributors": [{"name": dict(one.party.texts), "light": one.light, "phase": one.phase} for one in action.contributions],
    }


def _by_programme(rounds: Sequence[RoundProgress]) -> dict[str, list[RoundProgress]]:
    grouped: dict[str, list[RoundProgress]] = {}
    for progress in rounds:
        grouped.setdefault(progress.programme.id, []).append(progress)
    return grouped


def _find_shown(rounds: Sequence[RoundProgress]) -> RoundProgress:
    alive = {ReportState.RECEIVED, ReportState.OVERDUE}
    begun = [progress for progress in rounds if any(action.report in alive for action in progress.actions)]
    return begun[-1] if begun else rounds[0]


def _write_values(page: PublicPage, language: Language, place: Place, statement_on: date | None) -> dict[str, Any]:
    folder = _folder(page, language)
    root = "../" * folder.count("/")
    site_root = root + "../" * place.folder.count("/")
    return {
        "page": page,
        "language": language,
        "main_language": page.languages[0],
        "words": PAGE_WORDS[language],
        "light_words": LIGHT_WORDS[language],
        "phase_words": PHASE_WORDS[language],
        "report_words": REPORT_WORDS[language],
        "shapes": LIGHT_SHAPES,
        "lights": tuple(TrafficLight),
        "received": ReportState.RECEIVED,
        "legend": {light: _find_legend(page, light, language) for light in TrafficLight},
        "summary": write_summary(language, page.tally, page.figures),
        "segments": write_segments,
        "name": lambda localised: localised.in_language(language),
        "day": lambda on: write_date(language, on),
        "years": write_years,
        "root": root,
        "neighbours": [(name.in_language(language), f"{site_root}{other}{folder}index.html") for name, other in place.neighbours],
        "statement_file": STATEMENT_FILES[language],
        "statement_on": statement_on,
        "others": [(other, PAGE_WORDS[other].language_name, _folder(page, other) + "index.html") for other in page.languages],
        "policy": CONTENT_SECURITY_POLICY,
    }


def write_segments(tally: LightTally, width: int = 1000, gap: int = 4) -> list[tuple[str, int, int]]:
    """A bar of the lights: class, start and width of each piece, in units of the picture, in the order of the legend."""
    counts = [(name, getattr(tally, name)) for name in ("green", "yellow", "red", "other", "awaited")]
    present = [(name, count) for name, count in counts if count]
    total = sum(count for _, count in present)
    room = width - gap * max(0, len(present) - 1)
    segments, done, start = [], 0, 0
    for name, count in present:
        end = room * (done + count) // total
        length = end - room * done // total
        segments.append((name, start, length))
        done, start = done + count, start + length + gap
    return segments


def _find_legend(page: PublicPage, light: TrafficLight, language: Language) -> str:
    own: Localised | None = page.legend.get(light.value)
    return own.in_language(language) if own is not None else DEFAULT_LEGEND[light][language]


def _folder(page: PublicPage, language: Language) -> str:
    return "" if language == page.languages[0] else f"{language}/"


def _load_text(environment: jinja2.Environment, name: str) -> str:
    if environment.loader is None:
        raise jinja2.TemplateNotFound(name)
    return environment.loader.get_source(environment, name)[0]
