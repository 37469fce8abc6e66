"""What goes out next, counted in mails and not in steps."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from reminder.domain.intents import PartyStanding, PlanState
from reminder.domain.rounds import StepKind
from reminder.domain.setup import Setup
from reminder.domain.workdays import Unit
from reminder.plan.summary import count_upcoming
from reminder.plan.timeline import plan_timeline
from tests.plan.cast import EMPTY, SCHEDULE, local, round_of, rule, setup_of


def test_upcoming_mails_are_counted_by_person(city: Setup) -> None:
    """The secretary who stands for two parties gets one mail, the museum's two contacts one each; contributors count in the request."""
    found = count_upcoming(plan_timeline(city), city, EMPTY, local("2025-02-14 00:00"), local("2025-02-22 00:00"))

    assert found == (
        (date(2025, 2, 14), StepKind.REQUEST, 6),
        (date(2025, 2, 17), StepKind.DIGEST, 1),
        (date(2025, 2, 21), StepKind.REMINDER, 5),
    )


def test_who_is_complete_or_has_it_is_not_counted(city: Setup) -> None:
    """Neither a complete party nor a settled step makes an upcoming mail."""
    state = PlanState(
        standings={("elinvoima", "2024", "rehtori"): PartyStanding(asked=("t1", "t2"))},
        settled=frozenset({"elinvoima/2024/yhtio/reminder/0/v0/yhtio"}),
    )
    found = count_upcoming(plan_timeline(city), city, state, local("2025-02-21 08:00"), local("2025-02-21 08:01"))

    assert found == ((date(2025, 2, 21), StepKind.REMINDER, 3),)


def test_what_the_cap_will_stop_is_not_counted() -> None:
    """The digest promises no sixth overdue mail."""
    daily = replace(SCHEDULE, overdue=tuple(rule("due", days, Unit.WORKING_DAYS) for days in range(1, 9)), overdue_repeat=None)
    setup = setup_of(round_of(daily))
    found = count_upcoming(plan_timeline(setup), setup, EMPTY, local("2025-03-03 00:00"), local("2025-04-01 00:00"))

    assert sum(kind is StepKind.OVERDUE for _, kind, _ in found) == 5


def test_the_end_is_not_included(city: Setup) -> None:
    """A span until 08:00 does not hold what leaves at 08:00."""
    assert count_upcoming(plan_timeline(city), city, EMPTY, local("2025-02-14 00:00"), local("2025-02-14 08:00")) == ()
