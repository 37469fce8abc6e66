"""The versions of each programme, one row each; nothing of them is ever changed (decision 0036)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select

from reminder.domain.programme import Localised
from reminder.domain.versions import ActionThen, DeadlineThen, ProgrammeThen, ProgrammeVersion
from reminder.store.dialects import insert_new
from reminder.store.schema import programme_version


def record_version(conn: Connection, one: ProgrammeVersion) -> bool:
    """Adds a version; False where another process has added one of this number."""
    row = {"programme": one.programme, "number": one.number, "made_at": one.at, "content": _write(one.content)}
    return bool(insert_new(conn, programme_version, [row]))


def newest_version(conn: Connection, programme: str) -> ProgrammeVersion | None:
    """The newest version of a programme; None where none was recorded."""
    table = programme_version
    query = select(table).where(table.c.programme == programme).order_by(table.c.number.desc()).limit(1)
    row = conn.execute(query).first()
    return None if row is None else _version(row)


def load_versions(conn: Connection) -> tuple[ProgrammeVersion, ...]:
    """Every version of every programme, oldest first."""
    query = select(programme_version).order_by(programme_version.c.programme, programme_version.c.number)
    return tuple(_version(row) for row in conn.execute(query))


def count_versions(conn: Connection) -> int:
    """How many versions there are of all programmes."""
    return int(conn.execute(select(func.count()).select_from(programme_version)).scalar_one())


def _version(row: Any) -> ProgrammeVersion:
    return ProgrammeVersion(programme=row.programme, number=row.number, at=row.made_at, content=_read(row.content))


def _write(content: ProgrammeThen) -> dict[str, Any]:
    return {
        "name": dict(content.name.texts),
        "actions": [
            {
                "id": one.id,
                "number": one.number,
                "title": one.title,
                "text": one.text,
                "lead": one.lead,
                "contributors": list(one.contributors),
                "focus_area": one.focus_area,
                "goal": one.goal,
                "years": list(one.years),
                "was": list(one.was),
            }
            for one in content.actions
        ],
        "parties": {party: dict(name.texts) for party, name in content.parties.items()},
        "deadlines": {
            round_id: {
                "name": dict(one.name.texts),
                "due_on": one.due_on.isoformat(),
                "own": {party: day.isoformat() for party, day in one.own.items()},
            }
            for round_id, one in content.deadlines.items()
        },
    }


def _read(kept: Mapping[str, Any]) -> ProgrammeThen:
    return ProgrammeThen(
        name=Localised(kept["name"]),
        actions=tuple(
            ActionThen(
                id=one["id"],
                number=one["number"],
                title=one["title"],
                text=one["text"],
                lead=one["lead"],
                contributors=tuple(one["contributors"]),
                focus_area=one["focus_area"],
                goal=one["goal"],
                years=tuple(one["years"]),
                was=tuple(one["was"]),
            )
            for one in kept["actions"]
        ),
        parties={party: Localised(name) for party, name in kept["parties"].items()},
        deadlines={
            round_id: DeadlineThen(
                name=Localised(one["name"]),
                due_on=date.fromisoformat(one["due_on"]),
                own={party: date.fromisoformat(day) for party, day in one["own"].items()},
            )
            for round_id, one in kept["deadlines"].items()
        },
    )
