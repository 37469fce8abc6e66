"""Fault U1: the coordinator's mails come back, so the deputy gets them, and the service is red."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from reminder.domain.messages import MailKind, OutboxState
from reminder.domain.programme import Contact
from reminder.edges.ports import SendOutcome, SendResult
from reminder.service.health import measure_health
from tests.flows.reports import write_report
from tests.flows.test_signs import token_of
from tests.flows.town import COORDINATOR, CULTURE, Town, text_of

DEPUTY = "kaupunginsihteeri@suvikoski.example"
GONE = SendOutcome(result=SendResult.FAILED, code=550, text="5.1.1 no such user")
MONDAYS = [date(2025, 2, 17) + timedelta(weeks=week) for week in range(4)]


def name_deputy(town: Town) -> None:
    """Somebody adds `coordinator_deputy` to service.yaml."""
    deputy = Contact(id="kaupunginsihteeri", name="Kaupunginsihteeri", address=DEPUTY)
    directory = replace(town.setup.directory, coordinator_deputies=(deputy,))
    town.house = replace(town.house, setup=replace(town.setup, directory=directory))


def monday(town: Town, week: int) -> None:
    """The digest of a Monday goes out, and what comes back is read."""
    town.move_to_day(MONDAYS[week], time(8, 30))
    town.announce()
    town.deliver()
    town.read()


def red(town: Town) -> list[str]:
    """What health says of coordinators."""
    return [one for one in measure_health(town.house).red if "coordinator" in one]


def come_back(town: Town) -> None:
    """The newest mail to the coordinator was taken, and a report says that it could not be delivered."""
    mail = town.sent(COORDINATOR)[-1]
    number = 10 + len(town.sent(COORDINATOR))
    raw = write_report("failed", status="5.1.1", recipient=COORDINATOR, envelope_id=token_of(mail), number=number)
    town.source.deliver(raw, when=town.clock.now())
    town.read()


@pytest.mark.fault("U1")
@pytest.mark.parametrize("is_refused", [True, False], ids=["refused at once", "reported later"])
def test_after_two_failures_the_deputy_gets_the_digest(town: Town, *, is_refused: bool) -> None:
    """One is an accident; after the second the deputy gets the very digest, which says whose mails come back, and health is red."""
    name_deputy(town)
    town.ask()
    if is_refused:
        town.relay.answers[COORDINATOR] = GONE
    for week in (0, 1):
        monday(town, week)
        if not is_refused:
            come_back(town)
        assert len(red(town)) == week
        assert town.sent(DEPUTY, MailKind.DIGEST) == []

    assert "@" not in red(town)[0]
    monday(town, 2)
    (digest,) = town.sent(DEPUTY, MailKind.DIGEST)
    assert "Koordinaattorin viestit palautuvat" in text_of(digest.raw)
    assert {row.state for row in town.rows(MailKind.DIGEST, recipient=DEPUTY)} == {OutboxState.ACCEPTED}


@pytest.mark.fault("U1")
def test_once_the_address_works_again_the_deputy_is_left_alone(town: Town) -> None:
    """The coordinator is written to all the while; the first mail that is taken ends it."""
    name_deputy(town)
    town.ask()
    town.relay.answers[COORDINATOR] = GONE
    for week in (0, 1, 2):
        monday(town, week)
    del town.relay.answers[COORDINATOR]
    monday(town, 3)

    assert red(town) == []
    town.move_to_day(MONDAYS[3] + timedelta(weeks=1), time(8, 30))
    town.announce()
    town.deliver()
    assert town.sent(COORDINATOR)[-1].recipient == COORDINATOR
    assert len(town.sent(DEPUTY, MailKind.DIGEST)) == 2


@pytest.mark.fault("U1")
def test_without_a_deputy_it_is_red(town: Town) -> None:
    """Nobody else is written to; the admin sees it."""
    town.ask()
    town.relay.answers[COORDINATOR] = GONE
    for week in (0, 1, 2):
        monday(town, week)

    assert red(town) == ["the last two mails to 1 coordinator came back"]
    assert town.sent(COORDINATOR, MailKind.DIGEST) == []


@pytest.mark.fault("U2", "S5")
def test_a_refused_address_is_asked_for_in_the_digest(town: Town) -> None:
    """The party has left: the digest names it and asks for another address, and the duty stays."""
    town.arm()
    town.relay.answers[CULTURE] = GONE
    town.go(date(2025, 2, 14))
    monday(town, 0)

    text = text_of(town.sent(COORDINATOR, MailKind.DIGEST)[-1].raw)
    assert "Viestin lähetys epäonnistui: kulttuuripäällikkö" in text
    assert "Tarkista osoite tiedostosta contacts.yaml." in text
    assert not town.progress("kulttuuripaallikko").is_complete
