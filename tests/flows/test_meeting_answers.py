"""Answers of calendars, acted on: accepted is noted, declined is offered again, a proposal waits for the coordinator."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from reminder.domain.hearings import Attendance
from reminder.domain.messages import MailKind
from reminder.domain.readings import InboundState
from reminder.flows.carry_out import carry_out
from reminder.flows.decision_words import tell_overlays
from reminder.flows.meeting_words import tell_meetings
from reminder.flows.overtaken import end_overtaken
from reminder.store import events, people
from reminder.store.invitations import Answered, load_answers
from reminder.store.retention import purge_bodies
from tests.flows.meetings import HEARING_DAY, events_of, hearings, hold, invite_on, seminar, told, wish
from tests.flows.town import COORDINATOR, CULTURE, DIRECTOR, PRINCIPAL, Town, text_of
from tests.parse.calendar_mails import CalendarMail, google, outlook

DEPUTY = "kulttuurituottaja@suvikoski.example"


@pytest.fixture
def invited(town: Town) -> Town:
    """Four parties, three people, invited to an afternoon."""
    hold(town, hearings(), seminar())
    town.arm()
    invite_on(town)
    return town


def answer(town: Town, who: str, partstat: str, *, sender: str = "", proposed: str = "", number: int = 0, comment: str = "") -> None:
    """A calendar answers the newest invitation, or that of a number; an hour later it is read."""
    _, event = events_of(town, who)[number - 1 if number else -1]
    town.clock.advance(timedelta(hours=1))
    start = proposed or "20250318T143000"
    one = CalendarMail(
        partstat=partstat,
        uid=str(event["UID"]),
        sequence=f"SEQUENCE:{event['SEQUENCE']}",
        attendee=who,
        sender=sender or who,
        stamp=f"{town.clock.now():%Y%m%dT%H%M%SZ}",
        proposed=(start, f"{start[:9]}{int(start[9:11]) + 1:02}{start[11:]}"),
        comment=comment,
    )
    town.source.deliver(outlook(one), when=town.clock.now())
    town.read()


def answers(town: Town) -> list[Answered]:
    """Everything that was answered."""
    uids = {str(event["UID"]) for _, event in events_of(town)}
    with town.house.store.read() as conn:
        return list(load_answers(conn, uids))


def notes(town: Town) -> tuple[str, ...]:
    """What the digest says of the meetings, what needs somebody first."""
    with town.house.store.read() as conn:
        found = tell_meetings(conn, town.setup, town.round, "fi", town.clock.now())
    return (*found.warnings, *found.notes)


def digest(town: Town) -> str:
    """The text of the next Monday's digest."""
    town.move_to_day(date(2025, 3, 10), time(8, 30))
    town.announce()
    town.deliver()
    return text_of(town.sent(COORDINATOR, MailKind.DIGEST)[-1].raw)


def order(town: Town, command: str) -> str:
    """The coordinator answers the newest digest, and gets an answer."""
    town.clock.advance(timedelta(hours=2))
    town.reply(COORDINATOR, command, kind=MailKind.DIGEST)
    town.read()
    carry_out(town.house)
    town.deliver()
    return text_of(town.sent(COORDINATOR, MailKind.DESK)[-1].raw)


def test_accepted_is_noted_and_nobody_is_told(invited: Town) -> None:
    """It stands in the history and in the digest; no mail leaves for it, and no light is recorded."""
    before = len(invited.relay.taken)
    answer(invited, CULTURE, "ACCEPTED")
    invite_on(invited, date(2025, 3, 5))

    assert [(one.attendance, one.sequence, one.is_old) for one in answers(invited)] == [(Attendance.ACCEPTED, 0, False)]
    assert len(invited.relay.taken) == before
    assert invited.facts() == ()
    assert notes(invited) == (
        "Kuulemiset ti 18.3.2025: kutsuttu 3, hyväksynyt 1, alustavasti 0, hylännyt 0, ei vastannut 2. "
        "Ei vastannut: Lukion rehtori, Johtoryhmä, Kaupunkikehitysjohtaja.",
    )
    with invited.house.store.read() as conn:
        kinds = [one.kind for one in events.load_events(conn, party="kulttuuripaallikko")]
    assert "invitation_answered" in kinds


