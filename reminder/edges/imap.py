"""The way in over IMAP: reads marks nothing, moves only what is kept, and treats every broken connection as gone.

`scan` is the truth, `wait` a hint. A mail is handed out under the UID that its own FETCH item carries, or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from reminder.domain.readings import InboundMail
from reminder.edges.hushing import hush
from reminder.edges.imap_connection import (
    WIRE_ERRORS,
    FolderMissing,
    ImapConnection,
    LoginRefused,
    MoveRefused,
    Security,
    Waker,
)
from reminder.edges.imap_items import FetchItem
from reminder.edges.oauth import AccessTokens, TokenTrouble
from reminder.edges.ports import FolderScan
from reminder.edges.tls_words import explain_tls
from reminder.errors import FolderAway, LoginFailure, MailboxFailure, MoveFailure, TemporaryFailure

WHOLE_LIMIT = 26_214_400
"""25 MB: a larger mail is not fetched whole."""
BEGINNING = 524_288
"""What is fetched of a larger one: room for 256 kB of headers and 256 kB of the first text part."""
NO_DATE = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands for an INTERNALDATE that the server did not give; such a mail has the mark `undated`."""

_WINDOW = 50
_WINDOW_BYTES = 16_777_216
_IDLE_LIMIT = 60.0
_HEAD = "(UID RFC822.SIZE INTERNALDATE)"
_BODY = "(UID BODY.PEEK[])"
_HEADERS = "(UID BODY.PEEK[HEADER])"
STRIKES = 4
"""One for a connection that was lost over a batch, the others for those lost over the mail alone. Then only its headers are fetched, and
it has the mark `unfetchable`."""


