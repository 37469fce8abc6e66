"""Meetings of a round: hearings, with a slot for each visit, and the seminar, for all at once. Local times throughout."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum

from reminder.domain.programme import Localised

DEFAULT_LENGTH = 15
"""Minutes of a visit where the file says nothing."""


class MeetingKind(StrEnum):
    """What a meeting of a round is."""

    HEARING = "hearing"
    SEMINAR = "seminar"


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """A time within the hours of a hearing in which nobody is heard."""

    begins: time
    ends: time


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """The day and the time at which a party is heard because it asked for it."""

    on: date
    begins: time

    @property
    def written(self) -> str:
        """As a decision remembers what the file said."""
        return f"{self.on.isoformat()} {self.begins:%H:%M}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A meeting as schedule.yaml has it, its dates worked out."""

    kind: MeetingKind
    days: tuple[date, ...]
    """At least one, earliest first; a seminar has one."""
    opens: time
    until: time
    length: int = DEFAULT_LENGTH
    """Minutes that a visit has at the least."""
    per_action: int = 0
    """Minutes for each action, where that comes to more than `length`."""
    breaks: tuple[Break, ...] = ()
    place: Localised | None = None
    link: str = ""
    """Of the video meeting; empty: none."""
    presenter: str = ""
    """Id of the contact who presents the matter; empty: nobody is named."""
    parties: tuple[str, ...] = ()
    """Who is invited, in the order of the programme."""
    wishes: Mapping[str, Wish] = field(default_factory=dict)
    """By party."""
    invite_on: date
    """The first day on which invitations leave."""

    @property
    def last_day(self) -> date:
        """Its last day."""
        return self.days[-1]


def join_place(place: str, link: str) -> str:
    """Where a meeting is, in one line: the place, the address of the video meeting, or both."""
    return "; ".join(part for part in (place, link) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class HearingSlot:
    """A stretch of local time on one day, and the parties whose time it is."""

    parties: tuple[str, ...]
    on: date
    begins: time
    ends: time


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Who comes together: one party, or several that share a contact."""

    parties: tuple[str, ...]
    people: tuple[str, ...] = ()
    """Ids of the contacts who are invited."""
    actions: frozenset[str] = frozenset()
    """What the visit is about, by id; contributions are among them."""
    minutes: int = DEFAULT_LENGTH


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningOrder:
    """Who comes when, in the order of time, and who found no room."""

    slots: tuple[HearingSlot, ...] = ()
    unplaced: tuple[Visit, ...] = ()

    def of_party(self, party: str) -> HearingSlot | None:
        """The slot of a party, or None."""
        return next((slot for slot in self.slots if party in slot.parties), None)


class InviteMethod(StrEnum):
    """What a mail says of a meeting to its calendar (RFC 5546, 1.4)."""

    REQUEST = "REQUEST"  # come, or come at another time
    CANCEL = "CANCEL"


class Attendance(StrEnum):
    """What the invited person answers (RFC 5545, 3.2.12); `counter` is a proposal of another time (RFC 5546, 3.2.7)."""

    ACCEPTED = "accepted"
    TENTATIVE = "tentative"
    DECLINED = "declined"
    COUNTER = "counter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """What one person was told of a meeting last, or at one SEQUENCE."""

    uid: str
    sequence: int
    method: InviteMethod
    programme: str
    round: str
    meeting: MeetingKind
    person: str
    """Pseudonymous id."""
    parties: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime
    place: str = ""
    """Place and link as they were told; another text is an update."""
    message: str = ""
    """Our id of the mail that told it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarAnswer:
    """One answer of a calendar program, as it was sent. Nothing in it is trusted."""

    uid: str
    attendee: str
    """Address, lower case; empty where none is named."""
    attendance: Attendance
    sequence: int | None = None
    """None where the program left it out."""
    stamped_at: datetime | None = None
    """DTSTAMP: of two answers to the same SEQUENCE the later counts (RFC 5546, 2.1.5)."""
    starts_at: datetime | None = None
    """The time that a COUNTER proposes, else the time that is answered; None where it cannot be read."""
    ends_at: datetime | None = None
    comment: str = ""
