"""The mail of an invitation: what a person reads, and the calendar object beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from reminder.compose.meeting_views import Change, DiscussedAction, InvitationView
from reminder.domain.assessments import answer_of
from reminder.domain.hearings import HearingSlot, Invitation, MeetingKind, join_place
from reminder.domain.intents import Recipient
from reminder.domain.messages import CalendarPart, DraftMessage, OutgoingMessage
from reminder.domain.programme import Contact, Language, Localised, Programme
from reminder.domain.rounds import ReportingRound
from reminder.domain.setup import Setup
from reminder.flows.house import House
from reminder.flows.knowledge import Knowledge
from reminder.flows.meetings import HeldMeeting, slot_of
from reminder.flows.posting import Posting, finish_posting, open_posting, write_heading
from reminder.wire.headers import Mailbox
from reminder.wire.invitations import CalendarEvent, write_event

DESCRIPTION_CHARS = 3_000
SUMMARIES: Mapping[Language, Mapping[MeetingKind, str]] = {
    "fi": {MeetingKind.HEARING: "Kuuleminen: {programme}", MeetingKind.SEMINAR: "Seurantaseminaari: {programme}"},
    "sv": {MeetingKind.HEARING: "Hörande: {programme}", MeetingKind.SEMINAR: "Uppföljningsseminarium: {programme}"},
    "en": {MeetingKind.HEARING: "Hearing: {programme}", MeetingKind.SEMINAR: "Follow-up seminar: {programme}"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One thing to tell one person. `held` is None for a meeting that the files may no longer know."""

    held: HeldMeeting | None
    contact: Contact
    change: Change
    invitation: Invitation
    was: HearingSlot | None = None


def compose_invitation(house: House, knowledge: Knowledge, telling: Telling, now: datetime) -> OutgoingMessage:
    """The finished mail. Raises HeaderUnsound where it would not read back as it is meant, TemplateBroken for a broken template."""
    setup, invitation = knowledge.setup, telling.invitation
    programme = setup.programmes.get(invitation.programme) or next(iter(setup.programmes.values()))
    one = setup.round(invitation.programme, invitation.round)
    posting = open_posting(house, programme.tag)
    view = _write_view(house, knowledge, telling, posting, programme, one)
    draft = house.composer.invitation(view)
    contact = telling.contact
    event = _write_event(house, setup, telling, draft, programme, now)
    draft = replace(draft, calendar=CalendarPart(method=invitation.method.value, content=write_event(event)))
    recipient = Recipient(person=invitation.person, address=contact.address, name=contact.name, language=contact.language)
    place = f"{invitation.programme}/{invitation.round}"
    return finish_posting(house, posting, draft, recipient, now, expires_at=invitation.starts_at, programme_round=place)


def _write_view(
    house: House, knowledge: Knowledge, telling: Telling, posting: Posting, programme: Programme, one: ReportingRound | None
) -> InvitationView:
    setup, invitation, was = knowledge.setup, telling.invitation, telling.was
    language = telling.contact.language
    slot = slot_of(setup.calendar, invitation)
    meeting = telling.held.meeting if telling.held else None
    name = one.name if one else Localised.everywhere(invitation.round)
    return InvitationView(
        heading=write_heading(house, posting, programme, name, language, knowledge.today),
        change=telling.change,
        kind=invitation.meeting,
        parties=tuple(programme.parties[party].name for party in invitation.parties if party in programme.parties),
        on=slot.on,
        begins=slot.begins,
        ends=slot.ends,
        minutes=int((invitation.ends_at - invitation.starts_at).total_seconds()) // 60,
        was_on=was.on if was else None,
        was_begins=was.begins if was else None,
        was_ends=was.ends if was else None,
        place=meeting.place if meeting else None,
        link=meeting.link if meeting else "",
        presenter=name_presenter(setup, meeting.presenter if meeting else ""),
        actions=tuple(list_actions(knowledge, programme, one, invitation.parties)) if one and meeting else (),
    )


def name_presenter(setup: Setup, presenter: str) -> str:
    """The name of the contact who presents the matter; empty where nobody is named or known."""
    people = [
        *setup.directory.coordinators,
        *(one for entry in setup.directory.parties.values() for one in (*entry.contacts, *entry.deputies)),
    ]
    return next((one.name for one in people if one.id == presenter), "") if presenter else ""


def list_actions(knowledge: Knowledge, programme: Programme, one: ReportingRound, parties: Sequence[str]) -> list[DiscussedAction]:
    """What the parties of the visit answer for, with what counts of what they said."""
    said, found = knowledge.said(one), []
    for party in parties:
        for action in one.actions_of(programme, party):
            fact = answer_of(said.get(action.id, ()), party)
            found.append(
                DiscussedAction(
                    number=action.number,
                    title=action.title,
                    light=fact.light if fact else None,
                    phase=fact.phase if fact else None,
                    text=fact.text if fact else "",
                )
            )
    return found


def _write_event(house: House, setup: Setup, telling: Telling, draft: DraftMessage, programme: Programme, now: datetime) -> CalendarEvent:
    invitation, language, zone = telling.invitation, telling.contact.language, setup.calendar.zone
    meeting = telling.held.meeting if telling.held else None
    place = meeting.place.in_language(language) if meeting and meeting.place else ""
    where = join_place(place, meeting.link if meeting else "") or invitation.place
    # The reference line is the last line of the text, and of no use in a calendar.
    words = draft.text.rstrip("\n").rpartition("\n\n")[0][:DESCRIPTION_CHARS]
    return CalendarEvent(
        method=invitation.method,
        uid=invitation.uid,
        sequence=invitation.sequence,
        stamped_at=now,
        starts_at=invitation.starts_at.astimezone(zone),
        ends_at=invitation.ends_at.astimezone(zone),
        summary=SUMMARIES[language][invitation.meeting].format(programme=programme.name.in_language(language)),
        description=words,
        place=where,
        language=language,
        organizer=Mailbox(name=setup.office.name.in_language(language), address=house.addressing.reply_to.address),
        attendee=Mailbox(name=telling.contact.name, address=telling.contact.address),
    )
