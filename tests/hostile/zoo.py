"""A zoo of generated mails, each of which has broken a reader somewhere, or would break one that we might have written.

Structures and headers are here, what stands in the bodies is in `zoo_bodies`. Each is made when it is asked for, since some are
as large as a mail may be. Nothing in them is copied from anywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.corpus.building import original_of
from tests.corpus.world import PLANNING

MEGABYTE = 1 << 20


def head(**more: str) -> bytes:
    """The headers of a reply of somebody who may answer; underscores in names stand for hyphens."""
    original = original_of(PLANNING)
    fields = {"From": PLANNING, "To": original.reply_to, "Subject": "Re: x", "In-Reply-To": original.message_id} | more
    return "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items()).encode("utf-8", "surrogateescape")


def plain(body: bytes, **more: str) -> bytes:
    """A text mail."""
    return head(Content_Type="text/plain; charset=utf-8", **more) + b"\r\n" + body


def html(body: bytes) -> bytes:
    """An HTML mail."""
    return head(Content_Type="text/html; charset=utf-8") + b"\r\n" + body


def nested(depth: int) -> bytes:
    """A multipart in a multipart, and so on."""
    parts = [f'Content-Type: multipart/mixed; boundary="b{level}"\r\n\r\n--b{level}\r\n' for level in range(depth)]
    return head() + "".join(parts).encode() + b"Content-Type: text/plain\r\n\r\n1.5: punainen\r\n"


def same_boundary(depth: int) -> bytes:
    """Multiparts that all have the same boundary."""
    return head() + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n' * depth + b"\r\n1.5: punainen\r\n"


def nested_mails(depth: int) -> bytes:
    """A mail in a mail, and so on."""
    return head() + b"Content-Type: message/rfc822\r\n\r\nSubject: x\r\n" * depth + b"\r\n1.5: punainen\r\n"


def continuations(count: int) -> str:
    """A file name in so many pieces (RFC 2231)."""
    return "".join(f"; filename*{number}*=%41" for number in range(count))


STRUCTURES: Mapping[str, Callable[[], bytes]] = {
    "depth-10000": lambda: nested(10_000),
    "depth-same-boundary": lambda: same_boundary(50_000),
    "parts-100000": lambda: head() + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + b"--b\r\n\r\nx\r\n" * 100_000,
    "parts-empty": lambda: head() + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + b"--b\r\n" * 2_000_000,
    "parts-longer-boundaries": lambda: head() + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\n' + b"--bx\r\n" * 2_000_000,
    "parts-fat": lambda: head() + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + (b"--b\r\n\r\n" + b"x " * 60_000) * 200,
    "parts-fat-html": lambda: (
        head()
        + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
        + (b"--b\r\nContent-Type: text/html\r\n\r\n" + b"<p>x" * 30_000) * 200
    ),
    "nested-fat": lambda: (
        head()
        + b"".join(f'Content-Type: multipart/mixed; boundary="b{level}"\r\n\r\n--b{level}\r\n'.encode() for level in range(19))
        + b"Content-Type: text/plain\r\n\r\n"
        + b"x" * 24 * MEGABYTE
    ),
    "boundary-of-16-kB": lambda: head(Content_Type=f'multipart/mixed; boundary="{"b" * 15_000}"') + b"\r\n--" + b"b" * 20 * MEGABYTE,
    "boundary-of-dashes": lambda: head(Content_Type='multipart/mixed; boundary="-"') + b"\r\n" + b"-" * 20 * MEGABYTE,
    "boundary-alone": lambda: head(Content_Type='multipart/mixed; boundary="b"') + b"\r\n" + b"\n--b" * 5 * MEGABYTE,
    "mails-in-mails": lambda: nested_mails(10_000),
    "mails-in-mails-beside": lambda: (
        head()
        + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
        + b"--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\n1.5: punainen\r\n" * 5_000
    ),
    "digest-in-digest": lambda: head() + b'Content-Type: multipart/digest; boundary="b"\r\n\r\n--b\r\n\r\n' * 5_000,
    "returned-huge": lambda: (
        head(From="mailer-daemon@x.example")
        + b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        + b"--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        + b"Final-Recipient: rfc822; a@b.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n" * 100_000
        + b"--b\r\nContent-Type: message/rfc822\r\n\r\n"
        + b"Received: x\r\n" * 500_000
    ),
}

HEADERS: Mapping[str, Callable[[], bytes]] = {
    "headers-1000000": lambda: head() + b"X: y\r\n" * 1_000_000 + b"\r\nx",
    "header-20-MB": lambda: head(X_Long="x" * 20 * MEGABYTE) + b"\r\nx",
    "header-folded-forever": lambda: b"Subject: a" + b"\r\n b" * 5_000_000 + b"\r\n\r\nx",
    "no-headers-end": lambda: b"x" * 24 * MEGABYTE,
    "no-colons": lambda: b"abc\r\n" * 4_000_000,
    "only-colons": lambda: b":" * 20 * MEGABYTE,
    "only-carriage-returns": lambda: b"\r" * 20 * MEGABYTE,
    "subjects": lambda: b"".join(head(Subject=f"=?utf-8?q?{number}?=") for number in range(900)) + b"\r\nx",
    "encoded-words": lambda: head(Subject="=?utf-8?q?=C3=A4?= " * 50_000) + b"\r\nx",
    "encoded-words-glued": lambda: head(Subject="=?utf-8?q?=C3=A4?=" * 50_000) + b"\r\nx",
    "encoded-words-base64": lambda: head(Subject="=?utf-8?b?" + "w6Q" * 60_000 + "?=") + b"\r\nx",
    "encoded-words-charsets": lambda: head(Subject=" ".join(f"=?x-{number}?q?a?=" for number in range(5_000))) + b"\r\nx",
    "encoded-words-open": lambda: head(Subject="=?utf-8?q?" * 20_000) + b"\r\nx",
    "encoded-words-question-marks": lambda: head(Subject="=" + "?" * 60_000) + b"\r\nx",
    "encoded-words-in-addresses": lambda: head(Cc="=?utf-8?q?a?= <a@b.example>, " * 20_000) + b"\r\nx",
    "from-comments": lambda: head(From="(" * 15_000 + ")" * 15_000 + " a@b.example") + b"\r\nx",
    "from-comments-side-by-side": lambda: head(From="(a)" * 10_000 + " a@b.example") + b"\r\nx",
    "from-groups": lambda: head(From="a:b:" * 8_000 + "c@d.example;") + b"\r\nx",
    "from-routes": lambda: head(From="<" + "@a.example," * 5_000 + ":b@c.example>") + b"\r\nx",
    "from-quotes": lambda: head(From='"\\' * 8_000 + " <a@b.example>") + b"\r\nx",
    "from-at-signs": lambda: head(From="a@" * 10_000) + b"\r\nx",
    "to-everybody": lambda: head(Cc=", ".join(f"a{number}@b.example" for number in range(40_000))) + b"\r\nx",
    "ids-by-the-thousand": lambda: head(References=" ".join(f"<{number}@b.example>" for number in range(50_000))) + b"\r\nx",
    "ids-open": lambda: head(References="<" * 100_000) + b"\r\nx",
    "ids-comments": lambda: head(References="(" * 20_000) + b"\r\nx",
    "ids-bare": lambda: head(References="a@" * 20_000) + b"\r\nx",
    "parameters": lambda: head(Content_Type="text/plain" + "; a=b" * 50_000) + b"\r\nx",
    "parameters-quotes": lambda: head(Content_Type='text/plain; a="' + "\\" * 50_000) + b"\r\nx",
    "parameters-blanks": lambda: head(Content_Type="text/plain;" + " " * 50_000 + "a") + b"\r\nx",
    "continuations": lambda: head(Content_Disposition="attachment" + continuations(20_000)) + b"\r\nx",
    "continuations-of-one": lambda: head(Content_Disposition="attachment" + "; filename*0*=%41" * 5_000) + b"\r\nx",
    "file-name-of-dots": lambda: head(Content_Disposition=f'attachment; filename="{"../" * 5_000}etc/passwd"') + b"\r\nx",
    "dates": lambda: head(Date="Mon, " * 3_000 + "1 Jan 2025 00:00:00 +0000") + b"\r\nx",
    "date-of-digits": lambda: head(Date="1 Jan " + "9" * 10_000 + " 00:00:00 +" + "9" * 6_000) + b"\r\nx",
    "authentication-results": lambda: b"Authentication-Results: mx.example; dmarc=fail (" * 900 + b"\r\n" + head() + b"\r\nx",
    "received": lambda: b"Received: from a by b; x\r\n" * 900 + head() + b"\r\nx",
    "nul-in-header-names": lambda: b"\x00Subject\x00: x\r\n" * 5_000 + head() + b"\r\nx",
}
