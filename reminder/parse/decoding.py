"""Bytes become text: charsets that lie, encoded words, letters decoded twice, controls that nobody typed.

Nothing is ever decoded with `ignore`: a lost letter is a lost word (replies.md, finding 5). The chain is: UTF-8 where the
bytes are valid UTF-8, else the declared charset, else windows-1252, which is what mislabelled Finnish mail nearly always is.
"""

from __future__ import annotations

import binascii
import re
import unicodedata
from functools import lru_cache

ALIASES = {
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "utf8": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "iso-8859-8-i": "iso-8859-8",
    "cp-850": "cp850",
    "ks_c_5601-1987": "cp949",
    "macintosh": "mac_roman",
    "x-mac-roman": "mac_roman",
}
_KNOWN = re.compile(
    r"(?:iso-?8859-\d{1,2}|iso-2022-[a-z0-9-]{1,8}|windows-\d{3,4}|cp\d{3,4}|ibm\d{3,4}|koi8-[ru]|utf-(?:8|16|16le|16be|32|32le|32be)"
    r"|gb2312|gbk|gb18030|big5|euc-(?:jp|kr)|shift_jis|mac_roman|tis-620)"
)
"""Charsets that we let Python look up. Its codecs also know idna, punycode, utf-7 and unicode_escape, which no mail needs."""
_WIDE = re.compile(r"utf-(?:16|32)|iso-2022")

_TWICE = re.compile("[\u00c2-\u00c5][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]")
_TWICE_LONG = re.compile("\u00e2[\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]{2}")
_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_BETWEEN_WORDS = re.compile(r"(\?=)\s+(?==\?[^?\s]{1,60}\?[bBqQ]\?)")
_NOT_BASE64 = bytes(set(range(256)).difference(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"))
_SURROGATES = re.compile("[\ud800-\udfff]")


def _cleaning_table() -> dict[int, str | None]:
    table: dict[int, str | None] = dict.fromkeys((*range(0x09), *range(0x0B, 0x20), *range(0x7F, 0xA0)))
    table |= dict.fromkeys((0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF, 0xFE0E, 0xFE0F))
    table |= {0x0B: "\n", 0x0C: "\n", 0x0D: "\n", 0x85: "\n", 0x2028: "\n", 0x2029: "\n"}
    table |= dict.fromkeys((0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), " ")
    table |= {0xFF10 + digit: str(digit) for digit in range(10)}
    table |= {0xFF1A: ":", 0xFF0F: "/", 0xFF08: "(", 0xFF09: ")", 0xFF0E: ".", 0xFF0C: ",", 0xFF03: "#", 0xFF1E: ">"}
    return table


_CLEANING = _cleaning_table()
_NEEDS_CLEANING = re.compile("[" + "".join(rf"\U{code:08x}" for code in _CLEANING) + "]")


def clean_text(text: str) -> str:
    """Text as a person sees it: line ends are `\\n`, blanks are blanks, nothing invisible is left, NFC."""
    text = text.replace("\r\n", "\n")
    if _NEEDS_CLEANING.search(text) is not None:
        text = text.translate(_CLEANING)
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


@lru_cache(maxsize=64)
def known_charset(label: str) -> str:
    """The codec for a declared charset, or an empty string where the label says nothing that we trust."""
    name = label.strip().strip("\"'").lower()[:60]
    name = ALIASES.get(name, name)
    if not _KNOWN.fullmatch(name):
        return ""
    try:
        b"".decode(name)
    except (LookupError, ValueError):
        return ""
    return name


def decode_bytes(data: bytes, label: str = "") -> str:
    """Decodes by the chain of this module; never raises, never drops a byte silently."""
    charset = known_charset(label)
    if charset and _WIDE.match(charset):
        return _decode_wide(data, charset)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if charset and charset != "utf-8":
        try:
            return data.decode(charset)
        except (UnicodeError, ValueError):
            pass
    return _decode_western(data)


def _decode_wide(data: bytes, charset: str) -> str:
    try:
        return data.decode(charset)
    except (UnicodeError, ValueError):
        return data.decode(charset, "replace") if charset.startswith("utf-") else _decode_western(data)


def _decode_western(data: bytes) -> str:
    """windows-1252, with its five undefined bytes as Latin-1 controls, which cleaning drops."""
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def undo_twice_encoded(text: str) -> str:
    """`vihreÃ¤` becomes `vihreä` again: UTF-8 that a gateway took for windows-1252."""
    if "\u00c3" not in text and "\u00e2" not in text and "\u00c2" not in text:
        return text
    return _TWICE.sub(_decoded_once, _TWICE_LONG.sub(_decoded_once, text))


def _decoded_once(match: re.Match[str]) -> str:
    try:
        raw = b"".join(char.encode("cp1252") if ord(char) > 0xFF else char.encode("latin-1") for char in match.group())
        return raw.decode("utf-8")
    except UnicodeError:
        return match.group()


def decode_base64(data: bytes) -> bytes:
    """As much as can be decoded; foreign characters are skipped, missing padding is supplied (RFC 2045 section 6.8)."""
    letters = data.translate(None, _NOT_BASE64)  # a substitution would keep every piece between two hits: gigabytes of noise
    letters = letters[:-1] if len(letters) % 4 == 1 else letters
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


def decode_quoted_printable(data: bytes, *, header: bool = False) -> bytes:
    """Quoted-printable (RFC 2045 section 6.7); in headers, `_` is a blank (RFC 2047 section 4.2)."""
    return binascii.a2b_qp(data, header=header)


def decode_header(raw: bytes) -> str:
    """A header value as a person sees it, on one line: unfolded, encoded words decoded, controls and newlines gone."""
    text = decode_bytes(raw)
    if "=?" in text:
        text = _decode_words(_BETWEEN_WORDS.sub(r"\1", text))
    return " ".join(undo_twice_encoded(clean_text(_SURROGATES.sub("\ufffd", text))).split())


def _decode_words(text: str) -> str:
    """Decodes encoded words; adjacent ones of one charset are joined first, since some split inside a letter (RFC 2047 section 5)."""
    pieces: list[str] = []
    pending, charset, end = b"", "", 0
    for match in _ENCODED_WORD.finditer(text):
        label = match.group(1).partition("*")[0].lower()
        if pending and (match.start() > end or label != charset):
            pieces.append(decode_bytes(pending, charset))
            pending = b""
        pieces.append(text[end : match.start()])
        pending, charset, end = pending + _word_bytes(match.group(2), match.group(3)), label, match.end()
    pieces.append(decode_bytes(pending, charset))
    return "".join([*pieces, text[end:]])


def _word_bytes(encoding: str, content: str) -> bytes:
    raw = content.encode("utf-8", "replace")
    if encoding in "bB":
        return decode_base64(raw)
    return decode_quoted_printable(raw, header=True)
