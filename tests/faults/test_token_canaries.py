"""X3 for OAuth 2.0 and Microsoft Graph: endpoints that fail and repeat all that they were sent, in every place of an answer."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs, quote

import pytest

from reminder.edges.graph import GraphRelay
from reminder.edges.oauth import TokenClient
from reminder.flows import opening
from tests.cli.city import City, build_city, set_clock, set_settings
from tests.edges.scripted import Scripted, Talk
from tests.real_parts import HOST
from tests.signing_keys import key_pem, rsa_key, write_login

SECRET = "kanarie/oauth+Xe63mK="
TOKEN = "kanarie-token.Zw50pQ-"
Fail = Callable[[Talk, str], None]
"""Answers so that nothing comes of the call; the text is all that was sent."""


def answer(talk: Talk, status: str, body: str, headers: str = "") -> None:
    """One answer of HTTP."""
    talk.say(f"HTTP/1.1 {status}\r\nContent-Length: {len(body.encode())}\r\n{headers}\r\n{body}")


def one_line(sent: str) -> str:
    """All of it as a line, as a header or a reason phrase may hold it."""
    return " ".join(sent.split())


def refuse(status: int, talk: Talk, sent: str) -> None:
    """With the words of both kinds of endpoints, the reason and two headers that we read."""
    line = one_line(sent)
    of_tokens = {"error": line, "error_description": f"AADSTS7000215: {sent}"}
    document = json.dumps(of_tokens if "grant_type" in sent else {"error": {"code": line, "message": sent}})
    answer(talk, f"{status} {line}", document, f"request-id: {line}\r\nRetry-After: {line}\r\n")


def hang(talk: Talk, sent: str) -> None:
    """The answer begins with what was sent and does not go on until the client leaves."""
    talk.say(f"HTTP/1.1 200 {one_line(sent)[:60]}")
    talk.hear()


WAYS: dict[str, Fail] = {
    "400": partial(refuse, 400),
    "401": partial(refuse, 401),
    "500": partial(refuse, 500),
    "timeout": hang,
    "no JSON": lambda talk, sent: answer(talk, "200 OK", f'{{"access_token": "{sent}'),
    "no HTTP": lambda talk, sent: talk.say(f"{one_line(sent)}\r\n\r\n"),
    "another HTTP": lambda talk, sent: talk.say(f"HTTP/{one_line(sent).replace(' ', '')} 200 OK\r\n\r\n"),
    "no chunk": lambda talk, sent: talk.say(f"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{one_line(sent)}\r\n"),
}


class Endpoints(Scripted):
    """Token endpoint and Graph in one. `fails` is the path that fails, in the way `fail`; else a token is given, and mails are taken."""

    def __init__(self, fails: str) -> None:
        super().__init__()
        self.fails, self.fail = fails, WAYS["500"]
        self.failed = 0
        self.assertions: list[str] = []
        self.given = 0

    @property
    def url(self) -> str:
        """On this machine http is allowed."""
        return f"http://{HOST}:{self.port}"

    def converse(self, talk: Talk) -> None:
        """One call."""
        head = []
        while line := talk.hear():
            head.append(line.decode())
        size = next(int(line.partition(":")[2]) for line in head if line.lower().startswith("content-length:"))
        body = talk.read(size).decode()
        self.assertions += parse_qs(body).get("client_assertion", [])
        if self.fails in head[0]:
            self.failed += 1
            said = parse_qs(body)
            self.fail(talk, " ".join([*head, body[:2000], *(one for values in said.values() for one in values)]))
        elif "/token" in head[0]:
            self.given += 1
            answer(talk, "200 OK", json.dumps({"access_token": f"{TOKEN}{self.given}", "expires_in": 3600}))
        else:
            answer(talk, "202 Accepted", "")


def forms(secret: str) -> Iterator[str]:
    """As it is, in a URL, and in base64."""
    yield secret
    yield quote(secret)
    yield quote(secret, safe="")
    yield base64.b64encode(secret.encode()).decode()


def secrets(endpoints: Endpoints) -> dict[str, list[str]]:
    """What must not be found, by name: of an assertion its signature alone, of the key each of its lines."""
    lines = [line for line in key_pem(rsa_key()).decode().splitlines() if len(line) == 64]
    signatures = [assertion.rpartition(".")[2] for assertion in endpoints.assertions]
    return {"secret": [*forms(SECRET)], "token": [*forms(TOKEN.rstrip("-"))], "assertion": signatures, "key": lines}


def leaks(folder: Path, told: dict[str, str], endpoints: Endpoints) -> dict[str, list[str]]:
    """Where something stands that must not: what was said, and all files that the service has written."""
    written = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.name != ".env"}
    contents = {**{name: text.encode() for name, text in told.items()}, **written}
    wanted = secrets(endpoints)
    found = {
        name: [kind for kind, ones in wanted.items() if any(one.encode() in content for one in ones)] for name, content in contents.items()
    }
    return {name: kinds for name, kinds in found.items() if kinds}


@pytest.fixture
def city(tmp_path: Path, database: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> City:
    """The example city, whose calls wait for a second and not for minutes."""
    (tmp_path / "city").mkdir()
    monkeypatch.setattr(opening, "GraphRelay", partial(GraphRelay, attempt_deadline=1.0))
    monkeypatch.setattr(opening, "TokenClient", partial(TokenClient, seconds=1.0))
    return build_city(tmp_path / "city", database, capsys)


def use(city: City, endpoints: Endpoints, credential: str) -> None:
    """Mails leave through Graph, with tokens for a secret or for a signature."""
    login = write_login(city.folder.parent, ends_at=datetime(2125, 1, 1, tzinfo=UTC))
    way = {"OAUTH2_CLIENT_SECRET": SECRET} if credential == "secret" else {"OAUTH2_CERTIFICATE": login}
    graph = {"TRANSPORT": "graph", "GRAPH_URL": f"{endpoints.url}/v1.0", "OAUTH2_TOKEN_URL": f"{endpoints.url}/token"}
    set_settings(city.config, {**graph, **way, "OAUTH2_CLIENT_ID": "app", "OAUTH2_SCOPE": "mail", "LOG": "json"})


def tell(city: City, *commands: str) -> dict[str, str]:
    """All that the commands said."""
    told = {}
    for command in commands:
        done = city.run(*command.split())
        assert done.code in {0, 1, 2, 3, 75}, done.err
        told[command] = done.out + done.err
    return told


DAYS = ("02-14", "02-17", "02-18", "02-19", "02-20", "02-21", "02-24", "02-25")


@pytest.mark.slow
@pytest.mark.fault("S7")
@pytest.mark.parametrize(("fails", "credential"), [("/token", "secret"), ("/token", "certificate"), ("/sendMail", "certificate")])
def test_endpoints_that_repeat_what_they_were_sent(city: City, fails: str, credential: str) -> None:
    """Neither secret, key, assertion nor token is in the log, an error, the health, the status or the database, whatever the answer is."""
    with Endpoints(fails) as endpoints:
        use(city, endpoints, credential)
        set_clock(city.folder, "2025-02-14 09:00")
        told = tell(city, "arm --send-due 16 --without-test")
        for day, (way, fail) in zip(DAYS, WAYS.items(), strict=True):
            endpoints.fail, before = fail, endpoints.failed
            set_clock(city.folder, f"2025-{day} 10:00")
            said = tell(city, "tick", "check --connect", "health", "status --json", "outbox list --json")
            told |= {f"{way}: {command}": text for command, text in said.items()}
            assert endpoints.failed > before + 1, f"{way}: {told}"
    assert endpoints.assertions or credential == "secret"
    assert endpoints.given or fails == "/token"
    assert leaks(city.folder, told, endpoints) == {}
