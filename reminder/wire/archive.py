"""Zip archives from outside (.xlsx, .docx, .odt, .ods): one member at a time, each within limits that hold before it is unpacked.

Everything is measured, nothing is believed: the sizes that an archive states about itself only serve to refuse it earlier.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass, field

ARCHIVE_BYTES = 5 * 1024 * 1024
"""A packed file larger than this is not opened; an answer form of a thousand actions has about 100 kB."""
ENTRIES = 500
MEMBER_BYTES = 6 * 1024 * 1024
TOTAL_BYTES = 12 * 1024 * 1024
"""What one file may unpack to, over all members that are asked for."""
MARKS = 200_000
"""Angle brackets that open, over all members: each element costs the reader about two microseconds, whatever the bytes."""
RATIO = 200
"""How many times its packed size a member may unpack to, from 1 MB on; those of real programs stay under 50."""
RATIO_FROM = 1024 * 1024
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ENTRY_MARK = b"PK\x01\x02"
_ENCRYPTED = 0x1
MAGIC = b"PK\x03\x04"


class FileRefused(ValueError):
    """A file from outside that is damaged, or larger than the limits allow. Its message is one plain sentence."""


@dataclass(slots=True)
class Archive:
    """An archive that has passed the checks of its directory. Members are unpacked when they are asked for."""

    _zip: zipfile.ZipFile
    _left: int = TOTAL_BYTES
    _marks: int = MARKS
    names: frozenset[str] = field(default_factory=frozenset)

    def read(self, name: str) -> bytes:
        """One member, unpacked. Raises FileRefused where there is none, or where it grows beyond a limit."""
        if name not in self.names:
            raise FileRefused("The file lacks a part that such a file has.")
        entry = self._zip.getinfo(name)
        limit = min(MEMBER_BYTES, self._left)
        if entry.file_size > limit:
            raise FileRefused("The file unpacks to more than is read.")
        try:
            with self._zip.open(entry) as stream:
                content = stream.read(limit + 1)
        except (zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, RuntimeError, ValueError) as fault:
            raise FileRefused("The file is damaged.") from fault
        if len(content) > limit or (len(content) > RATIO_FROM and len(content) > RATIO * max(1, entry.compress_size)):
            raise FileRefused("The file unpacks to more than is read.")
        self._left -= len(content)
        self._marks -= content.count(b"<")
        if self._marks < 0:
            raise FileRefused("The file holds more than is read.")
        return content


def open_archive(content: bytes) -> Archive:
    """The archive, its directory checked. Raises FileRefused.

    The entries are counted in the bytes before the standard library reads the directory, since it makes an object of each. A
    name that stands twice is refused: two programs would read two different files.
    """
    if len(content) > ARCHIVE_BYTES or content.count(_ENTRY_MARK) > ENTRIES:
        raise FileRefused("The file is larger than is read.")
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        entries = archive.infolist()
    except (zipfile.BadZipFile, struct.error, OSError, ValueError, NotImplementedError) as fault:
        raise FileRefused("The file is damaged.") from fault
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise FileRefused("The file is protected with a password.")
    names = frozenset(entry.filename for entry in entries)
    if len(names) != len(entries) or any(entry.compress_type not in _METHODS for entry in entries):
        raise FileRefused("The file is packed in an unusual way.")
    return Archive(archive, names=names)
