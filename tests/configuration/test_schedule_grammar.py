"""The grammar of schedule.yaml: what is read, as what; what is not; and what a whole file of it becomes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reminder.compose.reasons import explain_date
from reminder.configuration.loading import load_or_raise, load_setup
from reminder.configuration.rules import TooFar, find_guess, read_digest, read_rule, read_working_days
from reminder.domain.assessments import Phase
from reminder.domain.rounds import ROUND_DUE, DateRule, EscalationTarget, Pick, SendingWindow, StepKind
from reminder.domain.workdays import Unit
from reminder.plan.dates import deadline_date, party_deadline, request_date
from reminder.plan.timeline import plan_surveys, plan_timeline

Edit = Callable[[str, str, str], None]

READ = [
    ("due", DateRule(base="due")),
    ("14.2.2025", DateRule(base="2025-02-14")),
    ("due - 5 working days", DateRule(base="due", amount=-5, unit=Unit.WORKING_DAYS)),
    ("5 working days before due", DateRule(base="due", amount=-5, unit=Unit.WORKING_DAYS)),
    ("Financial_Statements   −  6 WEEKS", DateRule(base="financial_statements", amount=-6, unit=Unit.WEEKS)),
    ("1 month after council", DateRule(base="council", amount=1, unit=Unit.MONTHS)),
    ("due-1 day", DateRule(base="due", amount=-1)),
    ("due at 12:00", DateRule(base="due", at=time(12))),
    ("due + 1 day 9.30", DateRule(base="due", amount=1, at=time(9, 30))),
    ("2025-02-14 at 10:00", DateRule(base="2025-02-14", at=time(10))),
    ("monday after due", DateRule(base="due", picks=(Pick(turn=1, weekday=0),))),
    (
        "friday on or before due + 1 day",
        DateRule(base="due", amount=1, picks=(Pick(turn=-1, weekday=4, includes_day=True),)),
    ),
    ("second tuesday after 31.12.2025", DateRule(base="2025-12-31", picks=(Pick(turn=2, weekday=1),))),
    ("3rd council before due", DateRule(base="due", picks=(Pick(turn=-3, anchor="council"),))),
    (
        "2 weeks before second council after due at 8:15",
        DateRule(base="due", picks=(Pick(turn=2, anchor="council", amount=-2, unit=Unit.WEEKS),), at=time(8, 15)),
    ),
    ("monday after council after due", DateRule(base="due", picks=(Pick(turn=1, anchor="council"), Pick(turn=1, weekday=0)))),
]
NOT_READ = [
    "",
    "due minus 1",
    "due - 5",
    "due - five days",
    "due - 5 fortnights",
    "tomorrow after due at noon",
    "then every 2 weeks",
    "sixth monday after due",
    "monday",
    "working day after due",
    "1 day after 1 week after due",
    "due + 1 day - 2 days",
    "31.2.2025",
    "due at 25:00",
    "due at",
    "monday after monday after monday after monday after monday after due",
    "request before due",
]


@pytest.mark.parametrize(("text", "rule"), READ, ids=[text for text, _ in READ])
def test_rules_that_are_read(text: str, rule: DateRule) -> None:
    """Offsets before and after, weekdays, meetings, times of day, in any spacing and any case."""
    found = read_rule(text)

    assert isinstance(found, DateRule)
    assert found == replace(rule, written=" ".join(text.split()))


@pytest.mark.parametrize("text", NOT_READ)
def test_texts_that_are_no_rule(text: str) -> None:
    """Nothing is guessed: what is not quite a rule is none."""
    assert read_rule(text) is None


@pytest.mark.parametrize("text", ["due + 731 days", "501 working days after due", "monday after due + 105 weeks", "25 months before due"])
def test_rules_that_reach_too_far(text: str) -> None:
    """An offset is at most about two years, wherever it stands."""
    assert isinstance(read_rule(text), TooFar)


@settings(max_examples=200, deadline=None)
@given(text=st.text(alphabet="due monayftrbscwk0123456789.:+- ", max_size=60))
def test_reading_never_fails(text: str) -> None:
    """Any text is a rule, too far, or none; never an exception."""
    found = read_rule(text)

    assert found is None or isinstance(found, (DateRule, TooFar))


def test_digests_with_an_end() -> None:
    """`until` names completeness, the close, or a day."""
    assert read_digest("every monday 08:30 until complete") == read_digest("every monday 08:30 until closes")
    ending = read_digest("every working day at 9.00 from due until due + 2 weeks")
    assert ending is not None
    assert (ending.weekday, ending.at, ending.start.base) == (None, time(9), "due")
    assert ending.until == DateRule(base="due", amount=2, unit=Unit.WEEKS, written="due + 2 weeks")
    assert read_digest("every monday 08:30 until christmas eve") is None
    assert read_digest("every fortnight 08:30") is None


def test_grace_and_guesses() -> None:
    """A grace is counted in working days; a mistyped word is named, an anchor of the file is not taken for one."""
    assert [read_working_days(text) for text in ("5 working days", "7", "1 working day")] == [5, 7, 1]
    assert [read_working_days(text) for text in ("3 weeks", "0", "61", "many")] == [None] * 4
    assert find_guess("5 workin days before due") == "working"
    assert find_guess("mondey after due") == "monday"
    assert find_guess("councl after due", ("council",)) == "council"
    assert find_guess("council after due", ("council",)) == ""


STEPS = """
    request: financial_statements
    due: financial_statements + 10 working days
    reminders: [due - 5 working days, friday before due at 13:00]
    last_call: due
    overdue: [due + 1 working day, then every 2 weeks]
    closes: due + 8 weeks
