"""Loading the settings: gather the variables, read them, check them; every finding at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from reminder.configuration import settings_wording as say
from reminder.configuration.environment import ENVIRONMENT, Variable, gather
from reminder.configuration.findings import Report, in_order
from reminder.configuration.login_checks import CredentialLook
from reminder.configuration.phrases import Text, phrase
from reminder.configuration.settings_checks import SettingsChecks
from reminder.configuration.settings_model import SECRETS, VARIABLES, Settings, variable_of
from reminder.domain.programme import Language
from reminder.errors import ConfigurationFailure, Finding, Severity
from reminder.wire.reply_token import Keyring

__all__ = ["LoadedSettings", "Settings", "keyring_of", "load_settings", "read_settings"]

_SECURITY = phrase("tls, starttls tai none", "tls, starttls eller none", "tls, starttls or none")
_LOGIN = phrase("password tai oauth2", "password eller oauth2", "password or oauth2")
_YES_OR_NO = phrase("yes tai no", "yes eller no", "yes or no")
ACCEPTED: Mapping[str, Text] = {
    "instance": phrase(
        "pieniä kirjaimia, numeroita ja yhdysmerkkejä, enintään 32 merkkiä",
        "små bokstäver, siffror och bindestreck, högst 32 tecken",
        "small letters, digits and hyphens, at most 32",
    ),
    "transport": phrase("smtp tai graph", "smtp eller graph", "smtp or graph"),
    "oauth2_signature": phrase("ps256 tai rs256", "ps256 eller rs256", "ps256 or rs256"),
    "smtp_port": phrase("portin numero, kuten 587", "ett portnummer, såsom 587", "a port number, such as 587"),
    "imap_port": phrase("portin numero, kuten 993", "ett portnummer, såsom 993", "a port number, such as 993"),
    "smtp_security": _SECURITY,
    "imap_security": _SECURITY,
    "smtp_auth": _LOGIN,
    "imap_auth": _LOGIN,
    "smtp_rate": phrase(
        "viestejä minuutissa 0–100000, 0 = ei rajaa",
        "antal mejl i minuten, 0–100000; 0 = ingen gräns",
        "mails a minute, 0 to 100000; 0 is no limit",
    ),
    "smtp_connections": phrase("yhteyksiä 1–20", "antal anslutningar, 1–20", "a number of connections from 1 to 20"),
    "plus_address": _YES_OR_NO,
    "envelope_from": phrase("plain tai verp", "plain eller verp", "plain or verp"),
    "delivery_reports": phrase("failures, all tai no", "failures, all eller no", "failures, all or no"),
    "confirm_by_copy": _YES_OR_NO,
    "ingest_since": phrase("päivä, kuten 2026-01-31", "ett datum, såsom 2026-01-31", "a date, such as 2026-01-31"),
    "quota_mb": phrase("megatavuja 300–1000000", "ett antal megabyte, 300–1000000", "a number of megabytes from 300 to 1000000"),
    "read_seconds": phrase("sekunteja 1–300", "ett antal sekunder, 1–300", "a number of seconds from 1 to 300"),
    "read_memory_mb": phrase("megatavuja 128–8192", "ett antal megabyte, 128–8192", "a number of megabytes from 128 to 8192"),
    "keep_free_mb": phrase("megatavuja 0–100000", "ett antal megabyte, 0–100000", "a number of megabytes from 0 to 100000"),
    "ping_minutes": phrase("minuutteja 1–1440", "ett antal minuter, 1–1440", "a number of minutes from 1 to 1440"),
    "log": phrase("json tai text", "json eller text", "json or text"),
    "allow_cleartext": _YES_OR_NO,
    "rehearsal": _YES_OR_NO,
}
"""What a setting accepts, for those that do not accept every text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedSettings:
    """The settings, or None where there is a fault; and the findings."""

    settings: Settings | None
    findings: tuple[Finding, ...]


def read_settings(
    directory: Path,
    environ: Mapping[str, str],
    *,
    complete: bool = True,
    language: Language = "en",
    look_at_credential: CredentialLook | None = None,
) -> LoadedSettings:
    """The settings for a folder of configuration; never raises for what is set.

    `complete` asks for all that sending and reading mail needs; a command that does neither passes False. `look_at_credential` opens
    the certificate that the service logs in with, where there is one.
    """
    report = Report(ENVIRONMENT, language=language)
    variables = gather(directory, environ, tuple(VARIABLES), SECRETS, report)
    settings = _build(variables, report)
    if settings is not None:
        SettingsChecks(settings, variables, report, look_at_credential).check(complete=complete)
    has_fault = any(finding.severity is Severity.FAULT for finding in report.findings)
    return LoadedSettings(settings=None if has_fault else settings, findings=in_order(report.findings, ()))


def load_settings(directory: Path, environ: Mapping[str, str], *, complete: bool = True) -> Settings:
    """The settings. Raises ConfigurationFailure with every finding where there is a fault."""
    loaded = read_settings(directory, environ, complete=complete)
    if loaded.settings is None:
        raise ConfigurationFailure(loaded.findings)
    return loaded.settings


def keyring_of(settings: Settings) -> Keyring:
    """The keys that sign and verify reply addresses. Raises ConfigurationFailure where there is no usable key."""
    checks = SettingsChecks(settings, {})
    checks.check_key(needed=True)
    if checks.report.findings:
        raise ConfigurationFailure(checks.report.findings)
    return Keyring.from_setting(settings.secret_key.get_secret_value(), instance=settings.instance)


def _build(variables: Mapping[str, Variable], report: Report) -> Settings | None:
    """The settings; values that are not possible are reported and left at their default, so that the other checks still run."""
    values = {VARIABLES[name]: variable.value for name, variable in variables.items()}
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        wrong = {str(one["loc"][0]) for one in error.errors(include_input=False, include_url=False) if one["loc"]}
    for field in sorted(wrong):
        name = variable_of(field)
        at, place = variables[name].place_in(report)
        at.add(say.INVALID, place, name=name, hint=say.write_one_of(ACCEPTED.get(field, say.ANOTHER_VALUE)))
    return Settings.model_validate({field: value for field, value in values.items() if field not in wrong}) if wrong else None
