"""The envelope sender with the token: a bounce that holds nothing of our mail still names it."""

from __future__ import annotations

from dataclasses import replace

from reminder.edges.smtp import SmtpRelay
from reminder.sandbox.servers import MailWorld
from reminder.store import outbox
from reminder.store.bounces import load_bounces
from tests.flows.town import CULTURE, OFFICE, Town


def bounce_without_our_mail(recipient: str) -> bytes:
    """A delivery report (RFC 3464) that names the recipient and sends back nothing of the mail."""
    return (
        "From: MAILER-DAEMON@mx.elsewhere.example\r\n"
        f"To: {recipient}\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\n"
        "Message-ID: <1@mx.elsewhere.example>\r\n"
        "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nThe mail could not be delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.elsewhere.example\r\n\r\n"
        f"Final-Recipient: rfc822; {CULTURE}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b--\r\n"
    ).encode()


def send_for_real(town: Town, *, uses_verp: bool) -> str:
    """The requests go out to a real SMTP server; gives back the envelope sender of the culture manager's."""
    with MailWorld() as world:
        relay = SmtpRelay(host=world.host, port=world.smtp_port, security="none", user="", password="")
        town.house = replace(town.house, relay=relay, addressing=replace(town.house.addressing, uses_verp=uses_verp))
        town.ask()
        relay.close()
        return next(mail.sender for mail in world.sent if mail.recipient == CULTURE)


def bounced(town: Town) -> list[str]:
    """The addresses whose mails came back."""
    with town.house.store.read() as conn:
        found = [bounce.message for bounce in load_bounces(conn)]
        return [message.recipient for message in outbox.find_sent(conn, found)]


def test_a_bounce_to_the_envelope_sender_is_matched(town: Town) -> None:
    """The server sees `seuranta+TOKEN@…` as envelope sender, and a report to it belongs to the mail of that token."""
    sender = send_for_real(town, uses_verp=True)
    local, _, domain = OFFICE.partition("@")
    assert sender.startswith(f"{local}+")
    assert sender.endswith(f"@{domain}")

    town.source.deliver(bounce_without_our_mail(sender), when=town.clock.now())
    town.read()

    assert bounced(town) == [CULTURE]


def test_without_the_setting_the_envelope_sender_is_plain(town: Town) -> None:
    """Then such a report belongs to no mail."""
    sender = send_for_real(town, uses_verp=False)
    assert sender == OFFICE

    town.source.deliver(bounce_without_our_mail(sender), when=town.clock.now())
    town.read()

    assert bounced(town) == []
