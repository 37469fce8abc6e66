"""The cast answers our real mails as real mail programs would."""

from __future__ import annotations

import email
import email.policy
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from reminder.domain.messages import MailKind
from reminder.domain.rounds import StepKind
from reminder.sandbox.cast import SILENT, UNREACHABLE, Cast, DueReply, expected_facts
from reminder.sandbox.originals import Filled, fill_html, fill_text, read_original
from reminder.sandbox.script import CastReply, list_replies
from reminder.wire.reply_token import find_tokens
from tests.sandbox.mails import KEYRING, example, find_contact, write_mail

SCRIPT = [reply for reply in list_replies() if reply.kind not in {MailKind.PREVIEW, MailKind.CONTACTS}]
"""The parties; the coordinator answers what the whole service has written, which the journeys show."""


def play(reply: CastReply) -> tuple[bytes, DueReply]:
    """Our mail that a scripted reply answers, and the reply."""
    nth = max(reply.nth, 1)
    mail = write_mail(reply.recipient, StepKind(reply.kind.value), nth)
    cast = Cast(replies=(reply,))
    for _ in range(nth - 1):
        cast.answer(mail.raw, envelope_sender=mail.envelope.sender, recipient=reply.recipient, at=mail.not_before)
    (due,) = cast.answer(mail.raw, envelope_sender=mail.envelope.sender, recipient=reply.recipient, at=mail.not_before)
    return mail.raw, due


def read(raw: bytes) -> EmailMessage:
    """A reply as the standard library reads it."""
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def text_of(raw: bytes) -> str:
    """The text part of a reply."""
    body = read(raw).get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


@pytest.mark.parametrize("reply", SCRIPT, ids=lambda one: f"{one.party}-{one.kind}-{one.shape}")
def test_every_scripted_reply_answers_a_mail_that_is_really_sent(reply: CastReply) -> None:
    """Each reply can be made from the composed mail, reads back without a defect, and carries a Message-ID of its own."""
    raw, due = play(reply)
    mail = read(due.raw)
    assert not mail.defects
    assert mail["Message-ID"] != read(raw)["Message-ID"]
    assert due.at > read(raw)["Date"].datetime
    assert max(len(line) for line in due.raw.split(b"\r\n")) <= 998


@pytest.mark.parametrize(
    "reply", [one for one in SCRIPT if one.shape not in {"bounce", "forged"}], ids=lambda one: f"{one.party}-{one.shape}"
)
def test_a_reply_carries_the_token_of_the_mail_that_it_answers(reply: CastReply) -> None:
    """The reply address of the real mail is where the reply goes, so the token holds."""
    raw, due = play(reply)
    assert find_tokens(KEYRING, due.to) == find_tokens(KEYRING, str(read(raw)["Reply-To"]))
    assert due.to in str(read(due.raw)["To"])


def test_the_forged_mail_has_nothing_of_ours() -> None:
    """A stranger knows the role and the programme, but has no token and no thread."""
    _, due = play(next(one for one in SCRIPT if one.shape == "forged"))
    assert not find_tokens(KEYRING, due.raw.decode())
    assert read(due.raw)["In-Reply-To"] is None
    assert read(due.raw)["From"].addresses[0].domain not in {"suvikodit.example", "suvikoski.example"}


def test_the_bounce_names_our_message() -> None:
    """An RFC 3464 report with status 5.1.1 and our Message-ID, from the null sender to our envelope sender."""
    raw, due = play(next(one for one in SCRIPT if one.shape == "bounce"))
    mail = read(due.raw)
    assert (due.sender, due.to) == ("", "seuranta@suvikoski.example")
    assert mail.get_content_type() == "multipart/report"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "message/delivery-status", "text/rfc822-headers"]
    assert b"Status: 5.1.1" in due.raw
    assert b"Final-Recipient: rfc822; tilapalvelupaallikko@suvikoski.example" in due.raw
    assert str(read(raw)["Message-ID"]).encode() in due.raw


def test_an_absence_note_says_that_it_is_automatic_and_until_when() -> None:
    """RFC 3834: Auto-Submitted is set; the day of return stands in the text."""
    _, due = play(next(one for one in SCRIPT if one.shape == "out_of_office"))
    assert read(due.raw)["Auto-Submitted"] == "auto-replied"
    assert str(read(due.raw)["Subject"]).startswith("Automaattinen vastaus: ")
    assert "20.2.2025" in text_of(due.raw)


