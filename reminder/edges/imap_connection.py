"""One IMAP connection: imap-tools for login and folders, our own commands where its own have lost other people's mail.

Everything goes by UID. Nothing here sends EXPUNGE, for that would destroy what another client has marked as deleted, and nothing sets a
flag that anybody reads. Errors of `imaplib`, imap-tools and the socket pass as they are (`WIRE_ERRORS`); after any of them the
connection is not to be used again.
"""

from __future__ import annotations

import imaplib
import re
import select
import socket
import ssl
import weakref
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime
from io import BufferedReader
from pathlib import Path
from time import monotonic
from typing import Literal

from imap_tools import BaseMailBox, ImapToolsError
from imap_tools.errors import MailboxFolderCreateError, MailboxFolderSelectError
from imap_tools.utils import encode_folder

from reminder.edges.https import make_context
from reminder.edges.imap_items import FetchItem, read_items, uid_set
from reminder.edges.oauth import choose_mechanism, first_answer, last_answer
from reminder.edges.tls_words import INJECTED, NOT_OFFERED

Security = Literal["tls", "starttls", "none"]

WIRE_ERRORS = (imaplib.IMAP4.error, ImapToolsError, OSError, UnicodeError)
"""What a broken connection, or a server that says no, raises."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LITERAL_LIMIT = 26_214_400 + 1_048_576
_MOVE_AT_ONCE = 500
_WORDLESS = re.compile(rb"\A([A-Z]+\d+ (?:OK|NO|BAD))\r\n\Z")


class LoginRefused(ImapToolsError):
    """The server is there and does not let us in."""


class FolderMissing(ImapToolsError):
    """The folder cannot be selected."""


class MoveRefused(ImapToolsError):
    """The server answers MOVE or COPY with NO, or can neither."""


class _Bounded(imaplib.IMAP4):
    """`imaplib` with two of its traps closed."""

    def readline(self) -> bytes:
        # A tagged answer needs no words to be understood; `imaplib` would end the connection.
        return _WORDLESS.sub(rb"\1 \r\n", super().readline())

    def read(self, size: int) -> bytes:
        # A literal beyond all limits is not believed: its memory would be reserved first.
        if size > _LITERAL_LIMIT:
            raise self.abort(f"the server announces {size} bytes")
        return super().read(size)

    def hide(self, context: ssl.SSLContext | None) -> None:
        """STARTTLS, which is never stripped. Raises where it is not offered, where it is refused, and where bytes came in clear behind the
        answer: `imaplib` forgets those, and they are a sign of somebody in between (CVE-2011-0411)."""
        if "STARTTLS" not in self.capabilities:
            raise self.abort(f"the server {NOT_OFFERED.format(setting='REMINDER_IMAP')}")
        if self.state != "NONAUTH":
            # Whoever greets with PREAUTH wants us to go on in clear (RFC 3501, 6.2.1).
            raise self.abort(INJECTED)
        before = self.file
        try:
            self.starttls(context)
        except self.abort:
            raise
        except self.error as error:
            raise self.abort(
                "the server offers STARTTLS and refuses it; look at its settings, or set REMINDER_IMAP_SECURITY=tls"
            ) from error
        except OSError as error:
            if _holds_more(before):
                raise self.abort(INJECTED) from error
            raise
        if _holds_more(before):
            raise self.abort(INJECTED)


def _holds_more(file: object) -> bool:
    """Whether bytes were read from a socket that nobody has asked for yet; its own end does not matter any more."""
    with suppress(OSError, ValueError):
        return isinstance(file, BufferedReader) and bool(file.peek(1))
    return False


class _BoundedTls(_Bounded, imaplib.IMAP4_SSL):
    pass


class _MailBox(BaseMailBox):
    """imap-tools with a client of ours: always a timeout, and certificates always verified (`imaplib` verifies nothing by itself)."""

    client: imaplib.IMAP4

    def __init__(self, *, host: str, port: int, security: Security, context: ssl.SSLContext | None, timeout: float) -> None:
        self._address, self._security, self._context, self._timeout = (host, port), security, context, timeout
        super().__init__()

    def _get_mailbox_client(self) -> imaplib.IMAP4:
        host, port = self._address
        if self._security == "tls":
            return _BoundedTls(host, port, ssl_context=self._context, timeout=self._timeout)
        client = _Bounded(host, port, timeout=self._timeout)
        if self._security == "starttls":
            try:
                client.hide(self._context)
            except WIRE_ERRORS:
                with suppress(OSError):
                    client.shutdown()
                raise
        return client


class _Answers:
    """What is said in a login by token: the token, and then, to the details of a failure, the end."""

    def __init__(self, first: str, last: str) -> None:
        self._first: str | None = first
        self._last = last

    def take(self, challenge: bytes) -> bytes:
        """The next answer; what the challenge says is not needed, for the refusal follows."""
        answer, self._first = self._last if self._first is None else self._first, None
        return answer.encode("ascii")


class Waker:
    """Ends a wait from another thread or from a signal handler. Waking is remembered until the next wait."""

    def __init__(self) -> None:
        self._receiver, self._sender = socket.socketpair()
        self._receiver.setblocking(False)
        self._sender.setblocking(False)
        weakref.finalize(self, _close_all, self._receiver, self._sender)

    def wake(self) -> None:
        """Lets the current wait, or else the next, return at once."""
        # Where it would block, so many wakings are waiting that one more says nothing.
        with suppress(BlockingIOError):
            self._sender.send(b"!")

    def wait(self, seconds: float, *others: socket.socket) -> bool:
        """Waits for waking or for input on the others, at most so long. True where it was woken."""
        ready, _, _ = select.select([self._receiver, *others], [], [], max(0.0, seconds))
        if self._receiver not in ready:
            return False
        self._receiver.recv(4096)
        return True


def _close_all(*socks: socket.socket) -> None:
    for sock in socks:
        sock.close()


class ImapConnection:
    """A logged-in session. `folder` is the one selected, with its `uidvalidity`."""

    def __init__(
        self,
        *,
        host: str,
        port: int,
        security: Security,
        user: str,
        password: str,
        ca_file: Path | None,
        timeout: float,
        token: str | None = None,
    ) -> None:
        context = None if security == "none" else make_context(ca_file)
        self._mailbox = _MailBox(host=host, port=port, security=security, context=context, timeout=timeout)
        self._client = self._mailbox.client
        self._timeout = timeout
        self.folder = ""
        self.uidvalidity = 0
        self._counts: dict[str, int] = {}
        try:
            if token is None:
                self._log_in(user, password)
            else:
                self._log_in_by_token(user, token)
            self.capabilities = self._ask_capabilities()
        except WIRE_ERRORS:
            self.close()
            raise

    @property
    def is_encrypted(self) -> bool:
        """Whether what is said now is hidden from the network."""
        return isinstance(self._client.sock, ssl.SSLSocket)

    def close(self) -> None:
        """Ends the connection without a word: LOGOUT on a broken one would hide the first error."""
        with suppress(*WIRE_ERRORS):
            self._client.shutdown()

    def select(self, folder: str, *, read_only: bool = False) -> int:
        """Selects the folder anew and returns its UIDVALIDITY."""
        self.folder = ""
        try:
            self._mailbox.folder.set(folder, readonly=read_only)
        except MailboxFolderSelectError as error:
            raise FolderMissing(f"the folder {folder} cannot be selected") from error
        _, values = self._client.response("UIDVALIDITY")
        said = values[-1] if values else None
        if not isinstance(said, bytes) or not said.isdigit():
            raise ImapToolsError(f"the server gives no UIDVALIDITY for {folder}")
        self.folder, self.uidvalidity = folder, int(said)
        return self.uidvalidity

    def enter(self, folder: str) -> int:
        """The UIDVALIDITY of the folder, which is selected unless it is already; it cannot change while it is (RFC 3501, 2.3.1.1)."""
        return self.uidvalidity if self.folder == folder else self.select(folder)

    def search_all(self) -> tuple[str, ...]:
        """The UIDs of the selected folder. NOOP first: without it a server need not show what has just come."""
        self._client.noop()
        # Popped before the search: what comes in with it is news for the next wait.
        self._pop("EXISTS")
        self._pop("EXPUNGE")
        found = self._search("ALL")
        self._counts[self.folder] = len(found)
        return found

    def search_since(self, since: datetime) -> tuple[str, ...]:
        """The UIDs of those that the server received on the day of this instant or later (RFC 3501, SINCE: whole days, its own zone)."""
        return self._search("SINCE", f"{since.day}-{_MONTHS[since.month - 1]}-{since.year}")

    def search_before(self, day: date) -> tuple[str, ...]:
        """The UIDs of those that the server received before this day (RFC 3501, BEFORE: without time and zone)."""
        return self._search("BEFORE", f"{day.day}-{_MONTHS[day.month - 1]}-{day.year}")

    def _search(self, *criteria: str) -> tuple[str, ...]:
        typ, data = self._client.uid("SEARCH", *criteria)
        self._expect_ok(typ, data, "UID SEARCH")
        return tuple(str(uid) for uid in sorted(_numbers(data)))

    def fetch(self, uids: Sequence[str], what: str) -> tuple[FetchItem, ...]:
        """UID FETCH; the answer may lack mails that are gone, and hold items that nobody asked for."""
        self._pop("FETCH")
        typ, data = self._client.uid("FETCH", uid_set(uids), what)
        if typ == "NO":
            # Another client has expunged some of them (RFC 2180, 4.1.2): what did come is still there.
            return read_items(self._pop("FETCH"))
        self._expect_ok(typ, data, "UID FETCH")
        return read_items(data)

    def move(self, uids: Sequence[str], target: str) -> None:
        """UID MOVE (RFC 6851), else COPY, mark and UID EXPUNGE of exactly these (RFC 4315); by 500. See `can_move`."""
        for start in range(0, len(uids), _MOVE_AT_ONCE):
            batch = uids[start : start + _MOVE_AT_ONCE]
            if "MOVE" in self.capabilities:
                self._into(target, "MOVE", batch)
            elif copied := self._into(target, "COPY", batch):
                self._act("STORE", uid_set(copied), "+FLAGS.SILENT", r"(\Deleted)")
                self._act("EXPUNGE", uid_set(copied))

    def delete(self, uids: Sequence[str]) -> None:
        """Marks mails as deleted and expunges exactly these (RFC 4315). See `can_delete`."""
        for start in range(0, len(uids), _MOVE_AT_ONCE):
            if there := self._still_there(uids[start : start + _MOVE_AT_ONCE]):
                self._act("STORE", uid_set(there), "+FLAGS.SILENT", r"(\Deleted)")
                self._act("EXPUNGE", uid_set(there))

    @property
    def can_delete(self) -> bool:
        """Whether single mails can be expunged."""
        return "UIDPLUS" in self.capabilities

    @property
    def can_move(self) -> bool:
        """Whether mails can be moved without an EXPUNGE that hits others'."""
        return bool(self.capabilities & {"MOVE", "UIDPLUS"})

    @property
    def can_idle(self) -> bool:
        """Whether the server tells of new mail by itself (RFC 2177)."""
        return "IDLE" in self.capabilities

    def has_folder(self, folder: str) -> bool:
        """Whether the folder exists."""
        return self._mailbox.folder.exists(folder)

    def idle(self, seconds: float, waker: Waker) -> None:
        """Waits for the server to say anything, or for the waker, at most so long. A hint; see the traps in the comments."""
        ends_at = monotonic() + seconds
        # What came between the last search and now is not announced in IDLE by every server.
        self._client.noop()
        if self._has_news():
            return
        tag = self._client._command("IDLE")
        # An `EXISTS` may come before the `+`; None is the continuation.
        while self._client._get_response() is not None:
            if self._client.tagged_commands[tag] is not None:
                raise ImapToolsError(f"IDLE was refused: {self._client._get_tagged_response(tag)}")
        if not self._client.untagged_responses.get("EXISTS"):
            self._wait_for_input(ends_at, waker)
        self._client.send(b"DONE\r\n")
        typ, data = self._client._get_tagged_response(tag)
        self._expect_ok(typ, data, "IDLE")
        # What came is told by returning; the next wait is for more.
        self._has_news()

    def _has_news(self) -> bool:
        """Whether the folder holds another number of mails than was last known, as far as the server has said. Asked for the first
        time, it does: nobody has looked yet."""
        known = self._counts.get(self.folder)
        expected = (known or 0) - len(self._pop("EXPUNGE"))
        said = self._pop("EXISTS")
        newest = said[-1] if said else None
        self._counts[self.folder] = int(newest) if isinstance(newest, bytes) and newest.isdigit() else expected
        return known is None or self._counts[self.folder] != expected

    def _wait_for_input(self, ends_at: float, waker: Waker) -> None:
        """Nothing is read here but into the buffer: a line that was read half would end the session."""
        while not self._has_input():
            left = ends_at - monotonic()
            if left <= 0 or waker.wait(left, self._client.sock):
                return
            if not isinstance(self._client.sock, ssl.SSLSocket):
                return

    def _has_input(self) -> bool:
        """Whether the buffer holds anything: data that came in one piece with the `+` does not wake `select`."""
        sock = self._client.sock
        sock.settimeout(0)
        try:
            buffer = self._client.file
            seen = buffer.peek(1) if isinstance(buffer, BufferedReader) else b""
            # TLS tells "nothing yet" by an exception, so that no bytes without one are the end; DONE will find out.
            return bool(seen) or isinstance(sock, ssl.SSLSocket)
        except (BlockingIOError, ssl.SSLWantReadError):
            return False
        finally:
            sock.settimeout(self._timeout)

    def _log_in(self, user: str, password: str) -> None:
        try:
            if user.isascii() and password.isascii():
                self._mailbox.login(user, password, initial_folder=None)
            else:
                # LOGIN of imaplib is ASCII only; SASL PLAIN is UTF-8 (RFC 4616).
                self._mailbox.login_utf8(user, password, initial_folder=None)
        except imaplib.IMAP4.abort:
            raise
        except (imaplib.IMAP4.error, ImapToolsError) as error:
            raise LoginRefused(str(error)) from error

    def _log_in_by_token(self, user: str, token: str) -> None:
        """AUTHENTICATE, with the token at once where the server allows it (SASL-IR, RFC 4959)."""
        offered = {name.removeprefix("AUTH=") for name in self._client.capabilities if name.startswith("AUTH=")}
        mechanism = choose_mechanism(frozenset(offered))
        if not mechanism:
            raise LoginRefused(f"it does not offer to log in by OAuth2 (it offers: {' '.join(sorted(offered)) or 'none'})")
        answers = _Answers(first_answer(mechanism, user, token), last_answer(mechanism))
        at_once = (answers.take(b"").decode("ascii"),) if "SASL-IR" in self._client.capabilities else ()
        try:
            # `imaplib.authenticate` knows no initial response; a function in place of the literal answers what the server asks.
            self._client.__dict__["literal"] = answers.take
            typ, data = self._client._simple_command("AUTHENTICATE", mechanism, *at_once)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            raise LoginRefused(str(error)) from error
        if typ != "OK":
            said = data[-1].decode("utf-8", errors="replace") if data and isinstance(data[-1], bytes) else typ
            raise LoginRefused(said)
        self._client.state = "AUTH"

    def _ask_capabilities(self) -> frozenset[str]:
        """What the server can do now. `imaplib` remembers what it could before login, when Dovecot keeps MOVE and UIDPLUS to itself."""
        typ, data = self._client.capability()
        self._expect_ok(typ, data, "CAPABILITY")
        said = data[-1].decode("ascii", errors="replace") if isinstance(data[-1], bytes) else ""
        capabilities = tuple(said.upper().split())
        self._client.capabilities = capabilities
        return frozenset(capabilities)

    def _into(self, target: str, command: str, uids: Sequence[str]) -> Sequence[str]:
        """MOVE or COPY; returns those that it was done for. After a NO a missing target is made (RFC 3501, 7.1: TRYCREATE), and mails
        that another client has expunged are left out: Dovecot moves none where one of them is gone (RFC 5530: EXPUNGEISSUED)."""
        name = encode_folder(target).decode("ascii")
        typ, data = self._client.uid(command, uid_set(uids), name)
        if typ == "NO":
            if not self.has_folder(target):
                self._create(target)
            uids = self._still_there(uids)
            if not uids:
                return ()
            typ, data = self._client.uid(command, uid_set(uids), name)
        if typ == "NO":
            said = data[-1].decode("utf-8", errors="replace") if data and isinstance(data[-1], bytes) else "NO"
            raise MoveRefused(f"mails cannot be moved to {target}: {said}")
        self._expect_ok(typ, data, f"UID {command}")
        return uids

    def _create(self, folder: str) -> None:
        try:
            self._mailbox.folder.create(folder)
        except MailboxFolderCreateError as error:
            raise MoveRefused(f"the folder {folder} is missing and cannot be made") from error

    def _still_there(self, uids: Sequence[str]) -> Sequence[str]:
        self._client.noop()
        typ, data = self._client.uid("SEARCH", "UID", uid_set(uids))
        self._expect_ok(typ, data, "UID SEARCH")
        there = _numbers(data)
        return tuple(uid for uid in uids if int(uid) in there)

    def _act(self, command: str, batch: str, *arguments: str) -> None:
        typ, data = self._client.uid(command, batch, *arguments)
        self._expect_ok(typ, data, f"UID {command}")

    def _pop(self, name: str) -> list[object]:
        return list(self._client.untagged_responses.pop(name, []))

    @staticmethod
    def _expect_ok(typ: str, data: object, command: str) -> None:
        if typ != "OK":
            raise ImapToolsError(f"{command} was answered with {typ} {data}")


def _numbers(data: Iterable[object]) -> set[int]:
    """What a SEARCH found; some servers spread it over several lines."""
    return {int(word) for line in data if isinstance(line, bytes) for word in line.split() if word.isdigit()}
