"""What calendars answer: recorded with the mail, and the coordinator's word about what waits (decision 0032)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import Connection

from reminder.domain.hearings import Attendance, CalendarAnswer, HearingSlot, Invitation, Meeting, MeetingKind
from reminder.domain.readings import Reading, StoredMail, Verdict
from reminder.domain.setup import Setup
from reminder.errors import UsageFailure
from reminder.flows.meetings import HeldMeeting, list_meetings
from reminder.parse.meetings import COUNTER, OLD
from reminder.store import events, invitations, overlays
from reminder.store.invitations import Answered
from reminder.store.overlays import OverlayKind

ANSWERED = "invitation_answered"


def note_attendance(conn: Connection, reading: Reading, stored: StoredMail, now: datetime) -> None:
    """What a calendar has answered is kept, also what is too old to count; what waits for a person is kept where it is a proposal."""
    answer, invited = reading.calendar, reading.invited
    is_old = OLD in reading.rules
    if answer is None or invited is None or not (reading.verdict is Verdict.APPLIED or is_old or COUNTER in reading.rules):
        return
    record_answer(conn, answer, invited, stored, actor=reading.sender.person if reading.sender else "", is_old=is_old, now=now)


def record_answer(
    conn: Connection, answer: CalendarAnswer, invited: Invitation, stored: StoredMail, *, actor: str, is_old: bool = False, now: datetime
) -> None:
    """Adds an answer with its line of history; nothing where this mail has given it before."""
    earlier = answer.sequence if answer.sequence is not None else max(invited.sequence - 1, 0)
    fact = Answered(
        uid=invited.uid,
        inbound=stored.id,
        sequence=earlier if is_old else invited.sequence,
        attendance=answer.attendance,
        at=stored.mail.internal_date,
        stamped_at=answer.stamped_at,
        actor=actor,
        comment=answer.comment,
        proposed_start=answer.starts_at if answer.attendance is Attendance.COUNTER else None,
        proposed_end=answer.ends_at if answer.attendance is Attendance.COUNTER else None,
        is_old=is_old,
    )
    if not invitations.record_answer(conn, fact):
        return
    document = {"inbound": stored.id, "answer": answer.attendance.value, "meeting": invited.meeting.value, "old": is_old}
    for party in invited.parties:
        events.append_event(
            conn, ANSWERED, now, actor=actor, programme=invited.programme, round_id=invited.round, party=party, document=document
        )


class NoSuchSlot(UsageFailure):
    """A proposed time that cannot be had. `reason` names the sentence in which a coordinator is told, `values` fill it in."""

    def __init__(self, message: str, *, advice: str, reason: str, **values: object) -> None:
        super().__init__(message, advice=advice)
        self.reason, self.values = reason, values


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Another time that somebody proposes, and whose it would be."""

    meeting: HeldMeeting
    slot: HearingSlot


def check_proposal(conn: Connection, setup: Setup, answer: CalendarAnswer, invited: Invitation) -> Proposal:
    """The slot that a COUNTER asks for. Raises UsageFailure where it cannot be had, and says why."""
    held = next(
        (
            one
            for one in list_meetings(setup, conn)
            if (one.round.programme, one.round.id, one.meeting.kind) == (invited.programme, invited.round, invited.meeting)
        ),
        None,
    )
    if held is None or invited.meeting is MeetingKind.SEMINAR or answer.starts_at is None:
        raise UsageFailure(
            "No time can be read from it that these hearings could take up.", advice="Set `wishes` in schedule.yaml, or call."
        )
    own = held.order.of_party(invited.parties[0])
    minutes = int((invited.ends_at - invited.starts_at).total_seconds()) // 60
    starts = answer.starts_at.astimezone(setup.calendar.zone)
    slot = HearingSlot(parties=invited.parties, on=starts.date(), begins=starts.time(), ends=_later(starts.time(), minutes))
    if not _is_within(held.meeting, slot):
        why = f"{starts:%Y-%m-%d %H:%M} is not within the hours of the hearings."
        raise NoSuchSlot(why, advice="Change `on`, `from` or `until` in schedule.yaml.", reason="slot_outside", when=starts)
    other = next((one for one in held.order.slots if one != own and _meets(one, slot)), None)
    if other is not None:
        why = f"At {starts:%H:%M} somebody else is heard: {', '.join(other.parties)}."
        raise NoSuchSlot(why, advice="Set `wishes` in schedule.yaml to move them.", reason="slot_taken", when=starts)
    return Proposal(meeting=held, slot=slot)


def take_proposal(conn: Connection, proposal: Proposal, *, because: str, actor: str, now: datetime) -> None:
    """Fixes the slot by decision, as a wish of the file would; an earlier decision of the same party ends.

    What the files say of it is kept: an edit of that ends the decision (DESIGN, decision 5).
    """
    one, slot = proposal.meeting.round, proposal.slot
    party, subject = slot.parties[0], proposal.meeting.meeting.kind.value
    wish = proposal.meeting.meeting.wishes.get(party)
    files = wish.written if wish else ""
    for earlier in overlays.load_overlays(conn, kind=OverlayKind.SLOT, subject=subject):
        if (earlier.programme, earlier.round, earlier.party) == (one.programme, one.id, party):
            files = str(earlier.value.get("files", ""))
            overlays.end_overlay(conn, earlier.id, because="Another time was agreed.", now=now)
    overlays.add_overlay(
        conn,
        kind=OverlayKind.SLOT,
        programme=one.programme,
        round_id=one.id,
        party=party,
        subject=subject,
        value={"on": slot.on.isoformat(), "begins": f"{slot.begins:%H:%M}", "files": files},
        because=because,
        actor=actor,
        now=now,
    )


def _is_within(meeting: Meeting, slot: HearingSlot) -> bool:
    is_open = slot.on in meeting.days and meeting.opens <= slot.begins < slot.ends <= meeting.until
    return is_open and all(slot.ends <= one.begins or one.ends <= slot.begins for one in meeting.breaks)


def _meets(one: HearingSlot, other: HearingSlot) -> bool:
    return one.on == other.on and one.begins < other.ends and other.begins < one.ends


def _later(clock: time, minutes: int) -> time:
    whole = clock.hour * 60 + clock.minute + minutes
    return time(min(whole // 60, 23), whole % 60 if whole < 24 * 60 else 59)


def read_proposal(document: Mapping[str, Any]) -> datetime | None:
    """The time that a stored reading proposes; None where it proposes none."""
    said = document.get("calendar")
    written = said.get("proposed") if isinstance(said, dict) else None
    return datetime.fromisoformat(written) if isinstance(written, str) else None
