"""Which mail of ours this one answers: signed tokens wherever they survive, then message ids, then the short tag.

A token may stand in any recipient address, in a message id (ours are `<TOKEN@domain>`), in the subject, in the text, folded
across lines or not, and in the target of a link. Each is verified; where it was found does not matter for its proof.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from reminder.parse.limits import HEADER_BLOCK_BYTES, READING_FAULTS
from reminder.parse.message import Mail
from reminder.wire.reply_token import MESSAGE_LENGTH, TOKEN_LENGTH, Keyring, Purpose, find_short_tags, find_tokens

_SOUND_ID = re.compile(r"(?!.*=\?)[!-;=?-~]{1,250}@[!-;=?-~]{1,250}")
_QUOTED_BREAK = re.compile(r"=?\n[ \t>|]*")
_BARE_RUN = re.compile(rf"[a-z2-7]{{{TOKEN_LENGTH}}}", re.IGNORECASE)
_TEXTS_SEARCHED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class References:
    """What a mail refers to. `proven` are ids of our messages named by a valid token; the rest proves nothing."""

    proven: tuple[str, ...] = ()
    message_ids: tuple[str, ...] = ()
    short_tags: tuple[str, ...] = ()
    found_in: tuple[tuple[str, str], ...] = ()
    """(message, where) for each proven token, in the order found: address, reply_to, references, subject, text, link, returned."""
    commands: tuple[str, ...] = ()
    """Ids of messages named by a valid command token."""


def find_references(mail: Mail, keyring: Keyring, programme_tags: Sequence[str]) -> References:
    """Looks in all the places. Total: what cannot be searched is passed over."""
    try:
        return _find(mail, keyring, programme_tags)
    except READING_FAULTS:
        return References()


def _find(mail: Mail, keyring: Keyring, programme_tags: Sequence[str]) -> References:
    found: dict[tuple[str, str], None] = {}
    commands: dict[str, None] = {}
    for where, text in _places(mail):
        for token in find_tokens(keyring, text):
            if token.purpose is Purpose.REPLY:
                found.setdefault((token.message, where))
            else:
                commands.setdefault(token.message)
    ids = dict.fromkeys(one for one in (*mail.in_reply_to, *reversed(mail.references)) if _SOUND_ID.fullmatch(one))
    return References(
        proven=tuple(dict.fromkeys(message for message, _ in found)),
        message_ids=tuple(ids),
        short_tags=tuple(dict.fromkeys(find_short_tags(programme_tags, mail.subject))),
        found_in=tuple(found),
        commands=tuple(commands),
    )


def _places(mail: Mail) -> Iterator[tuple[str, str]]:
    yield "address", " ".join(mail.recipients)
    yield "reply_to", " ".join(mail.in_reply_to)
    yield "references", " ".join(mail.references)
    yield "subject", mail.subject
    for part in mail.texts[:_TEXTS_SEARCHED]:
        yield "text", part.text
        yield "text", _QUOTED_BREAK.sub("", part.text)
    yield from _returned(mail)
    for html in mail.html[:_TEXTS_SEARCHED]:
        yield "link", html
        yield "link", unquote(html)
        yield "link", unquote(re.sub(r"<[^<>]{0,4000}>|=?\s+", "", html))


def _returned(mail: Mail) -> Iterator[tuple[str, str]]:
    """A delivery report names our mail by the headers that it returns; a report's own fields may hold the envelope id."""
    for part in (*mail.returned[:_TEXTS_SEARCHED], *mail.reports[:_TEXTS_SEARCHED]):
        yield "returned", part.text(HEADER_BLOCK_BYTES)


def names_message(text: str, message: str) -> bool:
    """Whether a text holds a token that names `message`; the signature was verified when the message was proven."""
    return any(run[2 : 2 + MESSAGE_LENGTH] == message for run in _BARE_RUN.findall(text.lower()))
