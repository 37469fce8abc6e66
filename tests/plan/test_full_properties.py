"""Properties of full schedules in three countries over forty years: quiet weeks, times, picked days, escalations, single parties."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from reminder.configuration.calendars import build_calendar
from reminder.configuration.city_days import QuietTime, quiet_days
from reminder.domain.intents import PlannedStep
from reminder.domain.programme import Localised
from reminder.domain.rounds import (
    ROUND_DUE,
    DateRule,
    EscalationRule,
    Pick,
    Repeat,
    ReportingRound,
    RoundSchedule,
    SendingWindow,
    StepKind,
)
from reminder.domain.setup import Setup
from reminder.domain.workdays import Calendar, DeadlineRule, ReasonKind, Unit
from reminder.plan.dates import due_date, request_date
from reminder.plan.known import recipients_of
from reminder.plan.moves import BEFORE_REQUEST, NOT_YET_LATE
from reminder.plan.timeline import plan_timeline
from tests.plan.cast import STATEMENTS, round_of, setup_of
from tests.plan.year import Year, hours

COUNTRIES = {"FI": "Europe/Helsinki", "SE": "Europe/Stockholm", "PT": "Atlantic/Azores"}
LEAN = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
CHASED = {StepKind.REMINDER, StepKind.LAST_CALL}
LATE = {StepKind.OVERDUE, StepKind.ESCALATION}
QUIET_NAME = Localised.everywhere("loma")


SPAN = range(2024, 2065)


@cache
def country_of(country: str) -> Calendar:
    """A country over forty years, built as a configuration builds it."""
    return build_calendar(ZoneInfo(COUNTRIES[country]), country=country, subdivision="", years=SPAN, closed_days={})


@cache
def calendar_of(country: str, weeks: tuple[tuple[int, int], ...]) -> Calendar:
    """The country with these quiet weeks in each year."""
    return replace(country_of(country), quiet=quiet_days([QuietTime(name=QUIET_NAME, weeks=span) for span in weeks], SPAN))


QUIET = st.sampled_from([(), ((8, 8),), ((9, 10),), ((27, 30),), ((7, 7), (9, 9)), ((1, 1), (8, 10), (26, 31), (52, 53))])
CLOCKS = st.none() | st.times(min_value=time(0), max_value=time(15)).map(lambda clock: clock.replace(second=0, microsecond=0))


@st.composite
def rules(draw: st.DrawFn, base: str, least: int, most: int) -> DateRule:
    """A rule with an offset, sometimes the next weekday from there, sometimes at a time of its own."""
    picks = draw(st.just(()) | st.builds(Pick, turn=st.sampled_from([1, 2, -1]), weekday=st.integers(0, 6)).map(lambda pick: (pick,)))
    unit = draw(st.sampled_from([Unit.DAYS, Unit.WORKING_DAYS]))
    return DateRule(base=base, amount=draw(st.integers(least, most)), unit=unit, picks=picks, at=draw(CLOCKS))


SCHEDULES = st.builds(
    RoundSchedule,
    notice=st.none() | rules(STATEMENTS, -50, 0),
    request=rules(STATEMENTS, -5, 10),
    due=rules("request", 15, 45),
    closes=rules("due", 20, 80),
    reminders=st.lists(rules("due", -30, 0), max_size=4).map(tuple),
    last_call=st.none() | rules("due", -2, 0),
    overdue=st.lists(rules("due", 1, 30), max_size=4).map(tuple),
    overdue_repeat=st.none() | st.builds(Repeat, amount=st.integers(1, 3), unit=st.sampled_from([Unit.WEEKS, Unit.WORKING_DAYS])),
    escalation=st.none() | st.builds(EscalationRule, at=rules("due", 1, 30), grace=st.integers(1, 10)),
)


@st.composite
def cities(draw: st.DrawFn) -> Setup:
    """A city with one such round, a party of which has a deadline of its own that hangs on the round's."""
    statements = draw(st.dates(min_value=date(2024, 1, 15), max_value=date(2063, 6, 30)))
    schedule = draw(SCHEDULES)
    one = round_of(schedule, statements=statements)
    own = replace(schedule, due=DateRule(base=ROUND_DUE, amount=draw(st.integers(0, 14))))
    window = SendingWindow(opens=time(draw(st.sampled_from([0, 3, 7, 8]))), closes=time(16))
    one = replace(one, window=window, deadline_rule=draw(st.sampled_from(list(DeadlineRule))), overrides={"yhtio": own})
    setup = setup_of(one, calendar=calendar_of(draw(st.sampled_from(sorted(COUNTRIES))), draw(QUIET)))
    assume(all(request_date(seen, setup.calendar).on < due_date(seen, setup.calendar).on for seen in (one, one.for_party("yhtio"))))
    return setup


