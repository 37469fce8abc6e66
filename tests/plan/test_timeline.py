"""The year as planned steps: which, when, until when, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from reminder.domain.intents import PlannedStep
from reminder.domain.rounds import DateRule, DigestRule, EscalationRule, Extension, Repeat, SendingWindow, StepKind
from reminder.domain.setup import Setup
from reminder.domain.workdays import Calendar, DatedReason, DeadlineRule, Unit
from reminder.plan.dates import deadline_date, request_date
from reminder.plan.timeline import asked_parties, closes_on, party_deadline, plan_timeline, rule_date
from tests.plan.cast import CALENDAR, HELSINKI, SCHEDULE, STATEMENTS, extension, local, round_of, rule, setup_of


def written(step: PlannedStep) -> str:
    """`reminder 1: Wed 26.2.2025 08:00`."""
    at = step.not_before.astimezone(HELSINKI)
    version = f" v{step.key.deadline_version}" if step.key.deadline_version else ""
    return f"{step.key.step} {step.key.ordinal}{version}: {at:%a} {at.day}.{at.month}.{at.year} {at:%H:%M}"


def ladder(setup: Setup, party: str = "rehtori", extensions: Sequence[Extension] = ()) -> list[str]:
    """The steps of one party."""
    return [written(step) for step in plan_timeline(setup, extensions=extensions) if step.key.party == party]


def find(setup: Setup, kind: StepKind, ordinal: int = 0, party: str = "rehtori") -> PlannedStep:
    """One step of the year."""
    wanted = (kind, ordinal, party)
    return next(step for step in plan_timeline(setup) if (step.key.step, step.key.ordinal, step.key.party) == wanted)


def explained(reason: DatedReason) -> list[str]:
    """A chain as short sentences."""
    return [
        " ".join(
            part
            for part in (
                link.kind.value,
                link.on.isoformat(),
                f"{link.amount:+} {link.unit}" if link.unit else "",
                link.name.in_language("en") if link.name else "",
            )
            if part
        )
        for link in reason.chain
    ]


def test_ladder_of_the_round_of_2024(city: Setup) -> None:
    """The example of the schedule file comes out as the people who wrote it expect; the notice leaves Epiphany week alone."""
    assert ladder(city) == [
        "notice 0: Fri 3.1.2025 08:00",
        "request 0: Fri 14.2.2025 08:00",
        "reminder 0: Fri 21.2.2025 08:00",
        "reminder 1: Wed 26.2.2025 08:00",
        "last_call 0: Fri 28.2.2025 08:00",
        "overdue 0: Mon 3.3.2025 08:00",
        "overdue 1: Fri 7.3.2025 08:00",
        "overdue 2: Fri 21.3.2025 08:00",
        "overdue 3: Fri 4.4.2025 08:00",
        "overdue 4: Tue 22.4.2025 08:00",
    ]


def test_digests_come_every_monday_until_the_round_closes(city: Setup) -> None:
    """At their own time; Easter Monday moves to Tuesday; each lasts until the next, the last one a week."""
    digests = [step for step in plan_timeline(city) if step.key.step is StepKind.DIGEST]

    assert written(digests[0]) == "digest 0: Mon 17.2.2025 08:30"
    assert [written(step) for step in digests[-2:]] == ["digest 8: Mon 14.4.2025 08:30", "digest 9: Tue 22.4.2025 08:30"]
    assert [step.expires_at for step in digests[:-1]] == [step.not_before for step in digests[1:]]
    assert digests[-1].expires_at == local("2025-04-29 08:30")
    assert explained(digests[-1].why) == ["base 2025-04-21 every Monday", "moved 2025-04-21 Toinen pääsiäispäivä", "result 2025-04-22"]


def test_digest_on_every_working_day() -> None:
    """Without a weekday the digest comes on every working day from its start, and on no other."""
    schedule = replace(SCHEDULE, digest=DigestRule(weekday=None, at=time(9), start=rule("due", 1)), closes=rule("due", 7))
    digests = ladder(setup_of(round_of(schedule)), party="")

    assert [entry.split(": ")[1] for entry in digests] == [
        "Mon 3.3.2025 09:00",
        "Tue 4.3.2025 09:00",
        "Wed 5.3.2025 09:00",
        "Thu 6.3.2025 09:00",
        "Fri 7.3.2025 09:00",
    ]


def test_who_only_contributes_gets_notice_and_request(city: Setup) -> None:
    """A contributor is asked once and never chased."""
    assert ladder(city, "kyla") == ["notice 0: Fri 3.1.2025 08:00", "request 0: Fri 14.2.2025 08:00"]


def test_only_who_is_asked_is_in_the_year(city: Setup) -> None:
    """A party without an action of the round's years gets nothing at all, and a round that asks nobody no digest."""
    assert asked_parties(city.rounds[0], city.programmes["elinvoima"]) == {
        "rehtori": True,
        "kyla": False,
        "museo": True,
        "matkailu": True,
        "markkinointi": True,
        "yhtio": True,
    }
    assert plan_timeline(setup_of(round_of(years=frozenset({2031})))) == ()


