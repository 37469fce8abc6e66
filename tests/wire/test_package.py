"""The form of an archive package (names are tried in tests/edges/test_packages.py)."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

from reminder.wire.package import MANIFEST, Packed, read_manifest, with_one_time, write_manifest


def zipped(year: int) -> bytes:
    """A document as a library writes it, stamped with the clock of the machine."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("[Content_Types].xml", "word/document.xml"):
            archive.writestr(zipfile.ZipInfo(name, (year, 1, 2, 3, 4, 6)), b"<x/>" * 50)
    return out.getvalue()


def test_one_time_makes_the_same_document_the_same_bytes() -> None:
    """Names, order and content stay."""
    stamp = datetime(2025, 3, 7, tzinfo=UTC)
    assert zipped(2024) != zipped(2025)
    assert with_one_time(zipped(2024), stamp) == with_one_time(zipped(2025), stamp)
    with zipfile.ZipFile(io.BytesIO(with_one_time(zipped(2024), stamp))) as archive:
        assert archive.namelist() == ["[Content_Types].xml", "word/document.xml"]
        assert archive.read("word/document.xml") == b"<x/>" * 50


def test_a_list_of_checksums_reads_back() -> None:
    """In the order of the names; what is no such line, or names a file twice, is no list."""
    files = [Packed(name=name, size=1, sha256=digit * 64) for name, digit in (("b.txt", "b"), ("a.txt", "a"))]
    assert read_manifest(write_manifest(files)) == {"a.txt": "a" * 64, "b.txt": "b" * 64}
    assert read_manifest(write_manifest(files) + write_manifest(files)) is None
    assert read_manifest(MANIFEST.encode()) is None
