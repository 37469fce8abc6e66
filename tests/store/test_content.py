"""The content hash: what relays change does not matter, what the sender wrote does."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reminder.store.content import content_hash

MAIL = b"Message-ID: <1@koskela.example>\r\nFrom: a@koskela.example\r\nSubject: Re:\r\n Tilanne\r\n\r\n12: vihre\xe4\r\n"


@pytest.mark.parametrize(
    "trace",
    [
        b"Received: from a by b;\r\n\tThu, 5 Feb 2026 07:00:00 +0000\r\n",
        b"RETURN-PATH: <a@koskela.example>\r\n",
        b"Delivered-To: seuranta+token@koskela.example\r\n",
        b"X-Spam-Score: 3\r\nX-Spam-Report: a\r\n b\r\n",
        b"Authentication-Results: mx.koskela.example; dkim=pass\r\n",
        b"DKIM-Signature: v=1; b=abc\r\n",
        b"ARC-Seal: i=1; b=abc\r\n",
        b"Received-SPF: pass\r\n",
    ],
)
@pytest.mark.fault("M10", "A3")
def test_trace_headers_do_not_count(trace: bytes) -> None:
    """One mail over two relays, or delivered twice, is one mail (faults M3, M10 and A3)."""
    assert content_hash(trace + MAIL) == content_hash(MAIL)
    inside = MAIL.replace(b"From:", trace + b"From:")
    assert content_hash(inside) == content_hash(MAIL)


@pytest.mark.parametrize("end", [b"\n", b"\r"])
def test_line_ends_do_not_count(end: bytes) -> None:
    """A Maildir keeps LF where IMAP gives CRLF."""
    assert content_hash(MAIL.replace(b"\r\n", end)) == content_hash(MAIL)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<1@", b"<2@"),
        (b"Subject: Re:\r\n Tilanne", b"Subject: Re: Tilanne"),
        (b"vihre\xe4", b"punainen"),
        (b"\r\n\r\n12", b"\r\n\r\nX-Mark: 1\r\n\r\n12"),
        (b"From: a@koskela.example\r\n", b""),
        (
            b"Message-ID: <1@koskela.example>\r\nFrom: a@koskela.example\r\n",
            b"From: a@koskela.example\r\nMessage-ID: <1@koskela.example>\r\n",
        ),
    ],
)
def test_what_the_sender_wrote_counts(old: bytes, new: bytes) -> None:
    """Another id, folding, word, order or missing header is another mail; headers in the body are body."""
    assert old in MAIL
    assert content_hash(MAIL.replace(old, new)) != content_hash(MAIL)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.binary(max_size=200))
def test_any_bytes_have_one_hash(head: bytes, body: bytes) -> None:
    """Total, stable, and blind to the kind of line end, whatever comes."""
    raw = head + b"\n\n" + body
    lines = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")

    assert content_hash(raw) == content_hash(lines) == content_hash(lines.replace(b"\n", b"\r\n"))
    assert len(content_hash(raw)) == 64
