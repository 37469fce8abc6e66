"""Contact details in a reply are told to the coordinator and never published."""

from __future__ import annotations

from reminder.domain.messages import MailKind
from reminder.domain.rounds import StepKind
from reminder.flows.knowledge import load_knowledge
from reminder.flows.private_texts import tell_private
from reminder.flows.status import list_status
from tests.flows.town import COORDINATOR, CULTURE, Town, text_of


def test_a_reply_with_a_phone_number_is_flagged(town: Town) -> None:
    """In the digest and in `status`, by action; one without is not, and the number itself stands in neither line."""
    town.ask()
    town.reply(CULTURE, "1.1: vihreä, kysy numerosta 040 123 4567\n3.8: punainen, rahaa puuttuu 120 000 euroa")
    town.read()
    with town.house.store.read() as conn:
        knowledge = load_knowledge(conn, town.setup, town.house.clock.now())
    (line,) = tell_private(knowledge, knowledge.setup.rounds[0], "fi")
    assert line == "Vastausten teksteissä on tietoa, jota julkinen sivu ei näytä: 1.1 (puhelinnumero)."
    rows = {row["action"]: row["hidden"] for row in list_status(town.house, None, "fi")}
    assert rows["1.1"] == ["phone"]
    assert rows["3.8"] == []
    town.move_to(StepKind.DIGEST, 2)
    town.announce()
    town.deliver()
    digest = " ".join(text_of(town.sent(COORDINATOR, MailKind.DIGEST)[-1].raw).split())
    assert line in digest
