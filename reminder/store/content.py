"""The content hash of an inbound mail: the same mail gets the same hash on whatever way it came.

A mail that arrives twice (a resend, a second alias, a mailbox rebuilt under a new UIDVALIDITY) differs in what relays add
on the way. Those headers are left out; everything that the sender wrote stays in, in its order, byte for byte but for the
line ends.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

_TRACE = (b"received", b"delivered-to", b"return-path", b"authentication-results", b"dkim-signature", b"envelope-to", b"status")
_TRACE_PREFIXES = (b"x-", b"arc-", b"received-")
_LINE_END = re.compile(rb"\r\n|\r|\n")


def content_hash(raw: bytes) -> str:
    """SHA-256, in hexadecimal, of a mail without its trace headers (RFC 5321 section 4.4 and what is customary), lines ended by CRLF.

    Total: any bytes have a hash. What stands before the first header-like line is kept.
    """
    normal = _LINE_END.sub(b"\r\n", raw)
    head, separator, body = normal.partition(b"\r\n\r\n")
    digest = hashlib.sha256()
    for field in _fields(head):
        if not _is_trace(field):
            digest.update(field + b"\r\n")
    # The separator is part of the content: a mail that ends with its headers is another than one with an empty body.
    digest.update(separator + body)
    return digest.hexdigest()


def _fields(head: bytes) -> Iterator[bytes]:
    """Header fields with their continuation lines (RFC 5322 section 2.2.3)."""
    field: list[bytes] = []
    for line in head.split(b"\r\n"):
        if field and not line.startswith((b" ", b"\t")):
            yield b"\r\n".join(field)
            field = []
        field.append(line)
    yield b"\r\n".join(field)


def _is_trace(field: bytes) -> bool:
    name, colon, _ = field.partition(b":")
    name = name.strip().lower()
    return bool(colon) and (name in _TRACE or name.startswith(_TRACE_PREFIXES))
