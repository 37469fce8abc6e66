"""Real servers for tests: Dovecot, Postfix's smtp-sink, PostgreSQL, and certificates from openssl.

Each is started as a child on loopback in a directory of its own and ended with the `with` block. Where the program is not installed
the test is skipped, with REMINDER_REQUIRE_REAL=1 it fails.
"""

from __future__ import annotations

import grp
import imaplib
import os
import pwd
import shutil
import signal
import smtplib
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from reminder.edges.clock import SystemClock

HOST = "127.0.0.1"


def require(binary: str) -> str:
    """The path of a program; without it the test is skipped, or fails where real parts are required."""
    found = shutil.which(binary, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if found is not None:
        return found
    reason = f"needs the real part {binary}, which is not installed"
    if os.environ.get("REMINDER_REQUIRE_REAL") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def free_port() -> int:
    """A port that the kernel says is free, for programs that cannot take port 0."""
    with socket.socket() as sock:
        sock.bind((HOST, 0))
        return int(sock.getsockname()[1])


def wait_for_port(port: int, process: subprocess.Popen[bytes], *, seconds: float = 10.0) -> None:
    """Returns when somebody listens; raises where the process has ended or the time is over."""
    for _ in range(int(seconds / 0.02)):
        if process.poll() is not None:
            break
        with socket.socket() as sock:
            if sock.connect_ex((HOST, port)) == 0:
                return
        SystemClock().sleep(0.02)
    raise RuntimeError(f"{process.args!r} does not listen on {port} (exit code {process.poll()})")


@contextmanager
def temporary_folder(owner: str = "") -> Iterator[Path]:
    """A directory that every user may enter, owned by `owner` where we are root."""
    folder = Path(tempfile.mkdtemp(prefix="reminder-real-"))
    folder.chmod(0o755)
    if owner and os.geteuid() == 0:
        shutil.chown(folder, owner)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def make_certificate(folder: Path, *names: str) -> tuple[Path, Path]:
    """A self-signed certificate for these names (localhost and 127.0.0.1 by default) and its key."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    subject = ",".join(f"IP:{name}" if name[0].isdigit() else f"DNS:{name}" for name in names or ("localhost", HOST))
    command = [require("openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    command += ["-subj", "/CN=test", "-addext", f"subjectAltName={subject}", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    certificate.chmod(0o644)
    return certificate, key


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpSink:
    """smtp-sink: takes mail and forgets it, or misbehaves as its switches say. With `dump` one file a mail."""

    port: int
    dump: Path

    def mails(self) -> list[bytes]:
        """What was taken, as smtp-sink writes it: with headers of its own in front and LF line ends."""
        return [path.read_bytes() for path in sorted(self.dump.iterdir())]


@contextmanager
def smtp_sink(*switches: str) -> Iterator[SmtpSink]:
    """`smtp-sink` with these switches: `-r DATA` 450, `-f .` 500, `-q DATA` hangs up, `-W .:3` is slow to answer the dot."""
    program = require("smtp-sink")
    with temporary_folder("nobody") as folder:
        port = free_port()
        user = ("-u", "nobody") if os.geteuid() == 0 else ()
        command = [program, *user, "-h", "localhost", "-d", f"{folder}/%M.", *switches, f"{HOST}:{port}", "100"]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_for_port(port, process)
            yield SmtpSink(port=port, dump=folder)
        finally:
            _end(process)


_DOVECOT = """\
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
listen = 127.0.0.1
protocols = imap lmtp
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
disable_plaintext_auth = no
auth_username_format = %n
recipient_delimiter = +
mail_location = maildir:{folder}/mail/%n
first_valid_uid = 1
passdb {{
  driver = passwd-file
  args = username_format=%n {folder}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%n
}}
service imap-login {{
  {chroot}
  inet_listener imap {{
    port = {imap_port}
  }}
  inet_listener imaps {{
    port = {imaps_port}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp_port}
  }}
}}
auth_failure_delay = 0
service anvil {{
  {chroot}
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  {chroot}
}}
{users}
"""


class Dovecot:
    """A private Dovecot 2.3 with one mailbox, on disk, so that it can be killed and started again."""

    user = "seuranta"
    password = "loopback-only"

    def __init__(self, folder: Path) -> None:
        self._program, self._doveadm = require("dovecot"), require("doveadm")
        self._folder = folder
        self.imap_port, self.imaps_port, self.lmtp_port = free_port(), free_port(), free_port()
        self.certificate, self._key = make_certificate(folder)
        self._process: subprocess.Popen[bytes] | None = None
        self._write_configuration()

    def start(self) -> None:
        """Starts the master process and waits until it listens."""
        command = [self._program, "-F", "-c", str(self._folder / "dovecot.conf")]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        wait_for_port(self.imap_port, self._process)

    def stop(self) -> None:
        """Ends it as an admin would."""
        if self._process is not None:
            _end(self._process)
            self._process = None

    def kill(self) -> None:
        """`kill -9` of the master and of every session."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    @property
    def maildir(self) -> Path:
        """Where the mailbox lies on disk; made at the first login."""
        return self._folder / "mail" / self.user

    def doveadm(self, *arguments: str) -> None:
        """Runs `doveadm` on this instance."""
        subprocess.run([self._doveadm, "-c", str(self._folder / "dovecot.conf"), *arguments], check=True, capture_output=True)

    def deliver(self, raw: bytes, *, recipient: str = "") -> None:
        """By LMTP, as an MTA does: Return-Path, Delivered-To and Received are added."""
        with smtplib.LMTP(HOST, self.lmtp_port, local_hostname="localhost") as lmtp:
            lmtp.sendmail("sender@party.example", [recipient or f"{self.user}@localhost"], raw)

    @contextmanager
    def client(self) -> Iterator[imaplib.IMAP4]:
        """Another client of the same mailbox, with the INBOX selected."""
        with imaplib.IMAP4(HOST, self.imap_port, timeout=10) as client:
            client.login(self.user, self.password)
            client.select()
            yield client

    def append(self, raw: bytes, *, when: datetime, folder: str = "INBOX") -> None:
        """By IMAP APPEND, with this INTERNALDATE."""
        with self.client() as client:
            typ, data = client.append(folder, "", imaplib.Time2Internaldate(when), raw)
            if typ != "OK":
                raise RuntimeError(f"APPEND was answered with {typ} {data!r}")

    def _write_configuration(self) -> None:
        is_root = os.geteuid() == 0
        owner = pwd.getpwnam("nobody") if is_root else pwd.getpwuid(os.geteuid())
        users = "" if is_root else _users_lines(owner)
        mail = self._folder / "mail"
        mail.mkdir()
        if is_root:
            shutil.chown(mail, owner.pw_uid, owner.pw_gid)
        (self._folder / "users").write_text(f"{self.user}:{{PLAIN}}{self.password}:::::\n")
        text = _DOVECOT.format(
            folder=self._folder,
            certificate=self.certificate,
            key=self._key,
            uid=owner.pw_uid,
            gid=owner.pw_gid,
            imap_port=self.imap_port,
            imaps_port=self.imaps_port,
            lmtp_port=self.lmtp_port,
            users=users,
            chroot="" if is_root else "chroot =",
        )
        (self._folder / "dovecot.conf").write_text(text)