def test_declined_is_offered_again(invited: Town) -> None:
    """The decliner gets another slot that stands free, the others keep theirs; a second no, and the next free one is offered."""
    answer(invited, CULTURE, "DECLINED")
    invite_on(invited, date(2025, 3, 5))
    answer(invited, CULTURE, "DECLINED")
    invite_on(invited, date(2025, 3, 6))

    assert told(invited, CULTURE) == ["REQUEST 0 18. 13:20-13:40", "REQUEST 1 18. 14:00-14:20", "REQUEST 2 18. 14:20-14:40"]
    assert told(invited, PRINCIPAL) == ["REQUEST 0 18. 13:00-13:20"]
    assert told(invited, DIRECTOR) == ["REQUEST 0 18. 13:40-14:00"]
    assert "Koska aiempi aika ei sopinut" in text_of(invited.sent(CULTURE, MailKind.INVITATION)[1].raw)


@pytest.mark.parametrize("how", ["erased", "purged"])
def test_the_words_beside_an_answer_go_with_the_person_and_with_the_time(invited: Town, how: str) -> None:
    """What somebody wrote beside the answer is personal: the answer stays, its words do not."""
    answer(invited, CULTURE, "ACCEPTED", comment="Olen sairaslomalla, mutta tulen")
    assert [one.comment for one in answers(invited)] == ["Olen sairaslomalla, mutta tulen"]

    with invited.house.store.begin() as conn:
        if how == "erased":
            people.erase_person(conn, people.find_persons(conn, [CULTURE])[CULTURE], invited.clock.now())
        else:
            purge_bodies(conn, invited.clock.now() + timedelta(days=1))

    assert [(one.attendance, one.comment) for one in answers(invited)] == [(Attendance.ACCEPTED, "")]


def test_a_freed_slot_goes_to_whom_it_was_wished_for(invited: Town) -> None:
    """The wish that the slot stood against is heard as soon as the slot is free."""
    answer(invited, CULTURE, "DECLINED")
    hold(invited, hearings(wishes=wish("lukion-rehtori", time(13, 20))), seminar())
    invite_on(invited, date(2025, 3, 5))

    assert told(invited, PRINCIPAL)[-1] == "REQUEST 1 18. 13:20-13:40"


def test_without_a_free_slot_the_coordinator_is_told(town: Town) -> None:
    """The invitation stands as declined, nothing is cancelled, and the digest names who needs a call."""
    hold(town, hearings(until=time(14)))
    town.arm()
    invite_on(town)
    answer(town, CULTURE, "DECLINED")
    invite_on(town, date(2025, 3, 5))

    assert told(town, CULTURE) == ["REQUEST 0 18. 13:20-13:40"]
    assert "Kulttuuripäällikkö hylkäsi kutsun, eikä muuta aikaa ole vapaana" in notes(town)[0]


def test_an_answer_to_an_earlier_invitation_has_no_effect(invited: Town) -> None:
    """It is kept beside the others; what was moved meanwhile is neither accepted nor declined by it."""
    hold(invited, hearings(wishes=wish("kulttuuripaallikko", time(15))), seminar())
    invite_on(invited, date(2025, 3, 5))
    answer(invited, CULTURE, "DECLINED", number=1)
    invite_on(invited, date(2025, 3, 6))

    assert [(one.attendance, one.sequence, one.is_old) for one in answers(invited)] == [(Attendance.DECLINED, 0, True)]
    assert told(invited, CULTURE) == ["REQUEST 0 18. 13:20-13:40", "REQUEST 1 18. 15:00-15:20"]
    assert invited.inbox_states()[-1] is InboundState.IGNORED


def test_the_last_word_counts_and_a_copy_is_one_answer(invited: Town) -> None:
    """First no, then yes before the next pass: nothing is offered. The same mail twice is a duplicate."""
    answer(invited, CULTURE, "DECLINED")
    answer(invited, CULTURE, "ACCEPTED")
    raw = google(CalendarMail(uid=str(events_of(invited, PRINCIPAL)[0][1]["UID"]), attendee=PRINCIPAL, sender=PRINCIPAL))
    for _ in range(2):
        invited.source.deliver(raw, when=invited.clock.now())
    invited.read()
    invite_on(invited, date(2025, 3, 5))

    assert len(told(invited, CULTURE)) == 1
    assert [one.attendance for one in answers(invited)] == [Attendance.DECLINED, Attendance.ACCEPTED, Attendance.ACCEPTED]


def test_a_stranger_moves_nobody(invited: Town) -> None:
    """A no from an address that was not invited waits for the coordinator, and offers nothing."""
    answer(invited, CULTURE, "DECLINED", sender="joku@muualla.example")
    invite_on(invited, date(2025, 3, 5))

    assert invited.inbox_states()[-1] is InboundState.HELD
    assert answers(invited) == []
    assert len(told(invited, CULTURE)) == 1


