"""A token endpoint on loopback, over TLS, whose answers a test chooses."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from reminder.edges.oauth import ClientSecret, Credential, TokenClient
from tests.real_parts import make_certificate, temporary_folder

SECRET = "canary-secret-7f3a"
TOKEN = "canary-token-"


class TokenEndpoint:
    """Gives `canary-token-1`, `-2` and so on for the right secret; `fault` replaces the answer, `life` is seconds. An
    assertion is verified with `public_key`; what it said is in `headers` and `claims`."""

    def __init__(self, certificate: Path, key: Path) -> None:
        self.forms: list[dict[str, list[str]]] = []
        self.fault: tuple[int, dict[str, str]] | None = None
        self.life = 3600
        self.given: list[str] = []
        self.public_key: RSAPublicKey | str = ""
        self.headers: list[dict[str, object]] = []
        self.claims: list[dict[str, object]] = []
        self.certificate = certificate
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                status, answer = endpoint.answer(form)
                body = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Location", "https://elsewhere.test/")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
                """Says nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate, key)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)

    def answer(self, form: dict[str, list[str]]) -> tuple[int, dict[str, object]]:
        """What is answered to a form."""
        self.forms.append(form)
        if self.fault is not None:
            return self.fault[0], dict(self.fault[1])
        assertion = form.get("client_assertion") or form.get("assertion")
        if assertion is not None:
            return self._judge_assertion(assertion[0])
        if form.get("grant_type") != ["client_credentials"] or form.get("client_secret") != [SECRET]:
            return 401, {"error": "invalid_client", "error_description": f"AADSTS7000215: Invalid secret {form['client_secret'][0]}"}
        return self._give()

    def _give(self) -> tuple[int, dict[str, object]]:
        token = f"{TOKEN}{len(self.forms)}"
        self.given.append(token)
        return 200, {"access_token": token, "token_type": "Bearer", "expires_in": self.life}

    def _judge_assertion(self, assertion: str) -> tuple[int, dict[str, object]]:
        """Verifies the signature and whom it is for, as a real endpoint does; its times are judged by the test, which has a clock."""
        try:
            self.headers.append(jwt.get_unverified_header(assertion))
            options: jwt.types.Options = {"verify_exp": False, "verify_nbf": False, "verify_iat": False}
            algorithms = ["PS256", "RS256"]
            self.claims.append(jwt.decode(assertion, self.public_key, algorithms=algorithms, audience=self.url, options=options))
        except jwt.InvalidTokenError as error:
            return 401, {"error": "invalid_client", "error_description": f"AADSTS700027: {error} {assertion}"}
        return self._give()

    @property
    def url(self) -> str:
        """Where tokens are asked for."""
        return f"https://localhost:{self.server.server_port}/token"

    def tokens(self, *, secret: str = SECRET, trusted: bool = True) -> TokenClient:
        """A client of this endpoint."""
        return self.client(ClientSecret(client_id="app", client_secret=secret), trusted=trusted)

    def client(self, credential: Credential, *, scope: str = "mail", trusted: bool = True) -> TokenClient:
        """A client that proves itself otherwise."""
        return TokenClient(url=self.url, credential=credential, scope=scope, ca_file=self.certificate if trusted else None, seconds=15.0)


@contextmanager
def token_endpoint() -> Iterator[TokenEndpoint]:
    """A running endpoint with a certificate of its own."""
    with temporary_folder() as folder:
        endpoint = TokenEndpoint(*make_certificate(folder))
        thread = threading.Thread(target=endpoint.server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield endpoint
        finally:
            endpoint.server.shutdown()
            endpoint.server.server_close()
            thread.join(5)
