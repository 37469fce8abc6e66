"""Logging in to a token endpoint by signature instead of a secret: a certificate of one's own, or the key of a service account.

The libraries that sign are the extra `oauth`; without it every use says what to install. Files are read for each request, so that a
renewed one is taken up without a restart.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from reminder.domain.credentials import CredentialFault, Validity
from reminder.edges.oauth import TokenTrouble
from reminder.edges.ports import Clock

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

Algorithm = Literal["PS256", "RS256"]

_FILE_LIMIT = 1_048_576
_LIFE = timedelta(minutes=5)
_KEY_BITS = 2048
_PRIVATE_KEY = re.compile(rb"-----BEGIN ((?:ENCRYPTED |RSA |EC )?PRIVATE KEY)-----.*?-----END \1-----", re.DOTALL)
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_BEARER_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_WORDS: Mapping[CredentialFault, str] = {
    CredentialFault.NO_EXTRA: "the extra `oauth` is not installed",
    CredentialFault.UNREADABLE: "the file cannot be read",
    CredentialFault.NO_KEY: "it holds no private key",
    CredentialFault.LOCKED_KEY: "its key asks for a passphrase",
    CredentialFault.WEAK_KEY: "its key is not RSA of at least 2048 bits",
    CredentialFault.NO_CERTIFICATE: "it holds no certificate of its key",
    CredentialFault.NO_SERVICE_ACCOUNT: "it is not the JSON key of a service account",
}
INSTALL = 'Install it: pip install "reminder[oauth]".'


class CredentialUnsound(Exception):
    """The file cannot be used. Nothing of what it holds stands in the words."""

    def __init__(self, fault: CredentialFault) -> None:
        super().__init__(_WORDS[fault])
        self.fault = fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A client that is known by its certificate (RFC 7523, 2.2), as Microsoft Entra takes it: `PS256` with `x5t#S256`. `RS256` with
    `x5t` is the older form, which AD FS takes. `path` is a PEM file with the key and its certificate."""

    client_id: str
    path: Path
    clock: Clock
    algorithm: Algorithm = "PS256"

    def form(self, url: str) -> Mapping[str, str]:
        """An assertion that lives for five minutes, and names the endpoint that it is for."""
        now = self.clock.now()
        try:
            key, der, validity = _read_pem(self.path)
        except CredentialUnsound as unsound:
            raise _trouble("certificate", unsound) from None
        if not validity.holds_at(now):
            raise TokenTrouble(
                f"The certificate to log in with holds from {_day(validity.begins_at)} to {_day(validity.ends_at)}.",
                advice="Have a new one registered for the application and put it into the file of REMINDER_OAUTH2_CERTIFICATE.",
                is_refused=True,
            )
        times = _times(url, now)
        claims = {"iss": self.client_id, "sub": self.client_id, "jti": str(uuid.uuid4()), "nbf": times["iat"], **times}
        assertion = _sign(key, claims, self.algorithm, _thumbprint(der, self.algorithm))
        return {
            "grant_type": "client_credentials",
            "client_id": self.client_id,
            "client_assertion_type": _ASSERTION,
            "client_assertion": assertion,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceAccount:
    """A service account of Google with domain-wide delegation: it acts as `subject` (RFC 7523, 2.1). `path` is its JSON key."""

    path: Path
    subject: str
    scope: str
    clock: Clock

    def form(self, url: str) -> Mapping[str, str]:
        """The assertion is the grant; the scope stands in it."""
        try:
            key, email, key_id = _read_service_account(self.path)
        except CredentialUnsound as unsound:
            raise _trouble("key of the service account", unsound) from None
        claims = {"iss": email, "sub": self.subject, "scope": self.scope, **_times(url, self.clock.now())}
        return {"grant_type": _BEARER_GRANT, "assertion": _sign(key, claims, "RS256", {"kid": key_id} if key_id else {})}


def read_validity(path: Path) -> Validity:
    """From when until when the certificate in a PEM file holds. Raises CredentialUnsound."""
    return _read_pem(path)[2]


def check_service_account(path: Path) -> None:
    """Raises CredentialUnsound where the file is no JSON key of a service account."""
    _read_service_account(path)


def _read_pem(path: Path) -> tuple[RSAPrivateKey, bytes, Validity]:
    """The key, its certificate (DER), and how long that holds. Others in the file, such as those of a chain, are passed over."""
    text = _read(path)
    key = _load_key(text)
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    try:
        certificates = x509.load_pem_x509_certificates(text)
    except ValueError:
        raise CredentialUnsound(CredentialFault.NO_CERTIFICATE) from None
    own = key.public_key()
    for certificate in certificates:
        if certificate.public_key() == own:
            begins_at, ends_at = certificate.not_valid_before_utc, certificate.not_valid_after_utc
            return key, certificate.public_bytes(Encoding.DER), Validity(begins_at=begins_at, ends_at=ends_at)
    raise CredentialUnsound(CredentialFault.NO_CERTIFICATE)


def _read_service_account(path: Path) -> tuple[RSAPrivateKey, str, str]:
    """The key, the address of the account, and the name of the key."""
    try:
        document = json.loads(_read(path))
        kind, email, pem = (document[name] for name in ("type", "client_email", "private_key"))
    except (ValueError, RecursionError, KeyError, TypeError):
        raise CredentialUnsound(CredentialFault.NO_SERVICE_ACCOUNT) from None
    if kind != "service_account" or not isinstance(email, str) or not isinstance(pem, str):
        raise CredentialUnsound(CredentialFault.NO_SERVICE_ACCOUNT)
    return _load_key(pem.encode()), email, str(document.get("private_key_id", ""))


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_FILE_LIMIT)
    except OSError:
        raise CredentialUnsound(CredentialFault.UNREADABLE) from None


