"""The test mail before `arm`: who gets it, what proves that it arrived, and what is remembered of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from reminder.compose.views import UpcomingMail
from reminder.domain.messages import Envelope, MailKind, OutboxState
from reminder.domain.programme import Language
from reminder.domain.readings import InboundMail, InboundState
from reminder.edges.ports import FolderScan, SendOutcome, SendResult
from reminder.errors import TemporaryFailure
from reminder.flows import trying
from reminder.flows.trial import Trial, load_trial
from reminder.flows.trial_words import TrialWords, name_open_trial, tell_trial
from reminder.flows.trying import Tried, give_up_trial, try_mail
from reminder.store import events, inbox
from tests.fakes import MemorySource, RecordingRelay
from tests.flows.town import COORDINATOR, DOWN, OFFICE, Town, text_of

REFUSED_FOR_GOOD = SendOutcome(result=SendResult.FAILED, code=550, text="5.1.1 no such user")


class Loop(RecordingRelay):
    """A relay that delivers what is for us into our own mailbox."""

    def __init__(self, town: Town, into: MemorySource | None = None) -> None:
        super().__init__()
        self._town, self._into = town, into or town.source

    def send(self, envelope: Envelope, raw: bytes, *, before_dot: Callable[[], None]) -> SendOutcome:
        """As `ports.Relay`."""
        outcome = super().send(envelope, raw, before_dot=before_dot)
        if outcome.result is SendResult.ACCEPTED and is_ours(envelope.recipient):
            self._into.deliver(raw, when=self._town.clock.now())
        return outcome


class Junk(MemorySource):
    """A mailbox whose only folder is the junk folder."""

    def scan(self) -> Sequence[FolderScan]:
        """As `ports.MailSource`."""
        return [replace(scan, folder="Junk") for scan in super().scan()]

    def fetch(self, scan: FolderScan, uids: Iterable[str]) -> Iterator[InboundMail]:
        """As `ports.MailSource`."""
        return (replace(mail, folder=scan.folder) for mail in super().fetch(replace(scan, folder="INBOX"), uids))


class Broken(MemorySource):
    """A mailbox that cannot be read."""

    def scan(self) -> Sequence[FolderScan]:
        """As `ports.MailSource`."""
        raise TemporaryFailure("The server is not there.")


def is_ours(address: str) -> bool:
    """Whether mail to this address, with or without a token, comes to us."""
    local, _, domain = address.partition("@")
    return f"{local.partition('+')[0]}@{domain}" == OFFICE


def connect(town: Town, source: MemorySource | None = None) -> Loop:
    """The relay delivers our own mail into our mailbox, or into this one, which takes its place."""
    relay = Loop(town, source)
    town.relay, town.source = relay, source or town.source
    town.house = replace(town.house, relay=relay, source=town.source, addressing=replace(town.house.addressing, junk_folder="Junk"))
    return relay


def attempt(town: Town, *, wait: float = 0.0, must_see: bool = False) -> Tried:
    """One test mail."""
    first = UpcomingMail(on=date(2025, 1, 3), kind=MailKind.NOTICE, count=17)
    return try_mail(town.house, first=first, wait=wait, is_shown_first=True, watch=lambda _: None, must_see=must_see)


def known(town: Town) -> Trial:
    """What is known of the newest test mail."""
    with town.house.store.read() as conn:
        trial = load_trial(conn)
    assert trial is not None
    return trial


def told(town: Town, language: Language = "en", since: timedelta | None = None) -> TrialWords:
    """What `status`, or with a span the digest, says of it."""
    with town.house.store.read() as conn:
        return tell_trial(conn, town.setup.calendar.zone, language, since=town.clock.now() - since if since else None)


def test_the_coordinator_gets_one_and_its_copy_proves_the_way_back(town: Town) -> None:
    """One mail to the coordinator, one copy to our own address; the copy is seen at once, and nothing in the mailbox changes."""
    connect(town)
    tried = attempt(town)

    assert [mail.recipient == COORDINATOR or is_ours(mail.recipient) for mail in town.sent(kind=MailKind.TEST)] == [True, True]
    assert [mail.address for mail in tried.mails] == [COORDINATOR]
    assert (tried.trial.is_proven, tried.trial.folder, tried.blind) == (True, "INBOX", "")
    assert tried.seconds is not None
    assert town.inbox_states() == []
    assert town.source.processed == {}


def test_the_mail_says_that_it_is_a_test_and_how_to_answer(town: Town) -> None:
    """In the coordinator's language, with the first mails and that they are shown first; the copy is not addressed to a person."""
    connect(town)
    attempt(town)
    coordinator, copy = (text_of(town.sent(where, MailKind.TEST)[-1].raw) for where in (COORDINATOR, OFFICE.partition("@")[0] + "+"))

    assert "Tämä on koeviesti." in coordinator
    assert "Ensimmäisinä vastuutahoille lähtevät ennakkotiedot perjantaina 3.1.2025." in coordinator
    assert "mitään ei lähetetä ennen hyväksyntääsi" in coordinator
    assert "Vastaa" not in copy


