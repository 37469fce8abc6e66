"""What is asked of a relay beside taking the mail: delivery reports (RFC 3461), and our own copy in the same transaction."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reminder.domain.messages import Envelope
from reminder.edges.ports import SendOutcome, SendResult
from reminder.edges.smtp import SmtpRelay
from tests.edges.scripted import CLOSE, ScriptedSmtp
from tests.real_parts import HOST

RAW = b"Subject: x\r\n\r\nbody\r\n"
PLAIN = Envelope(sender="seuranta@kunta.example", recipient="kulttuuri+a=b@kunta.example")
ASKING = replace(PLAIN, envelope_id="ar22=4+z", notify=("FAILURE", "DELAY"))
COPIED = replace(PLAIN, copy_to="seuranta+ar224@kunta.example")
OFFERS = "250-scripted\r\n250 DSN\r\n"
IN_ONE_PIECE = "250-scripted\r\n250-PIPELINING\r\n250 DSN\r\n"
TAKEN = "250 OK\r\n"


def talk(answers: dict[str, str | list[str]], *envelopes: Envelope) -> tuple[list[SendOutcome], ScriptedSmtp]:
    """The mails go over one connection, as far as it holds."""
    with ScriptedSmtp(answers) as server:
        relay = SmtpRelay(host=HOST, port=server.port, security="none")
        outcomes = [relay.send(envelope, RAW, before_dot=lambda: None) for envelope in envelopes]
        relay.close()
    return outcomes, server


def commands(server: ScriptedSmtp, verb: bytes) -> list[bytes]:
    """The lines that begin with a verb."""
    return [line for line in server.lines if line.upper().startswith(verb.upper())]


@pytest.mark.parametrize("offers", [OFFERS, IN_ONE_PIECE], ids=["one by one", "pipelined"])
def test_reports_are_asked_for_where_the_relay_offers_them(offers: str) -> None:
    """Headers only, the envelope id and the address as it is now in xtext."""
    (outcome,), server = talk({"EHLO": offers}, ASKING)

    assert outcome.result is SendResult.ACCEPTED
    assert commands(server, b"MAIL") == [b"MAIL FROM:<seuranta@kunta.example> RET=HDRS ENVID=ar22+3D4+2Bz"]
    rcpt = b"RCPT TO:<kulttuuri+a=b@kunta.example> NOTIFY=FAILURE,DELAY ORCPT=rfc822;kulttuuri+2Ba+3Db@kunta.example"
    assert commands(server, b"RCPT") == [rcpt]


@pytest.mark.parametrize(("offers", "envelope"), [("250 scripted\r\n", ASKING), (OFFERS, PLAIN)], ids=["not offered", "not wanted"])
def test_else_not_a_word_is_said_of_them(offers: str, envelope: Envelope) -> None:
    """A relay that does not know the words would refuse the mail for them."""
    (outcome,), server = talk({"EHLO": offers}, envelope)

    assert outcome.result is SendResult.ACCEPTED
    assert commands(server, b"MAIL") == [b"MAIL FROM:<seuranta@kunta.example>"]
    assert commands(server, b"RCPT") == [b"RCPT TO:<kulttuuri+a=b@kunta.example>"]


@pytest.mark.parametrize("offers", [OFFERS, IN_ONE_PIECE], ids=["one by one", "pipelined"])
def test_our_copy_is_one_more_recipient(offers: str) -> None:
    """After the party's, and no report is wanted of it where reports are asked for."""
    _, server = talk({"EHLO": offers}, COPIED, replace(COPIED, envelope_id="ar224", notify=("FAILURE",)))

    copies = commands(server, b"RCPT TO:<seuranta+ar224@")
    assert copies == [b"RCPT TO:<seuranta+ar224@kunta.example>", b"RCPT TO:<seuranta+ar224@kunta.example> NOTIFY=NEVER"]
    assert [line[:13] for line in commands(server, b"RCPT")] == [b"RCPT TO:<kult", b"RCPT TO:<seur"] * 2
    assert len(server.mails) == 2


@pytest.mark.fault("S15")
@pytest.mark.parametrize("offers", [OFFERS, IN_ONE_PIECE], ids=["one by one", "pipelined"])
@pytest.mark.parametrize("refusal", ["550 5.7.1 Relay access denied\r\n", "452 4.5.3 too many recipients\r\n", "530 log in\r\n"])
def test_a_refused_copy_costs_the_copy_and_not_the_mail(offers: str, refusal: str) -> None:
    """The party's mail is accepted, the words about the copy are kept, and the next mail goes over the same connection."""
    outcomes, server = talk({"EHLO": offers, "RCPT": [TAKEN, refusal, TAKEN]}, COPIED, COPIED)

    assert [outcome.result for outcome in outcomes] == [SendResult.ACCEPTED] * 2
    assert [outcome.copy_refused for outcome in outcomes] == [refusal.strip(), ""]
    assert len(server.mails) == 2
    assert len(commands(server, b"EHLO")) == 1


@pytest.mark.parametrize("offers", [OFFERS, IN_ONE_PIECE], ids=["one by one", "pipelined"])
def test_without_the_party_there_is_no_copy(offers: str) -> None:
    """The party's address is refused: nothing goes out, not even to us, and the next mail is not misunderstood for it."""
    outcomes, server = talk({"EHLO": offers, "RCPT": ["550 5.1.1 unknown\r\n", TAKEN]}, COPIED, PLAIN)

    assert [outcome.result for outcome in outcomes] == [SendResult.FAILED, SendResult.ACCEPTED]
    assert (commands(server, b"RCPT TO:<seur"), len(server.mails)) == ([], 1)


@pytest.mark.parametrize(
    ("answer", "result"), [("421 closing\r\n", SendResult.RELAY_DOWN), (CLOSE, SendResult.DEFERRED)], ids=["421", "closed"]
)
def test_a_relay_that_goes_at_the_copy_has_not_taken_the_mail(answer: str, result: SendResult) -> None:
    """Nothing was sent, and it is tried again."""
    outcomes, server = talk({"RCPT": [TAKEN, answer, TAKEN]}, COPIED)

    assert (outcomes[0].result, server.mails) == (result, [])


@pytest.mark.fault("S15")
def test_the_words_about_the_copy_are_kept_where_the_answer_to_the_dot_is_lost() -> None:
    """No copy will come to settle this one."""
    outcomes, _ = talk({"RCPT": [TAKEN, "550 no\r\n"], ".": CLOSE}, COPIED)

    assert (outcomes[0].result, outcomes[0].copy_refused) == (SendResult.UNKNOWN, "550 no")
