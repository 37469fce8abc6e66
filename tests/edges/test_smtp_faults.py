"""What becomes of a mail when the relay misbehaves: each row of the table in mail-protocol 2.1, and some more."""

from __future__ import annotations

import ssl
import threading
from pathlib import Path
from time import monotonic

import pytest

from reminder.domain.messages import Envelope
from reminder.edges.clock import SystemClock
from reminder.edges.ports import SendOutcome, SendResult
from reminder.edges.smtp import Security, SmtpRelay
from reminder.edges.smtp_phases import SmtpPhase, judge_reply
from reminder.errors import TemporaryFailure
from tests.edges.scripted import CLOSE, HANG, RESET, ScriptedSmtp, Talk
from tests.real_parts import HOST, free_port, make_certificate, smtp_sink

PARTY = Envelope(sender="seuranta@kunta.example", recipient="kulttuuri@kunta.example")
RAW = b"Subject: x\r\n\r\nbody\r\n"


def _relay(
    port: int, *, security: Security = "none", user: str = "", ca_file: Path | None = None, reply: float = 0.5, deadline: float = 60.0
) -> SmtpRelay:
    return SmtpRelay(
        host="localhost" if ca_file else HOST,
        port=port,
        security=security,
        user=user,
        password="sälä" if user else "",
        ca_file=ca_file,
        connect_timeout=0.6,
        reply_timeout=reply,
        dot_timeout=reply,
        attempt_deadline=deadline,
    )


def _send(relay: SmtpRelay, envelope: Envelope = PARTY, raw: bytes = RAW) -> tuple[SendOutcome, int]:
    calls: list[int] = []
    outcome = relay.send(envelope, raw, before_dot=lambda: calls.append(1))
    relay.close()
    return outcome, len(calls)


DOWN, REFUSED = SendResult.RELAY_DOWN, SendResult.RELAY_REFUSED
DEFERRED, FAILED, UNKNOWN = SendResult.DEFERRED, SendResult.FAILED, SendResult.UNKNOWN
ROWS = [
    ("connect", CLOSE, DOWN, 0),
    ("connect", RESET, DOWN, 0),
    ("connect", HANG, DOWN, 0),
    ("connect", "421 too busy\r\n", DOWN, 0),
    ("connect", "554 no service\r\n", REFUSED, 0),
    ("connect", "HTTP/1.1 400 Bad Request\r\n", REFUSED, 0),
    ("EHLO", CLOSE, DOWN, 0),
    ("EHLO", "550 go away\r\n", REFUSED, 0),
    ("MAIL", CLOSE, DOWN, 0),
    ("MAIL", HANG, DOWN, 0),
    ("MAIL", "421 slow down\r\n", DOWN, 0),
    ("MAIL", "452 no space\r\n", DOWN, 0),
    ("MAIL", "530 must log in\r\n", REFUSED, 0),
    ("MAIL", "550 5.7.60 not permitted to send as this sender\r\n", REFUSED, 0),
    ("RCPT", "421 slow down\r\n", DOWN, 0),
    ("RCPT", "450 greylisted\r\n", DEFERRED, 0),
    ("RCPT", "452 too many\r\n", DEFERRED, 0),
    ("RCPT", "550 5.1.1 unknown\r\n", FAILED, 0),
    ("RCPT", "530 5.7.0 must log in\r\n", REFUSED, 0),
    ("RCPT", "554 5.7.1 <a@b.example>: Relay access denied\r\n", REFUSED, 0),
    ("RCPT", "550 5.7.1 recipient accepts no mail from here\r\n", FAILED, 0),
    ("RCPT", CLOSE, DEFERRED, 0),
    ("RCPT", HANG, DEFERRED, 0),
    ("DATA", CLOSE, DEFERRED, 0),
    ("DATA", HANG, DEFERRED, 0),
    ("DATA", "451 not now\r\n", DEFERRED, 0),
    ("DATA", "554 no\r\n", FAILED, 0),
    ("DATA", "250 what\r\n", DEFERRED, 0),
    (".", CLOSE, UNKNOWN, 1),
    (".", RESET, UNKNOWN, 1),
    (".", HANG, UNKNOWN, 1),
    (".", "garbage\r\n", UNKNOWN, 1),
    (".", "451 not now\r\n", DEFERRED, 1),
    (".", "421 shutting down\r\n", DEFERRED, 1),
    (".", "552 too big\r\n", FAILED, 1),
    (".", "554 5.7.1 spam\r\n", FAILED, 1),
]


