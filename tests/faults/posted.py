"""A town whose replies go through a real Dovecot."""

from __future__ import annotations

import shutil
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from reminder.domain.messages import MailKind
from reminder.edges.imap import ImapSource
from reminder.flows.collect import Collected, collect
from reminder.flows.interpret import interpret_pending
from reminder.service.health import measure_health
from reminder.store import inbox
from reminder.store.inbox import InboundRow
from tests.flows.town import Town
from tests.real_parts import HOST, Dovecot


def open_source(server: Dovecot, *, port: int = 0, junk: str = "", folder: str = "INBOX", password: str = "") -> ImapSource:
    """The mailbox, as the service reads it."""
    return ImapSource(
        host=HOST,
        port=port or server.imap_port,
        security="none",
        user=server.user,
        password=password or server.password,
        junk=junk,
        folder=folder,
        timeout=20,
    )


@dataclass(slots=True)
class Posted:
    """A town, its Dovecot, and what can be done to both."""

    town: Town
    server: Dovecot

    def reply(self, recipient: str, body: str) -> bytes:
        """A reply lies in the inbox."""
        raw = self.town.write_reply(self.town.original(recipient), body)
        self.server.append(raw, when=self.town.clock.now())
        return raw

    def use(self, source: ImapSource) -> None:
        """Reads through this from now on."""
        if self.town.house.source is not None:
            self.town.house.source.close()
        self.town.house = replace(self.town.house, source=source)

    def poll(self, *, later: timedelta = timedelta(seconds=1)) -> Collected:
        """One pass, a little later: fetch and read."""
        self.town.clock.advance(later)
        done = collect(self.town.house)
        interpret_pending(self.town.house)
        return done

    def rows(self) -> list[InboundRow]:
        """What was kept, oldest first."""
        with self.town.house.store.read() as conn:
            return list(reversed(inbox.list_inbound(conn, limit=1000)))

    def red(self) -> str:
        """What is red, in one line."""
        return "; ".join(measure_health(self.town.house).red)

    def count(self, kind: MailKind) -> int:
        """How many mails of a kind were written."""
        return len(self.town.rows(kind))

    def own(self, path: Path) -> None:
        """What we made in the Maildir belongs to its owner."""
        status = self.server.maildir.stat()
        shutil.chown(path, status.st_uid, status.st_gid)


class CuttingProxy:
    """Stands before a server and cuts the first connection when so many bytes have come from it."""

    def __init__(self, port: int, *, after: int) -> None:
        self._target, self._left = port, after
        self._listener = socket.create_server((HOST, 0))
        self.port = int(self._listener.getsockname()[1])
        self.cuts = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                ours, _ = self._listener.accept()
            except OSError:
                return
            theirs = socket.create_connection((HOST, self._target))
            for source, target, is_answer in ((ours, theirs, False), (theirs, ours, True)):
                threading.Thread(target=self._pump, args=(source, target, is_answer), daemon=True).start()

    def _pump(self, source: socket.socket, target: socket.socket, is_answer: bool) -> None:
        with suppress(OSError):
            while data := source.recv(4096):
                if is_answer and not self.cuts:
                    self._left -= len(data)
                    if self._left < 0:
                        self.cuts += 1
                        break
                target.sendall(data)
        for sock in (source, target):
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
