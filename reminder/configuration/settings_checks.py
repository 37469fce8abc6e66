"""What must hold between the settings: nothing is sent in the open by mistake, a rehearsal never leaves the machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reminder.configuration import settings_wording as say
from reminder.configuration.environment import ENVIRONMENT, Variable
from reminder.configuration.findings import NOWHERE, Report
from reminder.configuration.login_checks import CredentialLook, LoginChecks, is_loopback
from reminder.configuration.settings_model import Settings, variable_of
from reminder.configuration.values import is_address, read_host, read_mailbox, read_place
from reminder.configuration.wording import Complaint
from reminder.wire.reply_token import TOKEN_LENGTH, Keyring, addresses_fit

LONGEST_LOCAL_PART = 64 - 1 - TOKEN_LENGTH
DATABASES = ("sqlite:", "sqlite+pysqlite:", "postgresql:", "postgresql+psycopg:")


@dataclass(slots=True)
class SettingsChecks:
    """The checks, each finding at the variable that it is about."""

    settings: Settings
    variables: Mapping[str, Variable]
    report: Report = field(default_factory=lambda: Report(ENVIRONMENT))
    look: CredentialLook | None = None

    def check(self, *, complete: bool) -> None:
        """All checks; `complete` asks for everything that sending and reading mail needs."""
        self._check_hosts()
        self._check_sender()
        self.check_key(needed=complete)
        self._check_files()
        self._check_watching()
        self._check_rehearsal()
        if complete:
            self._check_complete()

    def _add(self, field_name: str, complaint: Complaint, **values: object) -> None:
        name = variable_of(field_name)
        variable = self.variables.get(name)
        report, place = (self.report, NOWHERE) if variable is None else variable.place_in(self.report)
        report.add(complaint, place, **{"name": name, **values})

    def _check_complete(self) -> None:
        settings = self.settings
        if not settings.sender:
            self._add("sender", say.MISSING, example="REMINDER_FROM=Elinvoimaohjelma <seuranta@kunta.example>")
        if not settings.smtp_host and settings.transport == "smtp":
            self._add("smtp_host", say.MISSING, example="REMINDER_SMTP_HOST=smtp.kunta.example")
        if not settings.imap_host and settings.maildir is None:
            self._add("imap_host", say.NO_MAIL_SOURCE)

    def _check_hosts(self) -> None:
        settings = self.settings
        if settings.imap_host and settings.maildir is not None:
            self._add("maildir", say.TWO_MAIL_SOURCES)
        if settings.smtp_auth == "password" and settings.transport == "smtp":
            self._check_login("smtp_user", settings.smtp_user, "smtp_password", settings.smtp_password.get_secret_value())
        if settings.imap_auth == "password":
            self._check_login("imap_user", settings.imap_user, "imap_password", settings.imap_password.get_secret_value())
        LoginChecks(settings=settings, add=self._add, look=self.look).check()
        for name, host, security in (
            ("smtp_security", settings.smtp_host, settings.smtp_security),
            ("imap_security", settings.imap_host, settings.imap_security),
        ):
            if host and security == "none" and not settings.allow_cleartext and not is_loopback(host):
                self._add(name, say.CLEARTEXT, host=host)

    def _check_login(self, user_field: str, user: str, password_field: str, password: str) -> None:
        names = {"user": variable_of(user_field), "password": variable_of(password_field)}
        if user and not password:
            self._add(user_field, say.USER_WITHOUT_PASSWORD, **names)
        if password and not user:
            self._add(password_field, say.PASSWORD_WITHOUT_USER, **names)

    def _check_sender(self) -> None:
        settings = self.settings
        sender = read_mailbox(settings.sender)
        if settings.sender and sender is None:
            self._add("sender", say.NOT_MAILBOX, value=settings.sender)
        if settings.reply_to and not is_address(settings.reply_to):
            self._add("reply_to", say.NOT_REPLY_ADDRESS, value=settings.reply_to)
            return
        address = settings.reply_to or (sender[1] if sender else "")
        if settings.envelope_from == "verp" and not settings.plus_address:
            self._add("envelope_from", say.VERP_WITHOUT_PLUS)
        if not address or not settings.plus_address:
            return
        where = "reply_to" if settings.reply_to else "sender"
        if "+" in address.rpartition("@")[0]:
            self._add(where, say.PLUS_IN_ADDRESS, value=address)
        elif not addresses_fit(address):
            self._add(where, say.ADDRESS_TOO_LONG, value=address, most=LONGEST_LOCAL_PART)

    def check_key(self, *, needed: bool) -> None:
        """Whether the secret key, where there is one, makes a keyring."""
        secret = self.settings.secret_key.get_secret_value()
        if not secret:
            if needed:
                self._add("secret_key", say.NO_SECRET_KEY)
            return
        try:
            Keyring.from_setting(secret, instance=self.settings.instance)
        except ValueError as error:
            self._add("secret_key", say.KEY_UNSOUND, why=error)

    def _check_files(self) -> None:
        settings = self.settings
        if not settings.database_url.startswith(DATABASES):
            self._add("database_url", say.DATABASE_UNKNOWN)
        if settings.ca_file is not None and not settings.ca_file.is_file():
            self._add("ca_file", say.NO_CA_FILE, value=settings.ca_file)
        maildir = settings.maildir
        if maildir is not None and not ((maildir / "new").is_dir() and (maildir / "cur").is_dir()):
            self._add("maildir", say.NO_MAILDIR, value=maildir)

    def _check_watching(self) -> None:
        settings, url = self.settings, self.settings.ping_url.get_secret_value()
        if settings.metrics and read_place(settings.metrics) is None:
            self._add("metrics", say.METRICS_UNSOUND, value=settings.metrics)
        host = read_host(url) if url else ""
        if url and not host:
            self._add("ping_url", say.PING_UNSOUND)
        elif url and settings.rehearsal and not is_loopback(host):
            self._add("ping_url", say.REHEARSAL_BEYOND_LOOPBACK, host=host)

    def _check_rehearsal(self) -> None:
        settings = self.settings
        if not settings.rehearsal:
            if settings.clock is not None:
                self._add("clock", say.CLOCK_OUTSIDE)
            return
        if settings.clock is None:
            self._add("rehearsal", say.REHEARSAL_WITHOUT_CLOCK)
        for name, host in (("smtp_host", settings.smtp_host), ("imap_host", settings.imap_host)):
            if host and not is_loopback(host):
                self._add(name, say.REHEARSAL_BEYOND_LOOPBACK, host=host)
