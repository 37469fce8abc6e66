"""`hearings`: the running order as a table, a page, a calendar and JSON, without and with answers."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
import vobject
from icalendar import Calendar
from jinja2 import FileSystemLoader

from reminder.cli.main import run
from reminder.compose.meetings.rendering import render_order
from reminder.compose.meetings.words import WORDS
from reminder.domain.hearings import Attendance
from reminder.domain.programme import LANGUAGES, Language
from reminder.flows.meeting_orders import load_orders
from reminder.resources import find_templates
from reminder.sandbox.demo import HEARINGS
from tests.cli.test_commands import config
from tests.flows.conftest import town
from tests.flows.meetings import hearings, hold, invite_on, seminar
from tests.flows.test_meeting_answers import answer
from tests.flows.town import CULTURE, Town

__all__ = ["config", "town"]


@pytest.fixture
def with_hearings(config: str) -> str:
    """The example city with the hearings of the demo."""
    with (Path(config) / "schedule.yaml").open("a", encoding="utf-8") as file:
        file.write(HEARINGS)
    return config


def test_a_round_without_meetings_says_so(config: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The table is empty with a sentence; a page of nothing is refused."""
    assert run(["--config", config, "hearings", "2024"]) == 0
    assert "neither hearings nor a seminar" in capsys.readouterr().out
    assert run(["--config", config, "hearings", "2024", "--as", "ics"]) == 2


def test_the_forms(with_hearings: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each visit once in each form; parties by id in JSON; the calendar is read by two implementations."""
    assert run(["--config", with_hearings, "--lang", "sv", "hearings", "2024"]) == 0
    table = capsys.readouterr().out
    assert run(["--config", with_hearings, "--json", "hearings", "2024"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    page, calendar = tmp_path / "h.html", tmp_path / "h.ics"
    assert run(["--config", with_hearings, "hearings", "2024", "--as", "html", "--out", str(page)]) == 0
    assert run(["--config", with_hearings, "hearings", "2024", "--as", "ics", "--out", str(calendar)]) == 0
    assert run(["--config", with_hearings, "hearings", "2024", "--as", "html", "--seminar"]) == 2

    assert table.splitlines()[0] == "Höranden"
    assert "kallelsen har inte gått ut" in table
    assert len({party for row in rows for party in row["parties"]}) == 17
    assert rows[0] == {
        "round": "elinvoima/2024",
        "meeting": "hearing",
        "on": "2025-03-18",
        "begins": "13:00",
        "ends": "13:10",
        "parties": ["sivistysjohtaja"],
        "people": [{"address": "sivistysjohtaja@suvikoski.example", "invited": False, "answer": None}],
    }
    assert page.read_text("utf-8").count("<tr>") == len(rows) + 1
    read = Calendar.from_ical(calendar.read_bytes())
    assert isinstance(read, Calendar)
    assert [error for part in read.walk() for error in part.errors] == []
    theirs = vobject.readOne(calendar.read_text("utf-8")).vevent_list
    assert len(read.walk("VEVENT")) == len(theirs) == len(rows)
    assert sorted(event.dtstart.value for event in theirs)[0] == datetime.fromisoformat("2025-03-18T11:00:00+00:00")


def test_the_answers_stand_beside_the_people(town: Town) -> None:
    """As words and a sign in each language, never by colour alone."""
    hold(town, hearings(), seminar())
    town.arm()
    invite_on(town)
    answer(town, CULTURE, "ACCEPTED")
    views = load_orders(town.house, town.round)
    said = {person.address: person.attendance for row in views[0].rows for person in row.people}
    loader = FileSystemLoader(find_templates())

    assert said[CULTURE] is Attendance.ACCEPTED
    assert list(said.values()).count(None) == 2
    for language in LANGUAGES:
        shown = render_order(views[0], loader, language)
        assert shown.count(WORDS[language].answers[Attendance.ACCEPTED]) == 1
        assert f'lang="{language}"' in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_people_write_is_text(town: Town, language: Language) -> None:
    """Names and words from outside are escaped on the page."""
    hold(town, hearings())
    view = load_orders(town.house, town.round)[0]
    evil = replace(view, presenter="<script>alert(1)</script>")

    assert "<script" not in render_order(evil, FileSystemLoader(find_templates()), language)
