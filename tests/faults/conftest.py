"""The town with a real Dovecot as its mailbox."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.edges.conftest import dovecot_server as dovecot_server
from tests.edges.conftest import mailbox as mailbox
from tests.faults.posted import Posted, open_source
from tests.flows.conftest import town as town
from tests.flows.town import Town
from tests.real_parts import Dovecot


@pytest.fixture
def posted(town: Town, mailbox: Dovecot) -> Iterator[Posted]:
    """Requests have gone out; the mailbox on the Dovecot is empty."""
    town.ask()
    source = open_source(mailbox)
    town.house = replace(town.house, source=source)
    yield Posted(town=town, server=mailbox)
    source.close()
