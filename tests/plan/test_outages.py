"""Outages: the service is down from any day of the round, for an hour up to sixty days. No burst, no silence, each step once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cache

import pytest

from reminder.domain.intents import SkipReason
from reminder.domain.rounds import StepKind
from reminder.domain.workdays import Unit
from tests.plan.cast import CALENDAR, local, round_of, setup_of
from tests.plan.table import WORLDS
from tests.plan.year import Sent, Year, after, hours

BEGIN, END = local("2025-01-02 00:45"), local("2025-06-26 00:00")
TICKS = tuple(moment for moment in hours(BEGIN, END) if moment.astimezone(CALENDAR.zone).hour in {7, 9})
"""A pass before the window opens and one within it, each day until sixty days after the round has closed."""
LENGTHS = [timedelta(hours=1), timedelta(hours=9), *(timedelta(days=days) for days in (1, 2, 3, 5, 8, 14, 30, 60))]
TWO_ROUNDS = setup_of(round_of(), round_of(statements=date(2025, 2, 13), round_id="2025", years=frozenset({2025})))
SETUPS = {1: setup_of(), 2: TWO_ROUNDS}


@cache
def histories(rounds: int) -> dict[datetime, Year]:
    """The undisturbed year as it stands just before each morning's pass; worked out once and gone on from."""
    year = Year.of(SETUPS[rounds])
    found: dict[datetime, Year] = {}
    for moment in TICKS:
        if moment.astimezone(CALENDAR.zone).hour == 7:
            found[moment] = year.copy()
        year.tick(moment)
    return found


def starts(length: timedelta, *, every: int = 5) -> list[datetime]:
    """Starts of an outage until the round closes. Every length has each fifth day, and all together every day at least twice."""
    within = [moment for moment in histories(1) if moment < local("2025-04-26 00:00")]
    return within[LENGTHS.index(length) % every :: every]


@cache
def undisturbed() -> Year:
    """The year without an outage."""
    return Year.of(SETUPS[1]).run(TICKS)


@cache
def back_from(begin: datetime, length: timedelta, *, rounds: int = 1) -> Year:
    """The year with an outage: as it was at `begin`, then nothing for `length`, then on until nothing more is due."""
    return histories(rounds)[begin].copy().run(after(TICKS, begin + length))


def schedule_mails(year: Year) -> list[Sent]:
    """The mails to parties."""
    return [mail for mail in year.mails if mail.kinds[0] is not StepKind.DIGEST]


def days_of(mails: Sequence[Sent]) -> Counter[tuple[str, date]]:
    """How many mails each person had on each day."""
    return Counter((mail.person, CALENDAR.local_day(mail.at)) for mail in mails)


@pytest.mark.fault("C9")
@pytest.mark.parametrize("length", LENGTHS, ids=str)
def test_no_burst(length: timedelta) -> None:
    """However long the outage, nobody gets two schedule mails on one day (T2, C9)."""
    for rounds, begin in [(1, begin) for begin in starts(length)] + [(2, begin) for begin in starts(length)[::3]]:
        year = back_from(begin, length, rounds=rounds)

        assert max(days_of(schedule_mails(year)).values()) == 1, f"down from {begin} for {length}"


@pytest.mark.parametrize("length", LENGTHS, ids=str)
def test_each_step_ends_exactly_once(length: timedelta) -> None:
    """Whatever the outage, each step of each recipient ends as one mail or one skip, and the same steps as without it (O3, T4)."""
    for begin in starts(length):
        year = back_from(begin, length)

        assert year.settled == undisturbed().settled, f"down from {begin} for {length}"
        assert Counter(key for mail in year.mails for key in mail.keys).keys().isdisjoint(year.skips)


@pytest.mark.parametrize("length", LENGTHS, ids=str)
def test_no_silence(length: timedelta) -> None:
    """A mail that was missed and is still worth sending goes on the first working day after the outage."""
    for begin in starts(length):
        year = back_from(begin, length)
        back = next((moment for moment in after(TICKS, begin + length) if may_send(moment)), None)
        if back is None:
            continue
        missed = {
            step.key.party
            for step in year.timeline
            if begin <= step.not_before <= back < step.expires_at and step.key.step is not StepKind.DIGEST and step.key.ordinal < 5
        }
        told = {key.split("/")[2] for mail in year.mails if mail.at == back for key in mail.keys}

        assert missed <= told, f"down from {begin} for {length}"


