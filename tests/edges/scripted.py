"""Servers that misbehave by script, on loopback, one connection at a time."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import TracebackType
from typing import Self

CLOSE = "!close"
RESET = "!reset"
HANG = "!hang"
Line = bytes


class Scripted:
    """Accepts connections and talks; `converse` is the script. Everything that came in is in `lines`."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._over.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)

    def converse(self, talk: Talk) -> None:
        """One connection, from greeting to end."""
        raise NotImplementedError

    def hang(self) -> None:
        """Says nothing until the test is over, at most ten seconds."""
        self._over.wait(10)

    def _accept(self) -> None:
        while not self._over.is_set():
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connections += 1
            talk = Talk(self, sock)
            with suppress(OSError, EndOfTalk):
                self.converse(talk)
            talk.close()


class EndOfTalk(Exception):
    """The script ends the connection."""


class Talk:
    """One connection of a scripted server."""

    def __init__(self, server: Scripted, sock: socket.socket) -> None:
        self.server = server
        self.sock = sock
        self._file = sock.makefile("rb")

    def say(self, text: str | bytes) -> None:
        """Writes the bytes, or does what the mark says."""
        if text == HANG:
            self.server.hang()
            raise EndOfTalk
        if text == RESET:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if text in {CLOSE, RESET}:
            self.close()
            raise EndOfTalk
        self.sock.sendall(text.encode() if isinstance(text, str) else text)

    def close(self) -> None:
        """Ends the connection."""
        self._file.close()
        self.sock.close()

    def hear(self) -> Line:
        """The next line, without its end."""
        line = self._file.readline()
        if not line:
            raise EndOfTalk
        self.server.lines.append(line.rstrip(b"\r\n"))
        return line.rstrip(b"\r\n")

    def read(self, size: int) -> bytes:
        """So many bytes, as they are."""
        return self._file.read(size)

    def hide(self, context: ssl.SSLContext) -> None:
        """Goes on under TLS."""
        self._file.close()
        self.sock = context.wrap_socket(self.sock, server_side=True)
        self._file = self.sock.makefile("rb")


_SMTP_DEFAULTS = {
    "connect": "220 scripted\r\n",
    "EHLO": "250 scripted\r\n",
    "MAIL": "250 OK\r\n",
    "RCPT": "250 OK\r\n",
    "DATA": "354 go on\r\n",
    ".": "250 taken\r\n",
    "RSET": "250 OK\r\n",
    "QUIT": "221 bye\r\n",
    "AUTH": "235 welcome\r\n",
    "STARTTLS": "220 ready\r\n",
}


class ScriptedSmtp(Scripted):
    """An SMTP server whose answers are given by verb; "connect" is the greeting and "." the answer to the final dot.

    A list of answers is used up one by one, the last for good. `implicit` hides the connection from the start, `context` after STARTTLS.
    """

    def __init__(
        self, answers: Mapping[str, str | list[str]] | None = None, *, context: ssl.SSLContext | None = None, implicit: bool = False
    ) -> None:
        super().__init__()
        self._answers = {
            verb: [said] if isinstance(said, str) else list(said) for verb, said in {**_SMTP_DEFAULTS, **(answers or {})}.items()
        }
        self._context, self._implicit = context, implicit
        self.mails: list[bytes] = []

    def converse(self, talk: Talk) -> None:
        """RFC 5321, as far as the script lets it."""
        if self._implicit and self._context is not None:
            talk.hide(self._context)
        talk.say(self._next("connect"))
        while True:
            line = talk.hear()
            verb = line.split(b" ")[0].decode("latin-1").upper()
            answer = self._next(verb) if verb in self._answers else "500 what\r\n"
            talk.say(answer)
            if verb == "DATA" and answer.startswith("354"):
                self.take(talk)
            if verb == "STARTTLS" and answer.startswith("220") and self._context is not None:
                talk.hide(self._context)
            if verb == "QUIT":
                return

    def take(self, talk: Talk) -> None:
        """The mail after 354, and the answer to its dot."""
        body = []
        while (line := talk.hear()) != b".":
            body.append(line[1:] if line.startswith(b".") else line)
        answer = self._next(".")
        if answer not in {CLOSE, RESET, HANG}:
            self.mails.append(b"\r\n".join(body) + b"\r\n")
        talk.say(answer)

    def _next(self, verb: str) -> str:
        answers = self._answers[verb]
        return answers.pop(0) if len(answers) > 1 else answers[0]


Responder = Callable[[Talk, bytes, bytes], bool]
"""Given the talk, the tag and the command line; True where it has answered."""


class ScriptedImap(Scripted):
    """An IMAP server with one mailbox, whose answers a responder may replace. It announces MOVE and UIDPLUS only after login."""

    def __init__(
        self,
        responder: Responder,
        *,
        uids: str = "12",
        uidvalidity: int = 7,
        before_login: str = "IMAP4rev1",
        after_login: str = "IMAP4rev1 MOVE UIDPLUS IDLE",
    ) -> None:
        super().__init__()
        self._responder = responder
        self._before, self._after = before_login, after_login
        self.uids, self.uidvalidity = uids, uidvalidity

    def converse(self, talk: Talk) -> None:
        """RFC 3501, as far as the script lets it."""
        talk.say("* OK scripted\r\n")
        capabilities = self._before
        while True:
            tag, _, command = talk.hear().partition(b" ")
            if self._responder(talk, tag, command):
                continue
            verb = command.upper()
            if verb.startswith(b"LOGIN"):
                capabilities = self._after
            elif verb.startswith(b"CAPABILITY"):
                talk.say(f"* CAPABILITY {capabilities}\r\n")
            elif verb.startswith((b"SELECT", b"EXAMINE")):
                count = len(self.uids.split())
                talk.say(f"* {count} EXISTS\r\n* OK [UIDVALIDITY {self.uidvalidity}] valid\r\n")
            elif verb.startswith(b"UID SEARCH BEFORE"):
                talk.say("* SEARCH\r\n")  # none of its mails is old
            elif verb.startswith(b"UID SEARCH"):
                talk.say(f"* SEARCH {self.uids}\r\n".replace(" \r\n", "\r\n"))
            elif verb.startswith(b"UID FETCH"):
                self._fetch(talk, command)
            elif verb.startswith(b"LIST"):
                talk.say('* LIST () "/" "Processed"\r\n')
            talk.say(tag + b" OK done\r\n")

    def _fetch(self, talk: Talk, command: bytes) -> None:
        """Answers for every UID of the mailbox that is in a simple set."""
        wanted = command.split(b" ")[2].decode().replace(":", ",").split(",")
        for number, uid in enumerate(self.uids.split(), start=1):
            if not int(wanted[0]) <= int(uid) <= int(wanted[-1]):
                continue
            body = body_of(uid)
            if b"BODY" in command:
                talk.say(b"* %d FETCH (UID %b BODY[] {%d}\r\n%b)\r\n" % (number, uid.encode(), len(body), body))
            else:
                talk.say(head_line(number, uid, len(body)))


def body_of(uid: str) -> bytes:
    """What the scripted mailbox holds under a UID."""
    return f"Subject: {uid}\r\n\r\nThis is {uid}.\r\n".encode()


def head_line(number: int, uid: str, size: int) -> bytes:
    """Size and date of a mail."""
    return f'* {number} FETCH (UID {uid} RFC822.SIZE {size} INTERNALDATE "13-Jan-2025 10:00:00 +0200")\r\n'.encode()
