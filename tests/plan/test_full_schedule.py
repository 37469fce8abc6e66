"""What a full schedule says beyond offsets: quiet weeks, picked days, times of day, schedules of single parties, surveys."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from reminder.compose.reasons import explain_date
from reminder.domain.assessments import Phase
from reminder.domain.programme import LANGUAGES, Action, Localised
from reminder.domain.rounds import (
    ROUND_DUE,
    Anchor,
    DateRule,
    DigestRule,
    Pick,
    ReportingRound,
    RoundKind,
    RoundSchedule,
    Selection,
    StepKind,
)
from reminder.domain.setup import Setup
from reminder.domain.workdays import Unit
from reminder.plan.dates import last_day, party_deadline, rule_date
from reminder.plan.timeline import plan_surveys, plan_timeline
from tests.plan.cast import CALENDAR, SCHEDULE, STATEMENTS, extension, local, named, round_of, rule, setup_of
from tests.plan.test_timeline import find, ladder

WINTER = Localised({"fi": "talviloma", "sv": "sportlov", "en": "winter holiday"})
COUNCIL = Anchor(
    id="council",
    name=named("valtuusto"),
    on=date(2025, 1, 27),
    dates=(date(2025, 1, 27), date(2025, 3, 3), date(2025, 3, 31), date(2025, 6, 16)),
)


def quiet(first: date, last: date) -> Setup:
    """The city of the cast with one quiet span."""
    days = {first + timedelta(days=offset): WINTER for offset in range((last - first).days + 1)}
    return setup_of(calendar=replace(CALENDAR, quiet=days))


def with_council(schedule: RoundSchedule = SCHEDULE) -> ReportingRound:
    """The round of 2024 with meetings of the council."""
    one = round_of(schedule)
    return replace(one, anchors={**one.anchors, "council": COUNCIL})


def test_reminders_move_to_before_a_quiet_week() -> None:
    """What comes before the deadline moves earlier out of week 8; the deadline itself does not move, working days still count."""
    setup = quiet(date(2025, 2, 19), date(2025, 2, 25))

    assert ladder(setup)[1:5] == [
        "request 0: Fri 14.2.2025 08:00",
        "reminder 0: Tue 18.2.2025 08:00",
        "reminder 1: Wed 26.2.2025 08:00",
        "last_call 0: Fri 28.2.2025 08:00",
    ]
    why = find(setup, StepKind.REMINDER).why
    assert explain_date(why, "en").endswith("moved to 18 Feb 2025 (19 Feb – 21 Feb winter holiday)")
    assert explain_date(why, "fi").endswith("siirtyy päivään 18.2.2025 (19.2. – 21.2. talviloma)")
    assert explain_date(why, "sv").endswith("flyttas till 18.2.2025 (19.2. – 21.2. sportlov)")


def test_request_and_notice_move_to_before_a_quiet_week() -> None:
    """Nobody loses time: a request of a quiet week goes out on the working day before it, the weekend between included."""
    setup = quiet(date(2025, 2, 10), date(2025, 2, 16))

    assert ladder(setup)[:2] == ["notice 0: Fri 3.1.2025 08:00", "request 0: Fri 7.2.2025 08:00"]
    assert ladder(quiet(date(2024, 12, 23), date(2025, 1, 6)))[0] == "notice 0: Fri 20.12.2024 08:00"


def test_last_reminder_before_the_deadline_heeds_no_quiet_week() -> None:
    """The last call goes out in the middle of a quiet week; where there is none, so does the last of the reminders."""
    whole = quiet(date(2025, 2, 17), date(2025, 3, 7))

    assert "last_call 0: Fri 28.2.2025 08:00" in ladder(whole)
    alone = setup_of(round_of(replace(SCHEDULE, last_call=None)), calendar=whole.calendar)
    assert [entry for entry in ladder(alone) if entry.startswith("reminder")] == [
        "reminder 0: Fri 21.2.2025 08:00",
        "reminder 1: Wed 26.2.2025 08:00",
    ]


def test_reminder_without_room_before_a_quiet_week_goes_after_it_while_there_is_time() -> None:
    """Moving earlier would bring it before the request: then it goes on the first day after the quiet week."""
    setup = quiet(date(2025, 2, 15), date(2025, 2, 23))

    assert find(setup, StepKind.REMINDER).why.on == date(2025, 2, 24)


def test_late_mails_move_on_past_a_quiet_week() -> None:
    """What comes after the deadline waits for the first day after the quiet week, and says why."""
    setup = quiet(date(2025, 3, 3), date(2025, 3, 9))

    assert ladder(setup)[5:7] == ["overdue 0: Mon 10.3.2025 08:00", "overdue 1: Mon 10.3.2025 08:00"]
    assert explain_date(find(setup, StepKind.OVERDUE, 1).why, "sv").endswith("flyttas till 10.3.2025 (7.3. – 9.3. sportlov)")
    assert explain_date(find(setup, StepKind.OVERDUE).why, "fi").endswith("(3.3. – 9.3. talviloma)")


def test_digests_heed_no_quiet_week() -> None:
    """The coordinator is told even then: no silence."""
    assert ladder(quiet(date(2025, 2, 17), date(2025, 2, 23)), party="")[0] == "digest 0: Mon 17.2.2025 08:30"


PICKS = [
    (DateRule(base=STATEMENTS, picks=(Pick(turn=1, weekday=0),)), "2025-02-17", "the next Monday gives 17 Feb 2025"),
    (DateRule(base=STATEMENTS, picks=(Pick(turn=1, weekday=4),)), "2025-02-21", "the next Friday gives 21 Feb 2025"),
    (DateRule(base=STATEMENTS, picks=(Pick(turn=1, weekday=4, includes_day=True),)), "2025-02-14", "which is a Friday gives 14 Feb 2025"),
    (DateRule(base=STATEMENTS, picks=(Pick(turn=-1, weekday=4),)), "2025-02-07", "the Friday before gives 7 Feb 2025"),
    (DateRule(base="2025-01-01", picks=(Pick(turn=2, weekday=1),)), "2025-01-14", "Tuesday no. 2 after that gives 14 Jan 2025"),
    (DateRule(base=STATEMENTS, picks=(Pick(turn=-2, weekday=1),)), "2025-02-04", "Tuesday no. 2 before that gives 4 Feb 2025"),
    (DateRule(base="due", picks=(Pick(turn=1, anchor="council"),)), "2025-03-03", "the next valtuusto gives 3 Mar 2025"),
    (
        DateRule(base="due", amount=1, unit=Unit.MONTHS, picks=(Pick(turn=2, anchor="council", amount=-1, unit=Unit.WEEKS),)),
        "2025-06-09",
        "plus 1 month, valtuusto no. 2 after that, minus 1 week gives 9 Jun 2025",
    ),
    (DateRule(base="2025-03-03", picks=(Pick(turn=-1, anchor="council"),)), "2025-01-27", "the valtuusto before gives 27 Jan 2025"),
]


@pytest.mark.parametrize(("written", "day", "why"), PICKS, ids=[day for _, day, _ in PICKS])
def test_picked_days(written: DateRule, day: str, why: str) -> None:
    """A weekday or a meeting near another day, counted in both directions, says in its reason how it was counted."""
    found = rule_date(with_council(), CALENDAR, written)

    assert found.on == date.fromisoformat(day)
    assert explain_date(found, "en").endswith(why)
    assert all(explain_date(found, language) for language in LANGUAGES)


def test_meeting_that_is_not_known_is_an_error() -> None:
    """There is no fifth meeting after the deadline, and no anchor of another name."""
    for pick in (Pick(turn=5, anchor="council"), Pick(turn=1, anchor="executive")):
        with pytest.raises(ValueError, match="has no such date after 2025-02-28"):
            rule_date(with_council(), CALENDAR, DateRule(base="due", picks=(pick,)))


def test_planned_anchor_is_called_planned_in_every_language() -> None:
    """Whoever asks why sees that the date may still change."""
    anchor = Anchor(
        id=STATEMENTS, name=Localised({"fi": "tilinpäätös", "sv": "bokslut", "en": "accounts"}), on=date(2025, 2, 14), is_planned=True
    )
    found = rule_date(replace(round_of(), anchors={STATEMENTS: anchor}), CALENDAR, rule(STATEMENTS))

    assert [explain_date(found, language) for language in LANGUAGES] == [
        "14.2.2025 tilinpäätös (suunniteltu)",
        "14.2.2025 bokslut (planerat)",
        "14 Feb 2025 accounts (planned)",
    ]


def test_steps_with_a_time_of_their_own() -> None:
    """A step leaves at its own time, or when the window opens where that is later; the change of clocks is not in the way."""
    schedule = replace(
        SCHEDULE,
        reminders=(replace(rule("due", -5), at=time(13, 30)), replace(rule("due", -2), at=time(3, 30))),
        last_call=replace(rule("due"), at=time(9)),
        overdue=(replace(rule("due", 30), at=time(10)),),
    )
    found = [entry for entry in ladder(setup_of(round_of(schedule))) if entry[:3] in {"rem", "las", "ove"}]

    assert found[:4] == [
        "reminder 0: Fri 21.2.2025 13:30",
        "reminder 1: Wed 26.2.2025 08:00",
        "last_call 0: Fri 28.2.2025 09:00",
        "overdue 0: Mon 31.3.2025 10:00",
    ]
    assert find(setup_of(round_of(schedule)), StepKind.OVERDUE).not_before == local("2025-03-31 10:00")


def test_party_with_a_schedule_of_its_own() -> None:
    """Its deadline hangs on the round's, its mails on its own deadline; the others keep theirs; the digest sees the last day of all."""
    own = replace(SCHEDULE, due=rule(ROUND_DUE, 2, Unit.WEEKS), last_call=None)
    setup = setup_of(replace(round_of(), overrides={"yhtio": own}))

    assert party_deadline(setup, setup.rounds[0], "yhtio").due_on == date(2025, 3, 14)
    assert party_deadline(setup, setup.rounds[0], "rehtori").due_on == date(2025, 2, 28)
    assert ladder(setup, "rehtori") == ladder(setup_of())
    assert ladder(setup, "yhtio")[2:5] == [
        "reminder 0: Fri 7.3.2025 08:00",
        "reminder 1: Wed 12.3.2025 08:00",
        "overdue 0: Mon 17.3.2025 08:00",
    ]
    assert last_day(setup.rounds[0], setup.calendar) == date(2025, 5, 9)
    assert ladder(setup, "")[-1] == "digest 11: Mon 5.5.2025 08:30"
    why = party_deadline(setup, setup.rounds[0], "yhtio").why
    assert explain_date(why, "en") == ("14 Feb 2025 Tilinpäätös, plus 10 working days gives 28 Feb 2025; plus 2 weeks gives 14 Mar 2025")


