"""Whose answers count, and how: the matrix of DESIGN, decision 19, as a setting."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Handling(StrEnum):
    """What becomes of an answer because of who sent it, the strictest last."""

    APPLY = "apply"
    PROVISIONAL = "provisional"  # counts, and is marked as not confirmed
    HOLD = "hold"  # a coordinator decides


_ORDER = tuple(Handling)


def strictest(*handlings: Handling) -> Handling:
    """The one that lets least pass."""
    return max(handlings, key=_ORDER.index)


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderRules:
    """How answers are handled; the strictest of the rules that fit a mail decides.

    A sender whom our own mail server calls forged (dmarc=fail) is refused whatever stands here, and a stranger who answers no
    mail of ours is always held.
    """

    contact: Handling = Handling.APPLY
    """A listed contact of the party."""
    deputy: Handling = Handling.APPLY
    """A deputy of the party. The contacts are told."""
    same_domain: Handling = Handling.APPLY
    """Anybody with an address in the mail domain of a contact. The contacts are told."""
    no_token: Handling = Handling.PROVISIONAL
    """A contact or deputy who answers no mail of ours while exactly one open round asks them."""
    stranger: Handling = Handling.HOLD
    """Anybody else who answers a mail of ours."""
    unauthenticated: Handling = Handling.PROVISIONAL
    """A mail that the configured mail server does not vouch for (`REMINDER_TRUSTED_AUTHSERV`)."""
