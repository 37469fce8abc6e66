"""A login that is withdrawn in mid-service, with Postfix, Dovecot and a token endpoint of our own."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from reminder.domain.messages import OutboxState
from reminder.domain.rounds import StepKind
from reminder.edges.imap import ImapSource
from reminder.errors import TemporaryFailure
from reminder.flows.collect import collect
from reminder.service.health import measure_health
from tests.edges.oauth_dovecot import token_dovecot
from tests.edges.oauth_postfix import token_postfix
from tests.edges.token_endpoint import TOKEN, token_endpoint
from tests.flows.town import CULTURE, Town
from tests.real_parts import HOST

pytestmark = pytest.mark.real


@pytest.mark.slow
@pytest.mark.fault("S7")
def test_a_revoked_application_burns_no_mail(town: Town) -> None:
    """Sixteen requests wait while the relay refuses the login: none has lost an attempt, the service is red and leaves the relay alone,
    and when the application is let in again all leave by themselves, each once."""
    town.arm()
    town.move_to(StepKind.REQUEST)
    town.announce()
    collect(town.house)
    with token_endpoint() as endpoint, token_postfix(lambda token: False) as postfix:
        relay = postfix.relay(endpoint.tokens())
        town.house = replace(town.house, relay=relay)
        refused, at_once = town.deliver(), town.deliver()
        rows, health = town.rows(), measure_health(town.house)
        asked = list(postfix.introspection.asked)
        postfix.introspection.is_good = endpoint.given.__contains__
        town.clock.advance(timedelta(minutes=1))
        sent = town.deliver()
        relay.close()
        arrived = postfix.wait_for_mails(16)
        names = {line for raw in postfix.sink.mails() for line in raw.splitlines() if line.startswith(b"Message-ID:")}

    assert (refused.accepted, at_once.accepted, sent.accepted) == (0, 0, 16)
    assert asked == [f"{TOKEN}1", f"{TOKEN}2"]
    assert {row.attempts for row in rows} == {0}
    assert {row.state for row in rows} <= {OutboxState.QUEUED, OutboxState.DEFERRED}
    assert any("The login was refused" in line for line in health.red)
    assert TOKEN not in health.line
    assert measure_health(town.house).is_ok
    assert (arrived, len(names)) == (16, 16)


def _poll(town: Town) -> str:
    """What one pass says of the mailbox; empty where it was read."""
    try:
        collect(town.house)
    except TemporaryFailure as failure:
        return failure.message
    return ""


@pytest.mark.slow
@pytest.mark.fault("M11")
def test_a_mailbox_that_is_shut_is_not_hammered(town: Town) -> None:
    """An hour of passes, one each half minute, shows Dovecot a handful of tokens, not two hundred; sending goes on meanwhile, and when
    the application is let in again the mail that waited is read."""
    town.ask()
    reply = town.write_reply(town.original(CULTURE), "kaikki vihreällä")
    with token_endpoint() as endpoint, token_dovecot(lambda token: False) as (server, introspection):
        server.append(reply, when=town.clock.now())
        source = ImapSource(host=HOST, port=server.imap_port, security="none", user=server.user, password="", tokens=endpoint.tokens())
        town.house = replace(town.house, source=source)
        said = []
        for _ in range(120):
            said.append(_poll(town))
            town.clock.advance(timedelta(seconds=30))
        shown, health = len(introspection.asked), measure_health(town.house)
        introspection.is_good = endpoint.given.__contains__
        town.clock.advance(timedelta(minutes=61))
        mended = town.read()
        source.close()

    assert all(said)
    assert 2 <= shown <= 10
    assert not health.is_ok
    assert not any(TOKEN in text for text in (*said, health.line))
    assert [state.value for state in mended.states] == ["applied"]


def test_an_application_that_is_shut_out_is_not_hammered_either(town: Town) -> None:
    """An endpoint that says no is asked no oftener than a mailbox."""
    with token_endpoint() as endpoint, token_dovecot(lambda token: True) as (server, _):
        endpoint.fault = (401, {"error": "invalid_client"})
        source = ImapSource(host=HOST, port=server.imap_port, security="none", user=server.user, password="", tokens=endpoint.tokens())
        town.house = replace(town.house, source=source)
        for _ in range(120):
            _poll(town)
            town.clock.advance(timedelta(seconds=30))
        health = measure_health(town.house)

    assert 1 <= len(endpoint.forms) <= 5
    assert any("invalid_client" in line for line in health.red)
