"""The settings as one value. The names of the variables are those of the fields in capitals, after `REMINDER_`; FROM is `sender`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from reminder.configuration.environment import PREFIX
from reminder.configuration.values import read_mailbox
from reminder.domain.messages import DeliveryReports
from reminder.wire.headers import Mailbox

Security = Literal["tls", "starttls", "none"]
Login = Literal["password", "oauth2"]

GRAPH_URL = "https://graph.microsoft.com/v1.0"
GOOGLE_TOKEN_URL = "https://oauth2.googleapis.com/token"  # noqa: S105
GOOGLE_SCOPE = "https://mail.google.com/"

SMTP_PORTS: Mapping[str, int] = {"tls": 465, "starttls": 587, "none": 25}
IMAP_PORTS: Mapping[str, int] = {"tls": 993, "starttls": 143, "none": 143}


class Settings(BaseSettings):
    """The settings of one instance, checked. Made by `load_settings`, which gathers the variables itself."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, validate_default=False)

    database_url: str = Field("sqlite:///reminder.db", repr=False)
    """A relative SQLite path is relative to the current directory."""
    instance: str = Field("reminder", pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")
    """Part of every signature: a token of one instance is worth nothing in another."""
    transport: Literal["smtp", "graph"] = "smtp"
    """How mails leave: over SMTP, or through Microsoft Graph."""
    graph_mailbox: str = ""
    """The mailbox that Graph sends from; empty: that of the sender."""
    graph_url: str = GRAPH_URL
    smtp_host: str = ""
    smtp_port: int = Field(SMTP_PORTS["starttls"], ge=1, le=65535)
    smtp_security: Security = "starttls"
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_auth: Login = "password"
    smtp_rate: int = Field(30, ge=0, le=100_000)
    """Mails a minute, what Exchange Online takes from one mailbox; 0: as many as the relay takes."""
    smtp_connections: int = Field(1, ge=1, le=20)
    """How many mails are in flight at once, each on a connection of its own."""
    imap_host: str = ""
    imap_port: int = Field(IMAP_PORTS["tls"], ge=1, le=65535)
    imap_security: Security = "tls"
    imap_user: str = ""
    imap_password: SecretStr = SecretStr("")
    imap_auth: Login = "password"
    imap_folder: str = "INBOX"
    imap_processed: str = "Processed"
    """Where mails are moved after they are kept; made when it is missing."""
    imap_junk: str = ""
    """A folder of junk that is read too; empty: none."""
    maildir: Path | None = None
    oauth2_tenant: str = Field("", pattern=r"^[A-Za-z0-9.-]*$")
    """The Microsoft 365 organisation: its identifier or a domain of it; from it follow the token endpoint and the scope."""
    oauth2_client_id: str = ""
    oauth2_client_secret: SecretStr = SecretStr("")
    oauth2_certificate: Path | None = None
    """A PEM file with the private key of the application and its certificate, in place of a secret."""
    oauth2_signature: Literal["ps256", "rs256"] = "ps256"
    oauth2_key_file: Path | None = None
    """The JSON key of a service account of Google, in place of an application."""
    oauth2_subject: str = ""
    """The account that the service account acts for."""
    oauth2_token_url: str = ""
    oauth2_scope: str = ""
    ca_file: Path | None = None
    sender: str = ""
    reply_to: str = ""
    plus_address: bool = True
    envelope_from: Literal["plain", "verp"] = "plain"
    delivery_reports: DeliveryReports = DeliveryReports.FAILURES
    """Which delivery reports are asked for, where the relay offers them (RFC 3461)."""
    confirm_by_copy: bool = False
    """Whether our own address gets each mail too, in the same transaction: the copy that comes back proves that it was taken."""
    secret_key: SecretStr = SecretStr("")
    trusted_authserv: str = ""
    ingest_since: date | None = None
    """What the mail server received before that day is left alone; not set: before the day of the first poll."""
    quota_mb: int = Field(2048, ge=300, le=1_000_000)
    """How large the database may grow before new mail is left on the server."""
    read_seconds: int = Field(10, ge=1, le=300)
    """Processor time that reading one mail may take."""
    read_memory_mb: int = Field(512, ge=128, le=8192)
    """Memory of the process that reads."""
    keep_free_mb: int = Field(100, ge=0, le=100_000)
    """Megabytes that are left free on the disk of the database."""
    metrics: str = ""
    """Where figures for Prometheus are served; empty: nowhere."""
    ping_url: SecretStr = SecretStr("")
    """What is called after a healthy pass. Whoever knows it can feign health, so it is a secret."""
    ping_minutes: int = Field(5, ge=1, le=1440)
    site_dir: Path | None = None
    log: Literal["json", "text"] = "text"
    allow_cleartext: bool = False
    rehearsal: bool = False
    clock: Path | None = None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what was gathered counts; the process environment is not read a second time."""
        return (init_settings,)

    @model_validator(mode="before")
    @classmethod
    def _fill_in_ports(cls, values: dict[str, object]) -> dict[str, object]:
        """A port that is not set follows from the security."""
        smtp, imap = str(values.get("smtp_security", "starttls")), str(values.get("imap_security", "tls"))
        ports = {"smtp_port": SMTP_PORTS.get(smtp, 587), "imap_port": IMAP_PORTS.get(imap, 993)}
        return {**ports, **values}

    @property
    def token_url(self) -> str:
        """The token endpoint for logins by OAuth2: that which is set, else Google's for its service accounts, else that of the
        Microsoft tenant."""
        usual = f"https://login.microsoftonline.com/{self.oauth2_tenant}/oauth2/v2.0/token"
        return self.oauth2_token_url or (GOOGLE_TOKEN_URL if self.oauth2_key_file else usual)

    @property
    def token_scope(self) -> str:
        """What the token for SMTP and IMAP is for: as set, else Google's mail, else all that a Microsoft tenant granted the application;
        empty for others."""
        if self.oauth2_scope or self.oauth2_key_file:
            return self.oauth2_scope or GOOGLE_SCOPE
        return "https://outlook.office365.com/.default" if self.oauth2_tenant else ""

    @property
    def graph_scope(self) -> str:
        """What the token for Microsoft Graph is for: all that the tenant granted the application there."""
        parts = urlsplit(self.graph_url)
        return f"{parts.scheme}://{parts.netloc}/.default"

    @property
    def graph_sender(self) -> str:
        """The mailbox that Graph sends from. Raises ValueError where neither it nor a sender is set."""
        return self.graph_mailbox or self.from_mailbox.address

    @property
    def uses_oauth2(self) -> bool:
        """Whether anything logs in by OAuth2."""
        return "oauth2" in {self.smtp_auth if self.transport == "smtp" else "", self.imap_auth} or self.transport == "graph"

    @property
    def from_mailbox(self) -> Mailbox:
        """The sender of our mails. Raises ValueError where REMINDER_FROM is not set."""
        mailbox = read_mailbox(self.sender)
        if mailbox is None:
            raise ValueError("REMINDER_FROM is not set")
        return Mailbox(name=mailbox[0], address=mailbox[1])

    @property
    def reply_address(self) -> str:
        """Where replies go, before the token is added; that of the sender unless REMINDER_REPLY_TO says otherwise."""
        return self.reply_to or self.from_mailbox.address


def variable_of(field: str) -> str:
    """The variable of a field: `smtp_host` is set by REMINDER_SMTP_HOST."""
    return PREFIX + {"sender": "FROM"}.get(field, field.upper())


VARIABLES: Mapping[str, str] = {variable_of(field): field for field in Settings.model_fields}
"""Every variable, and the field that it sets."""

_SECRET_FIELDS = ("database_url", "smtp_password", "imap_password", "oauth2_client_secret", "secret_key", "ping_url")
SECRETS = tuple(variable_of(field) for field in _SECRET_FIELDS)
"""Variables that hold a secret: each also as `…_FILE`."""
