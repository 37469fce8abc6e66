"""The bare loops: what nobody who does the job can leave out, and nothing else."""

from __future__ import annotations

import email
import imaplib
import smtplib
import sqlite3
from collections.abc import Sequence
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

from jinja2 import Environment

_TEXT = """{% for action in actions %}[{{ action.number }}] {{ action.title }}
{{ action.full_text }}
Tila (vihreä / keltainen / punainen):
Mitä tehtiin:
Seuraavaksi ja milloin:

{% endfor %}"""
_HTML = """<html><body><table>{% for action in actions %}<tr><td><b>[{{ action.number }}] {{ action.title }}</b>
<p>{{ action.full_text }}</p>{% for light in lights %}<a href="mailto:a@b.example?body={{ action.title }}">{{ light }}</a>{% endfor %}
</td></tr>{% endfor %}</table></body></html>"""


def open_database(path: Path) -> sqlite3.Connection:
    """WAL and synchronous=FULL, as in production."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript(
        "pragma journal_mode=wal; pragma synchronous=full; create table mail (id integer primary key, raw blob, state text)"
    )
    return connection


def compose_and_store(path: Path, actions: Sequence[object], size: int, count: int) -> int:
    """Two templates rendered, one MIME mail of the same size, one durable commit, each."""
    environment = Environment(autoescape=True)
    text, html = environment.from_string(_TEXT), environment.from_string(_HTML)
    database = open_database(path)
    for _ in range(count):
        values = {"actions": actions, "lights": ("vihreä", "keltainen", "punainen")}
        mail = MIMEMultipart("alternative")
        mail["Subject"] = "Elinvoimaohjelma"
        plain = text.render(values)
        mail.attach(MIMEText(plain, "plain", "utf-8"))
        mail.attach(MIMEText(html.render(values).ljust(size - len(plain)), "html", "utf-8"))
        database.execute("insert into mail (raw, state) values (?, 'queued')", (mail.as_bytes(),))
    database.close()
    return count


def send(path: Path, host: str, port: int, raws: Sequence[bytes]) -> int:
    """One connection, a commit before and after each mail."""
    database = open_database(path)
    database.executemany("insert into mail (raw, state) values (?, 'queued')", [(raw,) for raw in raws])
    with smtplib.SMTP(host, port, local_hostname="localhost") as smtp:
        for number, raw in enumerate(raws, start=1):
            database.execute("update mail set state = 'leased' where id = ?", (number,))
            smtp.sendmail("a@suvikoski.example", ["b@suvikoski.example"], raw)
            database.execute("update mail set state = 'accepted' where id = ?", (number,))
    database.close()
    return len(raws)


def collect(path: Path, host: str, port: int, user: str, password: str) -> int:
    """Windows of 50, a commit a window, one MOVE at the end."""
    database = open_database(path)
    with imaplib.IMAP4(host, port) as client:
        client.login(user, password)
        client.select("INBOX")
        uids = client.uid("SEARCH", "ALL")[1][0].split()
        for start in range(0, len(uids), 50):
            window = b",".join(uids[start : start + 50]).decode()
            items = client.uid("FETCH", window, "(UID INTERNALDATE RFC822.SIZE BODY.PEEK[])")[1]
            database.execute("begin immediate")
            rows = [(item[1],) for item in items if isinstance(item, tuple)]
            database.executemany("insert into mail (raw, state) values (?, 'captured')", rows)
            database.execute("commit")
        client.create("Bare")
        client.uid("MOVE", b",".join(uids).decode(), "Bare")
    database.close()
    return len(uids)


def parse(raws: Sequence[bytes]) -> int:
    """The standard library reads the same bytes and decodes their text parts."""
    for raw in raws:
        for part in email.message_from_bytes(raw).walk():
            if part.get_content_maintype() == "text":
                part.get_payload(decode=True)
    return len(raws)
