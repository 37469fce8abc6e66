"""The little town of the simulation: four files, and the edits that somebody makes to them while the service runs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from reminder.configuration.loading import Loaded, load_setup
from reminder.plan.timeline import plan_timeline

OFFICE = "seuranta@pikkukunta.example"
COORDINATOR = "koordinaattori@pikkukunta.example"
CANARY = "canary-5f2c81-key-of-the-simulation"
"""Signs the tokens. It must be found nowhere outside (invariant X3)."""
PROGRAMME, ROUND = "pieni", "2025"
LED_BY: Mapping[str, tuple[tuple[str, str], ...]] = {
    "kirjasto@pikkukunta.example": (("1.1", "kirjasto"), ("1.2", "kirjasto")),
    "liikunta@pikkukunta.example": (("2.1", "liikunta"),),
    "johtaja@matkailu.example": (("3.1", "matkailu"), ("4.1", "satama")),
}
"""What each contact leads: printed number and party. One of them stands for two parties and gets one mail."""
ACTION_OF = {"1.1": "satutunnit", "1.2": "lainaamo", "2.1": "latu", "3.1": "reitti", "4.1": "laituri"}
BEGIN = datetime(2025, 2, 23, 6, 0, tzinfo=UTC)
CLOSES_AT = datetime(2025, 3, 31, 21, 0, tzinfo=UTC)
"""The end of the local day on which the round closes, worked out by hand: 10 March and three weeks, on summer time since the 30th."""
END = datetime(2025, 4, 3, 6, 0, tzinfo=UTC)
FOLDER = Path("simulated")

CONTACTS = """
contacts:
  koordinaattori: {name: Koordinaattori, address: koordinaattori@pikkukunta.example, phone: "09 000 0001"}
  kirjasto: {name: Kirjastonjohtaja, address: kirjasto@pikkukunta.example}
  liikunta: {name: Liikuntapäällikkö, address: liikunta@pikkukunta.example}
  matkailu: {name: Toimitusjohtaja, address: johtaja@matkailu.example, language: sv}
parties:
  kirjasto: [kirjasto]
  liikunta: [liikunta]
  matkailu: [matkailu]
  satama: [matkailu]
"""
PROGRAMMES = """
programmes:
  pieni:
    name: {fi: Pieni ohjelma, sv: Lilla programmet, en: Small Programme}
    tag: PIEN
    decision: {body: Kunnanvaltuusto, on: 2024-12-09, section: § 12}
    parties:
      kirjasto: {name: {fi: kirjasto, sv: biblioteket, en: the library}, kind: team}
      liikunta: {name: {fi: liikuntapalvelut, sv: idrottstjänsterna, en: sports services}, kind: team}
      matkailu: {name: {fi: matkailuyhtiö, sv: turistbolaget, en: the tourism company}, kind: company}
      satama: {name: {fi: satama, sv: hamnen, en: the harbour}, kind: company}
    focus_areas:
      - name: Arki
        goals:
          - name: Palvelut ovat lähellä
            actions:
              - {id: satutunnit, number: "1.1", title: Satutunnit kylille, lead: kirjasto, years: [2025]}
              - {id: lainaamo, number: "1.2", title: Lainaamo koululle, lead: kirjasto, contributors: [liikunta], years: [2025]}
              - {id: latu, number: "2.1", title: Latu kylältä kylälle, lead: liikunta, years: [2025]}
      - name: Vieraat
        goals:
          - name: Kunnassa käydään
            actions:
              - {id: reitti, number: "3.1", title: Pyöräreitti, lead: matkailu, years: [2025]}
              - {id: laituri, number: "4.1", title: Vieraslaituri, lead: satama, years: [2025]}
"""
SCHEDULE = """
anchors:
  accounts:
    name: {fi: tilinpäätös, sv: bokslutet, en: the accounts}
    dates: {2025: 2025-03-03}
rounds:
  "2025":
    programme: pieni
    name: {fi: Vuosi 2025, sv: År 2025, en: Year 2025}
    years: [2025]
    anchor_year: 2025
    notice: accounts - 1 week
    request: accounts
    due: accounts + 5 working days
    reminders: [due - 2 working days]
    last_call: due
    overdue: [due + 2 working days, then every 1 week]
    closes: due + 3 weeks
    approve: none
    digest: every monday 08:30 from request until complete
"""
SERVICE = """
city: {fi: Pikkukunta, sv: Lillkommun, en: Little Municipality}
office:
  name: {fi: Kunnanhallituksen valmistelu, sv: Kommunstyrelsens beredning, en: Office of the Executive}
  phone: "09 000 0000"
coordinator: [koordinaattori]
languages: [fi, sv, en]
country: FI
timezone: Europe/Helsinki
sending: {from: "08:00", until: "16:00"}
"""
FILES: dict[str, bytes] = {
    "contacts.yaml": CONTACTS.encode(),
    "programme.yaml": PROGRAMMES.encode(),
    "schedule.yaml": SCHEDULE.encode(),
    "service.yaml": SERVICE.encode(),
}


def edit_phone(number: int) -> Mapping[str, bytes]:
    """A harmless edit: the office has a new telephone number."""
    return FILES | {"service.yaml": SERVICE.replace("09 000 0000", f"09 000 {number:04}").encode()}


def break_files(number: int) -> Mapping[str, bytes]:
    """An edit that nobody can read: the file is not taken up, and the coordinator is told once."""
    return FILES | {"schedule.yaml": f"rounds: [{number}\n".encode()}


@lru_cache(maxsize=256)
def _load(files: tuple[tuple[str, bytes], ...]) -> Loaded:
    return load_setup(FOLDER, contents=dict(files))


def load_files(files: Mapping[str, bytes]) -> Loaded:
    """What the files say, as the service reads them."""
    return _load(tuple(sorted(files.items())))


@lru_cache(maxsize=1)
def zone() -> ZoneInfo:
    """Local time of the town."""
    return ZoneInfo("Europe/Helsinki")


def is_sending_time(at: datetime) -> bool:
    """Whether parties may be written to: from eight to four on a working day. A digest leaves as soon as it can (docs/states.md).

    No public holiday falls into the simulated weeks.
    """
    local = at.astimezone(zone())
    return local.weekday() < 5 and time(8) <= local.time() < time(16)


@lru_cache(maxsize=1)
def all_steps() -> frozenset[tuple[str, str, int]]:
    """Party, kind and ordinal of every step that must have ended when the round has."""
    setup = load_files(FILES).setup
    assert setup is not None
    return frozenset(
        (step.key.party, step.key.step.value, step.key.ordinal) for step in plan_timeline(setup) if step.not_before < CLOSES_AT
    )


@lru_cache(maxsize=4096)
def actions_asked(items: str) -> tuple[str, ...]:
    """The actions that a mail asks its reader for as their lead, from its stored items."""
    listed: list[dict[str, Any]] = json.loads(items)
    return tuple(item["action"] for item in listed if not item.get("is_contribution"))
