"""`approve` as an admin types it: list, dry run, yes, no, anew."""

from __future__ import annotations

import pytest

from tests.cli.city import City


@pytest.fixture
def asked(city: City) -> City:
    """Approvals are on; armed, and the requests wait."""
    schedule = city.config / "schedule.yaml"
    schedule.write_text(schedule.read_text().replace("approve: none", "approve: first"))
    city.at("2025-02-03 12:00")
    assert city.run("--quiet", "arm").code == 0
    city.at("2025-02-14 09:00")
    assert city.run("--json", "announce").document["announced"] == 16
    return city


def waiting(city: City) -> int:
    """How many mails wait for approval."""
    rows = city.run("--json", "outbox", "list").lines
    return sum(row["state"] == "waiting_approval" for row in rows)


def test_what_waits_is_listed_in_status_plan_and_outbox(asked: City) -> None:
    """Exit code 3 of `status`, a line with the command, and the plan says for which mails the coordinator is asked first."""
    listed, status, plan = asked.run("--json", "approve"), asked.run("status"), asked.run("--json", "plan")

    assert [(row["round"], row["kind"], row["mails"], row["state"]) for row in listed.lines] == [("elinvoima/2024", "request", 16, "waits")]
    assert status.code == 3
    assert "16 mails wait for approval (too late from Sat 26 Apr 2025 at 00:00): `reminder approve elinvoima/2024 request`." in status.out
    assert waiting(asked) == 16
    states = {(row["kind"], row["state"]) for row in plan.lines}
    assert ("request", "waiting_approval") in states
    assert "goes out: you are asked first" in asked.run("plan").out


def test_a_yes_lets_them_go_and_a_dry_run_does_not(asked: City) -> None:
    """The dry run tells the same and changes nothing."""
    before = asked.dump()
    tried = asked.run("--json", "approve", "2024", "--dry-run")
    assert (tried.code, tried.document["done"], tried.document["mails"]) == (0, False, 16)
    assert asked.dump() == before

    done = asked.run("approve", "2024", "request")

    assert done.code == 0
    assert "elinvoima/2024 request: 16 mails approved. The first leaves Fri 14 Feb 2025 at 09:00." in done.out
    assert waiting(asked) == 0
    assert asked.run("approve").out.strip() == "Nothing waits for approval."


def test_a_no_stops_them_until_they_are_written_anew(asked: City) -> None:
    """`--reject` says how to go on; `--anew` makes a new preview, and the yes to it counts."""
    stopped = asked.run("approve", "2024", "--reject")
    assert "`reminder approve elinvoima/2024 request --anew`" in stopped.out
    assert "stopped by the coordinator" in asked.run("status").out
    previews = len([row for row in asked.run("--json", "outbox", "list").lines if row["kind"] == "preview"])

    anew = asked.run("approve", "2024", "request", "--anew")

    assert "16 mails written anew. The coordinator gets a new preview." in anew.out
    assert len([row for row in asked.run("--json", "outbox", "list").lines if row["kind"] == "preview"]) == previews + 1
    assert [row["state"] for row in asked.run("--json", "approve").lines] == ["waits"]
    assert asked.run("approve", "2024").code == 0
    assert waiting(asked) == 0


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("approve", "--anew"), "Name the round"),
        (("approve", "2024", "notice"), "What waits: elinvoima/2024 request."),
        (("approve", "2025"), "no round"),
    ],
)
def test_wrong_use_says_what_waits(asked: City, command: tuple[str, ...], words: str) -> None:
    """Exit code 2, and nothing is changed."""
    before = asked.dump()
    told = asked.run(*command)

    assert told.code == 2
    assert words.lower() in told.err.lower()
    assert asked.dump() == before