def test_a_proposal_is_accepted_by_one_click(invited: Town) -> None:
    """The digest shows the time with its links; `hyväksy` fixes it, the party gets the update, and the others stay."""
    answer(invited, CULTURE, "COUNTER", proposed="20250318T143000", comment="Iltapäivä sopisi")
    shown = digest(invited)
    number = len(invited.inbox_states())
    said = order(invited, f"hyväksy {number}")
    invite_on(invited, date(2025, 3, 11))

    assert f"Hyväksy {number}, Hylkää {number} tai Ohita {number}" in shown
    assert "Kalenteri ehdottaa kuulemiselle toista aikaa." in shown
    assert "ti 18.3.2025 klo 14.30" in shown
    assert "Kuulemisaika: kulttuuripäällikkö, ti 18.3.2025 klo 14.30" in said
    assert told(invited, CULTURE) == ["REQUEST 0 18. 13:20-13:40", "REQUEST 1 18. 14:30-14:50"]
    assert len(told(invited, PRINCIPAL)) == len(told(invited, DIRECTOR)) == 1
    with invited.house.store.read() as conn:
        assert "kuullaan ti 18.3.2025 klo 14:30" in tell_overlays(conn, invited.setup, "fi")[0]


@pytest.mark.parametrize(
    ("proposed", "why"),
    [
        ("20250318T133000", "kuullaan jo toista"),
        ("20250318T170000", "ei ole kuulemisten ajan sisällä"),
        ("20250319T143000", "ei ole kuulemisten ajan sisällä"),
    ],
)
def test_a_proposal_that_cannot_be_had_is_refused_with_its_reason(invited: Town, proposed: str, why: str) -> None:
    """Nobody is moved for it, and the coordinator learns why."""
    answer(invited, CULTURE, "COUNTER", proposed=proposed)
    digest(invited)
    said = order(invited, f"hyväksy {len(invited.inbox_states())}")
    invite_on(invited, date(2025, 3, 11))

    assert why in said
    assert [len(told(invited, who)) for who in (CULTURE, PRINCIPAL, DIRECTOR)] == [1, 1, 1]


def test_an_edit_of_the_wish_ends_what_was_agreed(invited: Town) -> None:
    """The file wins over the earlier decision, as with every decision by mail."""
    answer(invited, CULTURE, "COUNTER")
    digest(invited)
    order(invited, f"hyväksy {len(invited.inbox_states())}")
    invite_on(invited, date(2025, 3, 11))
    hold(invited, hearings(wishes=wish("kulttuuripaallikko", time(15))), seminar())
    assert len(end_overtaken(invited.house)) == 1
    invite_on(invited, date(2025, 3, 12))

    assert told(invited, CULTURE)[-1] == "REQUEST 2 18. 15:00-15:20"


def test_a_deputy_answers_for_the_party(invited: Town) -> None:
    """Who may report for the party may say that it comes."""
    answer(invited, CULTURE, "ACCEPTED", sender=DEPUTY)

    assert [one.attendance for one in answers(invited)] == [Attendance.ACCEPTED]


def test_the_seminar_takes_a_no_as_it_is(invited: Town) -> None:
    """There is no other time to offer; the digest says who cannot come."""
    invite_on(invited, date(2025, 4, 1))
    answer(invited, CULTURE, "DECLINED")
    invite_on(invited, date(2025, 4, 2))

    assert told(invited, CULTURE)[-1] == "REQUEST 0 8. 09:00-12:00"
    assert notes(invited) == (
        "Seurantaseminaari to 8.5.2025: Kulttuuripäällikkö ei pääse.",
        "Seurantaseminaari to 8.5.2025: kutsuttu 2, hyväksynyt 0, alustavasti 0, hylännyt 1, ei vastannut 1. Ei vastannut: Lukion rehtori.",
    )


def test_words_to_an_invitation_wait(invited: Town) -> None:
    """They are shown to the coordinator, are no report and are not answered by a machine."""
    before = len(invited.relay.taken)
    invited.reply(CULTURE, "En pääse silloin, kävisikö 1.1 vihreä seuraavalla viikolla?", kind=MailKind.INVITATION)
    invited.read()
    invited.deliver()

    assert invited.inbox_states()[-1] is InboundState.HELD
    assert invited.facts() == ()
    assert len(invited.relay.taken) == before
    assert "Kutsuun on vastattu sanoin, lue itse." in digest(invited)


def test_after_the_meeting_nothing_is_offered(invited: Town) -> None:
    """A late no is kept, and that is all."""
    invited.move_to_day(HEARING_DAY, time(14))
    answer(invited, CULTURE, "DECLINED")
    invite_on(invited, date(2025, 3, 19))

    assert [one.attendance for one in answers(invited)] == [Attendance.DECLINED]
    assert len(told(invited, CULTURE)) == 1
