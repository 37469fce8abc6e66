"""`check --connect` with Microsoft Graph and a certificate: from `.env` to the endpoint and back, and what is told on the way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from reminder.edges.clock import SystemClock
from tests.cli.city import City
from tests.edges.graph_endpoint import MAILBOX, GraphEndpoint, graph_endpoint
from tests.edges.token_endpoint import TOKEN, TokenEndpoint, token_endpoint
from tests.signing_keys import rsa_key, write_login


@pytest.fixture
def servers() -> Iterator[tuple[TokenEndpoint, GraphEndpoint]]:
    """A token endpoint that knows our certificate, and Graph, which believes its tokens."""
    with token_endpoint() as endpoint, graph_endpoint() as graph:
        endpoint.public_key = rsa_key().public_key()
        graph.is_good = endpoint.given.__contains__
        yield endpoint, graph


@pytest.fixture
def office(city: City, servers: tuple[TokenEndpoint, GraphEndpoint]) -> City:
    """A city that sends through Graph and logs in with a certificate of two months."""
    endpoint, graph = servers
    now = SystemClock().now()
    authorities = city.folder / "authorities.pem"
    authorities.write_text(endpoint.certificate.read_text() + graph.certificate.read_text())
    city.set(
        TRANSPORT="graph",
        GRAPH_URL=graph.url,
        GRAPH_MAILBOX=MAILBOX,
        OAUTH2_TOKEN_URL=endpoint.url,
        OAUTH2_CLIENT_ID="app",
        OAUTH2_CERTIFICATE=write_login(city.folder, begins_at=now - timedelta(days=9), ends_at=now + timedelta(days=60)),
        CA_FILE=authorities,
    )
    return city


def test_the_way_from_the_settings_to_graph(office: City, servers: tuple[TokenEndpoint, GraphEndpoint]) -> None:
    """The certificate gives the token, the token opens Graph, nothing is sent; the token is for Graph itself."""
    endpoint, graph = servers

    told = office.run("check", "--connect")

    assert told.code == 0
    assert "Graph: connected to localhost, encrypted, certificate verified" in told.out
    assert f"the application may send from {MAILBOX}" in told.out
    assert "Graph sends from seuranta@kunta.example, but REMINDER_FROM is" in told.out
    assert endpoint.forms[0]["scope"] == [f"https://localhost:{graph.server.server_port}/.default"]
    assert graph.taken == []
    assert TOKEN not in told.out + told.err


def test_a_mailbox_that_is_closed_is_told(office: City, servers: tuple[TokenEndpoint, GraphEndpoint]) -> None:
    """With what an administrator has to give."""
    servers[1].script = [(403, "ErrorAccessDenied", {})]

    told = office.run("check", "--connect")

    assert told.code == 1
    assert "does not let us send from seuranta@kunta.example: status 403, ErrorAccessDenied" in told.err
    assert "Mail.Send" in told.err


def test_a_certificate_that_ends_is_told_in_finnish(office: City) -> None:
    """Warned of in its last weeks; a file without a key is a fault, and nothing is asked then."""
    now = SystemClock().now()
    write_login(office.folder, begins_at=now - timedelta(days=9), ends_at=now + timedelta(days=20))
    warned = office.run("check", "--lang", "fi")
    (office.folder / "login.pem").write_text("nothing")
    faulty = office.run("check", "--lang", "fi", "--connect")

    assert warned.code == 0
    assert "Varmenne, jonka REMINDER_OAUTH2_CERTIFICATE nimeää, on voimassa vain" in " ".join(warned.out.split())
    assert faulty.code == 2
    assert "siinä ei ole yksityistä avainta" in " ".join(faulty.err.split())
