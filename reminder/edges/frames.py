"""Values between two processes of ours: frames of a length and a pickle, over a socket.

What comes in is unpickled with a list of what it may consist of, so that a process that hostile bytes have taken over could
send wrong values, and nothing else.
"""

from __future__ import annotations

import io
import pickle
import socket
import struct
import time
from collections.abc import Collection

_LENGTH = struct.Struct(">Q")


class FrameUnsound(Exception):
    """What came in is no frame of ours."""


def write_frame(value: object) -> bytes:
    """A value as a frame."""
    body = pickle.dumps(value, protocol=5)
    return _LENGTH.pack(len(body)) + body


def send_frame(link: socket.socket, frame: bytes, *, until: float | None = None) -> None:
    """Sends a frame. Raises TimeoutError past `until` (of `time.monotonic`), OSError where the other end is gone."""
    link.settimeout(None if until is None else _left(until))
    link.sendall(frame)


def receive_frame(link: socket.socket, *, at_most: int, allowed: Collection[str], until: float | None = None) -> object:
    """The next value. `at_most`: bytes that it may have; `allowed`: modules, or packages that end in a dot, of its classes.

    Raises EOFError where the other end is gone, TimeoutError past `until`, FrameUnsound for anything that is not allowed.
    """
    (length,) = _LENGTH.unpack(_receive(link, _LENGTH.size, until))
    if length > at_most:
        raise FrameUnsound(f"a frame of {length} bytes")
    body = _receive(link, length, until)
    try:
        return _Unpickler(body, allowed).load()
    except (pickle.UnpicklingError, AttributeError, EOFError, ImportError, IndexError, TypeError, ValueError) as error:
        raise FrameUnsound(f"{type(error).__name__}: {error}") from error


class _Unpickler(pickle.Unpickler):
    def __init__(self, body: bytes, allowed: Collection[str]) -> None:
        super().__init__(io.BytesIO(body))
        self._allowed = allowed

    def find_class(self, module_name: str, global_name: str, /) -> object:
        """The class of that name, where it is allowed."""
        is_allowed = any(module_name == one or (one.endswith(".") and module_name.startswith(one)) for one in self._allowed)
        if not is_allowed:
            raise pickle.UnpicklingError(f"{module_name}.{global_name} is not expected")
        return super().find_class(module_name, global_name)


def _receive(link: socket.socket, length: int, until: float | None) -> bytes:
    received = bytearray()
    while len(received) < length:
        link.settimeout(None if until is None else _left(until))
        piece = link.recv(min(length - len(received), 1 << 20))
        if not piece:
            raise EOFError("the other end is gone")
        received += piece
    return bytes(received)


def _left(until: float) -> float:
    """Seconds until then. Raises TimeoutError where there are none."""
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError("the time is over")
    return left
