"""The open data of a programme at addresses that stay: JSON with its schema, CSV, calendar, feed and badge.

Party as role, the three axes apart, null where nothing is known, free text only where the pages show it. `data/ROUND.json` and
`data/ROUND.csv` of a round stay where they were when a later round is shown; `data.json` is about the one shown now.
"""

from __future__ import annotations

import csv
import io
import json
import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit
from xml.sax.saxutils import escape, quoteattr

from icalendar import Calendar, Event

from reminder.domain.assessments import Phase, ReportState, TrafficLight
from reminder.domain.programme import Language, Localised
from reminder.report.lights import LightTally
from reminder.report.site.views import Change, Entry, RoundView, SiteView
from reminder.report.site.words import tell_change, words_of
from reminder.report.words import LIGHT_SHAPES, LIGHT_WORDS, PAGE_WORDS
from reminder.wire.invitations import write_uid

DATA_VERSION = 1
PRODUCT = "-//reminder//follow-up of a programme//EN"
MOST_ENTRIES = 50
CSV_COLUMNS = (
    "round", "number", "id", "title", "focus_area", "goal", "years", "party_id", "party", "light", "phase", "report",
    "sub_committee_light", "text", "next", "next_on", "updated", "contributors",
)  # fmt: skip
_FORMULA = re.compile(r"(?:\A|(?<=[;\t\r\n]))(?=[^\S\t\r\n]*[=+\-@＝＋－＠])|\A(?=[\t\r\n])")
"""Where a spreadsheet would begin a formula (OWASP, CSV injection). Behind `;`, a tab and a line break too: where the system's separator
is `;`, as in Finland, Excel takes commas and quotes for text, and begins a cell there."""


def write_open_data(site: SiteView, home: Mapping[Language, str]) -> dict[str, bytes]:
    """Every file by its path below the programme's folder. `home` is the folder of each language's own files."""
    files = {"schema.json": _dump(SCHEMA), "data.json": _dump(write_data(site, site.shown, site.updated_at.isoformat()))}
    for one in site.rounds:
        newest = max((entry.updated_on for entry in one.entries if entry.updated_on), default=None)
        files[f"data/{one.id}.json"] = _dump(write_data(site, one, newest.isoformat() if newest else None))
        files[f"data/{one.id}.csv"] = write_csv(site, one)
    for language, folder in home.items():
        files[f"{folder}feed.xml"] = write_feed(site, language, folder)
        files[f"{folder}dates.ics"] = write_calendar(site, language)
        files[f"{folder}badge.svg"] = write_badge(site, language)
    return files


def write_data(site: SiteView, one: RoundView, updated: str | None) -> dict[str, Any]:
    """The facts of a round by stable names, as `SCHEMA` has them."""
    return {
        "version": DATA_VERSION,
        "updated": updated,
        "city": dict(site.office.city.texts),
        "programme": {
            "id": site.programme_id,
            "name": dict(site.programme.texts),
            "case_number": site.decision.case_number,
            "url": site.programme_url,
        },
        "round": {
            "id": one.id,
            "name": dict(one.name.texts),
            "years": sorted(one.years),
            "asked_on": _day(one.asked_on),
            "due_on": _day(one.due_on),
            "closes_on": _day(one.closes_on),
        },
        "rounds": [round_.id for round_ in site.rounds],
        "lights": {name: getattr(one.tally, name) for name in LightTally.__slots__},
        "focus_areas": [
            {"name": area.name, "lights": {name: getattr(area.tally, name) for name in LightTally.__slots__}} for area in one.areas
        ],
        "actions": [_write_row(site, entry) for entry in one.entries],
    }


