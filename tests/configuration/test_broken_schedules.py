"""Faults of the full schedule: each edit of the sample makes exactly these findings, every one with place and advice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from string import Formatter

import pytest

from reminder.configuration import settings_wording, wording
from reminder.configuration.loading import load_setup
from reminder.configuration.translations import TRANSLATIONS
from reminder.configuration.wording import Complaint
from reminder.domain.programme import Language

Edit = Callable[[str, str, str], None]

CASES = [
    (
        "last_call: due",
        "last_call: due at 16:00",
        ["14:16: fault: 16:00 is outside the sending window of 08:00 to 16:00. Choose a time inside it, or change `sending`."],
    ),
    (
        "last_call: due",
        "last_call: due at 03:15",
        [
            "14:16: fault: 03:15 may not exist when the clocks change. Choose a time that is not between 03:00 and 04:00.",
            "14:16: fault: 03:15 is outside the sending window of 08:00 to 16:00. Choose a time inside it, or change `sending`.",
        ],
    ),
    (
        "last_call: due",
        "last_call: fridy before due",
        [
            "14:16: fault: `fridy` is not an anchor. Did you mean `friday`?",
        ],
    ),
    (
        "last_call: due",
        "last_call: friday befor due",
        [
            "14:16: fault: `friday befor due` is not a date rule. Write a date, or an anchor, `request` or `due`, with an offset such as "
            "`due - 5 working days`, or a weekday such as `monday after due`; units are days, weeks, months and working days. "
            "Did you mean `before`?",
        ],
    ),
    (
        "{2024: 16.6.2025}",
        "{2024: 16.6.2025 plannd}",
        [
            "5:19: fault: `16.6.2025 plannd` is not a date. Write it as 2025-02-28 or 28.2.2025, with the word `planned` after "
            "it while it is not confirmed.",
        ],
    ),
    (
        "{2024: 2025-02-14}",
        "{2024: [2025-02-14, 2025-03-14]}",
        [
            "10:13: fault: Round 2024 hangs on `financial_statements`, which has 2 dates in 2024. Say which: such as `first "
            "financial_statements after due`.",
        ],
    ),
    (
        "{2024: 2025-02-14}",
        "every 31.2.",
        [
            "2:25: fault: `every 31.2.` is not a day of every year. Write `every 31.8.`, or a date for each year: `{2024: 2025-02-14}`.",
            "10:13: fault: Round 2024 hangs on `financial_statements`, which has no date for 2024. "
            "Add `2024: YYYY-MM-DD` under `financial_statements` in `anchors`.",
        ],
    ),
    (
        "closes: due + 8 weeks",
        "closes: fifth council after due",
        ["16:13: fault: `fifth council after due` leads to no date. Check the dates of its anchors, the closed days and the offset."],
    ),
    (
        "  council:",
        "  monday:",
        [
            "3:3: fault: `monday` cannot name an anchor. Use small letters, digits and underscores, such as `monday_day`; not a "
            "word of the date rules such as `due`, `monday` or `then`."
        ],
    ),
    (
        "years: [2024]",
        "years: [2024]\n    focus_areas: [Keskust]",
        ["10:19: fault: Nothing in programme elinvoima is called `Keskust`. Did you mean `Keskusta`?"],
    ),
    (
        "years: [2024]",
        "years: [2024]\n    numbers: [4.*]",
        ["10:15: fault: Nothing in programme elinvoima is called `4.*`. Known here: 3.1, 3.10."],
    ),
    (
        "years: [2024]",
        "years: [2024]\n    phases: [doing]",
        ["10:14: fault: `doing` is not possible for `phases`. Did you mean `ongoing`?"],
    ),
    (
        "years: [2024]",
        "years: [2024]\n    phases: [done]",
        [
            "7:3: fault: Round 2024 asks for no action: none has all of what it selects. Loosen `years`, `focus_areas`, "
            "`numbers` or `phases`."
        ],
    ),
    (
        "years: [2024]",
        "numbers: [3.1]",
        ["7:3: fault: Round 2024 hangs on `financial_statements` but has no year. Add `anchor_year: 2025`, or `years`."],
    ),
    (
        "years: [2024]",
        "years: [2024]\n    members: [jaosto]",
        ["10:14: fault: Round 2024 is no survey, so it has no `members`. Remove `members`, or add `kind: survey`."],
    ),
    (
        "years: [2024]",
        "kind: survey\n    anchor_year: 2024",
        [
            "8:5: fault: Survey 2024 asks nobody. Add `members: [kulttuuri]`, parties whose contacts are asked.",
            "9:11: note: Survey 2024 is only planned: its dates are shown, and no mail goes out for it.",
        ],
    ),
    (
        "closes: due + 8 weeks",
        "closes: due + 8 weeks\n    escalate: {when: due + 1 week, to: [boss], grace: soon}",
        [
            "17:41: fault: `boss` is not possible for `to`. Known here: manager, deputies.",
            "17:55: fault: `soon` is not a grace. Write `5 working days`; at least 1 and at most 60.",
        ],
    ),
    (
        "closes: due + 8 weeks",
        "closes: due + 8 weeks\n    escalate: due - 1 week",
        [
            "17:15: fault: This mail says that the report is late, but goes out on Mon 24.2.2025; the report is due on Mon 3.3.2025. "
            "Let it come after `due`, such as `due + 1 working day`.",
        ],
    ),
    (
        "closes: due + 8 weeks",
        "closes: due + 8 weeks\n    escalate: due + 9 weeks",
        [
            "17:15: warning: This mail would go out on Mon 5.5.2025, after the round closes on Mon 28.4.2025; it never will. Let "
            "the round close later, or remove it.",
        ],
    ),
    (
        "closes: due + 8 weeks",
        "closes: due + 8 weeks\n    overrides: {jaostot: {due: due + 1 week}}",
        ["17:17: fault: `jaostot` is not a party of programme elinvoima. Did you mean `jaosto`?"],
    ),
    (
        "closes: due + 8 weeks",
        "closes: due + 8 weeks\n    overrides: {jaosto: {dua: due + 1 week}}",
        ["17:26: fault: `dua` is not known in override jaosto. Did you mean `due`?"],
    ),
    (
        "closes: due + 8 weeks",
        "closes: due + 8 weeks\n    overrides: {jaosto: {due: due + 1 week, closes: 2025-03-05}}",
        [
            "17:53: fault: The round closes on Wed 5.3.2025, before the report is due on Mon 10.3.2025. Let `closes` come after `due`.",
        ],
    ),
    ("anchors:", "groups: {jaosto: [jaosto]}\nanchors:", ["1:10: fault: `jaosto` is the id of a party. Name the group otherwise."]),
    (
        "anchors:",
        "groups: {kaikki: [jaostot]}\nanchors:",
        ["1:19: fault: `jaostot` is not a party of any programme. Did you mean `jaosto`?"],
    ),
    (
        "anchors:",
        "winter_holiday: southern\nanchors:",
        ["1:17: fault: `southern` is not possible for `winter_holiday`. Did you mean `south`?"],
    ),
    (
        "anchors:",
        "quiet_weeks: {week 54: loma}\nanchors:",
        [
            "1:15: fault: `week 54` is not a quiet time. Write `week 8`, `weeks 27-30`, `week 8 of 2026`, or two dates: "
            "`2026-12-21 - 2027-01-06`.",
        ],
    ),
    (
        "anchors:",
        "closed_days: {2025-01-01 - 2026-01-01: loma}\nanchors:",
        ["1:15: fault: `2025-01-01 - 2026-01-01` closes the offices for more than 62 days. Check the years, or write two spans."],
    ),
    ("anchors:", "sending: {from: 09:00}\nanchors:", ["1:10: fault: `sending` stands in service.yaml as well. Keep one of the two."]),
]


@pytest.mark.parametrize(("old", "new", "findings"), CASES, ids=[new.splitlines()[-1].strip() for _, new, _ in CASES])
def test_each_fault_of_the_schedule(old: str, new: str, findings: list[str], folder: Path, edit: Edit) -> None:
    """One edit, exactly these findings, each at its line and column."""
    edit("schedule.yaml", old, new)

    found = [one for one in load_setup(folder).findings if one.file == "schedule.yaml"]
    assert [str(one).removeprefix("schedule.yaml:") for one in found] == findings


def test_escalation_that_reaches_nobody(folder: Path, edit: Edit) -> None:
    """A party without a manager and without deputies is noted where a round escalates; not where none does."""
    note = "contacts.yaml:14:3: note: Nobody is named above party `jaosto`: where it is late, only the coordinator is told. "

    assert load_setup(folder).findings == ()
    edit("schedule.yaml", "closes: due + 8 weeks", "closes: due + 8 weeks\n    escalate: due + 2 weeks")
    (found,) = load_setup(folder).findings
    assert str(found).startswith(note)
    edit("contacts.yaml", "jaosto: [jaosto]", "jaosto: {contacts: [jaosto], deputies: [anna]}")
    assert load_setup(folder).findings == ()


def test_two_groups_that_claim_a_party(folder: Path, edit: Edit) -> None:
    """Which of two groups would win is not guessed; an entry of the party's own settles it."""
    edit("schedule.yaml", "anchors:", "groups: {a: [jaosto], b: [jaosto, kulttuuri]}\nanchors:")
    edit("schedule.yaml", "closes: due + 8 weeks", "closes: due + 8 weeks\n    overrides: {a: {due: due + 1 week}, b: {last_call: none}}")

    assert [str(one) for one in load_setup(folder).findings] == [
        "schedule.yaml:18:41: fault: `jaosto` has steps of its own in `a` as well. Give it an entry of its own, or take it out "
        "of one group."
    ]
    edit("schedule.yaml", "b: {last_call: none}}", "b: {last_call: none}, jaosto: {}}")
    assert load_setup(folder).findings == ()