@pytest.mark.parametrize("length", LENGTHS, ids=str)
def test_every_loss_is_listed(length: timedelta) -> None:
    """What an outage costs is recorded: its mails are those of the undisturbed year, less the skips that say collapsed or expired (T4)."""
    usual = {key for mail in undisturbed().mails for key in mail.keys}
    for begin in starts(length):
        year = back_from(begin, length)
        sent = {key for mail in year.mails for key in mail.keys}
        lost = usual - sent

        assert sent <= usual
        assert {year.skips[key] for key in lost} <= {SkipReason.COLLAPSED, SkipReason.EXPIRED}


def test_the_coordinator_gets_a_digest_after_every_outage() -> None:
    """After any outage within the round the coordinator has a digest within eight days of the return."""
    last = local("2025-04-22 09:00")
    for length in LENGTHS:
        for begin in starts(length):
            back = begin + length
            if not local("2025-02-17 08:00") <= back <= last - timedelta(days=8):
                continue
            digests = [mail.at for mail in back_from(begin, length).mails if mail.kinds[0] is StepKind.DIGEST and mail.at > back]

            assert digests
            assert digests[0] - back <= timedelta(days=8)


def test_undisturbed_year_sends_every_step_in_order() -> None:
    """Without an outage nothing collapses and every step is a mail of its own, in the order of the ladder."""
    year = undisturbed()
    own = [mail.kinds[0].value for mail in year.mails if mail.person == "rehtori"]

    assert own == ["notice", "request", "reminder", "reminder", "last_call", *["overdue"] * 5]
    assert not year.skips


@pytest.mark.fault("C2")
def test_a_clock_set_back_sends_nothing_twice() -> None:
    """The year goes on from two hours, a day and a week earlier than it was: no step twice, no second mail that day (T2, C2)."""
    for back in (timedelta(hours=2), timedelta(days=1), timedelta(days=7)):
        year = Year.of(setup_of()).run(moment for moment in TICKS if moment < local("2025-03-04 00:00"))
        before = len(schedule_mails(year))
        year.run(after(TICKS, local("2025-03-03 12:00") - back)[:3])

        assert len(schedule_mails(year)) == before


def may_send(moment: datetime) -> bool:
    """Whether the window is open."""
    clock = moment.astimezone(CALENDAR.zone)
    return CALENDAR.is_working_day(clock.date()) and 8 <= clock.hour < 16


@pytest.mark.parametrize("length", LENGTHS, ids=str)
def test_the_party_is_warned_before_its_manager_whatever_the_outage(length: timedelta) -> None:
    """Late for the first time: the manager hears of it five working days after the warning went out or later, never before it, and
    never not at all while the round is open for that long."""
    begins = [moment for moment in histories(1) if local("2025-03-01 00:00") < moment < local("2025-04-26 00:00")]
    for begin in begins[:: 3 + length.days % 3]:
        year = _with_managers().run(moment for moment in TICKS if not begin <= moment < begin + length)
        warned = [mail.at for mail in year.mails if mail.person == "rehtori" and StepKind.ESCALATION in mail.kinds]
        told = [mail.at for mail in year.mails if mail.person == "johtaja"]

        assert len(warned) <= 1
        assert len(told) <= 1
        if warned:
            earliest = CALENDAR.add(CALENDAR.local_day(warned[0]), 5, Unit.WORKING_DAYS).on
            may_tell = [moment for moment in TICKS if may_send(moment) and earliest <= CALENDAR.local_day(moment) <= date(2025, 4, 25)]
            reachable = [moment for moment in may_tell if not begin <= moment < begin + length]
            assert told == reachable[:1], f"down from {begin} for {length}"
        else:
            assert not told


def _with_managers() -> Year:
    return Year.of(WORLDS["managers"])
