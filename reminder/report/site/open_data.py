"""The open data of a programme at addresses that stay: JSON with its schema, CSV, calendar, feed and badge.

Party as role, the three axes apart, null where nothing is known, free text only where the pages show it. `data/ROUND.json` and
`data/ROUND.csv` of a round stay where they were when a later round is shown; `data.json` is about the one shown now.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from reminder.domain.assessments import TrafficLight
from reminder.domain.programme import Language, Localised
from reminder.report.lights import LightTally
from reminder.report.site.badge import write_badge
from reminder.report.site.dates import write_calendar
from reminder.report.site.feed import write_feed, write_instant
from reminder.report.site.meetings import MeetingView
from reminder.report.site.schemas import DATA_VERSION, SCHEMA, VERSIONS_SCHEMA
from reminder.report.site.versions import NOTHING, Edit
from reminder.report.site.views import Entry, RoundView, SiteView

CSV_COLUMNS = (
    "round", "number", "id", "title", "focus_area", "goal", "years", "party_id", "party", "light", "phase", "report",
    "sub_committee_light", "text", "next", "next_on", "updated", "contributors",
)  # fmt: skip
_FORMULA = re.compile(r"(?:\A|(?<=[;\t\r\n]))(?=[^\S\t\r\n]*[=+\-@＝＋－＠])|\A(?=[\t\r\n])")
"""Where a spreadsheet would begin a formula (OWASP, CSV injection). Behind `;`, a tab and a line break too: where the system's separator
is `;`, as in Finland, Excel takes commas and quotes for text, and begins a cell there."""


def write_open_data(site: SiteView, home: Mapping[Language, str]) -> dict[str, bytes]:
    """Every file by its path below the programme's folder. `home` is the folder of each language's own files."""
    files = {"schema.json": dump(SCHEMA), "data.json": dump(write_data(site, site.shown, site.updated_at.isoformat()))}
    for one in site.rounds:
        newest = max((entry.updated_on for entry in one.entries if entry.updated_on), default=None)
        files[f"data/{one.id}.json"] = dump(write_data(site, one, newest.isoformat() if newest else None))
        files[f"data/{one.id}.csv"] = write_csv(site, one)
    if site.versions:
        files |= {"versions.json": dump(write_versions(site)), "versions.schema.json": dump(VERSIONS_SCHEMA)}
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
        "meetings": [_write_meeting(meeting) for meeting in site.meetings if meeting.round_id == one.id],
    }


def _write_meeting(one: MeetingView) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "days": [day.isoformat() for day in one.days],
        "begins": f"{one.opens:%H:%M}",
        "ends": f"{one.until:%H:%M}",
        "place": dict(one.place.texts) if one.place else None,
        "cancelled": one.is_cancelled,
        "slots": [
            {"on": slot.on.isoformat(), "begins": f"{slot.begins:%H:%M}", "ends": f"{slot.ends:%H:%M}", "parties": _roles(slot.parties)}
            for slot in one.slots
        ],
        "parties": _roles(one.parties),
    }


def _roles(parties: Sequence[tuple[str, Localised]]) -> list[dict[str, Any]]:
    return [{"id": party, "name": dict(name.texts)} for party, name in parties]


def write_versions(site: SiteView) -> dict[str, Any]:
    """The versions of the programme with what each changed, newest first, as `VERSIONS_SCHEMA` has them."""
    return {
        "version": DATA_VERSION,
        "programme": {"id": site.programme_id, "name": dict(site.programme.texts)},
        "versions": [
            {
                "number": one.number,
                "at": write_instant(one.at),
                "actions": one.actions,
                "changes": [_write_edit(edit) for edit in one.edits],
            }
            for one in site.versions
        ],
    }


def _write_edit(edit: Edit) -> dict[str, Any]:
    return {
        "what": edit.kind,
        "action": {"id": edit.action, "number": edit.number, "title": edit.title} if edit.action else None,
        "subject": dict(edit.subject.texts) if edit.subject != NOTHING else None,
        "before": _day(edit.old_on) or (dict(edit.old.texts) if edit.old != NOTHING else None),
        "after": _day(edit.new_on) or (dict(edit.new.texts) if edit.new != NOTHING else None),
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
    main, rows = site.languages[0], []
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
        rows.append([cells[name] for name in CSV_COLUMNS])
    return write_rows(CSV_COLUMNS, rows)


def write_rows(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A table as CSV (RFC 4180), UTF-8 with a mark that spreadsheets know it by; every cell is inert."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([inert_cell(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _tell_contribution(party: Localised, light: TrafficLight | None, language: Language) -> str:
    name = party.in_language(language)
    return f"{name}: {light.value}" if light else name


def inert_cell(value: Any) -> str:
    """A cell of CSV that no spreadsheet takes for a formula."""
    return _FORMULA.sub("'", "" if value is None else str(value))


def _day(on: date | None) -> str | None:
    return on.isoformat() if on else None


def dump(value: Any) -> bytes:
    """A document as JSON, for people to read too."""
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
