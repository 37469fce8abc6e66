"""What our own border says of the sender (RFC 8601): only the topmost result of the configured authserv-id counts.

Our border must delete foreign copies of its own id (RFC 8601 section 5). Exchange Online writes its results without any
authserv-id; the setting `exchange-online` takes the topmost field of that form.
"""

from __future__ import annotations

import re

from reminder.parse.message import Mail

EXCHANGE = "exchange-online"
_DMARC = re.compile(r"(?:^|[;\s])dmarc\s*=\s*([a-z]+)", re.IGNORECASE)
_ID = re.compile(r"\s*([^\s;=()]+)(?:\s+\d+)?\s*;")


def read_dmarc(mail: Mail, trusted: str) -> str:
    """`pass`, `fail`, or empty where nobody whom we believe says either."""
    if not trusted:
        return ""
    for text in mail.headers.all_text("authentication-results"):
        named = _ID.match(text)
        is_ours = named is None if trusted == EXCHANGE else named is not None and named[1].lower() == trusted.lower()
        if is_ours:
            return _verdict(text)
        if trusted == EXCHANGE:
            return ""  # only the very first field can be Exchange's own
    return ""


def _verdict(text: str) -> str:
    results = {result.lower() for result in _DMARC.findall(text[:4000])}
    if "fail" in results:
        return "fail"
    return "pass" if results & {"pass", "bestguesspass"} else ""
