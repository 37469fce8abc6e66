"""The flows send through Microsoft Graph as they send over SMTP: the stored bytes, each once, and what is lost is sent again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from reminder.domain.messages import OutboxState
from reminder.domain.rounds import StepKind
from reminder.flows.deliver import AMBIGUOUS_GRACE
from reminder.service.health import measure_health
from tests.edges.graph_endpoint import LOSE, GraphEndpoint, graph_endpoint
from tests.edges.token_endpoint import token_endpoint
from tests.flows.town import Town


@pytest.fixture
def graph(town: Town) -> Iterator[GraphEndpoint]:
    """The town sends through Graph; 16 requests wait."""
    with token_endpoint() as endpoint, graph_endpoint() as running:
        town.house = replace(town.house, relay=running.relay(endpoint.tokens()))
        town.arm()
        town.move_to(StepKind.REQUEST)
        town.announce()
        yield running


def test_the_stored_mails_go_as_they_are(town: Town, graph: GraphEndpoint) -> None:
    """Each of our mails names its recipient, so that Graph takes it; what arrives is what is stored."""
    assert town.deliver().accepted == 16

    ours = [raw for raw in graph.taken if b"\r\nX-Reminder-Id: " in raw]
    assert len(set(graph.taken)) == len(graph.taken) == len(ours) == 16


def test_a_lost_answer_is_sent_again_byte_for_byte(town: Town, graph: GraphEndpoint) -> None:
    """Invariants O4 and O5: one copy more of the one mail, the same bytes, after the grace time."""
    graph.script = [LOSE]
    first = town.deliver()
    rows = [row.state for row in town.rows()]
    town.clock.advance(AMBIGUOUS_GRACE + timedelta(seconds=1))
    again = town.deliver()

    assert (first.unknown, first.accepted, again.accepted) == (1, 15, 1)
    assert rows.count(OutboxState.UNKNOWN) == 1
    assert len(graph.taken) == 17
    assert graph.taken[0] == graph.taken[16]
    assert len(set(graph.taken)) == 16


def test_an_hour_of_gateway_errors_leaves_the_others_untouched(town: Town, graph: GraphEndpoint) -> None:
    """What is left open by a 502 is left open for one mail a pass, not for all sixteen, and Graph is left alone meanwhile."""
    graph.script = [(502, "", {})] * 3
    for _ in range(3):
        town.deliver()
        town.deliver()
        town.clock.advance(timedelta(minutes=1))

    assert len(graph.asked) == 3
    assert [row.state for row in town.rows()].count(OutboxState.UNKNOWN) == 3
    town.clock.advance(AMBIGUOUS_GRACE)
    assert town.deliver().accepted == 16
    assert len(set(graph.taken)) == len(graph.taken) == 16


def test_no_token_is_kept_or_logged(town: Town, graph: GraphEndpoint, capsys: pytest.CaptureFixture[str]) -> None:
    """Graph repeats the header that it was sent, and our own words about it reach the database, the log and `health`."""
    graph.script = [(403, "ErrorAccessDenied", {}), (400, "ErrorInvalidRecipients", {}), (500, "ErrorInternalServerError", {})]
    town.deliver()
    town.clock.advance(timedelta(minutes=1))
    town.deliver()

    with town.house.store.read() as conn:
        kept = "\n".join(conn.connection.driver_connection.iterdump())  # type: ignore[union-attr]
    told = measure_health(town.house).line
    assert "ErrorInvalidRecipients" in kept
    assert "ErrorInternalServerError" in told
    assert not any("canary" in text for text in (kept, told, *capsys.readouterr()))
