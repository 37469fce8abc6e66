"""What `imaplib` returns for FETCH, read into items that cannot be mispaired.

`imaplib` gives one flat list in which an unsolicited `* 2 FETCH (FLAGS … UID 257)` of another client's doing stands between the answers
that were asked for, and some servers put the UID before the literal and some after it. Whoever pairs list elements by position hands
out one mail's body under another's UID, and then moves the wrong one away. Here each item keeps to its own text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

_ITEM_START = re.compile(rb"\d+ \(")
_FLAGS = re.compile(rb"\bFLAGS \([^()]*\)")
_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
_DATE = re.compile(rb'\bINTERNALDATE "([ \d]\d)-(\w{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)"')
_BODY_KEY = re.compile(rb"\bBODY\[(?:HEADER)?\](?:<\d+>)? (?:\{\d+\}$|(NIL)|\"((?:[^\"\\]|\\.)*)\")")
_MONTHS = (b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec")


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchItem:
    """One FETCH response: what it says of one mail. What it does not say is None."""

    uid: str | None
    size: int | None
    internal_date: datetime | None
    body: bytes | None


def read_items(data: Iterable[object]) -> tuple[FetchItem, ...]:
    """The items of a FETCH, in order. An item begins with a sequence number and a parenthesis; what follows belongs to it."""
    items: list[FetchItem] = []
    text, body = b"", None
    for element in data:
        head, literal = _split(element)
        if _ITEM_START.match(head) and text:
            items.append(_read_item(text, body))
            text, body = b"", None
        text += head if not text else b" " + head
        if literal is not None and _BODY_KEY.search(head):
            body = literal
    if text:
        items.append(_read_item(text, body))
    return tuple(items)


def uid_set(uids: Sequence[str]) -> str:
    """UIDs as a sequence set (RFC 3501, 9): `101:103,107`. Runs are written short only where every number of them was asked for."""
    numbers = sorted({int(uid) for uid in uids})
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ",".join(str(first) if first == last else f"{first}:{last}" for first, last in runs)


def read_uid_set(text: str) -> Iterator[str]:
    """The UIDs of what `uid_set` wrote."""
    for run in filter(None, text.split(",")):
        first, _, last = run.partition(":")
        yield from map(str, range(int(first), int(last or first) + 1))


def _split(element: object) -> tuple[bytes, bytes | None]:
    match element:
        case (bytes(head), bytes(literal)):
            return head, literal
        case bytes(head):
            return head, None
        case _:
            return b"", None


def _read_item(text: bytes, body: bytes | None) -> FetchItem:
    # A keyword may be called UID, so flags are taken out before the UID is looked for.
    said = _FLAGS.sub(b"", text)
    uid, size = _UID.search(said), _SIZE.search(said)
    return FetchItem(
        uid=uid[1].decode() if uid else None,
        size=int(size[1]) if size else None,
        internal_date=_read_date(said),
        body=body if body is not None else _read_short_body(said),
    )


def _read_short_body(said: bytes) -> bytes | None:
    """A body that is no literal: NIL or a quoted string, as RFC 3501 allows for an empty or a short one."""
    found = _BODY_KEY.search(said)
    if found is None:
        return None
    return re.sub(rb"\\(.)", rb"\1", found[2]) if found[2] is not None else b""


def _read_date(said: bytes) -> datetime | None:
    """INTERNALDATE in UTC; None where it is missing or no date."""
    found = _DATE.search(said)
    if found is None or found[2].lower() not in _MONTHS:
        return None
    day, year, hour, minute, second = (int(found[index]) for index in (1, 3, 4, 5, 6))
    offset = timedelta(hours=int(found[8]), minutes=int(found[9]))
    try:
        zone = timezone(-offset if found[7] == b"-" else offset)
        return datetime(year, _MONTHS.index(found[2].lower()) + 1, day, hour, minute, second, tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
