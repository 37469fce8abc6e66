"""What settles a mail of which nobody knows whether it went: our own copy, a delivery report, a reply; and what does not."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from reminder.domain.messages import MailKind, OutboxState
from reminder.domain.readings import InboundState, SignKind
from reminder.domain.rounds import StepKind
from reminder.edges.ports import SendOutcome, SendResult
from reminder.flows.deliver import AMBIGUOUS_GRACE
from reminder.flows.evidence import SETTLED
from reminder.store import events, outbox
from reminder.store.bounces import load_bounces
from reminder.store.outbox import MessageRow
from reminder.store.signs import Sign, load_signs
from tests.fakes import TakenMail
from tests.flows.reports import write_report
from tests.flows.town import CULTURE, OFFICE, PRINCIPAL, Town

LOST = SendOutcome(result=SendResult.UNKNOWN, text="the answer to the final dot was lost")
TRACES = b"Return-Path: <seuranta@suvikoski.example>\r\nReceived: from mx by imap.suvikoski.example; Fri, 14 Feb 2025 09:00:00 +0200\r\n"


def lose_one(town: Town) -> TakenMail:
    """The requests go out; of the culture manager's the answer to the dot is lost, though the relay has taken it."""
    town.relay.answers[CULTURE] = LOST
    town.arm()
    town.move_to(StepKind.REQUEST)
    town.announce()
    town.deliver()
    del town.relay.answers[CULTURE]
    assert row_of(town).state is OutboxState.UNKNOWN
    return town.sent(CULTURE)[-1]


def row_of(town: Town) -> MessageRow:
    """The request to the culture manager as it stands."""
    (row,) = town.rows(MailKind.REQUEST, recipient=CULTURE)
    return row


def signs_of(town: Town) -> tuple[Sign, ...]:
    """What is known of it."""
    with town.house.store.read() as conn:
        return load_signs(conn, row_of(town).id)


def token_of(mail: TakenMail) -> str:
    """The token that the mail carries."""
    found = re.search(rb"Reply-To:[^+]*\+([a-z2-7]{34})@", mail.raw)
    assert found
    return found[1].decode()


def copy_of(mail: TakenMail) -> bytes:
    """Our own copy as it comes back."""
    return TRACES + mail.raw


def renamed_copy_of(mail: TakenMail) -> bytes:
    """Our own copy from a relay that gives every mail an id of its own, and takes the old one out of the text."""
    raw = re.sub(rb"(?m)^Message-ID:.*\r\n", b"Message-ID: <1@relay.suvikoski.example>\r\n", copy_of(mail))
    return raw.replace(token_of(mail).encode(), b"x" * 34)


def report_on(mail: TakenMail, action: str = "delivered", status: str = "2.0.0") -> bytes:
    """A delivery report that names the mail by its envelope id alone."""
    return write_report(action, status=status, recipient=CULTURE, envelope_id=token_of(mail))


def encoded_report_on(mail: TakenMail) -> bytes:
    """The same from a server that hands the envelope id on as it stood on the wire, with more encoded than needs to be."""
    encoded = "".join(f"+{ord(char):02X}" for char in token_of(mail))
    return write_report("relayed", status="2.0.0", recipient=CULTURE, envelope_id=encoded)


@pytest.mark.fault("S11", "K6", "K7")
@pytest.mark.parametrize(
    ("write", "kind"),
    [
        (copy_of, SignKind.COPY),
        pytest.param(renamed_copy_of, SignKind.COPY, marks=pytest.mark.fault("S19")),
        (report_on, SignKind.DELIVERED),
        (encoded_report_on, SignKind.RELAYED),
        pytest.param(lambda mail: report_on(mail, "delayed", "4.4.1"), SignKind.DELAYED, marks=pytest.mark.fault("S17")),
        (lambda mail: report_on(mail, "failed", "5.1.1"), SignKind.RETURNED),
    ],
    ids=["copy", "copy with another id", "delivered", "relayed, envelope id in xtext", "delayed", "returned"],
)
def test_evidence_in_the_grace_settles_it(town: Town, write: Callable[[TakenMail], bytes], kind: SignKind) -> None:
    """The mail is accepted, says why, and is not sent a second time; history has a line; nobody is answered."""
    mail = lose_one(town)
    town.clock.advance(AMBIGUOUS_GRACE - timedelta(minutes=1))
    town.source.deliver(write(mail), when=town.clock.now())
    town.read()

    row = row_of(town)
    assert (row.state, row.reason.endswith("inbox 1")) == (OutboxState.ACCEPTED, True)
    assert [sign.kind for sign in signs_of(town)] == [kind]
    with town.house.store.read() as conn:
        (told,) = events.load_events(conn, kinds={SETTLED})
    assert told.document["message"] == row.id
    town.clock.advance(timedelta(days=1))
    town.deliver()
    assert len(town.sent(CULTURE)) == 1
    assert len(town.rows(recipient=CULTURE)) == 1


@pytest.mark.parametrize("is_person", [True, False], ids=["a reply", "an absence note"])
def test_an_answer_settles_it(town: Town, *, is_person: bool) -> None:
    """Whoever answers has got it, be it a person or a program."""
    mail = lose_one(town)
    answer = town.write_reply(town.original(CULTURE), "1.1: vihreä")
    town.source.deliver(answer if is_person else b"Auto-Submitted: auto-replied\r\n" + answer, when=town.clock.now())
    town.read()

    assert row_of(town).state is OutboxState.ACCEPTED
    assert [sign.kind for sign in signs_of(town)] == [SignKind.REPLY if is_person else SignKind.AUTOMATIC]
    assert mail in town.sent(CULTURE)


