"""Sending through Microsoft Graph: what each answer means for the mail, and that nothing is said before the journal knows."""

from __future__ import annotations

import base64
import logging
from collections.abc import Callable

import pytest

from reminder.domain.messages import Envelope
from reminder.edges.graph import LONGEST_PAUSE, SIZE_LIMIT, UNCERTAIN_PAUSE, GraphRelay
from reminder.edges.ports import SendOutcome, SendResult
from reminder.errors import TemporaryFailure
from tests.edges.graph_endpoint import BREAK, LOSE, MAILBOX, NO_SUCH_RECIPIENT, GraphEndpoint, Said
from tests.edges.token_endpoint import TOKEN, TokenEndpoint

PARTY = Envelope(sender=MAILBOX, recipient="kulttuuri@kunta.example")
RAW = b"To: =?utf-8?q?=C3=84?= <Kulttuuri@kunta.example>\r\nSubject: x\r\n\r\n.dot\r\nbody\r\n"


def _send(relay: GraphRelay, envelope: Envelope = PARTY, raw: bytes = RAW) -> tuple[SendOutcome, int]:
    """The outcome, and how often the journal was asked."""
    dots: list[int] = []
    return relay.send(envelope, raw, before_dot=lambda: dots.append(1)), len(dots)


def test_the_call_is_as_microsoft_documents_it(endpoint: TokenEndpoint, graph: GraphEndpoint) -> None:
    """The path names the mailbox; the body is the stored mail in base64, as text/plain."""
    outcome, dots = _send(graph.relay(endpoint.tokens()))

    assert (outcome.result, outcome.code, dots) == (SendResult.ACCEPTED, 202, 1)
    ((path, headers),) = graph.asked
    assert path == "/v1.0/users/seuranta@kunta.example/sendMail"
    assert headers["content-type"] == "text/plain"
    assert headers["authorization"] == f"Bearer {TOKEN}1"
    assert base64.b64decode(graph.bodies[0], validate=True) == RAW


@pytest.mark.parametrize(
    ("said", "result", "pause"),
    [
        ((400, "ErrorInvalidRecipients", {}), SendResult.FAILED, 0),
        ((400, "", {}), SendResult.FAILED, 0),
        ((413, "RequestEntityTooLarge", {"Retry-After": "9"}), SendResult.FAILED, 0),
        ((400, "ErrorSendAsDenied", {}), SendResult.RELAY_REFUSED, 0),
        ((403, "ErrorAccessDenied", {}), SendResult.RELAY_REFUSED, 0),
        ((404, "ErrorInvalidUser", {}), SendResult.RELAY_REFUSED, 0),
        ((405, "", {}), SendResult.RELAY_REFUSED, 0),
        ((302, "", {"Location": "http://elsewhere.test/"}), SendResult.RELAY_REFUSED, 0),
        ((507, "ErrorQuotaExceeded", {}), SendResult.RELAY_REFUSED, 0),
        ((429, "ApplicationThrottled", {"Retry-After": "73"}), SendResult.RELAY_DOWN, 73),
        ((503, "", {"Retry-After": "Fri, 14 Feb 2025 09:02:00 GMT", "Date": "Fri, 14 Feb 2025 09:00:00 GMT"}), SendResult.RELAY_DOWN, 120),
        ((503, "", {"Retry-After": "soon"}), SendResult.RELAY_DOWN, 0),
        ((503, "", {"Retry-After": "9" * 400}), SendResult.RELAY_DOWN, LONGEST_PAUSE),
        ((408, "", {}), SendResult.DEFERRED, 0),
        ((500, "ErrorInternalServerError", {}), SendResult.UNKNOWN, UNCERTAIN_PAUSE),
        ((502, "", {}), SendResult.UNKNOWN, UNCERTAIN_PAUSE),
        ((504, "", {"Retry-After": "300"}), SendResult.UNKNOWN, 300),
        ((200, "", {}), SendResult.UNKNOWN, UNCERTAIN_PAUSE),
    ],
    ids=lambda said: f"{said[0]}-{said[1]}" if isinstance(said, tuple) else None,
)
def test_each_answer_has_its_meaning(endpoint: TokenEndpoint, graph: GraphEndpoint, said: Said, result: SendResult, pause: float) -> None:
    """Only what is about this mail fails it; what was surely not carried out leaves Graph alone; the rest stays open."""
    graph.script = [said]

    outcome, dots = _send(graph.relay(endpoint.tokens()))

    assert (outcome.result, outcome.code, outcome.retry_after, dots) == (result, said[0], pause, 1)
    assert len(graph.asked) == 1


