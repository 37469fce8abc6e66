"""What calendar programs answer to an invitation: read right, believed from whom it may be, and never taken for a report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reminder.domain.hearings import Attendance, Invitation, InviteMethod, MeetingKind
from reminder.domain.messages import MailKind, SentMessage
from reminder.domain.readings import Reading, ReadingKind, Trust, Verdict
from reminder.domain.senders import Handling, SenderRules
from reminder.parse.context import Context, InvitedTo, SenderEntry
from reminder.parse.gist import find_events
from reminder.parse.interpreting import interpret
from reminder.parse.message import read_mail
from reminder.wire.itip import find_uids, read_answers
from tests.parse.calendar_mails import INVITED, OFFICE, PROGRAMS, UID, CalendarMail, apple, google, outlook, thunderbird

Program = Callable[[CalendarMail], bytes]
DEPUTY, COLLEAGUE, STRANGER = "kulttuurituottaja@suvikoski.example", "sihteeri@suvikoski.example", "joku@muualla.example"
STARTS, ENDS = datetime(2025, 3, 18, 11, 20, tzinfo=UTC), datetime(2025, 3, 18, 11, 40, tzinfo=UTC)
TOLD = Invitation(
    uid=UID,
    sequence=0,
    method=InviteMethod.REQUEST,
    programme="elinvoima",
    round="2024",
    meeting=MeetingKind.HEARING,
    person="p1",
    parties=("kulttuuripaallikko",),
    starts_at=STARTS,
    ends_at=ENDS,
)
each_program = pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)


def context_of(told: Invitation = TOLD, **changes: object) -> Context:
    """The invited person, their deputy and nobody else are known."""
    known = Context(
        own_addresses=frozenset({OFFICE}),
        instance="tests",
        senders={
            INVITED: SenderEntry(person="p1", as_contact=frozenset({"kulttuuripaallikko"})),
            DEPUTY: SenderEntry(person="p2", as_deputy=frozenset({"kulttuuripaallikko"})),
        },
        invitations={UID: InvitedTo(invitation=told, address=INVITED)},
        today=date(2025, 3, 4),
    )
    return replace(known, **changes)  # type: ignore[arg-type]


def read(raw: bytes, context: Context | None = None) -> Reading:
    """The reading; whatever it is, nothing of it is an answer about an action, and nothing may be sent back."""
    reading = interpret(read_mail(raw), context or context_of())
    assert (reading.answers, reading.ask_back, reading.missing, reading.may_answer) == ((), (), (), False)
    return reading


@each_program
@pytest.mark.parametrize("partstat", ["ACCEPTED", "DECLINED", "TENTATIVE"])
def test_yes_perhaps_and_no(program: Program, partstat: str) -> None:
    """Of every program, with the comment, the SEQUENCE and the stamp."""
    reading = read(program(CalendarMail(partstat=partstat, comment="Olen matkoilla")))

    assert (reading.kind, reading.verdict, reading.rules) == (ReadingKind.CALENDAR, Verdict.APPLIED, ("calendar", partstat.lower()))
    assert reading.calendar is not None
    assert reading.calendar.attendance is Attendance(partstat.lower())
    assert (reading.calendar.uid, reading.calendar.attendee) == (UID, INVITED)
    assert reading.calendar.sequence in {0, None}
    assert reading.calendar.stamped_at == datetime(2025, 3, 4, 8, 15, tzinfo=UTC)
    assert (reading.calendar.starts_at, reading.calendar.ends_at) == (STARTS, ENDS)
    assert reading.calendar.comment == "Olen matkoilla"
    assert reading.sender is not None
    assert reading.sender.trust is Trust.LISTED


@pytest.mark.parametrize("program", [outlook, google])
def test_another_time_is_proposed(program: Program) -> None:
    """A person decides; what is proposed is known to the minute, in whatever zone it was written."""
    reading = read(program(CalendarMail(partstat="COUNTER", comment="Iltapäivällä sopisi paremmin")))

    assert (reading.verdict, reading.rules) == (Verdict.HELD, ("calendar", "counter"))
    assert reading.calendar is not None
    assert reading.calendar.attendance is Attendance.COUNTER
    assert reading.calendar.starts_at == datetime(2025, 3, 18, 12, 30, tzinfo=UTC)
    assert reading.calendar.ends_at == datetime(2025, 3, 18, 12, 50, tzinfo=UTC)


CASES: list[tuple[str, CalendarMail, Context, Verdict, str]] = [
    ("a deputy", CalendarMail(sender=DEPUTY, attendee=DEPUTY), context_of(), Verdict.APPLIED, "accepted"),
    ("a secretary in their name", CalendarMail(sender=COLLEAGUE), context_of(), Verdict.APPLIED, "accepted"),
    ("a colleague to whom it was forwarded", CalendarMail(sender=COLLEAGUE, attendee=COLLEAGUE), context_of(), Verdict.HELD, "stranger"),
    ("a stranger in their name", CalendarMail(sender=STRANGER), context_of(), Verdict.HELD, "stranger"),
    (
        "forged",
        CalendarMail(headers=("Authentication-Results: mx.suvikoski.example; dmarc=fail header.from=suvikoski.example",)),
        context_of(trusted_authserv="mx.suvikoski.example"),
        Verdict.HELD,
        "dmarc",
    ),
    ("spam", CalendarMail(headers=("X-Spam-Flag: YES",)), context_of(), Verdict.HELD, "spam"),
    ("two authors", CalendarMail(sender=f"{INVITED}, {STRANGER}"), context_of(), Verdict.HELD, "from"),
    (
        "contacts wait by the settings",
        CalendarMail(),
        context_of(rules=SenderRules(contact=Handling.HOLD)),
        Verdict.HELD,
        "answers_from",
    ),
    ("an earlier invitation", CalendarMail(), context_of(replace(TOLD, sequence=2)), Verdict.IGNORED, "old"),
    (
        "a cancelled one",
        CalendarMail(sequence="SEQUENCE:1"),
        context_of(replace(TOLD, sequence=1, method=InviteMethod.CANCEL)),
        Verdict.IGNORED,
        "old",
    ),
    ("a proposal to an earlier one", CalendarMail(partstat="COUNTER"), context_of(replace(TOLD, sequence=1)), Verdict.IGNORED, "old"),
    ("the newest of several", CalendarMail(sequence="SEQUENCE:2"), context_of(replace(TOLD, sequence=2)), Verdict.APPLIED, "accepted"),
    ("a UID that is not ours", CalendarMail(uid="x@other.example"), context_of(), Verdict.IGNORED, "calendar"),
    ("no answer at all", CalendarMail(partstat="NEEDS-ACTION"), context_of(), Verdict.IGNORED, "calendar"),
    ("delegated", CalendarMail(partstat="DELEGATED"), context_of(), Verdict.IGNORED, "calendar"),
]


@pytest.mark.parametrize(("mail", "context", "verdict", "rule"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_who_and_what_counts(mail: CalendarMail, context: Context, verdict: Verdict, rule: str) -> None:
    """An answer counts for the invited person and for what holds; else it is kept, or a person looks."""
    reading = read(outlook(mail), context)

    assert (reading.kind, reading.verdict, reading.rules[-1]) == (ReadingKind.CALENDAR, verdict, rule)


def test_without_a_sequence_the_time_tells() -> None:
    """Apple leaves SEQUENCE 0 out, also where a later one holds by now."""
    moved = replace(TOLD, sequence=1, starts_at=STARTS.replace(hour=13), ends_at=ENDS.replace(hour=13))
    again = replace(TOLD, sequence=1)

    assert read(apple(CalendarMail()), context_of(moved)).rules[-1] == "old"
    assert read(apple(CalendarMail()), context_of(again)).rules[-1] == "accepted"


def test_the_inner_parts_of_an_event_are_not_it() -> None:
    """An alarm has a UID and attendees of its own."""
    answers = read_answers(thunderbird(CalendarMail()).partition(b"\r\n\r\n")[2].decode())

    assert [(one.uid, one.attendance, one.attendee) for one in answers] == [(UID, Attendance.ACCEPTED, INVITED)]


def test_the_method_beside_the_type_is_enough() -> None:
    """Some programs write it there alone (RFC 6047, 2.4)."""
    raw = thunderbird(CalendarMail()).replace(b"METHOD:REPLY\r\n", b"", 1)

    assert read(raw).rules[-1] == "accepted"
    assert find_events(read_mail(raw)) == (UID,)


def test_words_that_answer_an_invitation_wait_for_a_person() -> None:
    """They are no report, even where they hold a light, and are not answered by a machine."""
    invitation = SentMessage(
        id="abcdefghijkl",
        kind=MailKind.INVITATION,
        language="fi",
        person="p1",
        recipient=INVITED,
        message_id="<token@suvikoski.example>",
        subject="Kutsu",
        created_at=datetime(2025, 3, 4, tzinfo=UTC),
        spans=(),
        items=(),
    )
    raw = (
        f"From: {INVITED}\r\nTo: {OFFICE}\r\nSubject: VS: Kutsu\r\nIn-Reply-To: <token@suvikoski.example>\r\n"
        "Message-ID: <2@suvikoski.example>\r\n\r\nEn pääse. 1.1 vihreä.\r\n"
    ).encode()
    reading = read(raw, context_of(sent=(invitation,)))

    assert (reading.kind, reading.verdict, reading.rules[-1]) == (ReadingKind.REPLY, Verdict.HELD, "invitation")
    assert "En pääse" in reading.note


@given(st.binary(max_size=300), st.integers(0, 1800), st.sampled_from(list(PROGRAMS.values())))
@settings(max_examples=60, deadline=None)
def test_damage_never_breaks_reading(noise: bytes, at: int, program: Program) -> None:
    """Whatever is torn out or put in, there is a reading, and it records nothing about an action."""
    whole = program(CalendarMail())
    for raw in (whole[:at] + noise + whole[at:], whole[:at], whole[:at] + noise, noise):
        read(raw)


@given(st.text(max_size=400))
@settings(max_examples=60, deadline=None)
def test_any_text_is_read(text: str) -> None:
    """The reader of calendar objects is total."""
    for method in ("REPLY", "COUNTER"):
        content = f"METHOD:{method}\nBEGIN:VEVENT\nUID:x\nATTENDEE;PARTSTAT=ACCEPTED:mailto:a@b.example\n{text}"
        assert len(read_answers(content)) <= 10
        assert len(find_uids(content)) <= 10
