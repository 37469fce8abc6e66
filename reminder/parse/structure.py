"""The MIME structure of a mail, split by our own iterative reader within the limits.

The standard library's parser recurses a level of Python a level of MIME and reads parameters before any cap can be put
on them (mail-protocol.md 5.2); this one is a stack, a depth, a count. It never descends into `message/*`: what is attached
or returned is not the sender's own text.
"""

from __future__ import annotations

from dataclasses import dataclass

from reminder.parse.decoding import decode_base64, decode_bytes, decode_quoted_printable
from reminder.parse.headers import Headers, read_headers, read_parameters, split_message
from reminder.parse.limits import DEPTH, HEADER_BYTES, PARTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One leaf of the structure. `content` is undone of its transfer encoding, not of its charset."""

    headers: Headers
    media_type: str
    parameters: dict[str, str]
    disposition: str
    name: str
    content: bytes
    parents: tuple[str, ...] = ()
    """Media types of the multiparts around it, outermost first."""

    def text(self, limit: int) -> str:
        """The content as text, cut before it is decoded (four bytes a character at most)."""
        return decode_bytes(self.content[: limit * 4], self.parameters.get("charset", ""))[:limit]


@dataclass(frozen=True, slots=True)
class _Node:
    headers: Headers
    body: bytes
    parents: tuple[str, ...]
    default: str = "text/plain"


def split_parts(headers: Headers, body: bytes, defects: list[str]) -> tuple[Part, ...]:
    """All leaves in order, at most 200, at most 20 deep; what lies beyond is left out and `defects` says so."""
    leaves: list[Part] = []
    stack = [_Node(headers, body, ())]
    seen = 0
    while stack:
        node = stack.pop()
        seen += 1
        if len(leaves) >= PARTS or seen > 2 * PARTS:
            defects.append("too_many_parts")
            break
        media_type, parameters = _content_type(node)
        if not media_type.startswith("multipart/"):
            leaves.append(_leaf(node, media_type, parameters, defects))
            continue
        if len(node.parents) >= DEPTH:
            defects.append("too_deep")
            continue
        stack.extend(reversed(_children(node, media_type, parameters, defects)))
    return tuple(leaves)


def _content_type(node: _Node) -> tuple[str, dict[str, str]]:
    raw = node.headers.raw("content-type")
    media_type, parameters = read_parameters(raw[:HEADER_BYTES])
    if media_type.count("/") != 1 or " " in media_type:
        media_type = node.default
    return media_type[:100], parameters


def _children(node: _Node, media_type: str, parameters: dict[str, str], defects: list[str]) -> list[_Node]:
    """The parts between the boundary lines; a multipart without a usable boundary is one text (as readers show it)."""
    boundary = parameters.get("boundary", "").rstrip().encode("utf-8", "replace")
    parents = (*node.parents, media_type)
    sections = _sections(node.body, boundary) if boundary else []
    if not sections:
        defects.append("boundary_missing")
        return [_Node(Headers(), node.body, parents)]
    default = "message/rfc822" if media_type == "multipart/digest" else "text/plain"
    children: list[_Node] = []
    for section in sections[: PARTS + 1]:
        block, body = split_message(section)
        children.append(_Node(read_headers(block, defects), body, parents, default))
    return children


def _sections(body: bytes, boundary: bytes) -> list[bytes]:
    """What stands between the delimiter lines (RFC 2046 section 5.1.1); a missing last delimiter is forgiven."""
    delimiter = b"\n--" + boundary
    pieces = (b"\n" + body).split(delimiter, 2 * PARTS + 2)
    sections: list[bytes] = []
    for piece in pieces[1:]:
        line, end, rest = piece.partition(b"\n")
        tail = line.strip()
        if tail.startswith(b"--"):
            break
        if tail:  # a longer boundary that begins like ours: not a delimiter
            if sections:
                sections[-1] += delimiter + piece
            continue
        sections.append(rest if end else b"")
    return [section.removesuffix(b"\r") for section in sections]


def _leaf(node: _Node, media_type: str, parameters: dict[str, str], defects: list[str]) -> Part:
    disposition, fields = read_parameters(node.headers.raw("content-disposition"))
    encoding = node.headers.text("content-transfer-encoding").lower()
    return Part(
        headers=node.headers,
        media_type=media_type,
        parameters=parameters,
        disposition=disposition,
        name=fields.get("filename", "") or parameters.get("name", ""),
        content=_decoded(node.body, encoding, defects),
        parents=node.parents,
    )


def _decoded(body: bytes, encoding: str, defects: list[str]) -> bytes:
    """The body without its transfer encoding; an unknown one counts as none (RFC 2045 section 6.4)."""
    if encoding == "base64":
        return decode_base64(body)
    if encoding == "quoted-printable":
        return decode_quoted_printable(body)
    if encoding not in {"", "7bit", "8bit", "binary"}:
        defects.append("transfer_encoding_unknown")
    return body