def _write_row(site: SiteView, entry: Entry) -> dict[str, Any]:
    action, main = entry.action, site.languages[0]
    return {
        "id": action.id,
        "number": action.number,
        "title": action.title,
        "focus_area": action.area_name,
        "goal": action.goal,
        "years": sorted(action.years),
        "party": {"id": action.party_id, "name": dict(action.party.texts)},
        "light": entry.light,
        "phase": entry.phase,
        "report": entry.report,
        "sub_committee_light": entry.judged.light if entry.judged else None,
        "text": entry.words.get(main) or None,
        "next": entry.next_step.get(main) or None,
        "next_on": _day(entry.next_on),
        "updated": _day(entry.updated_on),
        "light_before": entry.before,
        "contributors": [
            {"id": one.party_id, "name": dict(one.party.texts), "light": one.light, "phase": one.phase} for one in entry.contributions
        ],
    }


def write_csv(site: SiteView, one: RoundView) -> bytes:
    """The rows of a round (RFC 4180), UTF-8 with a mark that spreadsheets know it by. What would become a formula gets a `'`."""
    main = site.languages[0]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(CSV_COLUMNS)
    for entry in one.entries:
        row = _write_row(site, entry)
        cells = {
            **row,
            "round": one.id,
            "years": " ".join(map(str, row["years"])),
            "party_id": entry.action.party_id,
            "party": entry.action.party.in_language(main),
            "contributors": "; ".join(_tell_contribution(one.party, one.light, main) for one in entry.contributions),
        }
        writer.writerow([inert_cell(cells[name]) for name in CSV_COLUMNS])
    return out.getvalue().encode("utf-8-sig")


def _tell_contribution(party: Localised, light: TrafficLight | None, language: Language) -> str:
    name = party.in_language(language)
    return f"{name}: {light.value}" if light else name


def inert_cell(value: Any) -> str:
    """A cell of CSV that no spreadsheet takes for a formula."""
    return _FORMULA.sub("'", "" if value is None else str(value))


def write_feed(site: SiteView, language: Language, folder: str) -> bytes:
    """What changed lately as an Atom feed (RFC 4287). Without an address of the site its links are relative to the feed."""
    words, base = words_of(language), site.address + folder if site.address else ""
    title = f"{site.programme.in_language(language)}: {words['changes'].lower()}"
    newest = site.changes[0].at if site.changes else datetime(1970, 1, 1, tzinfo=UTC)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{language}">',
        f"<id>{_urn(site.programme_id, 'feed', language)}</id>",
        f"<title>{escape(title)}</title>",
        f"<updated>{_instant(newest)}</updated>",
        f"<author><name>{escape(site.office.name.in_language(language))}</name></author>",
        f"<link rel={quoteattr('alternate')} type={quoteattr('text/html')} href={quoteattr(base + 'changes.html')}/>",
        f"<link rel={quoteattr('self')} type={quoteattr('application/atom+xml')} href={quoteattr(base + 'feed.xml')}/>",
        *(line for change in site.changes[:MOST_ENTRIES] for line in _write_entry(site, change, language, base)),
        "</feed>",
        "",
    ]
    return "\n".join(lines).encode()


def _write_entry(site: SiteView, change: Change, language: Language, base: str) -> Iterator[str]:
    words, action = words_of(language), change.action
    what = words["first_light"] if change.is_first else words["corrected"]
    told = f"{what}: {tell_change(language, change)}. {action.party.in_language(language)}, {change.round_name.in_language(language)}."
    yield "<entry>"
    yield f"<id>{_urn(site.programme_id, change.key, language)}</id>"
    yield f"<title>{escape(f'{action.number} {action.title}: {tell_change(language, change)}')}</title>"
    yield f"<updated>{_instant(change.at)}</updated>"
    yield f"<link rel={quoteattr('alternate')} type={quoteattr('text/html')} href={quoteattr(f'{base}action/{action.id}.html')}/>"
    yield f'<summary type="text">{escape(told)}</summary>'
    yield "</entry>"


