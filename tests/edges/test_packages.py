"""Archive packages on a disk: whole or not at all, the same bytes again, and every tampering named."""

from __future__ import annotations

import hashlib
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reminder.edges.packages import Fault, verify_package, write_package
from reminder.errors import ReminderError, UsageFailure
from reminder.wire.package import MANIFEST, is_safe_name

STAMP = datetime(2025, 3, 7, 9, 30, 20, tzinfo=UTC)
FILES = {"data/reports.csv": b"light\r\nred\r\n", "mails/in/0000001.eml": b"From: x\r\n\r\n" * 500, "README.txt": b"hello\n"}


def pack(path: Path, *, is_replacing: bool = False) -> Path:
    """A package of the files above."""
    with write_package(path, STAMP, is_replacing=is_replacing) as package:
        for name, content in FILES.items():
            package.add(name, content)
        package.seal()
    return path


def repack(path: Path, **changes: bytes | None) -> Path:
    """The package as somebody has changed it: other bytes, None for a file that is taken out."""
    with zipfile.ZipFile(path) as archive:
        content: dict[str, bytes | None] = {name: archive.read(name) for name in archive.namelist()}
    content |= changes
    other = path.with_name("other.zip")
    with zipfile.ZipFile(other, "w") as archive:
        for name, found in content.items():
            if found is not None:
                archive.writestr(name, found)
    return other


def test_a_package_is_sound_and_the_same_again(tmp_path: Path) -> None:
    """Same files, same bytes; the list is one that `sha256sum -c` reads, and the seal is its checksum."""
    one, two = pack(tmp_path / "one.zip"), pack(tmp_path / "two.zip")

    assert one.read_bytes() == two.read_bytes()
    found = verify_package(one)
    assert (found.files, found.faults) == (3, ())
    with zipfile.ZipFile(one) as archive:
        manifest = archive.read(MANIFEST)
        assert {entry.date_time for entry in archive.infolist()} == {(2025, 3, 7, 9, 30, 20)}
    assert found.seal == hashlib.sha256(manifest).hexdigest()
    assert f"{hashlib.sha256(FILES['README.txt']).hexdigest()}  README.txt\n".encode() in manifest
    assert one.stat().st_mode & 0o077 == 0


def test_what_was_changed_is_named(tmp_path: Path) -> None:
    """Other bytes, a file less, a file more, a name that leads out, a name twice, and bytes that rot."""
    path = pack(tmp_path / "one.zip")
    assert verify_package(repack(path, **{"README.txt": b"hellO\n"})).faults == (("README.txt", Fault.CHANGED),)
    assert verify_package(repack(path, **{"README.txt": None})).faults == (("README.txt", Fault.MISSING),)
    assert verify_package(repack(path, **{"more.txt": b"x"})).faults == (("more.txt", Fault.UNLISTED),)
    assert ("../evil.txt", Fault.UNSAFE) in verify_package(repack(path, **{"../evil.txt": b"x"})).faults
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(other := repack(path), "a") as archive:
        archive.writestr("README.txt", b"hello\n")
    assert verify_package(other).faults == (("README.txt", Fault.TWICE),)
    content = bytearray(path.read_bytes())
    at = content.index(b"data/reports.csv") + len(b"data/reports.csv") + 2
    content[at] ^= 0xFF
    other.write_bytes(bytes(content))
    assert [name for name, _ in verify_package(other).faults] == ["data/reports.csv"]


@pytest.mark.parametrize(
    "name",
    ["../a", "a/../b", "/a", "a//b", "a/", "", "c:a", "a\\b", "a\x00b", "ä.txt", "a b", ".hidden", "a.", "a/./b", "con/..", "x" * 300],
)
def test_no_name_leads_out(tmp_path: Path, name: str) -> None:
    """Neither a package with such a name nor anything else is written."""
    assert not is_safe_name(name)
    with pytest.raises(ReminderError), write_package(tmp_path / "one.zip", STAMP) as package:
        package.add(name, b"x")

    assert list(tmp_path.iterdir()) == []


def test_whole_or_not_at_all(tmp_path: Path) -> None:
    """After an exception the folder is as it was, also where an older package was to be replaced; one that is there is not replaced."""
    path = pack(tmp_path / "one.zip")
    before = path.read_bytes()
    with pytest.raises(ReminderError), write_package(path, STAMP, is_replacing=True) as package:
        package.add("/a", b"x")
    with pytest.raises(UsageFailure, match="there already"):
        pack(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
    pack(path, is_replacing=True)


def test_what_is_no_package_is_refused(tmp_path: Path) -> None:
    """Any other file, a ZIP without a list, and a list that is none."""
    path = tmp_path / "no.zip"
    path.write_bytes(b"nothing")
    with pytest.raises(UsageFailure, match="no archive package"):
        verify_package(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", b"x")
    with pytest.raises(UsageFailure, match="no list of checksums"):
        verify_package(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(MANIFEST, b"x\n")
    with pytest.raises(UsageFailure, match="no such list"):
        verify_package(path)
