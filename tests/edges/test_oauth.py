"""Logging in by OAuth2: where the token comes from, how it is said, and whose trouble it is where it does not work."""

from __future__ import annotations

import base64
import logging

import pytest

from reminder.domain.messages import Envelope
from reminder.edges.imap import ImapSource
from reminder.edges.oauth import TokenClient, TokenTrouble, first_answer
from reminder.edges.ports import SendResult
from reminder.edges.smtp import SmtpRelay
from reminder.errors import TemporaryFailure
from tests.edges.scripted import ScriptedImap, ScriptedSmtp, Talk
from tests.edges.token_endpoint import SECRET, TOKEN, TokenEndpoint
from tests.real_parts import HOST

PARTY = Envelope(sender="seuranta@kunta.example", recipient="kulttuuri@kunta.example")
RAW = b"Subject: x\r\n\r\nbody\r\n"
USER = "seuranta@kunta.example"
ONLY_BEARER = "250-scripted\r\n250 AUTH OAUTHBEARER\r\n"
OFFER = "250-scripted\r\n250 AUTH PLAIN XOAUTH2\r\n"
DETAILS = "334 eyJzdGF0dXMiOiI0MDEifQ==\r\n"


def _relay(port: int, tokens: TokenClient) -> SmtpRelay:
    return SmtpRelay(host=HOST, port=port, security="none", user=USER, tokens=tokens, reply_timeout=5.0)


def _said(lines: list[bytes]) -> list[str]:
    """What was said to log in, decoded."""
    words = [line.split(b" ") for line in lines if b"XOAUTH2 " in line or b"OAUTHBEARER " in line]
    return [base64.b64decode(line[-1]).decode() for line in words]


def test_a_token_is_kept_and_replaced_when_forgotten(endpoint: TokenEndpoint) -> None:
    """One request serves many logins; the form is that of RFC 6749, 4.4."""
    tokens = endpoint.tokens()

    assert [tokens.token(), tokens.token()] == [f"{TOKEN}1"] * 2
    tokens.forget()
    assert tokens.token() == f"{TOKEN}2"
    assert endpoint.forms[0]["scope"] == ["mail"]
    assert endpoint.forms[0]["client_id"] == ["app"]


def test_a_token_is_replaced_at_its_end(endpoint: TokenEndpoint) -> None:
    """A token without any life left is never used a second time."""
    endpoint.life = 0
    tokens = endpoint.tokens()

    assert [tokens.token(), tokens.token()] == [f"{TOKEN}1", f"{TOKEN}2"]


@pytest.mark.parametrize(
    ("fault", "is_refused"),
    [
        ((503, {}), False),
        ((429, {}), False),
        ((400, {"error": "temporarily_unavailable"}), False),
        ((401, {"error": "invalid_client"}), True),
        ((400, {"error": "invalid_scope"}), True),
        ((302, {}), True),
        ((200, {"access_token": "two words\r\n"}), False),
        ((200, {}), False),
    ],
)
def test_trouble_is_told_apart(endpoint: TokenEndpoint, fault: tuple[int, dict[str, str]], is_refused: bool) -> None:
    """What may end by itself is no matter of configuration; a redirection is not followed."""
    endpoint.fault = fault

    with pytest.raises(TokenTrouble) as caught:
        endpoint.tokens().token()

    assert caught.value.is_refused is is_refused
    assert len(endpoint.forms) == 1


def test_a_certificate_that_does_not_hold_gets_no_secret(endpoint: TokenEndpoint) -> None:
    """TLS is verified before anything is said."""
    with pytest.raises(TokenTrouble, match="is signed by nobody that this machine knows") as caught:
        endpoint.tokens(trusted=False).token()

    assert "REMINDER_CA_FILE" in str(caught.value)
    assert endpoint.forms == []


