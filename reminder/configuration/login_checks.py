"""What must hold between the settings of logins by OAuth2 and of sending through Microsoft Graph."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from typing import Protocol
from urllib.parse import urlsplit

from reminder.configuration import settings_wording as say
from reminder.configuration.phrases import phrase
from reminder.configuration.settings_model import Settings, variable_of
from reminder.configuration.values import is_address, read_mailbox
from reminder.configuration.wording import Complaint
from reminder.domain.credentials import EXPIRY_NOTICE, CredentialFault, Validity
from reminder.domain.programme import Localised

CredentialLook = Callable[[Settings], "CredentialFault | tuple[Validity, datetime]"]
"""Looks at the certificate or key of the settings: what is wrong with it, or how long it holds and what time it is now."""

_INSTALL = phrase(
    'Asenna se: pip install "reminder[oauth]".',
    'Installera det: pip install "reminder[oauth]".',
    'Install it: pip install "reminder[oauth]".',
)
_MAKE = phrase(
    "Luo avain ja varmenne ohjeen docs/operations.md mukaan.",
    "Gör en nyckel och ett certifikat enligt docs/operations.md.",
    "Make a key and a certificate as docs/operations.md says.",
)
_WHY: Mapping[CredentialFault, tuple[Localised, Localised]] = {
    CredentialFault.NO_EXTRA: (
        phrase("lisäosa `oauth` puuttuu", "tillägget `oauth` är inte installerat", "the extra `oauth` is not installed"),
        _INSTALL,
    ),
    CredentialFault.UNREADABLE: (
        phrase("sitä ei voi lukea", "den kan inte läsas", "it cannot be read"),
        phrase(
            "Korjaa polku, tai anna lukuoikeus sille käyttäjälle, jona reminder toimii.",
            "Rätta sökvägen, eller ge läsrätt åt den användare som reminder körs som.",
            "Correct the path, or let the user that runs reminder read it.",
        ),
    ),
    CredentialFault.NO_KEY: (
        phrase("siinä ei ole yksityistä avainta", "den innehåller ingen privat nyckel", "it holds no private key"),
        _MAKE,
    ),
    CredentialFault.LOCKED_KEY: (
        phrase("sen avain on salasanan takana", "dess nyckel är skyddad med lösenord", "its key asks for a passphrase"),
        phrase(
            "Tallenna avain ilman salasanaa ja anna lukuoikeus vain palvelulle.",
            "Spara nyckeln utan lösenord och ge läsrätt bara åt tjänsten.",
            "Store the key without one, and let nobody but the service read the file.",
        ),
    ),
    CredentialFault.WEAK_KEY: (
        phrase(
            "sen avain ei ole vähintään 2048-bittinen RSA-avain",
            "dess nyckel är inte RSA med minst 2048 bitar",
            "its key is not RSA of at least 2048 bits",
        ),
        _MAKE,
    ),
    CredentialFault.NO_CERTIFICATE: (
        phrase("siinä ei ole avaimen varmennetta", "den innehåller inget certifikat för nyckeln", "it holds no certificate of its key"),
        _MAKE,
    ),
    CredentialFault.NO_SERVICE_ACCOUNT: (
        phrase(
            "se ei ole palvelutilin JSON-avain",
            "den är inte JSON-nyckeln för ett tjänstkonto",
            "it is not the JSON key of a service account",
        ),
        phrase(
            "Lataa avain Google Cloudista muodossa JSON.",
            "Hämta nyckeln från Google Cloud som JSON.",
            "Download the key from Google Cloud as JSON.",
        ),
    ),
}


class Add(Protocol):
    """Notes a finding at the variable of a field."""

    def __call__(self, field_name: str, complaint: Complaint, **values: object) -> None:
        """The complaint, with what fills its gaps."""
        ...


def is_loopback(host: str) -> bool:
    """Whether a host is this machine; names are not looked up, only `localhost` counts."""
    if host.casefold() == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginChecks:
    """The checks, each finding at the variable that it is about. Without `look` no file is opened."""

    settings: Settings
    add: Add
    look: CredentialLook | None = None

    def check(self) -> None:
        """A login by OAuth2 needs a user, something to prove itself with, and an endpoint, which is never asked in the open."""
        settings = self.settings
        smtp = settings.smtp_auth if settings.transport == "smtp" else ""
        for auth, way, user in (("smtp_auth", smtp, "smtp_user"), ("imap_auth", settings.imap_auth, "imap_user")):
            if way == "oauth2" and not getattr(settings, user):
                self._need(auth, user)
        if settings.transport == "graph":
            self._check_graph()
        if not settings.uses_oauth2:
            return
        self._check_way()
        if settings.oauth2_key_file is not None or settings.oauth2_token_url or settings.oauth2_tenant:
            self._check_url("oauth2_token_url", settings.token_url)
        else:
            self._need(self._asker, "oauth2_tenant")

    @property
    def _asker(self) -> str:
        """The field for whose sake tokens are needed."""
        if self.settings.transport == "graph":
            return "transport"
        return "smtp_auth" if self.settings.smtp_auth == "oauth2" else "imap_auth"

    def _need(self, asker: str, field: str) -> None:
        value = "graph" if asker == "transport" else "oauth2"
        self.add(asker, say.OAUTH2_NEEDS, asker=f"{variable_of(asker)}={value}", needed=variable_of(field))

    def _check_way(self) -> None:
        """One thing to prove oneself with, and what belongs to it."""
        settings = self.settings
        is_set = {
            "oauth2_client_secret": bool(settings.oauth2_client_secret.get_secret_value()),
            "oauth2_certificate": settings.oauth2_certificate is not None,
            "oauth2_key_file": settings.oauth2_key_file is not None,
        }
        ways = [field for field, there in is_set.items() if there]
        if len(ways) > 1:
            self.add(ways[1], say.OAUTH2_TWO_WAYS, names=", ".join(map(variable_of, ways)))
            return
        if ways == ["oauth2_key_file"]:
            if not settings.oauth2_subject:
                self._need(self._asker, "oauth2_subject")
            if settings.transport == "graph":
                self.add("oauth2_key_file", say.GRAPH_WITH_GOOGLE)
        elif not settings.oauth2_client_id:
            self._need(self._asker, "oauth2_client_id")
        if not ways:
            self._need(self._asker, "oauth2_client_secret")
        elif ways[0] != "oauth2_client_secret":
            self._look_at(ways[0])

    def _look_at(self, field: str) -> None:
        if self.look is None:
            return
        seen = self.look(self.settings)
        if isinstance(seen, CredentialFault):
            why, hint = _WHY[seen]
            self.add(field, say.CREDENTIAL_UNSOUND, why=why, hint=hint)
            return
        validity, now = seen
        if validity.begins_at is None or validity.ends_at is None:
            return
        days = {"begins": validity.begins_at.date(), "ends": validity.ends_at.date()}
        if not validity.holds_at(now):
            self.add(field, say.CERTIFICATE_OVER, **days)
        elif validity.ends_within(EXPIRY_NOTICE, now):
            self.add(field, say.CERTIFICATE_ENDS, **days)

    def _check_url(self, field: str, url: str) -> None:
        host = _host_of(url)
        if not host or (not url.startswith("https://") and not is_loopback(host)):
            self.add(field, say.TOKEN_URL_UNSAFE)
        elif self.settings.rehearsal and not is_loopback(host):
            self.add(field, say.REHEARSAL_BEYOND_LOOPBACK, host=host)

    def _check_graph(self) -> None:
        """Graph sends from the mailbox itself, to whom the mail names: what needs an envelope of its own cannot work."""
        settings = self.settings
        self._check_url("graph_url", settings.graph_url)
        if settings.envelope_from == "verp":
            self.add("envelope_from", say.GRAPH_WITHOUT_VERP)
        sender = read_mailbox(settings.sender)
        if settings.graph_mailbox and not is_address(settings.graph_mailbox):
            self.add("graph_mailbox", say.NOT_REPLY_ADDRESS, value=settings.graph_mailbox)
        elif settings.graph_mailbox and sender and settings.graph_mailbox.casefold() != sender[1].casefold():
            self.add("graph_mailbox", say.GRAPH_OTHER_SENDER, value=settings.graph_mailbox, sender=sender[1])


def _host_of(url: str) -> str:
    """The host of an http or https address; empty where it is none, or where it carries a user or a port that is no number."""
    try:
        parts = urlsplit(url)
        sound = parts.scheme in {"http", "https"} and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        return ""
    return (parts.hostname or "") if sound else ""
