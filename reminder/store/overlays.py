"""What is decided by mail or command, dated and with its reason, on top of the files (DESIGN, decision 5)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from reminder.domain.decisions import ADDED_STEPS, AddedStep, Closing
from reminder.domain.rounds import Extension, StepKind
from reminder.store.schema import overlay, step


class OverlayKind(StrEnum):
    """What an overlay changes."""

    EXTENSION = "extension"  # value: {"due_on": ISO date}; its version is numbered when it is added
    WAIVER = "waiver"  # subject: the action that is no longer asked for
    ADDED_STEP = "added_step"  # subject: its kind; one more mail, now
    CLOSING = "closing"  # value: {"last_day": ISO date, "is_closed": bool}; no party
    SLOT = "slot"  # subject: the kind of the meeting; value: {"on": ISO date, "begins": "14:30"}: when a party is heard
    DEPUTY = "deputy"  # value: {"person": pseudonym}
    CONTACT = "contact"  # value: {"person", "replaces": pseudonyms}
    HAND_OVER = "hand_over"  # the same, of coordinators; no party
    ABSENCE = "away"  # subject: the person who is away; value: see `store.absences`


PEOPLE = frozenset({OverlayKind.CONTACT, OverlayKind.DEPUTY, OverlayKind.HAND_OVER})
"""What changes who is written to, or who may answer: in every round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """One decision, in force until it ends."""

    id: int
    kind: OverlayKind
    programme: str
    round: str
    party: str
    subject: str
    value: Mapping[str, Any]
    because: str
    actor: str
    decided_at: datetime
    ended_at: datetime | None
    ended_because: str


def add_overlay(
    conn: Connection,
    *,
    kind: OverlayKind,
    programme: str,
    round_id: str,
    party: str,
    subject: str = "",
    value: Mapping[str, Any] | None = None,
    because: str,
    actor: str,
    now: datetime,
    former: Collection[str] = (),
) -> int:
    """Records a decision and gives back its id. An extension gets the next version of the party's deadline.

    `former` are ids under which the party was known before: the versions of these are not given again.
    """
    document = dict(value or {})
    if kind is OverlayKind.EXTENSION:
        earlier = _of_parties(programme, round_id, (party, *former))
        document["version"] = 1 + conn.execute(select(func.count()).select_from(overlay).where(*earlier)).scalar_one()
        # Refuses what is no date now, and not at each later planning.
        document["due_on"] = date.fromisoformat(str(document["due_on"])).isoformat()
    place: dict[str, Any] = {"kind": kind.value, "programme": programme, "round": round_id, "party": party, "subject": subject}
    row = place | {"value": document, "because": because, "actor": actor, "decided_at": now}
    return int(conn.execute(overlay.insert().values(**row).returning(overlay.c.id)).scalar_one())


def load_extensions(conn: Connection) -> tuple[Extension, ...]:
    """The extension in force for each party and round: the newest, where there were several."""
    newest: dict[tuple[str, str, str], Overlay] = {}
    for one in load_overlays(conn, kind=OverlayKind.EXTENSION):
        newest[one.programme, one.round, one.party] = one
    return tuple(_extension(one) for one in newest.values())


def load_waived(conn: Connection) -> frozenset[tuple[str, str, str]]:
    """The waived actions, as (programme, round, action)."""
    return frozenset((one.programme, one.round, one.subject) for one in load_overlays(conn, kind=OverlayKind.WAIVER))


def load_added_steps(conn: Connection) -> tuple[AddedStep, ...]:
    """The steps beside the schedule; each keeps its ordinal for ever, since it is made of the id of its row."""
    return tuple(
        AddedStep(
            programme=one.programme,
            round=one.round,
            party=one.party,
            kind=StepKind(one.subject),
            ordinal=ADDED_STEPS + one.id,
            at=one.decided_at,
            because=one.because,
        )
        for one in load_overlays(conn, kind=OverlayKind.ADDED_STEP)
    )


def is_added_step_settled(conn: Connection, one: Overlay) -> bool:
    """Whether the mail of an added step was written, or the step ended otherwise."""
    place = (step.c.programme == one.programme, step.c.round == one.round, step.c.party == one.party)
    return conn.execute(select(step.c.dedupe_key).where(*place, step.c.ordinal == ADDED_STEPS + one.id).limit(1)).first() is not None


def load_closings(conn: Connection) -> tuple[Closing, ...]:
    """The rounds whose last day was decided by hand, in the order of the decisions."""
    return tuple(
        Closing(
            programme=one.programme,
            round=one.round,
            last_day=date.fromisoformat(one.value["last_day"]),
            is_closed=bool(one.value["is_closed"]),
            because=one.because,
            decided_at=one.decided_at,
        )
        for one in load_overlays(conn, kind=OverlayKind.CLOSING)
    )


def load_overlays(
    conn: Connection, *, kind: OverlayKind | None = None, subject: str | None = None, with_ended: bool = False
) -> tuple[Overlay, ...]:
    """The decisions in the order in which they were taken, of a kind or about one thing; those that have ended only where asked for."""
    query = select(overlay).order_by(overlay.c.id)
    if kind is not None:
        query = query.where(overlay.c.kind == kind.value)
    if subject is not None:
        query = query.where(overlay.c.subject == subject)
    if not with_ended:
        query = query.where(overlay.c.ended_at.is_(None))
    return tuple(_overlay(row) for row in conn.execute(query))


def load_people(conn: Connection) -> tuple[Overlay, ...]:
    """The decisions in force about people, in the order in which they were taken."""
    kinds = [kind.value for kind in PEOPLE]
    return tuple(
        _overlay(row)
        for row in conn.execute(select(overlay).where(overlay.c.kind.in_(kinds), overlay.c.ended_at.is_(None)).order_by(overlay.c.id))
    )


def end_overlay(conn: Connection, overlay_id: int, *, because: str, now: datetime) -> bool:
    """Ends a decision, with the reason; False where it has ended already."""
    in_force = update(overlay).where(overlay.c.id == overlay_id, overlay.c.ended_at.is_(None))
    return conn.execute(in_force.values(ended_at=now, ended_because=because)).rowcount == 1


def _of_parties(programme: str, round_id: str, parties: Collection[str]) -> tuple[Any, ...]:
    is_extension = overlay.c.kind == OverlayKind.EXTENSION.value
    return (is_extension, overlay.c.programme == programme, overlay.c.round == round_id, overlay.c.party.in_(parties))


def _extension(one: Overlay) -> Extension:
    return Extension(
        programme=one.programme,
        round=one.round,
        party=one.party,
        due_on=date.fromisoformat(one.value["due_on"]),
        because=one.because,
        decided_at=one.decided_at,
        version=one.value["version"],
    )


def _overlay(row: Row[Any]) -> Overlay:
    return Overlay(
        id=row.id,
        kind=OverlayKind(row.kind),
        programme=row.programme,
        round=row.round,
        party=row.party,
        subject=row.subject,
        value=row.value,
        because=row.because,
        actor=row.actor,
        decided_at=row.decided_at,
        ended_at=row.ended_at,
        ended_because=row.ended_because,
    )
