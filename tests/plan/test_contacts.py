"""The list of contacts in the planner: when it is due, and that it takes no mail's place and none takes its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from reminder.domain.intents import PlanState
from reminder.domain.rounds import ApprovalPolicy, DateRule, RoundKind, StepKind
from reminder.domain.setup import Setup
from reminder.domain.workdays import Unit
from reminder.plan.deciding import decide, decide_at_any_hour, next_wakeup
from reminder.plan.foreseeing import foresee
from reminder.plan.timeline import plan_surveys, plan_timeline
from tests.plan.cast import DIRECTORY, EMPTY, SCHEDULE, contact, local, round_of, rule, setup_of, told

BEFORE_NOTICE = rule("notice", -2, Unit.WEEKS)


def listed(contacts: DateRule = BEFORE_NOTICE, *, notice: DateRule | None = SCHEDULE.notice) -> Setup:
    """The city with a list of contacts."""
    return setup_of(round_of(replace(SCHEDULE, contacts=contacts, notice=notice)))


def dues(setup: Setup, when: str, state: PlanState = EMPTY) -> list[str]:
    """What is decided at a local time."""
    return told(decide(setup, plan_timeline(setup), state, local(when)))


@pytest.mark.parametrize(
    ("contacts", "notice", "on"),
    [
        (BEFORE_NOTICE, SCHEDULE.notice, date(2024, 12, 20)),
        (rule("request", -2, Unit.WEEKS), None, date(2025, 1, 31)),
        (rule("request", -5, Unit.WORKING_DAYS), SCHEDULE.notice, date(2025, 2, 7)),
        (rule("2024-12-24"), SCHEDULE.notice, date(2024, 12, 27)),  # Christmas: the next working day
    ],
)
def test_its_day_hangs_on_the_first_mail(contacts: DateRule, notice: DateRule | None, on: date) -> None:
    """On the notice as it really goes, or on the request; off closed days; once a round, and for no party."""
    (step,) = (one for one in plan_timeline(listed(contacts, notice=notice)) if one.key.step is StepKind.CONTACTS)

    assert (step.why.on, step.key.party, step.key.ordinal) == (on, "", 0)
    assert step.expires_at == local("2025-02-14 08:00")
    assert step.why.chain[-1].on == on


def test_it_goes_to_the_coordinator_in_the_window_of_a_working_day() -> None:
    """Not at night and not on a Saturday; late is better than never, until the parties are asked."""
    setup = listed()
    want = ["koordinaattori: contacts"]

    assert dues(setup, "2024-12-20 07:59") == []
    assert dues(setup, "2024-12-20 08:00") == want
    assert dues(setup, "2024-12-20 16:00") == dues(setup, "2024-12-21 10:00") == []
    assert dues(setup, "2024-12-30 09:00") == want
    assert [one for one in dues(setup, "2025-02-14 08:00") if "contacts" in one] == ["skip koordinaattori: contacts 0: expired"]


def test_it_takes_no_mails_place() -> None:
    """A coordinator who also reads for a party gets the list and the notice on one day, and a list that was sent holds up no request."""
    people = replace(DIRECTORY, coordinators=(contact("rehtori"),))
    setup = setup_of(round_of(replace(SCHEDULE, contacts=BEFORE_NOTICE)), directory=people)
    both = dues(setup, "2025-01-03 09:00")
    mailed = PlanState(mailed_on={"rehtori": date(2025, 1, 3)})

    assert {"rehtori: notice rehtori", "rehtori: contacts"} <= set(both)
    assert [one for one in dues(setup, "2025-01-03 09:00", mailed) if one.startswith("rehtori")] == ["rehtori: contacts"]


def test_arm_does_not_skip_it() -> None:
    """It is not among what `arm` lists, and is foreseen of a service that is not armed yet."""
    setup = listed()
    now = local("2025-01-02 12:00")
    timeline = plan_timeline(setup)
    coming = foresee(setup, timeline, EMPTY, now, is_armed=False)

    assert told(decide_at_any_hour(setup, timeline, EMPTY, now)) == []
    assert (coming[0].kind, coming[0].leaves_at, coming[0].asks) == (StepKind.CONTACTS, now, frozenset())
    assert next_wakeup(setup, timeline, EMPTY, local("2024-12-19 12:00")) == local("2024-12-20 08:00")


def test_no_approval_holds_it() -> None:
    """It goes to the coordinator, who would approve it."""
    assert not any(policy.asks_for(StepKind.CONTACTS) for policy in ApprovalPolicy)


def test_a_survey_has_none() -> None:
    """Its members are named in the schedule."""
    one = replace(round_of(replace(SCHEDULE, contacts=BEFORE_NOTICE)), kind=RoundKind.SURVEY, members=("museo",))
    setup = replace(setup_of(), surveys=(one,))

    assert plan_surveys(setup)
    assert not any(step.key.step is StepKind.CONTACTS for step in plan_surveys(setup))
