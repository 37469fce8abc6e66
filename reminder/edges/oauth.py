"""Access tokens for logging in to mail servers by OAuth 2.0 without a person, over verified TLS (RFC 6749, 4.4; RFC 7523).

A token is kept in memory only. Neither it nor the secret nor what the token endpoint wrote in free text stands in any error or `repr`:
of an answer only the error code (RFC 6749, 5.2) and the number of a Microsoft error (`AADSTS…`) are told.
"""

from __future__ import annotations

import base64
import json
import re
import ssl
import threading
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Protocol
from urllib.parse import urlencode, urlsplit

from reminder.edges.https import CALL_ERRORS, Answer, HttpsCall, words_of
from reminder.edges.tls_words import explain_https
from reminder.errors import TemporaryFailure

_DEFAULT_LIFE = 600.0
_EARLY = 300.0
_ERROR_CODE = re.compile(r"[a-z_]{1,40}\Z")
_MICROSOFT_CODE = re.compile(r"AADSTS\d{1,9}")
_TOKEN = re.compile(r"[\x21-\x7e]{1,16384}\Z")
_ADVICE = {
    "invalid_client": "Check REMINDER_OAUTH2_CLIENT_ID and the secret or certificate: it may have run out, or not be registered there.",
    "invalid_grant": "Check REMINDER_OAUTH2_SUBJECT, the key, and the clock of this machine.",
    "unauthorized_client": "Let the administrator allow this application to log in without a person.",
    "invalid_scope": "Check REMINDER_OAUTH2_SCOPE.",
}
_OTHER_ADVICE = "Check the REMINDER_OAUTH2 settings with whoever registered the application."


class TokenTrouble(TemporaryFailure):
    """No token. `is_refused`: the endpoint answered and said no, which is a matter of configuration; else it may end by itself."""

    def __init__(self, message: str, *, advice: str, is_refused: bool) -> None:
        super().__init__(message, advice=advice)
        self.is_refused = is_refused


class AccessTokens(Protocol):
    """Where a login gets its token from."""

    def token(self) -> str:
        """A token that is still good. Raises TokenTrouble."""
        ...

    def forget(self) -> None:
        """The server did not take the token: the next call asks for a new one."""
        ...


class Credential(Protocol):
    """What the service proves itself with to the token endpoint."""

    def form(self, url: str) -> Mapping[str, str]:
        """The fields of one request to this endpoint, without the scope. Raises TokenTrouble where it cannot be used."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientSecret:
    """An application with a password of its own (RFC 6749, 4.4)."""

    client_id: str
    client_secret: str = field(repr=False)

    def form(self, url: str) -> Mapping[str, str]:
        """The secret itself goes to the endpoint."""
        return {"grant_type": "client_credentials", "client_id": self.client_id, "client_secret": self.client_secret}


@dataclass(slots=True, kw_only=True)
class TokenClient:
    """Tokens for a service that logs in without a person. For any thread. A request is over in `seconds`, whatever the endpoint does."""

    url: str
    credential: Credential
    scope: str
    ca_file: Path | None = None
    seconds: float = 30.0
    _token: str = field(default="", init=False, repr=False)
    _renew_at: float = field(default=0.0, init=False, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    def token(self) -> str:
        """Five minutes before its end, or after half of a shorter life, a token is replaced."""
        with self._lock:
            if not self._token or monotonic() >= self._renew_at:
                self._token, life = self._fetch()
                self._renew_at = monotonic() + max(life - _EARLY, life / 2)
            return self._token

    def forget(self) -> None:
        """The next call asks the endpoint."""
        with self._lock:
            self._token = ""

    def _fetch(self) -> tuple[str, float]:
        form = dict(self.credential.form(self.url))
        if self.scope:
            form["scope"] = self.scope
        try:
            answer = self._post(urlencode(form).encode())
        except CALL_ERRORS as error:
            why = f"The token endpoint {self._host} cannot be used just now: {self._told_of(error)}"
            advice, is_refused = self._unreachable_advice(error), isinstance(error, ssl.SSLCertVerificationError)
            raise TokenTrouble(why, advice=advice, is_refused=is_refused) from None
        said = _read_object(answer.body)
        if not 200 <= answer.status < 300:
            raise self._trouble(answer.status, said)
        if answer.lost:
            why = f"The token endpoint {self._host} cannot be used just now: {answer.lost}"
            raise TokenTrouble(why, advice=self._unreachable_advice(None), is_refused=False)
        return self._read_token(said)

    def _post(self, body: bytes) -> Answer:
        with closing(HttpsCall(self.url, seconds=self.seconds, ca_file=self.ca_file)) as call:
            return call.post(body, {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"})

    def _read_token(self, answer: dict[str, object]) -> tuple[str, float]:
        token, life = answer.get("access_token"), answer.get("expires_in", _DEFAULT_LIFE)
        if not isinstance(token, str) or not _TOKEN.match(token):
            raise TokenTrouble(f"The token endpoint {self._host} gave no token.", advice=_OTHER_ADVICE, is_refused=False)
        try:
            seconds = float(str(life))
        except ValueError:
            seconds = _DEFAULT_LIFE
        return token, min(max(seconds, 0.0), 86_400.0)

    def _trouble(self, status: int, answer: dict[str, object]) -> TokenTrouble:
        said = str(answer.get("error", ""))
        code = said if _ERROR_CODE.match(said) else ""
        number = _MICROSOFT_CODE.search(str(answer.get("error_description", "")))
        words = ", ".join(word for word in (f"status {status}", code, number.group() if number else "") if word)
        if status == 429 or status >= 500 or code == "temporarily_unavailable":
            text = f"The token endpoint {self._host} cannot be used just now ({words})."
            return TokenTrouble(text, advice="It is tried again by itself.", is_refused=False)
        text = f"The token endpoint {self._host} refuses to give a token ({words})."
        return TokenTrouble(text, advice=_ADVICE.get(code, _OTHER_ADVICE), is_refused=True)

    @property
    def _host(self) -> str:
        return urlsplit(self.url).hostname or "without a name"

    def _told_of(self, error: Exception) -> str:
        return explain_https(error, self._host, "REMINDER_OAUTH2_TOKEN_URL") or words_of(error)

    @staticmethod
    def _unreachable_advice(error: Exception | None) -> str:
        if isinstance(error, ssl.SSLCertVerificationError):
            return "It is tried again by itself."
        return "It is tried again by itself; check the network and the firewall where it lasts."


def _read_object(body: bytes) -> dict[str, object]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}


def choose_mechanism(offered: frozenset[str]) -> str:
    """XOAUTH2, which Microsoft and Google take; OAUTHBEARER (RFC 7628) where only that is offered; empty where neither is."""
    return next((name for name in ("XOAUTH2", "OAUTHBEARER") if name in offered), "")


def first_answer(mechanism: str, user: str, token: str) -> str:
    """The initial client response, in base64."""
    if mechanism == "XOAUTH2":
        text = f"user={user}\x01auth=Bearer {token}\x01\x01"
    else:
        name = user.replace("=", "=3D").replace(",", "=2C")
        text = f"n,a={name},\x01auth=Bearer {token}\x01\x01"
    return base64.b64encode(text.encode()).decode("ascii")


def last_answer(mechanism: str) -> str:
    """What is said to the details of a failure, so that the server ends the exchange: nothing, or one 0x01 (RFC 7628, 3.2.3)."""
    return "" if mechanism == "XOAUTH2" else "AQ=="
