"""Microsoft Graph's sendMail on loopback, over TLS: it takes mails as Microsoft documents it, or answers as a test chooses."""

from __future__ import annotations

import base64
import binascii
import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.utils import getaddresses
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from reminder.edges.graph import GraphRelay
from reminder.edges.oauth import AccessTokens
from tests.real_parts import make_certificate, temporary_folder

MAILBOX = "seuranta@kunta.example"
NO_SUCH_RECIPIENT = "poissa@kunta.example"
LIMIT = 4_000_000

LOSE = "lose"
"""Takes the mail and hangs up without an answer."""
BREAK = "break"
"""Hangs up before it has read the mail."""
Said = tuple[int, str, dict[str, str]]
"""Status, error code, headers."""


class GraphEndpoint:
    """Takes mails for whoever brings a token that `is_good`. `script` replaces its answers, one by one; `taken` are the mails."""

    def __init__(self, certificate: Path, key: Path) -> None:
        self.certificate = certificate
        self.taken: list[bytes] = []
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.bodies: list[bytes] = []
        self.script: list[Said | str] = []
        self.is_good: Callable[[str], bool] = lambda token: True
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                said = endpoint.script.pop(0) if endpoint.script else None
                if said == BREAK:
                    self.hang_up()
                    return
                body = self.rfile.read(int(self.headers["Content-Length"]))
                endpoint.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
                endpoint.bodies.append(body)
                if said == LOSE:
                    endpoint.taken.append(base64.b64decode(body))
                    self.hang_up()
                    return
                self.answer(said if isinstance(said, tuple) else endpoint.judge(self.headers.get("Authorization", ""), self.path, body))

            def hang_up(self) -> None:
                self.close_connection = True
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()

            def answer(self, said: Said) -> None:
                status, code, headers = said
                document = {"error": {"code": code, "message": f"You sent {self.headers.get('Authorization')}"}} if code else None
                body = json.dumps(document).encode() if document else b""
                self.send_response(status)
                for name, value in {"request-id": "7d3f-1", "Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                """Says nothing."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: object, client_address: object) -> None:
                """A client that hangs up is part of the tests."""

        self.server = Server(("127.0.0.1", 0), Handler)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate, key)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)

    def judge(self, authorization: str, path: str, body: bytes) -> Said:
        """The documented answers: 401, 404, 413, 400, 202, in the order in which a request meets them."""
        kind, _, token = authorization.partition(" ")
        if kind != "Bearer" or not self.is_good(token):
            return 401, "InvalidAuthenticationToken", {}
        if path != f"/v1.0/users/{MAILBOX}/sendMail":
            return 404, "ErrorInvalidUser", {}
        if len(body) > LIMIT:
            return 413, "RequestEntityTooLarge", {}
        try:
            raw = base64.b64decode(body, validate=True)
        except binascii.Error:
            return 400, "ErrorMimeContentInvalidBase64String", {}
        mail = message_from_bytes(raw)
        recipients = [address for _, address in getaddresses([str(one) for name in ("To", "Cc", "Bcc") for one in mail.get_all(name, [])])]
        if not recipients or NO_SUCH_RECIPIENT in recipients:
            return 400, "ErrorInvalidRecipients", {}
        self.taken.append(raw)
        return 202, "", {}

    @property
    def url(self) -> str:
        """The address of the service, as in REMINDER_GRAPH_URL."""
        return f"https://localhost:{self.server.server_port}/v1.0"

    def relay(self, tokens: AccessTokens, *, mailbox: str = MAILBOX, trusted: bool = True, seconds: float = 30.0) -> GraphRelay:
        """A relay that sends through it."""
        ca_file = self.certificate if trusted else None
        return GraphRelay(url=self.url, mailbox=mailbox, tokens=tokens, ca_file=ca_file, attempt_deadline=seconds)


@contextmanager
def graph_endpoint() -> Iterator[GraphEndpoint]:
    """A running endpoint with a certificate of its own."""
    with temporary_folder() as folder:
        endpoint = GraphEndpoint(*make_certificate(folder))
        thread = threading.Thread(target=endpoint.server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield endpoint
        finally:
            endpoint.server.shutdown()
            endpoint.server.server_close()
            thread.join(5)
