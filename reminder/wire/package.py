"""The form of an archive package: the names in it, and the list of checksums that it is checked by (RFC 8493, section 2.1.3)."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

MANIFEST = "manifest-sha256.txt"
LONGEST_NAME = 240
_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*", re.ASCII)
_LINE = re.compile(r"([0-9a-f]{64})  (.+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """One file of a package."""

    name: str
    size: int
    sha256: str


def is_safe_name(name: str) -> bool:
    """Whether a name stays below the folder that a package is unpacked in, on any system: plain letters, no `..`, no root, no drive."""
    return len(name) <= LONGEST_NAME and all(_PART.fullmatch(part) and not part.endswith(".") for part in name.split("/"))


def with_one_time(content: bytes, stamp: datetime) -> bytes:
    """The same ZIP file with one time in all of its entries: a library that writes a document stamps them with the clock of the machine,
    and the same document would not be the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            same = zipfile.ZipInfo(entry.filename, stamp.timetuple()[:6])
            same.compress_type, same.external_attr, same.create_system = entry.compress_type, entry.external_attr, entry.create_system
            new.writestr(same, old.read(entry))
    return out.getvalue()


def write_manifest(files: Iterable[Packed]) -> bytes:
    """A line for each file, as `sha256sum -c` reads them, in the order of the names."""
    return "".join(f"{one.sha256}  {one.name}\n" for one in sorted(files, key=lambda one: one.name)).encode()


def read_manifest(content: bytes) -> dict[str, str] | None:
    """The checksum of each name; None where it is no such list, or names a file twice."""
    found: dict[str, str] = {}
    for line in content.decode("utf-8", "replace").splitlines():
        match = _LINE.fullmatch(line)
        if match is None or match[2] in found:
            return None
        found[match[2]] = match[1]
    return found
