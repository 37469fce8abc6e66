"""Who is away, as overlays: each an automatic reply that said so, in force until it is replaced or the person writes again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from reminder.domain.absences import Absence
from reminder.store.overlays import Overlay, OverlayKind, add_overlay, end_overlay, load_overlays


@dataclass(frozen=True, slots=True, kw_only=True)
class NotedAbsence:
    """An absence with the instant at which the mail that told of it was received."""

    absence: Absence
    noted_at: datetime


def record_absence(conn: Connection, absence: Absence, *, noted_at: datetime, now: datetime) -> bool:
    """Notes an absence in place of an earlier one of the same person. False where the mail is known, or a newer one has spoken."""
    earlier = load_overlays(conn, kind=OverlayKind.ABSENCE, subject=absence.person, with_ended=True)
    if any(one.value["inbound"] == absence.inbound_id for one in earlier):
        return False
    own = [one for one in earlier if one.ended_at is None]
    if any(_noted_at(one) > noted_at for one in own):
        return False
    for one in own:
        end_overlay(conn, one.id, because="A newer automatic reply came.", now=now)
    until = absence.last_day.isoformat() if absence.last_day else None
    value = {"until": until, "inbound": absence.inbound_id, "noted_at": noted_at.isoformat()}
    because = f"Automatic reply, inbox {absence.inbound_id}."
    add_overlay(
        conn,
        kind=OverlayKind.ABSENCE,
        programme="",
        round_id="",
        party="",
        subject=absence.person,
        value=value,
        because=because,
        actor=absence.person,
        now=now,
    )
    return True


def end_absence(conn: Connection, person: str, *, written_at: datetime, because: str, now: datetime) -> bool:
    """Ends the absence of who has written a mail themselves since; False where there was none."""
    own = [one for one in load_overlays(conn, kind=OverlayKind.ABSENCE, subject=person) if _noted_at(one) < written_at]
    for one in own:
        end_overlay(conn, one.id, because=because, now=now)
    return bool(own)


def load_absences(conn: Connection) -> tuple[NotedAbsence, ...]:
    """The absences in force, those that are over by their day among them, in the order in which they were noted."""
    return tuple(_noted(one) for one in load_overlays(conn, kind=OverlayKind.ABSENCE))


def _noted(one: Overlay) -> NotedAbsence:
    until = one.value["until"]
    back_on = date.fromisoformat(until) + timedelta(days=1) if until else None
    return NotedAbsence(absence=Absence(person=one.subject, back_on=back_on, inbound_id=one.value["inbound"]), noted_at=_noted_at(one))


def _noted_at(one: Overlay) -> datetime:
    return datetime.fromisoformat(one.value["noted_at"])
