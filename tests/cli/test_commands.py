"""The commands as a person or a script uses them: exit codes, JSON, and words that help."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reminder.cli.main import run
from reminder.resources import find_example

ENV = """REMINDER_SECRET_KEY=a:only-for-these-tests-0123456789
REMINDER_FROM=Seuranta <seuranta@suvikoski.example>
REMINDER_SMTP_HOST=localhost
REMINDER_SMTP_SECURITY=none
REMINDER_IMAP_HOST=localhost
REMINDER_IMAP_SECURITY=none
REMINDER_IMAP_USER=seuranta
REMINDER_IMAP_PASSWORD=loopback
"""


@pytest.fixture
def config(tmp_path: Path) -> str:
    """The example city with settings and a database of its own."""
    folder = tmp_path / "config"
    folder.mkdir()
    for path in find_example().glob("*.*ml"):
        folder.joinpath(path.name).write_bytes(path.read_bytes())
    folder.joinpath(".env").write_text(f"{ENV}REMINDER_DATABASE_URL=sqlite:///{tmp_path / 'reminder.db'}\n")
    assert run(["--config", str(folder), "--quiet", "migrate"]) == 0
    return str(folder)


def test_check_accepts_the_example(config: str) -> None:
    """Exit code 0, with remarks that are no faults."""
    assert run(["--config", config, "check"]) == 0


def test_check_names_the_place_of_a_fault(config: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2; file, line and column, and the near miss."""
    path = Path(config) / "schedule.yaml"
    path.write_text(path.read_text().replace("reminders:", "remainders:"))

    assert run(["--config", config, "check"]) == 2
    assert "schedule.yaml:" in capsys.readouterr().err


def test_global_options_stand_on_either_side(config: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`--json` before and after the command says the same."""
    run(["--config", config, "--json", "plan", "--party", "suvimatkat"])
    before = capsys.readouterr().out
    run(["plan", "--party", "suvimatkat", "--json", "--config", config])

    assert capsys.readouterr().out == before
    assert {json.loads(line)["party"] for line in before.splitlines()} == {"suvimatkat"}


def test_why_names_the_anchor(config: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The golden example: 14.2.2025 plus ten working days is 28.2.2025."""
    assert run(["--config", config, "--lang", "fi", "--json", "why", "2024", "kulttuuripaallikko", "last_call"]) == 0
    row = json.loads(capsys.readouterr().out.splitlines()[0])

    assert "14.2.2025" in row["why"]
    assert "28.2.2025" in row["on"]


def test_an_unknown_party_gets_a_near_miss(config: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2, and what was probably meant."""
    assert run(["--config", config, "why", "2024", "kulttuuripaalliko", "request"]) == 2
    assert "Did you mean kulttuuripaallikko?" in capsys.readouterr().err


@pytest.mark.parametrize("kind", ["notice", "request", "reminder", "last_call", "overdue", "digest"])
def test_preview_shows_each_kind(config: str, capsys: pytest.CaptureFixture[str], kind: str) -> None:
    """The finished mail, before anything was sent."""
    party = [] if kind == "digest" else ["--party", "kulttuuripaallikko"]
    assert run(["--config", config, "preview", kind, "--round", "2024", *party]) == 0
    shown = capsys.readouterr().out

    assert shown.startswith("Subject: ")
    assert "Viite: ELVO-" in shown


def test_nothing_goes_out_before_arm(config: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`announce` writes nothing until `arm`; what was due then was skipped."""
    run(["--config", config, "--json", "announce"])
    assert json.loads(capsys.readouterr().out) == {"announced": 0, "skipped": 0}
    assert run(["--config", config, "--json", "arm"]) == 0
    capsys.readouterr()
    run(["--config", config, "--json", "announce"])

    assert json.loads(capsys.readouterr().out)["announced"] == 0


def test_send_due_must_name_the_exact_number(config: str) -> None:
    """A wrong number changes nothing and is wrong use."""
    assert run(["--config", config, "arm", "--send-due", "99999"]) == 2


def test_a_missing_database_says_what_to_do(config: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`reminder migrate` is named."""
    (Path(config).parent / "reminder.db").unlink()

    assert run(["--config", config, "status"]) == 1
    assert "reminder migrate" in capsys.readouterr().err


def test_init_writes_a_configuration_that_check_accepts(tmp_path: Path) -> None:
    """Once `.env` is filled in; and a second `init` writes over nothing."""
    folder = tmp_path / "new"
    assert run(["--quiet", "init", str(folder)]) == 0
    folder.joinpath(".env").write_text(ENV)

    assert run(["--config", str(folder), "check"]) == 0
    assert run(["--quiet", "init", str(folder)]) == 2


def test_digest_is_a_step_of_its_own(config: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`digest` writes nothing before `arm`, as every schedule mail."""
    assert run(["--config", config, "--json", "digest"]) == 0
    assert json.loads(capsys.readouterr().out) == {"announced": 0, "skipped": 0}
