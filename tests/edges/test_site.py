"""The public page is replaced whole or not at all."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator, Mapping
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


def test_a_file_that_did_not_change_stays_the_same_file(tmp_path: Path) -> None:
    """After a change of one page the others keep their inode and time, so that no visitor loads them again; a vanished page is gone."""
    site = DirectorySite(tmp_path / "site")
    site.publish({"index.html": b"old", "about.html": b"same", "sv/about.html": b"samma", "gone.html": b"x"})
    before = {name: (tmp_path / "site" / name).stat() for name in ("about.html", "sv/about.html", "index.html")}
    site.publish({"index.html": b"new", "about.html": b"same", "sv/about.html": b"samma"})
    after = {name: (tmp_path / "site" / name).stat() for name in before}

    assert [before[name].st_ino == after[name].st_ino for name in before] == [True, True, False]
    assert before["about.html"].st_mtime_ns == after["about.html"].st_mtime_ns
    assert _content(tmp_path / "site") == {"index.html": b"new", "about.html": b"same", "sv/about.html": b"samma"}


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Path]:
    """A directory that is a mount of its own, as a volume of a container is."""
    path = tmp_path / "site"
    path.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "tmpfs", str(path)], capture_output=True, check=False)
    if done.returncode != 0:
        pytest.skip("may not mount here")
    yield path
    subprocess.run(["umount", "-l", str(path)], check=True)


def _served(path: Path) -> dict[str, bytes]:
    """What a web server that follows links would serve from here, hidden names apart."""
    found = {}
    for folder, folders, names in os.walk(path, followlinks=True):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if not name.startswith("."):
                file = Path(folder, name)
                found[str(file.relative_to(path))] = file.read_bytes()
    return found


def test_a_mounted_directory_is_switched_from_inside(mounted: Path) -> None:
    """It can be neither removed nor renamed over: the same promise holds inside it, for a new process too, and nothing else is left."""
    (mounted / "lost+found").mkdir()
    DirectorySite(mounted).publish(OLD)
    assert _served(mounted) == OLD
    DirectorySite(mounted).publish(NEW)
    assert _served(mounted) == NEW
    assert DirectorySite(mounted).read_state() == digest_of(NEW)
    assert {path.name for path in mounted.iterdir()} == {"lost+found", ".current", f".site.{digest_of(NEW)}", "index.html", "sv"}


def test_a_directory_that_stands_fast_is_taken_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bind mount of the same disk shows itself only when somebody tries to remove it."""
    path = tmp_path / "site"
    path.mkdir()

    def busy(self: Path) -> None:
        raise OSError(16, "Device or resource busy")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rmdir", busy)
        DirectorySite(path).publish(OLD)
    assert _served(path) == OLD
    DirectorySite(path).publish(NEW)
    assert _served(path) == NEW


def publish_through_failures(
    monkeypatch: pytest.MonkeyPatch, site: DirectorySite, call: str, files: Mapping[str, bytes], look: Callable[[], None]
) -> None:
    """Publishes while a system call fails, at its first use, then at its second, until the publication succeeds; looks in between."""
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
                site.publish(files)
                break
            except TemporaryFailure:
                look()


@pytest.mark.fault("K14")
@pytest.mark.parametrize("call", ["fsync", "open", "mkdir", "rename", "replace", "symlink", "unlink"])
def test_a_crash_inside_a_mounted_directory_leaves_whole_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    """Each system call in turn fails until the publication succeeds: what both states have is all of one of them, at every moment."""
    path = tmp_path / "site"
    path.mkdir()
    (path / ".current").symlink_to("nothing")
    old = {"index.html": b"old", "about.html": b"old", "sv/x.html": b"old"}
    new = {"index.html": b"new", "about.html": b"new", "en/x.html": b"new"}
    site = DirectorySite(path)
    site.publish(old)

    def look() -> None:
        assert len({(path / name).read_bytes() for name in ("index.html", "about.html")}) == 1

    publish_through_failures(monkeypatch, site, call, new, look)
    site.publish(new)

    assert _served(path) == new
    assert len(list(path.iterdir())) == 5


@pytest.mark.fault("K14")
@pytest.mark.parametrize("call", ["fsync", "open", "mkdir", "rename", "replace", "symlink"])
def test_a_crash_at_any_step_leaves_the_old_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    """Each system call in turn fails, at its first use and at each later one, until the publication succeeds: until then the old
    page is whole, and afterwards nothing is left over."""
    site = DirectorySite(tmp_path / "site")
    site.publish(OLD)

    def look() -> None:
        assert _content(tmp_path / "site") in (OLD, NEW)

    publish_through_failures(monkeypatch, site, call, NEW, look)
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
