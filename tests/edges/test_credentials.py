"""Logging in to a token endpoint by signature: the assertion is the documented one, and an unsound file says what is wrong with it."""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import ssl
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from reminder.domain.credentials import CredentialFault
from reminder.edges.clock import ManualClock
from reminder.edges.credentials import Certificate, CredentialUnsound, ServiceAccount, check_service_account, read_validity
from reminder.edges.oauth import TokenTrouble
from tests.edges.token_endpoint import TOKEN, TokenEndpoint
from tests.signing_keys import NOW, certificate_pem, ec_key, key_pem, rsa_key, write_login, write_service_account


def _thumbprint(path: Path, algorithm: str) -> str:
    """Of the last certificate in the file, which is the key's own, by other means than the program's."""
    pem = "-----BEGIN CERTIFICATE-----" + path.read_text().rpartition("-----BEGIN CERTIFICATE-----")[2]
    digest = hashlib.new(algorithm, ssl.PEM_cert_to_DER_cert(pem)).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def test_the_assertion_is_as_microsoft_documents_it(endpoint: TokenEndpoint, tmp_path: Path) -> None:
    """PS256 and x5t#S256 of the key's own certificate, for this endpoint, by this client, for five minutes, each once."""
    endpoint.public_key = rsa_key().public_key()
    path = write_login(tmp_path)
    tokens = endpoint.client(Certificate(client_id="app", path=path, clock=ManualClock(NOW)))

    assert tokens.token() == f"{TOKEN}1"
    tokens.forget()
    tokens.token()

    form, (first, second) = endpoint.forms[0], endpoint.claims
    assert form["grant_type"] == ["client_credentials"]
    assert form["client_assertion_type"] == ["urn:ietf:params:oauth:client-assertion-type:jwt-bearer"]
    assert (form["client_id"], form["scope"]) == (["app"], ["mail"])
    assert endpoint.headers[0] == {"alg": "PS256", "typ": "JWT", "x5t#S256": _thumbprint(path, "sha256")}
    start = int(NOW.timestamp())
    assert {**first, "jti": ""} == {
        "aud": endpoint.url,
        "iss": "app",
        "sub": "app",
        "jti": "",
        "nbf": start,
        "iat": start,
        "exp": start + 300,
    }
    assert first["jti"] != second["jti"]


def test_the_older_form_is_signed_with_rs256(endpoint: TokenEndpoint, tmp_path: Path) -> None:
    """AD FS takes RS256 with the SHA-1 thumbprint."""
    endpoint.public_key = rsa_key().public_key()
    path = write_login(tmp_path)

    endpoint.client(Certificate(client_id="app", path=path, clock=ManualClock(NOW), algorithm="RS256")).token()

    assert endpoint.headers == [{"alg": "RS256", "typ": "JWT", "x5t": _thumbprint(path, "sha1")}]


def test_a_renewed_certificate_is_taken_up_without_a_restart(endpoint: TokenEndpoint, tmp_path: Path) -> None:
    """The file is read for each request. One that is over is not sent at all, and says its days."""
    endpoint.public_key = rsa_key().public_key()
    path = write_login(tmp_path, ends_at=NOW)
    tokens = endpoint.client(Certificate(client_id="app", path=path, clock=ManualClock(NOW)))

    with pytest.raises(TokenTrouble, match=r"holds from 2025-01-15 to 2025-02-14\.") as caught:
        tokens.token()
    write_login(tmp_path)

    assert caught.value.is_refused
    assert tokens.token() == f"{TOKEN}1"
    assert len(endpoint.forms) == 1


