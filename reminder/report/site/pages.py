"""The public site as files: pages in each language, one stylesheet, one small script, and the open data beside them.

Static, complete without script, without anything from elsewhere; the Content-Security-Policy in each page says so. The same values
give the same bytes, so that a file that did not change is not written anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

import jinja2

from reminder.domain.assessments import ReportState, TrafficLight
from reminder.domain.programme import Language, Localised
from reminder.domain.setup import PageLook, Setup
from reminder.report.progress import RoundProgress
from reminder.report.site import words as say
from reminder.report.site.building import Source, build_site
from reminder.report.site.charts import LIGHT_CLASSES, draw_progress, write_segments
from reminder.report.site.open_data import write_open_data
from reminder.report.site.version_words import EDIT_WORDS, tell_edits
from reminder.report.site.views import SiteView
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
from reminder.wire.feedback import SUBJECTS, write_feedback_link

STATEMENT_FILES: Mapping[Language, str] = {
    "fi": "saavutettavuusseloste.html",
    "sv": "tillganglighetsutlatande.html",
    "en": "accessibility.html",
}
CONTENT_SECURITY_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; base-uri 'none'; form-action 'none'"
"""What a page may load: only files of the site. A header can add `frame-ancestors 'none'`, which a page itself cannot say."""
MOST_ON_OVERVIEW = 15
"""Rows of a list on the overview; the rest is one link away."""
RESERVED = frozenset({"action", "area", "party", "round", "data", "fi", "sv", "en"})
"""Names of folders that a second programme cannot have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a programme's pages stand in the site: its folder (empty, or with a slash at its end), and the other programmes' by name."""

    folder: str = ""
    neighbours: tuple[tuple[Localised, str], ...] = ()
    feedback_to: str = ""
    """The address for feedback on accessibility; empty where there is none."""


def render_site(
    setup: Setup,
    rounds: Sequence[RoundProgress],
    loader: jinja2.BaseLoader,
    *,
    updated_at: datetime,
    source: Source | None = None,
    statement_on: date | None = None,
    feedback_to: str = "",
) -> dict[str, bytes]:
    """Every file of the site by its relative path: the first programme at its root, each further one in a folder of its id.

    A programme shows the newest of its rounds of which anything is known or late; before that, its first. `statement_on` is the day
    on which the accessibility statement was last reviewed; left out of it where not known. `feedback_to` is the address for feedback on
    accessibility; empty: the statement has no link for it.
    """
    grouped: dict[str, list[RoundProgress]] = {}
    for progress in rounds:
        grouped.setdefault(progress.programme.id, []).append(progress)
    sites = {programme: build_site(setup, own, updated_at=updated_at, source=source) for programme, own in grouped.items()}
    folders = {programme: "" if index == 0 else f"{_folder_name(programme)}/" for index, programme in enumerate(sites)}
    files: dict[str, bytes] = {}
    for programme, site in sites.items():
        others = tuple((sites[other].programme, folders[other]) for other in sites if other != programme)
        place = Place(folder=folders[programme], neighbours=others, feedback_to=feedback_to)
        if place.folder and site.address:
            site = replace(site, address=site.address + place.folder)
        rendered = render_programme(site, loader, look=setup.page, place=place, statement_on=statement_on)
        files |= {place.folder + name: content for name, content in rendered.items()}
    return files


def render_programme(
    site: SiteView,
    loader: jinja2.BaseLoader,
    *,
    look: PageLook | None = None,
    place: Place | None = None,
    statement_on: date | None = None,
) -> dict[str, bytes]:
    """The files of one programme by their path below its folder. `loader` finds `page/…` among the templates."""
    environment, look = open_templates(loader), look or PageLook()
    files = {"style.css": _load_text(environment, "page/style.css").encode() + _write_theme(look)}
    files["site.js"] = _load_text(environment, "page/site.js").encode()
    files["icon.svg"] = _load_text(environment, "page/icon.svg").encode()
    if look.logo:
        files[look.logo_name] = look.logo
    home: dict[Language, str] = {language: "" if language == site.languages[0] else f"{language}/" for language in site.languages}
    files |= write_open_data(site, home)
    for language in site.languages:
        writer = _Writer(site, environment, language, place or Place(), look, statement_on)
        files |= writer.write()
    return files


@lru_cache(maxsize=4)
def open_templates(loader: jinja2.BaseLoader) -> jinja2.Environment:
    """One for each loader, since compiling the templates takes longer than writing the page; a changed template is still noticed."""
    return jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)


MOST_KEPT = 10_000
"""Pages that are kept in memory so as not to be written again, the longest unused given up first; some kB each."""
_WRITTEN: WeakKeyDictionary[jinja2.Environment, dict[bytes, bytes]] = WeakKeyDictionary()


def _written_by(environment: jinja2.Environment) -> dict[bytes, bytes]:
    return _WRITTEN.setdefault(environment, {})


class _Writer:
    """The pages of one programme in one language."""

    def __init__(
        self, site: SiteView, environment: jinja2.Environment, language: Language, place: Place, look: PageLook, statement_on: date | None
    ) -> None:
        self.site, self.environment, self.language, self.place, self.look = site, environment, language, place, look
        self.home = "" if language == site.languages[0] else f"{language}/"
        self.shared = self._shared(statement_on)
        self.common = self._common(statement_on)

    def write(self) -> dict[str, bytes]:
        """Every page of this language."""
        site, files = self.site, {}
        files["index.html"] = self._page("overview", "index.html")
        files["actions.html"] = self._page("round", "actions.html", one=site.shown)
        files["areas.html"] = self._page("areas", "areas.html")
        files["parties.html"] = self._page("parties", "parties.html")
        files["changes.html"] = self._page("changes", "changes.html")
        files["data.html"] = self._page("data", "data.html")
        files["about.html"] = self._page("about", "about.html")
        files[STATEMENT_FILES[self.language]] = self._page(f"accessibility.{self.language}", STATEMENT_FILES[self.language])
        if site.meetings:
            files["meetings.html"] = self._page("meetings", "meetings.html")
        if site.versions:
            files["versions.html"] = self._page("versions", "versions.html")
        for one in site.rounds:
            files[f"round/{one.id}.html"] = self._page_again(
                "round", f"round/{one.id}.html", one=one, later=site.later if one.is_shown else ()
            )
        for area in site.shown.areas:
            files[f"area/{area.slug}.html"] = self._page_again("area", f"area/{area.slug}.html", area=area)
        for party in site.parties:
            files[f"party/{party.id}.html"] = self._page_again("party", f"party/{party.id}.html", party=party)
        for action in site.actions:
            name = f"action/{action.id}.html"
            files[name] = self._page_again("action", name, action=action, history=site.histories[action.id], edits=site.edits_of(action.id))
        return {self.home + name: content for name, content in files.items()}

    def _page_again(self, template: str, name: str, **values: Any) -> bytes:
        """A page of which there are many, as it was written last where nothing that it shows has changed since: most of the work of a
        reply would be to write the same again."""
        key = hashlib.sha256(repr((self.common, name, values)).encode()).digest()
        kept = _written_by(self.environment)
        page = kept.pop(key, None) or self._page(template, name, **values)
        kept[key] = page
        if len(kept) > MOST_KEPT:
            kept.pop(next(iter(kept)))
        return page

    def _page(self, template: str, name: str, **values: Any) -> bytes:
        """One page. `root` leads to the folder of the programme, `top` to that of its pages in this language."""
        depth = name.count("/")
        top = "../" * depth
        root = top + "../" * self.home.count("/")
        outside = root + "../" * self.place.folder.count("/")
        others = [
            (code, PAGE_WORDS[code].language_name, root + ("" if code == self.site.languages[0] else f"{code}/") + _counterpart(name, code))
            for code in self.site.languages
        ]
        neighbours = [
            (text.in_language(self.language), f"{outside}{folder}{self.home}index.html") for text, folder in self.place.neighbours
        ]
        here = {"file": name, "root": root, "top": top, "others": others, "neighbours": neighbours, **values}
        return self.environment.get_template(f"page/{template}.html.j2").render({**self.shared, **here}).encode()

    def _common(self, statement_on: date | None) -> bytes:
        """What the many pages show beside what they are about, in short: what they take from the site as a whole."""
        site = self.site
        known = (
            self.shared["known_parties"],
            self.shared["shown_areas"],
            site.has_judgements,
            site.shown.name,
            site.languages,
            bool(site.meetings),
            bool(site.versions),
        )
        named = (
            site.programme_id,
            site.programme,
            site.office,
            site.decision,
            self.place,
            self.look.logo_name,
            self.language,
            statement_on,
            bool(site.meetings),
        )
        return hashlib.sha256(repr((*(sorted(one) if isinstance(one, frozenset) else one for one in known), named)).encode()).digest()

    def _shared(self, statement_on: date | None) -> dict[str, Any]:
        language, site = self.language, self.site
        return {
            "site": site,
            "language": language,
            "main_language": site.languages[0],
            "words": {**_fixed_words(language), **say.words_of(language)},
            "light_words": LIGHT_WORDS[language],
            "phase_words": PHASE_WORDS[language],
            "report_words": REPORT_WORDS[language],
            "shapes": LIGHT_SHAPES,
            "trend_shapes": say.TREND_SHAPES,
            "lights": tuple(TrafficLight),
            "light_classes": LIGHT_CLASSES,
            "received": ReportState.RECEIVED,
            "known_actions": frozenset(action.id for action in site.actions),
            "known_parties": frozenset(party.id for party in site.parties),
            "shown_areas": frozenset(area.slug for area in site.shown.areas),
            "legend": {light: _find_legend(site, light, language) for light in TrafficLight},
            "summary": write_summary(language, site.shown.tally, site.shown.figures),
            "segments": write_segments,
            "draw_progress": draw_progress,
            "tell": _tellers(language),
            "name": lambda localised: localised.in_language(language),
            "day": lambda on: write_date(language, on),
            "years": write_years,
            "statement_file": STATEMENT_FILES[language],
            "statement_on": statement_on,
            "policy": CONTENT_SECURITY_POLICY,
            "most": MOST_ON_OVERVIEW,
            "logo": self.look.logo_name if self.look.logo else "",
            "feedback": _write_feedback(site, self.place.feedback_to, language),
        }


def _write_feedback(site: SiteView, address: str, language: Language) -> Mapping[str, str]:
    """What the statement says of feedback: the link, the address and the subject; empty where no address is known."""
    if not address:
        return {}
    programme = site.programme.in_language(language)
    page = f"{site.address}{'' if language == site.languages[0] else f'{language}/'}" if site.address else ""
    link = write_feedback_link(address, language, programme=programme, page=page)
    return {"link": link, "address": address, "subject": SUBJECTS[language]}


def _tellers(language: Language) -> Mapping[str, Callable[..., str]]:
    return {
        "missing": lambda site: say.tell_missing(language, site),
        "compared": lambda site: say.tell_compared(language, site),
        "standing": lambda party: say.tell_standing(language, party),
        "change": lambda change: say.tell_change(language, change),
        "progress": lambda one: say.tell_progress(language, one),
        "actions": lambda count: say.count_actions(language, count),
        "hours": lambda begins, ends: say.tell_hours(language, begins, ends),
        "meeting": lambda meeting: say.tell_meeting(language, meeting),
        "edit": lambda edit: EDIT_WORDS[language][edit.kind],
        "edits": lambda version: tell_edits(language, version),
    }


def _fixed_words(language: Language) -> dict[str, str]:
    own = PAGE_WORDS[language]
    return {name: getattr(own, name) for name in own.__slots__}


def _counterpart(name: str, language: Language) -> str:
    """The same page in another language: only the accessibility statement has a name of its own in each."""
    return STATEMENT_FILES[language] if name in STATEMENT_FILES.values() else name


def _folder_name(programme: str) -> str:
    return f"programme-{programme}" if programme in RESERVED else programme


def _find_legend(site: SiteView, light: TrafficLight, language: Language) -> str:
    own: Localised | None = site.legend.get(light.value)
    return own.in_language(language) if own is not None else DEFAULT_LEGEND[light][language]


def _write_theme(look: PageLook) -> bytes:
    """The city's own colours, after the usual ones so that they win; not where the page is printed."""
    light = "".join(f" --{name}: {value};" for name, value in sorted(look.colours.items()) if name != "link-dark")
    dark = f" --link: {look.colours['link-dark']};" if "link-dark" in look.colours else ""
    rules = [f"@media screen {{ :root {{{light} }} }}"] if light else []
    if "link" in look.colours and not dark:
        dark = " --link: #7cc4e4;"
    if dark:
        rules.append(f"@media screen and (prefers-color-scheme: dark) {{ :root {{{dark} }} }}")
    return "".join(f"\n{rule}\n" for rule in rules).encode()


def _load_text(environment: jinja2.Environment, name: str) -> str:
    if environment.loader is None:
        raise jinja2.TemplateNotFound(name)
    return environment.loader.get_source(environment, name)[0]
