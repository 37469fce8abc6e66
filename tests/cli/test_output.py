"""What a command prints: JSON for programs, tables that stay readable for people."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios

import pytest

from reminder.cli.explaining import print_explanation
from reminder.domain.markings import Role
from reminder.errors import EXIT_USAGE
from reminder.report.explaining import Entry, Explanation, Segment, ShownLine
from tests.cli.city import City

ONE_DOCUMENT = [
    ["announce"],
    ["announce", "--dry-run"],
    ["arm", "--dry-run"],
    ["arm"],
    ["clock", "advance", "1"],
    ["collect"],
    ["collect", "--dry-run"],
    ["deliver"],
    ["deliver", "--dry-run"],
    ["digest"],
    ["disarm"],
    ["health"],
    ["interpret"],
    ["interpret", "--dry-run"],
    ["migrate"],
    ["pause"],
    ["pause", "--dry-run"],
    ["preview", "request", "--round", "2024", "--party", "suvikodit"],
    ["publish"],
    ["publish", "--dry-run"],
    ["resume"],
    ["tick"],
    ["tick", "--dry-run"],
]


@pytest.mark.parametrize("arguments", ONE_DOCUMENT, ids=" ".join)
def test_json_is_one_document_and_nothing_else(city: City, arguments: list[str]) -> None:
    """With --json a fact-telling command prints one JSON object on one line; no log line and no word stands beside it."""
    told = city.run("--json", *arguments)

    assert isinstance(told.document, dict)


@pytest.mark.parametrize("arguments", [["plan"], ["status"], ["why", "2024", "suvikodit", "overdue"], ["check"]], ids=" ".join)
def test_json_of_a_list_is_json_lines(city: City, arguments: list[str]) -> None:
    """One object a line, all with the same keys."""
    lines = city.run(*arguments, "--json").lines

    assert lines or arguments == ["check"]
    assert len({tuple(line) for line in lines}) <= 1


def test_logs_stand_on_standard_error(city: City) -> None:
    """A pass that meets trouble logs it; standard output still holds one document, which tells it too."""
    city.set(MAILDIR="", IMAP_HOST="127.0.0.1", IMAP_PORT=1, IMAP_SECURITY="none", IMAP_USER="x", IMAP_PASSWORD="loopback")

    told = city.run("--json", "tick")

    assert told.document["trouble"]
    assert "collect failed" in told.err


def test_quiet_says_nothing_beside_what_was_asked_for(city: City) -> None:
    """A table stays, remarks go."""
    assert city.run("--quiet", "announce").out == ""
    assert "A party that has reported" not in city.run("--quiet", "plan").out
    assert city.run("--quiet", "plan").out.startswith("when")


def test_in_a_pipe_each_row_is_one_line(city: City) -> None:
    """Nothing is wrapped or cut where no terminal limits it: `plan` has as many lines as steps, and a heading, and a remark."""
    steps = city.run("--json", "plan").lines
    text = city.run("plan").out.splitlines()

    assert len(text) == 1 + len(steps) + 1
    assert all(line == line.rstrip() for line in text)
    assert all(step["why"] in line for step, line in zip(steps, text[1:], strict=False))


_STYLE = re.compile(r"\x1b\[[0-9;]*m")


def _on_a_terminal(city: City, columns: int, *arguments: str) -> list[str]:
    """The lines that a command prints on a real pseudo-terminal of this width."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    env = {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES", "NO_COLOR"}}
    command = [sys.executable, "-m", "reminder", "--config", str(city.config), *arguments]
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env={**env, "TERM": "xterm"})
    os.close(theirs)
    seen = b""
    try:
        while chunk := os.read(ours, 65536):
            seen += chunk
    except OSError:
        pass  # the terminal is gone with its process (EIO)
    os.close(ours)
    assert process.wait(30) == 0
    return _STYLE.sub("", seen.decode()).replace("\r\n", "\n").splitlines()


