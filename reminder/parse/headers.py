"""The header block of a mail: fields in order, capped before they are decoded, and the parameters of a field."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from reminder.parse.decoding import clean_text, decode_bytes, decode_header
from reminder.parse.limits import HEADER_BLOCK_BYTES, HEADER_BYTES, HEADER_COUNT

_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
_END = re.compile(rb"\r?\n\r?\n|\r\r")
_PARAMETER = re.compile(r";\s*([A-Za-z0-9._+-]{1,60})(\*\d{1,3})?(\*)?\s*=\s*(\"(?:[^\"\\]|\\.)*\"|[^;\s]*)", re.DOTALL)
_PARAMETERS = 100


@dataclass(frozen=True, slots=True)
class Headers:
    """The fields of one header block, names in lower case, values raw."""

    fields: tuple[tuple[str, bytes], ...] = ()

    def raw(self, name: str) -> bytes:
        """The first field of that name, raw; empty where there is none."""
        return next((value for key, value in self.fields if key == name), b"")

    def all_raw(self, name: str) -> tuple[bytes, ...]:
        """All fields of that name, in order, raw."""
        return tuple(value for key, value in self.fields if key == name)

    def text(self, name: str) -> str:
        """The first field of that name, decoded to one line."""
        return decode_header(self.raw(name))

    def all_text(self, name: str) -> tuple[str, ...]:
        """All fields of that name, decoded."""
        return tuple(decode_header(value) for key, value in self.fields if key == name)

    def in_order(self, *names: str) -> tuple[tuple[str, str], ...]:
        """All fields of these names from the top, decoded."""
        return tuple((key, decode_header(value)) for key, value in self.fields if key in names)

    def has(self, name: str) -> bool:
        """Whether there is a field of that name."""
        return any(key == name for key, _ in self.fields)

    def count(self, name: str) -> int:
        """How many fields of that name there are."""
        return sum(key == name for key, _ in self.fields)


def split_message(raw: bytes) -> tuple[bytes, bytes]:
    """The header block and the body. A mail that begins with a blank line has no headers."""
    if raw[:1] in {b"\n", b"\r"}:
        return b"", raw.lstrip(b"\r\n")
    match = _END.search(raw)
    if match is None:
        return raw, b""
    return raw[: match.start()], raw[match.end() :]


def read_headers(block: bytes, defects: list[str]) -> Headers:
    """The fields of a header block. What exceeds the limits is cut, and `defects` says so."""
    if len(block) > HEADER_BLOCK_BYTES:
        defects.append("header_block_cut")
        block = block[:HEADER_BLOCK_BYTES]
    fields: list[tuple[str, list[bytes]]] = []
    for line in block.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n"):
        if line[:1] in {b" ", b"\t"} and fields:
            fields[-1][1].append(line)
        elif (match := _FIELD.match(line)) is not None:
            if len(fields) >= HEADER_COUNT:
                defects.append("too_many_headers")
                break
            fields.append((match.group(1).decode("ascii").lower(), [line[match.end() :]]))
        elif line and not line.startswith((b"From ", b">From ")):
            defects.append("header_line_unreadable")
    return Headers(tuple((name, _joined(lines, defects)) for name, lines in fields))


def _joined(lines: Sequence[bytes], defects: list[str]) -> bytes:
    value = b"".join(lines)
    if len(value) > HEADER_BYTES:
        defects.append("header_cut")
        value = value[:HEADER_BYTES]
    return value.strip()


def read_parameters(value: bytes) -> tuple[str, dict[str, str]]:
    """The value of a field such as Content-Type and its parameters, RFC 2231 continuations and charsets included."""
    text = decode_bytes(value)
    head = text.partition(";")[0].strip().lower()
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for count, match in enumerate(_PARAMETER.finditer(text)):
        if count >= _PARAMETERS:
            break
        name, section, extended, given = match.groups()
        number = int(section[1:]) if section else 0
        pieces.setdefault(name.lower(), []).append((number, extended is not None, _unquoted(given)))
    return clean_text(head), {name: _parameter(parts) for name, parts in pieces.items()}


def _unquoted(value: str) -> str:
    if value[:1] == '"':
        return re.sub(r"\\(.)", r"\1", value[1:-1], flags=re.DOTALL)
    return value


def _parameter(parts: list[tuple[int, bool, str]]) -> str:
    parts.sort(key=lambda part: part[0])
    if not any(extended for _, extended, _ in parts):
        return decode_header("".join(value for _, _, value in parts).encode("utf-8", "replace"))
    charset, first = "", True
    content = b""
    for _, extended, value in parts:
        if extended and first and value.count("'") >= 2:
            charset, _, value = value.split("'", 2)
        first = False
        content += unquote_to_bytes(value) if extended else value.encode("utf-8", "replace")
    return clean_text(decode_bytes(content, charset))
