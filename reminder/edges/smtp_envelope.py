"""What may be said of one mail: whether it can be sent at all, and with which parameters of MAIL and RCPT."""

from __future__ import annotations

import re

from reminder.domain.messages import Envelope
from reminder.edges.ports import SendResult
from reminder.edges.smtp_connection import RelayRefuses, SmtpConnection
from reminder.wire.xtext import write_xtext

_UNSOUND_ADDRESS = re.compile(r"[\s<>\x00-\x1f\x7f]")
_BARE_LINE_END = re.compile(rb"\r(?!\n)|(?<!\r)\n")


def find_fault(envelope: Envelope, raw: bytes) -> str:
    """Why this can never be sent, in one sentence; empty where it can."""
    if not envelope.recipient or any(
        _UNSOUND_ADDRESS.search(address) for address in (envelope.sender, envelope.recipient, envelope.copy_to)
    ):
        return "The envelope holds an address that cannot be put on the wire."
    if _BARE_LINE_END.search(raw):
        # A bare CR or LF is read as a line end by some servers and not by others: the ground of SMTP smuggling.
        return "The mail has line ends that are not CRLF (RFC 5321, 2.3.8)."
    return ""


def wire_address(address: str) -> str:
    """The address with an international domain in its ASCII form (RFC 5890); the local part is left alone."""
    local, at, domain = address.rpartition("@")
    if domain.isascii():
        return address
    try:
        return f"{local}{at}{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        return address


def mail_options(connection: SmtpConnection, envelope: Envelope, raw: bytes) -> str:
    """SMTPUTF8 (RFC 6531) only where it is needed, 8BITMIME (RFC 6152) where it is needed and offered. Raises RelayRefuses where the
    relay cannot take this mail; SIZE is compared here, since a refusal at MAIL would look like trouble with the relay."""
    limit = connection.esmtp_features.get("size", "")
    if limit.isdigit() and 0 < int(limit) < len(raw):
        raise RelayRefuses(SendResult.FAILED, f"The mail has {len(raw)} bytes, the relay takes {limit}.")
    headers = raw.partition(b"\r\n\r\n")[0]
    addresses = wire_address(envelope.sender) + wire_address(envelope.recipient)
    needs_utf8 = not (addresses.isascii() and headers.isascii())
    if needs_utf8 and not connection.has_extn("smtputf8"):
        raise RelayRefuses(SendResult.FAILED, "The address or a header needs SMTPUTF8, which the relay does not offer.")
    connection.command_encoding = "utf-8" if needs_utf8 else "ascii"
    body = " BODY=8BITMIME" if not raw.isascii() and connection.has_extn("8bitmime") else ""
    reports = f" RET=HDRS ENVID={write_xtext(envelope.envelope_id)}" if asks_for_reports(connection, envelope) else ""
    return body + (" SMTPUTF8" if needs_utf8 else "") + reports


def asks_for_reports(connection: SmtpConnection, envelope: Envelope) -> bool:
    """Whether delivery reports are wanted, and the relay knows how to be asked for them (RFC 3461)."""
    return bool(envelope.notify and envelope.envelope_id) and connection.has_extn("dsn")


def recipient_options(connection: SmtpConnection, envelope: Envelope) -> str:
    """Which reports are wanted of the recipient, and under which name: the address may be another where the report is written."""
    if not asks_for_reports(connection, envelope):
        return ""
    address = wire_address(envelope.recipient)
    original = f" ORCPT=rfc822;{write_xtext(address)}" if address.isascii() else ""
    return f" NOTIFY={','.join(envelope.notify)}{original}"


def copy_options(connection: SmtpConnection, envelope: Envelope) -> str:
    """Of our own copy no report is wanted: that it does not come is seen by us anyhow."""
    return " NOTIFY=NEVER" if asks_for_reports(connection, envelope) else ""