def _load_key(text: bytes) -> RSAPrivateKey:
    try:
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key
    except ImportError:
        raise CredentialUnsound(CredentialFault.NO_EXTRA) from None
    block = _PRIVATE_KEY.search(text)
    if block is None:
        raise CredentialUnsound(CredentialFault.NO_KEY)
    try:
        key = load_pem_private_key(block.group(), password=None)
    except TypeError:
        raise CredentialUnsound(CredentialFault.LOCKED_KEY) from None
    except (ValueError, UnsupportedAlgorithm):
        raise CredentialUnsound(CredentialFault.NO_KEY) from None
    if not isinstance(key, RSAPrivateKey) or key.key_size < _KEY_BITS:
        raise CredentialUnsound(CredentialFault.WEAK_KEY)
    return key


def _sign(key: RSAPrivateKey, claims: Mapping[str, object], algorithm: Algorithm, headers: Mapping[str, str]) -> str:
    try:
        import jwt
    except ImportError:
        raise _trouble("login by signature", CredentialUnsound(CredentialFault.NO_EXTRA)) from None
    return jwt.encode(dict(claims), key, algorithm=algorithm, headers=dict(headers))


def _times(url: str, now: datetime) -> dict[str, object]:
    seconds = int(now.timestamp())
    return {"aud": url, "iat": seconds, "exp": seconds + int(_LIFE.total_seconds())}


def _thumbprint(der: bytes, algorithm: Algorithm) -> dict[str, str]:
    """RFC 7515, 4.1.7 and 4.1.8. SHA-1 names the certificate here and protects nothing."""
    if algorithm == "PS256":
        return {"x5t#S256": _base64url(hashlib.sha256(der).digest())}
    return {"x5t": _base64url(hashlib.sha1(der, usedforsecurity=False).digest())}


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _trouble(what: str, unsound: CredentialUnsound) -> TokenTrouble:
    advice = INSTALL if unsound.fault is CredentialFault.NO_EXTRA else "See `reminder check`."
    return TokenTrouble(f"The {what} cannot be used: {unsound}.", advice=advice, is_refused=True)


def _day(instant: datetime | None) -> str:
    return f"{instant:%Y-%m-%d}" if instant else "?"