def test_ends_of_steps(city: Setup) -> None:
    """The notice ends when the request goes, reminders with the deadline's day, the rest when the round closes."""
    ends = {kind: find(city, kind).expires_at for kind in StepKind if not kind.is_for_coordinator and kind is not StepKind.ESCALATION}

    assert ends[StepKind.NOTICE] == local("2025-02-14 08:00")
    assert ends[StepKind.REMINDER] == ends[StepKind.LAST_CALL] == local("2025-03-01 00:00")
    assert ends[StepKind.REQUEST] == ends[StepKind.OVERDUE] == local("2025-04-26 00:00")


def test_escalation_comes_twice_and_never_early() -> None:
    """On its day, and again after its grace of working days, both while the round is open; each with its own reason."""
    schedule = replace(SCHEDULE, escalation=EscalationRule(at=rule("due", 10, Unit.WORKING_DAYS), grace=5))
    setup = setup_of(round_of(schedule))

    assert [entry for entry in ladder(setup) if entry.startswith("escalation")] == [
        "escalation 0: Fri 14.3.2025 08:00",
        "escalation 1: Fri 21.3.2025 08:00",
    ]
    assert explained(find(setup, StepKind.ESCALATION, 1).why)[-2:] == ["offset 2025-03-14 +5 working days", "result 2025-03-21"]
    assert find(setup, StepKind.ESCALATION, 1).expires_at == local("2025-04-26 00:00")
    early = replace(SCHEDULE, escalation=EscalationRule(at=rule("due", -3), grace=60))
    assert [entry for entry in ladder(setup_of(round_of(early))) if entry.startswith("escalation")] == ["escalation 0: Mon 3.3.2025 08:00"]


def test_reason_of_a_reminder_goes_back_to_the_anchor() -> None:
    """A reminder's reason begins with the deadline's own, and names each holiday that was skipped."""
    setup = setup_of(round_of(statements=date(2026, 3, 24)))

    assert explained(find(setup, StepKind.REMINDER).why) == [
        "base 2026-03-24 Tilinpäätös",
        "offset 2026-03-24 +10 working days",
        "skipped 2026-04-03 Pitkäperjantai",
        "skipped 2026-04-06 Toinen pääsiäispäivä",
        "result 2026-04-09",
        "base 2026-04-09 deadline",
        "offset 2026-04-09 -5 working days",
        "skipped 2026-04-06 Toinen pääsiäispäivä",
        "skipped 2026-04-03 Pitkäperjantai",
        "result 2026-03-31",
    ]


def test_request_on_a_closed_day_moves_later_and_says_so() -> None:
    """A request never comes before its anchor; what hangs on it counts from the day on which it goes."""
    one = round_of(replace(SCHEDULE, due=rule("request", 2, Unit.WEEKS)), statements=date(2026, 4, 3))

    assert explained(request_date(one, CALENDAR))[1:] == [
        "moved 2026-04-03 Pitkäperjantai",
        "moved 2026-04-04",
        "moved 2026-04-05 Pääsiäispäivä",
        "moved 2026-04-06 Toinen pääsiäispäivä",
        "result 2026-04-07",
    ]
    assert deadline_date(one, CALENDAR).on == date(2026, 4, 21)


