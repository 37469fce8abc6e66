"""No light is read from words that give none: last year's, a wish, somebody else's, a number that is a page."""

from __future__ import annotations

import pytest

from tests.corpus import world
from tests.corpus.building import answer, applied
from tests.corpus.clients import mutt
from tests.corpus.not_given import NOT_GIVEN

ADDRESSES = {
    "CULTURE": world.CULTURE,
    "PLANNING": world.PLANNING,
    "LYCEUM": world.LYCEUM,
    "EDUCATION": world.EDUCATION,
    "COLLEGE": world.COLLEGE,
    "TOURISM": world.TOURISM,
    "INFRA": world.INFRA,
    "MARKETING": world.MARKETING,
}


def lights(who: str, text: str) -> dict[str, str]:
    """The lights that are read from a reply with this text above the quoted request."""
    case = answer("not-given", mutt, ADDRESSES[who], applied({}), top=text)
    reading = world.read(case.raw, case.received_at, world.all_sent())
    return {one.item.number: one.light.value for one in reading.answers if one.light is not None}


@pytest.mark.parametrize("who", sorted(NOT_GIVEN))
def test_what_nobody_said_is_not_recorded(who: str) -> None:
    """Only lights that the text gives may be read; each may also be asked about."""
    wrong: dict[str, dict[str, str]] = {}
    for text, allowed in NOT_GIVEN[who]:
        found = lights(who, text)
        if not found.items() <= dict(allowed).items():
            wrong[text] = found
    assert wrong == {}