def test_extension_of_a_party_with_a_schedule_of_its_own() -> None:
    """An extension counts for it as for any other, and its own reminders hang on the new day."""
    setup = setup_of(replace(round_of(), overrides={"yhtio": replace(SCHEDULE, due=rule(ROUND_DUE, 2, Unit.WEEKS), last_call=None)}))
    granted = extension("yhtio", date(2025, 4, 15), decided_at=local("2025-03-10 12:00"))

    assert party_deadline(setup, setup.rounds[0], "yhtio", extensions=(granted,)).due_on == date(2025, 4, 15)
    assert "reminder 0 v1: Tue 8.4.2025 08:00" in ladder(setup, "yhtio", (granted,))


def test_digests_end_with_their_own_day() -> None:
    """`until due` ends the digests with the deadline, whatever the round does."""
    schedule = replace(SCHEDULE, digest=DigestRule(weekday=0, at=time(8, 30), start=rule("request"), until=rule("due")))

    assert ladder(setup_of(round_of(schedule)), "") == ["digest 0: Mon 17.2.2025 08:30", "digest 1: Mon 24.2.2025 08:30"]


def test_survey_has_steps_and_no_mail() -> None:
    """A survey's dates are in the year of those who look at it, and not in what is decided about: its questions are not known."""
    survey = replace(round_of(round_id="jasenkysely"), kind=RoundKind.SURVEY, members=("museo",), years=frozenset())
    setup = replace(setup_of(), surveys=(survey,))

    assert not [step for step in plan_timeline(setup) if step.key.round == "jasenkysely"]
    found = [step for step in plan_surveys(setup) if step.key.step is StepKind.REQUEST]
    assert [(step.key.party, step.not_before) for step in found] == [("museo", local("2025-02-14 08:00"))]


