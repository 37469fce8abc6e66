"""What stands in the bodies of the zoo: lines, encodings, charsets, HTML, files, and tokens of our own by the thousand."""

from __future__ import annotations

import base64
import binascii
import io
import zipfile
from collections.abc import Callable, Mapping
from functools import partial

from tests.corpus.building import original_of
from tests.corpus.world import PLANNING
from tests.hostile.zoo import MEGABYTE, head


def plain(body: bytes, **more: str) -> bytes:
    """A text mail."""
    return head(**{"Content_Type": "text/plain; charset=utf-8"} | more) + b"\r\n" + body


def html(body: bytes) -> bytes:
    """An HTML mail."""
    return head(Content_Type="text/html; charset=utf-8") + b"\r\n" + body


def attached(content: bytes, name: str, media_type: str = "application/zip") -> bytes:
    """An answer with a file beside it."""
    boundary = 'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nOhessa.\r\n--b\r\n'
    part = f'Content-Type: {media_type}; name="{name}"\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    return head() + boundary.encode() + part.encode() + base64.encodebytes(content) + b"\r\n--b--\r\n"


def zipped(size: int, name: str = "xl/worksheets/sheet1.xml") -> bytes:
    """A zip file with one member of so many zeros."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive, archive.open(name, "w") as member:
        for _ in range(size // MEGABYTE):
            member.write(bytes(MEGABYTE))
    return held.getvalue()


def nested_zips(depth: int) -> bytes:
    """A zip in a zip, and so on."""
    content = b"x" * MEGABYTE
    for level in range(depth):
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
            for copy in range(8):
                archive.writestr(f"{level}-{copy}.zip", content)
        content = held.getvalue()
    return content


def uuencoded(size: int) -> bytes:
    """A file in the text, as it was done before MIME."""
    lines = b"".join(binascii.b2a_uu(bytes(45)) for _ in range(size // 45))
    return b"begin 644 raportti.xlsx\n" + lines + b"`\nend\n"


def filled(piece: bytes, size: int) -> bytes:
    """So many bytes of the same."""
    return (piece * (size // len(piece) + 1))[:size]


CHARSETS = (
    "utf-16",
    "utf-32",
    "utf-7",
    "idna",
    "punycode",
    "hz",
    "iso-2022-jp",
    "rot13",
    "zip",
    "undefined",
    "unicode_escape",
    "mbcs",
    "\x00",
)


MARKS = (",", ";", ".", ":", "-", "–", "/", "(", "[", "*", "_", "=", "?", "\t ", ", ;", "- ", "ja ", "en ", "12 ", "1.5 ", "v ", "🟢 🔴 ")


def row_of(mark: str) -> bytes:
    """An answer that is nothing but a mark, ended by something else."""
    return plain(b"1.5: " + filled(mark.encode(), 250_000) + b"x\x01")


def in_charset(name: str) -> bytes:
    """Bytes that are shift sequences in one charset or another, under this label."""
    return head(Content_Type=f'text/plain; charset="{name}"') + b"\r\n" + b"+AGE~{\x1b$B\\xe4\xff\xd8\n" * 100_000


def form_of(times: int) -> bytes:
    """Our own request so many times."""
    return original_of(PLANNING).text.encode() * times


TEXTS: Mapping[str, Callable[[], bytes]] = {
    "line-of-24-MB": lambda: plain(b"1.5: " + filled(b"punainen vihrea ", 24 * MEGABYTE)),
    "line-of-24-MB-of-blanks": lambda: plain(filled(b" ", 24 * MEGABYTE) + b"1.5: punainen?"),
    "larger-than-a-mail-may-be": lambda: plain(filled(b"1.5: punainen?\r\n", 50 * MEGABYTE)),
    "line-ends": lambda: plain(filled(b"\r\n", 24 * MEGABYTE)),
    "line-ends-mixed": lambda: plain(filled(b"\r\n\r\r\n\n\x0b\x0c\x1c\x85\xe2\x80\xa8", 20 * MEGABYTE)),
    "nuls": lambda: plain(bytes(24 * MEGABYTE)),
    "surrogates": lambda: plain(filled(b"\xed\xa0\x80\xed\xb0\x80", 10 * MEGABYTE)),
    "surrogate-halves": lambda: plain(filled(b"1.5: \xed\xa0\x80 punainen\n", MEGABYTE)),
    "combining": lambda: plain(b"1.5: " + filled("\u0300".encode(), MEGABYTE)),
    "combining-on-letters": lambda: plain(filled("a\u0301\u0302\u0323\u0327".encode(), 10 * MEGABYTE)),
    "hangul-to-be-composed": lambda: plain(filled("\u1112\u1161\u11ab".encode(), 10 * MEGABYTE)),
    "long-under-compatibility": lambda: plain(filled("\ufdfa".encode(), 10 * MEGABYTE)),
    "zero-width": lambda: plain(filled("\u200b\u200d\ufeff\u00ad\u2060".encode(), 10 * MEGABYTE)),
    "bidi": lambda: plain(filled("\u202e\u2066".encode(), 10 * MEGABYTE)),
    "digits-of-the-world": lambda: plain(filled("\u0661\u06f5\u0967.\uff15 ".encode(), 10 * MEGABYTE)),
    "twice-encoded": lambda: plain(filled("vihreÃ¤ Ã\u0083Â¤ ".encode(), 10 * MEGABYTE)),
    "emoji": lambda: plain(filled("\U0001f7e2\ufe0f\U0001f534\u200d".encode(), 5 * MEGABYTE)),
    "flowed": lambda: plain(filled(b"a \r\n", 10 * MEGABYTE), Content_Type="text/plain; format=flowed; delsp=yes"),
    "flowed-quotes": lambda: plain(filled(b"> a \r\n>> b \r\n", 10 * MEGABYTE), Content_Type="text/plain; format=flowed"),
    "quote-marks": lambda: plain(filled(b">", 10 * MEGABYTE) + b" 1.5: punainen"),
    "quote-marks-apart": lambda: plain(filled(b"> | ", 10 * MEGABYTE)),
    "signatures": lambda: plain(filled(b"-- \r\n", 10 * MEGABYTE)),
    "uuencoded": lambda: plain(uuencoded(16 * MEGABYTE)),
    "uuencoded-begins": lambda: plain(filled(b"begin 644 x\n", 5 * MEGABYTE)),
    "yenc": lambda: plain(b"=ybegin line=128 size=9 name=x\r\n" + filled(bytes(range(256)), 5 * MEGABYTE)),
    "forms-of-ours": lambda: plain(form_of(500)),
    "forms-of-ours-quoted": lambda: plain(b"> ".join([b"", *form_of(200).splitlines(keepends=True)])),
    "tokens-of-ours": lambda: plain(filled(original_of(PLANNING).reply_to.encode() + b"\r\n", 5 * MEGABYTE)),
    "tokens-almost": lambda: plain(filled(original_of(PLANNING).reply_to[:-1].encode() + b"\r\n", 5 * MEGABYTE)),
    "letters-of-tokens": lambda: plain(filled(b"abcdefghijklmnopqrstuvwxyz234567", 5 * MEGABYTE)),
    **{f"row-of-{number}": partial(row_of, mark) for number, mark in enumerate(MARKS)},
    **{f"charset-{number}": partial(in_charset, name) for number, name in enumerate(CHARSETS)},
}

ENCODINGS: Mapping[str, Callable[[], bytes]] = {
    "base64-24-MB": lambda: plain(filled(b"MS41OiBwdW5haW5lbj8K\r\n", 24 * MEGABYTE), Content_Transfer_Encoding="base64"),
    "base64-one-line": lambda: plain(filled(b"QUJD", 24 * MEGABYTE), Content_Transfer_Encoding="base64"),
    "base64-padding": lambda: plain(filled(b"=", 24 * MEGABYTE), Content_Transfer_Encoding="base64"),
    "base64-noise": lambda: plain(filled(b"\xff!A=", 24 * MEGABYTE), Content_Transfer_Encoding="base64"),
    "base64-of-base64": lambda: plain(
        base64.encodebytes(base64.encodebytes(base64.encodebytes(filled(b"1.5: x ", 5 * MEGABYTE)))), Content_Transfer_Encoding="base64"
    ),
    "quoted-equals": lambda: plain(filled(b"=", 24 * MEGABYTE), Content_Transfer_Encoding="quoted-printable"),
    "quoted-soft-breaks": lambda: plain(filled(b"a=\r\n", 24 * MEGABYTE), Content_Transfer_Encoding="quoted-printable"),
    "quoted-blanks": lambda: plain(filled(b" \t", 24 * MEGABYTE) + b"\r\n", Content_Transfer_Encoding="quoted-printable"),
    "quoted-blanks-in-lines": lambda: plain(filled(b" " * 5000 + b"x", 5 * MEGABYTE), Content_Transfer_Encoding="quoted-printable"),
    "encoding-unknown": lambda: plain(filled(b"x", 5 * MEGABYTE), Content_Transfer_Encoding="x-uuencode"),
}

PAGES: Mapping[str, Callable[[], bytes]] = {
    "html-depth-100000": lambda: html(b"<div>" * 100_000 + b"1.5: punainen?" + b"</div>" * 100_000),
    "html-quotes-100000": lambda: html(b"<blockquote>" * 100_000 + b"1.5: punainen?"),
    "html-tables": lambda: html(b"<table><tr><td>" * 60_000),
    "html-lists": lambda: html(b'<ol start="99999999999999999999"><li>' * 30_000),
    "html-spans": lambda: html(b'<span style="text-decoration: line-through">' * 20_000 + b"x"),
    "html-styles": lambda: html(b'<p style="' + b"a:b;" * 200_000 + b'">x'),
    "html-style-brackets": lambda: html(b"<style>" + b"a{" * 400_000),
    "html-comment-open": lambda: html(b"x<!--" + b" --x" * 200_000),
    "html-comments-open": lambda: html(b"<!--" * 200_000),
    "html-comments-odd": lambda: html(b"<!-- --!><!>" * 80_000),
    "html-declarations": lambda: html(b"<!a [" * 200_000),
    "html-conditional": lambda: html(b"<![if !mso]>" * 80_000),
    "html-cdata": lambda: html(b"<![CDATA[" * 100_000),
    "html-instructions": lambda: html(b"<?" * 500_000),
    "html-scripts": lambda: html(b"<script>" * 100_000),
    "html-script-ends": lambda: html(b"<script>" + b"</script " * 100_000),
    "html-tags-open": lambda: html(b"<" * 1_000_000),
    "html-tags-of-slashes": lambda: html(b"</" * 500_000),
    "html-attributes": lambda: html(b"<a " + b"b=c " * 200_000 + b">x"),
    "html-attributes-open": lambda: html(b'<a b="' * 150_000),
    "html-attribute-blanks": lambda: html(b"<a b" + b" " * 900_000 + b"x"),
    "html-references": lambda: html(b"&#" + b"9" * 900_000 + b";"),
    "html-references-named": lambda: html(b"&CounterClockwiseContourIntegral" * 30_000),
    "html-ampersands": lambda: html(b"&" * 1_000_000),
    "html-no-text": lambda: html(b"<br>" * 250_000),
    "html-24-MB": lambda: html(filled(b"<p>1.5: punainen?</p>", 24 * MEGABYTE)),
    "html-bold-marks": lambda: html(b"<b>v</b><s>k</s>" * 60_000),
    "html-links-of-ours": lambda: html(b'<a href="mailto:' + original_of(PLANNING).reply_to.encode() + b'?body=1.5%3A%20x">x</a>' * 8_000),
    "html-base64": lambda: (
        head(Content_Type="text/html", Content_Transfer_Encoding="base64") + b"\r\n" + base64.encodebytes(filled(b"<p>x", 15 * MEGABYTE))
    ),
}

FILES: Mapping[str, Callable[[], bytes]] = {
    "zip-of-512-MB": lambda: attached(zipped(512 * MEGABYTE), "raportti.xlsx"),
    "zip-of-documents": lambda: attached(zipped(128 * MEGABYTE, "word/document.xml"), "raportti.docx"),
    "zip-in-zip": lambda: attached(nested_zips(6), "raportti.xlsx"),
    "zip-cut": lambda: attached(zipped(64 * MEGABYTE)[:-50], "raportti.xlsx"),
    "zip-with-a-path": lambda: attached(zipped(MEGABYTE, "../" * 50 + "etc/passwd"), "raportti.xlsx"),
    "pdf-that-is-none": lambda: attached(b"%PDF-1.7\n" + b"1 0 obj<<" * 500_000, "raportti.pdf", "application/pdf"),
    "calendar": lambda: head(Content_Type="text/calendar; method=REPLY") + b"\r\n" + b"BEGIN:VCALENDAR\r\n" * 500_000,
    "calendar-folded": lambda: head(Content_Type="text/calendar") + b"\r\nMETHOD:" + b"\r\n R" * 2_000_000,
    "winmail": lambda: attached(b"\x78\x9f\x3e\x22" + filled(b"\xff", 10 * MEGABYTE), "winmail.dat", "application/ms-tnef"),
}
