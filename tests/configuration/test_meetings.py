"""Hearings and the seminar in schedule.yaml: what is read, and each fault with its place and advice."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, time
from pathlib import Path

import pytest

from reminder.cli.main import run
from reminder.configuration.loading import load_setup
from reminder.domain.hearings import Break, Meeting, MeetingKind, Wish
from reminder.domain.programme import Language

Edit = Callable[[str, str, str], None]
LAST = "    digest: every monday 08:30 from request until complete\n"
HEARINGS = """\
    hearings:
      on: [due + 2 weeks, due + 3 weeks]
      from: 13:00
      until: 16.00
      length: 20
      per_action: 5
      breaks: [14:00-14:15]
      place: {fi: kaupungintalo, sv: stadshuset}
      link: https://video.kunta.example/1
      presenter: anna
      wishes: {kulttuuri: 2025-03-24 13:30}
    seminar: {on: 2025-05-08, from: 09:00, until: 12:00, parties: [jaosto], invite: due}
"""


@pytest.fixture
def with_meetings(edit: Edit) -> None:
    """The sample with hearings and a seminar."""
    edit("schedule.yaml", LAST, LAST + HEARINGS)


@pytest.mark.usefixtures("with_meetings")
def test_what_is_read(folder: Path) -> None:
    """Dates are worked out, parties stand in the order of the programme, and what is left out has its default."""
    loaded = load_setup(folder)
    assert loaded.setup is not None, loaded.findings
    assert [str(one) for one in loaded.findings] == []
    hearings, seminar = loaded.setup.rounds[0].meetings

    assert hearings == Meeting(
        kind=MeetingKind.HEARING,
        days=(date(2025, 3, 17), date(2025, 3, 24)),
        opens=time(13),
        until=time(16),
        length=20,
        per_action=5,
        breaks=(Break(begins=time(14), ends=time(14, 15)),),
        place=hearings.place,
        link="https://video.kunta.example/1",
        presenter="anna",
        parties=("kulttuuri", "jaosto"),
        wishes={"kulttuuri": Wish(on=date(2025, 3, 24), begins=time(13, 30))},
        invite_on=date(2025, 2, 17),
    )
    assert hearings.place is not None
    assert hearings.place.in_language("sv") == "stadshuset"
    assert (seminar.kind, seminar.days, seminar.parties, seminar.invite_on) == (
        MeetingKind.SEMINAR,
        (date(2025, 5, 8),),
        ("jaosto",),
        date(2025, 3, 3),
    )


CASES = [
    (
        "until: 16.00",
        "until: 12.00",
        ["21:14: fault: The meeting ends before it begins. Write for example `from: 13:00` and `until: 16:00`."],
    ),
    ("      from: 13:00\n", "", ["19:7: fault: `from` is missing in `hearings`. Add `from: 13:00`."]),
    ("length: 20", "lenght: 20", ["22:7: fault: `lenght` is not known in `hearings`. Did you mean `length`?"]),
    ("length: 20", "length: long", ["22:15: fault: `long` is not possible for `length`. Write a number from 0 to 480."]),
    ("[14:00-14:15]", "[14:00]", ["24:16: fault: `14:00` is not a time from and until. Write it as `14:00-14:15`."]),
    (
        "[14:00-14:15]",
        "[16:00-16:15]",
        ["24:16: fault: The break 16:00-16:15 is not within the hours of the meeting. Change it, or `from` and `until`."],
    ),
    ("https://video", "video", ["26:13: fault: `video.kunta.example/1` is not a web address. Write it as https://…"]),
    (
        "presenter: anna",
        "presenter: ana",
        ["27:18: fault: `ana` is not in contacts.yaml. Did you mean `anna`?"],
    ),
    (
        "2025-03-24 13:30}",
        "13:30}",
        [
            "28:27: fault: 13:30 is no day of the hearings. Write the day and the time, such as `2025-03-18 13:30`; "
            "the days are: 2025-03-17, 2025-03-24."
        ],
    ),
    (
        "2025-03-24 13:30}",
        "2025-03-24 15:50}",
        ["28:27: fault: The wish of `kulttuuri` reaches beyond the hours of the hearings. Change the time, or `from` and `until`."],
    ),
    (
        "2025-03-24 13:30}",
        "2025-03-24 13:30, jaosto: 2025-03-24 13:40}",
        ["28:53: fault: The wish of `jaosto` clashes with that of `kulttuuri`. Give one of them another time; the visit takes 20 minutes."],
    ),
    (
        "2025-03-24 13:30}",
        "soon}",
        ["28:27: fault: `soon` is not a time of the hearings. Write it as 13:30; where there are several days, as `2025-03-18 13:30`."],
    ),
    ("{kulttuuri: 2025", "{kultturi: 2025", ["28:16: fault: `kultturi` is not a party of programme elinvoima. Did you mean `kulttuuri`?"]),
    (
        "length: 20",
        "length: 180",
        [
            "28:27: fault: The wish of `kulttuuri` reaches beyond the hours of the hearings. Change the time, or `from` and `until`.",
        ],
    ),
    ("parties: [jaosto]", "parties: [jaosto, all]", ["29:76: fault: `all` stands beside others. Write `all` alone, or list the parties."]),
    (
        "on: 2025-05-08",
        "on: [2025-05-08, 2025-05-09]",
        ["29:19: fault: A seminar has one day. Name one day, or write `hearings`."],
    ),
    (
        "on: 2025-05-08",
        "on: 2025-05-10",
        ["29:19: warning: Sat 10.5.2025 is a day on which the offices are closed. Is this the day of the meeting?"],
    ),
    (
        "invite: due}",
        "invite: 2025-05-08}",
        ["29:85: fault: The invitations would leave on Thu 8.5.2025, which is not before the meeting. Choose an earlier `invite`."],
    ),
    ("on: [due + 2 weeks", "on: [dew + 2 weeks", ["19:12: fault: `dew` is not an anchor. Did you mean `due`?"]),
]


@pytest.mark.usefixtures("with_meetings")
@pytest.mark.parametrize(("old", "new", "expected"), CASES, ids=[new.strip() or f"without {old.strip()}" for old, new, _ in CASES])
def test_faults(old: str, new: str, expected: list[str], folder: Path, edit: Edit) -> None:
    """Exactly these findings, each where one has to write."""
    edit("schedule.yaml", old, new)

    assert [str(one).removeprefix("schedule.yaml:") for one in load_setup(folder).findings] == expected


@pytest.mark.usefixtures("with_meetings")
@pytest.mark.parametrize(("language", "order"), [("en", "Hearings, elinvoima/2024"), ("fi", "Kuulemiset"), ("sv", "Höranden")])
def test_plan_shows_the_running_order(folder: Path, capsys: pytest.CaptureFixture[str], language: Language, order: str) -> None:
    """Below the mails, in the language, and not within JSON."""
    assert run(["--config", str(folder), "--lang", language, "plan", "--from", "2025-03-01", "--until", "2025-03-31"]) == 0
    shown = capsys.readouterr().out
    assert run(["--config", str(folder), "--json", "plan"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    assert order in shown
    assert [line.split()[-2:] for line in shown.splitlines() if "13:" in line and "-1" in line] == [
        ["13:10-13:30", "jaosto"],
        ["13:30-13:50", "kulttuuri"],
    ]
    assert all("kind" in line for line in lines)
