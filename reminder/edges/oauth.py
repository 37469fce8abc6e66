"""Access tokens for logging in to mail servers: the client credentials of OAuth 2.0 (RFC 6749, 4.4), over verified TLS.

A token is kept in memory only. Neither it nor the secret nor what the token endpoint wrote in free text stands in any error or `repr`:
of an answer only the error code (RFC 6749, 5.2) and the number of a Microsoft error (`AADSTS…`) are told.
"""

from __future__ import annotations

import base64
import json
import re
import ssl
import threading
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from time import monotonic
from typing import Protocol
from urllib.parse import urlencode, urlsplit

from reminder.errors import TemporaryFailure

_ANSWER_LIMIT = 65_536
_DEFAULT_LIFE = 600.0
_EARLY = 300.0
_ERROR_CODE = re.compile(r"[a-z_]{1,40}\Z")
_MICROSOFT_CODE = re.compile(r"AADSTS\d{1,9}")
_TOKEN = re.compile(r"[\x21-\x7e]{1,16384}\Z")
_ADVICE = {
    "invalid_client": "Check REMINDER_OAUTH2_CLIENT_ID and REMINDER_OAUTH2_CLIENT_SECRET; the secret may have run out.",
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


@dataclass(slots=True, kw_only=True)
class ClientCredentials:
    """Tokens for an application that acts for itself. For any thread. `timeout` is seconds for each wait on the endpoint."""

    url: str
    client_id: str
    client_secret: str = field(repr=False)
    scope: str
    ca_file: Path | None = None
    timeout: float = 20.0
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
        try:
            status, body = self._post()
        except (OSError, HTTPException, ValueError) as error:
            # The words of these errors are the machine's own: nothing that was sent stands in them.
            why = f"The token endpoint {self._host} cannot be used just now: {type(error).__name__}: {error}"
            raise TokenTrouble(
                why, advice=self._unreachable_advice(error), is_refused=isinstance(error, ssl.SSLCertVerificationError)
            ) from None
        answer = _read_object(body)
        if 200 <= status < 300:
            return self._read_token(answer)
        raise self._trouble(status, answer)

    def _post(self) -> tuple[int, bytes]:
        """Redirections are not followed: they would carry the secret elsewhere."""
        parts = urlsplit(self.url)
        form = {"grant_type": "client_credentials", "client_id": self.client_id, "client_secret": self.client_secret}
        body = urlencode({**form, "scope": self.scope} if self.scope else form)
        connection: HTTPConnection
        if parts.scheme == "https":
            context = ssl.create_default_context(cafile=self.ca_file)
            connection = HTTPSConnection(parts.hostname or "", parts.port, timeout=self.timeout, context=context)
        else:
            connection = HTTPConnection(parts.hostname or "", parts.port, timeout=self.timeout)
        try:
            target = f"{parts.path or '/'}{'?' * bool(parts.query)}{parts.query}"
            headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
            connection.request("POST", target, body, headers)
            response = connection.getresponse()
            return response.status, response.read(_ANSWER_LIMIT)
        finally:
            connection.close()

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

    @staticmethod
    def _unreachable_advice(error: Exception) -> str:
        if isinstance(error, ssl.SSLCertVerificationError):
            return "Check REMINDER_CA_FILE and the address of the token endpoint."
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
