"""What an edit of the files does to mails that are on their way: what left stays, and is not sent again (faults G3, G4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from reminder.domain.messages import Envelope, MailKind
from reminder.domain.rounds import DateRule
from reminder.edges.ports import SendOutcome
from tests.fakes import RecordingRelay
from tests.flows.town import CULTURE, Town, text_of

NEW = "uusi.kulttuuripaallikko@suvikoski.example"
PARTY = "kulttuuripaallikko"


def test_a_schedule_that_changes_after_the_reminders_plans_new_ones_and_repeats_none(town: Town) -> None:
    """The due day moves to April: nothing that left is sent again, and the last call is that of the new day (a part of fault G3)."""
    town.ask()
    town.go(date(2025, 2, 21))
    moved = replace(town.round, schedule=replace(town.round.schedule, due=DateRule(base="2025-04-04")))
    rounds = tuple(moved if one is town.round else one for one in town.setup.rounds)
    town.house = replace(town.house, setup=replace(town.setup, rounds=rounds))

    town.go(date(2025, 2, 28))
    on_the_old_day = town.sent(CULTURE, MailKind.LAST_CALL)
    town.go(date(2025, 4, 4))

    assert on_the_old_day == []
    assert len(town.sent(CULTURE, MailKind.REQUEST)) == 1
    (last_call,) = town.sent(CULTURE, MailKind.LAST_CALL)
    assert "4.4.2025" in text_of(last_call.raw)


class Overtaken(RecordingRelay):
    """A relay during whose talk the files change."""

    def __init__(self, change: Callable[[], None]) -> None:
        super().__init__()
        self._change = change

    def send(self, envelope: Envelope, raw: bytes, *, before_dot: Callable[[], None]) -> SendOutcome:
        """As any relay; the edit happens when the mail is under way."""
        if envelope.recipient == CULTURE:
            self._change()
        return super().send(envelope, raw, before_dot=before_dot)


@pytest.mark.fault("G4")
def test_an_address_that_changes_while_its_mail_leaves_is_used_from_the_next_mail_on(town: Town) -> None:
    """The attempt keeps the envelope that it was written with; the reminder goes to the new address alone."""

    def change() -> None:
        known = town.setup.directory.of_party(PARTY)
        contacts = tuple(replace(one, address=NEW) for one in known.contacts)
        parties = {**town.setup.directory.parties, PARTY: replace(known, contacts=contacts)}
        town.house = replace(town.house, setup=replace(town.setup, directory=replace(town.setup.directory, parties=parties)))

    relay = Overtaken(change)
    town.house, town.relay = replace(town.house, relay=relay), relay
    town.ask()
    town.go(date(2025, 2, 21))

    sent = [(mail.recipient, kind) for kind in (MailKind.REQUEST, MailKind.REMINDER) for mail in town.sent(kind=kind)]
    assert [one for one in sent if one[0] in {CULTURE, NEW}] == [(CULTURE, MailKind.REQUEST), (NEW, MailKind.REMINDER)]
