"""The embedded mail world behaves as real servers do."""

from __future__ import annotations

import imaplib
import smtplib
from datetime import UTC, datetime, timedelta

import pytest

from reminder.edges.clock import ManualClock
from reminder.edges.imap import ImapSource
from reminder.sandbox.servers import MailWorld

MONDAY = datetime(2025, 1, 13, 8, 0, tzinfo=UTC)
RAW = b"From: a@party.example\r\nSubject: x\r\n\r\nbody\r\n.\r\n"


def _mails(world: MailWorld) -> list[tuple[bytes, datetime]]:
    source = ImapSource(host=world.host, port=world.imap_port, security="none", user=world.user, password=world.password, timeout=5)
    scan = source.scan()[0]
    mails = [(mail.raw, mail.internal_date) for mail in source.fetch(scan, scan.uids)]
    source.close()
    return mails


def test_mail_for_the_service_is_delivered_with_the_worlds_date() -> None:
    """A stock SMTP client writes to the plus address; the mail stands in the INBOX with trace headers and the rehearsed date."""
    clock = ManualClock(MONDAY)
    with MailWorld(own_address="seuranta@kunta.example", clock=clock) as world:
        with smtplib.SMTP(world.host, world.smtp_port, local_hostname="localhost") as smtp:
            smtp.sendmail("a@party.example", ["seuranta+TOKEN@kunta.example", "b@party.example"], RAW)

        assert _mails(world) == [(b"Return-Path: <a@party.example>\r\nDelivered-To: seuranta+TOKEN@kunta.example\r\n" + RAW, MONDAY)]
        assert [(mail.order, mail.recipient, mail.raw, mail.at) for mail in world.sent] == [
            (1, "seuranta+TOKEN@kunta.example", RAW, MONDAY),
            (2, "b@party.example", RAW, MONDAY),
        ]


def test_a_party_can_answer_while_its_mail_is_being_taken() -> None:
    """`on_mail` may deliver: the reply is there when the sender gets its 250."""
    seen = []

    def answer(sender: str, recipient: str, raw: bytes) -> None:
        seen.append((sender, recipient, raw))
        world.deliver(b"Subject: Re: x\r\n\r\nok\r\n", when=MONDAY + timedelta(hours=1), recipient=sender, sender=recipient)

    with MailWorld(own_address="seuranta@kunta.example", on_mail=answer) as world:
        smtp = smtplib.SMTP(world.host, world.smtp_port, local_hostname="localhost")
        smtp.sendmail("seuranta+T@kunta.example", ["b@party.example"], RAW)
        smtp.quit()
        mails = _mails(world)

    assert seen == [("seuranta+T@kunta.example", "b@party.example", RAW)]
    assert mails == [
        (
            b"Return-Path: <b@party.example>\r\nDelivered-To: seuranta+T@kunta.example\r\nSubject: Re: x\r\n\r\nok\r\n",
            MONDAY + timedelta(hours=1),
        )
    ]


def test_a_wrong_password_is_refused_and_the_end_is_clean() -> None:
    """Nobody else reads the mailbox; open sessions do not keep the world from ending."""
    with MailWorld() as world:
        client = imaplib.IMAP4(world.host, world.imap_port)
        with pytest.raises(imaplib.IMAP4.error, match="AUTHENTICATIONFAILED"):
            client.login(world.user, "wrong")
    client.shutdown()
