"""The digest and the page say what is in the database, no more and no less (invariant R4)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

from reminder.domain.messages import MailKind
from reminder.domain.rounds import StepKind
from reminder.flows.publish import publish
from tests.flows.town import COORDINATOR, CULTURE, DIRECTOR, PRINCIPAL, Town, lines_of, templates, text_of

SAID: Mapping[str, Mapping[str, str]] = {
    CULTURE: {"1.1": "vihreä", "3.8": "punainen"},
    PRINCIPAL: {"2.1": "keltainen"},
    DIRECTOR: {"4.3": "vihreä"},
}


def list_missing(raw: bytes) -> dict[str, set[str]]:
    """What the digest lists as missing, by the name of the party in lower case."""
    lines = lines_of(raw)
    found: dict[str, set[str]] = {}
    for above, line in pairwise(lines):
        if line.strip().startswith("Puuttuu "):
            found[above.strip().lower()] = set(re.findall(r"\d+\.\d+", line))
    return found


def expect_missing(town: Town) -> dict[str, set[str]]:
    """The same worked out from the files and from what this test sent, without any of our code for it."""
    (programme,) = town.setup.programmes.values()
    said = {number for answers in SAID.values() for number in answers}
    expected: dict[str, set[str]] = {}
    for action in programme.actions:
        if 2024 in action.years and action.number not in said:
            name = programme.parties[action.lead].name.in_language("fi").lower()
            expected.setdefault(name, set()).add(action.number)
    return expected


def test_the_digest_lists_exactly_what_was_asked_and_not_said(town: Town) -> None:
    """Set difference of what the programme asks and what the parties said; nothing else is listed, and nothing is left out."""
    town.ask()
    for party, answers in SAID.items():
        town.reply(party, "\n".join(f"{number}: {light}" for number, light in answers.items()))
    town.read()
    town.move_to(StepKind.DIGEST, 3)

    town.announce()
    town.deliver()

    digest = town.sent(COORDINATOR, MailKind.DIGEST)[-1]
    assert list_missing(digest.raw) == expect_missing(town)
    complete = 17 - len(expect_missing(town))
    assert text_of(digest.raw).startswith(f"Hei, 17 vastuutahosta {complete} on vastannut kaikkeen")


def test_a_digest_goes_out_once_a_week(town: Town) -> None:
    """Each Monday has one; a second pass on the same day writes none."""
    town.ask()
    for week in (1, 2):
        town.move_to(StepKind.DIGEST, week)
        town.announce()
        town.announce()
        town.deliver()

    assert len(town.sent(COORDINATOR, MailKind.DIGEST)) == 2


def test_the_digest_ends_when_everything_is_said(town: Town) -> None:
    """Once nobody owes anything there is no digest."""
    town.ask()
    (programme,) = town.setup.programmes.values()
    for party, entry in town.setup.directory.parties.items():
        numbers = [action.number for action in programme.actions if action.lead == party and 2024 in action.years]
        if numbers:
            town.reply(
                entry.contacts[0].address,
                "\n".join(f"{number}: vihreä / green / grön" for number in numbers).replace(" / green / grön", ""),
            )
    town.read()
    town.move_to(StepKind.DIGEST, 2)

    town.announce()
    town.deliver()

    assert len([fact for fact in town.facts() if fact.light]) == 25
    assert town.sent(COORDINATOR, MailKind.DIGEST) == []


class RecordingSite:
    """A public page in memory."""

    def __init__(self) -> None:
        self.versions: list[dict[str, bytes]] = []
        self.is_broken = False

    def publish(self, files: Mapping[str, bytes]) -> None:
        """As `ports.Site`."""
        if self.is_broken:
            raise OSError("disk full")
        self.versions.append(dict(files))


def test_the_page_is_written_once_and_again_only_on_change(town: Town) -> None:
    """An unchanged page is left alone; a new light writes it again, a reply that says nothing does not."""
    site = RecordingSite()
    town.house = replace(town.house, site=site)
    town.ask()

    first, second = publish(town.house, templates()), publish(town.house, templates())
    town.reply(CULTURE, "1.1: vihreä")
    town.read()
    third, fourth = publish(town.house, templates()), publish(town.house, templates())

    assert [one.is_changed for one in (first, second, third, fourth)] == [True, False, True, False]
    assert len(site.versions) == 2
    assert site.versions[0].keys() == site.versions[1].keys()
    assert site.versions[0]["index.html"] != site.versions[1]["index.html"]


def test_a_page_that_could_not_be_written_is_written_later(town: Town) -> None:
    """What is on the page is noted only after the files are in place."""
    site = RecordingSite()
    town.house = replace(town.house, site=site)
    town.ask()
    site.is_broken = True
    try:
        publish(town.house, templates())
    except OSError:
        site.is_broken = False

    assert publish(town.house, templates()).is_changed
    assert len(site.versions) == 1