def write_calendar(site: SiteView, language: Language) -> bytes:
    """The dates of the rounds as whole days (RFC 5545). A UID hangs on what the date is, so that a moved date moves its entry."""
    words, calendar = words_of(language), Calendar()
    for key, value in (("prodid", PRODUCT), ("version", "2.0"), ("calscale", "GREGORIAN")):
        calendar.add(key, value)
    calendar.add("x-wr-calname", site.programme.in_language(language))
    host = urlsplit(site.address).hostname or "reminder"
    for one in site.rounds:
        for kind, on in (("asked_on", one.asked_on), ("due_on", one.due_on), ("closes_on", one.closes_on)):
            if on is not None:
                event = Event()
                event.add("uid", write_uid(site.programme_id, host, one.id, kind))
                event.add("dtstamp", datetime.combine(on, time(0), tzinfo=UTC))
                event.add("dtstart", on)
                event.add("dtend", on + timedelta(days=1))
                event.add("summary", f"{site.programme.in_language(language)}: {words[kind].lower()} ({one.name.in_language(language)})")
                event.add("transp", "TRANSPARENT")
                calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written


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


def _urn(*parts: str) -> str:
    """An id that stays wherever the site moves to (RFC 4122, version 5)."""
    return uuid.uuid5(uuid.NAMESPACE_URL, "reminder/" + "/".join(parts)).urn


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _day(on: date | None) -> str | None:
    return on.isoformat() if on else None


def _dump(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _table(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": dict(properties), "required": list(properties), "additionalProperties": False}


def _null_or(kind: Mapping[str, Any]) -> dict[str, Any]:
    return {"anyOf": [dict(kind), {"type": "null"}]}


def _choice(values: Sequence[str]) -> dict[str, Any]:
    return {"enum": [str(value) for value in values]}


_TEXT: dict[str, Any] = {"type": "string"}
_DAY: dict[str, Any] = {"type": "string", "format": "date"}
_NAMES: dict[str, Any] = {
    "type": "object",
    "properties": {"fi": _TEXT, "sv": _TEXT, "en": _TEXT},
    "additionalProperties": False,
    "minProperties": 1,
}
_YEARS: dict[str, Any] = {"type": "array", "items": {"type": "integer"}}
_LIGHT, _PHASE = _null_or(_choice(tuple(TrafficLight))), _null_or(_choice(tuple(Phase)))
_TALLY = _table({name: {"type": "integer", "minimum": 0} for name in LightTally.__slots__})
_ACTION = _table(
    {
        "id": _TEXT,
        "number": _TEXT,
        "title": _TEXT,
        "focus_area": _TEXT,
        "goal": _TEXT,
        "years": _YEARS,
        "party": _table({"id": _TEXT, "name": _NAMES}),
        "light": _LIGHT,
        "phase": _PHASE,
        "report": _choice(tuple(ReportState)),
        "sub_committee_light": _LIGHT,
        "text": _null_or(_TEXT),
        "next": _null_or(_TEXT),
        "next_on": _null_or(_DAY),
        "updated": _null_or(_DAY),
        "light_before": _LIGHT,
        "contributors": {"type": "array", "items": _table({"id": _TEXT, "name": _NAMES, "light": _LIGHT, "phase": _PHASE})},
    }
)
SCHEMA: Mapping[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "The follow-up of a programme: one round",
    **_table(
        {
            "version": {"const": DATA_VERSION},
            "updated": _null_or(_TEXT),
            "city": _NAMES,
            "programme": _table({"id": _TEXT, "name": _NAMES, "case_number": _TEXT, "url": _TEXT}),
            "round": _table(
                {
                    "id": _TEXT,
                    "name": _NAMES,
                    "years": _YEARS,
                    "asked_on": _null_or(_DAY),
                    "due_on": _null_or(_DAY),
                    "closes_on": _null_or(_DAY),
                }
            ),
            "rounds": {"type": "array", "items": _TEXT},
            "lights": _TALLY,
            "focus_areas": {"type": "array", "items": _table({"name": _TEXT, "lights": _TALLY})},
            "actions": {"type": "array", "items": _ACTION},
        }
    ),
}
"""What `data.json` and `data/ROUND.json` hold; published beside them as `schema.json`."""
