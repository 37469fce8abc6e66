"""What stands in the database after a step, read with plain SQL beside the program's own ways to read it."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

Row = Mapping[str, Any]
_TABLES = {
    "messages": "SELECT m.*, b.raw, b.items, b.envelope_recipient FROM message m JOIN message_body b ON b.message = m.id ORDER BY m.id",
    "steps": "SELECT * FROM step ORDER BY dedupe_key",
    "attempts": "SELECT * FROM attempt ORDER BY message, lease_epoch",
    "inbound": "SELECT i.*, b.raw FROM inbound i LEFT JOIN inbound_body b ON b.inbound = i.id ORDER BY i.id",
    "assessments": "SELECT * FROM assessment ORDER BY id",
    "events": "SELECT * FROM event ORDER BY id",
    "configurations": "SELECT * FROM configuration",
    "state": "SELECT * FROM service_state ORDER BY key",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The rows of every table that an invariant is about."""

    messages: Sequence[Row]
    steps: Sequence[Row]
    attempts: Sequence[Row]
    inbound: Sequence[Row]
    assessments: Sequence[Row]
    events: Sequence[Row]
    configurations: Sequence[Row]
    state: Sequence[Row]

    def original_of(self, row: Row) -> Row:
        """The inbound row that holds the bytes: itself, or what it is a duplicate of."""
        wanted = row["duplicate_of"] or row["id"]
        return next(one for one in self.inbound if one["id"] == wanted)

    def remembered(self, key: str) -> str:
        """A value of the service's own memory; empty where there is none."""
        return next((str(row["value"]) for row in self.state if row["key"] == key), "")


class Looker:
    """A reading connection of its own, which outlives the incarnations; looks again only where something was committed."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        self._version = -1
        self._seen: Seen | None = None

    def look(self) -> Seen:
        """Everything as of now; the same value as before where nothing was committed since."""
        version = int(self._connection.execute("PRAGMA data_version").fetchone()[0])
        if self._seen is None or version != self._version:
            self._version = version
            self._seen = Seen(**{name: [dict(row) for row in self._connection.execute(query)] for name, query in _TABLES.items()})
        return self._seen

    def is_whole(self) -> bool:
        """Whether SQLite finds the file sound."""
        return str(self._connection.execute("PRAGMA quick_check").fetchone()[0]) == "ok"

    def save(self, path: Path) -> None:
        """A copy of the database as it is now."""
        path.unlink(missing_ok=True)
        with closing(sqlite3.connect(path)) as copy:
            self._connection.backup(copy)

    def close(self) -> None:
        """Closes the connection."""
        self._connection.close()


def read_instant(text: str | None) -> datetime | None:
    """An instant as the store writes it; None stays None."""
    return None if text is None else datetime.fromisoformat(text)


def find_waits(seen: Seen, grace: timedelta) -> list[datetime]:
    """When what waits may go on: leases that end, mails whose fate is unknown, further attempts."""
    found = []
    for row in seen.messages:
        name = {"queued": "next_attempt_at", "deferred": "next_attempt_at", "leased": "lease_until", "unknown": "dot_at"}.get(row["state"])
        instant = read_instant(row[name]) if name else None
        if instant is not None:
            found.append(instant + grace if row["state"] == "unknown" else instant)
    found += [instant for row in seen.inbound if row["state"] == "captured" and (instant := read_instant(row["next_attempt_at"]))]
    return found
