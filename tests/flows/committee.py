"""The example city with a sub-committee that gives lights of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

from reminder.domain.judging import Judgement
from reminder.domain.programme import Contact, LightOf, SubCommittee
from reminder.domain.rounds import OwnView
from reminder.flows.judging import consult
from reminder.flows.judging_answers import load_judged
from tests.flows.town import Town

CHAIR = "elinvoimajaosto.pj@suvikoski.example"
"""Also the contact of a party."""
MEMBERS = ("jasen.a@suvikoski.example", "jasen.b@valtuusto.example", "jasen.c@valtuusto.example")
INFORM_DAY, ASK_DAY = date(2025, 3, 12), date(2025, 3, 19)


def appoint(town: Town, light_of: LightOf = LightOf.PRESENTER) -> None:
    """Somebody names the sub-committee in the files: the chair presents, three members."""
    contacts = [contact for entry in town.setup.directory.parties.values() for contact in entry.contacts]
    chair = next(contact for contact in contacts if contact.address == CHAIR)
    members = tuple(Contact(id=address, name=address, address=address) for address in MEMBERS)
    own = SubCommittee(presenter=chair, members=members, light_of=light_of)
    one = replace(town.round, own_view=OwnView(inform_on=INFORM_DAY, ask_on=ASK_DAY))
    directory = replace(town.setup.directory, sub_committee=own)
    town.house = replace(town.house, setup=replace(town.setup, directory=directory, rounds=(one, *town.setup.rounds[1:])))


def consult_on(town: Town, day: date = ASK_DAY, clock: time = time(9)) -> None:
    """A morning: who is to be told or asked is, and the mails leave."""
    town.move_to_day(day, clock)
    consult(town.house)
    town.deliver()


def judged(town: Town) -> dict[str, Judgement]:
    """What counts as the sub-committee's own view, by action."""
    with town.house.store.read() as conn:
        return {action: own for (_, _, action), own in load_judged(conn, town.setup).items()}
