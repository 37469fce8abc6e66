"""The JSON Schemas of the open data, published beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reminder.domain.assessments import Phase, ReportState, TrafficLight
from reminder.domain.hearings import MeetingKind
from reminder.report.lights import LightTally
from reminder.report.site.versions import EditKind

DATA_VERSION = 1


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
_ROLES = {"type": "array", "items": _table({"id": _TEXT, "name": _NAMES})}
_MEETING = _table(
    {
        "kind": _choice(tuple(MeetingKind)),
        "days": {"type": "array", "items": _DAY, "minItems": 1},
        "begins": _TEXT,
        "ends": _TEXT,
        "place": _null_or(_NAMES),
        "cancelled": {"type": "boolean"},
        "slots": {"type": "array", "items": _table({"on": _DAY, "begins": _TEXT, "ends": _TEXT, "parties": _ROLES})},
        "parties": _ROLES,
    }
)
_STOOD = {"anyOf": [_DAY, _NAMES, {"type": "null"}]}
_EDIT = _table(
    {
        "what": _choice(tuple(EditKind)),
        "action": _null_or(_table({"id": _TEXT, "number": _TEXT, "title": _TEXT})),
        "subject": _null_or(_NAMES),
        "before": _STOOD,
        "after": _STOOD,
    }
)
_COUNT = {"type": "integer", "minimum": 0}
VERSIONS_SCHEMA: Mapping[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "The follow-up of a programme: its versions",
    **_table(
        {
            "version": {"const": DATA_VERSION},
            "programme": _table({"id": _TEXT, "name": _NAMES}),
            "versions": {
                "type": "array",
                "items": _table(
                    {
                        "number": {"type": "integer", "minimum": 1},
                        "at": {"type": "string", "format": "date-time"},
                        "actions": _COUNT,
                        "changes": {"type": "array", "items": _EDIT},
                    }
                ),
            },
        }
    ),
}
"""What `versions.json` holds; published beside it as `versions.schema.json`."""
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
            "meetings": {"type": "array", "items": _MEETING},
        }
    ),
}
"""What `data.json` and `data/ROUND.json` hold; published beside them as `schema.json`."""
