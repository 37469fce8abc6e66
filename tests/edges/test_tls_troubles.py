"""A connection that cannot be trusted gets nothing secret, and the text says what to do: the same troubles for SMTP and for IMAP."""

from __future__ import annotations

import base64
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from reminder.domain.messages import Envelope
from reminder.edges.graph import GraphRelay
from reminder.edges.imap import ImapSource
from reminder.edges.oauth import ClientSecret, TokenClient, TokenTrouble
from reminder.edges.ports import SendResult
from reminder.edges.smtp import Security as SmtpSecurity
from reminder.edges.smtp import SmtpRelay
from reminder.errors import TemporaryFailure
from tests.edges.scripted import CLOSE, Scripted, ScriptedImap, ScriptedSmtp, Talk
from tests.signing_keys import ec_key, key_pem

HOST = "localhost"
USER, SECRET = "seuranta", "kanarie-tls-Zq81vX"
PROTOCOLS = ["SMTP", "IMAP"]
LONG_AGO, LONG_AHEAD = datetime(2020, 1, 1, tzinfo=UTC), datetime(2120, 1, 1, tzinfo=UTC)


class Tls:
    """A certificate of its own for a server, and where it lies."""

    def __init__(self, folder: Path, *, name: str = HOST, begins_at: datetime = LONG_AGO, ends_at: datetime = LONG_AHEAD) -> None:
        self.path, key = folder / "certificate.pem", folder / "key.pem"
        named = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        builder = x509.CertificateBuilder().subject_name(named).issuer_name(named).public_key(ec_key().public_key()).serial_number(1)
        builder = builder.not_valid_before(begins_at).not_valid_after(ends_at)
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        self.path.write_bytes(builder.sign(ec_key(), hashes.SHA256()).public_bytes(Encoding.PEM))
        key.write_bytes(key_pem(ec_key()))
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(self.path, key)


class _ImapOfThisKind(ScriptedImap):
    """Hidden from the start, or after STARTTLS, to whose answer `behind` is added in clear; with `refuses` it says NO."""

    def __init__(
        self, context: ssl.SSLContext | None, *, implicit: bool, offers: bool, refuses: bool, behind: bytes, greeting: str
    ) -> None:
        super().__init__(self._answer_starttls, before_login=f"IMAP4rev1{' STARTTLS' if offers else ''}")
        self._context, self._implicit, self._refuses = context, implicit, refuses
        self._behind, self._greeting = behind, greeting

    def converse(self, talk: Talk) -> None:
        """As its kind is."""
        if self._implicit and self._context is not None:
            talk.hide(self._context)
        super().converse(_Greeting(talk, self._greeting) if self._greeting else talk)

    def _answer_starttls(self, talk: Talk, tag: bytes, command: bytes) -> bool:
        if command.upper() != b"STARTTLS":
            return False
        talk.say(tag + (b" NO not now\r\n" if self._refuses else b" OK begin\r\n" + self._behind))
        if self._context is None:
            talk.say(CLOSE)
        elif not self._refuses:
            talk.hide(self._context)
        return True


class _Greeting(Talk):
    """A connection whose greeting is another one."""

    def __init__(self, talk: Talk, greeting: str) -> None:
        super().__init__(talk.server, talk.sock)
        self._greeting = greeting

    def say(self, text: str | bytes) -> None:
        """The greeting once, then as it is."""
        text, self._greeting = self._greeting or text, ""
        super().say(text)


def make_server(
    protocol: str,
    context: ssl.SSLContext | None,
    *,
    implicit: bool = False,
    offers: bool = True,
    refuses: bool = False,
    behind: str = "",
    greeting: str = "",
) -> Scripted:
    """A server of the protocol that offers to log in, hidden or not."""
    if protocol == "IMAP":
        return _ImapOfThisKind(context, implicit=implicit, offers=offers, refuses=refuses, behind=behind.encode(), greeting=greeting)
    answers: dict[str, str | list[str]] = {"EHLO": f"250-x\r\n{'250-STARTTLS' if offers else '250-8BITMIME'}\r\n250 AUTH PLAIN LOGIN\r\n"}
    answers["STARTTLS"] = "502 not now\r\n" if refuses else f"220 ready\r\n{behind}"
    return ScriptedSmtp(answers, context=context, implicit=implicit)


