"""Pause holds schedule mails; acknowledgements still go, unless everything is held (DESIGN, decision 11)."""

from __future__ import annotations

import pytest

from reminder.domain.messages import MailKind, OutboxState
from reminder.domain.rounds import StepKind
from reminder.store import control
from tests.flows.town import CULTURE, PRINCIPAL, Town


def test_acknowledgements_go_while_paused(town: Town) -> None:
    """A party that answers during a pause is thanked; a reminder made before it stays where it is."""
    town.ask()
    town.move_to(StepKind.REMINDER)
    town.announce()
    town.pause()
    town.reply(PRINCIPAL, "2.1: vihreä")
    town.read()

    town.deliver()

    assert [mail.recipient for mail in town.sent(kind=MailKind.ACKNOWLEDGEMENT)] == [PRINCIPAL]
    assert town.sent(kind=MailKind.REMINDER) == []
    assert {row.state for row in town.rows(MailKind.REMINDER)} == {OutboxState.QUEUED}


def test_pause_all_stops_acknowledgements_too(town: Town) -> None:
    """With --all nothing leaves; the answer is recorded all the same, and the thanks go when the pause ends."""
    town.ask()
    town.pause(everything=True)
    town.reply(CULTURE, "1.1: vihreä")
    town.read()

    town.deliver()
    held = town.sent(kind=MailKind.ACKNOWLEDGEMENT)
    with town.house.store.begin() as conn:
        control.resume(conn)
    town.deliver()

    assert held == []
    assert [fact.action for fact in town.facts()] == ["nayteikkunat"]
    assert len(town.sent(CULTURE, MailKind.ACKNOWLEDGEMENT)) == 1


@pytest.mark.fault("G11")
def test_disarmed_nothing_leaves(town: Town) -> None:
    """`disarm` holds acknowledgements as well."""
    town.ask()
    with town.house.store.begin() as conn:
        control.disarm(conn)
    town.reply(CULTURE, "1.1: vihreä")
    town.read()

    town.deliver()

    assert town.sent(kind=MailKind.ACKNOWLEDGEMENT) == []
