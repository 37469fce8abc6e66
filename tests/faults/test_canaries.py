"""X3: no secret is in any output, log, metric, file, database, page or mail, whatever fails and whoever echoes it."""

from __future__ import annotations

import base64
import http.server
import os
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest

from reminder.edges.clock import SystemClock
from tests.cli.city import set_clock, set_settings, write_city
from tests.edges.scripted import ScriptedImap, ScriptedSmtp, Talk
from tests.real_parts import free_port

CANARIES = {
    "SMTP_PASSWORD": "kanarie-smtp-Zq81vX",
    "IMAP_PASSWORD": "kanarie-imap-Yw72bN",
    "OAUTH2_CLIENT_SECRET": "kanarie-oauth-Xe63mK",
    "SECRET_KEY": "kanarie-avain-0123456789-Vr54",
    "PING": "kanarie-ping-Ut45lP",
    "DATABASE": "kanarie-kanta-Sy36hJ",
}
ACCOUNT = "seuranta"


def forms(secret: str) -> Iterator[bytes]:
    """As it is, in a URL, and as the logins of SMTP and IMAP encode it."""
    yield secret.encode()
    yield quote(secret).encode()
    yield base64.b64encode(secret.encode())
    yield base64.b64encode(f"\0{ACCOUNT}\0{secret}".encode())


def found_in(content: bytes) -> list[str]:
    """The names of the secrets that stand in the bytes."""
    return [name for name, secret in CANARIES.items() if any(form in content for form in forms(secret))]


def leaks(folder: Path, outputs: Mapping[str, bytes]) -> dict[str, list[str]]:
    """Where secrets stand outside of the settings: outputs, and all files that the service has written."""
    files = {str(path.relative_to(folder)): path for path in sorted(folder.rglob("*")) if path.is_file()}
    contents = {**outputs, **{name: path.read_bytes() for name, path in files.items() if path.name != ".env"}}
    return {name: found for name, content in contents.items() if (found := found_in(content))}


def command(folder: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "reminder", "--config", str(folder / "config"), *arguments]


def run(folder: Path, *arguments: str) -> bytes:
    """One command to its end, and all that it said."""
    done = subprocess.run(command(folder, *arguments), capture_output=True, timeout=240, check=False)
    assert done.returncode in {0, 1, 2, 3, 75}, done.stderr.decode()
    assert b"Traceback" not in done.stderr + done.stdout
    return done.stdout + done.stderr


@pytest.fixture
def folder(database: Path, tmp_path: Path) -> Path:
    """The example city on the day of the requests, with secrets that are looked for."""
    write_city(tmp_path, database)
    set_settings(tmp_path / "config", {"SECRET_KEY": f"a:{CANARIES['SECRET_KEY']}", "SMTP_USER": ACCOUNT, "IMAP_USER": ACCOUNT})
    set_settings(tmp_path / "config", {name: CANARIES[name] for name in ("SMTP_PASSWORD", "IMAP_PASSWORD")})
    set_clock(tmp_path, "2025-02-14 09:00")
    return tmp_path


def without_maildir(folder: Path) -> None:
    """Mails come from a server."""
    env = folder / "config" / ".env"
    env.write_text("".join(line for line in env.read_text().splitlines(True) if "MAILDIR" not in line))


def echo(talk: Talk, tag: bytes, line: bytes) -> bool:
    """A server that repeats what it was told at the login."""
    if line.upper().startswith((b"LOGIN", b"AUTHENTICATE")):
        talk.say(tag + b" NO [AUTHENTICATIONFAILED] wrong: " + line + b"\r\n")
        return True
    return False


class _Page(http.server.BaseHTTPRequestHandler):
    """Refuses everything and repeats what it was asked."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        answer = b'{"error": "invalid_client", "error_description": "you sent ' + body.replace(b'"', b"'") + b'"}'
        self.send_response(401)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def do_GET(self) -> None:
        self.send_error(500, f"you asked for {self.path}")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Says nothing."""


@contextmanager
def web() -> Iterator[int]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


_SAID = base64.b64encode(f"\0{ACCOUNT}\0{CANARIES['SMTP_PASSWORD']}".encode()).decode()
REFUSING = {
    "EHLO": "250-scripted\r\n250 AUTH PLAIN LOGIN\r\n",
    "AUTH": f"535 5.7.8 wrong: AUTH PLAIN {_SAID} which is {CANARIES['SMTP_PASSWORD']}\r\n",
}


