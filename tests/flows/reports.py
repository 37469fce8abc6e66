"""Delivery reports as mail systems write them (RFC 3464), for tests."""

from __future__ import annotations


def write_report(
    action: str,
    *,
    status: str,
    recipient: str,
    envelope_id: str = "",
    original_recipient: str = "",
    returned: bytes = b"",
    to: str = "seuranta@suvikoski.example",
    number: int = 1,
) -> bytes:
    """A report of one recipient. `returned` is our mail, of which the headers are sent back."""
    per_message = "Reporting-MTA: dns; mx.elsewhere.example\r\n"
    per_message += f"Original-Envelope-Id: {envelope_id}\r\n" if envelope_id else ""
    per_recipient = f"Original-Recipient: rfc822;{original_recipient}\r\n" if original_recipient else ""
    per_recipient += f"Final-Recipient: rfc822; {recipient}\r\nAction: {action}\r\nStatus: {status}\r\n"
    block = returned.partition(b"\r\n\r\n")[0].decode()
    sent_back = f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\n{block}\r\n\r\n" if returned else ""
    return (
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.elsewhere.example\r\n"
        f"To: {to}\r\nSubject: Delivery report\r\nMessage-ID: <{number}@mx.elsewhere.example>\r\n"
        "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nA report about a mail.\r\n"
        f"--b\r\nContent-Type: message/delivery-status\r\n\r\n{per_message}\r\n{per_recipient}\r\n{sent_back}--b--\r\n"
    ).encode()
