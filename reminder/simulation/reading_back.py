"""Pure checks that read back what people are told: dates by the calendar, the digest's list, names of published files (T1, R4, X5)."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator, Mapping
from datetime import date
from email.message import EmailMessage
from functools import lru_cache

from reminder.simulation import town
from reminder.simulation.incoming import find_letters
from reminder.simulation.journal import Journal
from reminder.simulation.looking import Seen, read_instant

DUE = "10.3.2025"
"""Worked out by hand: Monday 3 March and five working days."""
DAYS: Mapping[str, tuple[date, ...]] = {
    "notice": (date(2025, 2, 24),),
    "request": (date(2025, 3, 3),),
    "reminder": (date(2025, 3, 6),),
    "last_call": (date(2025, 3, 10),),
    "overdue": (date(2025, 3, 12), date(2025, 3, 19), date(2025, 3, 26)),
    "digest": (date(2025, 3, 3), date(2025, 3, 10), date(2025, 3, 17), date(2025, 3, 24), date(2025, 3, 31)),
}
"""The first day of each step by its ordinal, worked out by hand from the schedule of the town; the last digest is on summer time."""
TOLD_THE_DATE = frozenset({"request", "reminder", "last_call", "overdue"})
CLOCKS = ("clock ahead", "clock back")
_MISSING = re.compile(r"^ +Puuttuu +([0-9., \n]+)\(", re.MULTILINE)
_FILE = re.compile(r"[a-z0-9][a-z0-9_.-]*(?:/[a-z0-9][a-z0-9_.-]*)*")


@lru_cache(maxsize=4096)
def _read_text(raw: bytes) -> str:
    mail: EmailMessage = email.message_from_bytes(raw, policy=email.policy.default)
    body = mail.get_body(("plain",))
    return str(body.get_content()).replace("\r\n", "\n") if body is not None else ""


def find_wrong_days(seen: Seen, journal: Journal) -> Iterator[str]:
    """T1: no step before its day, none on another day where nothing went wrong; each mail that asks names the right deadline."""
    rows = {row["id"]: row for row in seen.messages}
    for step in seen.steps:
        row, days = rows.get(step["message"]), DAYS.get(step["step"], ())
        begins = read_instant(row["not_before"]) if row is not None else None
        if begins is None or step["ordinal"] >= len(days):
            continue
        planned, day = days[step["ordinal"]], begins.astimezone(town.zone()).date()
        if day < planned or (day > planned and not journal.faults and step["party"]):
            yield f"{step['dedupe_key']} is of {day}, and should be of {planned}."
    for row in seen.messages:
        if row["kind"] in TOLD_THE_DATE and DUE not in _read_text(row["raw"]):
            yield f"{row['kind']} {row['id']} does not name {DUE}."


def find_untrue_digests(seen: Seen, journal: Journal) -> Iterator[str]:
    """R4: what a digest lists as missing is what nobody had answered in the letters read by then."""
    if any(journal.faults[clock] for clock in CLOCKS):
        return  # what was read before the digest cannot be told from the instants then
    letters = find_letters(seen, journal)
    for row in (one for one in seen.messages if one["kind"] == "digest"):
        said: set[str] = set()
        for mail in seen.inbound:
            letter = letters.get(mail["id"])
            is_read = mail["finished_at"] is not None and mail["finished_at"] <= row["created_at"] and mail["state"] != "quarantined"
            if letter is not None and is_read and letter.at < town.CLOSES_AT:
                said |= set(letter.said)
        missing = {number for number in town.ACTION_OF if number not in said}
        listed = {number for found in _MISSING.findall(_read_text(row["raw"])) for number in re.findall(r"[\d.]*\d", found)}
        if listed != missing:
            yield f"The digest {row['id']} of {row['created_at'][:16]} lists {sorted(listed)} as missing, and {sorted(missing)} is."


def find_strange_files(seen: Seen, journal: Journal) -> Iterator[str]:
    """X5: every file that is published has a plain name below the public folder."""
    for name in journal.pages[-1] if journal.pages else ():
        if not _FILE.fullmatch(name):
            yield f"A file {name!r} was published."


ALWAYS = (("T1", find_wrong_days), ("R4", find_untrue_digests), ("X5", find_strange_files))
