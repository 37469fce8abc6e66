"""Properties of any schedule, in three countries over forty years: none early, none outside the window, order kept, keys unique."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reminder.domain.intents import SendIntent
from reminder.domain.rounds import DateRule, DigestRule, Repeat, ReportingRound, RoundSchedule, SendingWindow, StepKind
from reminder.domain.setup import Setup
from reminder.domain.workdays import Calendar, DeadlineRule, ReasonKind, Unit
from reminder.plan.dates import deadline_date, request_date
from reminder.plan.deciding import decide, next_wakeup
from reminder.plan.timeline import plan_timeline, rule_date
from tests.plan.cast import EMPTY, STATEMENTS, YEARS, extension, named, round_of, setup_of
from tests.plan.year import Year

COUNTRIES = {"FI": "Europe/Helsinki", "SE": "Europe/Stockholm", "PT": "Atlantic/Azores"}
LEAN = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@cache
def calendar_of(country: str) -> Calendar:
    """A country by the holidays library."""
    days = holidays.country_holidays(country, years=YEARS)
    return Calendar(zone=ZoneInfo(COUNTRIES[country]), holidays={day: named(name) for day, name in days.items()})


def rules(base: str, least: int, most: int) -> st.SearchStrategy[DateRule]:
    """A rule with any unit; months kept small."""
    amounts = st.integers(min_value=least, max_value=most)
    return st.builds(DateRule, base=st.just(base), amount=amounts, unit=st.sampled_from([Unit.DAYS, Unit.WORKING_DAYS]))


SCHEDULES = st.builds(
    RoundSchedule,
    notice=st.none() | rules(STATEMENTS, -50, 0),
    request=rules(STATEMENTS, -5, 10),
    due=rules("request", 3, 40),
    closes=rules("due", 1, 80),
    reminders=st.lists(rules("due", -45, 0), max_size=5).map(tuple),
    last_call=st.none() | rules("due", -2, 0),
    overdue=st.lists(rules("due", -1, 30), max_size=7).map(tuple),
    overdue_repeat=st.none() | st.builds(Repeat, amount=st.integers(1, 3), unit=st.sampled_from(list(Unit))),
    digest=st.none() | st.builds(DigestRule, weekday=st.none() | st.integers(0, 6), at=st.times(), start=rules("request", 0, 9)),
)


@st.composite
def rounds(draw: st.DrawFn) -> ReportingRound:
    """Any round on any anchor, with any window."""
    statements = draw(st.dates(min_value=date(2024, 1, 1), max_value=date(2063, 6, 30)))
    opens = draw(st.integers(0, 14))
    window = SendingWindow(opens=time(opens), closes=time(draw(st.integers(max(opens, 4) + 1, 23))))
    rule = draw(st.sampled_from(list(DeadlineRule)))
    return replace(round_of(draw(SCHEDULES), statements=statements), deadline_rule=rule, window=window)


@st.composite
def cities(draw: st.DrawFn) -> Setup:
    """A city with one such round, in one of the countries."""
    return setup_of(draw(rounds()), calendar=calendar_of(draw(st.sampled_from(sorted(COUNTRIES)))))


@st.composite
def moments(draw: st.DrawFn, setup: Setup) -> list[datetime]:
    """Passes at irregular times from before the first step until after the last."""
    timeline = plan_timeline(setup)
    gaps = draw(st.lists(st.integers(min_value=1, max_value=24 * 60 * 5), min_size=10, max_size=60))
    now, found = timeline[0].not_before - timedelta(hours=1), []
    for gap in gaps:
        found.append(now)
        now += timedelta(minutes=gap)
    return found


@LEAN
@given(city=cities())
def test_every_step_leaves_in_the_window_of_a_working_day(city: Setup) -> None:
    """Steps begin when the window opens, on a working day, never from 03:00 to 04:00 local time; the digest at its own hour (O6, T1)."""
    one, calendar = city.rounds[0], city.calendar
    opens = time(4) if one.window.opens.hour == 3 else one.window.opens
    for step in plan_timeline(city):
        local = step.not_before.astimezone(calendar.zone)

        assert calendar.is_working_day(local.date())
        assert local.date() == step.why.on
        if step.key.step is not StepKind.DIGEST:
            assert local.time() == opens
        elif one.schedule.digest is not None and calendar.zone.key == "Europe/Helsinki":
            assert local.time() == (time(4) if one.schedule.digest.at.hour == 3 else one.schedule.digest.at)


@LEAN
@given(city=cities())
def test_order_of_the_ladder(city: Setup) -> None:
    """Notice before request, reminders after the request's day, overdue after the deadline's, nothing overdue after the end."""
    one, calendar = city.rounds[0], city.calendar
    asked, due = request_date(one, calendar).on, deadline_date(one, calendar).on
    for step in plan_timeline(city):
        kind, day = step.key.step, step.why.on

        assert (
            kind is not StepKind.NOTICE
            or one.schedule.notice is None
            or day <= max(asked, rule_date(one, calendar, one.schedule.notice).on)
        )
        assert kind is not StepKind.REQUEST or day == asked
        assert kind not in {StepKind.REMINDER, StepKind.LAST_CALL} or day > asked
        assert kind is not StepKind.OVERDUE or (day > due and step.not_before < step.expires_at)


@LEAN
@given(city=cities())
def test_keys_are_unique_and_steps_sorted(city: Setup) -> None:
    """One step, one key; sorted by time; ordinals without gaps and in the order of time."""
    timeline = plan_timeline(city)
    ordinals: dict[tuple[str, StepKind], list[int]] = {}
    for step in timeline:
        ordinals.setdefault((step.key.party, step.key.step), []).append(step.key.ordinal)

    assert len({step.key for step in timeline}) == len(timeline)
    assert [step.not_before for step in timeline] == sorted(step.not_before for step in timeline)
    assert all(found == list(range(len(found))) for found in ordinals.values())


@LEAN
@given(city=cities())
def test_every_reason_is_whole(city: Setup) -> None:
    """A reason begins with a base and ends with its date as the result."""
    for step in plan_timeline(city):
        chain = step.why.chain

        assert chain[0].kind is ReasonKind.BASE
        assert (chain[-1].kind, chain[-1].on) == (ReasonKind.RESULT, step.why.on)


@LEAN
@given(data=st.data(), city=cities())
def test_a_year_of_irregular_passes(data: st.DataObject, city: Setup) -> None:
    """Whenever the passes come: no mail early, stale, outside the window, second of its day, or older than one sent before it."""
    if not plan_timeline(city):
        return
    year = Year.of(city).run(data.draw(moments(city)))
    one, calendar = city.rounds[0], city.calendar
    steps = {step.key: step for step in year.timeline}
    by_text = {key.for_recipient(mail.person): steps[key] for mail in year.mails for key in steps}
    newest: dict[tuple[str, str], datetime] = {}
    days = set()
    for mail in year.mails:
        local = mail.at.astimezone(calendar.zone)

        assert calendar.is_working_day(local.date())
        for step in (by_text[key] for key in mail.keys):
            duty = (step.key.party, mail.person)

            assert step.not_before <= mail.at < step.expires_at
            assert newest.get(duty, step.not_before) <= step.not_before
            newest[duty] = step.not_before
        if mail.kinds[0] is not StepKind.DIGEST:
            assert one.window.opens <= local.time() < one.window.closes
            assert (mail.person, local.date()) not in days
            days.add((mail.person, local.date()))


@LEAN
@given(city=cities(), minutes=st.integers(min_value=-60, max_value=60 * 24 * 60))
def test_sleeping_until_the_wakeup_misses_nothing(city: Setup, minutes: int) -> None:
    """Between now and the next wake-up nothing can be sent that could not be sent now."""
    timeline = plan_timeline(city)
    if not timeline:
        return
    now = timeline[0].not_before + timedelta(minutes=minutes)
    year = Year.of(city)
    year.tick(now)
    state = replace(EMPTY, settled=frozenset(year.settled), mailed_on=year.mailed_on)
    wakes = next_wakeup(city, timeline, state, now)

    assert wakes is None or wakes > now
    end = wakes or now + timedelta(days=30)
    for part in range(1, 8):
        moment = now + (end - now) * part / 8
        mails = [intent for intent in decide(city, timeline, state, moment) if isinstance(intent, SendIntent)]

        assert not mails


@LEAN
@given(city=cities(), days=st.integers(min_value=-5, max_value=60), decided=st.integers(min_value=-40, max_value=40))
def test_an_extension_renews_only_what_hangs_on_the_deadline(city: Setup, days: int, decided: int) -> None:
    """With an extension notice and request stay as they are; the rest bears the new version and comes after the decision."""
    due = deadline_date(city.rounds[0], city.calendar).on
    granted = extension(
        "rehtori", due + timedelta(days=days), decided_at=city.calendar.at(due + timedelta(days=decided), time(12)), version=3
    )
    plain = {step.key: step for step in plan_timeline(city)}
    for step in plan_timeline(city, extensions=(granted,)):
        if step.key.party != "rehtori":
            assert step.key.step is StepKind.DIGEST or step == plain[step.key]
        elif step.key.step in {StepKind.NOTICE, StepKind.REQUEST}:
            assert step.not_before == plain[step.key].not_before
        else:
            assert step.key.deadline_version == 3
            assert step.not_before > granted.decided_at
