"""One pass of everything: the parts of it do not suffer for each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import jinja2
import pytest

from reminder.errors import TemporaryFailure
from reminder.flows.tick import tick
from reminder.resources import find_templates
from tests.flows.town import CULTURE, Town

TEMPLATES = jinja2.FileSystemLoader(find_templates())


@dataclass(slots=True)
class MemorySite:
    """A public page in memory; it can be out of order."""

    states: list[Mapping[str, bytes]] = field(default_factory=list)
    is_broken: bool = False

    def publish(self, files: Mapping[str, bytes]) -> None:
        """As `ports.Site`."""
        if self.is_broken:
            raise TemporaryFailure("the disk is full")
        self.states.append(files)


@pytest.fixture
def site(town: Town) -> MemorySite:
    """The town's page."""
    site = MemorySite()
    town.house = replace(town.house, site=site)
    return site


@pytest.mark.fault("G10")
def test_trouble_with_the_page_stops_nothing_else(town: Town, site: MemorySite) -> None:
    """In one pass mail is read, mails are sent, and the trouble is told."""
    town.ask()
    site.is_broken = True
    town.reply(CULTURE, "1.1: punainen")

    done = tick(town.house, TEMPLATES)

    assert (done.collected.captured, done.delivered.accepted) == (1, 1)
    assert done.trouble == ("the disk is full",)


def test_a_quiet_pass_is_quiet(town: Town, site: MemorySite) -> None:
    """Nothing new: the pass says so, and the log stays empty."""
    town.ask()
    tick(town.house, TEMPLATES)

    assert tick(town.house, TEMPLATES).is_quiet
