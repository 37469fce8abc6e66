"""The clocks: real, rehearsed from a file, and by hand."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from reminder.edges.clock import FileClock, ManualClock, SystemClock, advance_clock, read_clock, set_clock_speed, write_clock
from reminder.errors import UsageFailure

NEW_YEAR = datetime(2025, 1, 7, 8, 0, tzinfo=UTC)


def test_the_real_time_is_aware_and_in_utc() -> None:
    """Nothing in the house meets a naive instant."""
    assert SystemClock().now().tzinfo is UTC


def test_a_manual_clock_stands_until_it_is_moved() -> None:
    """Sleeping moves it, so that a loop which waits for a time ends at once."""
    clock = ManualClock(datetime(2025, 1, 7, 10, 0, tzinfo=timezone(timedelta(hours=2))))
    assert clock.now() == NEW_YEAR
    assert clock.now().tzinfo is UTC

    clock.sleep(60)
    clock.advance(timedelta(days=1))

    assert clock.now() == NEW_YEAR + timedelta(days=1, minutes=1)
    clock.set(NEW_YEAR)
    assert clock.now() == NEW_YEAR


def test_a_standing_file_clock_stands(tmp_path: Path) -> None:
    """With a speed of zero the rehearsed time is exactly what was set, in every process."""
    path = tmp_path / "clock.json"
    write_clock(path, NEW_YEAR, 0)

    assert FileClock(path).now() == NEW_YEAR
    program = "import sys; from pathlib import Path; from reminder.edges.clock import FileClock; print(FileClock(Path(sys.argv[1])).now())"
    seen = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True).stdout
    assert seen.strip() == "2025-01-07 08:00:00+00:00"


def test_a_running_file_clock_runs_at_its_speed(tmp_path: Path) -> None:
    """An hour a second: after a tenth of a second at least six minutes have gone by."""
    path = tmp_path / "clock.json"
    write_clock(path, NEW_YEAR, 3600)
    clock = FileClock(path)
    clock.sleep(0.1)

    assert NEW_YEAR + timedelta(minutes=6) <= clock.now() < NEW_YEAR + timedelta(hours=10)
    assert clock.speed == 3600


def test_a_changed_file_is_seen_at_once(tmp_path: Path) -> None:
    """A clock that another process sets is right at the next question, even within one tick of the file's time."""
    path = tmp_path / "clock.json"
    write_clock(path, NEW_YEAR, 0)
    clock = FileClock(path)
    for day in range(20):
        assert clock.now() == NEW_YEAR + timedelta(days=day)
        assert advance_clock(path, timedelta(days=1)) == NEW_YEAR + timedelta(days=day + 1)


def test_a_changed_speed_goes_on_from_where_it_was(tmp_path: Path) -> None:
    """Changing the speed does not jump."""
    path = tmp_path / "clock.json"
    write_clock(path, NEW_YEAR, 0)

    assert set_clock_speed(path, 0) == NEW_YEAR
    assert read_clock(path).instant == NEW_YEAR


def test_nothing_is_left_beside_the_file(tmp_path: Path) -> None:
    """The file is replaced whole."""
    path = tmp_path / "clock.json"
    write_clock(path, NEW_YEAR, 1)
    write_clock(path, NEW_YEAR, 2)

    assert [found.name for found in tmp_path.iterdir()] == ["clock.json"]


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", "2025", '{"instant": "x", "speed": 1, "set_at": 1}', '{"instant": "2025-01-07T08:00:00", "speed": 1, "set_at": 1}'],
)
def test_a_file_that_is_no_clock_is_told(tmp_path: Path, text: str) -> None:
    """In plain words, with what to do; never a traceback."""
    path = tmp_path / "clock.json"
    path.write_text(text)

    with pytest.raises(UsageFailure) as failure:
        FileClock(path).now()

    assert failure.value.advice


def test_a_missing_file_and_a_naive_instant_are_told(tmp_path: Path) -> None:
    """Both are mistakes of the admin."""
    with pytest.raises(UsageFailure, match="cannot be read"):
        FileClock(tmp_path / "none").now()
    with pytest.raises(UsageFailure, match="no time zone"):
        write_clock(tmp_path / "clock.json", datetime.fromisoformat("2025-01-07T08:00:00"), 1)
    with pytest.raises(UsageFailure, match="backwards"):
        write_clock(tmp_path / "clock.json", NEW_YEAR, -1)


def test_the_file_is_readable_json(tmp_path: Path) -> None:
    """Three fields: the instant, the speed, and the real second at which they were set."""
    path = tmp_path / "clock.json"
    write_clock(path, NEW_YEAR, 3600)

    assert set(json.loads(path.read_text())) == {"instant", "speed", "set_at"}
