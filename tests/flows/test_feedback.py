"""Feedback on accessibility: kept as its own kind, acknowledged, counted down, warned of, and ended by the coordinator (issue 7)."""

from __future__ import annotations

from datetime import date, timedelta
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from reminder.domain.messages import MailKind
from reminder.domain.readings import InboundState, ReadingKind
from reminder.errors import UsageFailure
from reminder.flows.carry_out import carry_out
from reminder.flows.feedback import warn_of_feedback
from reminder.flows.settling import mark_answered
from reminder.store import inbox
from tests.flows.town import COORDINATOR, CULTURE, OFFICE, Town, text_of

VISITOR = "kavija@muualla.example"
LOCAL, _, DOMAIN = OFFICE.partition("@")


def write(town: Town, *, subject: str = "", to: str = OFFICE, words: str = "Kartalla ei ole vaihtoehtoa.", **headers: str) -> None:
    """A visitor of the page writes; the mail is read."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = VISITOR, to, subject
    mail["Message-ID"] = f"<{subject.encode().hex()}.tests@muualla.example>"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(words + "\n")
    town.source.deliver(bytes(mail), when=town.clock.now())
    town.read()
    town.deliver()


def kind_of(town: Town, number: int) -> str:
    """How a mail was read."""
    with town.house.store.read() as conn:
        return inbox.load_readings(conn, number)[0].kind


@pytest.fixture
def asked(town: Town) -> Town:
    """The requests have gone out."""
    town.ask()
    return town


def test_feedback_is_kept_and_acknowledged_in_its_language(asked: Town) -> None:
    """Held as a kind of its own; the sender is told the last day, and nothing of what they wrote comes back."""
    asked.move_to_day(date(2025, 2, 18))

    write(asked, subject="Accessibility feedback: Vitality programme", words="Free pills at pills.example")

    assert asked.inbox_states() == [InboundState.HELD]
    assert kind_of(asked, 1) == ReadingKind.FEEDBACK.value
    (receipt,) = asked.sent(VISITOR)
    assert "4 Mar 2025" in text_of(receipt.raw)
    assert "pills" not in text_of(receipt.raw)


def test_the_plus_part_alone_tells_it(asked: Town) -> None:
    """The link's address is enough."""
    write(asked, subject="Kontrasti", to=f"{LOCAL}+saavutettavuus@{DOMAIN}")

    assert kind_of(asked, 1) == ReadingKind.FEEDBACK.value


def test_a_reply_stays_a_reply_whatever_its_subject(asked: Town) -> None:
    """A light that answers a request is recorded, though the subject speaks of feedback."""
    original = asked.original(CULTURE)
    raw = asked.write_reply(original, "1.1 vihreä: avattiin").replace(b"Subject: ", b"Subject: Saavutettavuuspalaute ")
    asked.source.deliver(raw, when=asked.clock.now())
    asked.read()

    assert asked.inbox_states() == [InboundState.APPLIED]


def test_a_mail_that_a_program_wrote_or_that_is_marked_gets_no_answer(asked: Town) -> None:
    """It is kept all the same where a person may have written it."""
    write(asked, subject="Saavutettavuuspalaute 1", Auto_Submitted="auto-replied")
    write(asked, subject="Saavutettavuuspalaute 2", X_Spam_Flag="YES")

    assert sorted(asked.inbox_states()) == [InboundState.HELD, InboundState.IGNORED]
    assert not asked.sent(VISITOR)


def test_the_digest_counts_the_days_and_the_coordinator_ends_it(asked: Town) -> None:
    """Shown with its words and days; `vastattu 1` settles it, and the digest is rid of it."""
    asked.move_to_day(date(2025, 2, 18))
    write(asked, subject="Saavutettavuuspalaute")
    asked.go(date(2025, 2, 24))
    digest = text_of(asked.sent(COORDINATOR, MailKind.DIGEST)[-1].raw)
    assert "Saavutettavuuspalaute: kavija@muualla.example" in digest
    assert "8 päivää jäljellä" in digest
    assert "Kartalla ei ole vaihtoehtoa." in digest

    asked.clock.advance(timedelta(minutes=5))
    asked.reply(COORDINATOR, "vastattu 1", kind=MailKind.DIGEST)
    asked.read()
    carry_out(asked.house)
    asked.deliver()

    assert "Palaute 1 on merkitty vastatuksi" in text_of(asked.sent(COORDINATOR, MailKind.DESK)[-1].raw)
    assert asked.inbox_states() == [InboundState.APPLIED, InboundState.APPLIED]


def test_the_coordinator_is_warned_once_before_the_last_day_and_once_after(asked: Town) -> None:
    """Four days before, and the day after; never again, and not at all once it is answered."""
    asked.move_to_day(date(2025, 2, 18))
    write(asked, subject="Saavutettavuuspalaute")
    warned = []
    for day in (date(2025, 2, 27), date(2025, 2, 28), date(2025, 3, 1), date(2025, 3, 5), date(2025, 3, 6)):
        asked.move_to_day(day)
        warned.append(warn_of_feedback(asked.house))
    asked.deliver()

    assert warned == [0, 1, 0, 1, 0]
    first, second = asked.sent(COORDINATOR, MailKind.ALERT)
    assert "vastattava viimeistään 4.3.2025" in text_of(first.raw)
    assert "olisi pitänyt vastata" in text_of(second.raw)


def test_what_is_answered_is_not_warned_of(asked: Town) -> None:
    """By hand it ends too; any other mail is refused."""
    write(asked, subject="Saavutettavuuspalaute")
    write(asked, subject="Muu asia")

    mark_answered(asked.house, 1, because="Vastattu puhelimessa")

    asked.clock.advance(timedelta(days=13))
    assert warn_of_feedback(asked.house) == 0
    with pytest.raises(UsageFailure, match="no feedback"):
        mark_answered(asked.house, 2, because="x")
