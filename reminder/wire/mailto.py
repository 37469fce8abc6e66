"""The traffic-light links that open a prefilled reply: write and read (RFC 6068).

Blanks are written `%20`, never `+`, and lines end in `%0D%0A` as RFC 6068 section 5 asks; the body stays under 1,900
encoded characters, since some clients cut longer ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qs, quote, urlsplit

from reminder.domain.assessments import TrafficLight
from reminder.domain.messages import Item
from reminder.domain.programme import Language
from reminder.wire.answer_block import BLOCK_WORDS, item_head

BODY_LIMIT = 1900


def write_mailto(address: str, *, subject: str, body: str) -> str:
    """A `mailto:` URL that opens a reply with this subject and body."""
    return f"mailto:{quote(address, safe='@+')}?subject={quote(subject, safe='')}&body={quote(_crlf(body), safe='')}"


def read_mailto(url: str) -> tuple[str, str, str]:
    """Address, subject and body of a `mailto:` URL; what a mail client does with it."""
    parts = urlsplit(url)
    query = parse_qs(parts.query.replace("+", "%2B"), keep_blank_values=True)
    address = parse_qs("a=" + parts.path.replace("+", "%2B"))["a"][0]
    return address, query.get("subject", [""])[0], query.get("body", [""])[0].replace("\r\n", "\n")


def light_body(item: Item, light: TrafficLight, language: Language, *, reference: str) -> str:
    """The prefilled reply behind one light: the block of one action with its light already said."""
    words = BLOCK_WORDS[language]
    lines = (item_head(item), f"{words.light}: {words.lights[light]}", f"{words.done}: ", f"{words.next}: ", "", reference)
    return "\n".join(lines)


def form_body(items: Sequence[Item], language: Language, *, reference: str) -> str | None:
    """The whole form as a prefilled reply, or None where it would be cut by some clients."""
    words = BLOCK_WORDS[language]
    blocks = ["\n".join((item_head(item), words.light_label + " ", f"{words.done}: ", f"{words.next}: ")) for item in items]
    body = "\n\n".join([*blocks, reference])
    return body if len(quote(_crlf(body), safe="")) <= BODY_LIMIT else None


def _crlf(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\n", "\r\n")
