"""The table of decisions: in this state, at this time, these mails. Each case reads as one sentence.

The round of 2024: notice 3.1., request 14.2., reminders 21.2. and 26.2., last call and deadline 28.2., overdue 3.3., 7.3.,
21.3., 4.4. and 22.4., closes 25.4.2025; digest on Mondays at 08:30. The window is 08:00 to 16:00.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time

import pytest

from reminder.domain.intents import PartyStanding, PlanState
from reminder.domain.rounds import Extension, SendingWindow, StepKey, StepKind
from reminder.domain.setup import Setup
from reminder.domain.workdays import Unit
from reminder.plan.deciding import decide, decide_at_any_hour, next_wakeup, recipients_of
from reminder.plan.timeline import plan_timeline
from tests.plan.cast import HELSINKI, SCHEDULE, contact, extension, local, round_of, rule, setup_of, told

PERSONS = {"matkailu": ("sihteeri",), "markkinointi": ("sihteeri",), "museo": ("museo", "museo.varalla"), "": ("koordinaattori",)}
ALL = "notice request reminder:0 reminder:1 last_call overdue:0 overdue:1 overdue:2 overdue:3 overdue:4"


def keys(party: str, steps: str, *, version: int = 0, programme: str = "elinvoima", round_id: str = "2024") -> frozenset[str]:
    """The settled keys of `request reminder:1`, for every person who stands for the party."""
    parts = (step.partition(":") for step in steps.split())
    found = [
        StepKey(
            programme=programme,
            round=round_id,
            party=party,
            step=StepKind(kind),
            ordinal=int(ordinal or 0),
            deadline_version=0 if kind in {"notice", "request"} else version,
        )
        for kind, _, ordinal in parts
    ]
    return frozenset(key.for_recipient(person) for key in found for person in PERSONS.get(party, (party,)))


def standing(party: str, asked: str, missing: str = "") -> dict[tuple[str, str, str], PartyStanding]:
    """What a party was asked and what it still owes, as action ids."""
    return {("elinvoima", "2024", party): PartyStanding(asked=tuple(asked.split()), missing=tuple(missing.split()), has_replied=True)}


COMPLETE = {**standing("rehtori", "t1 t2")}
EVERYBODY = {
    **COMPLETE,
    **standing("museo", "t3"),
    **standing("matkailu", "t4"),
    **standing("markkinointi", "t5"),
    **standing("yhtio", "t6"),
}


@dataclass(frozen=True, kw_only=True)
class Case:
    """One line of the table. `parties` narrows the timeline, so that the result stays readable."""

    name: str
    now: str
    then: list[str]
    parties: tuple[str, ...] = ("rehtori",)
    settled: frozenset[str] = frozenset()
    standings: Mapping[tuple[str, str, str], PartyStanding] = field(default_factory=dict)
    mailed: Mapping[str, str] = field(default_factory=dict)
    waived: frozenset[tuple[str, str, str]] = frozenset()
    extensions: tuple[Extension, ...] = ()
    setup: Setup | None = None

    def decide(self) -> list[str]:
        """What is decided, as sentences."""
        setup = self.setup or setup_of()
        timeline = [step for step in plan_timeline(setup, extensions=self.extensions) if step.key.party in self.parties]
        mailed_on = {person: date.fromisoformat(day) for person, day in self.mailed.items()}
        state = PlanState(settled=self.settled, standings=self.standings, mailed_on=mailed_on, waived=self.waived)
        return told(decide(setup, timeline, state, local(self.now)))


UNTIL_REQUEST = keys("rehtori", "notice request")
UNTIL_DEADLINE = keys("rehtori", "notice request reminder:0 reminder:1 last_call")
FOUR_REMINDERS = replace(
    SCHEDULE, request=rule("financial_statements", -10), reminders=tuple(rule("due", -days) for days in (11, 10, 9, 4))
)
OVERDUE_DAILY = replace(SCHEDULE, overdue=tuple(rule("due", days, Unit.WORKING_DAYS) for days in range(1, 9)), overdue_repeat=None)
GRANTED = extension("rehtori", date(2025, 3, 14), decided_at=local("2025-02-26 12:00"))
LATER_ROUND = round_of(statements=date(2025, 2, 13), round_id="2025", years=frozenset({2025}))
TWO_ROUNDS = setup_of(round_of(), LATER_ROUND)

TABLE = [
    # 1. Due and not yet sent.
    Case(name="a minute before its time the notice stays", now="2025-01-03 07:59", then=[]),
    Case(name="at its time the notice goes", now="2025-01-03 08:00", then=["rehtori: notice rehtori"]),
    Case(name="three days later the notice still goes", now="2025-01-07 10:00", then=["rehtori: notice rehtori"]),
    Case(name="what is settled is not sent again", now="2025-01-07 10:00", settled=keys("rehtori", "notice"), then=[]),
    Case(
        name="on the day of the request the request goes",
        now="2025-02-14 08:00",
        settled=keys("rehtori", "notice"),
        then=["rehtori: request rehtori"],
    ),
    Case(name="on a day without a step nothing goes, even if much is owed", now="2025-02-19 10:00", settled=UNTIL_REQUEST, then=[]),
    Case(
        name="a reminder that was missed on its day goes on the next",
        now="2025-02-24 09:00",
        settled=UNTIL_REQUEST,
        then=["rehtori: reminder rehtori"],
    ),
    Case(
        name="the last call goes in the morning of the last day",
        now="2025-02-28 08:00",
        settled=keys("rehtori", "notice request reminder:0 reminder:1"),
        then=["rehtori: last_call rehtori"],
    ),
    Case(
        name="on the first working day after the deadline the party is told that it is late",
        now="2025-03-03 08:00",
        settled=UNTIL_DEADLINE,
        then=["rehtori: overdue rehtori"],
    ),
    Case(
        name="a step goes to each contact of the party",
        now="2025-01-03 08:00",
        parties=("museo",),
        then=["museo: notice museo", "museo.varalla: notice museo"],
    ),
    Case(
        name="of two contacts only the one who has not had it gets it",
        now="2025-01-03 08:00",
        parties=("museo",),
        settled=frozenset({"elinvoima/2024/museo/notice/0/v0/museo"}),
        then=["museo.varalla: notice museo"],
    ),
    # 2. Outages: the newest is sent, the others collapse.
    Case(
        name="of two missed reminders the newer goes and the older collapses",
        now="2025-02-26 09:00",
        settled=UNTIL_REQUEST,
        then=["skip rehtori: reminder 0: collapsed", "rehtori: reminder rehtori"],
    ),
    Case(
        name="who was never asked gets the reminder, whose form is complete, and the request collapses",
        now="2025-02-26 09:00",
        settled=keys("rehtori", "notice"),
        then=["skip rehtori: request 0: collapsed", "skip rehtori: reminder 0: collapsed", "rehtori: reminder rehtori"],
    ),
    Case(
        name="who was never asked gets the last call on the last day",
        now="2025-02-28 09:00",
        settled=keys("rehtori", "notice"),
        then=[
            "skip rehtori: request 0: collapsed",
            "skip rehtori: reminder 0: collapsed",
            "skip rehtori: reminder 1: collapsed",
            "rehtori: last_call rehtori",
        ],
    ),
    Case(
        name="after an outage of weeks one overdue mail goes, not five",
        now="2025-03-24 09:00",
        settled=UNTIL_DEADLINE,
        then=["skip rehtori: overdue 0: collapsed", "skip rehtori: overdue 1: collapsed", "rehtori: overdue rehtori"],
    ),
    Case(
        name="outside the window nothing collapses, since what should replace it may expire before it can go",
        now="2025-02-28 18:00",
        settled=keys("rehtori", "notice"),
        then=[],
    ),
    Case(
        name="killed after the last call and before its skips, the older reminder is not sent after it",
        now="2025-02-28 10:00",
        settled=keys("rehtori", "notice request last_call"),
        then=["skip rehtori: reminder 0: collapsed", "skip rehtori: reminder 1: collapsed"],
    ),
    # 3. Complete: nothing more is asked.
    Case(
        name="a complete party is not reminded",
        now="2025-02-21 08:00",
        settled=UNTIL_REQUEST,
        standings=COMPLETE,
        then=["skip rehtori: reminder 0: complete"],
    ),
    Case(
        name="an answer before the request counts",
        now="2025-02-14 08:00",
        settled=keys("rehtori", "notice"),
        standings=COMPLETE,
        then=["skip rehtori: request 0: complete"],
    ),
    Case(
        name="the notice goes to a complete party too",
        now="2025-01-03 08:00",
        standings=COMPLETE,
        then=["rehtori: notice rehtori"],
    ),
    Case(
        name="a party that is complete late is not told that it is late",
        now="2025-03-03 08:00",
        settled=UNTIL_DEADLINE,
        standings=COMPLETE,
        then=["skip rehtori: overdue 0: complete"],
    ),
    Case(
        name="one action missing of two is enough for a reminder",
        now="2025-02-21 08:00",
        settled=UNTIL_REQUEST,
        standings=standing("rehtori", "t1 t2", "t2"),
        then=["rehtori: reminder rehtori"],
    ),
    Case(
        name="a standing that knows of no question is no complete report",
        now="2025-02-21 08:00",
        settled=UNTIL_REQUEST,
        standings=standing("rehtori", ""),
        then=["rehtori: reminder rehtori"],
    ),
    Case(
        name="who has nothing left but waived actions is complete, known or not",
        now="2025-02-21 08:00",
        settled=UNTIL_REQUEST,
        waived=frozenset({("elinvoima", "2024", "t1"), ("elinvoima", "2024", "t2")}),
        then=["skip rehtori: reminder 0: complete"],
    ),
    Case(
        name="complete is recorded at any hour",
        now="2025-02-22 23:00",
        settled=UNTIL_REQUEST,
        standings=COMPLETE,
        then=["skip rehtori: reminder 0: complete"],
    ),
    # 4. Stale steps.
    Case(
        name="a notice that did not leave before the request expires",
        now="2025-02-14 09:00",
        then=["skip rehtori: notice 0: expired", "rehtori: request rehtori"],
    ),
    Case(
        name="a reminder is not sent after the deadline",
        now="2025-03-01 00:00",
        settled=keys("rehtori", "notice request reminder:0"),
        then=["skip rehtori: reminder 1: expired", "skip rehtori: last_call 0: expired"],
    ),
    Case(
        name="in the last minute of the deadline the last call has not expired",
        now="2025-02-28 23:59",
        settled=keys("rehtori", "notice request reminder:0 reminder:1"),
        then=[],
    ),
    Case(
        name="after the round has closed nothing goes out",
        now="2025-04-26 09:00",
        settled=keys("rehtori", "notice reminder:0 reminder:1 last_call overdue:0 overdue:1 overdue:2 overdue:3"),
        then=["skip rehtori: request 0: expired", "skip rehtori: overdue 4: expired"],
    ),
    Case(
        name="who was skipped as expired on the last day is still asked where no overdue mail takes its place",
        now="2025-03-03 09:00",
        settled=keys("rehtori", "notice reminder:0 reminder:1 last_call"),
        setup=setup_of(round_of(replace(SCHEDULE, overdue=(), overdue_repeat=None))),
        then=["rehtori: request rehtori"],
    ),
    # 5. One schedule mail a day.
    Case(
        name="who has had a mail today waits",
        now="2025-02-21 09:00",
        settled=UNTIL_REQUEST,
        mailed={"rehtori": "2025-02-21"},
        then=[],
    ),
    Case(
        name="who had a mail yesterday gets this one",
        now="2025-02-21 09:00",
        settled=UNTIL_REQUEST,
        mailed={"rehtori": "2025-02-20"},
        then=["rehtori: reminder rehtori"],
    ),
    Case(
        name="after the clock was set back nobody gets a second mail",
        now="2025-02-21 09:00",
        settled=UNTIL_REQUEST,
        mailed={"rehtori": "2025-02-24"},
        then=[],
    ),
    Case(
        name="a waiting reminder goes on the next working day",
        now="2025-02-24 08:00",
        settled=UNTIL_REQUEST,
        mailed={"rehtori": "2025-02-21"},
        then=["rehtori: reminder rehtori"],
    ),
    Case(
        name="the digest goes to a coordinator who has had a mail today",
        now="2025-02-17 08:30",
        parties=("",),
        mailed={"koordinaattori": "2025-02-17"},
        then=["koordinaattori: digest"],
    ),
    # 6. Bundles.
    Case(
        name="who stands for two parties gets one mail with both",
        now="2025-02-14 08:00",
        parties=("matkailu", "markkinointi"),
        settled=keys("matkailu", "notice") | keys("markkinointi", "notice"),
        then=["sihteeri: request markkinointi + request matkailu"],
    ),
    Case(
        name="in a bundle the complete party is left out",
        now="2025-02-21 08:00",
        parties=("matkailu", "markkinointi"),
        settled=keys("matkailu", "notice request") | keys("markkinointi", "notice request"),
        standings=standing("matkailu", "t4"),
        then=["skip sihteeri: reminder 0: complete", "sihteeri: reminder markkinointi"],
    ),
    Case(
        name="in a bundle the most urgent step names the mail",
        now="2025-03-07 08:00",
        parties=("matkailu", "markkinointi"),
        settled=keys("matkailu", ALL) | keys("markkinointi", "notice request reminder:0 reminder:1 last_call overdue:0"),
        extensions=(extension("matkailu", date(2025, 3, 14), decided_at=local("2025-02-26 12:00")),),
        then=["sihteeri: overdue markkinointi + reminder matkailu"],
    ),
    Case(
        name="of two rounds due on one day the more urgent goes and the other waits",
        now="2025-02-27 08:00",
        setup=TWO_ROUNDS,
        settled=UNTIL_REQUEST | keys("rehtori", "reminder:0") | keys("rehtori", "notice request reminder:0 reminder:1", round_id="2025"),
        then=["rehtori: last_call rehtori"],
    ),
    Case(
        name="the next working day the round that waited has its turn",
        now="2025-02-28 08:00",
        setup=TWO_ROUNDS,
        settled=keys("rehtori", "notice request reminder:0") | keys("rehtori", ALL, round_id="2025"),
        mailed={"rehtori": "2025-02-27"},
        then=["skip rehtori: reminder 1: collapsed", "rehtori: last_call rehtori"],
    ),
    Case(
        name="what waits behind a more urgent round does not collapse meanwhile",
        now="2025-02-28 08:00",
        setup=TWO_ROUNDS,
        settled=keys("rehtori", "notice request reminder:0")
        | keys("rehtori", "notice request reminder:0 reminder:1 last_call", round_id="2025"),
        then=["rehtori: overdue rehtori"],
    ),
    Case(
        name="a notice is no part of a request of another round",
        now="2025-02-14 08:00",
        setup=setup_of(round_of(), round_of(statements=date(2025, 3, 28), round_id="2025", years=frozenset({2025}))),
        settled=keys("rehtori", "notice"),
        then=["rehtori: request rehtori"],
    ),
    # 7. The sending window.
    Case(name="before the window opens the reminder waits", now="2025-02-24 07:59", settled=UNTIL_REQUEST, then=[]),
    Case(name="when the window has closed the reminder waits", now="2025-02-24 16:00", settled=UNTIL_REQUEST, then=[]),
    Case(
        name="in the last minute of the window the reminder goes",
        now="2025-02-24 15:59",
        settled=UNTIL_REQUEST,
        then=["rehtori: reminder rehtori"],
    ),
    Case(name="on a Saturday nothing goes", now="2025-02-22 10:00", settled=UNTIL_REQUEST, then=[]),
    Case(
        name="on Good Friday nothing goes",
        now="2025-04-18 10:00",
        settled=UNTIL_DEADLINE | keys("rehtori", "overdue:0 overdue:1 overdue:2"),
        then=[],
    ),
    Case(name="the digest waits for its own hour", now="2025-02-17 08:29", parties=("",), then=[]),
    Case(name="the digest may go after the window has closed", now="2025-02-17 20:00", parties=("",), then=["koordinaattori: digest"]),
    Case(name="no digest on a Sunday", now="2025-02-23 12:00", parties=("",), then=[]),
    Case(
        name="a window that opens in the hour of the clock changes opens at 04:00",
        now="2025-02-24 03:30",
        setup=setup_of(replace(round_of(), window=SendingWindow(opens=time(3), closes=time(16)))),
        settled=UNTIL_REQUEST,
        then=[],
    ),
    # 8. Caps.
    Case(
        name="with a last call to come, the third reminder is one too many",
        now="2025-02-24 08:00",
        setup=setup_of(round_of(FOUR_REMINDERS)),
        settled=keys("rehtori", "notice request reminder:0 reminder:1"),
        then=["skip rehtori: reminder 2: enough", "skip rehtori: reminder 3: enough"],
    ),
    Case(
        name="the last call keeps its place among the three",
        now="2025-02-28 08:00",
        setup=setup_of(round_of(FOUR_REMINDERS)),
        settled=keys("rehtori", "notice request reminder:0 reminder:1 reminder:2 reminder:3"),
        then=["rehtori: last_call rehtori"],
    ),
    Case(
        name="without a last call three reminders go",
        now="2025-02-19 08:00",
        setup=setup_of(round_of(replace(FOUR_REMINDERS, last_call=None))),
        settled=keys("rehtori", "notice request reminder:0 reminder:1"),
        then=["rehtori: reminder rehtori"],
    ),
    Case(
        name="the fifth overdue mail goes",
        now="2025-03-07 08:00",
        setup=setup_of(round_of(OVERDUE_DAILY)),
        settled=UNTIL_DEADLINE | keys("rehtori", "overdue:0 overdue:1 overdue:2 overdue:3"),
        then=["rehtori: overdue rehtori"],
    ),
    Case(
        name="a sixth overdue mail does not go, the coordinator takes over",
        now="2025-03-10 08:00",
        setup=setup_of(round_of(OVERDUE_DAILY)),
        settled=UNTIL_DEADLINE | keys("rehtori", "overdue:0 overdue:1 overdue:2 overdue:3 overdue:4"),
        then=["skip rehtori: overdue 5: enough"],
    ),
    Case(
        name="after an outage the steps beyond the cap do not swallow the newest within it",
        now="2025-03-12 08:00",
        setup=setup_of(round_of(OVERDUE_DAILY)),
        settled=UNTIL_DEADLINE | keys("rehtori", "overdue:0 overdue:1 overdue:2 overdue:3"),
        then=[
            "skip rehtori: overdue 5: enough",
            "skip rehtori: overdue 6: enough",
            "skip rehtori: overdue 7: enough",
            "rehtori: overdue rehtori",
        ],
    ),
    Case(
        name="killed among the skips beyond the cap, the newest within it still goes",
        now="2025-03-10 08:00",
        setup=setup_of(round_of(OVERDUE_DAILY)),
        settled=UNTIL_DEADLINE | keys("rehtori", "overdue:0 overdue:1 overdue:2 overdue:3 overdue:5"),
        then=["rehtori: overdue rehtori"],
    ),
    # 9. The digest.
    Case(
        name="without complete parties the coordinator gets the digest",
        now="2025-02-17 08:30",
        parties=("",),
        then=["koordinaattori: digest"],
    ),
    Case(
        name="when all are complete the digest ends",
        now="2025-02-17 08:30",
        parties=("",),
        standings=EVERYBODY,
        then=["skip koordinaattori: digest 0: complete"],
    ),
    Case(
        name="one party that lacks one action keeps the digest going",
        now="2025-02-17 08:30",
        parties=("",),
        standings={**EVERYBODY, **standing("museo", "t3", "t3")},
        then=["koordinaattori: digest"],
    ),
    Case(
        name="of missed digests only the last goes",
        now="2025-03-04 09:00",
        parties=("",),
        then=["skip koordinaattori: digest 0: expired", "skip koordinaattori: digest 1: expired", "koordinaattori: digest"],
    ),
    Case(
        name="the coordinator gets the digest of each round on one day",
        now="2025-02-17 08:30",
        parties=("",),
        setup=TWO_ROUNDS,
        then=["koordinaattori: digest", "koordinaattori: digest"],
    ),
    # 10. Who only contributes.
    Case(
        name="who only contributes is asked",
        now="2025-02-14 08:00",
        parties=("kyla",),
        settled=keys("kyla", "notice"),
        then=["kyla: request kyla"],
    ),
    Case(
        name="who only contributes is never chased",
        now="2025-03-24 09:00",
        parties=("kyla",),
        settled=keys("kyla", "notice request"),
        then=[],
    ),
    # Extensions.
    Case(
        name="an extension silences the ladder of the old deadline",
        now="2025-02-28 08:00",
        settled=keys("rehtori", "notice request reminder:0 reminder:1"),
        extensions=(GRANTED,),
        then=[],
    ),
    Case(
        name="an extension brings its own reminders although those of the old deadline were sent",
        now="2025-03-07 08:00",
        settled=keys("rehtori", "notice request reminder:0 reminder:1"),
        extensions=(GRANTED,),
        then=["rehtori: reminder rehtori"],
    ),
    Case(
        name="with more time until Monday no reminder goes on the day of the decision",
        now="2025-02-27 09:00",
        settled=keys("rehtori", "notice request reminder:0 reminder:1"),
        extensions=(extension("rehtori", date(2025, 3, 3), decided_at=local("2025-02-27 08:30")),),
        then=[],
    ),
    Case(
        name="an extension of one party leaves the others where they are",
        now="2025-02-28 08:00",
        parties=("rehtori", "yhtio"),
        settled=keys("rehtori", "notice request reminder:0 reminder:1") | keys("yhtio", "notice request reminder:0 reminder:1"),
        extensions=(GRANTED,),
        then=["yhtio: last_call yhtio"],
    ),
]


@pytest.mark.parametrize("case", TABLE, ids=[case.name for case in TABLE])
def test_decision(case: Case) -> None:
    """The case's name is the rule."""
    assert case.decide() == case.then


def test_the_table_is_large_enough() -> None:
    """Names are told apart, and nobody thins the table out unseen."""
    assert len({case.name for case in TABLE}) == len(TABLE) >= 60


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
    timeline = [step for step in plan_timeline(TWO_ROUNDS) if step.key.party == "rehtori"]
    found = decide_at_any_hour(TWO_ROUNDS, timeline, PlanState(), local("2025-02-14 08:00"))

    assert [intent for intent in told(found) if not intent.startswith("skip")] == ["rehtori: request rehtori"] * 2


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
        ("2025-04-25 17:00", keys("rehtori", ALL), None),
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
    first = decide(city, timeline, PlanState(standings=EVERYBODY), now)

    assert decide(city, timeline, PlanState(standings=dict(reversed(EVERYBODY.items()))), now) == first