"""


def write(folder: Path, text: str) -> None:
    """Puts a whole schedule.yaml in the place of the sample's."""
    (folder / "schedule.yaml").write_text(text, encoding="utf-8")


def said(folder: Path) -> list[str]:
    """What check says of the folder."""
    return [str(one) for one in load_setup(folder).findings]


ANCHORS = """
anchors:
  financial_statements: {2024: 2025-02-14}
  council: {2024: [16.6.2025, 2025-03-03], 2025: 2026-02-02 (planned)}
  autumn: every 31.8.
rounds:
  "2024":
    years: [2024]
"""


def test_anchors_of_every_form(folder: Path) -> None:
    """Several meetings a year, planned ones, and a day of every year; the built-in names are in three languages."""
    write(folder, ANCHORS + STEPS)
    one = load_or_raise(folder).rounds[0]

    assert one.anchors["council"].dates == (date(2025, 3, 3), date(2025, 6, 16), date(2026, 2, 2))
    assert one.anchors["council"].name.in_language("sv") == "fullmäktiges möte"
    assert one.anchors["autumn"].on == date(2024, 8, 31)
    assert date(2027, 8, 31) in one.anchors["autumn"].dates
    assert said(folder) == []


def test_planned_anchor_is_noted_and_named(folder: Path) -> None:
    """A round may hang on a planned date; check reminds of it and every reason says so."""
    write(folder, (ANCHORS + STEPS).replace("{2024: 2025-02-14}", "{2024: 2025-02-14 planned}"))
    setup = load_or_raise(folder)

    assert said(folder) == [
        "schedule.yaml:3:32: note: Round 2024 hangs on `financial_statements`, planned for Fri 14.2.2025 and not confirmed. "
        "Remove `planned` when the date is certain."
    ]
    assert explain_date(request_date(setup.rounds[0], setup.calendar), "fi") == "14.2.2025 tilinpäätös (suunniteltu)"


def test_leap_day_of_every_year(folder: Path) -> None:
    """`every 29.2.` is 28 February where there is no leap day."""
    write(folder, (ANCHORS + STEPS).replace("every 31.8.", "every 29.2."))
    days = load_or_raise(folder).rounds[0].anchors["autumn"].dates

    assert {date(2024, 2, 29), date(2025, 2, 28)} <= set(days)