def test_no_secret_is_ever_told(endpoint: TokenEndpoint, caplog: pytest.LogCaptureFixture) -> None:
    """Not by an error, although the endpoint repeats the secret; not by a repr; not by a log."""
    caplog.set_level(logging.DEBUG)
    wrong, right = endpoint.tokens(secret="canary-wrong"), endpoint.tokens()
    token = right.token()
    with pytest.raises(TokenTrouble) as caught:
        wrong.token()
    refusing = {"EHLO": OFFER, "AUTH": "535 5.7.3 no\r\n"}
    with ScriptedSmtp(refusing) as server:
        outcome = _relay(server.port, right).send(PARTY, RAW, before_dot=lambda: None)

    told = f"{caught.value!r} {caught.value} {caught.value.advice} {wrong!r} {right!r} {outcome!r} {caplog.text}"
    assert "AADSTS7000215" in told
    assert "invalid_client" in told
    assert not any(word in told for word in ("canary", SECRET, token, first_answer("XOAUTH2", USER, token)))


@pytest.mark.parametrize("offer", [OFFER, ONLY_BEARER])
def test_the_relay_is_told_the_token_at_once(endpoint: TokenEndpoint, offer: str) -> None:
    """XOAUTH2, or OAUTHBEARER where only that is offered, with the initial response; a password is never said."""
    with ScriptedSmtp({"EHLO": offer}) as server:
        outcome = _relay(server.port, endpoint.tokens()).send(PARTY, RAW, before_dot=lambda: None)

    assert outcome.result is SendResult.ACCEPTED
    start = f"user={USER}" if offer is OFFER else f"n,a={USER},"
    assert _said(server.lines) == [f"{start}\x01auth=Bearer {TOKEN}1\x01\x01"]


def test_a_withdrawn_token_is_replaced_once(endpoint: TokenEndpoint) -> None:
    """The details of the failure are answered with an empty line; a new connection says a new token, and the mail goes."""
    answers: dict[str, str | list[str]] = {"EHLO": OFFER, "AUTH": [DETAILS, "235 welcome\r\n"], "": "535 5.7.3 expired\r\n"}
    with ScriptedSmtp(answers) as server:
        outcome = _relay(server.port, endpoint.tokens()).send(PARTY, RAW, before_dot=lambda: None)

    assert outcome.result is SendResult.ACCEPTED
    assert [said.split("Bearer ")[1].strip("\x01") for said in _said(server.lines)] == [f"{TOKEN}1", f"{TOKEN}2"]


def test_a_token_that_is_never_taken_is_configuration(endpoint: TokenEndpoint) -> None:
    """Two tries and no third; the mail is untouched (decision 0007)."""
    with ScriptedSmtp({"EHLO": OFFER, "AUTH": "535 5.7.3 no\r\n"}) as server:
        outcome = _relay(server.port, endpoint.tokens()).send(PARTY, RAW, before_dot=lambda: None)

    assert (outcome.result, outcome.code) == (SendResult.RELAY_REFUSED, 535)
    assert len(endpoint.forms) == 2


@pytest.mark.parametrize(("status", "result"), [(503, SendResult.RELAY_DOWN), (401, SendResult.RELAY_REFUSED)])
def test_trouble_at_the_endpoint_burns_no_mail(endpoint: TokenEndpoint, status: int, result: SendResult) -> None:
    """It is trouble with the relay, and nothing of the mail is said."""
    endpoint.fault = (status, {})
    with ScriptedSmtp({"EHLO": OFFER}) as server:
        outcome = _relay(server.port, endpoint.tokens()).send(PARTY, RAW, before_dot=lambda: None)

    assert outcome.result is result
    assert not any(line.startswith(b"MAIL") for line in server.lines)


def test_check_says_which_step_failed(endpoint: TokenEndpoint) -> None:
    """No token is another trouble than a token that is not taken."""
    with ScriptedSmtp({"EHLO": OFFER, "AUTH": "535 5.7.3 no\r\n"}) as server:
        with pytest.raises(TemporaryFailure, match="The login was refused"):
            _relay(server.port, endpoint.tokens()).check()
        with pytest.raises(TemporaryFailure, match=r"refuses to give a token .*invalid_client"):
            _relay(server.port, endpoint.tokens(secret="wrong")).check()


