"""A Postfix that takes mail from those whom Dovecot lets in by token, and hands it on to smtp-sink: the relay of many a city."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from reminder.edges.clock import SystemClock
from reminder.edges.oauth import AccessTokens
from reminder.edges.smtp import SmtpRelay
from tests.edges.oauth_dovecot import Introspection, TokenDovecot
from tests.real_parts import HOST, SmtpSink, free_port, make_certificate, require, smtp_sink, temporary_folder

_SASL = """
service auth {{
  inet_listener sasl {{
    address = 127.0.0.1
    port = {port}
  }}
}}
"""
_MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
command_directory = {commands}
daemon_directory = {daemons}
mail_owner = postfix
setgid_group = postdrop
maillog_file = {folder}/log/postfix.log
maillog_file_prefixes = {folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = localhost
mydestination =
mynetworks =
alias_maps =
alias_database =
local_recipient_maps =
relayhost = [127.0.0.1]:{sink}
smtp_dns_support_level = disabled
smtp_host_lookup = native
smtpd_recipient_restrictions = permit_sasl_authenticated, reject
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{sasl}
smtpd_sasl_security_options = noanonymous
smtpd_tls_security_level = encrypt
smtpd_tls_auth_only = yes
smtpd_tls_cert_file = {certificate}
smtpd_tls_key_file = {key}
smtpd_error_sleep_time = 0
"""
_MASTER = """\
{place} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenPostfix:
    """A running Postfix, whom it asks about tokens, and where its mails end."""

    port: int
    certificate: Path
    introspection: Introspection
    sink: SmtpSink

    def relay(self, tokens: AccessTokens) -> SmtpRelay:
        """A relay that logs in to it by token."""
        return SmtpRelay(
            host="localhost",
            port=self.port,
            security="starttls",
            user=f"{TokenDovecot.user}@kunta.example",
            tokens=tokens,
            ca_file=self.certificate,
        )

    def wait_for_mails(self, count: int) -> int:
        """How many have come to the end of the way, at the latest after some seconds."""
        for _ in range(1500):
            if len(self.sink.mails()) >= count:
                break
            SystemClock().sleep(0.02)
        return len(self.sink.mails())


@contextmanager
def token_postfix(is_good: Callable[[str], bool], mechanisms: str = "xoauth2") -> Iterator[TokenPostfix]:
    """Dovecot for the logins, Postfix, and smtp-sink behind it. Postfix is started by root only."""
    program = require("postfix")
    if os.geteuid() != 0:
        pytest.skip("Postfix is started by root only")
    with smtp_sink() as sink, temporary_folder() as folder, Introspection(is_good).running() as introspection:
        dovecot, sasl = TokenDovecot(folder, introspection, mechanisms), free_port()
        with (folder / "dovecot.conf").open("a") as file:
            file.write(_SASL.format(port=sasl))
        dovecot.start()
        try:
            with _postfix(program, sasl=sasl, sink=sink.port) as (port, certificate):
                yield TokenPostfix(port=port, certificate=certificate, introspection=introspection, sink=sink)
        finally:
            dovecot.kill()


@contextmanager
def _postfix(program: str, *, sasl: int, sink: int) -> Iterator[tuple[int, Path]]:
    with temporary_folder() as folder:
        port, (certificate, key) = free_port(), make_certificate(folder)
        for name in ("configuration", "queue", "data", "log"):
            (folder / name).mkdir()
        shutil.chown(folder / "data", "postfix")
        configuration = folder / "configuration"
        daemons = subprocess.run([require("postconf"), "-d", "-h", "daemon_directory"], check=True, capture_output=True, text=True)
        places = {"folder": folder, "commands": Path(program).parent, "daemons": daemons.stdout.strip()}
        main = _MAIN.format(**places, sink=sink, sasl=sasl, certificate=certificate, key=key)
        (configuration / "main.cf").write_text(main)
        (configuration / "master.cf").write_text(_MASTER.format(place=f"{HOST}:{port}"))
        # `start` returns when the master listens.
        subprocess.run([program, "-c", str(configuration), "start"], check=True, capture_output=True)
        try:
            yield port, certificate
        finally:
            subprocess.run([program, "-c", str(configuration), "stop"], check=False, capture_output=True)