def test_times_weekdays_and_meetings_reach_the_plan(folder: Path) -> None:
    """A reminder on a Friday at one, and a last call hung on a meeting, leave then."""
    write(folder, (ANCHORS + STEPS).replace("last_call: due", "last_call: 1 working day before council after 2025-02-20 at 9:00"))
    setup = load_or_raise(folder)
    steps = [
        step for step in plan_timeline(setup) if step.key.party == "kulttuuri" and step.key.step in {StepKind.REMINDER, StepKind.LAST_CALL}
    ]

    assert [f"{step.not_before.astimezone(setup.calendar.zone):%a %d.%m. %H:%M}" for step in steps] == [
        "Fri 21.02. 08:00",
        "Fri 28.02. 09:00",
        "Fri 28.02. 13:00",
    ]


QUIET = """
winter_holiday: south
quiet_weeks:
  weeks 27 - 30: {fi: kesälomat, sv: semestrar, en: summer}
  week 43 of 2025: syysloma
  2025-12-22 - 6.1.2026: joulu
closed_days:
  2025-05-02: silta
  2025-12-29 - 2025-12-31: suljettu
sending: {from: 09:00, until: 15:00}
"""


def test_days_of_the_city(folder: Path, edit: Edit) -> None:
    """Quiet weeks of every year, of one year and by date; spans of closed days; the window of schedule.yaml."""
    edit("service.yaml", "sending: {from: 08:00, until: 16:00}\n", "")
    write(folder, QUIET + ANCHORS + STEPS.replace("13:00", "14:59"))
    setup = load_or_raise(folder)
    quiet, calendar = setup.calendar.quiet, setup.calendar

    assert quiet[date(2025, 2, 17)].in_language("en") == "winter holiday"
    assert date(2026, 2, 16) in quiet
    assert quiet[date(2025, 7, 27)].in_language("sv") == "semestrar"
    assert date(2025, 10, 20) in quiet
    assert date(2026, 10, 19) not in quiet
    assert quiet[date(2026, 1, 6)].in_language("fi") == "joulu"
    assert [calendar.is_working_day(day) for day in (date(2025, 2, 17), date(2025, 5, 2), date(2025, 12, 30))] == [True, False, False]
    assert not calendar.is_working_day(date(2025, 2, 24))
    assert setup.rounds[0].window == SendingWindow(opens=time(9), closes=time(15))
    assert {step.not_before.astimezone(calendar.zone).date() for step in plan_timeline(setup)}.isdisjoint(
        quiet.keys() - {date(2025, 2, 21)}
    )


@pytest.mark.parametrize(
    ("written", "monday"), [("south", "2025-02-17"), ("middle", "2025-02-24"), ("North", "2025-03-03"), ("week 9", "2025-02-24")]
)
def test_regions_have_their_winter_holiday(folder: Path, written: str, monday: str) -> None:
    """Week 8, 9 or 10 by region, or the week that the city says."""
    write(folder, f"winter_holiday: {written}\n" + ANCHORS + STEPS)
    quiet = load_or_raise(folder).calendar.quiet

    assert [day.isoformat() for day in sorted(quiet) if day.year == 2025 and day.weekday() == 0] == [monday]


OVERRIDES = """
    escalate: {when: due + 10 working days, to: [deputies, manager], grace: 3 working days}
    overrides:
      companies: {due: due + 1 week, last_call: none, reminders: []}
      jaosto: {due: 2025-03-21}
"""


def test_parties_with_steps_of_their_own(folder: Path) -> None:
    """A group hangs on the deadline of the round; a party's own entry goes before its group's; the rest is inherited."""
    write(folder, "groups: {companies: [kulttuuri, jaosto]}" + ANCHORS + STEPS + OVERRIDES)
    setup = load_or_raise(folder)
    one = setup.rounds[0]

    assert deadline_date(one, setup.calendar).on == date(2025, 3, 3)
    assert [party_deadline(setup, one, party).due_on for party in ("kulttuuri", "jaosto")] == [date(2025, 3, 10), date(2025, 3, 21)]
    own = one.overrides["kulttuuri"]
    assert (own.due.base, own.last_call, own.reminders, own.overdue) == (ROUND_DUE, None, (), one.schedule.overdue)
    assert own.escalation is not None
    assert (own.escalation.to, own.escalation.grace) == ((EscalationTarget.DEPUTIES, EscalationTarget.MANAGER), 3)
    assert one.overrides["jaosto"].last_call == one.schedule.last_call
    assert [line for line in said(folder) if line.startswith("schedule.yaml")] == []


