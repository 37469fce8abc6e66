"""Settings of logins by OAuth2 with a certificate or a key, and of sending through Microsoft Graph."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from reminder.configuration.settings import Settings, load_settings, read_settings
from reminder.domain.credentials import CredentialFault, Validity
from reminder.domain.programme import LANGUAGES, Language
from reminder.errors import Finding, Severity
from tests.configuration.test_settings import OAUTH2, SOUND, findings_of


def test_a_certificate_or_a_key_takes_the_place_of_the_secret(tmp_path: Path) -> None:
    """A service account needs a subject instead of an application, and has Google's endpoint and scope."""
    base = {**OAUTH2, "REMINDER_OAUTH2_CLIENT_SECRET": ""}
    assert not findings_of(tmp_path, {**base, "REMINDER_OAUTH2_CERTIFICATE": "login.pem"})
    google = {**SOUND, "REMINDER_IMAP_AUTH": "oauth2", "REMINDER_IMAP_USER": "a@kunta.example", "REMINDER_OAUTH2_KEY_FILE": "key.json"}
    (said,) = findings_of(tmp_path, google)
    assert "REMINDER_IMAP_AUTH=oauth2 needs REMINDER_OAUTH2_SUBJECT too." in said
    loaded = load_settings(tmp_path, {**google, "REMINDER_OAUTH2_SUBJECT": "a@kunta.example"})
    assert (loaded.token_url, loaded.token_scope) == ("https://oauth2.googleapis.com/token", "https://mail.google.com/")


def test_two_ways_to_log_in_are_one_too_many(tmp_path: Path) -> None:
    """Which of them is meant is not guessed."""
    (said,) = findings_of(tmp_path, {**OAUTH2, "REMINDER_OAUTH2_CERTIFICATE": "login.pem"})
    assert "More than one is set of REMINDER_OAUTH2_CLIENT_SECRET, REMINDER_OAUTH2_CERTIFICATE." in said


GRAPH = {
    "REMINDER_TRANSPORT": "graph",
    "REMINDER_FROM": "Seuranta <seuranta@kunta.example>",
    "REMINDER_OAUTH2_CLIENT_ID": "app",
    "REMINDER_OAUTH2_CLIENT_SECRET": "canary",
    "REMINDER_OAUTH2_TENANT": "kunta.example",
    "REMINDER_IMAP_HOST": "imap.kunta.example",
    "REMINDER_SECRET_KEY": SOUND["REMINDER_SECRET_KEY"],
}


def test_graph_needs_no_relay(tmp_path: Path) -> None:
    """It sends from the mailbox of the sender, and its token is for Graph."""
    loaded = load_settings(tmp_path, GRAPH)
    assert (loaded.graph_sender, loaded.graph_scope) == ("seuranta@kunta.example", "https://graph.microsoft.com/.default")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"REMINDER_ENVELOPE_FROM": "verp"}, "cannot work with REMINDER_TRANSPORT=graph: Graph takes no envelope sender"),
        ({"REMINDER_OAUTH2_CLIENT_ID": ""}, "REMINDER_TRANSPORT=graph needs REMINDER_OAUTH2_CLIENT_ID too."),
        ({"REMINDER_GRAPH_URL": "http://graph.kunta.example/v1.0"}, "REMINDER_GRAPH_URL is not an address that a secret can be sent to."),
        ({"REMINDER_GRAPH_MAILBOX": "seuranta"}, "`seuranta` is not an email address."),
        (
            {"REMINDER_GRAPH_MAILBOX": "muu@kunta.example"},
            "Graph sends from muu@kunta.example, but REMINDER_FROM is seuranta@kunta.example.",
        ),
        (
            {"REMINDER_OAUTH2_KEY_FILE": "key.json", "REMINDER_OAUTH2_SUBJECT": "a@kunta.example", "REMINDER_OAUTH2_CLIENT_SECRET": ""},
            "REMINDER_TRANSPORT=graph is Microsoft's, but REMINDER_OAUTH2_KEY_FILE is a key of Google.",
        ),
    ],
)
def test_what_cannot_work_with_graph_is_named(tmp_path: Path, changed: dict[str, str], words: str) -> None:
    """With the reason."""
    (said,) = findings_of(tmp_path, {**GRAPH, **changed})
    assert words in said


def test_a_rehearsal_asks_no_graph_but_its_own(tmp_path: Path) -> None:
    """Nor an endpoint for tokens elsewhere."""
    local = {
        **GRAPH,
        "REMINDER_REHEARSAL": "1",
        "REMINDER_CLOCK": "clock",
        "REMINDER_IMAP_HOST": "localhost",
        "REMINDER_GRAPH_URL": "https://localhost/",
        "REMINDER_OAUTH2_TOKEN_URL": "https://localhost/",
    }
    assert not findings_of(tmp_path, local)
    found = findings_of(tmp_path, {**local, "REMINDER_GRAPH_URL": "", "REMINDER_OAUTH2_TOKEN_URL": ""})
    assert len([said for said in found if "a rehearsal never leaves this machine" in said]) == 2


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fi", ("siinä ei ole avaimen varmennetta", "on voimassa vain pe 14.3.2025 asti", "ei tänään")),
        ("sv", ("den innehåller inget certifikat för nyckeln", "gäller bara till fre 14.3.2025", "inte i dag")),
        ("en", ("it holds no certificate of its key", "ends on Fri 14.3.2025", "not today")),
    ],
)
def test_check_speaks_of_the_certificate(tmp_path: Path, language: Language, words: tuple[str, str, str]) -> None:
    """What is wrong with it, that it ends within four weeks, that it is over; long before its end nothing is said."""
    environ = {**GRAPH, "REMINDER_OAUTH2_CLIENT_SECRET": "", "REMINDER_OAUTH2_CERTIFICATE": "login.pem"}
    ends = datetime(2025, 3, 14, 12, tzinfo=UTC)

    def say(seen: CredentialFault | datetime) -> list[Finding]:
        validity = Validity(begins_at=ends - timedelta(days=365), ends_at=ends)
        look = seen if isinstance(seen, CredentialFault) else (validity, seen)
        return list(read_settings(tmp_path, environ, language=language, look_at_credential=lambda settings: look).findings)

    (unsound,), (soon,) = say(CredentialFault.NO_CERTIFICATE), say(ends - timedelta(days=28))
    (over,) = say(ends)

    assert say(ends - timedelta(days=28, seconds=1)) == []
    assert (unsound.severity, soon.severity, over.severity) == (Severity.FAULT, Severity.WARNING, Severity.FAULT)
    assert words[0] in unsound.message
    assert words[1] in soon.message
    assert words[2] in over.message
    assert "REMINDER_OAUTH2_CERTIFICATE" in over.message


def _see(fault: CredentialFault, settings: Settings) -> CredentialFault:
    return fault


def test_every_fault_of_a_credential_is_worded(tmp_path: Path) -> None:
    """In three languages, each with something to do."""
    environ = {**GRAPH, "REMINDER_OAUTH2_CLIENT_SECRET": "", "REMINDER_OAUTH2_CERTIFICATE": "login.pem"}
    for language in LANGUAGES:
        said = set()
        for fault in CredentialFault:
            (one,) = read_settings(tmp_path, environ, language=language, look_at_credential=partial(_see, fault)).findings
            said.add(one.message)
            assert one.advice
        assert len(said) == len(CredentialFault)
