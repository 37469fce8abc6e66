"""Parties and actions that are called otherwise, merged or split in mid-round: nothing that was received or sent is lost or repeated."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

from reminder.domain.messages import MailKind
from reminder.domain.programme import Action, Programme
from reminder.domain.setup import Setup
from reminder.flows.by_hand import By, extend
from tests.flows.town import CULTURE, PRINCIPAL, Town, lines_of, numbers_in

OLD, NEW = "kulttuuripaallikko", "kulttuurijohtaja"
ALL = ["1.1", "1.10", "3.8", "2.1"]


def edit(town: Town, changed: Setup) -> None:
    """The files are read anew."""
    town.house = replace(town.house, setup=replace(changed, version=f"{town.setup.version}+"))


def with_programme(setup: Setup, programme: Programme) -> Setup:
    """The files with this programme."""
    return replace(setup, programmes={"elinvoima": programme})


def renamed(setup: Setup, old: str = OLD, new: str = NEW, *also: str) -> Setup:
    """A party gets another id, and takes in others where given; its contacts go along."""
    programme = setup.programmes["elinvoima"]
    gone = {old, *also}

    def move(action: Action) -> Action:
        others = tuple(dict.fromkeys(new if name in gone else name for name in action.contributors))
        lead = new if action.lead in gone else action.lead
        return replace(action, lead=lead, contributors=tuple(name for name in others if name != lead))

    parties = {name: party for name, party in programme.parties.items() if name not in gone}
    parties[new] = replace(programme.parties[old], id=new, was=(old, *also))
    people = {name: entry for name, entry in setup.directory.parties.items() if name not in gone}
    people[new] = setup.directory.parties[old]
    changed = replace(programme, parties=parties, actions=tuple(map(move, programme.actions)))
    return replace(with_programme(setup, changed), directory=replace(setup.directory, parties=people))


def test_a_renamed_party_keeps_what_it_said_and_is_not_asked_again(town: Town) -> None:
    """One answer before, one to the old request after: the reminder asks for the rest, under the new name, and nothing is sent twice."""
    town.ask()
    town.reply(CULTURE, "1.1: vihreä")
    town.read()
    town.go(date(2025, 2, 17))
    edit(town, renamed(town.setup))
    town.go(date(2025, 2, 18))
    town.reply(CULTURE, "1.10: keltainen")
    town.read()
    town.go(date(2025, 2, 21))

    assert len(town.sent(CULTURE, MailKind.REQUEST)) == 1
    (reminder,) = town.sent(CULTURE, MailKind.REMINDER)
    assert numbers_in(reminder.raw, ALL) == {"3.8"}
    assert [action.number for action in town.progress(NEW).answered] == ["1.1", "1.10"]
    assert {fact.party for fact in town.facts()} == {OLD, NEW}, "nothing stored is rewritten"


def test_taking_the_line_out_loses_nothing(town: Town) -> None:
    """The old files again: what was said before is the old party's; what it has not answered counts as moved to it, and is asked."""
    town.ask()
    town.reply(CULTURE, "1.1: vihreä")
    town.read()
    before = town.setup
    edit(town, renamed(before))
    town.go(date(2025, 2, 17))
    edit(town, before)
    town.go(date(2025, 2, 18))

    assert [action.number for action in town.progress(OLD).answered] == ["1.1"]
    assert numbers_in(town.sent(CULTURE, MailKind.REQUEST)[-1].raw, ALL) == {"1.10", "3.8"}


def test_a_mail_that_waits_under_the_old_name_is_still_judged(town: Town) -> None:
    """A reminder was written, then the party got its new name and answered all: it is withdrawn."""
    town.ask()
    town.move_to_day(date(2025, 2, 21), time(9, 0))
    town.announce()
    edit(town, renamed(town.setup))
    town.reply(CULTURE, "1.1: vihreä\n1.10: vihreä\n3.8: vihreä")
    town.read()
    town.deliver()

    assert town.sent(CULTURE, MailKind.REMINDER) == []


def test_more_time_goes_along_with_the_name(town: Town) -> None:
    """An extension of the old id holds for the new one; a further one gets a version that was never used."""
    town.ask()
    extend(town.house, town.round, OLD, until=date(2025, 3, 14), because="x", by=By(actor="tests"))
    edit(town, renamed(town.setup))
    assert town.progress(NEW).deadline.due_on == date(2025, 3, 14)
    extend(town.house, town.round, NEW, until=date(2025, 3, 28), because="x", by=By(actor="tests"))

    assert (town.progress(NEW).deadline.due_on, town.progress(NEW).deadline.version) == (date(2025, 3, 28), 2)


def test_merged_parties_answer_as_one(town: Town) -> None:
    """The principal's action comes to the culture manager with the answer that was given; the rest is asked for once."""
    town.ask()
    town.reply(PRINCIPAL, "2.1: vihreä")
    town.read()
    town.go(date(2025, 2, 17))
    edit(town, renamed(town.setup, OLD, NEW, "lukion-rehtori"))
    town.go(date(2025, 2, 21))
    standing = town.progress(NEW)
    mails = [mail for mail in town.sent() if b"X-Reminder-Kind: re" in mail.raw and mail.recipient in {CULTURE, PRINCIPAL}]

    assert "2.1" in {action.number for action in standing.answered}
    assert {"1.1", "1.10", "3.8"} <= {action.number for action in standing.missing}
    assert len([mail for mail in mails if mail.recipient == CULTURE]) == 2


def test_a_renamed_action_keeps_its_answer_whatever_its_number(town: Town) -> None:
    """Another id and another number: what was said of it is still its answer."""
    town.ask()
    town.reply(CULTURE, "1.10: vihreä")
    town.read()
    programme = town.setup.programmes["elinvoima"]

    def rename(action: Action) -> Action:
        return replace(action, id="a-new", number="7.7", was=(action.id,)) if action.number == "1.10" else action

    edit(town, with_programme(town.setup, replace(programme, actions=tuple(map(rename, programme.actions)))))
    town.go(date(2025, 2, 21))

    assert [action.number for action in town.progress(OLD).answered] == ["7.7"]
    assert numbers_in(town.sent(CULTURE, MailKind.REMINDER)[0].raw, ["1.1", "7.7", "3.8"]) == {"1.1", "3.8"}


def test_a_part_of_a_split_action_shows_what_was_said_of_the_whole_and_asks(town: Town) -> None:
    """The whole keeps its id and its answer; the new part is asked for, beside the words that were given."""
    town.ask()
    town.reply(CULTURE, "1.10: keltainen, sopimus kesken")
    town.read()
    town.move_to_day(date(2025, 2, 17), time(9, 0))
    town.announce()
    programme = town.setup.programmes["elinvoima"]
    whole = next(action for action in programme.actions if action.number == "1.10")
    part = replace(whole, id="a-part", number="1.11", title="Toinen puoli", was=(whole.id,))
    edit(town, with_programme(town.setup, replace(programme, actions=(*programme.actions, part))))
    town.go(date(2025, 2, 18))
    again = town.sent(CULTURE, MailKind.REQUEST)[-1]

    assert [action.number for action in town.progress(OLD).answered] == ["1.10"]
    assert numbers_in(again.raw, [*ALL, "1.11"]) == {"1.1", "3.8", "1.11"}
    assert any("keltainen" in line and "Viimeksi" in line for line in lines_of(again.raw))