@pytest.mark.parametrize("begins_at", [NOW + timedelta(seconds=1), NOW + timedelta(days=2)])
def test_a_certificate_of_the_future_is_not_used(endpoint: TokenEndpoint, tmp_path: Path, begins_at: datetime) -> None:
    """It is as little good as one that is over."""
    path = write_login(tmp_path, begins_at=begins_at)

    with pytest.raises(TokenTrouble, match="holds from"):
        endpoint.client(Certificate(client_id="app", path=path, clock=ManualClock(NOW))).token()

    assert endpoint.forms == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (lambda: b"", CredentialFault.NO_KEY),
        (lambda: certificate_pem(rsa_key()), CredentialFault.NO_KEY),
        (lambda: b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", CredentialFault.NO_KEY),
        (lambda: key_pem(rsa_key()), CredentialFault.NO_CERTIFICATE),
        (lambda: key_pem(rsa_key()) + certificate_pem(rsa_key(number=1)), CredentialFault.NO_CERTIFICATE),
        (lambda: key_pem(rsa_key(), passphrase=b"canary") + certificate_pem(rsa_key()), CredentialFault.LOCKED_KEY),
        (lambda: key_pem(rsa_key(1024)) + certificate_pem(rsa_key(1024)), CredentialFault.WEAK_KEY),
        (lambda: key_pem(ec_key()) + certificate_pem(ec_key()), CredentialFault.WEAK_KEY),
    ],
)
def test_each_fault_of_a_file_has_its_name(tmp_path: Path, text: object, fault: CredentialFault) -> None:
    """`check` words it; the token request tells it too."""
    assert callable(text)
    path = tmp_path / "login.pem"
    path.write_bytes(text())

    with pytest.raises(CredentialUnsound) as caught:
        read_validity(path)
    with pytest.raises(TokenTrouble, match="The certificate cannot be used") as told:
        Certificate(client_id="app", path=path, clock=ManualClock(NOW)).form("https://localhost/")

    assert caught.value.fault is fault
    assert told.value.is_refused
    assert "canary" not in repr(told.value)


def test_a_file_that_is_away_has_its_name(tmp_path: Path) -> None:
    """So has one that is no file."""
    for path in (tmp_path / "none.pem", tmp_path):
        with pytest.raises(CredentialUnsound) as caught:
            read_validity(path)
        assert caught.value.fault is CredentialFault.UNREADABLE


@pytest.mark.parametrize("module", ["jwt", "cryptography.exceptions"])
def test_without_the_extra_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str) -> None:
    """Nobody has to read a traceback for it."""
    path = write_login(tmp_path)
    monkeypatch.setitem(sys.modules, module, None)

    with pytest.raises(TokenTrouble, match="the extra `oauth` is not installed") as caught:
        Certificate(client_id="app", path=path, clock=ManualClock(NOW)).form("https://localhost/")

    assert 'pip install "reminder[oauth]"' in caught.value.advice


def test_a_service_account_acts_for_its_subject(endpoint: TokenEndpoint, tmp_path: Path) -> None:
    """The assertion is the grant (RFC 7523, 2.1), with subject and scope in it, for the endpoint of the settings, not that of the file."""
    endpoint.public_key = rsa_key().public_key()
    account = ServiceAccount(
        path=write_service_account(tmp_path), subject="seuranta@kunta.example", scope="https://mail.google.com/", clock=ManualClock(NOW)
    )

    assert endpoint.client(account, scope="").token() == f"{TOKEN}1"

    assert set(endpoint.forms[0]) == {"grant_type", "assertion"}
    assert endpoint.forms[0]["grant_type"] == ["urn:ietf:params:oauth:grant-type:jwt-bearer"]
    assert endpoint.headers == [{"alg": "RS256", "typ": "JWT", "kid": "key-1"}]
    start = int(NOW.timestamp())
    assert endpoint.claims == [
        {
            "iss": "seuranta@projekti.test",
            "sub": "seuranta@kunta.example",
            "scope": "https://mail.google.com/",
            "aud": endpoint.url,
            "iat": start,
            "exp": start + 300,
        }
    ]


@pytest.mark.parametrize(
    "document", ["[]", "{", '"x"', json.dumps({"type": "authorized_user", "client_email": "a", "private_key": "b"}), "{}"]
)
def test_another_file_is_no_service_account(tmp_path: Path, document: str) -> None:
    """Nor is the file of an ordinary account."""
    path = tmp_path / "account.json"
    path.write_text(document)

    with pytest.raises(CredentialUnsound) as caught:
        check_service_account(path)

    assert caught.value.fault is CredentialFault.NO_SERVICE_ACCOUNT


def test_a_refused_signature_is_configuration_and_tells_no_assertion(
    endpoint: TokenEndpoint, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The endpoint knows another key and repeats the assertion; neither it nor the key stands in what is told."""
    caplog.set_level(logging.DEBUG)
    endpoint.public_key = rsa_key(number=1).public_key()
    tokens = endpoint.client(Certificate(client_id="app", path=write_login(tmp_path), clock=ManualClock(NOW)))

    with pytest.raises(TokenTrouble) as caught:
        tokens.token()

    told = f"{caught.value!r} {caught.value.advice} {tokens!r} {caplog.text}"
    assert caught.value.is_refused
    assert "AADSTS700027" in told
    assert endpoint.forms[0]["client_assertion"][0] not in told
    assert "PRIVATE KEY" not in told
