"""JSON Schemas of the files, so that an editor completes their keys, explains them, and marks what is mistyped.

Made from the same tables of keys and words that the readers use. A schema is wider than the program: it knows one file at
a time and no dates. `reminder check` has the last word.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from reminder.configuration import keys
from reminder.configuration import schema_types as of
from reminder.configuration.city_days import WINTER_WEEKS
from reminder.configuration.meeting_reader import MOST_MINUTES
from reminder.configuration.schema_types import Schema, keyed, many, table, words
from reminder.configuration.schema_words import DESCRIPTIONS
from reminder.configuration.service_file import KEPT_YEARS, MOST_NO_SIGN_DAYS, PUBLICITY, accepted
from reminder.domain.assessments import Phase, TrafficLight
from reminder.domain.programme import LANGUAGES, LightOf, PartyKind
from reminder.domain.rounds import ApprovalPolicy, EscalationTarget, RoundKind
from reminder.domain.setup import QuietDigest
from reminder.domain.surveys import Scale
from reminder.domain.workdays import DeadlineRule
from reminder.errors import ReminderError

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FOLDER = "schema"
"""Folder beside the files in which an editor finds the schemas."""


def make_schema(file: str) -> Schema:
    """The schema of one of the files, by its name."""
    return {"$schema": DIALECT, "title": file, **_MAKERS[file]()}


def schema_name(file: str) -> str:
    """`schedule.schema.json` for `schedule.yaml`."""
    return f"{Path(file).stem}.schema.json"


def write_schemas(directory: Path) -> tuple[Path, ...]:
    """Writes the schemas into a folder, which is made where it is missing; older ones are written over."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        paths = tuple(directory / schema_name(file) for file in keys.KNOWN_FILES)
        for path, file in zip(paths, keys.KNOWN_FILES, strict=True):
            path.write_text(show_schema(file), encoding="utf-8")
    except OSError as error:
        raise ReminderError(f"{error.filename or directory} cannot be written: {error.strerror}.", advice="Name another folder.") from error
    return paths


def show_schema(file: str) -> str:
    """The schema as a JSON text."""
    return json.dumps(make_schema(file), ensure_ascii=False, indent=1) + "\n"


def _describe(group: str, known: Sequence[str], types: Mapping[str, Schema], *, needed: Sequence[str] = ()) -> Schema:
    """A table of these keys, each with its description."""
    texts = DESCRIPTIONS[group]
    return table({key: {"description": texts[key], **types[key]} for key in known}, needed=needed)


def _sending() -> Schema:
    return _describe("sending", keys.SENDING, {"from": of.CLOCK, "until": of.CLOCK})


def _closed_days() -> Schema:
    return many(keyed(of.LOCALISED, pattern=of.SPAN_PATTERN))


def _service() -> Schema:
    office = _describe("office", keys.OFFICE, {"name": of.LOCALISED, "phone": of.TEXT, "address": of.TEXT}, needed=("name",))
    types: dict[str, Schema] = {
        "city": of.LOCALISED,
        "office": office,
        "coordinator": many(of.ID),
        "coordinator_deputy": many(of.ID),
        "languages": many(words(LANGUAGES)),
        "timezone": of.TEXT,
        "country": {"type": "string", "pattern": "^[A-Z]{2}$"},
        "subdivision": of.TEXT,
        "closed_days": _closed_days(),
        "sending": _sending(),
        "legend": _describe("legend", keys.LEGEND, dict.fromkeys(keys.LEGEND, of.LOCALISED)),
        "answers_from": _describe("answers_from", keys.ANSWERS_FROM, {who: words(accepted(who)) for who in keys.ANSWERS_FROM}),
        "publish_texts": of.YES_NO,
        "page": _page(),
        "archive": _archive(),
        "no_sign_days": {"type": "integer", "minimum": 0, "maximum": MOST_NO_SIGN_DAYS},
        "quiet_digest": words(tuple(QuietDigest)),
        "keep_mails": words(tuple(KEPT_YEARS)),
    }
    return _describe("service", keys.SERVICE, types, needed=("city", "office", "coordinator"))


