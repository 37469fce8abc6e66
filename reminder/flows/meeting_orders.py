"""The meetings of a round as the coordinator looks at them: who comes when, who has answered, and what stands recorded."""

from __future__ import annotations

from collections.abc import Iterator

from reminder.compose.meetings.views import OrderPerson, OrderRow, OrderView
from reminder.domain.hearings import HearingSlot, InviteMethod
from reminder.domain.rounds import ReportingRound
from reminder.flows.house import House
from reminder.flows.invitation_mails import list_actions, name_presenter
from reminder.flows.knowledge import Knowledge, load_knowledge
from reminder.flows.meeting_words import attendance_of
from reminder.flows.meetings import HeldMeeting, list_meetings


def load_orders(house: House, one: ReportingRound) -> tuple[OrderView, ...]:
    """The meetings of a round, the hearings first. Changes nothing."""
    now = house.clock.now()
    with house.store.read() as conn:
        knowledge = load_knowledge(conn, house.setup, now)
        held = [each for each in list_meetings(knowledge.setup, conn) if (each.round.programme, each.round.id) == (one.programme, one.id)]
    return tuple(_write_view(house, knowledge, each) for each in held)


def _write_view(house: House, knowledge: Knowledge, held: HeldMeeting) -> OrderView:
    setup, one, meeting = knowledge.setup, held.round, held.meeting
    programme = setup.programmes[one.programme]
    return OrderView(
        programme=programme.name,
        round_name=one.name,
        office=setup.office.name,
        instance=house.addressing.instance,
        key=f"{one.programme}/{one.id}/{meeting.kind.value}",
        kind=meeting.kind,
        as_of=knowledge.now.astimezone(setup.calendar.zone),
        place=meeting.place,
        link=meeting.link,
        presenter=name_presenter(setup, meeting.presenter),
        rows=tuple(
            OrderRow(
                on=slot.on,
                begins=slot.begins,
                ends=slot.ends,
                ids=slot.parties,
                parties=tuple(programme.parties[party].name for party in slot.parties),
                people=tuple(_list_people(knowledge, held, slot)),
                actions=tuple(list_actions(knowledge, programme, one, slot.parties)),
            )
            for slot in held.order.slots
        ),
        unplaced=tuple((party, programme.parties[party].name) for visit in held.order.unplaced for party in visit.parties),
    )


def _list_people(knowledge: Knowledge, held: HeldMeeting, slot: HearingSlot) -> Iterator[OrderPerson]:
    told = {each.person: each for each in held.told.values() if each.method is InviteMethod.REQUEST}
    directory = knowledge.setup.directory
    contacts = {contact.address.lower(): contact for party in slot.parties for contact in directory.of_party(party).contacts}
    for address, contact in contacts.items():
        invitation = told.get(knowledge.persons.get(address, ""))
        attendance = attendance_of(held, invitation) if invitation else None
        yield OrderPerson(name=contact.name, address=contact.address, is_told=invitation is not None, attendance=attendance)
