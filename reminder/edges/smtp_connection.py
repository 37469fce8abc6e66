"""One SMTP connection with deadlines, whose DATA writer stops before the final dot.

`smtplib` writes the body and the dot in one call and resets its timeout with every byte that arrives, so that a relay of one byte a
second holds it for ever. Reading EHLO is taken from it; replies, sending and TLS are ours.
"""

from __future__ import annotations

import base64
import re
import smtplib
import socket
import ssl
from contextlib import suppress
from time import monotonic

from reminder.edges.oauth import choose_mechanism, first_answer, last_answer
from reminder.edges.ports import SendResult
from reminder.edges.tls_words import INJECTED, NOT_OFFERED

_CHUNK = 65_536
_LINE_LIMIT = 8_192
_LINES_LIMIT = 500
_TEXT_LIMIT = 500


class RelayRefuses(smtplib.SMTPException):
    """The relay said no, or what it offers does not suffice. `result` is what that means for the mail."""

    def __init__(self, result: SendResult, text: str, code: int | None = None) -> None:
        super().__init__(text)
        self.result = result
        self.text = text
        self.code = code


class SmtpConnection(smtplib.SMTP):
    """A connection to the relay. Every wait ends at `until`, a moment of `time.monotonic` that the user of the class sets."""

    def __init__(self, *, host: str, port: int, local_hostname: str) -> None:
        # An empty host keeps smtplib from connecting; the name keeps it from asking DNS who we are.
        super().__init__(host="", local_hostname=local_hostname or "localhost")
        self._names_itself = bool(local_hostname)
        self._peer = (host, port)
        self._pending = bytearray()
        self.until = monotonic()

    @property
    def is_encrypted(self) -> bool:
        """Whether what is said now is hidden from the network."""
        return isinstance(self.sock, ssl.SSLSocket)

    def open(self, context: ssl.SSLContext | None) -> None:
        """Connects; with a context, TLS comes first (RFC 8314). Raises OSError."""
        host = self._peer[0]
        sock = socket.create_connection(self._peer, self._seconds_left())
        # The body and the dot are two writes: without this, Nagle's algorithm and delayed ACK cost 40 ms a mail.
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if not self._names_itself:
            # RFC 5321, 4.1.4: a client without a meaningful name gives an address literal.
            self.local_hostname = _address_literal(sock)
        self.sock = sock
        if context is not None:
            self.sock = context.wrap_socket(sock, server_hostname=host)

    def cut(self) -> None:
        """Ends the connection under the hands of another thread, which then sees it as lost."""
        sock = self.sock
        if sock is not None:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def start_tls(self, context: ssl.SSLContext) -> None:
        """STARTTLS (RFC 3207). What the relay said before is forgotten; bytes sent ahead in clear end the connection."""
        if not self.has_extn("starttls"):
            raise RelayRefuses(SendResult.RELAY_REFUSED, f"The relay {NOT_OFFERED.format(setting='REMINDER_SMTP')}")
        code, text = self.docmd("STARTTLS")
        if code != 220:
            result = SendResult.RELAY_DOWN if 400 <= code < 500 else SendResult.RELAY_REFUSED
            raise RelayRefuses(result, f"The relay offers STARTTLS and refuses it: {plain_text(text)}", code)
        if self._pending:
            raise RelayRefuses(SendResult.RELAY_REFUSED, INJECTED)
        sock = self._socket()
        sock.settimeout(self._seconds_left())
        self.sock = context.wrap_socket(sock, server_hostname=self._peer[0])
        self.esmtp_features = {}
        self.does_esmtp = False
        self.ehlo_resp = None

    def authenticate(self, user: str, password: str) -> tuple[int, str]:
        """AUTH PLAIN or LOGIN (RFC 4954), in UTF-8: `smtplib` fails on a password with an ä. The last reply is returned."""
        offered = self.esmtp_features.get("auth", "").upper().split()
        if "PLAIN" in offered:
            code, text = self.docmd("AUTH", "PLAIN " + _base64(f"\0{user}\0{password}"))
            return code, plain_text(text)
        if "LOGIN" not in offered:
            ways = " ".join(offered) or "none"
            raise RelayRefuses(SendResult.RELAY_REFUSED, f"The relay does not offer to log in by PLAIN or LOGIN (it offers: {ways}).")
        code, text = self.docmd("AUTH", "LOGIN")
        for answer in (user, password):
            if code == 334:
                code, text = self.docmd(_base64(answer))
        return code, plain_text(text)

    def authenticate_by_token(self, user: str, token: str) -> tuple[int, str]:
        """AUTH XOAUTH2 or OAUTHBEARER with the token at once. After a failure the server tells details first (334), and its refusal
        comes when they are answered. The last reply is returned."""
        offered = frozenset(self.esmtp_features.get("auth", "").upper().split())
        mechanism = choose_mechanism(offered)
        if not mechanism:
            ways = " ".join(sorted(offered)) or "none"
            raise RelayRefuses(SendResult.RELAY_REFUSED, f"The relay does not offer to log in by OAuth2 (it offers: {ways}).")
        code, text = self.docmd("AUTH", f"{mechanism} {first_answer(mechanism, user, token)}")
        if code == 334:
            code, text = self.docmd(last_answer(mechanism))
        return code, plain_text(text)

    def write_body(self, raw: bytes, *, seconds: float) -> None:
        """The mail after 354, dot-stuffed, without the final dot; each 64 kB have so many seconds, within the attempt."""
        stuffed = re.sub(rb"(?m)^\.", b"..", raw)
        last = self.until
        for start in range(0, len(stuffed), _CHUNK):
            self.until = min(last, monotonic() + seconds)
            self.send(stuffed[start : start + _CHUNK])
        self.until = last

    def write_dot(self, *, line_is_open: bool) -> None:
        """The end of the data, all at once. A mail that ends in CRLF gets no second one: its bytes are not ours to change."""
        self.send(b"\r\n.\r\n" if line_is_open else b".\r\n")

    def send(self, s: object) -> None:
        """Writes all of it before `until`, or raises SMTPServerDisconnected."""
        sock = self._socket()
        data = s.encode(self.command_encoding) if isinstance(s, str) else s
        if not isinstance(data, bytes):
            raise TypeError("only text and bytes go to a relay")
        try:
            sock.settimeout(self._seconds_left())
            sock.sendall(data)
        except OSError as error:
            self.close()
            raise smtplib.SMTPServerDisconnected(f"lost while writing: {error}") from error

    def getreply(self) -> tuple[int, bytes]:
        """One reply, all its lines (RFC 5321, 4.2.1). What is no reply has the code -1."""
        lines: list[bytes] = []
        while len(lines) < _LINES_LIMIT:
            line = self._read_line()
            lines.append(line[4:].strip())
            if not re.match(rb"[2-5]\d\d(?:[ -]|$)", line):
                return -1, line.strip()
            if line[3:4] != b"-":
                return int(line[:3]), b"\n".join(lines)
        return -1, b"a reply without end"

    def _read_line(self) -> bytes:
        while b"\n" not in self._pending:
            if len(self._pending) > _LINE_LIMIT:
                self.close()
                raise smtplib.SMTPServerDisconnected("a line without end")
            self._pending += self._receive()
        line, _, rest = bytes(self._pending).partition(b"\n")
        self._pending = bytearray(rest)
        return line.rstrip(b"\r")

    def _receive(self) -> bytes:
        sock = self._socket()
        try:
            sock.settimeout(self._seconds_left())
            data = sock.recv(_LINE_LIMIT)
        except OSError as error:
            self.close()
            raise smtplib.SMTPServerDisconnected(f"lost while waiting for an answer: {error}") from error
        if not data:
            self.close()
            raise smtplib.SMTPServerDisconnected("the relay closed the connection")
        return data

    def _socket(self) -> socket.socket:
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("not connected")
        return self.sock

    def _seconds_left(self) -> float:
        left = self.until - monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        return left


def plain_text(text: bytes) -> str:
    """The relay's own words as one line of at most 500 characters."""
    return " ".join(text.decode("utf-8", errors="replace").split())[:_TEXT_LIMIT]


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode("ascii")


def _address_literal(sock: socket.socket) -> str:
    address = str(sock.getsockname()[0])
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"
