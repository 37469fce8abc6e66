"""When each party must be looked at next, and who leads which action: what lets a pass follow what is due, not what exists.

A row of the agenda is a hint, never the truth. Looking too often does nothing, since the keys of the steps settle each
step once; so that looking too late is never silence, every row is looked at once a day whatever it says.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, select, update

from reminder.store.dialects import insert_new
from reminder.store.schema import agenda, roster

Value = TypeVar("Value")
Place = tuple[str, str, str]
"""Programme, round and party; the party is empty for the digest of a round."""

CHUNK = 400
"""Values in one IN list: far below what either database takes."""


def find_places(conn: Connection, now: datetime, *, stale_before: datetime, stale_limit: int) -> frozenset[Place]:
    """The places whose time has come, and of those that were last looked at before an instant the longest ago."""
    columns = select(agenda.c.programme, agenda.c.round, agenda.c.party)
    due = columns.where(agenda.c.next_look_at <= now)
    stale = columns.where(agenda.c.looked_at < stale_before).order_by(agenda.c.looked_at).limit(stale_limit)
    return frozenset((row.programme, row.round, row.party) for query in (due, stale) for row in conn.execute(query))


def record_looks(conn: Connection, looks: Mapping[Place, datetime | None], now: datetime, *, unseen_until: datetime | None = None) -> None:
    """Says when to look at these places next; None: when somebody says so, or in a day, which begins at `unseen_until` where given."""
    by_instant: dict[datetime | None, list[Place]] = {}
    for place, at in looks.items():
        by_instant.setdefault(at, []).append(place)
    for at, places in by_instant.items():
        for condition in of_places(agenda, places):
            conn.execute(update(agenda).where(condition).values(next_look_at=at, looked_at=unseen_until or now))


def look_again(conn: Connection, programme: str, round_id: str, party: str | None, now: datetime) -> None:
    """Something has happened that may bring a step forward: looked at in the next pass. Without a party all of the round are."""
    place = [agenda.c.programme == programme, agenda.c.round == round_id]
    if party:
        place.append(agenda.c.party.in_((party, "")))
    conn.execute(update(agenda).where(*place).values(next_look_at=now))


def replace_places(conn: Connection, places: Collection[Place], now: datetime) -> None:
    """The places of changed files: all are looked at in the next pass, and those that are no longer known are forgotten."""
    known = {(row.programme, row.round, row.party) for row in conn.execute(select(agenda.c.programme, agenda.c.round, agenda.c.party))}
    for condition in of_places(agenda, known - set(places)):
        conn.execute(delete(agenda).where(condition))
    conn.execute(update(agenda).values(next_look_at=now))
    fresh = [{"programme": one[0], "round": one[1], "party": one[2], "next_look_at": now, "looked_at": now} for one in set(places) - known]
    for start in range(0, len(fresh), CHUNK):
        insert_new(conn, agenda, fresh[start : start + CHUNK])


def load_roster(conn: Connection) -> dict[Place, str]:
    """The lead of each action that a round asks for, by (programme, round, action), as the files were when last seen."""
    return {(row.programme, row.round, row.action): row.lead for row in conn.execute(select(roster))}


def replace_roster(conn: Connection, leads: Mapping[Place, str], now: datetime) -> None:
    """Keeps who leads what now; a row that stays as it is keeps its time."""
    known = load_roster(conn)
    gone = [place for place, lead in known.items() if leads.get(place) != lead]
    for programme, round_id, actions in _grouped(gone):
        place = (roster.c.programme == programme, roster.c.round == round_id)
        conn.execute(delete(roster).where(*place, roster.c.action.in_(actions)))
    fresh = [
        {"programme": place[0], "round": place[1], "action": place[2], "lead": lead, "since": now}
        for place, lead in leads.items()
        if known.get(place) != lead
    ]
    for start in range(0, len(fresh), CHUNK):
        insert_new(conn, roster, fresh[start : start + CHUNK])


def of_places(table: Table, places: Iterable[Place]) -> Iterator[ColumnElement[bool]]:
    """Conditions that together mean these places, each of a length that a database takes and an index answers."""
    for programme, round_id, parties in _grouped(places):
        yield and_(table.c.programme == programme, table.c.round == round_id, table.c.party.in_(parties))


def in_parts(values: Sequence[Value]) -> Iterator[Sequence[Value]]:
    """Values in parts of a length that a database takes."""
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]


def _grouped(places: Iterable[Place]) -> Iterator[tuple[str, str, list[str]]]:
    by_round: dict[tuple[str, str], list[str]] = {}
    for programme, round_id, rest in places:
        by_round.setdefault((programme, round_id), []).append(rest)
    for (programme, round_id), found in by_round.items():
        for start in range(0, len(found), CHUNK):
            yield programme, round_id, found[start : start + CHUNK]
