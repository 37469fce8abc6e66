"""Wrong use ends with 2 and a word that helps; what the world does ends with 1 or 75; nothing ends with a traceback."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.cli.city import City

WRONG = [
    ["nonsense"],
    [],
    ["plan", "--from", "yesterday"],
    ["preview", "request"],
    ["preview", "poem", "--round", "2024"],
    ["why", "2024", "suvikodit", "party"],
    ["inbox"],
    ["inbox", "list", "--state", "nonsense"],
    ["outbox", "list", "--state", "held"],
    ["arm", "--send-due", "many"],
    ["clock", "set", "noon"],
    ["clock", "speed", "-1"],
    ["status", "--round", "1999"],
    ["plan", "--party", "suvikodti"],
    ["preview", "request", "--round", "2024"],
    ["preview", "request", "--round", "2024", "--party", "nobody"],
    ["why", "2024", "suvikodti", "request"],
    ["inbox", "show", "first"],
    ["inbox", "show", "99"],
    ["outbox", "show", "aaaa"],
    ["explain", "missing.eml"],
    ["pause", "--until", "2025-01-02"],
    ["pause", "--until", "2024-12-24"],
]


@pytest.mark.parametrize("arguments", WRONG, ids=" ".join)
def test_wrong_use_is_two_and_says_what_is_wrong(city: City, arguments: list[str]) -> None:
    """Exit code 2, a sentence on standard error, nothing on standard output."""
    told = city.run(*arguments)

    assert told.code == 2
    assert told.err.strip()
    assert told.out == ""


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["plan", "--party", "suvikodti"], "Did you mean suvikodit?"),
        (["preview", "request", "--round", "2024", "--party", "rakennustarkastja"], "Did you mean rakennustarkastaja?"),
        (["status", "--round", "2023"], "elinvoima/2024"),
        (["clock", "speed", "-1"], "zero"),
    ],
    ids=lambda value: value[-1] if isinstance(value, list) else "",
)
def test_a_near_miss_is_named(city: City, arguments: list[str], hint: str) -> None:
    """Whoever mistypes a name is told what was probably meant, or what there is."""
    assert hint in city.run(*arguments).err


def test_a_clock_is_for_a_rehearsal_only(city: City) -> None:
    """Outside a rehearsal `clock` is wrong use: nobody moves the real time."""
    env = city.config / ".env"
    env.write_text("\n".join(line for line in env.read_text().splitlines() if "REHEARSAL" not in line and "CLOCK" not in line))

    told = city.run("clock", "advance", "1")

    assert told.code == 2
    assert "REMINDER_REHEARSAL" in told.err


def test_a_faulty_configuration_stops_every_command(city: City) -> None:
    """Exit code 2 with the place of the fault, before anything is done."""
    path = city.config / "schedule.yaml"
    path.write_text(path.read_text().replace("closes: due + 8 weeks", "closes: due + 8 wekes"))

    for command in (["plan"], ["tick"], ["arm"], ["status"]):
        told = city.run(*command)
        assert told.code == 2
        assert "schedule.yaml:" in told.err


def test_a_file_that_cannot_be_written_is_a_sentence(city: City) -> None:
    """Exit code 1 with the path and the reason."""
    city.receive(b"From: a@elsewhere.example\r\n\r\nHello.\r\n")
    assert city.run("collect").code == 0

    told = city.run("inbox", "export", "1", "/nowhere/mail.eml")

    assert told.code == 1
    assert "/nowhere/mail.eml: No such file or directory" in told.err


def test_a_mailbox_out_of_reach_is_temporary(city: City) -> None:
    """Exit code 75: a script tries it again later."""
    city.set(MAILDIR="", IMAP_HOST="127.0.0.1", IMAP_PORT=1, IMAP_SECURITY="none", IMAP_USER="x", IMAP_PASSWORD="loopback")

    assert city.run("collect").code == 75
    assert city.run("collect", "--dry-run").code == 75
    assert city.run("tick").code == 75


def test_a_relay_out_of_reach_is_temporary(city: City) -> None:
    """Exit code 75 and the relay's own words, from `deliver` and from `tick`; with nothing to send nobody is asked."""
    assert city.run("deliver").code == 0
    city.run("arm")
    city.at("2025-02-14 09:00")
    city.run("announce")

    told = city.run("--json", "deliver")

    assert told.code == 75
    assert "refused" in told.document["trouble"][0]
    assert city.run("tick").code == 75


def test_a_database_that_is_missing_or_old_names_the_remedy(city: City) -> None:
    """Exit code 1, and `reminder migrate`; a dry run of it says what is wrong and makes no database."""
    path = city.folder / "reminder.db"
    path.unlink()

    assert city.run("status").code == 1
    told = city.run("migrate", "--dry-run")
    assert (told.code, path.exists()) == (0, False)
    assert "no database" in told.out
    assert city.run("--json", "migrate").document == {"up_to_date": True}
    assert city.run("migrate", "--dry-run").out == "The database is up to date.\n"
    assert city.run("status").code == 0


def test_the_program_starts_as_a_module(city: City) -> None:
    """`python -m reminder` ends with the same codes in a process of its own, without a traceback."""
    assert city.start("--version").stdout.startswith("reminder ")
    assert "preview" in city.start("--help").stdout
    wrong = city.start("plan", "--party", "suvikodti")
    assert (wrong.returncode, wrong.stdout, "Traceback" in wrong.stderr) == (2, "", False)


def test_a_reader_that_has_enough_is_no_failure(city: City) -> None:
    """`reminder plan | head -1` ends with 0 and without a word."""
    command = f"{sys.executable} -m reminder --config {city.config} plan | head -1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("when")
