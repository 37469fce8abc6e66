"""What parties have said: an append-only history of assessments. The current state is a pure fold of it (`domain.assessments.latest`)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, exists, func, select

from reminder.domain.assessments import Assessment, Phase, TrafficLight
from reminder.domain.judging import SUB_COMMITTEE
from reminder.store.agenda import Place, in_parts, of_places
from reminder.store.dialects import insert_new
from reminder.store.schema import assessment as assessment_table
from reminder.store.schema import reading


def record_assessments(
    conn: Connection, assessments: Sequence[Assessment], *, source: str, now: datetime, generation: int = 0
) -> tuple[Assessment, ...]:
    """Adds what is new to the history and gives that back. One reading of an inbound mail speaks once of an action for a
    party (invariant I2).

    `source` names where an assessment came from that has no inbound mail, such as a command. `generation` is that of the
    reading; facts of an earlier one are superseded as soon as a later one is there, whether or not it holds any.
    """
    reread = f"#{generation}" if generation else ""
    fresh = []
    for assessment in assessments:
        key = source if assessment.inbound_id is None else f"inbound:{assessment.inbound_id}{reread}"
        row = {"source_key": key, "recorded_at": now, "generation": generation, **_columns(assessment)}
        if insert_new(conn, assessment_table, [row]):
            fresh.append(assessment)
    return tuple(fresh)


def load_assessments(
    conn: Connection,
    *,
    programme: str | None = None,
    round_id: str | None = None,
    inbound_id: int | None = None,
    actions: Collection[str] | None = None,
    places: Collection[Place] | None = None,
    with_superseded: bool = False,
) -> tuple[Assessment, ...]:
    """What is in force, of one programme, round, inbound mail, these actions or these parties of rounds where given, in the order in which
    the mails were received.

    `with_superseded` gives the whole history: also what a later reading of the same mail has superseded. What the sub-committee said is
    not among them, unless it is asked what one mail said; `load_judgements` gives that.
    """
    table = assessment_table
    query = _select_said(programme, round_id, with_superseded=with_superseded)
    query = query.where(table.c.inbound == inbound_id if inbound_id is not None else table.c.party != SUB_COMMITTEE)
    parts = [query] if actions is None else [query.where(table.c.action.in_(part)) for part in in_parts(sorted(actions))]
    if places is not None:
        parts = [part.where(of_place) for part in parts for of_place in of_places(table, places)]
    return tuple(_assessment(row) for part in parts for row in conn.execute(part))


def load_judgements(conn: Connection, *, programme: str | None = None, round_id: str | None = None) -> tuple[Assessment, ...]:
    """What the sub-committee itself has said and is in force, of one programme or round where given, in the order in which it came."""
    query = _select_said(programme, round_id).where(assessment_table.c.party == SUB_COMMITTEE)
    return tuple(_assessment(row) for row in conn.execute(query))


def _select_said(programme: str | None, round_id: str | None, *, with_superseded: bool = False) -> Select[Any]:
    """What was said, of one programme or round where given, in the order in which the mails were received."""
    table = assessment_table
    superseded = exists().where(reading.c.inbound == table.c.inbound, reading.c.generation > table.c.generation)
    query = select(table, superseded.label("is_superseded"))
    query = query.order_by(table.c.received_at, table.c.inbound.is_(None), table.c.inbound, table.c.id)
    if programme is not None:
        query = query.where(table.c.programme == programme)
    if round_id is not None:
        query = query.where(table.c.round == round_id)
    return query if with_superseded else query.where(~superseded)


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """How many facts a round has, superseded ones among them, and the newest of them: differs whenever one was added."""

    count: int = 0
    newest: int = 0


def mark_rounds(conn: Connection) -> dict[tuple[str, str], Marks]:
    """The marks of each round of which anything was said, by (programme, round), out of an index alone."""
    table = assessment_table
    query = select(table.c.programme, table.c.round, func.count(), func.max(table.c.id)).group_by(table.c.programme, table.c.round)
    return {(programme, round_id): Marks(count=count, newest=newest) for programme, round_id, count, newest in conn.execute(query)}


def count_read_again(conn: Connection) -> int:
    """How many later readings there are, and decisions of a person: each supersedes facts."""
    return conn.execute(select(func.count()).select_from(reading).where(reading.c.generation > 0)).scalar_one()


def _columns(assessment: Assessment) -> dict[str, Any]:
    return {
        "programme": assessment.programme,
        "round": assessment.round,
        "party": assessment.party,
        "action": assessment.action,
        "light": assessment.light and assessment.light.value,
        "phase": assessment.phase and assessment.phase.value,
        "text": assessment.text,
        "next_step": assessment.next_step,
        "next_on": assessment.next_on,
        "received_at": assessment.received_at,
        "inbound": assessment.inbound_id,
        "actor": assessment.actor,
        "is_lead": assessment.is_lead,
        "is_provisional": assessment.is_provisional,
        "is_late": assessment.is_late,
        "rule": assessment.rule,
    }


def _assessment(row: Row[Any]) -> Assessment:
    return Assessment(
        programme=row.programme,
        round=row.round,
        party=row.party,
        action=row.action,
        light=None if row.light is None else TrafficLight(row.light),
        phase=None if row.phase is None else Phase(row.phase),
        text=row.text,
        next_step=row.next_step,
        next_on=row.next_on,
        received_at=row.received_at,
        inbound_id=row.inbound,
        actor=row.actor,
        is_lead=row.is_lead,
        is_provisional=row.is_provisional,
        is_late=row.is_late,
        rule=row.rule,
        is_superseded=bool(row.is_superseded),
    )