@pytest.mark.parametrize("has_plus", [True, False])
def test_the_copy_ends_as_a_mail_of_our_own(town: Town, has_plus: bool) -> None:
    """Read by the service it is ignored as ours, in one state, neither a loop nor an answer; also where no plus addresses are used."""
    connect(town)
    town.house = replace(town.house, addressing=replace(town.house.addressing, uses_plus_addresses=has_plus))
    attempt(town, wait=0.0)
    town.read()

    assert town.inbox_states() == [InboundState.IGNORED]
    with town.house.store.read() as conn:
        (reading,) = inbox.load_readings(conn, 1)
    assert (reading.kind, town.stored(1).reason) == ("own", "It is the copy of our test mail: what we send comes back to us.")
    assert known(town).is_proven


def test_a_copy_that_comes_later_is_recognised_by_the_service(town: Town) -> None:
    """Until then `status`, `health` and the digest say that it is not back; then they do not."""
    tried = attempt(town)
    town.arm()
    with town.house.store.read() as conn:
        shown = name_open_trial(conn)
    before = told(town), told(town, since=timedelta(days=7))
    town.clock.advance(timedelta(days=9))
    in_digest = told(town, since=timedelta(days=7))
    town.source.deliver(town.sent("+", MailKind.TEST)[-1].raw, when=town.clock.now())
    town.read()

    assert not tried.trial.is_proven
    assert shown == "not back yet"
    assert all("has not come back" in one.warnings[0] for one in (*before, in_digest))
    assert told(town).warnings == ()
    assert "came back to our own mailbox" in told(town).notes[0]
    with town.house.store.read() as conn:
        assert name_open_trial(conn) is None
        assert [event.kind for event in events.load_events(conn, kinds=["test_mail_arrived"])] == ["test_mail_arrived"]


def test_a_copy_in_the_junk_folder_is_told_as_such(town: Town) -> None:
    """It has arrived, and where."""
    connect(town, Junk())
    tried = attempt(town)

    assert (tried.trial.is_proven, tried.trial.is_in_junk) == (True, True)
    assert "came back into the junk folder Junk" in told(town).warnings[0]


def test_the_coordinators_answer_is_recorded_and_thanked_for(town: Town) -> None:
    """Any words will do; a note stands in `status` and in the next digest, no later one, and it proves the way back too."""
    attempt(town)
    town.arm()
    town.clock.advance(timedelta(hours=2))
    town.reply(COORDINATOR, "No täällähän tämä on, kiitos vaan!", kind=MailKind.TEST)
    town.read()
    town.deliver()

    assert town.inbox_states() == [InboundState.APPLIED]
    assert known(town).answered_at is not None
    assert known(town).is_proven
    assert "vastauksesi tuli perille" in text_of(town.sent(COORDINATOR, MailKind.ACKNOWLEDGEMENT)[-1].raw)
    assert [len(told(town, since=timedelta(days=days)).notes) for days in (7,)] == [1]
    town.clock.advance(timedelta(days=8))
    assert told(town, since=timedelta(days=7)).notes == ()
    assert told(town).notes != ()


