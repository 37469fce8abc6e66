"""`kill -9` at random moments of writing the public page: what a visitor sees is one whole state (fault K14)."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Mapping
from itertools import count
from pathlib import Path

import pytest

from reminder.edges.clock import SystemClock
from reminder.edges.site import DirectorySite

KILLS = 25
FILES = 12


def state_of(number: int) -> Mapping[str, bytes]:
    """A site whose every file says the same number."""
    return {f"page{one}/index.html": f"{number}\n".encode() * 2000 for one in range(FILES)}


def publish_for_ever(path: Path) -> None:
    """One state after the other, until somebody ends it."""
    site = DirectorySite(path)
    for number in count(random.randrange(10**6)):
        site.publish(state_of(number))


def read_state(path: Path) -> str:
    """What the site says; all of it must say the same, whole."""
    contents = {file.read_bytes() for file in path.rglob("index.html")}
    assert len(list(path.rglob("index.html"))) == FILES
    assert len(contents) == 1
    lines = set(contents.pop().splitlines())
    assert len(lines) == 1
    return lines.pop().decode()


@pytest.mark.slow
@pytest.mark.fault("K14")
def test_a_page_whose_writer_is_killed_is_whole_and_the_next_writer_clears_up(tmp_path: Path) -> None:
    """Twenty-five kills; each leaves the old page or the new one, and nothing is left over in the end."""
    path, rng, seen = tmp_path / "site", random.Random(20260224), set[str]()
    DirectorySite(path).publish(state_of(0))
    for _ in range(KILLS):
        command = [sys.executable, "-m", "tests.crash.test_kill_while_publishing", str(path)]
        writer = subprocess.Popen(command, cwd=Path(__file__).parents[2])
        first = DirectorySite(path).read_state()
        while writer.poll() is None and DirectorySite(path).read_state() == first:
            SystemClock().sleep(0.01)
        SystemClock().sleep(rng.uniform(0, 0.3))
        writer.kill()
        assert writer.wait() == -9
        seen.add(read_state(path))

    DirectorySite(path).publish(state_of(0))
    assert read_state(path) == "0"
    assert len(seen) > 3
    assert len([one for one in tmp_path.iterdir() if one.name != ".site.link"]) == 2


if __name__ == "__main__":
    publish_for_ever(Path(sys.argv[1]))
