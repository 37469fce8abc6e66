"""A pass looks only at whom it is time for, and never misses anybody: after it the planner of everything finds nothing to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select, update

from reminder.domain.messages import MailKind
from reminder.domain.programme import Action, Contact, PartyContacts, Programme
from reminder.domain.rounds import StepKind
from reminder.domain.setup import Setup
from reminder.flows import agenda as flow
from reminder.flows.announce import find_due
from reminder.flows.by_hand import By, extend, remind, waive
from reminder.plan.timeline import plan_timeline
from reminder.store import agenda
from reminder.store.events import load_events
from reminder.store.schema import agenda as agenda_table
from tests.flows.town import CULTURE, DIRECTOR, PRINCIPAL, Town, numbers_in

PARTY = "kulttuuripaallikko"


def mornings(town: Town, first: date, last: date) -> list[datetime]:
    """Nine o'clock of every day."""
    days = [first + timedelta(days=count) for count in range((last - first).days + 1)]
    return [town.setup.calendar.at(day, time(9, 0)) for day in days]


def looked_at(town: Town) -> frozenset[agenda.Place]:
    """The places that a pass would look at now."""
    with town.house.store.read() as conn:
        return agenda.find_places(conn, town.clock.now(), stale_before=datetime.min.replace(tzinfo=town.clock.now().tzinfo), stale_limit=0)


def edit(town: Town, change: Callable[[Setup], Setup]) -> None:
    """Somebody edits the files, and the service reads them."""
    changed = change(town.setup)
    town.house = replace(town.house, setup=replace(changed, version=f"{town.setup.version}+"))


def with_programme(setup: Setup, change: Callable[[Programme], Programme]) -> Setup:
    """The files with another programme."""
    return replace(setup, programmes={**setup.programmes, "elinvoima": change(setup.programmes["elinvoima"])})


def with_lead(setup: Setup, number: str, lead: str) -> Setup:
    """The files with an action of another party."""

    def move(action: Action) -> Action:
        return replace(action, lead=lead) if action.number == number else action

    return with_programme(setup, lambda programme: replace(programme, actions=tuple(map(move, programme.actions))))


