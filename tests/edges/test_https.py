"""One call is over in its time, reads no more than it may, and goes nowhere in the open."""

from __future__ import annotations

import threading
from contextlib import closing
from time import monotonic

import pytest

from reminder.edges.https import ANSWER_LIMIT, CALL_ERRORS, HttpsCall
from reminder.edges.oauth import ClientSecret, TokenClient, TokenTrouble
from tests.edges.graph_endpoint import GraphEndpoint
from tests.edges.scripted import HANG, RESET, Scripted, Talk
from tests.edges.token_endpoint import TokenEndpoint
from tests.real_parts import HOST

HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
LONG = 20.0
"""Many times the deadline: a test that runs into it has failed, however busy the machine."""


class Web(Scripted):
    """Reads a request and says these pieces; of `drip` one byte at a time, for ever."""

    def __init__(self, *pieces: str, drip: str = "") -> None:
        super().__init__()
        self._pieces, self._drip = pieces, drip

    def converse(self, talk: Talk) -> None:
        """One call."""
        while talk.hear():
            pass
        for piece in self._pieces:
            talk.say(piece)
        for place in range(10_000 if self._drip else 0):
            talk.say(self._drip[place % len(self._drip)])
            if self._over.wait(0.05):
                return

    @property
    def url(self) -> str:
        """On this machine http is allowed."""
        return f"http://{HOST}:{self.port}/token"


def _tokens(url: str, seconds: float) -> TokenClient:
    return TokenClient(url=url, credential=ClientSecret(client_id="app", client_secret="canary"), scope="mail", seconds=seconds)


@pytest.mark.parametrize(
    ("pieces", "drip"),
    [
        ((), "HTTP/1.1 200 OK"),
        (("HTTP/1.1 200 OK\r\n",), "X-Slow: yes\r\n"),
        ((HEAD, "\r\n"), " "),
        ((HEAD, "Transfer-Encoding: chunked\r\n\r\n"), "1\r\n \r\n"),
        ((HANG,), ""),
    ],
    ids=["status", "header", "body", "chunks", "silence"],
)
def test_an_endpoint_of_one_byte_at_a_time_is_left(pieces: tuple[str, ...], drip: str) -> None:
    """The deadline is one for the whole call, wherever the bytes drip; it is trouble that may end by itself."""
    with Web(*pieces, drip=drip) as server:
        began = monotonic()
        with pytest.raises(TokenTrouble, match=r"cannot be used just now: (TimeoutError|timed out)") as caught:
            _tokens(server.url, 0.6).token()

    assert monotonic() - began < LONG
    assert not caught.value.is_refused


def test_the_handshake_has_the_same_deadline() -> None:
    """A port that takes connections and says nothing does not hold the service either."""
    with Web(HANG) as server:
        began = monotonic()
        with pytest.raises(TokenTrouble):
            _tokens(f"https://{HOST}:{server.port}/", 0.6).token()

    assert monotonic() - began < LONG


def test_an_endless_answer_is_not_read_to_its_end() -> None:
    """64 kB are enough for any token; what is cut off is no JSON and gives none."""
    with Web(HEAD, "Content-Length: 99999999\r\n\r\n", '{"access_token":"x"' + " " * (2 * ANSWER_LIMIT)) as server:
        with pytest.raises(TokenTrouble, match="gave no token"):
            _tokens(server.url, LONG).token()
        with closing(HttpsCall(server.url, seconds=LONG)) as call:
            assert len(call.post(b"", {}).body) == ANSWER_LIMIT


def test_nothing_goes_over_the_network_in_the_open() -> None:
    """Not even a name is looked up."""
    with closing(HttpsCall("http://login.kunta.example/token", seconds=LONG)) as call, pytest.raises(ValueError, match="only https"):
        call.post(b"canary", {})


def test_a_lost_connection_says_whether_anything_was_written() -> None:
    """Refused: nothing. Cut after the request: it may have been carried out."""
    with Web(RESET) as server, closing(HttpsCall(server.url, seconds=LONG)) as call:
        with pytest.raises(CALL_ERRORS):
            call.post(b"x", {})
        assert call.is_written
    with closing(HttpsCall(server.url, seconds=LONG)) as call:
        with pytest.raises(OSError, match="refused"):
            call.post(b"x", {})
        assert not call.is_written


@pytest.mark.fault("S7")
@pytest.mark.parametrize("said", ["canary\r\n\r\n", "HTTP/canary 200 OK\r\n\r\n"], ids=["no HTTP", "another HTTP"])
def test_a_server_that_repeats_the_secret_instead_of_http_is_not_quoted(said: str) -> None:
    """`http.client` names what it cannot read; we name the kind of trouble only."""
    with Web(said) as server, pytest.raises(TokenTrouble, match=r"cannot be used just now: (BadStatusLine|UnknownProtocol)") as caught:
        _tokens(server.url, LONG).token()

    assert "canary" not in f"{caught.value!r} {caught.value.advice}"


@pytest.mark.parametrize("end", [(RESET,), ("torn",), ()], ids=["reset", "torn", "closed"])
def test_a_status_counts_although_its_body_was_lost(end: tuple[str, ...]) -> None:
    """The yes or no has come; what is missing is told, whether the connection is reset or merely closed too early."""
    with Web("HTTP/1.1 202 Accepted\r\nContent-Length: 100\r\n\r\n", *end) as server, closing(HttpsCall(server.url, seconds=LONG)) as call:
        answer = call.post(b"x", {})

    assert answer.status == 202
    assert answer.body == b""
    assert answer.lost


def test_another_thread_ends_a_call() -> None:
    """A service that is told to end does not wait for an endpoint."""
    with Web(HANG) as server, closing(HttpsCall(server.url, seconds=600.0)) as call:
        call.open()
        cutter = threading.Timer(0.2, call.cut)
        cutter.start()
        began = monotonic()
        with pytest.raises(CALL_ERRORS):
            call.post(b"x", {})
        cutter.join()

    assert monotonic() - began < LONG


def test_authorities_of_our_own_stand_beside_those_of_the_system(
    endpoint: TokenEndpoint, graph: GraphEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A city's own authority for its mail server must not shut out a public endpoint, nor the other way about."""
    monkeypatch.setenv("SSL_CERT_FILE", str(endpoint.certificate))

    for url in (endpoint.url, f"{graph.url}/"):
        with closing(HttpsCall(url, seconds=LONG, ca_file=graph.certificate)) as call:
            call.open()
    with closing(HttpsCall(f"{graph.url}/", seconds=LONG)) as call, pytest.raises(CALL_ERRORS, match="CERTIFICATE_VERIFY_FAILED"):
        call.open()
