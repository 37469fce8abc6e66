"""Incoming mails: any bytes, the text and the page of a reply, a delivery report, a note of absence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from fuzz.target import Target, check_storable
from reminder.domain.assessments import TrafficLight
from reminder.domain.readings import Reading, Verdict
from reminder.edges.reading import ReaderHere
from reminder.parse import interpreting, message
from reminder.parse.absences import find_last_day_away, find_substitutes
from reminder.parse.bounces import find_bounce
from reminder.parse.message import read_mail
from tests.corpus.building import moment, original_of
from tests.corpus.stored import load_cases
from tests.corpus.world import PLANNING, REQUEST, all_sent, understand_case
from tests.sandbox.mails import write_mail

_NOW = moment(write_mail(PLANNING, REQUEST))
_ORIGINAL = original_of(PLANNING)
_ASKED = frozenset(item for sent in all_sent() for item in sent.items)
_HEAD = f"From: {PLANNING}\r\nTo: {_ORIGINAL.reply_to}\r\nSubject: Re: x\r\nIn-Reply-To: {_ORIGINAL.message_id}\r\nMIME-Version: 1.0\r\n"
_PLAIN = (_HEAD + "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n").encode()
_PAGE = (_HEAD + "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n").encode()
_REPORT = b"""From: MAILER-DAEMON@relay.example\r
Subject: Undelivered\r
Content-Type: multipart/report; report-type=delivery-status; boundary="="\r
\r
--=\r
\r
It did not work.\r
--=\r
Content-Type: message/delivery-status\r
\r
"""


def raise_faults() -> None:
    """From now on a fault inside the parser is raised, where the service would hold the mail: it is what we look for."""
    for room in (interpreting, message):
        setattr(room, "READING_FAULTS", ())  # noqa: B010


def read(raw: bytes) -> Reading:
    """A mail is understood and marked as the service does; the answers are about what was asked, and all of it can be kept."""
    found = understand_case(raw, _NOW, all_sent())
    reading = found.reading
    check_storable(reading)
    assert {answer.item for answer in reading.answers} <= _ASKED
    assert all(answer.light is None or isinstance(answer.light, TrafficLight) for answer in reading.answers)
    assert isinstance(reading.verdict, Verdict)
    assert not (reading.answers and reading.verdict in {Verdict.IGNORED, Verdict.QUARANTINED}), reading.verdict
    check_storable(ReaderHere().mark(raw, found.context, reading))
    return reading


def _report(data: bytes) -> None:
    mail = read_mail(_REPORT + data + b"\r\n--=--\r\n")
    check_storable(find_bounce(mail))


def _absence(data: bytes) -> None:
    text, today = data.decode("utf-8", "replace").replace("\0", ""), date(2025, 2, 14)
    check_storable((find_last_day_away(text, today) or "", find_substitutes(text)))


def _mails() -> Iterator[bytes]:
    """Every third of the corpus: half of it is about the same answer in another program."""
    return (case.raw for case in load_cases()[::3] if len(case.raw) < 30_000)


def _bodies(kind: str) -> Iterator[bytes]:
    for mail in map(read_mail, _mails()):
        texts = mail.html if kind == "html" else [part.text for part in mail.texts]
        yield from (text.encode("utf-8", "replace") for text in texts)


def _parts(*names: str) -> Iterable[bytes]:
    """The text of the notes whose file begins with one of these words."""
    return [
        part.text.encode("utf-8", "replace") for case in load_cases() if case.name.startswith(names) for part in read_mail(case.raw).texts
    ]


def _statuses() -> Iterable[bytes]:
    reports = [report.content for case in load_cases() for report in read_mail(case.raw).reports]
    return [*reports, b"Final-Recipient: rfc822; a@b.example\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 no\r\n"]


MAILS = {
    "mail": Target(run=read, seeds=_mails, max_len=32_768),
    "body": Target(run=lambda data: read(_PLAIN + data), seeds=lambda: _bodies("plain")),
    "page": Target(run=lambda data: read(_PAGE + data), seeds=lambda: _bodies("html"), max_len=16_384),
    "report": Target(run=_report, seeds=_statuses, max_len=2048),
    "absence": Target(run=_absence, seeds=lambda: _parts("absence", "out-of"), max_len=1024),
}