@pytest.mark.slow
def test_nothing_that_is_due_is_missed_all_year(town: Town) -> None:
    """Every morning from the notice until after the close, with answers and decisions by hand in between: after the pass the planner
    of everything has nothing left to do, and on most mornings the pass has looked at almost nobody."""
    town.arm()
    looks = []
    for morning in mornings(town, date(2025, 1, 2), date(2025, 4, 30)):
        town.clock.set(morning)
        day = town.setup.calendar.local_day(morning)
        if day == date(2025, 2, 18):
            town.reply(CULTURE, "1.1: vihreä\n1.10: keltainen")
        if day == date(2025, 2, 20):
            extend(town.house, town.round, "lukion-rehtori", until=date(2025, 3, 14), because="x", by=By(actor="tests"))
        if day == date(2025, 3, 5):
            remind(town.house, town.round, PARTY, because="x", by=By(actor="tests"))
            waive(town.house, town.round, PARTY, "3.8", because="x", by=By(actor="tests"))
        town.read()
        if day > date(2025, 1, 2):
            looks.append(len(looked_at(town)))
        town.announce()
        town.deliver()

        assert find_due(town.house, morning).intents == (), f"missed on {day}"
    assert sorted(looks)[len(looks) // 2] <= 2


def test_a_pass_at_night_looks_once_and_sleeps_until_the_window_opens(town: Town) -> None:
    """What is due and may not leave yet is looked at again when it may, and not in every pass of the night."""
    town.ask()
    town.move_to_day(date(2025, 2, 21), time(6, 0))
    town.announce()
    town.clock.advance(timedelta(hours=1))
    assert looked_at(town) == frozenset()
    town.clock.advance(timedelta(hours=1))

    assert len(looked_at(town)) >= 17
    assert len(town.announce().messages) == 16


def test_a_wrong_hint_costs_a_day_and_no_silence(town: Town) -> None:
    """A row says that nothing more is to come, falsely: after a day it is looked at all the same, and the reminder goes."""
    town.ask()
    town.announce()
    with town.house.store.begin() as conn:
        conn.execute(update(agenda_table).values(next_look_at=None))
    town.move_to_day(date(2025, 2, 24), time(9, 0))
    town.announce()
    town.deliver()

    assert len(town.sent(CULTURE, MailKind.REMINDER)) == 1


def test_a_round_that_is_over_rests_until_something_happens(town: Town) -> None:
    """Long after its last step a place is looked at once a month; a decision about it is looked at in the next pass."""
    town.arm()
    last = max(step.expires_at for step in plan_timeline(town.setup))
    town.clock.set(last + timedelta(days=1))
    town.announce()
    assert not flow.find_places(town.house, town.clock.now())
    town.clock.advance(timedelta(days=20))
    assert not flow.find_places(town.house, town.clock.now())
    with town.house.store.begin() as conn:
        agenda.look_again(conn, "elinvoima", town.round.id, "kulttuuripaallikko", town.clock.now())
    assert ("elinvoima", town.round.id, "kulttuuripaallikko") in flow.find_places(town.house, town.clock.now())
    town.announce()
    town.clock.advance(timedelta(days=32))
    assert flow.find_places(town.house, town.clock.now())


def test_a_pass_that_was_killed_before_it_wrote_its_hints_is_made_again(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mails are in the outbox once, however often the pass is begun anew."""
    town.arm()
    town.move_to(StepKind.REQUEST)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("reminder.flows.announce.record_looks", die)
    with pytest.raises(KeyboardInterrupt):
        town.announce()
    monkeypatch.undo()
    town.announce()

    assert len(town.rows(MailKind.REQUEST)) == 16


def test_changed_files_are_looked_at_once_and_gone_parties_forgotten(town: Town) -> None:
    """After an edit every place is due once; a round that is gone has no places."""
    town.ask()
    town.announce()
    edit(town, lambda setup: replace(setup, rounds=setup.rounds[:1]))
    town.announce()
    with town.house.store.read() as conn:
        rounds = {row.round for row in conn.execute(select(agenda_table.c.round))}

    assert rounds == {"2024"}


def test_an_action_that_is_moved_is_asked_of_its_new_lead_with_the_reason(town: Town) -> None:
    """In mid-round, after the requests: the new lead gets one request for what has come, the old lead is reminded of the rest."""
    town.ask()
    town.move_to_day(date(2025, 2, 18), time(9, 0))
    town.announce()
    edit(town, lambda setup: with_lead(setup, "1.10", "lukion-rehtori"))
    town.announce()
    town.deliver()
    again = town.sent(PRINCIPAL, MailKind.REQUEST)[-1]
    town.move_to_day(date(2025, 2, 21), time(9, 0))
    town.announce()
    town.deliver()
    with town.house.store.read() as conn:
        (event,) = load_events(conn, kinds=[flow.REPLANNED])

    assert len(town.sent(PRINCIPAL, MailKind.REQUEST)) == 2
    assert "1.10" in numbers_in(again.raw, ["1.1", "1.10", "3.8"])
    assert numbers_in(town.sent(CULTURE, MailKind.REMINDER)[0].raw, ["1.1", "1.10", "3.8"]) == {"1.1", "3.8"}
    assert (event.party, event.document["because"]) == ("lukion-rehtori", f"1.10 came from {PARTY}")


def test_an_action_that_was_answered_takes_its_answer_along(town: Town) -> None:
    """Nothing that was received is lost, and nobody is asked for it again."""
    town.ask()
    town.reply(CULTURE, "1.10: vihreä, valmis")
    town.read()
    town.move_to_day(date(2025, 2, 18), time(9, 0))
    town.announce()
    edit(town, lambda setup: with_lead(setup, "1.10", "lukion-rehtori"))
    town.announce()
    town.move_to_day(date(2025, 2, 21), time(9, 0))
    town.announce()
    town.deliver()

    assert len(town.sent(PRINCIPAL, MailKind.REQUEST)) == 1
    assert "1.10" not in numbers_in(town.sent(PRINCIPAL, MailKind.REMINDER)[0].raw, ["1.10"])


def test_a_party_that_is_added_in_mid_round_is_asked_first(town: Town) -> None:
    """It comes in with an action after the first reminder: it gets a request and no reminder of what it was never asked."""
    town.ask()
    town.move_to_day(date(2025, 2, 24), time(9, 0))
    town.announce()

    def add(setup: Setup) -> Setup:
        programme = setup.programmes["elinvoima"]
        party = replace(programme.parties[PARTY], id="uusi")
        action = replace(programme.actions[0], id="a-uusi", number="9.1", lead="uusi", contributors=())
        contact = Contact(id="uusi", name="Uusi", address="uusi@suvikoski.example")
        directory = replace(setup.directory, parties={**setup.directory.parties, "uusi": PartyContacts(contacts=(contact,))})
        changed = replace(programme, actions=(*programme.actions, action), parties={**programme.parties, "uusi": party})
        return replace(setup, programmes={**setup.programmes, "elinvoima": changed}, directory=directory)

    edit(town, add)
    town.announce()
    town.deliver()

    assert [mail.recipient for mail in town.sent("uusi@", MailKind.REQUEST)] == ["uusi@suvikoski.example"]
    assert town.sent("uusi@", MailKind.REMINDER) == []
    assert len(town.sent(DIRECTOR, MailKind.REQUEST)) == 1


def test_a_party_that_is_removed_leaves_its_history_and_gets_nothing(town: Town) -> None:
    """Its actions go to others; a mail that waited is withdrawn, what it said is kept and counts."""
    town.ask()
    town.reply(CULTURE, "1.1: vihreä")
    town.read()
    town.move_to(StepKind.REMINDER)
    town.announce()

    def remove(setup: Setup) -> Setup:
        for number in ("1.1", "1.10", "3.8"):
            setup = with_lead(setup, number, "lukion-rehtori")
        return setup

    edit(town, remove)
    town.clock.advance(timedelta(minutes=5))
    town.deliver()
    town.move_to_day(date(2025, 2, 26), time(9, 0))
    town.announce()
    town.deliver()
    last = town.sent(PRINCIPAL)[-1]

    assert town.sent(CULTURE, MailKind.REMINDER) == []
    assert len(town.facts()) == 1
    assert numbers_in(last.raw, ["1.1", "1.10", "3.8"]) == {"1.10", "3.8"}
