"""xtext, in which SMTP carries an envelope id and an original recipient (RFC 3461, section 4): `+` and two hexadecimal digits a byte."""

from __future__ import annotations

import re

_ENCODED = re.compile(r"\+([0-9A-Fa-f]{2})")
_PLAIN = frozenset(range(33, 127)) - frozenset(b"+=")


def write_xtext(text: str) -> str:
    """The text as xtext: printable ASCII but `+` and `=` as it is, any other byte of its UTF-8 encoded."""
    return "".join(chr(byte) if byte in _PLAIN else f"+{byte:02X}" for byte in text.encode("utf-8", "replace"))


def read_xtext(text: str) -> str:
    """What an xtext says. Total: what is no xtext stays as it is, since not every server decodes what it hands on."""
    decoded = _ENCODED.sub(lambda found: chr(int(found[1], 16)), text)
    return decoded.encode("latin-1", "replace").decode("utf-8", "replace") if decoded != text else text