def try_it(protocol: str, port: int, security: str, ca_file: Path | None) -> str:
    """What `check --connect` and the log say; the same words where a mail is sent."""
    kind: SmtpSecurity = "tls" if security == "tls" else "starttls"
    if protocol == "IMAP":
        source = ImapSource(host=HOST, port=port, security=kind, user=USER, password=SECRET, ca_file=ca_file, timeout=5.0)
        with pytest.raises(TemporaryFailure) as failure:
            source.check()
        with pytest.raises(TemporaryFailure) as again:
            source.scan()
        assert str(again.value) == str(failure.value)
        return str(failure.value)
    relay = SmtpRelay(host=HOST, port=port, security=kind, user=USER, password=SECRET, ca_file=ca_file, reply_timeout=5.0)
    with pytest.raises(TemporaryFailure) as failure:
        relay.check()
    outcome = relay.send(Envelope(sender="a@suvikoski.example", recipient="b@suvikoski.example"), b"A: b\r\n\r\nc\r\n", before_dot=_no_dot)
    assert outcome.result is SendResult.RELAY_REFUSED
    assert outcome.text in str(failure.value)
    return str(failure.value)


def _no_dot() -> None:
    raise AssertionError("the dot must not be reached")


@contextmanager
def nothing_secret(server: Scripted) -> Iterator[Scripted]:
    """Whatever happens inside, the server was told neither password nor mail."""
    with server:
        yield server
    heard = b"\n".join(server.lines)
    plain = base64.b64encode(f"\0{USER}\0{SECRET}".encode())
    assert server.connections
    assert not [word for word in (SECRET.encode(), base64.b64encode(SECRET.encode()), plain, USER.encode()) if word in heard]
    assert not [line for line in server.lines if line.upper().startswith((b"AUTH", b"MAIL FROM")) or b"LOGIN" in line.upper()]


Make = Callable[[Path], Tls]
WRONG: dict[str, tuple[Make, bool, str, str]] = {
    "expired": (lambda folder: Tls(folder, ends_at=LONG_AGO + timedelta(days=1)), True, "has expired", "renewed on the server"),
    "not yet valid": (
        lambda folder: Tls(folder, begins_at=LONG_AHEAD - timedelta(days=1)),
        True,
        "not valid yet",
        "the clock of this machine",
    ),
    "another name": (lambda folder: Tls(folder, name="other.example"), True, "is for another name", "REMINDER_{}_HOST"),
    "of nobody we know": (lambda folder: Tls(folder), False, "is signed by nobody that this machine knows", "REMINDER_CA_FILE"),
}


@pytest.mark.fault("S9")
@pytest.mark.parametrize("trouble", WRONG)
@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_wrong_certificate_is_told_with_its_remedy(tmp_path: Path, protocol: str, security: str, trouble: str) -> None:
    """Each has its own words and its own advice."""
    make, is_known, words, advice = WRONG[trouble]
    tls = make(tmp_path)
    with nothing_secret(make_server(protocol, tls.context, implicit=security == "tls")) as server:
        told = try_it(protocol, server.port, security, tls.path if is_known else None)
    assert f"The certificate of {HOST} " in told
    assert words in told
    assert advice.format(protocol) in told


@pytest.mark.fault("S8")
@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_starttls_that_was_taken_away_or_refused_ends_the_talk(tmp_path: Path, protocol: str) -> None:
    """Not offered: perhaps taken away; offered and refused: a matter of the server."""
    tls = Tls(tmp_path)
    with nothing_secret(make_server(protocol, tls.context, offers=False)) as server:
        stripped = try_it(protocol, server.port, "starttls", tls.path)
    with nothing_secret(make_server(protocol, tls.context, refuses=True)) as server:
        refused = try_it(protocol, server.port, "starttls", tls.path)

    assert "does not offer STARTTLS, which is required here" in stripped
    assert f"REMINDER_{protocol}_SECURITY=tls" in stripped
    assert "offers STARTTLS and refuses it" in refused


@pytest.mark.fault("S8")
@pytest.mark.parametrize("completes", [True, False])
@pytest.mark.parametrize(
    ("protocol", "behind"),
    [
        ("SMTP", "250-x\r\n250 AUTH PLAIN\r\n"),
        ("IMAP", "* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n"),
        ("IMAP", "* 99 EXISTS\r\nXXXX1 OK done\r\n"),
    ],
    ids=["smtp", "imap", "imap-stray"],
)
def test_words_behind_the_answer_to_starttls_are_a_sign_of_somebody_in_between(
    tmp_path: Path, protocol: str, behind: str, completes: bool
) -> None:
    """CVE-2011-0411 and its relatives: bytes in clear, read as if they had come encrypted. The handshake may succeed or not."""
    tls = Tls(tmp_path)
    with nothing_secret(make_server(protocol, tls.context if completes else None, behind=behind)) as server:
        told = try_it(protocol, server.port, "starttls", tls.path)
    assert "Bytes were put in front of the TLS handshake; somebody may be in between" in told


