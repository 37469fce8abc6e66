"""How far an SMTP transaction has come, and what a reply or a loss means there.

`smtplib` raises the same exception for a connection lost before DATA and for one lost after the final dot, and only after the dot may
the mail have gone (RFC 5321, 4.5.3.2 and 4.5.4.1). So every failure is judged by the phase it fell into.
"""

from __future__ import annotations

import re
import ssl
from enum import StrEnum

from reminder.edges.ports import SendResult


class SmtpPhase(StrEnum):
    """How far a transaction has come. Until `dot` the mail is surely not sent."""

    CONNECT = "connecting"
    TLS = "the TLS handshake"
    HELLO = "EHLO"
    AUTH = "logging in"
    RSET = "RSET"
    MAIL = "MAIL"
    RCPT = "RCPT"
    DATA = "DATA"
    DOT = "the final dot"

    @property
    def is_about_relay(self) -> bool:
        """Whether nothing of this one mail has been said yet: what goes wrong concerns the relay, not the mail."""
        return self not in {SmtpPhase.RCPT, SmtpPhase.DATA, SmtpPhase.DOT}


LOGIN_WANTED = {530, 534, 535, 538}
_SPEAKS_OF_RELAYING = re.compile(r"\brelay(?:ing)?\b", re.IGNORECASE)
_TOO_MUCH = re.compile(
    r"\b4\.3\.2\b|\b4\.7\.(?:28|3[12]|500|650|651)\b|too (?:many|much|fast|frequent)|slow down|thrott|rate[- ]?limit"
    r"|(?:limit|rate|quota)\b.{0,30}\bexceed|exceed\w*\b.{0,40}\b(?:limit|rate|quota)|server (?:is )?busy",
    re.IGNORECASE,
)
_NOT_TOO_MUCH = re.compile(r"gr[ae]y-?list|recipients|storage|mailbox|shutting down", re.IGNORECASE)


def asks_to_slow_down(code: int, text: str) -> bool:
    """Whether a temporary refusal says that we send too fast, or over too many connections.

    4.3.2 and the 4.7.x that Exchange Online and Gmail use for it, or plain words. Greylisting, which comes as 4.7.1 too, does not, nor a
    full mailbox.
    """
    return 400 <= code < 500 and bool(_TOO_MUCH.search(text)) and not _NOT_TOO_MUCH.search(text)


def judge_reply(phase: SmtpPhase, code: int, text: str) -> SendResult:
    """What a reply other than the hoped-for one means. The code -1 stands for bytes that are no SMTP reply.

    A refusal that speaks of logging in or of relaying is a matter of configuration wherever it comes: it must not burn the mails.
    A 421 after the dot counts against the mail, so that one that always provokes it cannot hold up the others.
    """
    if phase.is_about_relay:
        return SendResult.RELAY_DOWN if 400 <= code < 500 else SendResult.RELAY_REFUSED
    if code in LOGIN_WANTED or (phase is SmtpPhase.RCPT and code >= 500 and _SPEAKS_OF_RELAYING.search(text)):
        return SendResult.RELAY_REFUSED
    if code == 421 and phase is not SmtpPhase.DOT:
        return SendResult.RELAY_DOWN
    if 400 <= code < 500:
        return SendResult.DEFERRED
    if 500 <= code < 600:
        return SendResult.FAILED
    return SendResult.UNKNOWN if phase is SmtpPhase.DOT else SendResult.DEFERRED


def judge_loss(phase: SmtpPhase, error: Exception) -> SendResult:
    """What a lost connection or a timeout means. A certificate that does not hold is a matter of configuration."""
    if phase is SmtpPhase.TLS and isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return SendResult.RELAY_REFUSED
    if phase.is_about_relay:
        return SendResult.RELAY_DOWN
    return SendResult.UNKNOWN if phase is SmtpPhase.DOT else SendResult.DEFERRED
