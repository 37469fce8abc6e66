"""What interpreting a mail needs to know of the world: prepared by the flow, so that `parse` stays pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from reminder.domain.hearings import Invitation
from reminder.domain.messages import SentMessage
from reminder.domain.senders import SenderRules
from reminder.domain.surveys import Survey


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderEntry:
    """A known address: whose it is, and for which parties it may answer."""

    person: str
    as_contact: frozenset[str] = frozenset()
    as_deputy: frozenset[str] = frozenset()
    is_coordinator: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRound:
    """A round that takes answers, as (programme, round)."""

    programme: str
    round: str
    programme_tag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitedTo:
    """An invitation of ours that the mail names, as the person was told it last."""

    invitation: Invitation
    address: str
    """Lower case; empty where the person was erased."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The correlation context of one mail."""

    own_addresses: frozenset[str]
    """Our own addresses, lower case, without plus parts; mail from them is our own."""
    instance: str
    """Value of our X-Reminder-Instance header."""
    sent: tuple[SentMessage, ...] = ()
    """Messages of ours that a valid token, a Message-ID, the short tag or the sender may refer to, newest first."""
    proven: frozenset[str] = frozenset()
    """Ids of those in `sent` that a valid token in this mail names."""
    senders: Mapping[str, SenderEntry] = field(default_factory=dict)
    """Known addresses, lower case."""
    party_domains: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Mail domains of each party's listed contacts."""
    open_rounds: tuple[OpenRound, ...] = ()
    trusted_authserv: str = ""
    """The authserv-id whose Authentication-Results we believe; empty: none. `exchange-online` for its form without one."""
    rules: SenderRules = field(default_factory=SenderRules)
    """Whose answers count, and how."""
    vouched: frozenset[str] = frozenset()
    """Parties for which a person at the desk says that the mail speaks, whoever sent it."""
    invitations: Mapping[str, InvitedTo] = field(default_factory=dict)
    """Those that a calendar object in the mail names, by UID."""
    surveys: Mapping[tuple[str, str], Survey] = field(default_factory=dict)
    """What the surveys ask, by programme and round."""
    today: date = date.min
    """The local day the mail was received; for dates without a year."""
