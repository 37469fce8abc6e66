"""The embedded mail world: a real SMTP server and a real IMAP server on loopback, in one thread and one event loop.

Nothing is kept: everything ends with the `with` block. It needs the extra `demo` (aiosmtpd and pymap) and is never a part of production.
"""

from __future__ import annotations

import asyncio
import threading
from argparse import Namespace
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from secrets import token_urlsafe
from types import SimpleNamespace, TracebackType
from typing import Any, Self, TypeVar

from reminder.edges.clock import SystemClock
from reminder.edges.ports import Clock
from reminder.errors import UsageFailure

try:
    from aiosmtpd.smtp import SMTP, Envelope, Session
    from proxyprotocol.sock import SocketInfoLocal
    from pymap.backend.dict import DictBackend
    from pymap.imap import IMAPServer
    from pymap.parsing.message import AppendMessage
except ImportError as missing:
    raise UsageFailure(
        "The embedded mail servers need the packages aiosmtpd and pymap.", advice="Install the extra: pip install 'reminder[demo]'."
    ) from missing

_HOST = "127.0.0.1"
_START_LIMIT = 20.0
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class SentMail:
    """One mail that the SMTP server took, in the order of its coming."""

    order: int
    sender: str
    recipient: str
    raw: bytes
    at: datetime


OnMail = Callable[[str, str, bytes], None]
"""Called with envelope sender, recipient and bytes, in a thread of its own, before the mail is answered with 250."""


class MailWorld:
    """`with MailWorld(...) as world:` runs both servers; `smtp_port` and `imap_port` are chosen by the kernel.

    `refuse` maps an address, lower case, to the (code, text) that RCPT is answered with. Mail to `own_address`, with or without a
    `+token`, is delivered into the INBOX as a real MTA would. The dates of such deliveries come from `clock`. Without a `password` one
    is made up. Every public method may be called from any thread, `deliver` also from within `on_mail`.
    """

    def __init__(
        self,
        *,
        user: str = "seuranta",
        password: str = "",
        own_address: str = "",
        refuse: Mapping[str, tuple[int, str]] | None = None,
        on_mail: OnMail | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.host, self.user, self.password = _HOST, user, password or token_urlsafe(12)
        self.smtp_port = self.imap_port = 0
        self.refuse: dict[str, tuple[int, str]] = dict(refuse or {})
        self._own_address = own_address.lower()
        self._on_mail = on_mail
        self._clock = clock or SystemClock()
        self._sent: list[SentMail] = []
        self._started = threading.Event()
        self._failure: BaseException | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._backend: Any = None
        self._thread = threading.Thread(target=self._run, name="mail-world", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._started.wait(_START_LIMIT) or self._failure is not None:
            raise UsageFailure(f"The embedded mail servers did not start: {self._failure}.") from self._failure
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._loop is not None and self._stop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(_START_LIMIT)

    @property
    def sent(self) -> tuple[SentMail, ...]:
        """Every mail that was taken so far, in order."""
        return tuple(self._sent)

    def deliver(self, raw: bytes, *, when: datetime, recipient: str = "", sender: str = "") -> None:
        """Puts a mail into the INBOX with `when` as its INTERNALDATE. With a recipient it gets the trace headers of a delivery."""
        head = f"Return-Path: <{sender}>\r\nDelivered-To: {recipient}\r\n".encode() if recipient else b""
        self._ask(self._append("INBOX", head + raw, when))

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except (OSError, RuntimeError) as error:
            self._failure = error
            self._started.set()

    async def _serve(self) -> None:
        """Starts both servers, then waits for the end; connections that are still open are cut."""
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        connections: set[asyncio.Task[Any]] = set()
        imap = await self._start_imap(connections)
        handler = SimpleNamespace(handle_RCPT=self._answer_rcpt, handle_DATA=self._answer_data)
        smtp = await self._loop.create_server(
            lambda: SMTP(handler, loop=self._loop, hostname="localhost", ident="sandbox", enable_SMTPUTF8=True), _HOST, 0
        )
        self.imap_port, self.smtp_port = (server.sockets[0].getsockname()[1] for server in (imap, smtp))
        self._started.set()
        await self._stop.wait()
        for server in (imap, smtp):
            server.close()
        for task in connections:
            task.cancel()
        await asyncio.gather(*connections, return_exceptions=True)

    async def _start_imap(self, connections: set[asyncio.Task[Any]]) -> asyncio.Server:
        arguments = Namespace(
            host=_HOST, port=0, debug=False, cert=None, key=None, tls=False, proxy_protocol=None, passlib_cfg=None, inherited_sockets=None,
            demo_data=False, demo_user=self.user, demo_password=self.password, skip_services=[],
        )  # fmt: skip
        self._backend, config = await DictBackend.init(arguments, secure_auth=False, invalid_user_sleep=0.0)
        config.apply_context()
        server = IMAPServer(self._backend.login, config)

        async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            # Not pymap's own callback: it keeps no reference to its task, which is then collected in mid-session.
            task = asyncio.current_task()
            if task is not None:
                connections.add(task)
                task.add_done_callback(connections.discard)
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                await server(reader, writer, SocketInfoLocal(writer))

        return await asyncio.start_server(converse, _HOST, 0)

    async def _append(self, folder: str, raw: bytes, when: datetime) -> None:
        identity = await self._backend.login.authorize(self._backend.login.demo_user_identity, self.user)
        async with identity.new_session() as session:
            await session.append_messages(folder, [AppendMessage(raw, when.astimezone(UTC), frozenset())])

    async def _answer_rcpt(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        refused = self.refuse.get(address.lower())
        if refused is not None:
            return f"{refused[0]} {refused[1]}"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def _answer_data(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        raw = envelope.content if isinstance(envelope.content, bytes) else b""
        for recipient in envelope.rcpt_tos:
            await self._take(envelope.mail_from or "", recipient, raw)
        return "250 OK"

    async def _take(self, sender: str, recipient: str, raw: bytes) -> None:
        """Records a mail, delivers it where it is ours, and tells `on_mail`."""
        now = self._clock.now()
        self._sent.append(SentMail(order=len(self._sent) + 1, sender=sender, recipient=recipient, raw=raw, at=now))
        if self._is_own(recipient):
            head = f"Return-Path: <{sender}>\r\nDelivered-To: {recipient}\r\n".encode()
            await self._append("INBOX", head + raw, now)
        if self._on_mail is not None:
            await asyncio.to_thread(self._on_mail, sender, recipient, raw)

    def _is_own(self, recipient: str) -> bool:
        local, _, domain = recipient.lower().rpartition("@")
        return bool(self._own_address) and f"{local.partition('+')[0]}@{domain}" == self._own_address

    def _ask(self, work: Coroutine[Any, Any, _Result]) -> _Result:
        if self._loop is None:
            work.close()
            raise UsageFailure("The embedded mail servers are not running.")
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(_START_LIMIT)
