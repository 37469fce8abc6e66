"""Spreadsheets and configuration files, and what we write ourselves out of other people's words: tokens and headers."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from fuzz.target import Target, check_storable
from reminder.configuration import keys
from reminder.configuration.importing import import_programme
from reminder.configuration.loading import load_setup
from reminder.domain.messages import DraftMessage, MailKind
from reminder.errors import ReminderError
from reminder.parse.attached_sheets import read_sheets
from reminder.resources import find_example
from reminder.wire.answer_sheet import read_answer_sheet
from reminder.wire.archive import FileRefused
from reminder.wire.headers import Mailbox, finish_message
from reminder.wire.reply_token import find_short_tags, find_tokens, mint_token, read_token
from tests.sandbox.mails import KEYRING
from tests.wire.forms import Filled, as_inline, as_open_document, fill, form, pack, rows_of, unpack

_CUT = b"\n\0cut\0\n"
_GOOD = mint_token(KEYRING, "7k3qmnopqrst")


def _form(content: bytes) -> None:
    """A workbook is read, or refused as unreadable."""
    try:
        check_storable(read_answer_sheet(read_sheets(content)))
    except FileRefused:
        return


@lru_cache(maxsize=1)
def _forms() -> tuple[bytes, ...]:
    filled = fill(form(), {"3.1": Filled(light="vihreä", done="Valmis.", next_step="x", by="1.3.2025")})
    return (form(), filled, as_inline(rows_of(filled)), as_open_document(rows_of(filled)))


def _members(data: bytes) -> None:
    """The members of an archive by themselves, since a changed byte of an archive rarely gets past its checksums."""
    names = ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml", "xl/styles.xml")
    pieces = data.split(_CUT)
    base = unpack(_forms()[0])
    _form(pack(base | dict(zip(names, pieces, strict=False))))
    _form(pack({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": pieces[0]}))


def _unpacked() -> Iterator[bytes]:
    for content in _forms():
        members = unpack(content)
        if "content.xml" in members:
            yield members["content.xml"]
        else:
            yield _CUT.join(members.get(name, b"") for name in ("xl/worksheets/sheet1.xml", "xl/workbook.xml"))


def _token(data: bytes) -> None:
    """Only what we have signed is a token."""
    text = data.decode("utf-8", "replace")
    for token in (*find_tokens(KEYRING, text), read_token(KEYRING, text)):
        assert token is None or mint_token(KEYRING, token.message, token.purpose) in text.lower()
        assert token is None or token.message == "7k3qmnopqrst", "a token that was never minted"
    find_short_tags(("ELVO",), text)


def _headers(data: bytes) -> None:
    """Whatever stands in a mail to which we reply, ours goes clean or not at all: the check is the one that stands in production."""
    subject, name, parent, reference, extra, file_name = (data.decode("utf-8", "surrogateescape").split("\0") + [""] * 6)[:6]
    mailbox = Mailbox(name=name, address="seuranta@suvikoski.example")
    try:
        raw = finish_message(
            DraftMessage(kind=MailKind.ACKNOWLEDGEMENT, language="fi", subject=subject, text="x", html="<p>x</p>"),
            id="7k3qmnopqrst",
            person="p",
            token=_GOOD,
            sender=mailbox,
            recipient=mailbox,
            reply_to=mailbox,
            message_id="<a@suvikoski.example>",
            date=datetime(2025, 2, 14, tzinfo=UTC),
            envelope_sender=mailbox.address,
            boundary_seed="b",
            not_before=datetime(2025, 2, 14, tzinfo=UTC) + timedelta(days=1),
            in_reply_to=parent,
            references=(reference, parent),
            extra_headers={"X-Reminder-Kind": extra + file_name},
        ).raw
    except ReminderError:
        return
    _check_header_lines(raw)


_ALLOWED = frozenset(
    b"from to reply-to subject date message-id in-reply-to references auto-submitted x-auto-response-suppress x-reminder-id "
    b"x-reminder-kind content-language mime-version content-type".split()
)


def _check_header_lines(raw: bytes) -> None:
    """By the line, without a parser: each is a header that we meant, or goes on with a blank."""
    block = raw.partition(b"\r\n\r\n")[0]
    names = [line.partition(b":")[0].lower() for line in block.split(b"\r\n") if line[:1] not in b" \t"]
    assert set(names) <= _ALLOWED, names
    assert len(names) == len(set(names)), names
    assert b"\n" not in block.replace(b"\r\n", b"")
    assert b"\r" not in block.replace(b"\r\n", b"")
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))


def _configuration(data: bytes) -> None:
    """Files that nobody would write are told of, and nothing is raised."""
    folder = find_example()
    files = {name: (folder / name).read_bytes() for name in keys.KNOWN_FILES if (folder / name).exists()}
    names = sorted(files)
    loaded = load_setup(folder, contents=files | {names[(data[:1] or b"\0")[0] % len(names)]: data[1:]})
    check_storable([finding.message for finding in loaded.findings])


def _configurations() -> Iterable[bytes]:
    folder = find_example()
    names = sorted(name for name in keys.KNOWN_FILES if (folder / name).exists())
    return [bytes([number]) + (folder / name).read_bytes()[:8000] for number, name in enumerate(names)]


def _import(data: bytes) -> None:
    """A table is taken in, or refused with a sentence."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "table.csv")
        path.write_bytes(data)
        try:
            result = import_programme(path)
        except ReminderError:
            return
        check_storable((result.programme_text, result.contacts_text))


_TABLE = "Numero;Toimenpide;Vastuutaho;Aikataulu\n1.1;Palvelut esille;Kulttuuripäällikkö;2024\n2.1;Toinen;Lukion rehtori;2024-2025\n"
_HEADERS = (
    "Re: Elinvoimaohjelma – määräaika 2.3.2026\0Väinö\0<a@b.example>\0<c@d.example>\0reminder\0a.pdf",
    "=?utf-8?q?=0ABcc:_victim@x.example?=\0=?utf-8?q?=0A?=\0<a@b> =?utf-8?q?=0ABcc:_v@x.example?=\0<=?utf-8?q?=0ABcc:_x@e.com?=@b>\0\n\0",
)

FILES = {
    "sheet": Target(run=_form, seeds=_forms, max_len=32_768),
    "members": Target(run=_members, seeds=_unpacked, max_len=32_768),
    "token": Target(run=_token, seeds=lambda: [_GOOD.encode(), f"seuranta+{_GOOD}@x.example ELVO-7K3Q".encode()], max_len=512),
    "headers": Target(run=_headers, seeds=lambda: [text.encode() for text in _HEADERS], max_len=4096),
    "configuration": Target(run=_configuration, seeds=_configurations, max_len=16_384),
    "import": Target(run=_import, seeds=lambda: [_TABLE.encode(), _TABLE.encode("utf-16")], max_len=4096),
}