@pytest.mark.fault("S2", "S4", "S5", "S10")
@pytest.mark.parametrize(("verb", "answer", "expected", "dots"), ROWS, ids=lambda value: str(value).strip())
def test_each_answer_means_what_it_means_in_its_phase(verb: str, answer: str, expected: SendResult, dots: int) -> None:
    """Before the dot surely not sent, after it unknown; trouble of the relay is no trouble of the mail."""
    with ScriptedSmtp({verb: answer}) as server:
        outcome, called = _send(_relay(server.port))

    assert (outcome.result, called) == (expected, dots)
    assert outcome.text


@pytest.mark.parametrize(("verb", "answer", "expected", "dots"), [row for row in ROWS if row[0] in {"MAIL", "RCPT"}], ids=str)
def test_the_same_holds_where_commands_go_in_one_piece(verb: str, answer: str, expected: SendResult, dots: int) -> None:
    """PIPELINING (RFC 2920) changes no meaning: the phase is that of the answer which is waited for."""
    with ScriptedSmtp({"EHLO": "250-x\r\n250 PIPELINING\r\n", verb: answer}) as server:
        outcome, called = _send(_relay(server.port))

    assert (outcome.result, called) == (expected, dots)


@pytest.mark.fault("S14")
def test_a_lost_goodbye_does_not_unsend_a_mail() -> None:
    """250, then the relay resets the connection: the mail is accepted."""
    with ScriptedSmtp({"QUIT": RESET}) as server:
        outcome, _ = _send(_relay(server.port))

    assert outcome == SendOutcome(result=SendResult.ACCEPTED, code=250, text="taken")
    assert server.mails == [RAW]


def test_nobody_listening_is_a_relay_that_is_down() -> None:
    """A refused connection and an unknown host are matters of the relay."""
    assert _send(_relay(free_port()))[0].result is DOWN
    relay = SmtpRelay(host="no-such-host.invalid", port=25, security="none")
    assert _send(relay)[0].result is DOWN


@pytest.mark.fault("S13")
def test_a_reset_while_the_body_is_written_is_surely_not_sent() -> None:
    """Lost in the middle of DATA: the journal was not asked, the mail is tried again."""
    big = b"Subject: x\r\n\r\n" + b"line of text\r\n" * 800_000

    class Resetting(ScriptedSmtp):
        def take(self, talk: Talk) -> None:
            talk.say(RESET)

    with Resetting() as server:
        outcome, called = _send(_relay(server.port), raw=big)

    assert (outcome.result, called) == (DEFERRED, 0)


@pytest.mark.fault("S21")
def test_one_byte_a_second_does_not_hold_us() -> None:
    """Bytes that trickle in do not renew the time: the attempt ends by its deadline, in the phase that it has reached."""

    class Trickling(ScriptedSmtp):
        def converse(self, talk: Talk) -> None:
            for byte in "220 " + "x" * 100:
                talk.say(byte)
                SystemClock().sleep(0.1)

    started = monotonic()
    with Trickling() as server:
        outcome, _ = _send(_relay(server.port, reply=30.0, deadline=0.6))

    assert outcome.result is DOWN
    assert monotonic() - started < 5


def test_the_connection_is_used_again_and_cleaned_between_mails() -> None:
    """Three mails on one connection, with RSET in between; after the limit a new one is opened."""
    with ScriptedSmtp() as server:
        relay = SmtpRelay(host=HOST, port=server.port, security="none", mails_per_connection=3)
        results = [relay.send(PARTY, RAW, before_dot=lambda: None).result for _ in range(4)]
        relay.close()

        assert results == [SendResult.ACCEPTED] * 4
        assert server.connections == 2
        assert server.lines.count(b"RSET") == 2


@pytest.mark.parametrize("farewell", [CLOSE, "421 idle too long\r\n"])
@pytest.mark.parametrize("extension", ["8BITMIME", "PIPELINING"])
def test_a_connection_that_the_relay_has_closed_is_made_anew(farewell: str, extension: str) -> None:
    """Many relays hang up when nothing is said for a while; the next mail does not suffer for it."""
    with ScriptedSmtp({"EHLO": f"250-x\r\n250 {extension}\r\n", "RSET": farewell}) as server:
        relay = _relay(server.port)
        first = relay.send(PARTY, RAW, before_dot=lambda: None).result
        second = relay.send(PARTY, RAW, before_dot=lambda: None).result
        relay.close()

        assert [first, second] == [SendResult.ACCEPTED] * 2
        assert server.connections == 2


def test_closing_from_another_thread_cuts_what_waits_for_the_dot() -> None:
    """At shutdown a mail whose dot was not answered becomes unknown, and no QUIT is written between its lines."""

    class Listening(ScriptedSmtp):
        def take(self, talk: Talk) -> None:
            while talk.hear() != b".":
                pass
            talk.hear()

    with Listening() as server:
        relay = _relay(server.port, reply=30.0)
        timer = threading.Timer(0.3, relay.close)
        timer.start()
        outcome = relay.send(PARTY, RAW, before_dot=lambda: None)
        timer.join()

    assert outcome.result is UNKNOWN
    assert b"QUIT" not in server.lines


