"""What is special about a Maildir; what it shares with IMAP is in the contract."""

from __future__ import annotations

import mailbox as stdlib_mailbox
import os
from pathlib import Path

import pytest

from reminder.edges.imap import BEGINNING, WHOLE_LIMIT
from reminder.edges.maildir import MaildirSource
from reminder.errors import TemporaryFailure


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty Maildir."""
    stdlib_mailbox.Maildir(tmp_path / "Maildir", create=True)
    return tmp_path / "Maildir"


def test_the_identity_stays_when_a_mail_program_has_seen_it(folder: Path) -> None:
    """Renamed from new to cur with flags between scan and fetch: found under the same name, with the same bytes."""
    (folder / "new" / "1.M1.host").write_bytes(b"Subject: x\n\nLF line ends stay\n")
    source = MaildirSource(folder)
    scan = source.scan()[0]
    mails = source.fetch(scan, scan.uids)
    (folder / "new" / "1.M1.host").rename(folder / "cur" / "1.M1.host:2,S")

    assert [mail.raw for mail in mails] == [b"Subject: x\n\nLF line ends stay\n"]
    assert source.scan()[0].uids == scan.uids == ("1.M1.host",)


def test_a_mail_in_both_folders_is_one(folder: Path) -> None:
    """A crash of the mail program may leave two links."""
    (folder / "new" / "1.M1.host").write_bytes(b"x")
    os.link(folder / "new" / "1.M1.host", folder / "cur" / "1.M1.host:2,")

    assert MaildirSource(folder).scan()[0].uids == ("1.M1.host",)


def test_processed_mails_go_into_a_folder_that_mail_programs_see(folder: Path) -> None:
    """Maildir++: a folder that the standard library opens, flags kept."""
    (folder / "cur" / "1.M1.host:2,FS").write_bytes(b"Subject: x\n\nx\n")
    source = MaildirSource(folder, processed="Processed")
    scan = source.scan()[0]
    source.move_processed(scan, scan.uids)

    box = stdlib_mailbox.Maildir(folder)
    assert len(box) == 0
    assert [message.get_flags() for message in box.get_folder("Processed")] == ["FS"]


@pytest.mark.fault("A13")
def test_links_and_hidden_files_are_no_mails(folder: Path, tmp_path: Path) -> None:
    """A planted link must not make us read another file."""
    (tmp_path / "secret").write_text("x")
    (folder / "new" / "1.M1.host").symlink_to(tmp_path / "secret")
    (folder / "new" / ".hidden").write_text("x")
    (folder / "new" / "directory").mkdir()
    source = MaildirSource(folder)

    assert source.scan()[0].uids == ()


@pytest.mark.fault("A13")
def test_a_mail_that_becomes_a_link_is_not_followed(folder: Path, tmp_path: Path) -> None:
    """Between the listing and the reading somebody puts a link in its place: the other file is not read."""
    (tmp_path / "secret").write_text("x")
    for number in (1, 2):
        (folder / "new" / f"{number}.M1.host").write_bytes(b"mail")
    source = MaildirSource(folder)
    mails = source.fetch(source.scan()[0], ("1.M1.host", "2.M1.host"))
    assert next(mails).raw == b"mail"
    (folder / "new" / "2.M1.host").unlink()
    (folder / "new" / "2.M1.host").symlink_to(tmp_path / "secret")

    with pytest.raises(TemporaryFailure):
        next(mails)


def test_an_oversize_mail_is_read_in_its_beginning(folder: Path) -> None:
    """As over IMAP: its beginning, its true size, and a mark."""
    with (folder / "new" / "1.M1.host").open("wb") as file:
        file.write(b"Subject: x\r\n\r\n")
        file.truncate(WHOLE_LIMIT + 1)
    source = MaildirSource(folder)
    scan = source.scan()[0]
    (mail,) = source.fetch(scan, scan.uids)

    assert (len(mail.raw), mail.size, mail.marks) == (BEGINNING, WHOLE_LIMIT + 1, ("oversize",))


def test_a_missing_maildir_is_temporary(tmp_path: Path) -> None:
    """A file system that is not mounted yet may come."""
    with pytest.raises(TemporaryFailure, match="cannot be used just now"):
        MaildirSource(tmp_path / "none").scan()


def test_waking_ends_the_wait(folder: Path) -> None:
    """Waking is remembered: the next wait returns at once."""
    source = MaildirSource(folder)
    source.wake()
    source.wait(60)

    assert source.check()[0].endswith("0 mails")
