"""The table of decisions (`decisions.md`), and what no table can show: arming, recipients, when to wake."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reminder.domain.intents import PartyStanding, PlanState
from reminder.domain.rounds import StepKey, StepKind
from reminder.domain.setup import Setup
from reminder.plan.deciding import decide, decide_at_any_hour, next_wakeup, recipients_of
from reminder.plan.timeline import plan_timeline
from tests.plan.cast import HELSINKI, contact, local, setup_of, told
from tests.plan.table import ACTIONS, FILE, WORLDS, Case, keys, read_table

UNTIL_REQUEST, UNTIL_DEADLINE = keys("rehtori", "until the request"), keys("rehtori", "until the deadline")

TABLE = read_table(FILE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", TABLE, ids=[case.rule for case in TABLE])
def test_decision(case: Case) -> None:
    """The case's name is the rule."""
    assert case.decide() == case.then


def test_the_table_is_large_enough() -> None:
    """Rules are told apart, and nobody thins the table out unseen."""
    assert len({case.rule for case in TABLE}) == len(TABLE) >= 90


@pytest.mark.parametrize(
    "row",
    [
        "| a | | Sat 3.1. 08:00 | | | nothing |",
        "| a | | Fri 3.1. 08:00 | reminders | | nothing |",
        "| a | | Fri 3.1. 08:00 | | the moon is full | nothing |",
        "| a | nowhere | Fri 3.1. 08:00 | | | nothing |",
    ],
)
def test_a_row_that_means_nothing_is_refused(row: str) -> None:
    """A wrong weekday, an unknown step, note or world: nothing in the table is decoration."""
    with pytest.raises(ValueError, match=r"decisions\.md:1"):
        read_table(row)


def test_arming_lists_what_is_due_at_night_with_all_that_collapses() -> None:
    """What `arm` skips must not depend on the hour, or the morning after would bring a mail to everybody."""
    setup = setup_of()
    timeline = [step for step in plan_timeline(setup) if step.key.party in {"rehtori", ""}]
    night = local("2025-02-22 23:00")

    assert told(decide(setup, timeline, PlanState(), night)) == [
        "skip rehtori: notice 0: expired",
    ]
    assert told(decide_at_any_hour(setup, timeline, PlanState(), night)) == [
        "skip rehtori: notice 0: expired",
        "skip rehtori: request 0: collapsed",
        "koordinaattori: digest",
        "rehtori: reminder rehtori",
    ]


def test_arming_lists_every_round_of_a_person() -> None:
    """The cap of one mail a day hides nothing from `arm`."""
    timeline = [step for step in plan_timeline(WORLDS["two rounds"]) if step.key.party == "rehtori"]
    found = decide_at_any_hour(WORLDS["two rounds"], timeline, PlanState(), local("2025-02-14 08:00"))

    assert [intent for intent in told(found) if not intent.startswith("skip")] == ["rehtori: request rehtori + request rehtori"]


def test_recipients_go_by_their_pseudonyms(city: Setup) -> None:
    """A person is known by the pseudonym of the address, whatever its case; the coordinators get the digest."""
    ask = StepKey(programme="elinvoima", round="2024", party="yhtio", step=StepKind.REQUEST, ordinal=0)
    digest = replace(ask, party="", step=StepKind.DIGEST)

    assert [one.person for one in recipients_of(city, ask, {"toimisto@yhtio.example": "p7"})] == ["p7"]
    assert [one.person for one in recipients_of(city, ask, {})] == ["yhtio"]
    assert [one.person for one in recipients_of(city, digest, {})] == ["koordinaattori"]
    assert recipients_of(city, replace(ask, party="nobody"), {}) == ()


def test_two_contacts_with_one_address_get_one_mail() -> None:
    """The same address under two names is one person."""
    setup = setup_of()
    parties = dict(setup.directory.parties)
    parties["rehtori"] = replace(parties["rehtori"], contacts=(contact("rehtori"), replace(contact("rehtori"), id="other")))
    twice = replace(setup, directory=replace(setup.directory, parties=parties))
    ask = StepKey(programme="elinvoima", round="2024", party="rehtori", step=StepKind.REQUEST, ordinal=0)

    assert len(recipients_of(twice, ask, {"rehtori@kunta.example": "p1"})) == 1


@pytest.mark.parametrize(
    ("now", "settled", "wakes"),
    [
        ("2025-01-01 00:00", frozenset(), "2025-01-03 08:00"),
        ("2025-01-03 08:00", frozenset(), "2025-01-07 08:00"),
        ("2025-01-03 08:00", keys("rehtori", "notice"), "2025-02-14 08:00"),
        ("2025-02-21 16:30", UNTIL_REQUEST, "2025-02-24 08:00"),
        ("2025-03-03 07:00", UNTIL_DEADLINE, "2025-03-03 08:00"),
        ("2025-04-25 17:00", keys("rehtori", "all"), None),
    ],
)
def test_next_wakeup(now: str, settled: frozenset[str], wakes: str | None) -> None:
    """The clock may sleep until a step becomes due, or until what waits may leave: never longer, never for nothing."""
    setup = setup_of()
    timeline = [step for step in plan_timeline(setup) if step.key.party == "rehtori"]
    found = next_wakeup(setup, timeline, PlanState(settled=settled), local(now))

    assert (found.astimezone(HELSINKI).strftime("%Y-%m-%d %H:%M") if found else None) == wakes


def test_a_waiting_digest_wakes_at_its_own_hour(city: Setup) -> None:
    """A digest that is due on a closed day waits for its own hour of the next working day, not for the window."""
    timeline = [step for step in plan_timeline(city) if step.key.step is StepKind.DIGEST]
    found = next_wakeup(city, timeline, PlanState(), local("2025-02-17 23:00"))

    assert found == local("2025-02-18 08:30")


def test_the_same_question_gets_the_same_answer(city: Setup) -> None:
    """Deciding is a function: asked twice, in any order of mappings, it says the same."""
    timeline = plan_timeline(city)
    now = local("2025-02-26 09:00")
    standings = {("elinvoima", "2024", party): PartyStanding(asked=tuple(actions.split())) for party, actions in ACTIONS.items()}
    first = decide(city, timeline, PlanState(standings=standings), now)

    assert decide(city, timeline, PlanState(standings=dict(reversed(standings.items()))), now) == first