def test_nobody_else_answers_it(town: Town) -> None:
    """A reply of another person with that token is held, and proves nothing of the coordinator."""
    attempt(town)
    town.reply(COORDINATOR, "ok", sender="who@elsewhere.example", kind=MailKind.TEST)
    town.read()

    assert town.inbox_states() == [InboundState.HELD]
    assert known(town).answered_at is None


def test_our_instance_name_alone_proves_nothing(town: Town) -> None:
    """Everybody who has a mail of ours knows it; without the token of the copy nothing has come back."""
    attempt(town)
    forged = EmailMessage(policy=SMTP)
    forged["From"], forged["To"], forged["Subject"] = OFFICE, OFFICE, "koeviesti"
    forged["X-Reminder-Instance"] = "tests"
    forged.set_content("I am the copy.\n")
    town.source.deliver(bytes(forged), when=town.clock.now())
    town.source.deliver(town.sent(COORDINATOR, MailKind.TEST)[-1].raw, when=town.clock.now())
    town.read()

    assert town.inbox_states() == [InboundState.IGNORED, InboundState.IGNORED]
    assert not known(town).is_proven


def test_a_partys_reply_proves_the_way_too(town: Town) -> None:
    """Where the copy never came, the first reply to a request ends the warning."""
    attempt(town)
    town.ask()
    assert told(town).warnings
    town.reply("kulttuuripaallikko@suvikoski.example", "1.1: vihreä")
    town.read()

    assert told(town).warnings == ()


def test_a_delivery_report_ends_the_wait_and_is_told(town: Town) -> None:
    """It says of which of our mails, by its token; what it says is shown until the coordinator answers."""

    class Bouncing(Loop):
        def send(self, envelope: Envelope, raw: bytes, *, before_dot: Callable[[], None]) -> SendOutcome:
            outcome = RecordingRelay.send(self, envelope, raw, before_dot=before_dot)
            if envelope.recipient == COORDINATOR:
                town.source.deliver(report(envelope.recipient, raw), when=town.clock.now())
            return outcome

    relay = Bouncing(town)
    town.relay, town.house = relay, replace(town.house, relay=relay)
    tried = attempt(town, wait=30.0)

    assert "5.1.1 unknown user" in tried.trial.returned
    assert tried.waited < 20
    assert "could not be delivered: " in told(town).warnings[0]


def test_a_second_try_within_the_hour_sends_nothing_twice(town: Town) -> None:
    """As after a kill in the wait: it only looks again, and finds the copy that has come meanwhile."""
    attempt(town)
    town.clock.advance(timedelta(minutes=20))
    town.source.deliver(town.sent("+", MailKind.TEST)[-1].raw, when=town.clock.now())
    again = attempt(town)
    town.clock.advance(timedelta(minutes=50))
    attempt(town)

    assert (again.is_again, again.trial.is_proven, again.seconds) == (True, True, None)
    assert len(town.sent(COORDINATOR, MailKind.TEST)) == 2


def test_what_had_not_left_is_written_anew(town: Town) -> None:
    """The relay was down: the next try sends both, once; what waited is cancelled."""
    town.relay.answers = {COORDINATOR: DOWN}
    first = attempt(town)
    town.relay.answers = {}
    town.clock.advance(timedelta(minutes=1))
    second = attempt(town)

    assert not first.has_left
    assert second.has_left
    assert len(town.sent(COORDINATOR, MailKind.TEST)) == 1
    assert sum(is_ours(mail.recipient) for mail in town.sent(kind=MailKind.TEST)) == 1
    states = [row.state for row in town.rows(MailKind.TEST)]
    assert sorted(states) == ["accepted", "accepted", "cancelled", "cancelled"]