def test_reminder_on_a_closed_day_moves_earlier() -> None:
    """What warns before the deadline must not come later than it was meant to."""
    setup = setup_of(round_of(replace(SCHEDULE, reminders=(rule("due", -5),))))

    assert written(find(setup, StepKind.REMINDER)) == "reminder 0: Fri 21.2.2025 08:00"
    assert explained(find(setup, StepKind.REMINDER).why)[-3:] == ["moved 2025-02-23", "moved 2025-02-22", "result 2025-02-21"]


def test_reminder_never_comes_with_the_request_or_before_it() -> None:
    """A reminder that would fall on the request's day or before it goes on the next working day after it, and says why."""
    schedule = replace(SCHEDULE, reminders=(rule("due", -13), rule("due", -20)))
    setup = setup_of(round_of(schedule))

    assert [entry for entry in ladder(setup) if entry.startswith("reminder")] == [
        "reminder 0: Mon 17.2.2025 08:00",
        "reminder 1: Mon 17.2.2025 08:00",
    ]
    assert "moved 2025-02-08 the request has not gone out yet" in explained(find(setup, StepKind.REMINDER).why)


def test_reminders_are_numbered_by_time_not_by_line() -> None:
    """Swapping two lines of the file changes no key, so nothing is sent twice."""
    swapped = replace(SCHEDULE, reminders=tuple(reversed(SCHEDULE.reminders)))

    assert plan_timeline(setup_of(round_of(swapped))) == plan_timeline(setup_of())


def test_notice_on_a_closed_day_goes_later_but_before_the_request() -> None:
    """The notice moves to the next working day, unless the request goes on that day."""
    later = setup_of(round_of(replace(SCHEDULE, notice=rule("2025-01-04"))))
    earlier = setup_of(round_of(replace(SCHEDULE, notice=rule("2025-02-08")), statements=date(2025, 2, 10)))

    assert written(find(later, StepKind.NOTICE)) == "notice 0: Tue 7.1.2025 08:00"
    assert written(find(earlier, StepKind.NOTICE)) == "notice 0: Fri 7.2.2025 08:00"


def test_overdue_is_never_said_before_the_deadline_has_passed() -> None:
    """An overdue step that is written too early goes on the first working day after the deadline, and says why."""
    setup = setup_of(round_of(replace(SCHEDULE, overdue=(rule("due"),), overdue_repeat=None)))

    assert written(find(setup, StepKind.OVERDUE)) == "overdue 0: Mon 3.3.2025 08:00"
    assert "moved 2025-02-28 not late yet" in explained(find(setup, StepKind.OVERDUE).why)


def test_last_call_on_a_closed_deadline_goes_on_the_working_day_before() -> None:
    """With `exact` a deadline may be a Sunday; its last call then goes on Friday and lasts until the Sunday ends."""
    schedule = replace(SCHEDULE, due=rule("2025-03-02"))
    setup = setup_of(replace(round_of(schedule), deadline_rule=DeadlineRule.EXACT))
    step = find(setup, StepKind.LAST_CALL)

    assert written(step) == "last_call 0: Fri 28.2.2025 08:00"
    assert step.expires_at == local("2025-03-03 00:00")


def test_repeats_do_not_drift() -> None:
    """A monthly repeat counts from its first date each time: after 28.2. comes 31.3. again, not 28.3."""
    schedule = replace(
        SCHEDULE,
        due=rule("2025-01-30"),
        request=rule("2025-01-07"),
        notice=None,
        closes=rule("2025-06-30"),
        overdue=(rule("due", 1),),
        overdue_repeat=Repeat(amount=1, unit=Unit.MONTHS),
    )
    overdue = [entry for entry in ladder(setup_of(round_of(schedule))) if entry.startswith("overdue")]

    assert [entry.split(": ")[1] for entry in overdue] == [
        "Fri 31.1.2025 08:00",
        "Fri 28.2.2025 08:00",
        "Mon 31.3.2025 08:00",
        "Wed 30.4.2025 08:00",
        "Mon 2.6.2025 08:00",
        "Mon 30.6.2025 08:00",
    ]