def of_party(setup: Setup, party: str) -> tuple[ReportingRound, list[PlannedStep]]:
    """The round as the party sees it, and its steps."""
    return setup.rounds[0].for_party(party), [step for step in plan_timeline(setup) if step.key.party == party]


def local_time(setup: Setup, step: PlannedStep) -> datetime:
    """When a step begins, by the clock on the wall."""
    return step.not_before.astimezone(setup.calendar.zone)


@LEAN
@given(city=cities())
def test_no_step_is_early_or_outside_the_window(city: Setup) -> None:
    """On a working day, on the day that its reason names, from the opening of the window, before its end, never between three and four."""
    calendar, window = city.calendar, city.rounds[0].window
    for step in plan_timeline(city):
        local = local_time(city, step)

        assert calendar.is_working_day(local.date())
        assert local.date() == step.why.on
        assert window.opens <= local.time() < window.closes
        assert calendar.zone.key != "Europe/Helsinki" or local.hour != 3
        assert step.why.chain[0].kind is ReasonKind.BASE
        assert (step.why.chain[-1].kind, step.why.chain[-1].on) == (ReasonKind.RESULT, step.why.on)


@LEAN
@given(city=cities())
def test_steps_keep_their_order(city: Setup) -> None:
    """Request before reminders, late mails after the deadline, the second escalation after the first; keys once, ordinals in time."""
    for party in ("rehtori", "yhtio"):
        one, steps = of_party(city, party)
        asked, due = request_date(one, city.calendar).on, due_date(one, city.calendar).on
        ordinals: dict[StepKind, list[int]] = {}
        for step in steps:
            ordinals.setdefault(step.key.step, []).append(step.key.ordinal)
            assert step.key.step not in CHASED or step.why.on > asked
            assert step.key.step not in LATE or step.why.on > due

        assert len({step.key for step in steps}) == len(steps)
        assert all(set(found) == set(range(len(found))) for found in ordinals.values())
        escalations = [step.not_before for step in steps if step.key.step is StepKind.ESCALATION]
        assert escalations == sorted(set(escalations))


def has_room(calendar: Calendar, after: date, until: date) -> bool:
    """Whether some open day after the first date and up to the second lies outside the quiet weeks."""
    days = (after + timedelta(days=offset) for offset in range(1, (until - after).days + 1))
    return any(calendar.is_working_day(day) and day not in calendar.quiet for day in days)


@LEAN
@given(city=cities())
def test_quiet_weeks_are_quiet(city: Setup) -> None:
    """Only the last reminder falls into one, or a reminder for which no other day is left between request and deadline."""
    calendar = city.calendar
    for party in ("rehtori", "yhtio"):
        one, steps = of_party(city, party)
        asked, due = request_date(one, calendar).on, due_date(one, calendar).on
        reminders = [step for step in steps if step.key.step is StepKind.REMINDER]
        last = max((step.key.ordinal for step in reminders), default=0)
        for step in steps:
            is_last = step.key.step is StepKind.LAST_CALL or (
                step.key.step is StepKind.REMINDER and one.schedule.last_call is None and step.key.ordinal == last
            )
            if step.why.on in calendar.quiet and not is_last:
                assert step.key.step is StepKind.REMINDER
                assert not has_room(calendar, asked, due)


@LEAN
@given(city=cities())
def test_moves_name_every_day_that_they_pass(city: Setup) -> None:
    """The closed and quiet days of a move stand in its reason one by one, up to the day beside the result."""
    for step in plan_timeline(city):
        run: list[date] = []
        for link in step.why.chain[:-1]:
            is_passed = link.kind is ReasonKind.MOVED and link.name not in (BEFORE_REQUEST, NOT_YET_LATE)
            run = [*run, link.on] if is_passed else []

        assert all(abs((other - one).days) == 1 for one, other in pairwise([*run, step.why.on] if run else []))


@settings(LEAN, max_examples=6)
@given(city=cities())
def test_every_step_ends_exactly_once(city: Setup) -> None:
    """A pass every four hours through the whole round: each step becomes one mail or one skip, in its time, and never twice."""
    timeline = plan_timeline(city)
    begin, end = timeline[0].not_before - timedelta(hours=3), max(step.expires_at for step in timeline) + timedelta(days=9)
    year = Year.of(city).run(hours(begin, end, step=4))
    ends = {step.key: step for step in timeline}

    owed = {step.key.for_recipient(recipient.person) for step in timeline for recipient in recipients_of(city, step.key, {})}

    assert owed == year.settled
    for mail in year.mails:
        for key, step in ends.items():
            if key.for_recipient(mail.person) in mail.keys:
                assert step.not_before <= mail.at < step.expires_at