@pytest.mark.slow
@pytest.mark.fault("S7", "M11")
def test_servers_that_repeat_the_password_of_a_refused_login(folder: Path) -> None:
    """In every command that logs in, and in every place that tells of the trouble afterwards."""
    without_maildir(folder)
    with ScriptedSmtp(REFUSING) as relay, ScriptedImap(echo) as mailbox:
        set_settings(
            folder / "config", {"SMTP_PORT": relay.port, "IMAP_HOST": "127.0.0.1", "IMAP_PORT": mailbox.port, "IMAP_SECURITY": "none"}
        )
        set_settings(folder / "config", {"LOG": "json"})
        told = {
            name: run(folder, *name.split()) for name in ("check --connect", "arm --send-due 0", "tick", "collect", "deliver", "health")
        }
        told |= {name: run(folder, *name.split()) for name in ("status --json", "outbox list --json", "inbox list", "publish")}
        lines = relay.lines + mailbox.lines

    assert any(CANARIES["IMAP_PASSWORD"].encode() in line for line in lines), "the login was never tried"
    assert any(_SAID.encode() in line for line in lines), "the login was never tried"
    assert leaks(folder, told) == {}


@pytest.mark.slow
def test_urls_that_hold_a_secret(folder: Path) -> None:
    """A database that is not there, a switch that refuses, a token endpoint that repeats the secret, a key that is too short."""
    without_maildir(folder)
    with web() as port:
        oauth = {
            "SMTP_AUTH": "oauth2",
            "IMAP_AUTH": "oauth2",
            "IMAP_HOST": "127.0.0.1",
            "IMAP_SECURITY": "none",
            "OAUTH2_CLIENT_ID": "x",
            "OAUTH2_CLIENT_SECRET": CANARIES["OAUTH2_CLIENT_SECRET"],
            "OAUTH2_TOKEN_URL": f"http://127.0.0.1:{port}/token",
            "OAUTH2_SCOPE": "x",
            "PING_URL": f"http://127.0.0.1:{port}/{CANARIES['PING']}",
        }
        set_settings(folder / "config", oauth)
        told = {name: run(folder, *name.split()) for name in ("check", "check --connect", "tick", "collect", "deliver")}
        set_settings(folder / "config", {"DATABASE_URL": f"postgresql+psycopg://x:{CANARIES['DATABASE']}@127.0.0.1:1/x"})
        told |= {f"{name} elsewhere": run(folder, *name.split()) for name in ("tick", "status", "check --connect", "migrate")}
        set_settings(folder / "config", {"DATABASE_URL": f"nonsense://x:{CANARIES['DATABASE']}@", "SECRET_KEY": CANARIES["SECRET_KEY"]})
        told |= {f"{name} nonsense": run(folder, *name.split()) for name in ("check", "tick")}

    assert leaks(folder, told) == {}


@pytest.mark.slow
@pytest.mark.fault("S7")
def test_the_service_itself_its_log_and_its_figures(folder: Path) -> None:
    """`run` for a while with a relay that repeats the password and a switch that answers 500; then its end."""
    metrics = free_port()
    with ScriptedSmtp(REFUSING) as relay, web() as port:
        set_settings(
            folder / "config", {"SMTP_PORT": relay.port, "METRICS": metrics, "PING_URL": f"http://127.0.0.1:{port}/{CANARIES['PING']}"}
        )
        told = {"arm": run(folder, "arm", "--send-due", "16")}
        service = subprocess.Popen(command(folder, "run"), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={**os.environ})
        try:
            for _ in range(1200):
                if (figures := fetch(f"http://127.0.0.1:{metrics}/metrics")) or service.poll() is not None:
                    break
                SystemClock().sleep(0.1)
            told |= {"metrics": figures, "healthz": fetch(f"http://127.0.0.1:{metrics}/healthz")}
        finally:
            service.send_signal(signal.SIGTERM)
            told["run"] = service.communicate(timeout=60)[0]
        lines = list(relay.lines)

    assert any(line.startswith(b"AUTH") for line in lines), told
    assert b"reminder_" in told["metrics"]
    assert leaks(folder, told) == {}


def fetch(url: str) -> bytes:
    """The page, also where it is an error; nothing where nobody serves it yet."""
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            content: bytes = answer.read()
    except urllib.error.HTTPError as error:
        content = error.read()
    except urllib.error.URLError:
        content = b""
    return content


def test_a_leak_would_be_found(tmp_path: Path) -> None:
    """The search itself: each secret in each of its forms."""
    (tmp_path / "log").write_bytes(_SAID.encode())
    (tmp_path / ".env").write_bytes(CANARIES["SECRET_KEY"].encode())

    assert leaks(tmp_path, {"out": CANARIES["PING"].encode()}) == {"out": ["PING"], "log": ["SMTP_PASSWORD"]}