def _users_lines(owner: pwd.struct_passwd) -> str:
    """An ordinary user runs every part of Dovecot as itself."""
    name, group = owner.pw_name, grp.getgrgid(owner.pw_gid).gr_name
    return f"default_internal_user = {name}\ndefault_login_user = {name}\ndefault_internal_group = {group}"


@contextmanager
def dovecot() -> Iterator[Dovecot]:
    """A running Dovecot with an empty mailbox."""
    require("dovecot")
    with temporary_folder() as folder:
        server = Dovecot(folder)
        server.start()
        try:
            yield server
        finally:
            # Nothing is kept, and the soft end takes a second.
            server.kill()


@contextmanager
def postgres_cluster() -> Iterator[str]:
    """A private PostgreSQL cluster; yields the SQLAlchemy URL of an empty database. Start it once a session: it takes about a second."""
    initdb, pg_ctl = require("initdb"), require("pg_ctl")
    with temporary_folder("postgres") as folder:
        data, port = folder / "data", free_port()
        user = "postgres" if os.geteuid() == 0 else None
        _run_as(user, [initdb, "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"], folder)
        options = f"-p {port} -k {folder} -c listen_addresses={HOST} -c fsync=off"
        _run_as(user, [pg_ctl, "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start"], folder)
        try:
            yield f"postgresql+psycopg://postgres@{HOST}:{port}/postgres"
        finally:
            _run_as(user, [pg_ctl, "-D", str(data), "-m", "immediate", "stop"], folder)


def _run_as(user: str | None, command: list[str], folder: Path) -> None:
    """The group and no other groups go with the user; output is thrown away, since a server would keep a pipe open."""
    group = pwd.getpwnam(user).pw_gid if user else None
    groups: list[str | int] | None = [] if user else None
    subprocess.run(
        command, check=True, user=user, group=group, extra_groups=groups, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
