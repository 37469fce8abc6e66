"""Servers that write no RFC 3464 report: flufl.bounce knows their dialects, behind a guard.

Its judges are asked only of mails that come from a mail system, and only small ones, since they parse with the standard
library; what they raise on hostile bytes is no verdict.
"""

from __future__ import annotations

import email
import re
from collections.abc import Collection

from flufl.bounce import all_failures

from reminder.parse.bounces.verdict import Verdict
from reminder.parse.limits import READING_FAULTS
from reminder.parse.message import Mail

SYSTEM_SENDERS = re.compile(r"(?:mailer-?daemon|postmaster|mail-?system|mmdf|uucp|microsoftexchange[0-9a-f]*)@", re.IGNORECASE)
_SUBJECT = re.compile(
    r"undeliver|delivery (?:status|failure|has failed|delayed)|returned mail|failure notice|mail delivery|delivery notification"
    r"|ei voitu toimittaa|toimittaminen epäonnistui|toimitusilmoitus|kunde inte levereras|leveransfel|olevererbart",
    re.IGNORECASE,
)
LARGEST = 300_000


def judge_other_dialects(mail: Mail) -> Verdict | None:
    """A verdict only where a mail system speaks, in a form that flufl.bounce knows or under a subject that says it plainly."""
    if not comes_from_mail_system(mail):
        return None
    temporary, permanent = _ask_flufl(mail.raw)
    if permanent:
        return Verdict(recipients=permanent, is_permanent=True)
    if temporary:
        return Verdict(recipients=temporary)
    return Verdict() if _SUBJECT.search(mail.subject[:300]) else None


def comes_from_mail_system(mail: Mail) -> bool:
    """Whether the author is a mail system, or the return path is null. The latter alone does not make a bounce (inbound.md 99)."""
    return SYSTEM_SENDERS.match(mail.sender) is not None or mail.headers.text("return-path").strip() == "<>"


def _ask_flufl(raw: bytes) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if len(raw) > LARGEST:
        return (), ()
    try:
        temporary, permanent = all_failures(email.message_from_bytes(raw))
    except READING_FAULTS:
        return (), ()
    return _addresses(temporary), _addresses(permanent)


def _addresses(found: Collection[bytes]) -> tuple[str, ...]:
    return tuple(sorted(address.decode("utf-8", "replace").lower() for address in found))
