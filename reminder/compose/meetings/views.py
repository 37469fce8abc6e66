"""What the running order of a meeting shows. Instants are local."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from reminder.compose.meeting_views import DiscussedAction
from reminder.domain.hearings import Attendance, MeetingKind
from reminder.domain.programme import Localised


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPerson:
    """One person who is invited, or will be."""

    name: str
    address: str
    is_told: bool = False
    attendance: Attendance | None = None
    """None: not answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRow:
    """One visit with what will be talked of."""

    on: date
    begins: time
    ends: time
    ids: tuple[str, ...]
    parties: tuple[Localised, ...]
    """The names of these."""
    people: tuple[OrderPerson, ...]
    actions: tuple[DiscussedAction, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderView:
    """One meeting."""

    programme: Localised
    round_name: Localised
    office: Localised
    instance: str
    key: str
    """What the UIDs of its calendar entries hang on."""
    kind: MeetingKind
    as_of: datetime
    place: Localised | None
    link: str
    presenter: str
    rows: tuple[OrderRow, ...]
    unplaced: tuple[tuple[str, Localised], ...] = ()
    """Id and name of who has no slot."""
