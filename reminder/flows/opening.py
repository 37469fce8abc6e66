"""From settings to a house: the store, the clock, the way out and the way in, as the environment says."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Callable
from datetime import datetime
from functools import partial

from jinja2 import BaseLoader

from reminder.compose.composing import Composer
from reminder.configuration.settings import Settings, keyring_of
from reminder.domain.credentials import CredentialFault, Validity
from reminder.domain.setup import Setup
from reminder.edges.clock import FileClock, SystemClock
from reminder.edges.credentials import Algorithm, Certificate, CredentialUnsound, ServiceAccount, check_service_account, read_validity
from reminder.edges.graph import GraphRelay
from reminder.edges.imap import ImapSource
from reminder.edges.maildir import MaildirSource
from reminder.edges.oauth import AccessTokens, ClientSecret, Credential, TokenClient
from reminder.edges.ports import Clock, MailReader, MailSource, Relay, Site
from reminder.edges.reading import ReaderHere
from reminder.edges.reading_process import ReadingLimits, ReadingProcess
from reminder.edges.smtp import SmtpRelay
from reminder.flows.house import Addressing, House
from reminder.store.engine import Store
from reminder.wire.headers import Mailbox


def make_house(
    settings: Settings,
    setup: Setup,
    store: Store,
    templates: BaseLoader,
    *,
    relay: Relay | None = None,
    further_relays: tuple[Relay, ...] = (),
    source: MailSource | None = None,
    site: Site | None = None,
    reader: MailReader | None = None,
    clock: Clock | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> House:
    """A house from its parts; the clock is the rehearsal's where there is one."""
    return House(
        setup=setup,
        addressing=make_addressing(settings),
        store=store,
        clock=clock or open_clock(settings),
        composer=Composer(templates),
        random_bytes=secrets.token_bytes,
        owner=f"{socket.gethostname()[:50]}-{os.getpid()}-{secrets.token_hex(4)}",
        relay=relay,
        further_relays=further_relays,
        # The relay of a rehearsal is on loopback, and its clock may stand still.
        mails_a_minute=0 if settings.rehearsal else settings.smtp_rate,
        source=source,
        site=site,
        reader=reader or ReaderHere(),
        login_ends=partial(find_login_end, settings),
        keep_free=settings.keep_free_mb * 1_000_000,
        quota_bytes=settings.quota_mb * 1_048_576,
        ingest_since=settings.ingest_since,
        should_stop=should_stop,
    )


def make_addressing(settings: Settings) -> Addressing:
    """How our mails are addressed, from the settings."""
    return Addressing(
        sender=settings.from_mailbox,
        reply_to=Mailbox(name=settings.from_mailbox.name, address=settings.reply_address),
        envelope_sender=settings.reply_address,
        keyring=keyring_of(settings),
        instance=settings.instance,
        uses_plus_addresses=settings.plus_address,
        uses_verp=settings.envelope_from == "verp",
        delivery_reports=settings.delivery_reports,
        confirms_by_copy=settings.confirm_by_copy,
        trusted_authserv=settings.trusted_authserv,
        is_rehearsal=settings.rehearsal,
        junk_folder="" if settings.maildir else settings.imap_junk,
    )


def open_clock(settings: Settings) -> Clock:
    """The rehearsal's clock file where one is set, else the real clock."""
    return FileClock(settings.clock) if settings.clock else SystemClock()


def open_tokens(settings: Settings, scope: str = "") -> AccessTokens:
    """Where logins by OAuth2 get their tokens, nothing asked for yet; for SMTP and IMAP where no other scope is given."""
    wanted = scope or settings.token_scope
    # The assertion of a service account holds the scope itself.
    said = "" if settings.oauth2_key_file else wanted
    return TokenClient(url=settings.token_url, credential=_credential(settings, wanted), scope=said, ca_file=settings.ca_file)


def _credential(settings: Settings, scope: str) -> Credential:
    """What the service proves itself with. The time of an assertion is the real one, in a rehearsal too: its endpoint has no other."""
    clock = SystemClock()
    if settings.oauth2_key_file is not None:
        return ServiceAccount(path=settings.oauth2_key_file, subject=settings.oauth2_subject, scope=scope, clock=clock)
    if settings.oauth2_certificate is not None:
        algorithm: Algorithm = "RS256" if settings.oauth2_signature == "rs256" else "PS256"
        return Certificate(client_id=settings.oauth2_client_id, path=settings.oauth2_certificate, clock=clock, algorithm=algorithm)
    return ClientSecret(client_id=settings.oauth2_client_id, client_secret=settings.oauth2_client_secret.get_secret_value())


def look_at_credential(settings: Settings) -> CredentialFault | tuple[Validity, datetime]:
    """What is wrong with the certificate or key that the service logs in with, or how long it holds and what time it is. A service
    without one has nothing that ends."""
    try:
        if settings.oauth2_key_file is not None:
            check_service_account(settings.oauth2_key_file)
        validity = read_validity(settings.oauth2_certificate) if settings.oauth2_certificate else Validity()
    except CredentialUnsound as unsound:
        return unsound.fault
    return validity, SystemClock().now()


def find_login_end(settings: Settings) -> datetime | None:
    """When the certificate that the service logs in with ends. A file that cannot be used says so where a token is asked for."""
    seen = None if settings.rehearsal or not settings.oauth2_certificate else look_at_credential(settings)
    return None if seen is None or isinstance(seen, CredentialFault) else seen[0].ends_at


def open_relay(settings: Settings) -> SmtpRelay | GraphRelay:
    """The way out, not yet connected."""
    if settings.transport == "graph":
        tokens = open_tokens(settings, settings.graph_scope)
        return GraphRelay(url=settings.graph_url, mailbox=settings.graph_sender, tokens=tokens, ca_file=settings.ca_file)
    return SmtpRelay(
        host=settings.smtp_host,
        port=settings.smtp_port,
        security=settings.smtp_security,
        user=settings.smtp_user,
        password=settings.smtp_password.get_secret_value(),
        tokens=open_tokens(settings) if settings.smtp_auth == "oauth2" else None,
        ca_file=settings.ca_file,
    )


def open_further_relays(settings: Settings) -> tuple[Relay, ...]:
    """The connections beside the first, not yet made."""
    return tuple(open_relay(settings) for _ in range(settings.smtp_connections - 1))


def open_source(settings: Settings) -> MailSource:
    """The way in, not yet connected: a Maildir where one is set, else IMAP."""
    if settings.maildir:
        return MaildirSource(settings.maildir)
    return ImapSource(
        host=settings.imap_host,
        port=settings.imap_port,
        security=settings.imap_security,
        user=settings.imap_user,
        password=settings.imap_password.get_secret_value(),
        tokens=open_tokens(settings) if settings.imap_auth == "oauth2" else None,
        folder=settings.imap_folder,
        processed=settings.imap_processed,
        junk=settings.imap_junk,
        ca_file=settings.ca_file,
    )


def open_reader(settings: Settings) -> ReadingProcess:
    """The process that reads mails, not yet started."""
    return ReadingProcess(ReadingLimits(seconds=settings.read_seconds, memory_mb=settings.read_memory_mb))
