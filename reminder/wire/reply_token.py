"""The signed token of the reply address: mint and read.

A token names one message that we sent (DESIGN, decision 1) and says which duty, never who. It is 34 characters of
lower-case base32: key id (1), purpose (1), message id (12), signature (20 = 100 bits of HMAC-SHA256). With the plus
address `seuranta+TOKEN@…` the local part stays under the 64 octets of RFC 5321 section 4.5.3.1.1. Mail systems fold
local parts to one case, so reading ignores case; base32 has neither 0 nor 1, so nothing is mistaken for O or l.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

MESSAGE_LENGTH = 12
SIGNATURE_LENGTH = 20
TAG_LENGTH = 4
TOKEN_LENGTH = 2 + MESSAGE_LENGTH + SIGNATURE_LENGTH
_ALPHABET = "a-z2-7"
_TOKEN = re.compile(rf"(?<![A-Za-z0-9])[A-Za-z2-7]{{{TOKEN_LENGTH}}}(?![A-Za-z0-9])")
_KEY_ID = re.compile(rf"[{_ALPHABET}]")


class Purpose(StrEnum):
    """What a token is good for. A reply token never carries a command."""

    REPLY = "r"
    COMMAND = "c"


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A signing key. `id` is one base32 character."""

    id: str
    secret: str
    ends: datetime | None = None
    """A former key verifies what arrived until then; None: no end is known."""

    def __repr__(self) -> str:
        return f"Key(id={self.id!r})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyring:
    """The keys of one instance: the first signs, all verify, so that a key can be rotated while old mails are answered."""

    keys: tuple[Key, ...]
    instance: str

    @classmethod
    def from_setting(cls, setting: str, *, instance: str) -> Keyring:
        """Reads `keyid:secret`, several by comma. Raises ValueError that tells what is wrong, never the secret."""
        keys = tuple(_read_key(part) for part in setting.split(",") if part.strip())
        if not keys:
            raise ValueError("no key is given")
        if len({key.id for key in keys}) != len(keys):
            raise ValueError("two keys have the same id")
        return cls(keys=keys, instance=instance)

    def at(self, instant: datetime) -> Keyring:
        """The keys that are good for a mail that arrived at this instant. The first always is."""
        first, *former = self.keys
        return replace(self, keys=(first, *(key for key in former if key.ends is None or instant <= key.ends)))

    def with_ends(self, ends: Mapping[str, datetime]) -> Keyring:
        """The same keys, the former ones with their ends by id."""
        first, *former = self.keys
        return replace(self, keys=(replace(first, ends=None), *(replace(key, ends=ends.get(key.id)) for key in former)))

    def signature(self, key: Key, purpose: Purpose, message: str) -> str:
        """The signature of a message id for a purpose, bound to this instance."""
        content = "\0".join(("reply-token-1", self.instance, key.id, purpose.value, message))
        digest = hmac.new(key.secret.encode(), content.encode(), hashlib.sha256).digest()
        return base64.b32encode(digest).decode().lower()[:SIGNATURE_LENGTH]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyToken:
    """A token whose signature holds."""

    message: str
    purpose: Purpose


def _read_key(part: str) -> Key:
    key_id, separator, secret = part.strip().partition(":")
    if not separator or not _KEY_ID.fullmatch(key_id):
        raise ValueError("a key is written `id:secret`, where id is one character of a-z or 2-7")
    if len(secret) < 16:
        raise ValueError(f"the secret of key {key_id!r} is shorter than 16 characters")
    return Key(id=key_id, secret=secret)


def message_id_from(random_bytes: bytes) -> str:
    """A message id of 12 base32 characters from at least eight random bytes."""
    if len(random_bytes) < 8:
        raise ValueError("at least eight random bytes are needed")
    return base64.b32encode(random_bytes).decode().lower()[:MESSAGE_LENGTH]


def mint_token(keyring: Keyring, message: str, purpose: Purpose = Purpose.REPLY) -> str:
    """The token that names `message`, signed with the first key."""
    key = keyring.keys[0]
    return key.id + purpose.value + message + keyring.signature(key, purpose, message)


def read_token(keyring: Keyring, text: str) -> ReplyToken | None:
    """The token that `text` is, in any case; None where it is none of ours. Compares in constant time."""
    token = text.strip().lower()
    if len(token) != TOKEN_LENGTH or token[1] not in set(Purpose):
        return None
    purpose, message = Purpose(token[1]), token[2 : 2 + MESSAGE_LENGTH]
    given = token[2 + MESSAGE_LENGTH :].encode("utf-8", "replace")
    for key in keyring.keys:
        if key.id == token[0] and hmac.compare_digest(keyring.signature(key, purpose, message).encode(), given):
            return ReplyToken(message=message, purpose=purpose)
    return None


def find_tokens(keyring: Keyring, text: str) -> tuple[ReplyToken, ...]:
    """All valid tokens in a text, in order, each once."""
    candidates = dict.fromkeys(match.group().lower() for match in _TOKEN.finditer(text))
    return tuple(dict.fromkeys(token for one in candidates if (token := read_token(keyring, one)) is not None))


def short_tag(programme_tag: str, message: str) -> str:
    """The tag in the subject, `ELVO-7K3Q`: helps to find the duty, proves nothing (DESIGN, decision 18)."""
    return f"{programme_tag}-{message[:TAG_LENGTH].upper()}"


def plus_address(address: str, token: str) -> str:
    """`seuranta@kunta.example` with its token: `seuranta+TOKEN@kunta.example` (RFC 5233)."""
    local, _, domain = address.rpartition("@")
    return f"{local}+{token}@{domain}"


def addresses_fit(address: str) -> bool:
    """Whether the plus address stays within 64 octets of local part."""
    return len(address.rpartition("@")[0].encode()) + 1 + TOKEN_LENGTH <= 64


def find_short_tags(programme_tags: Sequence[str], text: str) -> tuple[str, ...]:
    """Short tags of the given programmes in a text, upper case, as `(tag, first four characters)` joined by a hyphen."""
    if not programme_tags:
        return ()
    names = "|".join(re.escape(tag) for tag in sorted(programme_tags, key=len, reverse=True))
    return tuple(match.group().upper() for match in re.finditer(rf"\b(?:{names})-[A-Z2-7]{{4}}\b", text, re.IGNORECASE))
