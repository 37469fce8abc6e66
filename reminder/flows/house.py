"""Everything that a flow needs, in one value that is passed and never global."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from reminder.compose.composing import Composer
from reminder.domain.messages import DeliveryReports
from reminder.domain.setup import Setup
from reminder.edges.ports import Clock, MailReader, MailSource, Relay, Site
from reminder.edges.reading import ReaderHere
from reminder.store.engine import Store
from reminder.wire.headers import Mailbox
from reminder.wire.reply_token import Keyring


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressing:
    """How our mails are addressed and signed."""

    sender: Mailbox
    reply_to: Mailbox
    envelope_sender: str
    keyring: Keyring
    instance: str
    uses_plus_addresses: bool = True
    uses_verp: bool = False
    """The envelope sender carries the token too (REMINDER_ENVELOPE_FROM=verp)."""
    trusted_authserv: str = ""
    delivery_reports: DeliveryReports = DeliveryReports.FAILURES
    """Which delivery reports are asked for, where the relay offers them (REMINDER_DELIVERY_REPORTS)."""
    confirms_by_copy: bool = False
    """Our own address gets each mail too (REMINDER_CONFIRM_BY_COPY)."""
    is_rehearsal: bool = False
    junk_folder: str = ""
    """The folder of junk that is read too; empty: none is."""

    @property
    def domain(self) -> str:
        """The domain of our Message-IDs."""
        return self.sender.address.rpartition("@")[2]

    @property
    def own_addresses(self) -> frozenset[str]:
        """Our own addresses, lower case."""
        return frozenset({self.sender.address.lower(), self.reply_to.address.lower(), self.envelope_sender.lower()})


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The configuration, the store and the edges of one running program."""

    setup: Setup
    addressing: Addressing
    store: Store
    clock: Clock
    composer: Composer
    random_bytes: Callable[[int], bytes]
    owner: str
    """Names this process as a holder of leases."""
    relay: Relay | None = None
    further_relays: tuple[Relay, ...] = ()
    """More connections to the same relay, each for one more mail in flight (REMINDER_SMTP_CONNECTIONS)."""
    mails_a_minute: int = 0
    """How many mails the relay may be given in any 60 seconds (REMINDER_SMTP_RATE); 0: as many as it takes."""
    source: MailSource | None = None
    site: Site | None = None
    reader: MailReader = field(default_factory=ReaderHere)
    """Where mails are read: in the service in a process of its own."""
    quota_bytes: int = 0
    """How large the database may grow before no more mail is taken in; 0: without limit."""
    ingest_since: date | None = None
    """What the mail server received before that day is left alone; None: before the day of the first poll."""
    memory: dict[str, object] = field(default_factory=dict)
    """What this process has seen before; shared by the copies of a house. Nothing is true only here."""
    login_ends: Callable[[], datetime | None] = lambda: None
    """When the certificate with which the service logs in ends, looked up anew; None where there is none, and in a rehearsal."""
    keep_free: int = 0
    """Bytes of the database's disk that are left to others; see `flows/room.py`."""
    should_stop: Callable[[], bool] = lambda: False
    """Asked between mails, so that a service that is told to end does not begin another."""

    @property
    def relays(self) -> tuple[Relay, ...]:
        """Every connection to the relay, opened or not; empty where nothing can be sent."""
        return () if self.relay is None else (self.relay, *self.further_relays)
