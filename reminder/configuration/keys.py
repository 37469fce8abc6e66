"""The keys of each file. A key that is not here is a fault; a test sees to it that each has its entry in docs/configuration.md."""

from __future__ import annotations

SERVICE_FILE = "service.yaml"
SCHEDULE_FILE = "schedule.yaml"
PROGRAMME_FILE = "programme.yaml"
CONTACTS_FILE = "contacts.yaml"
LIGHTS_FILE = "lights.yaml"
FILES = (SERVICE_FILE, SCHEDULE_FILE, PROGRAMME_FILE, CONTACTS_FILE)
"""The files that must be there."""
OPTIONAL_FILES = (LIGHTS_FILE,)
KNOWN_FILES = (*FILES, *OPTIONAL_FILES)

SERVICE = (
    "city",
    "office",
    "coordinator",
    "coordinator_deputy",
    "languages",
    "timezone",
    "country",
    "subdivision",
    "closed_days",
    "sending",
    "legend",
    "answers_from",
    "publish_texts",
    "page",
    "archive",
    "no_sign_days",
    "quiet_digest",
    "keep_mails",
)
OFFICE = ("name", "phone", "address")
SENDING = ("from", "until")
LEGEND = ("green", "yellow", "red")
PAGE = ("address", "logo", "colours")
COLOURS = ("brand", "on_brand", "link", "link_dark")
ARCHIVE = ("class", "publicity", "retention", "author")
ANSWERS_FROM = ("contact", "deputy", "same_domain", "no_token", "stranger", "unauthenticated")

SCHEDULE = ("anchors", "groups", "quiet_weeks", "winter_holiday", "closed_days", "sending", "defaults", "rounds")
ANCHOR = ("name", "dates")
OVERRIDE = ("notice", "request", "reminders", "last_call", "due", "overdue", "escalate", "closes")
ROUND_STEPS = (*OVERRIDE, "contacts", "digest", "report", "deadline_rule", "approve")
SELECTION = ("years", "focus_areas", "numbers", "phases")
MEETINGS = ("hearings", "seminar")
SURVEY = ("members", "people", "anonymous", "questions")
OWN_VIEW = ("inform", "ask")
ROUND_OWN = ("programme", "name", "kind", *SELECTION, *SURVEY, "anchor_year", "overrides", *MEETINGS, "sub_committee")
ROUND = ROUND_OWN + ROUND_STEPS
ESCALATE = ("when", "to", "grace")
SEMINAR = ("on", "from", "until", "place", "link", "presenter", "parties", "invite")
QUESTION = ("text", "scale", "low", "high")
HEARINGS = (*SEMINAR, "length", "per_action", "breaks", "wishes")

PROGRAMMES = ("programmes",)
PROGRAMME = ("name", "tag", "decision", "url", "document", "parties", "focus_areas", "actions")
DECISION = ("body", "on", "section", "case_number")
PARTY = ("name", "kind", "was")
FOCUS_AREA = ("name", "goals", "actions")
GOAL = ("name", "actions")
ACTION = ("id", "number", "title", "text", "measure", "lead", "contributors", "years", "phase", "focus_area", "goal", "was")

CONTACTS = ("contacts", "parties", "sub_committee")
CONTACT = ("name", "address", "language", "phone")
PARTY_CONTACTS = ("contacts", "deputies", "manager")
SUB_COMMITTEE = ("presenter", "members", "light_of")

LIGHTS = ("programmes",)
PROGRAMME_LIGHTS = ("on", "lights")
EARLIER_LIGHT = ("light", "phase", "text", "on")

ALL = {
    SERVICE_FILE: (SERVICE, OFFICE, SENDING, LEGEND, ANSWERS_FROM, PAGE, COLOURS),
    SCHEDULE_FILE: (SCHEDULE, ANCHOR, ROUND, ESCALATE, HEARINGS, QUESTION, OWN_VIEW),
    PROGRAMME_FILE: (PROGRAMMES, PROGRAMME, DECISION, PARTY, FOCUS_AREA, GOAL, ACTION),
    CONTACTS_FILE: (CONTACTS, CONTACT, PARTY_CONTACTS, SUB_COMMITTEE),
    LIGHTS_FILE: (LIGHTS, PROGRAMME_LIGHTS, EARLIER_LIGHT),
}
