"""RFC 3464: the machine-readable report that most servers write.

`delayed` and every 4.x.x are temporary (RFC 3463); only `failed` with 5.x.x, or without any status, is for good.
"""

from __future__ import annotations

import re

from reminder.parse.bounces.verdict import Verdict
from reminder.parse.headers import Headers, read_headers
from reminder.parse.limits import HEADER_BLOCK_BYTES
from reminder.parse.message import Mail
from reminder.wire.xtext import read_xtext

_STATUS = re.compile(r"\b([245])\.\d{1,3}\.\d{1,3}\b")
_BLANK = re.compile(rb"\r?\n[ \t]*\r?\n")
BLOCKS = 50


def judge_delivery_status(mail: Mail) -> Verdict | None:
    """The worst thing that the report says of any recipient; None where there is no such report."""
    reports = [part for part in mail.reports if part.media_type in {"message/delivery-status", "message/global-delivery-status"}]
    if not reports:
        return None
    verdicts = [verdict for part in reports for verdict in _read_report(part.content[:HEADER_BLOCK_BYTES])]
    if not verdicts:
        return Verdict(is_permanent=False)
    worst = max(verdicts, key=lambda one: (one.is_failure, one.is_permanent))
    same = [one for one in verdicts if (one.is_failure, one.is_permanent) == (worst.is_failure, worst.is_permanent)]
    recipients = tuple(dict.fromkeys(address for one in same for address in one.recipients))
    return Verdict(
        recipients=recipients,
        is_failure=worst.is_failure,
        is_permanent=worst.is_permanent,
        status=worst.status,
        diagnostic=worst.diagnostic,
        is_delivered=all(one.is_delivered for one in same),
    )


def _read_report(content: bytes) -> list[Verdict]:
    found: list[Verdict] = []
    for block in _BLANK.split(content, BLOCKS)[:BLOCKS]:
        headers = read_headers(block.strip() + b"\r\n", [])
        if headers.has("action"):
            found.append(_read_recipient(headers))
    return found


def _read_recipient(headers: Headers) -> Verdict:
    action = headers.text("action").strip().lower().partition(" ")[0]
    status = _STATUS.search(headers.text("status")) or _STATUS.search(headers.text("diagnostic-code"))
    recipients = tuple(_address(headers.text(name)) for name in ("original-recipient", "final-recipient") if headers.has(name))
    is_failure = action in {"failed", "delayed"}
    is_temporary = action == "delayed" or (status is not None and status[1] == "4")
    return Verdict(
        recipients=tuple(dict.fromkeys(address for address in recipients if address)),
        is_failure=is_failure,
        is_permanent=is_failure and not is_temporary,
        status=status.group() if status else "",
        diagnostic=headers.text("diagnostic-code")[:500],
        is_delivered=action == "delivered",
    )


def _address(text: str) -> str:
    """`rfc822; a@b` and `utf-8; ä@b` (RFC 6533); comments, brackets and an original recipient still in xtext are forgiven."""
    address = text.partition(";")[2].strip() or text.strip()
    if "@" not in address and "+40" in address:
        address = read_xtext(address)
    return address.strip("<>").lower()
