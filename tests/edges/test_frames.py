"""Frames between our processes: what is expected comes through whole, and nothing else comes through at all."""

from __future__ import annotations

import os
import pickle
import socket
import struct
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from reminder.domain.readings import Sender, Trust
from reminder.edges.frames import FrameUnsound, receive_frame, send_frame, write_frame

ALLOWED = ("reminder.domain.", "datetime")
Link = tuple[socket.socket, socket.socket]


@pytest.fixture
def link() -> Iterator[Link]:
    """Two ends."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


class Evil:
    """A value that runs a command where it is unpickled without care."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, ("echo evil",)


def test_a_value_comes_through(link: Link) -> None:
    """Values of the domain with their instants."""
    value = (Sender(address="a@b.example", trust=Trust.LISTED), datetime(2025, 1, 1, tzinfo=UTC))
    send_frame(link[0], write_frame(value))

    assert receive_frame(link[1], at_most=10_000, allowed=ALLOWED) == value


@pytest.mark.parametrize("value", [Evil(), os.path.join, pickle.Unpickler, UTC.utcoffset])
def test_what_is_not_expected_is_refused(link: Link, value: object) -> None:
    """A function or class from elsewhere is named in the frame and never looked up, let alone called."""
    send_frame(link[0], write_frame(value))

    with pytest.raises(FrameUnsound):
        receive_frame(link[1], at_most=10_000, allowed=ALLOWED)


@pytest.mark.parametrize("body", [b"", b"\x80", b"garbage", b"\x80\x05K", b"\x80\x05."])
def test_garbage_is_refused(link: Link, body: bytes) -> None:
    """Bytes that are no pickle are no frame."""
    link[0].sendall(struct.pack(">Q", len(body)) + body)

    with pytest.raises(FrameUnsound):
        receive_frame(link[1], at_most=10_000, allowed=ALLOWED)


def test_a_frame_that_is_too_long_is_not_even_received(link: Link) -> None:
    """Its announced length is enough to refuse it."""
    link[0].sendall(struct.pack(">Q", 1 << 60))

    with pytest.raises(FrameUnsound):
        receive_frame(link[1], at_most=10_000, allowed=ALLOWED)


def test_half_a_frame_and_silence_ends_in_time(link: Link) -> None:
    """The deadline holds for the whole frame."""
    link[0].sendall(struct.pack(">Q", 100) + b"half")

    with pytest.raises(TimeoutError):
        receive_frame(link[1], at_most=10_000, allowed=ALLOWED, until=time.monotonic() + 0.05)


def test_half_a_frame_and_an_end_is_an_end(link: Link) -> None:
    """The other end has died while it wrote."""
    link[0].sendall(struct.pack(">Q", 100) + b"half")
    link[0].close()

    with pytest.raises(EOFError):
        receive_frame(link[1], at_most=10_000, allowed=ALLOWED)


def test_who_does_not_take_what_is_sent_is_not_waited_for(link: Link) -> None:
    """Sending has its deadline too."""
    with pytest.raises(TimeoutError):
        send_frame(link[0], write_frame(b"x" * (8 << 20)), until=time.monotonic() + 0.05)