def test_repeat_that_goes_nowhere_is_refused() -> None:
    """`then every 0 weeks` is an error, not an endless year."""
    schedule = replace(SCHEDULE, overdue_repeat=Repeat(amount=0, unit=Unit.WEEKS))

    with pytest.raises(ValueError, match="go forward"):
        plan_timeline(setup_of(round_of(schedule)))


def test_dates_that_hang_on_each_other_are_refused(calendar: Calendar) -> None:
    """A circle of rules and an unknown anchor are named, not followed for ever."""
    circle = round_of(replace(SCHEDULE, request=rule("due", -10), due=rule("request", 10)))

    with pytest.raises(ValueError, match="circle: due - request - due"):
        deadline_date(circle, calendar)
    with pytest.raises(ValueError, match="'council'"):
        rule_date(round_of(), calendar, rule("council", 3))


@pytest.mark.parametrize(
    ("base", "amount", "unit", "on"),
    [
        (STATEMENTS, -6, Unit.WEEKS, "2025-01-03"),
        (STATEMENTS, 0, Unit.DAYS, "2025-02-14"),
        ("due", -2, Unit.WORKING_DAYS, "2025-02-26"),
        ("request", 1, Unit.MONTHS, "2025-03-14"),
        ("2025-03-31", -1, Unit.MONTHS, "2025-02-28"),
    ],
)
def test_rules_hang_on_anchors_deadline_request_and_dates(calendar: Calendar, base: str, amount: int, unit: Unit, on: str) -> None:
    """A rule counts from an anchor, from `due`, from `request` or from a date, and is not moved off a closed day."""
    assert rule_date(round_of(), calendar, DateRule(base=base, amount=amount, unit=unit)).on == date.fromisoformat(on)


@pytest.mark.parametrize(
    ("statements", "request_at", "overdue_at"),
    [
        ("2026-03-13", datetime(2026, 3, 13, 6, tzinfo=UTC), datetime(2026, 3, 30, 5, tzinfo=UTC)),
        ("2026-10-09", datetime(2026, 10, 9, 5, tzinfo=UTC), datetime(2026, 10, 26, 6, tzinfo=UTC)),
    ],
)
def test_window_opens_at_the_same_local_hour_on_both_sides_of_a_clock_change(
    statements: str, request_at: datetime, overdue_at: datetime
) -> None:
    """08:00 stays 08:00 through 29.3.2026 and 25.10.2026 (T1)."""
    setup = setup_of(round_of(statements=date.fromisoformat(statements)))

    assert find(setup, StepKind.REQUEST).not_before == request_at
    assert find(setup, StepKind.OVERDUE).not_before == overdue_at


@pytest.mark.fault("C4", "C5")
def test_nothing_is_planned_in_the_hour_of_the_clock_changes() -> None:
    """A window or digest that begins from 03:00 to 04:00 begins at 04:00, which exists once every day (C4, C5)."""
    early = replace(
        round_of(replace(SCHEDULE, digest=DigestRule(weekday=0, at=time(3, 59), start=rule("request")))),
        window=SendingWindow(opens=time(3, 0), closes=time(16)),
    )
    clocks = {step.not_before.astimezone(HELSINKI).time() for step in plan_timeline(setup_of(early))}

    assert clocks == {time(4, 0)}


def test_extension_restarts_the_ladder_with_its_own_version(city: Setup) -> None:
    """What hangs on the deadline hangs on the new one; notice and request stay; the round closes when it did."""
    granted = extension("rehtori", date(2025, 3, 14), decided_at=local("2025-02-26 12:00"))

    assert ladder(city, extensions=(granted,)) == [
        "notice 0: Fri 3.1.2025 08:00",
        "request 0: Fri 14.2.2025 08:00",
        "reminder 0 v1: Fri 7.3.2025 08:00",
        "reminder 1 v1: Wed 12.3.2025 08:00",
        "last_call 0 v1: Fri 14.3.2025 08:00",
        "overdue 0 v1: Mon 17.3.2025 08:00",
        "overdue 1 v1: Fri 21.3.2025 08:00",
        "overdue 2 v1: Fri 4.4.2025 08:00",
        "overdue 3 v1: Tue 22.4.2025 08:00",
    ]
    assert ladder(city, "museo", (granted,)) == ladder(city, "museo")


