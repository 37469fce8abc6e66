"""The meetings as they stand: who was told what, what was answered, and the running order that follows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time

from sqlalchemy import Connection

from reminder.domain.hearings import Attendance, HearingSlot, Invitation, InviteMethod, Meeting, MeetingKind, RunningOrder, Wish
from reminder.domain.rounds import ReportingRound
from reminder.domain.setup import Setup
from reminder.domain.workdays import Calendar
from reminder.plan.hearings import plan_meeting
from reminder.store.invitations import Answered, fold_answers, load_answers, load_invitations, newest
from reminder.store.overlays import Overlay


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldMeeting:
    """A meeting with its running order."""

    round: ReportingRound
    meeting: Meeting
    order: RunningOrder
    told: Mapping[str, Invitation] = field(default_factory=dict)
    """What each person was told last, by UID."""
    answers: Mapping[tuple[str, int], Answered] = field(default_factory=dict)
    """What counts of what was answered, by UID and SEQUENCE."""
    before: Mapping[tuple[str, int], Invitation] = field(default_factory=dict)
    """Everything that was told, by UID and SEQUENCE."""

    def answer_of(self, one: Invitation) -> Answered | None:
        """What the person has answered to it."""
        return self.answers.get((one.uid, one.sequence))

    def has_declined(self, one: Invitation) -> bool:
        """Whether the person has said no to it."""
        return _is_no(self.answer_of(one))


def list_meetings(setup: Setup, conn: Connection | None = None) -> Iterator[HeldMeeting]:
    """Every meeting of every round, in the order of the files; without a database as it would be first."""
    for one in setup.rounds:
        told = load_invitations(conn, programme=one.programme, round_id=one.id) if conn is not None and one.meetings else ()
        answers = fold_answers(load_answers(conn, {each.uid for each in told})) if conn is not None and told else {}
        for meeting in one.meetings:
            yield hold_meeting(setup, one, meeting, [each for each in told if each.meeting is meeting.kind], answers)


def hold_meeting(
    setup: Setup,
    one: ReportingRound,
    meeting: Meeting,
    told: Sequence[Invitation] = (),
    answers: Mapping[tuple[str, int], Answered] | None = None,
) -> HeldMeeting:
    """A meeting with the order that follows from what was told and answered."""
    answers = answers or {}
    holding = newest(told)
    requests = [each for each in told if each.method is InviteMethod.REQUEST]
    declined = find_declined(requests, answers)
    kept = _slots(setup.calendar, [each for each in holding.values() if each.method is InviteMethod.REQUEST])
    gone = set(_slots(setup.calendar, [each for each in requests if (each.uid, each.sequence) in declined]))
    return HeldMeeting(
        round=one,
        meeting=meeting,
        order=plan_meeting(setup, one, meeting, [slot for slot in kept if slot not in gone], sorted(gone, key=_when)),
        told=holding,
        answers=answers,
        before={(each.uid, each.sequence): each for each in told},
    )


def with_slots(setup: Setup, decided: Sequence[Overlay]) -> Setup:
    """The setup with the times that were agreed by mail or by hand, as wishes; on a day that is none any more they have no effect."""
    if not decided:
        return setup
    return replace(setup, rounds=tuple(_with_wishes(one, decided) for one in setup.rounds))


def _with_wishes(one: ReportingRound, decided: Sequence[Overlay]) -> ReportingRound:
    own = [each for each in decided if (each.programme, each.round) == (one.programme, one.id)]
    if not own:
        return one
    return replace(one, meetings=tuple(_with_own_wishes(meeting, own) for meeting in one.meetings))


def _with_own_wishes(meeting: Meeting, own: Sequence[Overlay]) -> Meeting:
    agreed = {
        each.party: Wish(on=date.fromisoformat(each.value["on"]), begins=time.fromisoformat(each.value["begins"]))
        for each in own
        if each.subject == meeting.kind.value
    }
    return replace(meeting, wishes={**meeting.wishes, **{party: wish for party, wish in agreed.items() if wish.on in meeting.days}})


def find_declined(requests: Sequence[Invitation], answers: Mapping[tuple[str, int], Answered]) -> frozenset[tuple[str, int]]:
    """What was declined, by UID and SEQUENCE: a slot of several people only where all of them decline it. A seminar goes on anyway."""
    together: dict[tuple[object, ...], list[Invitation]] = defaultdict(list)
    for each in requests:
        if each.meeting is MeetingKind.HEARING:
            together[each.parties, each.starts_at, each.ends_at].append(each)
    return frozenset(
        (each.uid, each.sequence)
        for invited in together.values()
        if all(_is_no(answers.get((each.uid, each.sequence))) for each in invited)
        for each in invited
    )


def _is_no(answer: Answered | None) -> bool:
    return answer is not None and answer.attendance is Attendance.DECLINED


def _slots(calendar: Calendar, told: Sequence[Invitation]) -> list[HearingSlot]:
    return list(dict.fromkeys(slot_of(calendar, each) for each in told))


def slot_of(calendar: Calendar, one: Invitation) -> HearingSlot:
    """The slot that a person was invited to, in local time."""
    starts, ends = (at.astimezone(calendar.zone) for at in (one.starts_at, one.ends_at))
    return HearingSlot(parties=one.parties, on=starts.date(), begins=starts.time(), ends=ends.time())


def _when(slot: HearingSlot) -> tuple[datetime, tuple[str, ...]]:
    return datetime.combine(slot.on, slot.begins), slot.parties
