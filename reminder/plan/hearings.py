"""The running order of a meeting: a pure function of the files and of the slots that people were invited to (decision 0032).

In this order: the wishes, then the slots that were invited to, as they were invited, then the rest, each beside whom it shares
most actions with. The same input always gives the same order; who has been invited keeps the slot unless it must move.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time

from reminder.domain.hearings import HearingSlot, Meeting, MeetingKind, RunningOrder, Visit
from reminder.domain.programme import Directory, Programme
from reminder.domain.rounds import ReportingRound
from reminder.domain.setup import Setup


@dataclass(frozen=True, slots=True, order=True)
class _Span:
    """Minutes of one day; `day` counts the days of the meeting."""

    day: int
    begins: int
    ends: int

    def meets(self, other: _Span) -> bool:
        """Whether they have a minute in common."""
        return self.day == other.day and self.begins < other.ends and other.begins < self.ends


def plan_meeting(
    setup: Setup, one: ReportingRound, meeting: Meeting, invited: Sequence[HearingSlot] = (), declined: Sequence[HearingSlot] = ()
) -> RunningOrder:
    """Who comes when. `invited` are the slots that people have been invited to and have not declined; of `declined` none is
    offered to the same party again."""
    visits = list_visits(setup.programmes[one.programme], setup.directory, one, meeting)
    if meeting.kind is MeetingKind.SEMINAR:
        slots = (HearingSlot(parties=one.parties, on=meeting.days[0], begins=meeting.opens, ends=meeting.until) for one in visits)
        return RunningOrder(slots=tuple(slots))
    return place_visits(visits, meeting, invited, declined)


def list_visits(programme: Programme, directory: Directory, one: ReportingRound, meeting: Meeting) -> tuple[Visit, ...]:
    """Who comes together, in the order of the programme: parties that share a contact make one visit."""
    visits: list[Visit] = []
    for party in meeting.parties:
        people = tuple(contact.id for contact in directory.of_party(party).contacts)
        actions = (*one.actions_of(programme, party), *one.contributions_of(programme, party))
        visit = Visit(parties=(party,), people=people, actions=frozenset(action.id for action in actions))
        for other in [known for known in visits if set(known.people) & set(people)]:
            visits.remove(other)
            visit = _join(other, visit)
        visits.append(visit)
    order = {party: place for place, party in enumerate(meeting.parties)}
    sized = (replace(visit, minutes=_minutes_of(programme, one, meeting, visit)) for visit in visits)
    return tuple(sorted(sized, key=lambda visit: order[visit.parties[0]]))


def _join(first: Visit, second: Visit) -> Visit:
    return Visit(
        parties=(*first.parties, *second.parties),
        people=tuple(dict.fromkeys((*first.people, *second.people))),
        actions=first.actions | second.actions,
    )


def _minutes_of(programme: Programme, one: ReportingRound, meeting: Meeting, visit: Visit) -> int:
    """As long as the actions that these parties answer for need, and never shorter than `length`."""
    led = sum(len(one.actions_of(programme, party)) for party in visit.parties)
    return max(meeting.length, meeting.per_action * led)


def place_visits(
    visits: Sequence[Visit], meeting: Meeting, invited: Sequence[HearingSlot] = (), declined: Sequence[HearingSlot] = ()
) -> RunningOrder:
    """Places these visits within the hours of the meeting."""
    placing = _Placing(meeting, declined)
    waiting = placing.place_wishes(visits)
    waiting = placing.place_invited(waiting, _follow_days(meeting, invited))
    before = dict(placing.taken)
    unplaced = placing.place_rest(list(_chain(waiting)))
    if unplaced:  # the longest first waste less room; who shares actions then stands apart
        tighter = _Placing(meeting, declined, before)
        left = tighter.place_rest(sorted(waiting, key=lambda visit: -visit.minutes))
        if len(left) < len(unplaced):
            placing, unplaced = tighter, left
    slots = sorted((span, visit) for visit, span in placing.taken.items())
    return RunningOrder(slots=tuple(_slot(meeting, visit, span) for span, visit in slots), unplaced=tuple(unplaced))


def _slot(meeting: Meeting, visit: Visit, span: _Span) -> HearingSlot:
    return HearingSlot(parties=visit.parties, on=meeting.days[span.day], begins=_clock(span.begins), ends=_clock(span.ends))


def _chain(visits: Sequence[Visit]) -> Iterator[Visit]:
    """Each visit followed by the one that shares most actions with it; where none does, by the next of the programme."""
    waiting = list(visits)
    last: Visit | None = None
    while waiting:
        shared = [0 if last is None else _shared(one, last) for one in waiting]
        last = waiting.pop(shared.index(max(shared)))
        yield last


def _shared(one: Visit, other: Visit) -> int:
    return len(one.actions & other.actions)


def _follow_days(meeting: Meeting, invited: Sequence[HearingSlot]) -> list[HearingSlot]:
    """The slots on the days of now: where a day was moved, its slots go with it."""
    gone = sorted({slot.on for slot in invited} - set(meeting.days))
    new = sorted(set(meeting.days) - {slot.on for slot in invited})
    moved = dict(zip(gone, new, strict=False))
    return [replace(slot, on=moved.get(slot.on, slot.on)) for slot in invited]


class _Placing:
    """The order in the making: what is taken so far."""

    def __init__(self, meeting: Meeting, declined: Sequence[HearingSlot], taken: Mapping[Visit, _Span] | None = None) -> None:
        self.meeting, self.declined = meeting, declined
        self.days: Mapping[date, int] = {day: number for number, day in enumerate(meeting.days)}
        self.taken: dict[Visit, _Span] = dict(taken or {})
        self.opens, self.until = _minute(meeting.opens), _minute(meeting.until)

    def place_wishes(self, visits: Sequence[Visit]) -> list[Visit]:
        """Gives those with a wish what they wish, whatever else the day holds; the rest. Of two that clash the first has it."""
        rest = []
        for visit in visits:
            wish = next((self.meeting.wishes[party] for party in visit.parties if party in self.meeting.wishes), None)
            day = None if wish is None else self.days.get(wish.on)
            if wish is None or day is None:
                rest.append(visit)
                continue
            begins = _minute(wish.begins)
            span = _Span(day, begins, begins + visit.minutes)
            if any(span.meets(other) for other in (*self.taken.values(), *self._declined_by(visit))):
                rest.append(visit)
            else:
                self.taken[visit] = span
        return rest

    def place_invited(self, visits: Sequence[Visit], invited: Sequence[HearingSlot]) -> list[Visit]:
        """Gives those who were invited their slot, as it was, if the meeting still holds it; the rest."""
        rest = list(visits)
        for slot in sorted(invited, key=lambda slot: (slot.on, slot.begins, slot.parties)):
            visit = next((one for one in rest if set(one.parties) & set(slot.parties)), None)
            day = self.days.get(slot.on)
            span = None if day is None else _Span(day, _minute(slot.begins), _minute(slot.ends))
            if visit is not None and span is not None and self._is_free(span):
                self.taken[visit] = span
                rest.remove(visit)
        return rest

    def place_rest(self, visits: Sequence[Visit]) -> list[Visit]:
        """Places each in turn beside whom it shares most with, else as early as can be; those for whom there is no room."""
        unplaced = []
        for visit in visits:
            ranked = [(self._shared_beside(visit, span), -span.day, -span.begins, span) for span in self._openings(visit)]
            span = max(ranked)[-1] if ranked else None
            if span is None:
                unplaced.append(visit)
            else:
                self.taken[visit] = span
        return unplaced

    def _is_free(self, span: _Span) -> bool:
        is_within = self.opens <= span.begins < span.ends <= self.until
        return is_within and not any(span.meets(other) for other in (*self.taken.values(), *self._breaks(span.day)))

    def _breaks(self, day: int) -> Iterator[_Span]:
        return (_Span(day, _minute(one.begins), _minute(one.ends)) for one in self.meeting.breaks)

    def _openings(self, visit: Visit) -> Iterator[_Span]:
        """Where it fits: at the beginning of each free stretch, and at its end, where it would stand beside the next."""
        for day in self.days.values():
            busy = sorted(span for span in (*self.taken.values(), *self._breaks(day), *self._declined_by(visit)) if span.day == day)
            at = self.opens
            for span in (*busy, _Span(day, self.until, self.until)):
                end = min(span.begins, self.until)
                if end - at >= visit.minutes:
                    yield _Span(day, at, at + visit.minutes)
                    yield _Span(day, end - visit.minutes, end)
                at = max(at, span.ends)

    def _declined_by(self, visit: Visit) -> Iterator[_Span]:
        own = (slot for slot in self.declined if set(slot.parties) & set(visit.parties) and slot.on in self.days)
        return (_Span(self.days[slot.on], _minute(slot.begins), _minute(slot.ends)) for slot in own)

    def _shared_beside(self, visit: Visit, span: _Span) -> int:
        """How many actions it shares with the visits directly before and after."""
        same_day = ((other, taken) for other, taken in self.taken.items() if taken.day == span.day)
        return sum(_shared(visit, other) for other, taken in same_day if span.begins == taken.ends or span.ends == taken.begins)


def _minute(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def _clock(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)
