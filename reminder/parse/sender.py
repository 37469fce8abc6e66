"""Who a mail says it is from, read from its first bytes alone: enough to count a sender's mails before any of them is read."""

from __future__ import annotations

import re

from reminder.parse.addresses import read_author
from reminder.parse.limits import READING_FAULTS

HEAD_BYTES = 65_536
FIELD_BYTES = 16_384
_FROM = re.compile(rb"^from[ \t]*:((?:[^\n]*)(?:\n[ \t][^\n]*){0,50})", re.IGNORECASE | re.MULTILINE)


def read_sender(raw: bytes) -> str:
    """The address of the author, lower case, of bounces and automatic mails too; else what stands in From; empty where nothing does.

    Linear in its first 64 kB, and total: it is asked before an attempt to read the mail is counted.
    """
    head = raw[:HEAD_BYTES].replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    fields = tuple(match.group(1).replace(b"\n", b" ").strip()[:FIELD_BYTES] for match in _FROM.finditer(head))
    try:
        author, _ = read_author(fields)
    except READING_FAULTS:
        author = None
    if author is not None:
        return author.address
    return " ".join(field.decode("ascii", "replace").lower() for field in fields[:2])[:500]
