"""Who a mail says it is from, before it is read: the same address for every way of writing it, and total."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reminder.parse.sender import HEAD_BYTES, read_sender


@pytest.mark.parametrize(
    ("head", "sender"),
    [
        (b"From: a@b.example\r\n\r\n", "a@b.example"),
        (b"Subject: From: x@y.example\nfrom: Meri Malli <A@B.example>\n\n", "a@b.example"),
        (b'From:\r\n "Malli, Meri"\r\n <a@b.example>\r\n\r\n', "a@b.example"),
        (b"From: Mail Delivery System <MAILER-DAEMON@mx.b.example>\r\n\r\n", "mailer-daemon@mx.b.example"),
        (b"From: <>\r\n\r\n", "<>"),
        (b"From: a@b.example\nFrom: c@d.example\n\n", "a@b.example c@d.example"),
        (b"Subject: x\r\n\r\nFrom: a@b.example\r\n", ""),
        (b"", ""),
    ],
)
def test_the_author_is_found_in_the_head(head: bytes, sender: str) -> None:
    """Folded, named, in any case; where there is no one author, what stands there; nothing of the body."""
    assert read_sender(head) == sender


def test_only_the_first_bytes_are_looked_at() -> None:
    """A header block without an end costs no more than its first 64 kB."""
    assert read_sender(b"X: y\n" * HEAD_BYTES + b"From: a@b.example\n\n") == ""


@given(st.binary(max_size=400))
@settings(max_examples=100, deadline=None)
def test_any_bytes_have_a_sender(raw: bytes) -> None:
    """Total, and short enough to be counted by."""
    assert len(read_sender(b"From: " + raw)) <= 1000
