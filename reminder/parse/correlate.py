"""Which mail of ours this one answers: signed tokens wherever they survive, then message ids, then the short tag.

A token may stand in any recipient address, in a message id (ours are `<TOKEN@domain>`), in the subject, in the text, folded
across lines or not, in the target of a link, and in the keys of an attached answer form. Each is verified; where it was found
does not matter for its proof.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from reminder.parse.attached_sheets import find_forms
from reminder.parse.limits import HEADER_BLOCK_BYTES, READING_FAULTS
from reminder.parse.message import Mail
from reminder.wire.reply_token import MESSAGE_LENGTH, Keyring, Purpose, find_short_tags, find_tokens
from reminder.wire.xtext import read_xtext

_SOUND_ID = re.compile(r"(?!.*=\?)[!-;=?-~]{1,250}@[!-;=?-~]{1,250}")
_QUOTED_BREAK = re.compile(r"=?\n[ \t>|]*")
_OWN_ID = re.compile(rf"[a-z2-7]{{{MESSAGE_LENGTH}}}")
_ENVELOPE_ID = re.compile(r"^Original-Envelope-Id:[ \t]*(\S{1,200})", re.IGNORECASE | re.MULTILINE)
_TEXTS_SEARCHED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class References:
    """What a mail refers to. `proven` are ids of our messages named by a valid token; the rest proves nothing."""

    proven: tuple[str, ...] = ()
    message_ids: tuple[str, ...] = ()
    short_tags: tuple[str, ...] = ()
    own_id: str = ""
    """Our id of the mail that this is a copy of, as its own header says; proves nothing."""


def find_references(mail: Mail, keyring: Keyring, programme_tags: Sequence[str]) -> References:
    """Looks in all the places. Total: what cannot be searched is passed over."""
    try:
        return _find(mail, keyring, programme_tags)
    except READING_FAULTS:
        return References()


def _find(mail: Mail, keyring: Keyring, programme_tags: Sequence[str]) -> References:
    # One search over all places: most of them hold the same token, and each is verified once.
    proven = dict.fromkeys(token.message for token in find_tokens(keyring, "\n".join(_places(mail))) if token.purpose is Purpose.REPLY)
    ids = dict.fromkeys(one for one in (*mail.in_reply_to, *reversed(mail.references)) if _SOUND_ID.fullmatch(one))
    return References(
        proven=tuple(proven),
        message_ids=tuple(ids),
        short_tags=tuple(dict.fromkeys(find_short_tags(programme_tags, mail.subject))),
        own_id=own_id if _OWN_ID.fullmatch(own_id := mail.headers.text("x-reminder-id").strip().lower()) else "",
    )


def _places(mail: Mail) -> Iterator[str]:
    yield " ".join(mail.recipients)
    yield " ".join(mail.in_reply_to)
    yield " ".join(mail.references)
    yield mail.subject
    for part in mail.texts[:_TEXTS_SEARCHED]:
        yield part.text
        yield _QUOTED_BREAK.sub("", part.text)
    yield from _returned(mail)
    for _, form in find_forms(mail):
        yield " ".join(form.tokens)
    for html in mail.html[:_TEXTS_SEARCHED]:
        yield html
        yield unquote(html)
        yield unquote(re.sub(r"<[^<>]{0,4000}>|=?\s+", "", html))


def _returned(mail: Mail) -> Iterator[str]:
    """A delivery report names our mail by the headers that it returns; a report's own fields may hold the envelope id."""
    for part in (*mail.returned[:_TEXTS_SEARCHED], *mail.reports[:_TEXTS_SEARCHED]):
        text = part.text(HEADER_BLOCK_BYTES)
        yield text
        # The envelope id as it was sent over the wire, where a server did not decode it (RFC 3461, section 4.4).
        yield from (read_xtext(found[1]) for found in _ENVELOPE_ID.finditer(text) if "+" in found[1])
