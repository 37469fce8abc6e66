"""Inviting: who is to be heard is told, with a calendar object; who was told something else is told anew (decision 0032).

Crash story: one transaction holds the row (UID, SEQUENCE) and the finished mail in the outbox. Killed before its commit nothing has
happened, and the next pass does it; killed after it nothing more is to do. The key is unique, so nothing is told twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog
from sqlalchemy import Connection

from reminder.compose.meeting_views import Change
from reminder.domain.hearings import HearingSlot, Invitation, InviteMethod, join_place
from reminder.domain.messages import OutgoingMessage
from reminder.domain.programme import Contact
from reminder.domain.setup import Setup
from reminder.errors import HeaderUnsound
from reminder.flows.announce import know_people
from reminder.flows.house import House
from reminder.flows.invitation_mails import Telling, compose_invitation
from reminder.flows.knowledge import decided_setup, load_knowledge
from reminder.flows.meetings import HeldMeeting, list_meetings, slot_of
from reminder.flows.planned_mails import may_tell, put_once
from reminder.store import outbox, people
from reminder.store.invitations import load_invitations, newest, record_invitation
from reminder.wire.invitations import write_uid

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """What one pass told."""

    messages: tuple[OutgoingMessage, ...] = ()
    trouble: tuple[str, ...] = ()


def invite(house: House, *, dry_run: bool = False) -> Invited:
    """Tells everybody what they were not told yet. Safe to repeat.

    Does nothing before `arm`, while paused, outside the sending window, and where the clock cannot be believed.
    """
    now = house.clock.now()
    if not _may_invite(house, now):
        return Invited()
    know_people(house, now)
    with house.store.read() as conn:
        setup = decided_setup(conn, house.setup)
        tellings = list_tellings(conn, house, setup, now)
        knowledge = load_knowledge(conn, house.setup, now) if tellings else None
    if knowledge is None:
        return Invited()
    messages, trouble = [], []
    for telling in tellings:
        try:
            message = compose_invitation(house, knowledge, telling, now)
        except HeaderUnsound as fault:
            log.error("an invitation would be unsound and is not written", reason=fault.message)
            trouble.append(fault.message)
            continue
        if dry_run or _tell(house, replace(telling.invitation, message=message.id), message, now):
            messages.append(message)
    return Invited(messages=tuple(messages), trouble=tuple(trouble))


def _may_invite(house: House, now: datetime) -> bool:
    with house.store.read() as conn:
        has_work = any(one.meetings for one in house.setup.rounds) or bool(load_invitations(conn))
    return has_work and may_tell(house, now)


def _tell(house: House, invitation: Invitation, message: OutgoingMessage, now: datetime) -> bool:
    def write(conn: Connection) -> bool:
        with conn.begin_nested() as savepoint:  # it ends with the block, since the caller may go on after an error
            if outbox.enqueue(conn, message, now) and record_invitation(conn, invitation, now):
                return True
            savepoint.rollback()
        return False

    told = put_once(house, message, write)
    if told:
        log.info("invited", method=invitation.method.value, sequence=invitation.sequence, message=message.id)
    return told


def list_tellings(conn: Connection, house: House, setup: Setup, now: datetime) -> tuple[Telling, ...]:
    """What is to be told now, to whom: invitations and updates in the order of the meetings, then what is cancelled."""
    persons = people.load_persons(conn)
    wanted: dict[str, Telling] = {}
    meetings = list(list_meetings(setup, conn))
    for held in meetings:
        for telling in _list_wanted(house, setup, held, persons):
            wanted[telling.invitation.uid] = telling
    told = newest(load_invitations(conn))
    declined = {each.uid for held in meetings for each in held.told.values() if held.has_declined(each)}
    tellings = [due for telling in wanted.values() if (due := _due(setup, telling, told, now)) is not None]
    gone = [each for each in told.values() if each.uid not in wanted and each.uid not in declined]
    return (*tellings, *_list_cancelled(conn, setup, gone, now))


def _list_wanted(house: House, setup: Setup, held: HeldMeeting, persons: Mapping[str, str]) -> Iterator[Telling]:
    """Everybody who is to be heard, each with what they are to know."""
    for slot in held.order.slots:
        for contact in _people_of(setup, slot):
            person = persons.get(contact.address.lower())
            if person is None:
                continue
            yield Telling(held=held, contact=contact, change=Change.NEW, invitation=_write_wanted(house, setup, held, slot, person))


def _people_of(setup: Setup, slot: HearingSlot) -> tuple[Contact, ...]:
    contacts = (contact for party in slot.parties for contact in setup.directory.of_party(party).contacts)
    return tuple({contact.address.lower(): contact for contact in contacts}.values())


def _write_wanted(house: House, setup: Setup, held: HeldMeeting, slot: HearingSlot, person: str) -> Invitation:
    one, meeting, calendar = held.round, held.meeting, setup.calendar
    address = house.addressing
    place = meeting.place.in_language(setup.languages[0]) if meeting.place else ""
    return Invitation(
        uid=write_uid(address.instance, address.domain, one.programme, one.id, meeting.kind.value, person),
        sequence=0,
        method=InviteMethod.REQUEST,
        programme=one.programme,
        round=one.id,
        meeting=meeting.kind,
        person=person,
        parties=slot.parties,
        starts_at=calendar.at(slot.on, slot.begins),
        ends_at=calendar.at(slot.on, slot.ends),
        place=join_place(place, meeting.link),
    )


def _due(setup: Setup, wanted: Telling, told: Mapping[str, Invitation], now: datetime) -> Telling | None:
    """The wanted telling with its SEQUENCE; None where the person knows it, or it is not time yet, or too late."""
    invitation, held = wanted.invitation, wanted.held
    before = told.get(invitation.uid)
    if held is None or invitation.starts_at <= now:
        return None
    if before is None:
        is_time = setup.calendar.local_day(now) >= held.meeting.invite_on
        return wanted if is_time else None
    if before.method is InviteMethod.REQUEST and _tells_same(before, invitation):
        return None
    following = replace(invitation, sequence=before.sequence + 1)
    if before.method is InviteMethod.CANCEL:
        return replace(wanted, invitation=following)
    change = Change.OFFERED if held.has_declined(before) else Change.MOVED
    return replace(wanted, invitation=following, change=change, was=slot_of(setup.calendar, before))


def _tells_same(one: Invitation, other: Invitation) -> bool:
    return (one.starts_at, one.ends_at, one.place) == (other.starts_at, other.ends_at, other.place)


def _list_cancelled(conn: Connection, setup: Setup, gone: Sequence[Invitation], now: datetime) -> Iterator[Telling]:
    """Who was invited and is wanted no more; a meeting that has begun is left alone."""
    contacts = {
        contact.address.lower(): contact for entry in setup.directory.parties.values() for contact in (*entry.contacts, *entry.deputies)
    }
    for each in gone:
        address = people.find_address(conn, each.person)
        if each.method is InviteMethod.CANCEL or each.starts_at <= now or address is None:
            continue
        contact = contacts.get(address) or Contact(id="", name="", address=address, language=setup.languages[0])
        cancelled = replace(each, method=InviteMethod.CANCEL, sequence=each.sequence + 1, message="")
        yield Telling(held=None, contact=contact, change=Change.CANCELLED, invitation=cancelled)