def test_outlook_quotes_without_marks_and_fills_the_form() -> None:
    """No `>` anywhere in the text; a Finnish header block; the light behind its own label in both parts."""
    _, due = play(next(one for one in SCRIPT if one.party == "kaupunkikehitysjohtaja"))
    text, rich = text_of(due.raw), read(due.raw).get_body(("html",))
    assert rich is not None
    assert not any(line.startswith(">") for line in text.split("\n"))
    assert "Lähettäjä: Elinvoimaohjelman seuranta" in text
    assert "Lähetetty: perjantai 14. helmikuuta 2025" in text
    block = text[text.index("[4.3] ") :]
    assert "Tila (vihreä / keltainen / punainen): keltainen" in block.split("\n")
    assert '<span style="color:#1F497D">keltainen<o:p></o:p></span>' in str(rich.get_content())


def test_gmail_breaks_the_attribution_and_quotes() -> None:
    """Our plus address is long, so the line is broken after `<`; the date is Finnish."""
    _, due = play(next(one for one in SCRIPT if one.party == "kulttuuripaallikko" and one.shape == "gmail_web"))
    text = text_of(due.raw)
    assert "pe 14. helmik. 2025 klo" in text
    assert "<\nseuranta@suvikoski.example> kirjoitti:" in text
    assert "> [1.1] " in text
    assert text.startswith("1.1: vihreä, valmis\n")


def test_thunderbird_writes_flowed_text_with_answers_in_the_quotation() -> None:
    """format=flowed, the answers behind the quoted labels."""
    _, due = play(next(one for one in SCRIPT if one.party == "tyollisyyspalvelupaallikko" and one.shape == "thunderbird"))
    assert read(due.raw).get_param("format") == "flowed"
    assert "> Tila (vihreä / keltainen / punainen): vihreä" in text_of(due.raw).split("\n")


def test_a_light_link_opens_a_mail_of_its_own() -> None:
    """What `mailto:` opens is in no thread; light and reference line come from the link, the words from the person."""
    _, due = play(next(one for one in SCRIPT if one.shape == "mailto"))
    mail, text = read(due.raw), text_of(due.raw)
    assert mail["In-Reply-To"] is None
    assert "Tila: vihreä" in text.split("\n")
    assert "Mitä tehtiin: Verkkovaraus avattiin toukokuussa, varauksia tuli 340." in text.split("\n")
    assert find_tokens(KEYRING, text)


def test_filling_touches_only_the_named_action() -> None:
    """What is typed for 1.1 stands in the block of 1.1 and in no other; 1.10 is another action."""
    original = read_original(write_mail("kulttuuripaallikko@suvikoski.example", StepKind.REQUEST).raw)
    filled = {"1.1": Filled(light="vihreä")}
    text = fill_text(original, filled)
    assert text.count("punainen): vihreä") == 1
    assert text.index("[1.1] ") < text.index("punainen): vihreä") < text.index("[1.10] ")
    rich = fill_html(original, filled)
    assert rich.index("[1.1] ") < rich.index("punainen): vihreä") < rich.index("[1.10] ")


def test_a_number_that_the_mail_does_not_ask_for_cannot_be_filled() -> None:
    """A cast that writes beside the form would prove nothing, so it is refused."""
    original = read_original(write_mail("kulttuuripaallikko@suvikoski.example", StepKind.REQUEST).raw)
    with pytest.raises(ValueError, match=r"9\.9"):
        fill_html(original, {"9.9": Filled(light="vihreä")})


def test_the_script_adds_up() -> None:
    """Everything that the round asks is expected, silent or unreachable; every reply goes to a listed contact of its party."""
    setup = example()
    one, programme = setup.rounds[0], setup.programmes["elinvoima"]
    asked = {(action.lead, action.number) for action in programme.actions if one.asks_for(action)}
    quiet = {(party, number) for party, number in asked if party in SILENT | UNREACHABLE}
    assert asked == expected_facts().keys() | quiet
    assert not expected_facts().keys() & quiet
    for reply in SCRIPT:
        assert find_contact(reply.recipient) in setup.directory.of_party(reply.party).contacts


def test_a_mail_is_answered_as_often_as_it_comes_only_by_machines() -> None:
    """A person answers one mail once; a mailbox that does not exist bounces every one."""
    request = write_mail("tilapalvelupaallikko@suvikoski.example", StepKind.REQUEST)
    other = write_mail("sivistysjohtaja@suvikoski.example", StepKind.REQUEST)
    cast, at = Cast(), datetime(2025, 2, 14, 7, 0, tzinfo=UTC)
    counts = [len(cast.answer(request.raw, envelope_sender="", recipient=request.envelope.recipient, at=at)) for _ in range(2)]
    assert counts == [1, 1]
    counts = [len(cast.answer(other.raw, envelope_sender="", recipient=other.envelope.recipient, at=at)) for _ in range(2)]
    assert counts == [2, 0]