def _page() -> Schema:
    colour: Schema = {"type": "string", "pattern": "^#[0-9a-fA-F]{6}$"}
    colours = _describe("colours", keys.COLOURS, dict.fromkeys(keys.COLOURS, colour))
    return _describe("page", keys.PAGE, {"address": of.TEXT, "logo": of.TEXT, "colours": colours})


def _archive() -> Schema:
    types: dict[str, Schema] = {"class": of.TEXT, "publicity": words(PUBLICITY), "retention": of.TEXT, "author": of.LOCALISED}
    return _describe("archive", keys.ARCHIVE, types)


def _schedule() -> Schema:
    anchor = _describe("anchor", keys.ANCHOR, {"name": of.LOCALISED, "dates": of.ANCHOR_DATES}, needed=("dates",))
    round_key = r"^[a-z0-9][a-z0-9_-]{0,63}(?:/[a-z0-9][a-z0-9_-]{0,63})?$"
    types: dict[str, Schema] = {
        "anchors": keyed({"anyOf": [of.ANCHOR_DATES, anchor]}, pattern="^[a-z][a-z0-9_]{0,63}$"),
        "groups": keyed(many(of.ID)),
        "quiet_weeks": many(keyed(of.LOCALISED, pattern=of.QUIET_PATTERN)),
        "winter_holiday": {"anyOf": [words(tuple(WINTER_WEEKS)), {"type": "string", "pattern": of.QUIET_PATTERN}]},
        "closed_days": _closed_days(),
        "sending": _sending(),
        "defaults": _describe("round", keys.ROUND_STEPS, _steps()),
        "rounds": keyed(_round(), pattern=round_key),
    }
    return _describe("schedule", keys.SCHEDULE, types)


def _round() -> Schema:
    own: dict[str, Schema] = {
        "programme": of.ID,
        "name": of.LOCALISED,
        "kind": words(tuple(RoundKind)),
        "years": of.YEARS,
        "focus_areas": many(of.TEXT),
        "numbers": many(of.TEXT),
        "phases": many(words(tuple(Phase))),
        "members": many(of.ID),
        "people": many(of.ID),
        "anonymous": of.YES_NO,
        "questions": keyed(_describe("question", keys.QUESTION, _question(), needed=("text", "scale"))),
        "anchor_year": of.YEAR,
        "overrides": keyed(_describe("round", keys.OVERRIDE, _steps())),
        "hearings": _describe("meeting", keys.HEARINGS, _meeting(), needed=("on", "from", "until")),
        "sub_committee": _describe("own_view", keys.OWN_VIEW, {"inform": of.STEP, "ask": of.RULE}),
        "seminar": _describe("meeting", keys.SEMINAR, _meeting(), needed=("on", "from", "until")),
    }
    return _describe("round", keys.ROUND, {**own, **_steps()})


def _question() -> dict[str, Schema]:
    return {"text": of.LOCALISED, "scale": words(tuple(Scale)), "low": of.LOCALISED, "high": of.LOCALISED}


def _meeting() -> dict[str, Schema]:
    return {
        "on": of.STEPS,
        "from": of.CLOCK,
        "until": of.CLOCK,
        "place": of.LOCALISED,
        "link": {"type": "string", "pattern": "^https?://"},
        "presenter": of.ID,
        "parties": many(of.ID),
        "invite": of.RULE,
        "length": {"type": "integer", "minimum": 1, "maximum": MOST_MINUTES},
        "per_action": {"type": "integer", "minimum": 0, "maximum": MOST_MINUTES},
        "breaks": many({"type": "string", "pattern": of.CLOCK_SPAN_PATTERN}),
        "wishes": keyed({"type": ["string", "number"], "pattern": of.WISH_PATTERN}),
    }