def test_a_refused_recipient_fails_alone(endpoint: TokenEndpoint, graph: GraphEndpoint) -> None:
    """The next mail goes."""
    relay = graph.relay(endpoint.tokens())
    absent = Envelope(sender=MAILBOX, recipient=NO_SUCH_RECIPIENT)

    refused, _ = _send(relay, absent, f"To: {NO_SUCH_RECIPIENT}\r\n\r\nx\r\n".encode())
    taken, _ = _send(relay)

    assert (refused.result, refused.text) == (SendResult.FAILED, "status 400, ErrorInvalidRecipients, request 7d3f-1")
    assert taken.result is SendResult.ACCEPTED


@pytest.mark.parametrize(("how", "arrived"), [(LOSE, [RAW]), (BREAK, [])])
def test_a_call_that_was_cut_leaves_the_mail_unknown(endpoint: TokenEndpoint, graph: GraphEndpoint, how: str, arrived: list[bytes]) -> None:
    """Once the call has begun nobody can tell whether the mail has gone (DESIGN, decision 14)."""
    graph.script = [how]

    outcome, dots = _send(graph.relay(endpoint.tokens()))

    assert (outcome.result, dots) == (SendResult.UNKNOWN, 1)
    assert graph.taken == arrived


def test_before_the_call_nothing_is_unknown(endpoint: TokenEndpoint, graph: GraphEndpoint) -> None:
    """No connection, no token: the relay is down. A certificate that does not hold, a refused application: configuration."""
    refused, dots = _send(graph.relay(endpoint.tokens(), trusted=False))
    no_token, more = _send(graph.relay(endpoint.tokens(secret="wrong")))
    endpoint.fault = (503, {})
    no_endpoint, still_more = _send(graph.relay(endpoint.tokens()))
    endpoint.fault = None
    graph.server.shutdown()
    graph.server.server_close()
    down, most = _send(graph.relay(endpoint.tokens()))

    assert [one.result for one in (refused, no_token, no_endpoint, down)] == [
        SendResult.RELAY_REFUSED,
        SendResult.RELAY_REFUSED,
        SendResult.RELAY_DOWN,
        SendResult.RELAY_DOWN,
    ]
    assert dots + more + still_more + most == 0
    assert graph.asked == []


def test_a_withdrawn_token_is_replaced_once(endpoint: TokenEndpoint, graph: GraphEndpoint) -> None:
    """The second call is the same attempt; a second refusal is configuration, and there is no third call."""
    tokens = endpoint.tokens()
    tokens.token()
    graph.is_good = lambda token: token != f"{TOKEN}1"

    renewed, dots = _send(graph.relay(tokens))
    graph.is_good = lambda token: False
    refused, _ = _send(graph.relay(tokens))

    assert (renewed.result, dots) == (SendResult.ACCEPTED, 1)
    assert (refused.result, refused.code) == (SendResult.RELAY_REFUSED, 401)
    assert len(graph.asked) == 4
    assert graph.taken == [RAW]