def test_selection_by_area_number_and_phase(folder: Path, edit: Edit) -> None:
    """What is selected is asked for whatever its years, where no years are given."""
    edit("programme.yaml", "title: Seuranta", "title: Seuranta\n                phase: ongoing")
    chosen = "focus_areas: [Keskusta]\n    numbers: ['3.*']\n    phases: [ongoing, not_started]\n    anchor_year: 2024"
    write(folder, (ANCHORS + STEPS).replace("years: [2024]", chosen))
    setup = load_or_raise(folder)

    assert [action.number for action in setup.programmes["elinvoima"].actions if setup.rounds[0].asks_for(action)] == ["3.10"]
    assert setup.rounds[0].selection.phases == {Phase.ONGOING, Phase.NOT_STARTED}


def test_survey_is_planned_beside_the_rounds(folder: Path) -> None:
    """Its dates are in the year of who looks; check says that nothing is sent; the rounds of reports are as before."""
    steps = "    request: 2025-05-05\n    due: request + 3 weeks\n    closes: due + 1 week\n"
    write(folder, ANCHORS + STEPS + "  kysely:\n    kind: survey\n    members: [jaosto]\n" + steps)
    setup = load_or_raise(folder)

    assert [one.id for one in setup.rounds] == ["2024"]
    assert [(step.key.party, step.key.step) for step in plan_surveys(setup)] == [("jaosto", StepKind.REQUEST)]
    assert said(folder) == ["schedule.yaml:17:11: note: Survey kysely is only planned: its dates are shown, and no mail goes out for it."]


def test_half_yearly_rounds_of_two_programmes(folder: Path) -> None:
    """30 April and 31 August, each for two programmes, from one set of defaults."""
    programme = folder / "programme.yaml"
    text = programme.read_text(encoding="utf-8").removeprefix("programmes:\n")
    second = text.replace("  elinvoima:\n", "  hyvinvointi:\n", 1).replace("ELVO", "HYVI")
    programme.write_text(f"programmes:\n{text}{second}", encoding="utf-8")
    rounds = "".join(
        f"  {name}/{half}-2026: {{years: [2026], due: {half}}}\n" for name in ("elinvoima", "hyvinvointi") for half in ("spring", "autumn")
    )
    defaults = "defaults: {request: 15 working days before due, reminders: [due - 1 week], closes: due + 4 weeks}\n"
    write(folder, f"anchors: {{spring: every 30.4., autumn: every 31.8.}}\n{defaults}rounds:\n{rounds}")
    setup = load_or_raise(folder)

    assert [(one.programme, one.id, deadline_date(one, setup.calendar).on.isoformat()) for one in setup.rounds] == [
        ("elinvoima", "spring-2026", "2026-04-30"),
        ("elinvoima", "autumn-2026", "2026-08-31"),
        ("hyvinvointi", "spring-2026", "2026-04-30"),
        ("hyvinvointi", "autumn-2026", "2026-08-31"),
    ]


@pytest.mark.parametrize(
    ("country", "language", "name"), [("SE", "sv", "Midsommarafton"), ("NO", "en", "Constitution Day"), ("DE", "en", "German Unity Day")]
)
def test_other_countries(folder: Path, edit: Edit, country: str, language: str, name: str) -> None:
    """The days of another country are closed under its own names, and the Finnish ones are not."""
    edit("service.yaml", "country: FI", f"country: {country}")
    calendar = load_or_raise(folder).calendar
    names = {day.in_language(language) for day in calendar.holidays.values()}

    assert name in names
    assert calendar.is_working_day(date(2027, 12, 6))