def test_newest_extension_counts_and_its_past_is_left_out(city: Setup) -> None:
    """Of several extensions the one of the highest version counts; its steps before the decision belong to the deadline before."""
    first = extension("rehtori", date(2025, 3, 14), decided_at=local("2025-02-26 12:00"))
    second = extension("rehtori", date(2025, 3, 18), decided_at=local("2025-03-12 09:00"), version=2)
    steps = [entry for entry in ladder(city, extensions=(second, first)) if " v" in entry]

    assert steps[:3] == ["reminder 1 v2: Fri 14.3.2025 08:00", "last_call 0 v2: Tue 18.3.2025 08:00", "overdue 0 v2: Wed 19.3.2025 08:00"]


def test_extension_past_the_end_moves_the_end(city: Setup) -> None:
    """An extension later than the closing day keeps the round open for the party until that day, and the digest with it."""
    granted = extension("rehtori", date(2025, 5, 16), decided_at=local("2025-02-26 12:00"))
    deadline = party_deadline(city, city.rounds[0], "rehtori", extensions=(granted,))
    digests = ladder(city, "", (granted,))

    assert (deadline.due_on, deadline.closes_on, deadline.version) == (date(2025, 5, 16), date(2025, 5, 16), 1)
    assert not [entry for entry in ladder(city, extensions=(granted,)) if entry.startswith("overdue")]
    assert digests[-1] == "digest 12: Mon 12.5.2025 08:30"


def test_party_deadline_with_and_without_extension(city: Setup) -> None:
    """A deadline says its day, its reason and its version; an extension is kept to the day that was decided."""
    granted = extension("rehtori", date(2025, 3, 15), decided_at=local("2025-02-26 12:00"))
    plain = party_deadline(city, city.rounds[0], "museo", extensions=(granted,))
    extended = party_deadline(city, city.rounds[0], "rehtori", extensions=(granted,))

    assert (plain.due_on, plain.closes_on, plain.version, plain.extension) == (date(2025, 2, 28), date(2025, 4, 25), 0, None)
    assert explained(plain.why) == ["base 2025-02-14 Tilinpäätös", "offset 2025-02-14 +10 working days", "result 2025-02-28"]
    assert (extended.due_on, extended.version, extended.extension) == (date(2025, 3, 15), 1, granted)
    assert explained(extended.why) == ["base 2025-03-15 extension", "result 2025-03-15"]


@pytest.mark.fault("C7")
def test_deadline_rule_moves_the_deadline_and_all_that_hangs_on_it() -> None:
    """28.2.2026 is a Saturday: due on Monday 2.3., last call that morning, overdue the day after (C7)."""
    setup = setup_of(round_of(replace(SCHEDULE, due=rule("2026-02-28")), statements=date(2026, 2, 13)))

    assert explained(find(setup, StepKind.LAST_CALL).why) == [
        "base 2026-02-28",
        "moved 2026-02-28",
        "moved 2026-03-01",
        "result 2026-03-02",
        "base 2026-03-02 deadline",
        "result 2026-03-02",
    ]
    assert written(find(setup, StepKind.OVERDUE)) == "overdue 0: Tue 3.3.2026 08:00"
    assert closes_on(setup.rounds[0], CALENDAR) == date(2026, 4, 27)


def test_moving_the_anchor_moves_everything() -> None:
    """Deadlines hang on the financial statements: a week later there, a week later everywhere, keys unchanged."""
    before, after = plan_timeline(setup_of()), plan_timeline(setup_of(round_of(statements=date(2025, 2, 21))))
    chased = {StepKind.REQUEST, StepKind.REMINDER, StepKind.LAST_CALL}
    shifts = {
        (later.not_before - earlier.not_before).days
        for earlier in before
        for later in after
        if earlier.key == later.key and earlier.key.step in chased
    }

    assert shifts == {7}
    assert {step.key for step in after if step.key.step in chased} == {step.key for step in before if step.key.step in chased}