def fields(text: str) -> set[str]:
    """What is filled into a text."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_every_complaint_is_translated(language: Language) -> None:
    """Each has a message and, where it advises, an advice, with the same things filled in; none is left in English."""
    complaints = {name: one for module in (wording, settings_wording) for name, one in vars(module).items() if isinstance(one, Complaint)}
    known = TRANSLATIONS[language]

    assert [name for name, one in complaints.items() if one not in known] == []
    for name, one in complaints.items():
        message, advice = known[one]
        assert fields(message) | fields(advice) == fields(one.message) | fields(one.advice), name
        assert message != one.message
        assert (advice != one.advice) == (one.advice not in {"", "{hint}"}), name


@pytest.mark.fault("G2")
@pytest.mark.parametrize("language", ["fi", "sv"])
@pytest.mark.parametrize(("old", "new"), [(old, new) for old, new, _ in CASES], ids=[new.splitlines()[-1].strip() for _, new, _ in CASES])
def test_faults_in_other_languages(old: str, new: str, language: Language, folder: Path, edit: Edit) -> None:
    """The same findings at the same places, each in words of its own."""
    edit("schedule.yaml", old, new)
    english, other = load_setup(folder).findings, load_setup(folder, language=language).findings

    assert {(one.line, one.column, one.severity) for one in english} == {(one.line, one.column, one.severity) for one in other}
    assert {one.message for one in english}.isdisjoint(one.message for one in other)


def test_finding_in_finnish_names_its_days_and_its_place(folder: Path, edit: Edit) -> None:
    """Weekdays, holidays and hints are in the language too."""
    edit("schedule.yaml", "statements + 10 working days", "statements + 63 days")

    assert [(one.message, one.advice) for one in load_setup(folder, language="fi").findings] == [
        (
            "financial_statements + 63 days on pe 18.4.2025, Pitkäperjantai, Pääsiäispäivä, Toinen pääsiäispäivä; "
            "raportin määräaika on ti 22.4.2025.",
            "Ei toimia; `deadline_rule: exact` pitää päivän.",
        )
    ]
