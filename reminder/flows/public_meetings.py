"""Which meetings the site shows: those whose invitations have left or are due, and those that were called off after that.

A party hears of its hearing from its own invitation, so nothing stands on the site before the day on which these leave.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection

from reminder.domain.hearings import Invitation, InviteMethod, MeetingKind
from reminder.domain.rounds import ReportingRound
from reminder.domain.setup import Setup
from reminder.flows.knowledge import decided_setup
from reminder.flows.meetings import HeldMeeting, list_meetings, slot_of
from reminder.report.site.meetings import PublicMeeting
from reminder.store.invitations import load_invitations, newest


def load_public_meetings(conn: Connection, files: Setup, now: datetime) -> tuple[PublicMeeting, ...]:
    """The meetings that may be shown, as they stand now, in the order of the files; those that have gone from them behind."""
    setup = decided_setup(conn, files)
    today = setup.calendar.local_day(now)
    shown = [_show(held) for held in list_meetings(setup, conn) if held.told or held.meeting.invite_on <= today]
    gone = [meeting for one in setup.rounds for meeting in _list_gone(conn, setup, one)]
    return (*shown, *gone)


def _show(held: HeldMeeting) -> PublicMeeting:
    meeting = held.meeting
    return PublicMeeting(
        programme=held.round.programme,
        round=held.round.id,
        kind=meeting.kind,
        days=meeting.days,
        opens=meeting.opens,
        until=meeting.until,
        place=meeting.place,
        slots=held.order.slots,
        without_time=tuple(party for visit in held.order.unplaced for party in visit.parties),
    )


def _list_gone(conn: Connection, setup: Setup, one: ReportingRound) -> Iterator[PublicMeeting]:
    """The meetings that people were invited to and that the files no longer have: cancelled where that was told to all of them, else
    held before they went."""
    told: dict[MeetingKind, list[Invitation]] = defaultdict(list)
    there = {meeting.kind for meeting in one.meetings}
    for each in newest(load_invitations(conn, programme=one.programme, round_id=one.id)).values():
        if each.meeting not in there:
            told[each.meeting].append(each)
    for kind, invited in sorted(told.items()):
        yield _show_gone(setup, one, kind, invited)


def _show_gone(setup: Setup, one: ReportingRound, kind: MeetingKind, invited: Sequence[Invitation]) -> PublicMeeting:
    held = [each for each in invited if each.method is InviteMethod.REQUEST]
    slots = sorted(dict.fromkeys(slot_of(setup.calendar, each) for each in held or invited), key=lambda slot: (slot.on, slot.begins))
    return PublicMeeting(
        programme=one.programme,
        round=one.id,
        kind=kind,
        days=tuple(dict.fromkeys(slot.on for slot in slots)),
        opens=min(slot.begins for slot in slots),
        until=max(slot.ends for slot in slots),
        slots=tuple(slots),
        is_cancelled=not held,
    )