class _Mailbox:
    """Answers AUTHENTICATE; the first tokens are refused with details, as Microsoft and Google do."""

    def __init__(self, *, refused: int = 0) -> None:
        self.said: list[str] = []
        self.ends: list[bytes] = []
        self._refused = refused

    def __call__(self, talk: Talk, tag: bytes, command: bytes) -> bool:
        """A responder of the scripted server."""
        words = command.split(b" ")
        if words[0].upper() != b"AUTHENTICATE":
            return False
        if len(words) == 2:
            talk.say("+ \r\n")
            words.append(talk.hear())
        self.said.append(base64.b64decode(words[2]).decode())
        if len(self.said) <= self._refused:
            talk.say("+ eyJzdGF0dXMiOiI0MDAifQ==\r\n")
            self.ends.append(talk.hear())
            talk.say(tag + b" NO AUTHENTICATE failed.\r\n")
        else:
            talk.say(tag + b" OK welcome\r\n")
        return True


def _source(server: ScriptedImap, tokens: TokenClient) -> ImapSource:
    return ImapSource(host=HOST, port=server.port, security="none", user=USER, password="", tokens=tokens, timeout=5.0)


@pytest.mark.parametrize(
    ("offer", "start"),
    [
        ("AUTH=XOAUTH2 SASL-IR", f"user={USER}"),
        ("AUTH=XOAUTH2", f"user={USER}"),
        ("AUTH=OAUTHBEARER SASL-IR", f"n,a={USER},"),
    ],
)
def test_the_mailbox_opens_by_token(endpoint: TokenEndpoint, offer: str, start: str) -> None:
    """With and without the initial response (RFC 4959)."""
    mailbox = _Mailbox()
    with ScriptedImap(mailbox, before_login=f"IMAP4rev1 {offer}") as server:
        source = _source(server, endpoint.tokens())
        (scan,) = source.scan()
        source.close()

    assert scan.uids == ("12",)
    assert mailbox.said == [f"{start}\x01auth=Bearer {TOKEN}1\x01\x01"]
    (login,) = [line for line in server.lines if b"AUTHENTICATE" in line]
    assert len(login.split(b" ")) == (4 if "SASL-IR" in offer else 3)


def test_the_mailbox_gets_a_new_token_once(endpoint: TokenEndpoint) -> None:
    """The details of a failure are answered with an empty line, and a new connection says a new token."""
    mailbox = _Mailbox(refused=1)
    with ScriptedImap(mailbox, before_login="IMAP4rev1 AUTH=XOAUTH2 SASL-IR") as server:
        source = _source(server, endpoint.tokens())
        source.scan()
        source.close()

    assert mailbox.ends == [b""]
    assert [said.split("Bearer ")[1].strip("\x01") for said in mailbox.said] == [f"{TOKEN}1", f"{TOKEN}2"]


@pytest.mark.parametrize(("offer", "words"), [("AUTH=XOAUTH2", "AUTHENTICATE failed"), ("AUTH=PLAIN", "does not offer")])
def test_a_mailbox_that_stays_shut_is_temporary(endpoint: TokenEndpoint, offer: str, words: str) -> None:
    """It is told in plain words and tried again later; no secret stands in them."""
    with (
        ScriptedImap(_Mailbox(refused=9), before_login=f"IMAP4rev1 {offer}") as server,
        pytest.raises(TemporaryFailure, match=words) as caught,
    ):
        _source(server, endpoint.tokens()).scan()

    assert "canary" not in f"{caught.value!r} {caught.value.advice}"


def test_trouble_at_the_endpoint_leaves_the_mailbox_alone(endpoint: TokenEndpoint) -> None:
    """Without a token no connection is made; the trouble is temporary and told in its own words."""
    endpoint.fault = (503, {})
    with ScriptedImap(_Mailbox()) as server, pytest.raises(TemporaryFailure, match="token endpoint localhost cannot be used"):
        _source(server, endpoint.tokens()).scan()

    assert server.connections == 0
