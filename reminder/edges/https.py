"""One POST over verified TLS that ends when it is told to end: an endpoint of one byte a second cannot hold it for ever.

`http.client` resets its timeout with every byte that arrives. Here each wait gets what is left of one deadline. Redirections are not
followed, for they would carry a secret elsewhere, and no more of an answer is read than was asked for.
"""

from __future__ import annotations

import io
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

ANSWER_LIMIT = 65_536
CALL_ERRORS = (OSError, HTTPException, ValueError)
"""What a call raises. They are told by `words_of`: `http.client` repeats in its words what the server said, which may be what was sent."""
_CHUNK = 16_384
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back. Names of headers are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    lost: str = ""
    """Why the body did not come, where it did not; the status counts all the same."""


class NotEncrypted(ValueError):
    """An http address beyond this machine: it is not called."""


def words_of(error: BaseException) -> str:
    """What may be told of CALL_ERRORS: the words of the machine itself. Those of `http.client` (a status line that is none, a header that
    it refuses) repeat what was received or sent, a secret too (invariant X3), so only their name is told."""
    is_ours = isinstance(error, OSError | NotEncrypted)
    return f"{type(error).__name__}: {error}" if is_ours else type(error).__name__


class _Timed:
    """A socket as `http.client` wants it, whose every wait ends at one moment of `time.monotonic`."""

    def __init__(self, sock: socket.socket, until: float) -> None:
        self.sock, self._until = sock, until

    def sendall(self, data: bytes) -> None:
        """Writes all of it in time, or raises TimeoutError."""
        for start in range(0, len(data), _CHUNK):
            self.sock.settimeout(seconds_left(self._until))
            self.sock.sendall(data[start : start + _CHUNK])

    def receive_into(self, buffer: WriteableBuffer) -> int:
        """What has come, in time; 0 is the end."""
        self.sock.settimeout(seconds_left(self._until))
        return self.sock.recv_into(buffer)

    def makefile(self, mode: str) -> io.BufferedReader:
        """The reading side."""
        return io.BufferedReader(_Incoming(self))

    def close(self) -> None:
        """Nothing: `http.client` closes before the answer is read, and HttpsCall closes in the end."""


class _Incoming(io.RawIOBase):
    def __init__(self, timed: _Timed) -> None:
        self._timed = timed

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        return self._timed.receive_into(buffer)


class HttpsCall:
    """One call on a connection of its own, over in `seconds`. Certificates are verified against the system's authorities and those in
    `ca_file`. An http address is only called on this machine. All its methods raise CALL_ERRORS."""

    def __init__(self, url: str, *, seconds: float, ca_file: Path | None = None) -> None:
        self._parts = urlsplit(url)
        self._ca_file = ca_file
        self._until = monotonic() + seconds
        self._sock: socket.socket | None = None
        self.is_written = False
        """Whether a byte of the request may have gone out."""

    def open(self) -> None:
        """Connects, and verifies who is there; nothing has been said then."""
        host = self._parts.hostname or ""
        if self._parts.scheme != "https" and host not in _LOOPBACK:
            raise NotEncrypted("only https goes over the network")
        self._sock = self._connect(host, self._parts.port or (443 if self._parts.scheme == "https" else 80))
        if self._parts.scheme == "https":
            context = make_context(self._ca_file)
            self._sock.settimeout(seconds_left(self._until))
            self._sock = context.wrap_socket(self._sock, server_hostname=host)

    def post(self, body: bytes, said: Mapping[str, str]) -> Answer:
        """Sends the request and reads the answer. One that comes before the request was written whole counts, too."""
        if self._sock is None:
            self.open()
        connection = HTTPConnection(self._parts.netloc)
        connection.auto_open = 0
        connection.sock = cast(socket.socket, _Timed(cast(socket.socket, self._sock), self._until))
        target = f"{self._parts.path or '/'}{'?' * bool(self._parts.query)}{self._parts.query}"
        self.is_written = True
        lost: OSError | None = None
        try:
            connection.request("POST", target, body, {"Connection": "close", "User-Agent": "reminder", **said})
        except OSError as error:
            # A server that refuses early may hang up before it has read everything; its answer lies in our buffer.
            lost = error
        try:
            response = connection.getresponse()
        except CALL_ERRORS as error:
            raise (lost or error) from None
        headers = {name.lower(): value for name, value in response.getheaders()}
        with response:
            try:
                content = response.read(ANSWER_LIMIT)
            except CALL_ERRORS as error:
                return Answer(status=response.status, headers=headers, body=b"", lost=words_of(error))
        # With a limit, `http.client` takes an end before the announced length for the end of the answer.
        if response.length and len(content) < ANSWER_LIMIT:
            return Answer(status=response.status, headers=headers, body=b"", lost="the answer was cut off")
        return Answer(status=response.status, headers=headers, body=content)

    def cut(self) -> None:
        """Ends the call under the hands of another thread, which then sees it as lost."""
        if self._sock is not None:
            with suppress(OSError):
                self._sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Ends the connection, if there is one."""
        sock, self._sock = self._sock, None
        if sock is not None:
            sock.close()

    def _connect(self, host: str, port: int) -> socket.socket:
        """To the first address that answers; all of them share the time that is left."""
        failure: OSError = OSError(f"{host} has no address")
        for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            sock = socket.socket(family, kind, protocol)
            try:
                sock.settimeout(seconds_left(self._until))
                sock.connect(address)
            except OSError as error:
                sock.close()
                failure = error
                continue
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return sock
        raise failure


def make_context(ca_file: Path | None) -> ssl.SSLContext:
    """TLS that verifies certificate and name, against the system's authorities and those in the file. Raises OSError where that cannot
    be read."""
    context = ssl.create_default_context()
    if ca_file is not None:
        context.load_verify_locations(ca_file)
    return context


def seconds_left(until: float) -> float:
    """What is left until then. Raises TimeoutError where nothing is."""
    left = until - monotonic()
    if left <= 0:
        raise TimeoutError("timed out")
    return left
