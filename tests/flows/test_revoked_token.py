"""A login that is withdrawn in mid-service, with Postfix, Dovecot and a token endpoint of our own."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from reminder.domain.messages import OutboxState
from reminder.domain.rounds import StepKind
from reminder.flows.collect import collect
from reminder.service.health import measure_health
from tests.edges.oauth_postfix import token_postfix
from tests.edges.token_endpoint import TOKEN, token_endpoint
from tests.flows.town import Town

pytestmark = pytest.mark.real


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
