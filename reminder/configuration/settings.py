"""Loading the settings: gather the variables, read them, check them; every finding at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from reminder.configuration import settings_wording as say
from reminder.configuration.environment import Variable, gather
from reminder.configuration.findings import in_order
from reminder.configuration.settings_checks import SettingsChecks
from reminder.configuration.settings_model import SECRETS, VARIABLES, Settings, variable_of
from reminder.errors import ConfigurationFailure, Finding, Severity
from reminder.wire.reply_token import Keyring

__all__ = ["LoadedSettings", "Settings", "keyring_of", "load_settings", "read_settings"]

ACCEPTED: Mapping[str, str] = {
    "instance": "small letters, digits and hyphens, at most 32",
    "transport": "smtp",
    "smtp_port": "a port number, such as 587",
    "imap_port": "a port number, such as 993",
    "smtp_security": "tls, starttls or none",
    "imap_security": "tls, starttls or none",
    "plus_address": "yes or no",
    "envelope_from": "plain or verp",
    "read_seconds": "a number of seconds from 1 to 300",
    "read_memory_mb": "a number of megabytes from 128 to 8192",
    "log": "json or text",
    "allow_cleartext": "yes or no",
    "rehearsal": "yes or no",
}
"""What a setting accepts, for those that do not accept every text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedSettings:
    """The settings, or None where there is a fault; and the findings."""

    settings: Settings | None
    findings: tuple[Finding, ...]


def read_settings(directory: Path, environ: Mapping[str, str], *, complete: bool = True) -> LoadedSettings:
    """The settings for a folder of configuration; never raises for what is set.

    `complete` asks for all that sending and reading mail needs; a command that does neither passes False.
    """
    findings: list[Finding] = []
    variables = gather(directory, environ, tuple(VARIABLES), SECRETS, findings)
    settings = _build(variables, findings)
    if settings is not None:
        SettingsChecks(settings, variables, findings).check(complete=complete)
    has_fault = any(finding.severity is Severity.FAULT for finding in findings)
    return LoadedSettings(settings=None if has_fault else settings, findings=in_order(findings, ()))


def load_settings(directory: Path, environ: Mapping[str, str], *, complete: bool = True) -> Settings:
    """The settings. Raises ConfigurationFailure with every finding where there is a fault."""
    loaded = read_settings(directory, environ, complete=complete)
    if loaded.settings is None:
        raise ConfigurationFailure(loaded.findings)
    return loaded.settings


def keyring_of(settings: Settings) -> Keyring:
    """The keys that sign and verify reply addresses. Raises ConfigurationFailure where there is no usable key."""
    findings: list[Finding] = []
    SettingsChecks(settings, {}, findings).check_key(needed=True)
    if findings:
        raise ConfigurationFailure(findings)
    return Keyring.from_setting(settings.secret_key.get_secret_value(), instance=settings.instance)


def _build(variables: Mapping[str, Variable], findings: list[Finding]) -> Settings | None:
    """The settings; values that are not possible are reported and left at their default, so that the other checks still run."""
    values = {VARIABLES[name]: variable.value for name, variable in variables.items()}
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        wrong = {str(one["loc"][0]) for one in error.errors(include_input=False, include_url=False) if one["loc"]}
    for field in sorted(wrong):
        name = variable_of(field)
        report, place = variables[name].report(findings)
        what = ACCEPTED.get(field, "another value")
        report.add(say.INVALID, place, name=name, hint=say.INVALID_HINT.format(what=what))
    return Settings.model_validate({field: value for field, value in values.items() if field not in wrong}) if wrong else None
