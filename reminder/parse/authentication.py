"""What our own border says of the sender (RFC 8601): only the topmost result of the configured authserv-id counts.

Our border must delete foreign copies of its own id (RFC 8601 section 5). Not each does: where it writes no result of its own, one that
the sender brought along is the topmost. So a pass is not believed below the line by which our border took the mail from outside. A
fail is believed anywhere: nobody forges that against himself. Exchange Online writes its results without any authserv-id; the setting
`exchange-online` takes the topmost field of that form.
"""

from __future__ import annotations

import re

from reminder.parse.message import Mail

EXCHANGE = "exchange-online"
_DMARC = re.compile(r"(?:^|[;\s])dmarc\s*=\s*([a-z]+)", re.IGNORECASE)
_BY = re.compile(r"(?:^|\s)by\s+([^\s;()]+)", re.IGNORECASE)
_WITH = re.compile(r"\swith\s+([a-z]+)", re.IGNORECASE)
_LOOPBACK = re.compile(r"\((?:[^()\s]+\s)?\[(?:127\.[0-9.]+|(?:IPv6:)?::1)\]\)\s+by\s", re.IGNORECASE)
"""At the end of what is said of the other machine: what stands before it, the other machine has said of itself."""
_ID = re.compile(r"\s*([^\s;=()]+)(?:\s+\d+)?\s*;")


def read_dmarc(mail: Mail, trusted: str) -> str:
    """`pass`, `fail`, or empty where nobody whom we believe says either."""
    if not trusted:
        return ""
    is_below = False
    for name, text in mail.headers.in_order("authentication-results", "received"):
        if name == "received":
            is_below = is_below or _is_entry(text, trusted)
            continue
        named = _ID.match(text)
        is_ours = named is None if trusted == EXCHANGE else named is not None and named[1].lower() == trusted.lower()
        if is_ours:
            verdict = _verdict(text)
            return "" if is_below and verdict == "pass" else verdict
        if trusted == EXCHANGE:
            return ""  # only the very first field can be Exchange's own
    return ""


def _is_entry(received: str, trusted: str) -> bool:
    """Whether our border took the mail from another machine there: not when it handed it on to itself, to a filter or to the mailbox."""
    protocol = _WITH.search(received)
    is_ours = any(host.lower() == trusted.lower() for host in _BY.findall(received))
    return is_ours and not (protocol is not None and protocol[1].upper().startswith("LMTP")) and _LOOPBACK.search(received) is None


def _verdict(text: str) -> str:
    results = {result.lower() for result in _DMARC.findall(text[:4000])}
    if "fail" in results:
        return "fail"
    return "pass" if results & {"pass", "bestguesspass"} else ""
