"""A private Postfix for tests: takes mail on loopback, delivers it into Maildirs, and writes delivery reports (RFC 3461, RFC 3464)."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.real_parts import HOST, free_port, require, temporary_folder, wait_for_port

_MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
myhostname = mx.elsewhere.example
mydestination =
inet_interfaces = {host}
inet_protocols = ipv4
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_recipient_restrictions = check_recipient_access inline:{{ {refused} }}, permit_mynetworks, reject
smtpd_reject_unlisted_recipient = no
virtual_mailbox_domains = {domains}
virtual_mailbox_maps = inline:{{ {mailboxes} }}
virtual_mailbox_base = {folder}/mail
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
recipient_delimiter = +
alias_maps =
alias_database =
local_recipient_maps =
default_transport = error:5.1.2 there is no network
relay_transport = error:5.1.2 there is no network
"""
_MASTER = """\
{host}:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
showq unix n - n - - showq
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Postfix:
    """A running Postfix. An address of its domains without a mailbox is taken, and reported back later."""

    port: int
    folder: Path

    def maildir(self, name: str) -> Path:
        """The Maildir of a mailbox."""
        return self.folder / "mail" / name

    def mails(self, name: str) -> list[bytes]:
        """What lies in a mailbox unread."""
        folder = self.maildir(name) / "new"
        return [path.read_bytes() for path in sorted(folder.iterdir())] if folder.exists() else []


@contextmanager
def postfix(mailboxes: Mapping[str, str], *, refused: Mapping[str, str] | None = None) -> Iterator[Postfix]:
    """A Postfix with these mailboxes, name by address; `refused` are addresses that it refuses at RCPT, and how. It needs root."""
    program, master = require("postfix"), "/usr/lib/postfix/sbin/master"
    if os.geteuid() != 0:
        pytest.skip("Postfix runs as root only")
    with temporary_folder() as folder:
        for name in ("etc", "queue", "data", "mail"):
            (folder / name).mkdir()
        port, owner = free_port(), pwd.getpwnam("nobody")
        shutil.chown(folder / "data", "postfix")
        for name in ("", *(f"{box}{part}" for box in mailboxes.values() for part in ("", "/new", "/cur", "/tmp"))):
            (folder / "mail" / name).mkdir(exist_ok=True)
            shutil.chown(folder / "mail" / name, owner.pw_uid, owner.pw_gid)
        domains = ", ".join(sorted({address.partition("@")[2] for address in mailboxes}))
        entries = " ".join(f"{{{address}={name}/}}" for address, name in mailboxes.items())
        access = " ".join(f"{{{address}={answer}}}" for address, answer in (refused or {"nobody@invalid.example": "OK"}).items())
        main = _MAIN.format(
            folder=folder, host=HOST, domains=domains, mailboxes=entries, refused=access, uid=owner.pw_uid, gid=owner.pw_gid
        )
        (folder / "etc" / "main.cf").write_text(main)
        (folder / "etc" / "master.cf").write_text(_MASTER.format(host=HOST, port=port))
        subprocess.run([program, "-c", str(folder / "etc"), "check"], check=True, capture_output=True)
        process = subprocess.Popen([master, "-c", str(folder / "etc"), "-d"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_for_port(port, process)
            yield Postfix(port=port, folder=folder)
        finally:
            process.terminate()
            process.wait(10)