def test_a_narrow_terminal_leaves_the_reasons_out_and_says_so(city: City) -> None:
    """On 100 columns the plan has a line a step, without the column of reasons, and says how to see it."""
    steps = city.run("--json", "plan", "--party", "suvikodit").lines

    lines = _on_a_terminal(city, 100, "plan", "--party", "suvikodit")

    assert "why this date" not in lines[0]
    assert len(lines) == 1 + len(steps) + 2
    assert "Left out on a terminal of 100 columns: why this date." in lines[-2]
    assert all(len(line) <= 100 for line in lines[: len(steps) + 1])


def test_a_wide_terminal_shows_everything(city: City) -> None:
    """From 140 columns on the reasons are there, and no remark about it."""
    lines = _on_a_terminal(city, 160, "plan", "--party", "suvikodit")

    assert "why this date" in lines[0]
    assert not any("Left out" in line for line in lines)


def test_a_program_can_read_check(city: City) -> None:
    """Each finding has file, line, column, severity, message and advice."""
    path = city.config / "schedule.yaml"
    path.write_text(path.read_text().replace("reminders:", "remainders:"))

    told = city.run("--json", "check")

    assert told.code == 2
    fault = next(json.loads(line) for line in told.out.splitlines() if '"fault"' in line)
    assert fault["file"].endswith("schedule.yaml")
    assert fault["line"] > 0
    assert "reminders" in fault["message"] + fault["advice"]


def test_a_mail_cannot_speak_to_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """Escape sequences and signs that reverse the writing are shown as a sign, wherever in the mail they stood."""
    evil = "\x1b]0;owned\x07\u202evihre\u00e4"
    line = ShownLine(number=1, segments=(Segment(text=evil, role=Role.TAKEN, label="12 ●"), Segment(text=evil, role=Role.OWN)))
    told = dict.fromkeys(("name", "subject", "summary", "sender"), evil)
    entry = Entry(heading=evil, details=(evil,))
    print_explanation(
        Explanation(
            language="fi",
            because=(evil,),
            recorded=(entry,),
            asked=(entry,),
            missing=(evil,),
            attached=(entry,),
            lines=(line,),
            is_html=False,
            **told,
        )
    )

    shown = capsys.readouterr().out
    assert shown.count("vihreä") == 14
    assert not any(char in shown for char in "\x1b\x07\u202e")


@pytest.mark.parametrize(("language", "heading", "mail"), [("fi", "milloin", "muistutus 2"), ("sv", "när", "påminnelse 2")])
def test_the_plan_speaks_the_language_of_the_secretary(city: City, language: str, heading: str, mail: str) -> None:
    """Headings, names of the mails and the note below are in the language of --lang; JSON stays as programs know it."""
    shown = city.run("--lang", language, "plan").out
    assert heading in shown.splitlines()[0]
    assert mail in shown
    assert "A party that has reported" not in shown
    assert {row["kind"] for row in city.run("--lang", language, "--json", "plan").lines} >= {"reminder", "request"}


@pytest.mark.parametrize("name", ["last_call", "last call", "viimeinen muistutus", "Sista påminnelse"])
def test_a_step_may_be_named_as_the_plan_shows_it(city: City, name: str) -> None:
    """What `plan` prints can be typed back, in any of the languages."""
    assert "28" in city.run("why", "2024", "kulttuuripaallikko", name).out
    assert city.run("why", "2024", "kulttuuripaallikko", "viimeinen").code == EXIT_USAGE


def test_faults_of_the_settings_are_told_in_finnish_too(city: City) -> None:
    """`check --lang fi` says nothing in English, wherever the fault is."""
    (city.config / ".env").write_text("REMINDER_SMTP_PORT=many\nREMINDER_SMPT_HOST=x\n")
    shown = city.run("--lang", "fi", "check").err
    assert "Kirjoita portin numero, kuten 587." in shown
    assert "Tarkoititko: `REMINDER_SMTP_HOST`?" in shown
    assert "set" not in shown.split()