def test_a_failing_journal_ends_the_connection_without_the_dot() -> None:
    """Whatever `before_dot` raises passes; the server has seen the body and no dot."""

    class LeaseLost(Exception):
        pass

    def fail() -> None:
        raise LeaseLost

    with ScriptedSmtp() as server:
        relay = _relay(server.port)
        with pytest.raises(LeaseLost):
            relay.send(PARTY, RAW, before_dot=fail)

    assert server.mails == []
    assert b"." not in server.lines


@pytest.mark.fault("S7")
def test_a_wrong_password_is_a_matter_of_configuration() -> None:
    """535 pauses the queue instead of burning the mails; a login that fails for the moment does not."""
    with ScriptedSmtp({"EHLO": "250-x\r\n250 AUTH PLAIN\r\n", "AUTH": "535 5.7.8 no\r\n"}) as server:
        outcome, _ = _send(_relay(server.port, user="seuranta"))
    assert (outcome.result, outcome.code) == (REFUSED, 535)

    with ScriptedSmtp({"EHLO": "250-x\r\n250 AUTH PLAIN\r\n", "AUTH": "454 try later\r\n"}) as server:
        assert _send(_relay(server.port, user="seuranta"))[0].result is DOWN


def test_a_relay_without_a_usable_login_is_refused() -> None:
    """Where a user is configured nothing goes out without it."""
    for greeting in ("250 x\r\n", "250-x\r\n250 AUTH CRAM-MD5\r\n"):
        with ScriptedSmtp({"EHLO": greeting}) as server:
            assert _send(_relay(server.port, user="seuranta"))[0].result is REFUSED


def test_a_password_with_umlauts_logs_in() -> None:
    """PLAIN and LOGIN are sent in UTF-8 (RFC 4616)."""
    with ScriptedSmtp({"EHLO": "250-x\r\n250 AUTH PLAIN LOGIN\r\n"}) as server:
        assert _send(_relay(server.port, user="seuranta"))[0].result is SendResult.ACCEPTED
    assert b"AUTH PLAIN AHNldXJhbnRhAHPDpGzDpA==" in server.lines


def test_smtputf8_is_used_only_where_needed() -> None:
    """An international domain goes in its ASCII form; an international local part needs the extension, or fails."""
    domain = Envelope(sender=PARTY.sender, recipient="kulttuuri@sälä.example")
    local = Envelope(sender=PARTY.sender, recipient="työ@kunta.example")
    with ScriptedSmtp({"EHLO": "250-x\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n"}) as server:
        _send(_relay(server.port), domain)
        _send(_relay(server.port), local)
    assert b"RCPT TO:<kulttuuri@xn--sl-viab.example>" in server.lines
    assert [line for line in server.lines if line.startswith(b"MAIL")] == [
        b"MAIL FROM:<seuranta@kunta.example>",
        b"MAIL FROM:<seuranta@kunta.example> SMTPUTF8",
    ]
    assert "RCPT TO:<työ@kunta.example>".encode() in server.lines

    with ScriptedSmtp() as server:
        assert _send(_relay(server.port), local)[0].result is FAILED


def test_a_mail_beyond_the_announced_size_fails_alone() -> None:
    """SIZE is compared here: a refusal at MAIL would look like trouble with the relay."""
    with ScriptedSmtp({"EHLO": "250-x\r\n250 SIZE 10\r\n"}) as server:
        outcome, _ = _send(_relay(server.port))

    assert outcome.result is FAILED
    assert not [line for line in server.lines if line.startswith(b"MAIL")]


def _tls(folder: Path, *names: str) -> tuple[Path, ssl.SSLContext]:
    certificate, key = make_certificate(folder, *names)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return certificate, context


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_tls_with_a_known_certificate_works(tmp_path: Path, security: Security) -> None:
    """Both ways of hiding the connection; what was offered before STARTTLS is asked for again."""
    certificate, context = _tls(tmp_path)
    with ScriptedSmtp({"EHLO": "250-x\r\n250 STARTTLS\r\n"}, context=context, implicit=security == "tls") as server:
        outcome, _ = _send(_relay(server.port, security=security, ca_file=certificate))
        notes = _relay(server.port, security=security, ca_file=certificate).check()

    assert outcome.result is SendResult.ACCEPTED
    assert "certificate verified" in notes[0]