@pytest.mark.parametrize(
    "headers",
    [
        b"Subject: x",
        b"To: muu@kunta.example",
        b"To: kulttuuri@kunta.example, muu@kunta.example",
        b"To: kulttuuri@kunta.example\r\nBcc: muu@kunta.example",
        b"To: kulttuuri@kunta.example\r\nCc: =?utf-8?q?a?= <muu@kunta.example>",
        b"To: kulttuuri@kunta.example\r\nResent-To: muu@kunta.example",
        b"To: kulttuuri@kunta.example\r\nTo: kulttuuri@kunta.example",
    ],
)
def test_a_mail_that_names_others_is_not_sent(endpoint: TokenEndpoint, graph: GraphEndpoint, headers: bytes) -> None:
    """Graph sends to whom the mail names, so that must be the one that it is for."""
    outcome, dots = _send(graph.relay(endpoint.tokens()), raw=headers + b"\r\n\r\nTo: muu@kunta.example\r\n")

    assert (outcome.result, dots) == (SendResult.FAILED, 0)
    assert graph.asked == []


def test_a_mail_that_is_too_large_says_so(endpoint: TokenEndpoint, graph: GraphEndpoint) -> None:
    """Its largest size goes through whole, one byte more is not tried."""
    relay = graph.relay(endpoint.tokens())
    whole = RAW + b"x" * (SIZE_LIMIT - len(RAW))

    taken, _ = _send(relay, raw=whole)
    refused, dots = _send(relay, raw=whole + b"x")

    assert taken.result is SendResult.ACCEPTED
    assert graph.taken == [whole]
    assert (refused.result, refused.text, dots) == (
        SendResult.FAILED,
        "The mail has 3000001 bytes, Microsoft Graph takes 3000000.",
        0,
    )


def test_no_token_is_ever_told(endpoint: TokenEndpoint, graph: GraphEndpoint, caplog: pytest.LogCaptureFixture) -> None:
    """Graph repeats the whole header in its error; what we tell of it is code and number only."""
    caplog.set_level(logging.DEBUG)
    relay = graph.relay(endpoint.tokens())
    graph.script = [(403, "ErrorAccessDenied", {"request-id": f"Bearer {TOKEN}"})]

    outcome, _ = _send(relay)

    assert outcome.text == "status 403, ErrorAccessDenied"
    assert "canary" not in f"{outcome!r} {relay!r} {caplog.text}"


def test_check_asks_without_sending(endpoint: TokenEndpoint, graph: GraphEndpoint) -> None:
    """What it sends is no mail; the answer tells whether we would be let in."""
    facts = graph.relay(endpoint.tokens()).check()

    assert facts[1] == "the application may send from seuranta@kunta.example, as far as can be seen without sending"
    assert graph.taken == []
    assert graph.bodies == [b"!"]


def _unlock(graph: GraphEndpoint) -> None:
    graph.is_good = lambda token: False


def _forbid(graph: GraphEndpoint) -> None:
    graph.script = [(403, "ErrorAccessDenied", {})]


def _be_busy(graph: GraphEndpoint) -> None:
    graph.script = [(503, "", {})]


@pytest.mark.parametrize(
    ("prepare", "mailbox", "words", "advice"),
    [
        (_unlock, MAILBOX, "status 401", "token for Microsoft Graph"),
        (_forbid, MAILBOX, "status 403, ErrorAccessDenied", "Mail.Send"),
        (_be_busy, MAILBOX, "status 503", "tried again by itself"),
        (lambda graph: None, "muu@kunta.example", "status 404", "REMINDER_GRAPH_MAILBOX"),
    ],
)
def test_check_says_what_is_missing(
    endpoint: TokenEndpoint, graph: GraphEndpoint, prepare: Callable[[GraphEndpoint], None], mailbox: str, words: str, advice: str
) -> None:
    """Each refusal has its own advice."""
    prepare(graph)

    with pytest.raises(TemporaryFailure, match=words) as caught:
        graph.relay(endpoint.tokens(), mailbox=mailbox).check()

    assert advice in caught.value.advice
