"""Running orders: examples that can be read, and what holds for every meeting."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from reminder.domain.hearings import Break, HearingSlot, Meeting, MeetingKind, RunningOrder, Visit, Wish
from reminder.plan.hearings import list_visits, place_visits, plan_meeting
from tests.plan.cast import DIRECTORY, PARTIES, programme_of, round_of, setup_of

FIRST, SECOND, THIRD = date(2025, 3, 18), date(2025, 3, 19), date(2025, 3, 20)
LEAN = settings(max_examples=40, deadline=None)


def meeting_of(**changes: object) -> Meeting:
    """An afternoon of hearings for the whole cast."""
    afternoon = Meeting(
        kind=MeetingKind.HEARING,
        days=(FIRST,),
        opens=time(13),
        until=time(16),
        parties=PARTIES,
        invite_on=date(2025, 2, 18),
    )
    return replace(afternoon, **changes)  # type: ignore[arg-type]


def visit_of(name: str, *actions: str, minutes: int = 15) -> Visit:
    """One party that comes alone."""
    return Visit(parties=(name,), people=(name,), actions=frozenset(actions), minutes=minutes)


def told(order: RunningOrder) -> list[str]:
    """`18. 13:00-13:15 rehtori`."""
    return [f"{slot.on.day}. {slot.begins:%H:%M}-{slot.ends:%H:%M} {'+'.join(slot.parties)}" for slot in order.slots]


def test_the_whole_cast() -> None:
    """Who shares an action stands beside; who writes for two parties comes once; the rest as in the programme."""
    order = plan_meeting(setup_of(), round_of(), meeting_of(per_action=10))

    assert told(order) == [
        "18. 13:00-13:20 rehtori",
        "18. 13:20-13:35 kyla",
        "18. 13:35-13:50 museo",
        "18. 13:50-14:10 matkailu+markkinointi",
        "18. 14:10-14:25 yhtio",
    ]


def test_the_seminar_is_for_all_at_once() -> None:
    """Each visit has the whole time."""
    order = plan_meeting(setup_of(), round_of(), meeting_of(kind=MeetingKind.SEMINAR))

    assert {(slot.begins, slot.ends) for slot in order.slots} == {(time(13), time(16))}
    assert sorted(party for slot in order.slots for party in slot.parties) == sorted(PARTIES)


def test_wishes_breaks_and_a_second_day() -> None:
    """A wish stands where it was wished, a break stays free, and who finds no room comes on the next day."""
    meeting = meeting_of(
        days=(FIRST, SECOND),
        until=time(14),
        breaks=(Break(begins=time(13, 30), ends=time(13, 40)),),
        wishes={"d": Wish(on=SECOND, begins=time(13, 45))},
    )
    order = place_visits([visit_of(name) for name in "abcde"], meeting)

    assert told(order) == ["18. 13:00-13:15 a", "18. 13:15-13:30 b", "18. 13:40-13:55 c", "19. 13:00-13:15 e", "19. 13:45-14:00 d"]


def test_invited_stay_where_they_are() -> None:
    """A party that is new, or shares actions with another by now, moves nobody; one that goes leaves a hole for the next."""
    before = place_visits([visit_of(name) for name in "abc"], meeting_of())
    after = place_visits([visit_of("c", "x"), visit_of("d", "x"), visit_of("a")], meeting_of(), before.slots)

    assert told(before) == ["18. 13:00-13:15 a", "18. 13:15-13:30 b", "18. 13:30-13:45 c"]
    assert told(after) == ["18. 13:00-13:15 a", "18. 13:15-13:30 d", "18. 13:30-13:45 c"]


def test_another_day_takes_its_slots_with_it() -> None:
    """The day moves, the hours stay."""
    before = place_visits([visit_of(name) for name in "ab"], meeting_of())
    after = place_visits([visit_of(name) for name in "xab"], meeting_of(days=(THIRD,)), before.slots)

    assert told(after) == ["20. 13:00-13:15 a", "20. 13:15-13:30 b", "20. 13:30-13:45 x"]


def test_a_new_wish_moves_who_stood_there() -> None:
    """The wish has the slot; who had it comes as early as there is room."""
    before = place_visits([visit_of(name) for name in "ab"], meeting_of())
    wished = meeting_of(wishes={"c": Wish(on=FIRST, begins=time(13, 10))})
    after = place_visits([visit_of(name) for name in "abc"], wished, before.slots)

    assert told(after) == ["18. 13:10-13:25 c", "18. 13:25-13:40 a", "18. 13:40-13:55 b"]


def test_a_declined_slot_is_for_others() -> None:
    """Who declined gets another one, and a wish for the freed time is heard."""
    before = place_visits([visit_of(name) for name in "ab"], meeting_of())
    declined = [slot for slot in before.slots if slot.parties == ("a",)]
    kept = [slot for slot in before.slots if slot.parties == ("b",)]
    after = place_visits([visit_of(name) for name in "abc"], meeting_of(), kept, declined)
    wished = meeting_of(wishes={"c": Wish(on=FIRST, begins=time(13))})

    assert told(after) == ["18. 13:00-13:15 c", "18. 13:15-13:30 b", "18. 13:30-13:45 a"]
    assert told(place_visits([visit_of(name) for name in "abc"], wished, kept, declined))[0] == "18. 13:00-13:15 c"


def test_a_tight_day_is_filled_with_the_longest_first() -> None:
    """Where standing beside each other leaves somebody out, room goes before company."""
    meeting = meeting_of(until=time(14), breaks=(Break(begins=time(13, 20), ends=time(13, 30)),))
    order = place_visits([visit_of("a"), visit_of("b"), visit_of("c", minutes=20)], meeting)

    assert told(order) == ["18. 13:00-13:20 c", "18. 13:30-13:45 a", "18. 13:45-14:00 b"]


def test_what_does_not_fit_is_named() -> None:
    """Nobody is squeezed in."""
    order = place_visits([visit_of("a", minutes=120), visit_of("b", minutes=90)], meeting_of())

    assert [visit.parties for visit in order.unplaced] == [("b",)]


def test_who_shares_a_contact_comes_once_however_many_they_are() -> None:
    """Three parties that hang together by two contacts are one visit."""
    contacts = dict(DIRECTORY.parties)
    both = replace(contacts["museo"], contacts=(*contacts["museo"].contacts, *contacts["yhtio"].contacts))
    directory = replace(DIRECTORY, parties={**contacts, "museo": both})
    visits = list_visits(programme_of(), directory, round_of(), meeting_of())

    assert [visit.parties for visit in visits] == [("rehtori",), ("museo", "yhtio"), ("matkailu", "markkinointi"), ("kyla",)]
    assert visits[1].people == ("museo", "museo.varalla", "yhtio")


CLOCKS = st.integers(min_value=13 * 12, max_value=16 * 12 - 1).map(lambda five: time(five // 12, five % 12 * 5))
VISITS = st.lists(
    st.builds(
        lambda number, actions, minutes: visit_of(f"p{number}", *actions, minutes=minutes),
        st.integers(0, 30),
        st.frozensets(st.sampled_from("uvwxyz"), max_size=3),
        st.sampled_from([10, 15, 20, 45]),
    ),
    max_size=14,
    unique_by=lambda visit: visit.parties,
)
MEETINGS = st.builds(
    lambda days, breaks, wishes: meeting_of(
        days=tuple(sorted(days)),
        breaks=tuple(Break(begins=one, ends=time(one.hour, one.minute + 5)) for one in breaks if one.minute < 55),
        wishes={f"p{number}": Wish(on=min(days), begins=one) for number, one in wishes.items()},
    ),
    st.frozensets(st.sampled_from([FIRST, SECOND, THIRD]), min_size=1),
    st.lists(CLOCKS, max_size=2),
    st.dictionaries(st.integers(0, 30), CLOCKS, max_size=2),
)


def minutes(clock: time) -> int:
    """Of the day."""
    return clock.hour * 60 + clock.minute


@LEAN
@given(VISITS, MEETINGS)
def test_every_order_is_sound(visits: list[Visit], meeting: Meeting) -> None:
    """Everybody is placed once or named, as long as asked, no two at a time, within the hours and beside the breaks but for wishes."""
    order = place_visits(visits, meeting)

    placed = [party for slot in order.slots for party in slot.parties]
    assert sorted((*placed, *(party for visit in order.unplaced for party in visit.parties))) == sorted(one.parties[0] for one in visits)
    for one, other in combinations(order.slots, 2):
        assert one.on != other.on or one.ends <= other.begins or other.ends <= one.begins
    length = {visit.parties: visit.minutes for visit in visits}
    for slot in order.slots:
        assert slot.on in meeting.days
        assert minutes(slot.ends) - minutes(slot.begins) == length[slot.parties]
        if slot.parties[0] not in meeting.wishes:
            assert meeting.opens <= slot.begins < slot.ends <= meeting.until
            assert all(slot.ends <= one.begins or one.ends <= slot.begins for one in meeting.breaks)


@LEAN
@given(VISITS, MEETINGS)
def test_nothing_is_left_out_that_has_room(visits: list[Visit], meeting: Meeting) -> None:
    """For who is left out there is no free stretch that is long enough."""
    order = place_visits(visits, meeting)
    for visit in order.unplaced:
        for day in meeting.days:
            busy = [(minutes(slot.begins), minutes(slot.ends)) for slot in order.slots if slot.on == day]
            busy += [(minutes(one.begins), minutes(one.ends)) for one in meeting.breaks]
            at, free = minutes(meeting.opens), [0]
            for begins, ends in [*sorted(busy), (minutes(meeting.until), minutes(meeting.until))]:
                free.append(min(begins, minutes(meeting.until)) - at)
                at = max(at, ends)
            assert max(free) < visit.minutes


@LEAN
@given(VISITS, MEETINGS)
def test_small_changes_move_nobody(visits: list[Visit], meeting: Meeting) -> None:
    """Planned again, with one more, with one less, with other actions: who was invited keeps the slot to the minute."""
    before = place_visits(visits, meeting)
    slots = {slot.parties: slot for slot in before.slots}

    assert place_visits(visits, meeting, before.slots).slots == before.slots
    for others in ([*visits, visit_of("new", "x", minutes=10)], visits[1:], [replace(visit, actions=frozenset("x")) for visit in visits]):
        after = {slot.parties: slot for slot in place_visits(others, meeting, before.slots).slots}
        invited = {visit.parties for visit in others} & slots.keys()
        assert {parties: after.get(parties) for parties in invited} == {parties: slots[parties] for parties in invited}


@LEAN
@given(VISITS, MEETINGS, st.data())
def test_nobody_is_offered_what_they_declined(visits: list[Visit], meeting: Meeting, data: st.DataObject) -> None:
    """However many times one declines, no minute of those slots comes back, and the others stay."""
    order, declined = place_visits(visits, meeting), list[HearingSlot]()
    for _ in range(3):
        if not order.slots:
            return
        chosen = data.draw(st.sampled_from(order.slots))
        declined.append(chosen)
        kept = [slot for slot in order.slots if slot.parties != chosen.parties]
        order = place_visits(visits, meeting, kept, declined)
        assert set(kept) <= set(order.slots)
        for slot in order.slots:
            own = [one for one in declined if one.parties == slot.parties and one.on == slot.on]
            assert all(slot.ends <= one.begins or one.ends <= slot.begins for one in own)
