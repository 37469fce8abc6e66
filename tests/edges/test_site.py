"""The public page is replaced whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reminder.edges.site import DirectorySite, digest_of
from reminder.errors import ReminderError, TemporaryFailure, UsageFailure

OLD = {"index.html": b"old", "data/status.json": b"{}"}
NEW = {"index.html": b"new", "sv/index.html": b"nytt"}


def _content(path: Path) -> dict[str, bytes]:
    return {str(file.relative_to(path)): file.read_bytes() for file in path.rglob("*") if file.is_file()}


def test_the_site_holds_these_files_and_no_others(tmp_path: Path) -> None:
    """What is no longer among the files is gone; nothing but the site and its state stands beside."""
    site = DirectorySite(tmp_path / "site")
    site.publish(OLD)
    assert _content(tmp_path / "site") == OLD

    site.publish(NEW)

    assert _content(tmp_path / "site") == NEW
    assert site.read_state() == digest_of(NEW)
    assert len(list(tmp_path.iterdir())) == 2


def test_others_may_read_it(tmp_path: Path) -> None:
    """A web server runs as another user."""
    DirectorySite(tmp_path / "site").publish(OLD)

    assert (tmp_path / "site").stat().st_mode & 0o777 == 0o755
    assert (tmp_path / "site" / "index.html").stat().st_mode & 0o777 == 0o644


def test_the_same_files_are_not_written_again(tmp_path: Path) -> None:
    """A file that a visitor is reading stays the same file."""
    site = DirectorySite(tmp_path / "site")
    site.publish(OLD)
    before = (tmp_path / "site" / "index.html").stat()
    site.publish(dict(OLD))

    assert (tmp_path / "site" / "index.html").stat().st_ino == before.st_ino


@pytest.mark.fault("K14")
@pytest.mark.parametrize("call", ["fsync", "open", "mkdir", "rename", "replace", "symlink"])
def test_a_crash_at_any_step_leaves_the_old_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    """Each system call in turn fails, at its first use and at each later one, until the publication succeeds: until then the old
    page is whole, and afterwards nothing is left over."""
    site = DirectorySite(tmp_path / "site")
    site.publish(OLD)
    genuine = getattr(os, call)
    for allowed in range(20):
        left = [allowed]

        def failing(*args: object, left: list[int] = left, **kwargs: object) -> object:
            left[0] -= 1
            if left[0] < 0:
                raise OSError(28, "No space left on device")
            return genuine(*args, **kwargs)

        with monkeypatch.context() as patch:
            patch.setattr(os, call, failing)
            try:
                site.publish(NEW)
                break
            except TemporaryFailure:
                assert _content(tmp_path / "site") in (OLD, NEW)
    site.publish(NEW)

    assert _content(tmp_path / "site") == NEW
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.fault("A13")
@pytest.mark.parametrize("name", ["", "/etc/passwd", "../x", "a/../../x", "a//b", "./x", ".htaccess", "a\0b", "a b", "x/.git"])
def test_unsafe_names_publish_nothing(tmp_path: Path, name: str) -> None:
    """One unsafe name, and none of the files is written."""
    site = DirectorySite(tmp_path / "site")

    with pytest.raises(ReminderError):
        site.publish({**OLD, name: b"x"})

    assert list(tmp_path.iterdir()) == []


@pytest.mark.fault("A13")
def test_what_is_not_ours_is_refused(tmp_path: Path) -> None:
    """A directory with files, a file, or a link to elsewhere at the place of the site: nothing of it is touched."""
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "letter").write_text("x")
    (tmp_path / "file").write_text("x")
    (tmp_path / "link").symlink_to(precious)
    for name in ("precious", "file", "link"):
        with pytest.raises(UsageFailure):
            DirectorySite(tmp_path / name).publish(OLD)

    assert _content(precious) == {"letter": b"x"}
    assert (tmp_path / "link").is_symlink()


def test_an_empty_directory_is_taken(tmp_path: Path) -> None:
    """The admin has made the place."""
    (tmp_path / "site").mkdir()
    DirectorySite(tmp_path / "site").publish(OLD)

    assert _content(tmp_path / "site") == OLD


@pytest.mark.fault("A13")
def test_planted_links_are_not_followed(tmp_path: Path) -> None:
    """A link that somebody has put where our files will be leads nowhere."""
    victim = tmp_path / "victim"
    victim.mkdir()
    (tmp_path / f".site.{digest_of(NEW)}").symlink_to(victim)
    (tmp_path / ".site.link").symlink_to(victim)

    DirectorySite(tmp_path / "site").publish(NEW)

    assert _content(tmp_path / "site") == NEW
    assert list(victim.iterdir()) == []


def test_a_place_that_cannot_be_written_is_told() -> None:
    """In plain words, as something that may pass."""
    with pytest.raises(TemporaryFailure, match="cannot be written"):
        DirectorySite(Path("/proc/site")).publish(OLD)
