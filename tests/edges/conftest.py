"""Servers that the tests of the edges share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reminder.sandbox.servers import MailWorld
from tests.edges.graph_endpoint import GraphEndpoint, graph_endpoint
from tests.edges.token_endpoint import TokenEndpoint, token_endpoint
from tests.real_parts import Dovecot, dovecot


@pytest.fixture(scope="session")
def dovecot_server() -> Iterator[Dovecot]:
    """One Dovecot for all; see `mailbox`."""
    with dovecot() as server:
        yield server


@pytest.fixture
def mailbox(dovecot_server: Dovecot) -> Dovecot:
    """The Dovecot with an empty mailbox."""
    dovecot_server.doveadm("expunge", "-u", dovecot_server.user, "mailbox", "*", "all")
    return dovecot_server


@pytest.fixture
def endpoint() -> Iterator[TokenEndpoint]:
    """A token endpoint on loopback."""
    with token_endpoint() as running:
        yield running


@pytest.fixture
def graph() -> Iterator[GraphEndpoint]:
    """Microsoft Graph on loopback."""
    with graph_endpoint() as running:
        yield running


@pytest.fixture
def world() -> Iterator[MailWorld]:
    """The embedded servers, empty."""
    with MailWorld(own_address="seuranta@kunta.example", refuse={"poissa@kunta.example": (550, "5.1.1 no such user")}) as servers:
        yield servers
