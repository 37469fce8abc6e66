"""What every relay promises: in memory, SMTP to aiosmtpd, SMTP to a real smtp-sink, and Microsoft Graph over TLS.

Graph takes the recipient from the mail itself, so that every mail here names it, and puts the mailbox into the envelope as the sender,
whatever ours is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from reminder.domain.messages import Envelope
from reminder.edges.clock import SystemClock
from reminder.edges.ports import Relay, SendResult
from reminder.edges.smtp import SmtpRelay
from reminder.sandbox.servers import MailWorld
from reminder.simulation.fates import Fates
from reminder.simulation.relay import SimulatedRelay
from reminder.simulation.town import BEGIN
from reminder.simulation.world import World
from tests.edges.graph_endpoint import GraphEndpoint
from tests.edges.token_endpoint import TokenEndpoint
from tests.fakes import RecordingRelay
from tests.real_parts import HOST, smtp_sink

PARTY = Envelope(sender="seuranta@kunta.example", recipient="kulttuuri@kunta.example")
RAW = b"To: kulttuuri@kunta.example\r\nSubject: Pyynt=?utf-8?q?=C3=B6?=\r\n\r\n.dot\r\n..\r\n.\r\nend\r\n"


@dataclass
class Post:
    """A relay, and what has arrived behind it."""

    relay: Relay
    taken: Callable[[], list[bytes]]
    is_exact: bool = True
    yes: int = 250
    """The code of acceptance."""

    def arrived(self, count: int) -> list[bytes]:
        """The bytes of every mail that was taken, in order. smtp-sink removes the file of a broken mail a moment later."""
        for _ in range(100):
            if len(self.taken()) == count:
                break
            SystemClock().sleep(0.02)
        return self.taken()


@pytest.fixture(params=["recording", "simulated", "aiosmtpd", "graph", pytest.param("smtp-sink", marks=pytest.mark.real)])
def post(request: pytest.FixtureRequest) -> Iterator[Post]:
    """Each kind of relay in turn."""
    if request.param == "recording":
        relay = RecordingRelay()
        yield Post(relay, lambda: [mail.raw for mail in relay.taken])
    elif request.param == "simulated":
        simulated = World(Fates.calm(), BEGIN)
        yield Post(
            SimulatedRelay(simulated, simulated.start(), "tests", lambda talk: None), lambda: [talk.raw for talk in simulated.journal.taken]
        )
    elif request.param == "aiosmtpd":
        world: MailWorld = request.getfixturevalue("world")
        smtp = SmtpRelay(host=HOST, port=world.smtp_port, security="none")
        yield Post(smtp, lambda: [mail.raw for mail in world.sent])
        smtp.close()
    elif request.param == "graph":
        graph: GraphEndpoint = request.getfixturevalue("graph")
        endpoint: TokenEndpoint = request.getfixturevalue("endpoint")
        yield Post(graph.relay(endpoint.tokens()), lambda: graph.taken, yes=202)
    else:
        with smtp_sink() as sink:
            smtp = SmtpRelay(host=HOST, port=sink.port, security="none")
            # smtp-sink writes headers of its own in front, and LF line ends.
            yield Post(smtp, sink.mails, is_exact=False)
            smtp.close()


def _count_dots() -> tuple[list[int], Callable[[], None]]:
    calls: list[int] = []
    return calls, lambda: calls.append(1)


def test_an_accepted_mail_arrives_to_the_byte(post: Post) -> None:
    """Dots at the beginning of lines survive, nothing is added at the end, and the journal is asked once."""
    calls, before_dot = _count_dots()

    outcome = post.relay.send(PARTY, RAW, before_dot=before_dot)

    assert outcome.result is SendResult.ACCEPTED
    assert outcome.code == post.yes
    assert calls == [1]
    (arrived,) = post.arrived(1)
    if post.is_exact:
        assert arrived == RAW
    else:
        assert arrived.rstrip(b"\n").endswith(RAW.replace(b"\r\n", b"\n").rstrip(b"\n"))


def test_nothing_is_sent_where_the_journal_fails(post: Post) -> None:
    """What `before_dot` raises passes as it is; the relay gets no dot; the next mail goes out on a new connection."""

    def fail() -> None:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        post.relay.send(PARTY, RAW, before_dot=fail)

    assert post.arrived(0) == []
    assert post.relay.send(PARTY, RAW, before_dot=lambda: None).result is SendResult.ACCEPTED
    assert len(post.arrived(1)) == 1


def test_many_mails_go_out_one_after_the_other(post: Post) -> None:
    """Each mail is a transaction of its own."""
    for number in range(5):
        raw = f"To: {PARTY.recipient}\r\nSubject: {number}\r\n\r\nNumber {number}.\r\n".encode()
        assert post.relay.send(PARTY, raw, before_dot=lambda: None).result is SendResult.ACCEPTED

    assert len(post.arrived(5)) == 5


@pytest.mark.parametrize("recipient", ["", "a@kunta.example\r\nRCPT TO:<b@kunta.example>", "a b@kunta.example", "a>@kunta.example"])
def test_an_unsound_address_never_reaches_the_wire(post: Post, recipient: str) -> None:
    """It can never be sent, so it fails at once, without the journal."""
    calls, before_dot = _count_dots()

    outcome = post.relay.send(Envelope(sender="", recipient=recipient), RAW, before_dot=before_dot)

    assert outcome.result is SendResult.FAILED
    assert calls == []
    assert post.arrived(0) == []


@pytest.mark.parametrize(
    "raw", [b"Subject: x\n\nbare\n", b"Subject: x\r\n\r\na\r.\r\n", b"Subject: x\r\n\r\na\n.\r\nMAIL FROM:<x@y.example>\r\n"]
)
def test_bare_line_ends_are_refused(post: Post, raw: bytes) -> None:
    """Servers disagree on a bare CR or LF, which is how one mail is smuggled in as two."""
    outcome = post.relay.send(PARTY, raw, before_dot=lambda: None)

    assert outcome.result is SendResult.FAILED
    assert post.arrived(0) == []


def test_the_null_sender_is_allowed(post: Post) -> None:
    """RFC 5321, 4.5.5: an automatic answer may have no return path."""
    outcome = post.relay.send(Envelope(sender="", recipient=PARTY.recipient), RAW, before_dot=lambda: None)

    assert outcome.result is SendResult.ACCEPTED


def test_a_closed_relay_opens_again(post: Post) -> None:
    """Closing twice is harmless."""
    post.relay.send(PARTY, RAW, before_dot=lambda: None)

    post.relay.close()
    post.relay.close()

    assert post.relay.send(PARTY, RAW, before_dot=lambda: None).result is SendResult.ACCEPTED
    assert len(post.arrived(2)) == 2


def test_a_refused_recipient_fails_alone(world: MailWorld) -> None:
    """550 at RCPT is permanent for this mail; the connection goes on with the next."""
    relay = SmtpRelay(host=HOST, port=world.smtp_port, security="none")
    calls, before_dot = _count_dots()

    refused = relay.send(Envelope(sender=PARTY.sender, recipient="poissa@kunta.example"), RAW, before_dot=before_dot)
    taken = relay.send(PARTY, RAW, before_dot=lambda: None)
    relay.close()

    assert (refused.result, refused.code, refused.text) == (SendResult.FAILED, 550, "5.1.1 no such user")
    assert calls == []
    assert taken.result is SendResult.ACCEPTED


def test_mail_to_our_own_address_comes_in(world: MailWorld) -> None:
    """The embedded world delivers a mail for the service into its INBOX, with the trace headers of a delivery."""
    relay = SmtpRelay(host=HOST, port=world.smtp_port, security="none")

    relay.send(Envelope(sender="x@party.example", recipient="Seuranta+TOKEN@kunta.example"), RAW, before_dot=lambda: None)
    relay.close()

    assert [mail.recipient for mail in world.sent] == ["Seuranta+TOKEN@kunta.example"]
