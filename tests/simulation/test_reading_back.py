"""The checks that read back what people are told can fail: each finds the falsehood that is planted for it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from reminder.simulation.campaign import open_folder
from reminder.simulation.golden import run_golden
from reminder.simulation.looking import Row, Seen
from reminder.simulation.outcome import Outcome
from reminder.simulation.reading_back import find_strange_files, find_untrue_digests, find_wrong_days

pytestmark = [pytest.mark.slow, pytest.mark.simulation]


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    """The round without a fault."""
    with open_folder() as folder, capture_logs():
        found = run_golden(Path(folder)).outcome
    assert found is not None
    return found


def with_messages(seen: Seen, kind: str, **changed: object) -> Seen:
    """What was seen, with other values in the mails of a kind."""
    rows: list[Row] = [{**row, **changed} if row["kind"] == kind else row for row in seen.messages]
    return replace(seen, messages=rows)


def test_the_true_round_is_found_sound(outcome: Outcome) -> None:
    """None of them cries wolf."""
    for check in (find_wrong_days, find_untrue_digests, find_strange_files):
        assert list(check(outcome.seen, outcome.journal)) == []


def test_a_digest_that_lists_another_set_is_found(outcome: Outcome) -> None:
    """Each digest says what the last one says; the first ones had more to list (R4)."""
    last = [row for row in outcome.seen.messages if row["kind"] == "digest"][-1]

    assert list(find_untrue_digests(with_messages(outcome.seen, "digest", raw=last["raw"]), outcome.journal))


def test_a_mail_of_another_day_is_found(outcome: Outcome) -> None:
    """A reminder a day early, and a request that names another deadline (T1)."""
    early = with_messages(outcome.seen, "reminder", not_before="2025-03-05T06:35:00.000000Z")
    requests = [row for row in outcome.seen.messages if row["kind"] == "request"]
    wrong = with_messages(outcome.seen, "request", raw=requests[0]["raw"].replace(b"10.3.2025", b"11.3.2025"))

    assert any("2025-03-05" in one for one in find_wrong_days(early, outcome.journal))
    assert any("does not name" in one for one in find_wrong_days(wrong, outcome.journal))


@pytest.mark.parametrize("name", ["../index.html", "/etc/passwd", "a/../b.html", "sub/.hidden"])
def test_a_file_outside_is_found(outcome: Outcome, name: str) -> None:
    """X5."""
    journal = replace(outcome.journal, pages=[{name: b""}])

    assert list(find_strange_files(outcome.seen, journal))