@pytest.mark.fault("S9")
@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_wrong_certificate_is_refused(tmp_path: Path, security: Security) -> None:
    """One for another name, and one that nobody we know has signed: nothing is sent."""
    certificate, context = _tls(tmp_path, "other.example")
    for ca_file in (certificate, None):
        with ScriptedSmtp({"EHLO": "250-x\r\n250 STARTTLS\r\n"}, context=context, implicit=security == "tls") as server:
            outcome, called = _send(_relay(server.port, security=security, ca_file=ca_file))
        assert (outcome.result, called, server.mails) == (REFUSED, 0, [])
        assert "certificate" in outcome.text


def test_tls_to_a_server_without_it_is_refused(tmp_path: Path) -> None:
    """TLS spoken to a plain port is a matter of configuration."""
    certificate, _ = _tls(tmp_path)
    with ScriptedSmtp() as server:
        assert _send(_relay(server.port, security="tls", ca_file=certificate))[0].result is REFUSED


@pytest.mark.fault("S8")
def test_starttls_is_never_stripped(tmp_path: Path) -> None:
    """Not offered, answered with an error, or with words put in front of the handshake: neither mail nor password goes in clear."""
    certificate, _ = _tls(tmp_path)
    scripts: list[dict[str, str | list[str]]] = [
        {},
        {"EHLO": "250-x\r\n250 STARTTLS\r\n", "STARTTLS": "502 no\r\n"},
        {"EHLO": "250-x\r\n250 STARTTLS\r\n", "STARTTLS": "220 ready\r\n250-x\r\n250 AUTH PLAIN\r\n"},
    ]
    for script in scripts:
        with ScriptedSmtp(script) as server:
            outcome, _ = _send(_relay(server.port, security="starttls", ca_file=certificate, user="seuranta"))
        assert outcome.result is REFUSED
        assert not [line for line in server.lines if line.startswith((b"AUTH", b"MAIL"))]


@pytest.mark.fault("S8")
def test_words_in_front_of_the_handshake_are_not_believed(tmp_path: Path) -> None:
    """Somebody in between adds answers in clear to the 220 of STARTTLS, and the handshake then succeeds: nothing is sent."""
    certificate, context = _tls(tmp_path)
    injected = {"EHLO": "250-x\r\n250 STARTTLS\r\n", "STARTTLS": "220 ready\r\n250 injected\r\n"}
    with ScriptedSmtp(injected, context=context) as server:
        outcome, _ = _send(_relay(server.port, security="starttls", ca_file=certificate))

    assert (outcome.result, server.mails) == (REFUSED, [])


def test_check_tells_what_it_found_and_sends_nothing() -> None:
    """`check --connect` speaks plainly in both cases."""
    with ScriptedSmtp({"EHLO": "250-x\r\n250-SIZE 1000\r\n250 8BITMIME\r\n"}) as server:
        notes = _relay(server.port).check()
        assert notes[1:] == ("no login", "the relay offers: 8BITMIME SIZE")
        assert not [line for line in server.lines if line.startswith(b"MAIL")]

    with pytest.raises(TemporaryFailure, match="cannot be used"):
        _relay(free_port()).check()


def test_a_code_that_is_no_reply_never_counts_as_sent() -> None:
    """For every phase and every code: accepted is not among what a refusal can mean, and before the dot nothing is unknown."""
    for phase in SmtpPhase:
        for code in (-1, *range(200, 600)):
            result = judge_reply(phase, code, "")
            assert result is not SendResult.ACCEPTED
            assert (result is SendResult.UNKNOWN) <= (phase is SmtpPhase.DOT)


@pytest.mark.real
@pytest.mark.parametrize(
    ("switches", "expected"),
    [
        (("-r", "MAIL"), DOWN),
        (("-r", "RCPT"), DEFERRED),
        (("-r", "DATA"), DEFERRED),
        (("-r", "."), DEFERRED),
        (("-f", "MAIL"), REFUSED),
        (("-f", "RCPT"), FAILED),
        (("-f", "DATA"), FAILED),
        (("-f", "."), FAILED),
        (("-q", "CONNECT"), DOWN),
        (("-q", "MAIL"), DOWN),
        (("-q", "RCPT"), DEFERRED),
        (("-q", "DATA"), DEFERRED),
        (("-q", "."), UNKNOWN),
        (("-w", "3"), DEFERRED),  # slow to answer DATA: the dot was never sent
        (("-W", ".:3"), UNKNOWN),  # slow to answer the dot
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else str(value),
)
def test_postfix_smtp_sink_misbehaves(switches: tuple[str, ...], expected: SendResult) -> None:
    """The fault switches of Postfix's own sink, over a real connection."""
    with smtp_sink(*switches) as sink:
        assert _send(_relay(sink.port))[0].result is expected