@pytest.mark.fault("S8")
def test_a_greeting_that_lets_us_in_before_tls_is_not_followed(tmp_path: Path) -> None:
    """IMAP's PREAUTH in clear would make STARTTLS impossible, and what we read then could be anybody's."""
    tls = Tls(tmp_path)
    with nothing_secret(make_server("IMAP", tls.context, greeting="* PREAUTH welcome\r\n")) as server:
        told = try_it("IMAP", server.port, "starttls", tls.path)
    assert "somebody may be in between" in told


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_tls_on_a_port_that_does_not_speak_it_is_told(tmp_path: Path, protocol: str) -> None:
    """587 and 143 instead of 465 and 993."""
    with nothing_secret(make_server(protocol, None)) as server:
        told = try_it(protocol, server.port, "tls", None)
    assert "does not speak TLS at once on this port" in told
    assert f"REMINDER_{protocol}_SECURITY=starttls" in told


class _Secure(Scripted):
    """A server for https, or one of another kind on its port."""

    def __init__(self, context: ssl.SSLContext | None) -> None:
        super().__init__()
        self._context = context

    def converse(self, talk: Talk) -> None:
        """Nobody gets further than the handshake."""
        if self._context is None:
            talk.say("220 another protocol\r\n")
            talk.hear()
            return
        talk.hide(self._context)
        talk.hear()


class _OneToken:
    """A token without an endpoint."""

    def token(self) -> str:
        """The canary."""
        return SECRET

    def forget(self) -> None:
        """Nothing."""


def try_https(address: str, port: int, ca_file: Path | None) -> str:
    """What `check --connect` says, and the log where a mail is sent, of the endpoint that this setting names."""
    url = f"https://{HOST}:{port}/v1.0"
    if address == "REMINDER_OAUTH2_TOKEN_URL":
        credential = ClientSecret(client_id=USER, client_secret=SECRET)
        with pytest.raises(TokenTrouble) as refused:
            TokenClient(url=url, credential=credential, scope="", ca_file=ca_file).token()
        return f"{refused.value}"
    relay = GraphRelay(url=url, mailbox="a@suvikoski.example", tokens=_OneToken(), ca_file=ca_file)
    with pytest.raises(TemporaryFailure) as failure:
        relay.check()
    mail = b"To: b@suvikoski.example\r\n\r\nc\r\n"
    outcome = relay.send(Envelope(sender="a@suvikoski.example", recipient="b@suvikoski.example"), mail, before_dot=_no_dot)
    assert outcome.result in {SendResult.RELAY_REFUSED, SendResult.RELAY_DOWN}
    assert outcome.text in str(failure.value)
    return str(failure.value)


ADDRESSES = ["REMINDER_GRAPH_URL", "REMINDER_OAUTH2_TOKEN_URL"]


@pytest.mark.fault("S9")
@pytest.mark.parametrize("trouble", WRONG)
@pytest.mark.parametrize("address", ADDRESSES)
def test_graph_and_the_token_endpoint_are_told_in_the_same_words(tmp_path: Path, address: str, trouble: str) -> None:
    """The setting is the one that holds the address; neither secret nor token nor mail was said."""
    make, is_known, words, advice = WRONG[trouble]
    tls = make(tmp_path)
    with nothing_secret(_Secure(tls.context)) as server:
        told = try_https(address, server.port, tls.path if is_known else None)
    assert f"The certificate of {HOST} " in told
    assert words in told
    assert advice.replace("REMINDER_{}_HOST", address) in told


@pytest.mark.fault("S9")
@pytest.mark.parametrize("address", ADDRESSES)
def test_a_server_that_speaks_no_https_is_told(address: str) -> None:
    """Such as a proxy in between, or a wrong port."""
    with nothing_secret(_Secure(None)) as server:
        told = try_https(address, server.port, None)
    assert f"does not speak TLS on this port. Look at {address}" in told
