"""The files while a service runs: whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reminder.configuration import watching
from reminder.configuration.loading import load_setup
from reminder.configuration.watching import QUIET_FOR, FileWatch
from reminder.resources import find_example


class Seconds:
    """A monotonic clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        """The seconds."""
        return self.now


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The files of the example."""
    for path in find_example().glob("*.*ml"):
        tmp_path.joinpath(path.name).write_bytes(path.read_bytes())
    return tmp_path


def edit(path: Path, old: str, new: str) -> None:
    """Writes another text, as an editor that saves in place."""
    before = path.stat().st_mtime_ns
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    os.utime(path, ns=(before + 1_000_000, before + 1_000_000))


def test_the_first_look_answers_and_the_next_is_quiet(folder: Path) -> None:
    """What is there at the start is read at once; where nothing changes nothing is read again."""
    watch = FileWatch(folder)

    first = watch.look()

    assert first is not None
    assert first.setup is not None
    assert first.setup == load_setup(folder).setup
    assert watch.look() is None


def test_a_change_is_read_when_the_files_are_at_rest(folder: Path) -> None:
    """Not in the moment of the change, and not while the next file is being saved: once, when all have been left alone."""
    seconds = Seconds()
    watch = FileWatch(folder, monotonic=seconds)
    watch.look()
    edit(folder / "schedule.yaml", "2024: 2025-02-14", "2024: 2025-02-21")

    assert watch.look() is None
    assert watch.is_settling
    seconds.now += QUIET_FOR - 0.1
    edit(folder / "service.yaml", 'until: "16:00"', 'until: "15:00"')
    assert watch.look() is None
    seconds.now += QUIET_FOR - 0.1
    assert watch.look() is None
    seconds.now += 0.2
    loaded = watch.look()

    assert loaded is not None
    assert loaded.setup is not None
    assert str(loaded.setup.rounds[0].anchors["financial_statements"].on) == "2025-02-21"
    assert loaded.setup.rounds[0].window.closes.hour == 15
    assert watch.look() is None


def test_what_changes_while_it_is_read_is_not_used(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is saved between the reading of two others makes no mixture of old and new."""
    watch = FileWatch(folder)

    def load_and_save(directory: Path) -> object:
        loaded = load_setup(directory)
        edit(directory / "contacts.yaml", "kulttuuripaallikko@", "kulttuuri@")
        return loaded

    with monkeypatch.context() as patch:
        patch.setattr(watching, "load_setup", load_and_save)
        assert watch.look() is None
    loaded = watch.look()

    assert loaded is not None
    assert b"kulttuuri@" in (loaded.contents["contacts.yaml"] or b"")


def test_a_file_that_is_gone_is_a_change_too(folder: Path) -> None:
    """A missing file is a fault that is told, and its coming back is seen."""
    seconds = Seconds()
    watch = FileWatch(folder, monotonic=seconds)
    watch.look()
    folder.joinpath("contacts.yaml").rename(folder / "aside")
    watch.look()
    seconds.now += QUIET_FOR
    gone = watch.look()
    folder.joinpath("aside").rename(folder / "contacts.yaml")
    watch.look()
    seconds.now += QUIET_FOR

    assert gone is not None
    assert gone.setup is None
    assert [finding.file for finding in gone.faults] == ["contacts.yaml"]
    back = watch.look()
    assert back is not None
    assert back.setup is not None


def test_what_could_not_be_used_is_answered_again(folder: Path) -> None:
    """Where the database was busy the next look answers as if it were the first."""
    watch = FileWatch(folder)
    watch.look()
    watch.forget()

    assert watch.look() is not None
