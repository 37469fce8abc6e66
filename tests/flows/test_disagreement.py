"""A contributor's light beside the lead's: both are kept, a difference is flagged, the lead's counts."""

from __future__ import annotations

from datetime import date, time, timedelta

from reminder.domain.assessments import TrafficLight
from reminder.domain.messages import MailKind
from reminder.flows.knowledge import load_knowledge
from reminder.flows.status import list_status
from reminder.report.lights import count_lights
from tests.flows.town import COORDINATOR, CULTURE, Town, text_of

TOURISM = "matkailukoordinaattori@suvikoski.example"
NUMBER = "3.1"
"""Led by tourism; culture contributes."""


def say(town: Town, who: str, light: str) -> None:
    """Somebody answers their request for the shared action."""
    town.clock.advance(timedelta(minutes=30))
    town.reply(who, f"{NUMBER}: {light}")
    town.read()
    town.deliver()


def differs(town: Town) -> object:
    """What `status` says of the action."""
    return next(row for row in list_status(town.house, town.round, "en") if row["action"] == NUMBER)["differs"]


def digest_of(town: Town, day: date) -> str:
    """The digest of a Monday."""
    town.move_to_day(day, time(8, 30))
    town.announce()
    town.deliver()
    return text_of(town.sent(COORDINATOR, MailKind.DIGEST)[-1].raw)


def test_a_difference_is_flagged_until_they_agree(town: Town) -> None:
    """In `status` and in the digest, with both lights; the lead's counts in the report; gone when the contributor comes round."""
    town.ask()
    say(town, TOURISM, "green")
    say(town, CULTURE, "punainen")

    assert differs(town) == [{"party": "kulttuuripaallikko", "light": "red"}]
    text = digest_of(town, date(2025, 2, 17))
    assert "Eri arvio samasta toimenpiteestä" in text
    assert "3.1 Ympärivuotinen tapahtumakalenteri: Matkailukoordinaattori ● vihreä, Kulttuuripäällikkö ■ punainen" in text
    with town.house.store.read() as conn:
        counted = count_lights(load_knowledge(conn, town.setup, town.clock.now()).progress(town.round))
    assert (counted.green, counted.red) == (1, 0)

    say(town, CULTURE, "vihreä")
    assert differs(town) == []
    assert "Eri arvio" not in digest_of(town, date(2025, 2, 24))
    assert [fact.light for fact in town.facts()] == [TrafficLight.GREEN, TrafficLight.RED, TrafficLight.GREEN]


def test_the_latest_of_each_is_compared(town: Town) -> None:
    """The lead moves to the contributor's light: no difference is left."""
    town.ask()
    say(town, TOURISM, "green")
    say(town, CULTURE, "keltainen")
    say(town, TOURISM, "yellow")

    assert differs(town) == []


def test_a_silent_lead_disagrees_with_nobody(town: Town) -> None:
    """A contributor alone is no disagreement, and answers nothing for the lead."""
    town.ask()
    say(town, CULTURE, "punainen")

    row = next(row for row in list_status(town.house, town.round, "en") if row["action"] == NUMBER)
    assert (row["differs"], row["light"], row["report"]) == ([], None, "awaited")
