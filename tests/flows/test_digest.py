"""What the digest tells beside the table: what waits for a person, what is red, who is late."""

from __future__ import annotations

from datetime import date, time

from reminder.domain.messages import MailKind
from reminder.domain.rounds import StepKind
from reminder.edges.ports import SendOutcome, SendResult
from reminder.sandbox.machines import bounce
from tests.flows.town import CULTURE, DIRECTOR, PRINCIPAL, REFUSED, Town, text_of


def write_digest(town: Town, day: date) -> bytes:
    """The digest of a Monday."""
    town.move_to_day(day, time(8, 30))
    (message,) = [one for one in town.announce().messages if one.kind is MailKind.DIGEST]
    return message.raw


def test_it_names_what_waits_for_a_person(town: Town) -> None:
    """A held mail, a bounce, a mail that failed for good and one whose fate is unknown stand there with their desk."""
    town.arm()
    town.move_to(StepKind.REQUEST)
    town.announce()
    town.relay.answers[DIRECTOR] = SendOutcome(result=SendResult.FAILED, code=550, text="5.1.1 no such user")
    town.relay.answers[PRINCIPAL] = SendOutcome(result=SendResult.UNKNOWN, text="lost after the dot")
    town.deliver()
    request = town.sent(CULTURE, MailKind.REQUEST)[0]
    town.source.deliver(
        bounce(request.raw, envelope_sender=request.sender, recipient=CULTURE, when=town.clock.now()), when=town.clock.now()
    )
    town.source.deliver(b"From: who@elsewhere.example\r\nSubject: Question\r\n\r\nWhat is this?\r\n", when=town.clock.now())
    town.read()

    text = text_of(write_digest(town, date(2025, 2, 17)))

    assert "who@elsewhere.example" in text
    assert "reminder inbox show 2" in text
    failed = next(row.id for row in town.rows(recipient=DIRECTOR))
    assert f"outbox show {failed}" in text
    unknown = next(row.id for row in town.rows(recipient=PRINCIPAL))
    assert f"outbox show {unknown}" in text
    assert text.lower().count("kulttuuripäällikkö") >= 2


def test_trouble_with_the_relay_stands_in_it(town: Town) -> None:
    """What is red is said in the digest, so that it is seen when the relay works again."""
    town.ask()
    town.move_to_day(date(2025, 2, 21), time(8, 0))
    town.announce()
    town.answer_all(REFUSED)
    town.deliver()

    assert "5.7.8 the password is wrong" in text_of(write_digest(town, date(2025, 2, 24)))


def test_nobody_is_late_before_the_deadline_has_ended(town: Town) -> None:
    """The deadline is Friday 28.2.2025: on the Monday before it nobody is late, on the Monday after it all are."""
    town.ask()

    before = text_of(write_digest(town, date(2025, 2, 24)))
    after = text_of(write_digest(town, date(2025, 3, 3)))

    assert "kukaan ei ole myöhässä" in before
    assert "17 on myöhässä, vanhin määräaika oli 28.2.2025" in after
