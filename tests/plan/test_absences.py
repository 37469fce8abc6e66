"""A reminder waits for who is away, within its use: never beyond the last call or the deadline.

The round of 2024: request 14.2., reminders 21.2. and 26.2., last call and deadline 28.2., overdue 3.3., 7.3., 21.3., 4.4. and
22.4., closes 25.4.2025. The window is 08:00 to 16:00.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reminder.domain.absences import Absence
from reminder.domain.intents import PlanState
from reminder.domain.rounds import StepKind
from reminder.plan.absences import Moves
from reminder.plan.deciding import next_wakeup
from reminder.plan.summary import count_upcoming
from tests.plan.cast import SCHEDULE, local, round_of, setup_of
from tests.plan.year import Year


def away(person: str, back_on: str) -> dict[str, Absence]:
    """One person is away."""
    return {person: Absence(person=person, back_on=date.fromisoformat(back_on), inbound_id=1)}


def live(year: Year, start: str, end: str) -> Iterator[str]:
    """Runs the year hour by hour, and tells each mail to rehtori or the museum: `21.2. rehtori reminder`."""
    year = year.copy()
    begun = len(year.mails)
    now, stop = local(start), local(end)
    while now < stop:
        year.tick(now)
        now += timedelta(hours=1)
    for mail in year.mails[begun:]:
        if mail.person.split(".")[0] in {"rehtori", "museo"}:
            day = mail.at.astimezone(year.setup.calendar.zone)
            yield f"{day.day}.{day.month}. {mail.person} {mail.kinds[0].value}"


@pytest.fixture(scope="module")
def asked() -> Year:
    """The year after the request."""
    year = Year.of(setup_of())
    for day in ("2025-01-03", "2025-02-14"):
        year.tick(local(f"{day} 08:00"))
    return year


def of(lines: Iterator[str], person: str) -> list[str]:
    """The mails of one person, without the name."""
    return [" ".join(line.split()[::2]) for line in lines if line.split()[1] == person]


@pytest.mark.parametrize(
    ("back_on", "mails"),
    [
        ("2025-02-20", ["21.2. reminder", "26.2. reminder", "28.2. last_call"]),
        ("2025-02-21", ["21.2. reminder", "26.2. reminder", "28.2. last_call"]),
        ("2025-02-22", ["24.2. reminder", "26.2. reminder", "28.2. last_call"]),
        ("2025-02-25", ["25.2. reminder", "26.2. reminder", "28.2. last_call"]),
        ("2025-02-27", ["27.2. reminder", "28.2. last_call"]),
        ("2025-03-03", ["28.2. last_call"]),
        ("2025-09-01", ["28.2. last_call"]),
    ],
)
def test_a_reminder_waits_until_they_are_back_but_never_beyond_the_last_call(asked: Year, back_on: str, mails: list[str]) -> None:
    """Back on a Saturday: on Monday. Several that waited are one mail. Still away at the last call: it goes out all the same."""
    year = replace(asked.copy(), away=away("rehtori", back_on))

    assert of(live(year, "2025-02-17 00:00", "2025-03-01 00:00"), "rehtori") == mails


def test_what_is_late_waits_for_nobody(asked: Year) -> None:
    """Overdue mails go out as planned, since lateness is told upwards too; the digest says that the person is away."""
    year = replace(asked.copy(), away=away("rehtori", "2025-03-17"))

    assert of(live(year, "2025-02-27 00:00", "2025-03-10 00:00"), "rehtori") == ["28.2. last_call", "3.3. overdue", "7.3. overdue"]


def test_an_absence_without_a_day_of_return_moves_nothing(asked: Year) -> None:
    """Nobody knows how long to wait."""
    year = replace(asked.copy(), away={"rehtori": Absence(person="rehtori", back_on=None, inbound_id=1)})

    assert of(live(year, "2025-02-17 00:00", "2025-02-25 00:00"), "rehtori") == ["21.2. reminder"]


def test_another_contact_of_the_party_is_mailed_as_usual(asked: Year) -> None:
    """The absence is the person's, not the party's."""
    lines = list(live(replace(asked.copy(), away=away("museo", "2025-02-27")), "2025-02-17 00:00", "2025-03-01 00:00"))

    assert of(iter(lines), "museo.varalla") == ["21.2. reminder", "26.2. reminder", "28.2. last_call"]
    assert of(iter(lines), "museo") == ["27.2. reminder", "28.2. last_call"]


def test_the_request_and_the_notice_never_wait() -> None:
    """They tell of the duty; who is away finds them on their return."""
    year = replace(Year.of(setup_of()), away=away("rehtori", "2025-02-25"))

    assert of(live(year, "2025-01-03 00:00", "2025-02-20 00:00"), "rehtori") == ["3.1. notice", "14.2. request"]


def test_without_a_last_call_a_reminder_waits_until_the_deadline_at_the_longest() -> None:
    """Otherwise an absence would silence the duty."""
    year = Year.of(setup_of(round_of(replace(SCHEDULE, last_call=None))))
    year.tick(local("2025-02-14 08:00"))

    year = replace(year, away=away("rehtori", "2025-04-01"))
    assert of(live(year, "2025-02-17 00:00", "2025-03-01 00:00"), "rehtori") == ["28.2. reminder"]


def test_the_next_wakeup_is_the_return(asked: Year) -> None:
    """Nothing else is planned for one party between 21.2. and 26.2., but somebody comes back."""
    timeline = [step for step in asked.timeline if step.key.party == "rehtori"]
    state = PlanState(settled=frozenset(asked.settled), away=away("rehtori", "2025-02-25"))

    assert next_wakeup(asked.setup, timeline, state, local("2025-02-21 09:00")) == local("2025-02-25 08:00")


def test_what_is_to_come_counts_the_mail_on_the_day_of_the_return(asked: Year) -> None:
    """The digest's preview says what will happen: on 24.2. and not on 21.2.; a reminder that gives way to the last call is none."""
    timeline = [step for step in asked.timeline if step.key.party == "rehtori"]

    def tell(back_on: str, start: str) -> list[str]:
        state = PlanState(settled=frozenset(asked.settled), away=away("rehtori", back_on))
        counted = count_upcoming(timeline, asked.setup, state, local(start), local("2025-03-01 00:00"))
        return [f"{day.day}.{day.month}. {kind.value} {number}" for day, kind, number in counted]

    assert tell("2025-02-24", "2025-02-20 08:00") == ["24.2. reminder 1", "26.2. reminder 1", "28.2. last_call 1"]
    assert tell("2025-02-24", "2025-02-22 08:00") == ["24.2. reminder 1", "26.2. reminder 1", "28.2. last_call 1"]
    assert tell("2025-03-10", "2025-02-22 08:00") == ["28.2. last_call 1"]


@given(back=st.integers(-5, 120))
@settings(max_examples=40, deadline=None)
def test_no_absence_moves_a_step_earlier_or_beyond_its_use(back: int) -> None:
    """For every day of return: not before its date, before it expires, within a working day; what never waits is as planned."""
    city = setup_of()
    year = Year.of(city)
    absence = Absence(person="rehtori", back_on=date(2025, 2, 17) + timedelta(days=back), inbound_id=1)
    moves = Moves.of(city, PlanState(away={"rehtori": absence}), year.timeline)
    for step in (step for step in year.timeline if step.key.party == "rehtori"):
        at = moves.leaves_at(step, "rehtori")
        assert step.not_before <= at < step.expires_at
        assert city.calendar.is_working_day(city.calendar.local_day(at))
        if step.key.step is not StepKind.REMINDER:
            assert at == step.not_before
