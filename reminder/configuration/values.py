"""Small values out of texts: dates, times, years, ids, addresses. Pure; None means that the text is not one."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, time
from urllib.parse import urlsplit

FIRST_YEAR, LAST_YEAR = 2000, 2100

_ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_FINNISH_DATE = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})", re.ASCII)
_TIME = re.compile(r"(\d{1,2})[:.](\d{2})", re.ASCII)
_SPAN_DASH = re.compile(r"\s+(?:[-–—−]|to)\s+|\s*[–—−]\s*|\.\.")
_YEAR_SPAN = re.compile(r"(\d{4})\s*[-–—−]\s*(\d{4})", re.ASCII)
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_ACTION_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_NUMBER = re.compile(r"[^\W_](?:[^\W_]|[.-]){0,15}")
_TAG = re.compile(r"[A-Z]{2,6}")
_LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_MAILBOX = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>\s]+)>")
_DOMAIN = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])")


def read_date(text: str) -> date | None:
    """`2025-02-28` or `28.2.2025`, within the years that we plan for."""
    if match := _ISO_DATE.fullmatch(text.strip()):
        year, month, day = (int(part) for part in match.groups())
    elif match := _FINNISH_DATE.fullmatch(text.strip()):
        day, month, year = (int(part) for part in match.groups())
    else:
        return None
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def read_date_span(text: str) -> tuple[date, date] | None:
    """`2025-12-22`, or first and last day with a dash between blanks, or `to`: `22.12.2025 - 6.1.2026`. None where it ends first."""
    parts = [read_date(part) for part in _SPAN_DASH.split(text.strip(), maxsplit=1)]
    first, last = parts[0], parts[-1]
    return (first, last) if first is not None and last is not None and first <= last else None


def read_time(text: str) -> time | None:
    """`08:30`, `8.30`."""
    match = _TIME.fullmatch(text.strip())
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        return None
    return time(int(match[1]), int(match[2]))


def is_night_time(clock: time) -> bool:
    """Whether the local time may not exist, or exist twice, when the clocks change (DESIGN, decision 9)."""
    return clock.hour == 3


def read_year(text: str) -> int | None:
    """A year that we plan for."""
    text = text.strip()
    return int(text) if len(text) == 4 and text.isascii() and text.isdigit() and FIRST_YEAR <= int(text) <= LAST_YEAR else None


def read_years(text: str) -> frozenset[int] | None:
    """`2024`, or a span such as `2024-2026` with any dash."""
    if (year := read_year(text)) is not None:
        return frozenset({year})
    match = _YEAR_SPAN.fullmatch(text.strip())
    if match is None:
        return None
    first, last = read_year(match[1]), read_year(match[2])
    if first is None or last is None or last < first:
        return None
    return frozenset(range(first, last + 1))


def is_id(text: str) -> bool:
    """Whether a text can be the id of a programme, round, party or contact: it stands in keys, file names and addresses."""
    return _ID.fullmatch(text) is not None


def is_action_id(text: str) -> bool:
    """Whether a text can be the id of an action."""
    return _ACTION_ID.fullmatch(text) is not None


def is_number(text: str) -> bool:
    """Whether a text can be printed as `[12]` and read back from a reply."""
    return _NUMBER.fullmatch(text) is not None


def is_tag(text: str) -> bool:
    """Whether a text can be the short tag of a programme."""
    return _TAG.fullmatch(text) is not None


def is_address(text: str) -> bool:
    """Whether a text is an address that every relay takes: ASCII, dot-atom local part of at most 64 octets (RFC 5321 section 4.5.3.1)."""
    local, at, domain = text.rpartition("@")
    return bool(at) and len(local) <= 64 and len(text) <= 254 and bool(_LOCAL_PART.fullmatch(local)) and bool(_DOMAIN.fullmatch(domain))


def slug(text: str, *, joiner: str = "-", limit: int = 48) -> str:
    """An id made of a name: small letters without marks, words joined. Empty where nothing is left."""
    spread = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("ø", "o").replace("Ø", "o"))
    plain = "".join(char for char in spread if not unicodedata.combining(char)).lower()
    whole = re.sub(r"[^a-z0-9]+", joiner, plain).strip(joiner)
    if len(whole) <= limit:
        return whole
    return whole[: limit + 1].rpartition(joiner)[0] or whole[:limit]


def read_mailbox(text: str) -> tuple[str, str] | None:
    """Name and address of `Name <address>`, `"Name, more" <address>` or a bare address."""
    if match := _MAILBOX.fullmatch(text.strip()):
        name, address = match["name"].strip().strip('"').strip(), match["address"]
    else:
        name, address = "", text.strip()
    return (name, address) if is_address(address) else None


def read_place(text: str) -> tuple[str, int] | None:
    """Host and port to listen at, such as `127.0.0.1:9464` or `[::1]:9464`; without a host loopback. None for anything else."""
    host, colon, port = text.strip().rpartition(":")
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536) or (colon and not host):
        return None
    return (host.strip("[]") if host else "127.0.0.1", int(port))


def read_host(url: str) -> str:
    """The host of an `https://` or `http://` URL; empty for anything else."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return parts.hostname or "" if parts.scheme in {"http", "https"} else ""
