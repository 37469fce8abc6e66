"""Pure checks of the rest: what leaks, what the page holds, the files in force, history, liveness (X3, X4, R2, R5, R7)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from reminder.simulation import town
from reminder.simulation.journal import Journal
from reminder.simulation.looking import Row, Seen

PRIVATE = (town.CANARY, *town.LED_BY, town.COORDINATOR)
PLANTED = b"<script>alert("
POLL_WITHIN = timedelta(days=1)


def find_leaks(seen: Seen, journal: Journal) -> Iterator[str]:
    """X3: the secret and every personal address, in the log and on the newest page."""
    shown = repr(journal.logs) if journal.logs else ""
    page = b"\n".join(journal.pages[-1].values()) if journal.pages else b""
    for secret in PRIVATE:
        if secret in shown:
            yield f"The log holds {secret}."
        if secret.encode() in page:
            yield f"The public page holds {secret}."


def find_markup(seen: Seen, journal: Journal) -> Iterator[str]:
    """X4."""
    if journal.pages and any(PLANTED in content for content in journal.pages[-1].values()):
        yield "The public page holds a script that a stranger has written."


ABOUT_FILES = "asetustiedostoissa"
"""How the subject of an alert about broken files is known; the coordinators of the town read Finnish."""


def find_unsound_files(seen: Seen, journal: Journal) -> Iterator[str]:
    """R2."""
    for row in seen.configurations:
        if row["version"] not in journal.versions:
            yield f"The version {row['version']} in force was never sound."
    alerts = sum(row["kind"] == "alert" and ABOUT_FILES in row["subject"] for row in seen.messages)
    if alerts > journal.broken_edits:
        yield f"{alerts} alerts about files were written for {journal.broken_edits} broken edits."


def find_rewritten(before: Seen, seen: Seen) -> Iterator[str]:
    """R7: what stood in the history before stands there still."""
    if seen.events[: len(before.events)] != before.events or seen.assessments[: len(before.assessments)] != before.assessments:
        yield "An entry of the history is gone or was changed."


def find_stalled(seen: Seen, now: datetime) -> Iterator[str]:
    """R5, at rest after a week without faults."""
    waiting: list[Row] = [row for row in seen.messages if row["state"] in {"queued", "leased", "deferred", "unknown"}]
    if waiting:
        yield f"{len(waiting)} mails still wait to be sent."
    polled = seen.remembered("last_poll_at")
    if not polled or now - datetime.fromisoformat(polled) > POLL_WITHIN:
        yield f"The mailbox was last read at {polled or 'no time'}."


ALWAYS = (("X3", find_leaks), ("X4", find_markup), ("R2", find_unsound_files))
