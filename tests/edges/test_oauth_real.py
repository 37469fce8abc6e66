"""Logging in by token to servers that are not ours: Dovecot, which asks whether each token is still good, and Postfix, which asks it."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from reminder.domain.messages import Envelope
from reminder.edges.imap import ImapSource
from reminder.edges.oauth import TokenClient
from reminder.edges.ports import SendResult
from reminder.edges.smtp import SmtpRelay
from reminder.errors import TemporaryFailure
from tests.edges.oauth_dovecot import Introspection, TokenDovecot, token_dovecot
from tests.edges.oauth_postfix import TokenPostfix, token_postfix
from tests.edges.token_endpoint import TOKEN, TokenEndpoint

pytestmark = pytest.mark.real
MAIL = b"Subject: x\r\n\r\nbody\r\n"
NOON = datetime(2025, 2, 14, 12, tzinfo=UTC)


class Tokens:
    """Which tokens of the endpoint are good: all that it gave, but those that are revoked."""

    def __init__(self, endpoint: TokenEndpoint) -> None:
        self._endpoint = endpoint
        self.revoked: set[str] = set()

    def is_good(self, token: str) -> bool:
        """What the mail server is told."""
        return token in self._endpoint.given and token not in self.revoked

    def revoke_all(self) -> None:
        """An administrator ends every session of the application."""
        self.revoked |= set(self._endpoint.given)


@pytest.fixture(scope="module", params=["xoauth2", "oauthbearer"])
def server(request: pytest.FixtureRequest) -> Iterator[tuple[TokenDovecot, Introspection]]:
    """One Dovecot for each mechanism."""
    with token_dovecot(lambda token: False, request.param) as running:
        yield running


@pytest.fixture
def tokens(endpoint: TokenEndpoint, server: tuple[TokenDovecot, Introspection]) -> Tokens:
    """The endpoint of this test is the one that Dovecot believes."""
    good = Tokens(endpoint)
    server[1].is_good = good.is_good
    server[1].asked.clear()
    server[0].doveadm("expunge", "-u", TokenDovecot.user, "mailbox", "*", "all")
    return good


def _source(server: TokenDovecot, client: TokenClient) -> ImapSource:
    return ImapSource(
        host="localhost",
        port=server.imaps_port,
        security="tls",
        user=f"{TokenDovecot.user}@kunta.example",
        password="",
        tokens=client,
        ca_file=server.certificate,
        timeout=30.0,
    )


def test_dovecot_opens_the_mailbox_by_token(endpoint: TokenEndpoint, tokens: Tokens, server: tuple[TokenDovecot, Introspection]) -> None:
    """One token serves every login until its end; a mail is fetched by it."""
    dovecot, introspection = server
    dovecot.append(MAIL, when=NOON)
    client = endpoint.tokens()
    for _ in range(2):
        source = _source(dovecot, client)
        (scan,) = source.scan()
        (mail,) = source.fetch(scan, scan.uids)
        source.close()

    assert (mail.raw, mail.internal_date) == (MAIL, NOON)
    assert introspection.asked == [f"{TOKEN}1"] * 2


def test_a_token_that_ends_in_mid_service_is_renewed(
    endpoint: TokenEndpoint, tokens: Tokens, server: tuple[TokenDovecot, Introspection]
) -> None:
    """An open session goes on with the token that it began with; the next login brings a new one, before the old one is refused."""
    endpoint.life = 0
    dovecot, introspection = server
    source = _source(dovecot, endpoint.tokens())
    source.scan()
    tokens.revoke_all()
    source.scan()
    source.close()
    source.scan()
    source.close()

    assert introspection.asked == [f"{TOKEN}1", f"{TOKEN}2"]


def test_a_revoked_token_is_replaced_once(endpoint: TokenEndpoint, tokens: Tokens, server: tuple[TokenDovecot, Introspection]) -> None:
    """The details of Dovecot's refusal are answered as it wants, and the second token opens the mailbox."""
    dovecot, introspection = server
    source = _source(dovecot, endpoint.tokens())
    source.scan()
    source.close()
    tokens.revoke_all()
    source.scan()
    source.close()

    assert introspection.asked == [f"{TOKEN}1", f"{TOKEN}1", f"{TOKEN}2"]


def test_an_application_that_may_not_open_the_mailbox_tries_twice_and_no_more(
    endpoint: TokenEndpoint, tokens: Tokens, server: tuple[TokenDovecot, Introspection], caplog: pytest.LogCaptureFixture
) -> None:
    """It is temporary, told in plain words without the token, and what the mailbox holds is still there when it is mended."""
    dovecot, introspection = server
    dovecot.append(MAIL, when=NOON)
    introspection.is_good = lambda token: False
    source = _source(dovecot, endpoint.tokens())

    with pytest.raises(TemporaryFailure, match=r"refused the login of seuranta@kunta\.example") as caught:
        source.scan()
    refused = list(introspection.asked)
    introspection.is_good = tokens.is_good
    (scan,) = source.scan()
    source.close()

    told = f"{caught.value!r} {caught.value.advice} {caplog.text}"
    assert refused == [f"{TOKEN}1", f"{TOKEN}2"]
    assert "may open this mailbox" in caught.value.advice
    assert len(scan.uids) == 1
    assert TOKEN not in told
    assert base64.b64encode(TOKEN.encode()).decode()[:12] not in told


@pytest.fixture(scope="module")
def postfix() -> Iterator[TokenPostfix]:
    """One Postfix for all."""
    with token_postfix(lambda token: False) as running:
        yield running


def _send(relay: SmtpRelay) -> SendResult:
    party = Envelope(sender="seuranta@kunta.example", recipient="kulttuuri@kunta.example")
    return relay.send(party, b"To: kulttuuri@kunta.example\r\n" + MAIL, before_dot=lambda: None).result


@pytest.mark.parametrize(("life", "asked"), [(0, [1, 2]), (3600, [1, 1, 2])], ids=["ended", "revoked"])
def test_postfix_takes_mails_by_token(endpoint: TokenEndpoint, postfix: TokenPostfix, life: int, asked: list[int]) -> None:
    """A token that has ended is not shown again; one that was revoked is shown once more and then replaced. No mail is touched by it."""
    good = Tokens(endpoint)
    endpoint.life = life
    postfix.introspection.is_good = good.is_good
    postfix.introspection.asked.clear()
    before = len(postfix.sink.mails())
    relay = postfix.relay(endpoint.tokens())

    first = _send(relay)
    good.revoke_all()
    on_the_open_connection = _send(relay)
    relay.close()
    second = _send(relay)
    relay.close()

    assert [first, on_the_open_connection, second] == [SendResult.ACCEPTED] * 3
    assert postfix.introspection.asked == [f"{TOKEN}{number}" for number in asked]
    assert postfix.wait_for_mails(before + 3) == before + 3


def test_postfix_refuses_and_check_says_so(endpoint: TokenEndpoint, postfix: TokenPostfix) -> None:
    """The relay is refused, not the mail, and nothing of it was said."""
    postfix.introspection.is_good = lambda token: False
    relay = postfix.relay(endpoint.tokens())

    assert _send(relay) is SendResult.RELAY_REFUSED
    with pytest.raises(TemporaryFailure, match="The login was refused"):
        relay.check()
    relay.close()
