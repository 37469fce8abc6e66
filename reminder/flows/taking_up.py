"""Changed files are taken up whole or not at all; broken ones leave what was in force in force, and the admin is told once.

Crash story: one transaction holds the new files in force and the entry of the history that tells the difference; another
the note of a fault together with the alert. Killed before its commit, the files are looked at again by the next pass; killed
after it, nothing more is to do, since the stored version and the fault's own mark say so.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy import Connection

from reminder.compose.edits import describe_edit, summarise_edit
from reminder.configuration.loading import Loaded, load_setup
from reminder.domain.foreseen import PlanDifference
from reminder.domain.programme import LANGUAGES, Language
from reminder.domain.setup import Setup
from reminder.errors import Finding
from reminder.flows.alerting import AlertText, post_alert
from reminder.flows.comparing import compare_setups
from reminder.flows.fault_words import alert_texts
from reminder.flows.house import House
from reminder.store import control
from reminder.store.configurations import StoredConfiguration, load_configuration, save_configuration
from reminder.store.dialects import one_at_a_time
from reminder.store.events import append_event, load_events

log = structlog.get_logger(__name__)

FAULT_KEY = "configuration_fault"
TAKEN_UP, BROKEN = "configuration_taken_up", "configuration_broken"
TOLD_LINES = 300
"""Lines of a difference that the history keeps; the sentence before them always says how many there are."""
TOLD_FINDINGS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Broken files that were not taken up: since when, how many faults, the first of them, and which were told of already."""

    since: datetime
    count: int
    findings: tuple[str, ...]
    reported: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """How it stands with the files: what is in force, since when, what the last edit changed, and what is broken."""

    version: str = ""
    since: datetime | None = None
    last_change: Mapping[str, str] | None = None
    """The sentence in each language; None where nothing was changed yet."""
    fault: Fault | None = None


def load_condition(conn: Connection) -> Condition:
    """How it stands with the files."""
    stored = load_configuration(conn)
    events = load_events(conn, kinds=(TAKEN_UP,), limit=1)
    return Condition(
        version=stored.version if stored else "",
        since=stored.taken_up_at if stored else None,
        last_change=events[-1].document["summary"] if events else None,
        fault=load_fault(conn),
    )


def load_fault(conn: Connection) -> Fault | None:
    """What is broken; None while the files are sound."""
    written = control.get_state(conn, FAULT_KEY)
    if not written:
        return None
    held = json.loads(written)
    since = datetime.fromisoformat(held["since"])
    return Fault(since=since, count=held["count"], findings=tuple(held["findings"]), reported=tuple(held["reported"]))


def restore_setup(stored: StoredConfiguration, directory: Path) -> Setup | None:
    """The setup in force from its stored files; None where this version of the program no longer accepts them."""
    return load_setup(directory, contents=stored.files).setup


def take_up(house: House, loaded: Loaded, directory: Path) -> House:
    """The house with what is in force from now on: the files as they were loaded, or where they are broken what was in force before."""
    now = house.clock.now()
    if loaded.setup is None:
        _note_fault(house, loaded.faults, now)
        return house
    with house.store.read() as conn:
        stored, fault = load_configuration(conn), load_fault(conn)
        if stored is not None and stored.version == loaded.setup.version and fault is None:
            return replace(house, setup=loaded.setup)
    difference = _compare(house, stored, loaded.setup, directory, now) if stored else None
    with house.store.begin() as conn:
        one_at_a_time(conn, "configuration")
        current, fault = load_configuration(conn), load_fault(conn)
        if current is not None and current.version == loaded.setup.version and fault is None:
            return replace(house, setup=loaded.setup)  # another process was first
        is_same = stored is not None and current is not None and current.version == stored.version
        _put_in_force(conn, loaded, current, difference if is_same else None, now, was_broken=fault is not None)
    return replace(house, setup=loaded.setup)


def _put_in_force(
    conn: Connection,
    loaded: Loaded,
    stored: StoredConfiguration | None,
    difference: PlanDifference | None,
    now: datetime,
    *,
    was_broken: bool,
) -> None:
    new = loaded.setup
    assert new is not None
    if stored is None or stored.version != new.version:
        save_configuration(conn, new.version, {name: content for name, content in loaded.contents.items() if content is not None}, now)
    control.set_state(conn, FAULT_KEY, "")
    if stored is None:
        return
    summary = {each: summarise_edit(difference, each) if difference else "–" for each in LANGUAGES}
    lines, warnings = _tell(difference, new)
    document = {"from": stored.version, "to": new.version, "was_broken": was_broken, "summary": summary}
    append_event(conn, TAKEN_UP, now, document={**document, "warnings": warnings, "lines": lines})
    log.info("configuration taken up", version=new.version, before=stored.version, difference=summary["en"])


def _compare(house: House, stored: StoredConfiguration, new: Setup, directory: Path, now: datetime) -> PlanDifference | None:
    """The difference to what was in force; None where that can no longer be read."""
    old = house.setup if house.setup.version == stored.version else restore_setup(stored, directory)
    return None if old is None else compare_setups(house.store, old, new, now)


def _tell(difference: PlanDifference | None, setup: Setup) -> tuple[list[str], list[str]]:
    """The lines and warnings that the history keeps. Addresses stay out of it: people there are pseudonymous (DESIGN, decision 6)."""
    if difference is None:
        return [], []
    text = describe_edit(difference, setup.calendar.zone, setup.languages[0], with_addresses=False)
    lines = [line for block in (*text.changes, *text.sent) for line in block.lines()]
    return lines[:TOLD_LINES], list(text.warnings)


def _note_fault(house: House, faults: Sequence[Finding], now: datetime) -> None:
    """Remembers the fault, and tells of each distinct one once until the files are sound again."""
    mark = _mark(faults)
    with house.store.begin() as conn:
        one_at_a_time(conn, "configuration")
        known = load_fault(conn)
        reported = known.reported if known else ()
        shown = [str(finding) for finding in faults[:TOLD_FINDINGS]]
        since = known.since if known else now
        held = {"since": since.isoformat(), "count": len(faults), "findings": shown, "reported": [*reported, mark]}
        if mark in reported:
            if known is not None and (known.count, list(known.findings)) != (len(faults), shown):
                control.set_state(conn, FAULT_KEY, json.dumps({**held, "reported": list(reported)}, ensure_ascii=False))
            return
        control.set_state(conn, FAULT_KEY, json.dumps(held, ensure_ascii=False))
        places = [f"{finding.file}:{finding.line}:{finding.column}" for finding in faults]
        append_event(conn, BROKEN, now, document={"count": len(faults), "places": places[:TOLD_LINES]})
        stored = load_configuration(conn)
        texts: Mapping[Language, AlertText] = alert_texts(faults, stored.taken_up_at if stored else None, house.setup.calendar.zone)
        post_alert(conn, house, texts, since, now)
    log.error("configuration is broken and not taken up", faults=len(faults), places=places[:TOLD_FINDINGS])


def _mark(faults: Sequence[Finding]) -> str:
    """What makes a fault the same one: file and sentence, wherever in the file it stands by now."""
    told = "\n".join(sorted(f"{finding.file} {finding.message}" for finding in faults))
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:16]