def action(number: str, *, area: str = "", phase: Phase | None = None) -> Action:
    """An action of 2024."""
    return Action(id=number, number=number, title=number, lead="rehtori", years=frozenset({2024}), focus_area=area, phase=phase)


ACTIONS = (action("1.1", area="Keskusta"), action("1.2", area="Keskusta", phase=Phase.DONE), action("2.1", area="Matkailu"), action("12.1"))
SELECTIONS = [
    (frozenset({2024}), Selection(), "1.1 1.2 2.1 12.1"),
    (frozenset({2025}), Selection(), ""),
    (frozenset[int](), Selection(), ""),
    (frozenset[int](), Selection(focus_areas=frozenset({"Keskusta"})), "1.1 1.2"),
    (frozenset({2024}), Selection(numbers=frozenset({"1.*"})), "1.1 1.2"),
    (frozenset({2024}), Selection(numbers=frozenset({"1*", "2.1"})), "1.1 1.2 2.1 12.1"),
    (frozenset({2024}), Selection(focus_areas=frozenset({"Keskusta"}), phases=frozenset({Phase.DONE})), "1.2"),
    (frozenset({2025}), Selection(numbers=frozenset({"1.1"})), ""),
]


@pytest.mark.parametrize(("years", "selection", "asked"), SELECTIONS)
def test_rounds_select_actions(years: frozenset[int], selection: Selection, asked: str) -> None:
    """By year, focus area, number and phase; all that is given must hold, and nothing given asks for nothing."""
    one = replace(round_of(years=years), selection=selection)

    assert " ".join(found.number for found in ACTIONS if one.asks_for(found)) == asked


def test_only_the_very_last_reminder_heeds_no_quiet_week() -> None:
    """Where a last call follows, the last of the reminders moves as the others do; without room before, to the deadline's own day."""
    assert find(quiet(date(2025, 2, 24), date(2025, 2, 27)), StepKind.REMINDER, 1).why.on == date(2025, 2, 21)
    assert find(quiet(date(2025, 2, 15), date(2025, 2, 27)), StepKind.REMINDER, 1).why.on == date(2025, 2, 28)