class ImapSource:
    """`ports.MailSource` over IMAP. One connection, kept; for one thread, but `wake` may come from any.

    `junk` is only read. `security="starttls"` is never stripped and certificates are always verified, against the system's
    authorities and those in `ca_file`. With `tokens` the login is by OAuth2.
    `timeout` is seconds for each wait on the server. Whatever goes wrong drops the connection and
    raises TemporaryFailure; the next call connects anew.
    """

    def __init__(
        self,
        *,
        host: str,
        port: int,
        security: Security,
        user: str,
        password: str,
        tokens: AccessTokens | None = None,
        folder: str = "INBOX",
        processed: str = "Processed",
        junk: str = "",
        ca_file: Path | None = None,
        timeout: float = 60.0,
    ) -> None:
        self._host, self._port, self._security = host, port, security
        self._user, self._password, self._ca_file, self._timeout = user, password, ca_file, timeout
        self._tokens = tokens
        self._folder, self._processed, self._junk = folder, processed, junk
        self._connection: ImapConnection | None = None
        self._strikes: dict[tuple[str, int, str], int] = {}
        """Of the mails over which a connection was lost. They are asked for last, and each alone."""
        self._waker = Waker()

    @property
    def account(self) -> str:
        """User and host; the port is left out, for it may change while the mailbox stays."""
        return f"{self._user}@{self._host}"

    def scan(self) -> Sequence[FolderScan]:
        """The inbox, and the junk folder where one is set. The inbox is selected last, so that `wait` waits on it.

        A folder that is missing does not keep the other from being read."""
        with self._talking() as connection:
            junk = (_scan_or_miss(connection, self._junk),) if self._junk else ()
            return (_scan_or_miss(connection, self._folder), *junk)

    def scan_processed(self, since: datetime | None = None) -> Sequence[FolderScan]:
        """The folder of processed mails, which is read again after an older copy of the database was restored."""
        with self._talking() as connection:
            return self._scan_if_there(connection, self._processed, since)

    def find_before(self, scan: FolderScan, day: date) -> frozenset[str]:
        """By SEARCH BEFORE; nothing where the folder has a new UIDVALIDITY meanwhile."""
        with self._talking() as connection:
            if connection.enter(scan.folder) != scan.uidvalidity:
                return frozenset()
            return frozenset(connection.search_before(day)) & frozenset(scan.uids)

    def fetch(self, scan: FolderScan, uids: Iterable[str]) -> Iterator[InboundMail]:
        """In windows of 50 mails or 16 MB, which is eight times as fast as one by one; see `ports.MailSource`.

        Where the folder has a new UIDVALIDITY none of the mails exists any more, and nothing comes.
        """
        wanted = tuple(dict.fromkeys(uids))
        for start in range(0, len(wanted), _WINDOW):
            heads = self._fetch_heads(scan, wanted[start : start + _WINDOW])
            for batch in _batches({uid: head for uid, head in heads.items() if not self._strikes_of(scan, uid)}):
                yield from self._fetch_or_strike(scan, batch)
        yield from self._fetch_suspects(scan, [uid for uid in wanted if self._strikes_of(scan, uid)])

    def move_processed(self, scan: FolderScan, uids: Sequence[str]) -> None:
        """Into the processed folder, which is made where it is missing. A server with neither MOVE nor UIDPLUS keeps its mails where
        they are, and MoveFailure says so: copying without a safe expunge would copy them again at every poll."""
        if not uids:
            return
        with self._talking() as connection:
            if not connection.can_move:
                raise MoveFailure(f"The mail server {self._host} offers neither MOVE nor UIDPLUS, so mails stay in {scan.folder}.")
            try:
                if connection.enter(scan.folder) == scan.uidvalidity:
                    connection.move(uids, self._processed)
            except MoveRefused as error:
                raise MoveFailure(f"{error}.", advice="See `reminder check --connect`.") from error

    def delete(self, scan: FolderScan, uids: Sequence[str]) -> None:
        """Marks them as deleted and expunges exactly these, in the folder where they lie. A server without UIDPLUS keeps its mails, and
        MoveFailure says so: a bare EXPUNGE would delete what others have marked."""
        if not uids:
            return
        with self._talking() as connection:
            if not connection.can_delete:
                raise MoveFailure(f"The mail server {self._host} does not offer UIDPLUS, so mails cannot be deleted in {scan.folder}.")
            if connection.enter(scan.folder) == scan.uidvalidity:
                connection.delete(uids)

    def wait(self, seconds: float) -> None:
        """IDLE for at most 60 s (RFC 2177), or just waiting where the server has no IDLE. A new connection returns at once, for
        something may have arrived before it. Raises TemporaryFailure, as a wait on a dead connection would hear nothing."""
        with self._talking() as connection:
            if connection.can_idle:
                connection.enter(self._folder)
                connection.idle(min(seconds, _IDLE_LIMIT), self._waker)
                return
        self._waker.wait(seconds)

    def wake(self) -> None:
        """Ends the wait that is going on, or the next one. Safe in threads and signal handlers."""
        self._waker.wake()

    def check(self) -> tuple[str, ...]:
        """Connects, logs in and looks, changes nothing, and tells what it found. Raises TemporaryFailure in plain words."""
        self.close()
        try:
            with self._talking() as connection:
                return self._describe(connection)
        finally:
            self.close()

    def close(self) -> None:
        """Ends the connection, if there is one."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _describe(self, connection: ImapConnection) -> tuple[str, ...]:
        hidden = "encrypted, certificate verified" if connection.is_encrypted else "not encrypted"
        connection.select(self._folder, read_only=True)
        mails = len(connection.search_all())
        there = "exists" if connection.has_folder(self._processed) else "will be made"
        lines = [
            f"connected to {self._host}:{self._port}, {hidden}, logged in as {self._user}",
            f"folder {self._folder}: {mails} mails",
            f"folder {self._processed}: {there}",
        ]
        if self._junk:
            lines.append(f"folder {self._junk}: {'exists' if connection.has_folder(self._junk) else 'is missing, so it is not read'}")
        seen = ", ".join(sorted(connection.capabilities & {"MOVE", "UIDPLUS", "IDLE"})) or "none of MOVE, UIDPLUS, IDLE"
        lines.append(f"the server offers: {seen}")
        if not connection.can_move:
            lines.append("mails stay in the inbox: the server cannot move them safely")
        return tuple(lines)

    def _scan_if_there(self, connection: ImapConnection, folder: str, since: datetime | None = None) -> tuple[FolderScan, ...]:
        """A folder beside the inbox may be missing; that must not stop the inbox."""
        try:
            return (_scan(connection, folder, since),)
        except FolderMissing:
            return ()

    def _fetch_heads(self, scan: FolderScan, uids: Sequence[str]) -> dict[str, FetchItem]:
        """Size and date of those mails that are still there, by UID, in the order asked for."""
        with self._talking() as connection:
            if connection.enter(scan.folder) != scan.uidvalidity:
                return {}
            found = {item.uid: item for item in connection.fetch(uids, _HEAD) if item.size is not None}
            return {uid: found[uid] for uid in uids if uid in found}

    def _strikes_of(self, scan: FolderScan, uid: str) -> int:
        return self._strikes.get((scan.folder, scan.uidvalidity, uid), 0)

    def _fetch_suspects(self, scan: FolderScan, uids: Sequence[str]) -> Iterator[InboundMail]:
        """Each alone, those with few strikes first. One that breaks the connection again does not keep the next from coming; after two
        in a row it may well be the server."""
        broken: TemporaryFailure | None = None
        in_a_row = 0
        for uid in sorted(uids, key=lambda uid: self._strikes_of(scan, uid)):
            heads = self._fetch_heads(scan, (uid,))
            try:
                yield from self._fetch_or_strike(scan, heads) if heads else ()
                in_a_row = 0
            except TemporaryFailure as failure:
                broken, in_a_row = failure, in_a_row + 1
                if in_a_row > 1:
                    break
        if broken is not None:
            raise broken

    def _fetch_or_strike(self, scan: FolderScan, heads: dict[str, FetchItem]) -> tuple[InboundMail, ...]:
        """As `_fetch_batch`; a connection that is lost meanwhile counts against each mail of the batch (fault M12)."""
        try:
            return self._fetch_batch(scan, heads)
        except TemporaryFailure:
            is_alone = len(heads) == 1
            for uid in heads:
                self._strikes[scan.folder, scan.uidvalidity, uid] = (self._strikes_of(scan, uid) + 1) if is_alone else 1
            raise

    def _fetch_batch(self, scan: FolderScan, heads: dict[str, FetchItem]) -> tuple[InboundMail, ...]:
        """The mails of one batch. What did not come beyond doubt in the window is asked for once more, alone."""
        with self._talking() as connection:
            if connection.enter(scan.folder) != scan.uidvalidity:
                return ()
            if len(heads) == 1 and self._strikes_of(scan, next(iter(heads))) >= STRIKES:
                return self._fetch_headers(connection, scan, heads)
            whole = [uid for uid, head in heads.items() if not _is_oversize(head)]
            bodies = _pair(connection.fetch(whole, _BODY)) if whole else {}
            for uid, head in heads.items():
                if uid not in bodies:
                    bodies[uid] = _fetch_one(connection, uid, _is_oversize(head))
            mails = ((heads[uid], body) for uid, body in ((uid, bodies[uid]) for uid in heads) if body is not None)
            return tuple(self._make_mail(scan, head, body) for head, body in mails)

    def _fetch_headers(self, connection: ImapConnection, scan: FolderScan, heads: dict[str, FetchItem]) -> tuple[InboundMail, ...]:
        """What can be had of a mail that breaks the connection."""
        ((uid, head),) = heads.items()
        bodies = [item.body for item in connection.fetch((uid,), _HEADERS) if item.body is not None and item.uid in {uid, None}]
        return tuple(self._make_mail(scan, head, body, "unfetchable") for body in bodies[:1])

    def _make_mail(self, scan: FolderScan, head: FetchItem, body: bytes, *others: str) -> InboundMail:
        is_oversize = _is_oversize(head)
        marks = ("oversize",) * is_oversize + ("undated",) * (head.internal_date is None) + others
        return InboundMail(
            account=self.account,
            folder=scan.folder,
            uidvalidity=scan.uidvalidity,
            uid=head.uid or "",
            raw=body,
            internal_date=head.internal_date or NO_DATE,
            size=(head.size or 0) if is_oversize else len(body),
            marks=marks,
        )

    @contextmanager
    def _talking(self) -> Iterator[ImapConnection]:
        """The connection, made where there is none. Any error on it ends it."""
        try:
            if self._connection is None:
                self._connection = self._connect()
            yield self._connection
        except LoginRefused as error:
            self.close()
            advice = "Check REMINDER_IMAP_USER and REMINDER_IMAP_PASSWORD."
            if self._tokens is not None:
                advice = "Check REMINDER_IMAP_USER, and that the application may open this mailbox."
            said = hush(str(error), self._user, self._password)
            raise LoginFailure(f"The mail server {self._host} refused the login of {self._user}: {said}", advice=advice) from error
        except TokenTrouble as trouble:
            # A mailbox that there is no token for is a mailbox in trouble, and left alone as such.
            self.close()
            kind = LoginFailure if trouble.is_refused else MailboxFailure
            raise kind(trouble.message, advice=trouble.advice) from trouble
        except FolderMissing as error:
            # The server has answered, so the connection is in step.
            raise FolderAway(f"In the mailbox {self.account} {error}.", advice="Check REMINDER_IMAP_FOLDER.") from error
        except MoveFailure:
            raise
        except WIRE_ERRORS as error:
            self.close()
            told = explain_tls(error, self._host, "REMINDER_IMAP") or str(error)
            text = f"The mailbox {self.account} (port {self._port}) cannot be used just now: {told}"
            raise MailboxFailure(text, advice="It is tried again; see `reminder check --connect`.") from error
        except BaseException:
            # Interrupted in mid-command, the connection is out of step.
            self.close()
            raise

    def _connect(self) -> ImapConnection:
        """A token that is not taken is replaced once: it may have been withdrawn before its end."""
        try:
            return self._open()
        except LoginRefused:
            if self._tokens is None:
                raise
            self._tokens.forget()
            return self._open()

    def _open(self) -> ImapConnection:
        return ImapConnection(
            host=self._host,
            port=self._port,
            security=self._security,
            user=self._user,
            password=self._password,
            ca_file=self._ca_file,
            timeout=self._timeout,
            token=self._tokens.token() if self._tokens else None,
        )


def _scan(connection: ImapConnection, folder: str, since: datetime | None = None) -> FolderScan:
    uidvalidity = connection.select(folder)
    uids = connection.search_all() if since is None else connection.search_since(since)
    return FolderScan(folder=folder, uidvalidity=uidvalidity, uids=uids)


def _scan_or_miss(connection: ImapConnection, folder: str) -> FolderScan:
    try:
        return _scan(connection, folder)
    except FolderMissing:
        return FolderScan(folder=folder, uidvalidity=0, uids=(), is_missing=True)


def _is_oversize(head: FetchItem) -> bool:
    return (head.size or 0) > WHOLE_LIMIT


def _batches(heads: dict[str, FetchItem]) -> Iterator[dict[str, FetchItem]]:
    """Batches of at most 16 MB; a mail larger than that is a batch of its own."""
    batch: dict[str, FetchItem] = {}
    total = 0
    for uid, head in heads.items():
        size = min(head.size or 0, WHOLE_LIMIT)
        if batch and total + size > _WINDOW_BYTES:
            yield batch
            batch, total = {}, 0
        batch[uid] = head
        total += size
    if batch:
        yield batch


def _pair(items: Iterable[FetchItem]) -> dict[str, bytes | None]:
    """Bodies by the UID that each item itself carries. Where one UID comes with two bodies, neither is believed."""
    bodies: dict[str, bytes | None] = {}
    doubtful: set[str] = set()
    for item in items:
        if item.uid is None or item.body is None:
            continue
        if item.uid in bodies and bodies[item.uid] != item.body:
            doubtful.add(item.uid)
        bodies[item.uid] = item.body
    return {uid: body for uid, body in bodies.items() if uid not in doubtful}


def _fetch_one(connection: ImapConnection, uid: str, is_oversize: bool) -> bytes | None:
    """One mail alone: the only body that comes, unless it says that it is another's. None where it is gone."""
    what = f"(UID BODY.PEEK[]<0.{BEGINNING}>)" if is_oversize else _BODY
    bodies = [item for item in connection.fetch((uid,), what) if item.body is not None and item.uid in {uid, None}]
    return bodies[0].body if len(bodies) == 1 else None