def _steps() -> dict[str, Schema]:
    targets = many(words(tuple(EscalationTarget)))
    escalate = _describe("escalate", keys.ESCALATE, {"when": of.RULE, "to": targets, "grace": of.TEXT}, needed=("when",))
    return {
        "contacts": of.STEP,
        "notice": of.STEP,
        "request": of.RULE,
        "reminders": of.STEPS,
        "last_call": of.STEP,
        "due": of.RULE,
        "overdue": of.OVERDUE,
        "escalate": {"anyOf": [of.STEP, escalate]},
        "closes": of.RULE,
        "digest": of.DIGEST,
        "report": of.STEP,
        "deadline_rule": words(tuple(DeadlineRule)),
        "approve": words(tuple(ApprovalPolicy)),
    }


def _programme() -> Schema:
    decision = _describe("decision", keys.DECISION, {"body": of.TEXT, "on": of.DATE, "section": of.TEXT, "case_number": of.TEXT})
    party = _describe("party", keys.PARTY, {"name": of.LOCALISED, "kind": words(tuple(PartyKind)), "was": many(of.ID)}, needed=("name",))
    actions: Schema = {"type": "array", "items": _action()}
    goal = _describe("goal", keys.GOAL, {"name": of.TEXT, "actions": actions}, needed=("name",))
    goals: Schema = {"type": "array", "items": goal}
    area = _describe("focus_area", keys.FOCUS_AREA, {"name": of.TEXT, "goals": goals, "actions": actions}, needed=("name",))
    types: dict[str, Schema] = {
        "name": of.LOCALISED,
        "tag": {"type": "string", "pattern": "^[A-Z]{2,6}$"},
        "decision": decision,
        "url": {"type": "string", "pattern": "^https?://"},
        "document": of.TEXT,
        "parties": keyed({"anyOf": [of.TEXT, party]}),
        "focus_areas": {"type": "array", "items": area},
        "actions": actions,
    }
    programme = _describe("programme", keys.PROGRAMME, types, needed=("name", "tag"))
    return _describe("programmes", keys.PROGRAMMES, {"programmes": keyed(programme)}, needed=keys.PROGRAMMES)


def _action() -> Schema:
    types: dict[str, Schema] = {
        **dict.fromkeys(("id", "number", "title", "text", "measure", "focus_area", "goal"), of.TEXT),
        "lead": of.ID,
        "contributors": many(of.ID),
        "years": of.YEARS,
        "phase": words(tuple(Phase)),
        "was": many(of.TEXT),
    }
    return _describe("action", keys.ACTION, types, needed=("number", "title", "lead"))


def _contacts() -> Schema:
    contact_types: dict[str, Schema] = {"name": of.TEXT, "address": of.ADDRESS, "language": words(LANGUAGES), "phone": of.TEXT}
    contact = _describe("contact", keys.CONTACT, contact_types, needed=("address",))
    people = {"contacts": many(of.ID), "deputies": many(of.ID), "manager": of.ID}
    party: Schema = {"anyOf": [of.ID, {"type": "array", "items": of.ID}, _describe("party_contacts", keys.PARTY_CONTACTS, people)]}
    own: dict[str, Schema] = {"presenter": of.ID, "members": many(of.ID), "light_of": words(tuple(LightOf))}
    sub_committee = _describe("sub_committee", keys.SUB_COMMITTEE, own)
    return _describe("contacts", keys.CONTACTS, {"contacts": keyed(contact), "parties": keyed(party), "sub_committee": sub_committee})


def _lights() -> Schema:
    light = words(tuple(TrafficLight))
    types: dict[str, Schema] = {"light": light, "phase": words(tuple(Phase)), "text": of.TEXT, "on": of.DATE}
    said: Schema = {"anyOf": [light, _describe("earlier_light", keys.EARLIER_LIGHT, types)]}
    lights = keyed(said, pattern=r"^[\w.-]{1,40}$")
    programme = _describe("programme_lights", keys.PROGRAMME_LIGHTS, {"on": of.DATE, "lights": lights})
    return _describe("lights", keys.LIGHTS, {"programmes": keyed(programme)})


_MAKERS: Mapping[str, Callable[[], Schema]] = {
    keys.SERVICE_FILE: _service,
    keys.SCHEDULE_FILE: _schedule,
    keys.PROGRAMME_FILE: _programme,
    keys.CONTACTS_FILE: _contacts,
    keys.LIGHTS_FILE: _lights,
}
