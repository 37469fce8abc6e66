"""A Dovecot that lets in by token: it asks us whether the token is good (RFC 7662), as one of a city asks its own endpoint."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

from tests.real_parts import Dovecot, require, temporary_folder

_PASSDB = """
auth_mechanisms = plain {mechanisms}
passdb {{
  driver = oauth2
  mechanisms = {mechanisms}
  args = {folder}/oauth2.conf
}}
"""
_OAUTH2 = """
introspection_mode = post
introspection_url = http://127.0.0.1:{port}/introspect
active_attribute = active
active_value = true
username_attribute = username
timeout_msecs = 20000
"""


class Introspection:
    """Says of the tokens that `is_good` that they are active, for the user of the mailbox; `asked` are those it was asked about."""

    def __init__(self, is_good: Callable[[str], bool]) -> None:
        self.is_good = is_good
        self.asked: list[str] = []
        introspection = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                (token,) = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())["token"]
                introspection.asked.append(token)
                answer = {"active": "true", "username": Dovecot.user} if introspection.is_good(token) else {"active": "false"}
                body = json.dumps(answer).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                """Says nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    @contextmanager
    def running(self) -> Iterator[Introspection]:
        """Listens until the block ends."""
        thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.server.shutdown()
            self.server.server_close()
            thread.join(5)


class TokenDovecot(Dovecot):
    """A Dovecot with one mailbox that opens by token, and by password for the tests themselves."""

    def __init__(self, folder: Path, introspection: Introspection, mechanisms: str) -> None:
        super().__init__(folder)
        (folder / "oauth2.conf").write_text(_OAUTH2.format(port=introspection.server.server_port))
        with (folder / "dovecot.conf").open("a") as file:
            file.write(_PASSDB.format(folder=folder, mechanisms=mechanisms))


@contextmanager
def token_dovecot(is_good: Callable[[str], bool], mechanisms: str = "xoauth2 oauthbearer") -> Iterator[tuple[TokenDovecot, Introspection]]:
    """A running Dovecot with an empty mailbox, and what it asks."""
    require("dovecot")
    with temporary_folder() as folder, Introspection(is_good).running() as introspection:
        server = TokenDovecot(folder, introspection, mechanisms)
        server.start()
        try:
            yield server, introspection
        finally:
            server.kill()