@pytest.mark.fault("S12", "K5")
def test_without_evidence_it_is_sent_once_more_with_the_same_bytes(town: Town) -> None:
    """The relay had not taken it: nothing comes back, and after the grace it goes out."""
    town.relay.lost.add(CULTURE)
    town.relay.answers[CULTURE] = LOST
    town.arm()
    town.move_to(StepKind.REQUEST)
    town.announce()
    town.deliver()
    with town.house.store.read() as conn:
        meant = outbox.load_raw(conn, row_of(town).id)
    del town.relay.answers[CULTURE]
    town.relay.lost.clear()

    town.clock.advance(AMBIGUOUS_GRACE - timedelta(minutes=1))
    town.deliver()
    assert town.sent(CULTURE) == []
    town.clock.advance(timedelta(minutes=2))
    town.deliver()
    assert [mail.raw for mail in town.sent(CULTURE)] == [meant]
    assert row_of(town).state is OutboxState.ACCEPTED


@pytest.mark.fault("K6", "K7")
def test_it_is_sent_twice_more_at_most(town: Town) -> None:
    """Three identical copies at the most; then a person decides."""
    lose_one(town)
    town.relay.answers[CULTURE] = LOST
    for _ in range(6):
        town.clock.advance(AMBIGUOUS_GRACE + timedelta(minutes=1))
        town.deliver()

    copies = [mail.raw for mail in town.sent(CULTURE)]
    assert (len(copies), len(set(copies))) == (3, 1)
    assert row_of(town).state is OutboxState.NEEDS_REVIEW


@pytest.mark.fault("S16", "U2")
@pytest.mark.parametrize("by", ["envelope id", "returned headers"])
def test_a_late_report_of_a_dead_address_is_a_fact(town: Town, by: str) -> None:
    """The mail stays accepted, a bounce is noted, and the address is written to again: nothing is disabled by itself."""
    town.ask()
    mail = town.sent(CULTURE)[-1]
    town.clock.advance(timedelta(days=1))
    raw = report_on(mail, "failed", "5.1.1")
    if by == "returned headers":
        raw = write_report("failed", status="5.1.1", recipient=CULTURE, returned=mail.raw)
    town.source.deliver(raw, when=town.clock.now())
    town.read()

    assert row_of(town).state is OutboxState.ACCEPTED
    with town.house.store.read() as conn:
        (bounce,) = load_bounces(conn)
    assert (bounce.message, bounce.is_permanent, bounce.status) == (row_of(town).id, True, "5.1.1")
    town.move_to(StepKind.REMINDER)
    town.announce()
    town.deliver()
    assert len(town.sent(CULTURE)) == 2


@pytest.mark.fault("S17")
def test_a_delay_is_noted_and_is_no_failure(town: Town) -> None:
    """A server that tries on: no bounce for good, no answer, and the party is not said to be unreachable."""
    town.ask()
    town.source.deliver(report_on(town.sent(CULTURE)[-1], "delayed", "4.2.2"), when=town.clock.now())
    town.read()

    with town.house.store.read() as conn:
        assert [bounce.is_permanent for bounce in load_bounces(conn)] == [False]
    assert [sign.kind for sign in signs_of(town)] == [SignKind.DELAYED]


@pytest.mark.fault("S18")
@pytest.mark.parametrize("action", ["failed", "delivered", "delayed"])
def test_a_forged_report_changes_nothing(town: Town, action: str) -> None:
    """It names the right recipient, and a token that is but guessed; it is ignored with a note."""
    mail = lose_one(town)
    guessed = "ar" + "a" * 32
    raw = write_report(action, status="5.1.1", recipient=CULTURE, envelope_id=guessed, to=OFFICE.replace("@", f"+{guessed}@"))
    town.source.deliver(raw, when=town.clock.now())
    town.read()

    assert row_of(town).state is OutboxState.UNKNOWN
    assert signs_of(town) == ()
    assert town.inbox_states() == [InboundState.IGNORED]
    assert "names no mail of ours" in town.stored(1).reason
    with town.house.store.read() as conn:
        assert load_bounces(conn) == ()
    assert mail in town.sent(CULTURE)


def test_a_report_about_another_recipient_proves_nothing(town: Town) -> None:
    """Whoever was sent our mail on has a token, and no word in what became of the mail to somebody else."""
    mail = lose_one(town)
    raw = write_report("failed", status="5.1.1", recipient=PRINCIPAL, envelope_id=token_of(mail))
    town.source.deliver(raw, when=town.clock.now())
    town.read()

    assert row_of(town).state is OutboxState.UNKNOWN


def test_a_mail_without_a_reference_settles_nothing(town: Town) -> None:
    """The culture manager writes of something else; whether our mail has come is still not known."""
    lose_one(town)
    raw = f"From: {CULTURE}\r\nTo: {OFFICE}\r\nSubject: Kesä\r\nMessage-ID: <9@kunta.example>\r\n\r\nHyvää kesää!\r\n".encode()
    town.source.deliver(raw, when=town.clock.now())
    town.read()

    assert row_of(town).state is OutboxState.UNKNOWN


def test_a_copy_is_known_only_by_its_own_id(town: Town) -> None:
    """An acknowledgement of ours that comes back names the request in its text and its references: it is no copy of the request."""
    lose_one(town)
    town.reply(CULTURE, "1.1: vihreä", sender="joku@muualla.example")
    acknowledgement = b"X-Reminder-Instance: tests\r\nFrom: seuranta@suvikoski.example\r\nTo: seuranta@suvikoski.example\r\n"
    acknowledgement += f"References: {town.original(CULTURE).message_id}\r\n\r\nText.\r\n".encode()
    town.source.deliver(acknowledgement, when=town.clock.now())
    town.read()

    assert SignKind.COPY not in [sign.kind for sign in signs_of(town)]
