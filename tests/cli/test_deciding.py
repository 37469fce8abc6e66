"""`extend`, `waive`, `remind`, `close`, `reopen` as an admin types them: told, undone, tried without effect."""

from __future__ import annotations

import pytest

from tests.cli.city import City

PARTY = "kulttuuripaallikko"


@pytest.fixture
def asked(city: City) -> City:
    """Armed, and the requests are in the outbox."""
    city.at("2025-02-03 12:00")
    assert city.run("--quiet", "arm").code == 0
    city.at("2025-02-14 09:00")
    assert city.run("--json", "announce").document["announced"] == 16
    return city


def test_more_time_is_told_shown_and_taken_back(asked: City) -> None:
    """What it is, what follows, how to take it back; `status` and `check` show it until then."""
    done = asked.run("extend", "2024", PARTY, "--until", "2025-03-14", "--because", "asked by phone")
    status = asked.run("status", "--round", "2024")

    assert done.code == 0
    assert "has until Fri 14 Mar 2025; it was Fri 28 Feb 2025" in done.out
    assert "last call Fri 14 Mar 2025" in done.out
    assert f"To take it back: reminder extend elinvoima/2024 {PARTY} --undo" in done.out
    assert f"elinvoima/2024, {PARTY}: more time, until Fri 14 Mar 2025" in status.out
    assert "asked by phone" in asked.run("check").out
    assert f"elinvoima/2024, {PARTY}: more time" in asked.run("plan").out
    assert next(row for row in asked.run("--json", "status").lines if row["party"] == PARTY)["due"] == "2025-03-14"

    assert asked.run("extend", "2024", PARTY, "--undo").code == 0
    assert "more time" not in asked.run("status").out


@pytest.mark.parametrize(
    "command",
    [
        ("extend", "2024", PARTY, "--until", "2025-03-14", "--because", "x"),
        ("waive", "2024", PARTY, "1.10", "--because", "x"),
        ("remind", "2024", PARTY),
        ("close", "2024", "--because", "x"),
        ("reopen", "2024", "--until", "2025-05-30", "--because", "x"),
    ],
    ids=lambda command: command[0],
)
def test_a_dry_run_says_the_same_and_changes_nothing(asked: City, command: tuple[str, ...]) -> None:
    """In JSON too; the database is as before."""
    before = asked.dump()
    tried = asked.run("--json", *command, "--dry-run")

    assert (tried.code, tried.document["done"]) == (0, False)
    assert asked.dump() == before
    done = asked.run("--json", *command)
    assert (done.document["done"], done.document["said"]) == (True, tried.document["said"])
    assert asked.dump() != before


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (("extend", "2024", PARTY, "--because", "x"), "Until when?"),
        (("extend", "2024", PARTY, "--until", "2025-03-14"), "needs its reason"),
        (("extend", "2024", PARTY, "--until", "2025-02-20", "--because", "x"), "no more time"),
        (("extend", "2024", "kulttuuri", "--until", "2025-03-14", "--because", "x"), "There is no responsible party"),
        (("waive", "2024", PARTY, "9.9", "--because", "x"), "It is asked for: 1.1, 1.10, 3.8"),
        (("close", "2024"), "needs its reason"),
        (("close", "2033", "--because", "x"), "There is no round"),
        (("reopen", "2024", "--because", "x"), "Until when?"),
        (("reopen", "2024", "--undo"), "no such decision"),
        (("remind", "2024", PARTY, "--undo"), "no such decision"),
    ],
)
def test_what_makes_no_sense_is_refused(asked: City, command: tuple[str, ...], says: str) -> None:
    """Exit code 2, a sentence, and what to do; nothing is changed."""
    before = asked.dump()
    told = asked.run(*command)

    assert told.code == 2
    assert says in " ".join(told.err.split())
    assert asked.dump() == before


def test_the_plan_shows_a_reminder_by_hand(asked: City) -> None:
    """A step beside the schedule stands in the year, and says that it was decided by hand, and why."""
    asked.at("2025-02-19 12:00")
    assert asked.run("remind", "2024", PARTY, "--because", "promised on Monday").code == 0
    rows = asked.run("--json", "plan", "--party", PARTY).lines
    (by_hand,) = [row for row in rows if row["ordinal"] >= 1000]

    assert by_hand["kind"] == "reminder"
    assert "decided by hand" in by_hand["why"]
    assert "promised on Monday" in asked.run("plan").out
