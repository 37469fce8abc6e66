"""What is known of the file with which the service logs in: how long it holds, or what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

EXPIRY_NOTICE = timedelta(days=28)
"""So long before its end a certificate is spoken of: time enough for an office to have a new one registered."""
EXPIRY_ALARM = timedelta(days=7)
"""So long before its end `health` is red."""


class CredentialFault(StrEnum):
    """Why a certificate or a key cannot be used to log in."""

    NO_EXTRA = "no_extra"
    """The libraries that sign are not installed."""
    UNREADABLE = "unreadable"
    NO_KEY = "no_key"
    """There is no private key in the file."""
    LOCKED_KEY = "locked_key"
    """The key asks for a passphrase."""
    WEAK_KEY = "weak_key"
    """The key is not RSA of at least 2048 bits."""
    NO_CERTIFICATE = "no_certificate"
    """There is no certificate in the file that belongs to the key."""
    NO_SERVICE_ACCOUNT = "no_service_account"
    """The file is not the JSON key of a service account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Validity:
    """From when until when a certificate holds, aware; None where a key has no end."""

    begins_at: datetime | None = None
    ends_at: datetime | None = None

    def holds_at(self, now: datetime) -> bool:
        """Whether it may be used now."""
        return (self.begins_at is None or self.begins_at <= now) and (self.ends_at is None or now < self.ends_at)

    def ends_within(self, span: timedelta, now: datetime) -> bool:
        """Whether it ends before so much time has passed, or has ended."""
        return self.ends_at is not None and self.ends_at - now <= span
