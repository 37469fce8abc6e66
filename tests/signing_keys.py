"""Keys, certificates and service accounts that live as long as a test."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

NOW = datetime(2025, 2, 14, 9, 0, tzinfo=UTC)
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@cache
def rsa_key(bits: int = 2048, number: int = 0) -> rsa.RSAPrivateKey:
    """A key; made once a run, for it takes a while."""
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


@cache
def ec_key() -> ec.EllipticCurvePrivateKey:
    """A key that Microsoft does not take."""
    return ec.generate_private_key(ec.SECP256R1())


def key_pem(key: Key, *, passphrase: bytes = b"") -> bytes:
    """The key as text."""
    locked = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locked)


def certificate_pem(key: Key, *, begins_at: datetime = NOW - timedelta(days=30), ends_at: datetime = NOW + timedelta(days=365)) -> bytes:
    """A self-signed certificate of the key, as text."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "reminder")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(begins_at).not_valid_after(ends_at)
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)


def write_login(folder: Path, *, begins_at: datetime = NOW - timedelta(days=30), ends_at: datetime = NOW + timedelta(days=365)) -> Path:
    """The file of REMINDER_OAUTH2_CERTIFICATE: the certificate of another, as a chain has it, the key and its own certificate."""
    path = folder / "login.pem"
    other = certificate_pem(rsa_key(number=1))
    path.write_bytes(other + key_pem(rsa_key()) + certificate_pem(rsa_key(), begins_at=begins_at, ends_at=ends_at))
    return path


def write_service_account(folder: Path) -> Path:
    """The JSON key of a service account."""
    document = {
        "type": "service_account",
        "client_email": "seuranta@projekti.test",
        "private_key_id": "key-1",
        "private_key": key_pem(rsa_key()).decode(),
        "token_uri": "https://elsewhere.test/token",
    }
    path = folder / "account.json"
    path.write_text(json.dumps(document))
    return path