def test_a_coordinator_whom_the_relay_refuses_is_named(town: Town) -> None:
    """The copy that has arrived stays known when the address was mended and it is tried again."""
    connect(town).answers = {COORDINATOR: REFUSED_FOR_GOOD}
    refused = attempt(town)
    town.relay.answers = {}
    town.clock.advance(timedelta(minutes=5))
    mended = attempt(town)

    assert [mail.state for mail in refused.mails] == [OutboxState.FAILED]
    assert "no such user" in refused.mails[0].text
    assert (mended.has_left, mended.trial.is_proven) == (True, True)
    assert sum(is_ours(mail.recipient) for mail in town.sent(kind=MailKind.TEST)) == 1


def test_killed_before_it_was_sent(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mails stand in the outbox; the next try sends them anew, and nobody gets two."""
    monkeypatch.setattr(trying, "deliver_test", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        attempt(town)
    monkeypatch.undo()
    connect(town)
    tried = attempt(town)

    assert tried.trial.is_proven
    assert len(town.sent(kind=MailKind.TEST)) == 2


def test_a_mailbox_that_cannot_be_read(town: Town) -> None:
    """Who must see it sends nothing; else the coordinator gets the mail all the same, and the reason is told."""
    connect(town, Broken())
    with pytest.raises(TemporaryFailure, match="so no test mail was sent: The server is not there"):
        attempt(town, must_see=True)
    assert town.sent() == []
    tried = attempt(town, wait=30.0)

    assert (tried.has_left, tried.blind, tried.trial.is_proven) == (True, "The server is not there.", False)


def test_armed_without_a_test_mail(town: Town) -> None:
    """What of it waits never leaves, and it is said until something comes back."""
    town.relay.answers = {COORDINATOR: DOWN}
    attempt(town)
    with town.house.store.begin() as conn:
        give_up_trial(conn, town.clock.now())
    town.arm()
    town.relay.answers = {}
    town.deliver()

    assert town.sent(kind=MailKind.TEST) == []
    with town.house.store.read() as conn:
        assert name_open_trial(conn) == "not sent"
    assert [told(town, language).warnings[0].split(" (")[0] for language in ("fi", "sv", "en")] == [
        "Palvelu käynnistettiin ilman koeviestiä",
        "Tjänsten startades utan provmejl",
        "Armed without a test mail",
    ]


def test_the_service_that_is_faster_is_believed(town: Town) -> None:
    """It has taken the copy out of the mailbox before `arm` looks: the database says so."""

    class Fast(Loop):
        def send(self, envelope: Envelope, raw: bytes, *, before_dot: Callable[[], None]) -> SendOutcome:
            outcome = super().send(envelope, raw, before_dot=before_dot)
            town.read()
            town.read()  # what was read is moved by the next pass
            return outcome

    relay = Fast(town)
    town.relay, town.house = relay, replace(town.house, relay=relay)

    assert attempt(town).trial.is_proven
    assert list(town.source.scan()[0].uids) == []


def report(recipient: str, raw: bytes) -> bytes:
    """A delivery status notification (RFC 3464) about a mail of ours."""
    status = f"Reporting-MTA: dns; mx.suvikoski.example\r\n\r\nFinal-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    status += "Diagnostic-Code: smtp; 550 5.1.1 unknown user\r\n"
    head = raw.partition(b"\r\n\r\n")[0].decode()
    return (
        "From: Mail Delivery System <MAILER-DAEMON@suvikoski.example>\r\nTo: " + OFFICE + "\r\nSubject: Undelivered Mail\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n"
        f"--b\r\nContent-Type: message/delivery-status\r\n\r\n{status}\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\n{head}\r\n\r\n--b--\r\n"
    ).encode()
