"""The way out over SMTP: each step of a transaction is driven here, and every outcome is one of ours (see `smtp_phases`)."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Literal

from reminder.domain.messages import Envelope
from reminder.edges.https import make_context
from reminder.edges.hushing import hush
from reminder.edges.oauth import AccessTokens, TokenTrouble
from reminder.edges.ports import SendOutcome, SendResult
from reminder.edges.smtp_connection import RelayRefuses, SmtpConnection, plain_text
from reminder.edges.smtp_envelope import copy_options, find_fault, mail_options, recipient_options, wire_address
from reminder.edges.smtp_phases import LOGIN_WANTED, SmtpPhase, asks_to_slow_down, judge_loss, judge_reply
from reminder.edges.tls_words import explain_tls
from reminder.errors import TemporaryFailure

Security = Literal["tls", "starttls", "none"]


class SmtpRelay:
    """`ports.Relay` over SMTP. One connection serves many mails; it is for one thread, but `close` may come from any.

    `security="starttls"` is never stripped: a relay that does not offer it is refused. Certificates are always verified, against
    the system's authorities and those in `ca_file`. With
    `tokens` the login is by OAuth2, and no password is used. Times are seconds; an attempt ends within `attempt_deadline` in all.
    """

    def __init__(
        self,
        *,
        host: str,
        port: int,
        security: Security,
        user: str = "",
        password: str = "",
        tokens: AccessTokens | None = None,
        ca_file: Path | None = None,
        local_hostname: str = "",
        connect_timeout: float = 30.0,
        reply_timeout: float = 60.0,
        dot_timeout: float = 600.0,
        attempt_deadline: float = 720.0,
        mails_per_connection: int = 100,
        idle_limit: float = 30.0,
    ) -> None:
        self._host, self._port, self._security = host, port, security
        self._user, self._password, self._ca_file = user, password, ca_file
        self._tokens = tokens
        self._local_hostname = local_hostname
        self._connect_timeout, self._reply_timeout, self._dot_timeout = connect_timeout, reply_timeout, dot_timeout
        self._attempt_deadline = attempt_deadline
        self._mails_per_connection, self._idle_limit = mails_per_connection, idle_limit
        self._connection: SmtpConnection | None = None
        self._phase = SmtpPhase.CONNECT
        self._is_busy = False
        self._ends_at = 0.0
        self._mails = 0
        self._last_used = 0.0
        self._copy_refused = ""

    def send(self, envelope: Envelope, raw: bytes, *, before_dot: Callable[[], None]) -> SendOutcome:
        """Submits the bytes as they are (see `ports.Relay`)."""
        fault = find_fault(envelope, raw)
        if fault:
            return SendOutcome(result=SendResult.FAILED, text=fault)
        self._ends_at = monotonic() + self._attempt_deadline
        self._is_busy = True
        try:
            return self._transact(envelope, raw, before_dot)
        finally:
            self._is_busy = False

    def _transact(self, envelope: Envelope, raw: bytes, before_dot: Callable[[], None]) -> SendOutcome:
        refused = self._guard(lambda: self._hand_over(envelope, raw))
        if refused is not None:
            return refused
        try:
            before_dot()
        except BaseException:
            # Without the dot the relay has to forget the mail (RFC 5321, 4.1.1.4).
            self._drop()
            raise
        outcome = self._guard(lambda: self._finish(line_is_open=not raw.endswith(b"\r\n")))
        return replace(outcome or SendOutcome(result=SendResult.UNKNOWN), copy_refused=self._copy_refused)

    def check(self, copy: Envelope | None = None) -> tuple[str, ...]:
        """Connects and logs in, sends nothing, and tells what it found. With `copy` the relay is also asked whether it takes mail for that
        recipient. Raises TemporaryFailure in plain words."""
        self._drop()
        self._ends_at = monotonic() + self._attempt_deadline
        refused = self._guard(self._connect)
        connection = self._connection
        if refused is not None or connection is None:
            text = refused.text if refused else "no connection"
            secret = "REMINDER_OAUTH2" if self._tokens else "PASSWORD"
            advice = f"Check REMINDER_SMTP_HOST, PORT, SECURITY, USER and {secret}."
            raise TemporaryFailure(f"The relay {self._host}:{self._port} cannot be used: {text}", advice=advice)
        hidden = "encrypted, certificate verified" if connection.is_encrypted else "not encrypted"
        offers = " ".join(sorted(name.upper() for name in connection.esmtp_features)) or "no extensions"
        login = f"logged in as {self._user}" if self._user else "no login"
        facts: tuple[str, ...] = (f"connected to {self._host}:{self._port}, {hidden}", login, f"the relay offers: {offers}")
        if copy is not None:
            facts = (*facts, self._try_recipient(copy))
        self.close()
        return facts

    def _try_recipient(self, envelope: Envelope) -> str:
        """MAIL and RCPT and no DATA: nothing is sent."""

        def ask() -> None:
            connection = self._current()
            for phase, line in ((SmtpPhase.MAIL, f"MAIL FROM:<{envelope.sender}>"), (SmtpPhase.RCPT, f"RCPT TO:<{envelope.recipient}>")):
                self._phase = phase
                self._allow_reply_time()
                self._hope_for(connection.docmd(line))

        if (refused := self._guard(ask)) is None:
            return f"the relay takes our own copy for {envelope.recipient}"
        self.close()
        raise TemporaryFailure(
            f"The relay does not take our own copy for {envelope.recipient}: {refused.code or ''} {refused.text}.".replace("  ", " "),
            advice="The mails themselves go out. Let that address in on the mail server, or set REMINDER_CONFIRM_BY_COPY=no.",
        )

    def close(self) -> None:
        """Says QUIT and ends the connection, if there is one. One that another thread is sending on is cut without a word, and
        the mail ends by its phase: nothing may be written between the lines of somebody's mail."""
        if self._is_busy:
            if self._connection is not None:
                self._connection.cut()
            return
        self._quit()

    def _quit(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            connection.until = monotonic() + min(5.0, self._reply_timeout)
            connection.docmd("QUIT")
        except (OSError, smtplib.SMTPException):
            pass  # The relay was first; nothing depends on the answer to QUIT.
        finally:
            connection.close()

    def _guard(self, step: Callable[[], SendOutcome | None]) -> SendOutcome | None:
        """Runs a step; whatever goes wrong on the wire comes back as an outcome. Anything else drops the connection and passes."""
        try:
            return step()
        except RelayRefuses as refusal:
            if refusal.result not in {SendResult.DEFERRED, SendResult.FAILED} or refusal.code in {421, -1}:
                self._drop()
            is_throttled = asks_to_slow_down(refusal.code or 0, refusal.text)
            return SendOutcome(result=refusal.result, code=refusal.code, text=refusal.text, is_throttled=is_throttled)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            told = explain_tls(error, self._host, "REMINDER_SMTP") or f"{error} (at {self._phase.value})"
            return SendOutcome(result=judge_loss(self._phase, error), text=told)
        except BaseException:
            self._drop()
            raise

    def _hand_over(self, envelope: Envelope, raw: bytes) -> None:
        """Everything up to the final dot."""
        is_reused = self._is_usable()
        if not is_reused:
            self._connect()
        try:
            self._begin(envelope, raw, is_reused=is_reused)
        except (OSError, smtplib.SMTPException):
            if self._phase is not SmtpPhase.RSET:
                raise
            # Many relays hang up on a connection that is idle; the mail must not suffer for it.
            self._drop()
            self._connect()
            self._begin(envelope, raw, is_reused=False)
        self._write_body(raw)

    def _begin(self, envelope: Envelope, raw: bytes, *, is_reused: bool) -> None:
        """RSET where the connection has served before, MAIL and RCPT: in one piece where the relay allows it (RFC 2920)."""
        connection = self._current()
        self._phase = SmtpPhase.MAIL
        options = mail_options(connection, envelope, raw)
        steps = [
            (SmtpPhase.RSET, "RSET"),
            (SmtpPhase.MAIL, f"MAIL FROM:<{wire_address(envelope.sender)}>{options}"),
            (SmtpPhase.RCPT, f"RCPT TO:<{wire_address(envelope.recipient)}>{recipient_options(connection, envelope)}"),
        ][0 if is_reused else 1 :]
        in_one_piece = connection.has_extn("pipelining")
        if in_one_piece:
            self._phase = steps[0][0]
            self._allow_reply_time()
            connection.send("".join(f"{line}\r\n" for _, line in steps))
        for phase, line in steps:
            self._phase = phase
            self._allow_reply_time()
            if not in_one_piece:
                connection.putcmd(line)
            self._hope_for(connection.getreply())
        self._copy_refused = self._add_copy(connection, envelope) if envelope.copy_to else ""

    def _add_copy(self, connection: SmtpConnection, envelope: Envelope) -> str:
        """Our own address as one more recipient, once the party's is taken: a refusal costs the copy and not the mail. What was said."""
        self._allow_reply_time()
        code, reply = connection.docmd(f"RCPT TO:<{wire_address(envelope.copy_to)}>{copy_options(connection, envelope)}")
        text = plain_text(reply)
        if code in {421, -1}:
            raise RelayRefuses(judge_reply(SmtpPhase.RCPT, code, text), text, code)
        return "" if 200 <= code < 300 else f"{code} {text}"

    def _write_body(self, raw: bytes) -> None:
        connection = self._current()
        self._phase = SmtpPhase.DATA
        self._allow_reply_time()
        self._hope_for(connection.docmd("DATA"), hoped=3)
        connection.until = self._ends_at
        connection.write_body(raw, seconds=max(self._reply_timeout, 180.0))
        # A twelfth of the attempt has to be left for the answer to the dot; else "unknown" would be the likely end.
        if self._ends_at - monotonic() < self._attempt_deadline / 12:
            raise smtplib.SMTPServerDisconnected("the relay took too long")

    def _finish(self, *, line_is_open: bool) -> SendOutcome:
        connection = self._current()
        self._phase = SmtpPhase.DOT
        connection.until = min(self._ends_at, monotonic() + self._dot_timeout)
        connection.write_dot(line_is_open=line_is_open)
        code, reply = connection.getreply()
        text = plain_text(reply)
        if not 200 <= code < 300:
            raise RelayRefuses(judge_reply(SmtpPhase.DOT, code, text), text, code)
        self._mails += 1
        self._last_used = monotonic()
        return SendOutcome(result=SendResult.ACCEPTED, code=code, text=text)

    def _is_usable(self) -> bool:
        """Whether there is a connection of the last mail that is not used up."""
        if self._connection is None:
            return False
        if self._mails >= self._mails_per_connection or monotonic() - self._last_used > self._idle_limit:
            self._quit()
            return False
        return True

    def _connect(self) -> None:
        """A connection that is logged in. A token that is not taken is replaced once: it may have been withdrawn before its end."""
        try:
            self._open()
        except RelayRefuses as refusal:
            if self._tokens is None or self._phase is not SmtpPhase.AUTH or refusal.code not in LOGIN_WANTED:
                raise
            self._drop()
            self._tokens.forget()
            self._open()

    def _open(self) -> None:
        """Connects, hides the connection where that is asked for, greets and logs in."""
        implicit = self._security == "tls"
        connection = SmtpConnection(host=self._host, port=self._port, local_hostname=self._local_hostname)
        self._connection, self._mails = connection, 0
        self._phase = SmtpPhase.CONNECT
        connection.until = min(self._ends_at, monotonic() + self._connect_timeout)
        context = None if self._security == "none" else self._make_context()
        if implicit:
            self._phase = SmtpPhase.TLS
        connection.open(context if implicit else None)
        self._phase = SmtpPhase.CONNECT
        self._hope_for(connection.getreply())
        self._greet(connection)
        if context is not None and not implicit:
            self._phase = SmtpPhase.TLS
            connection.start_tls(context)
            self._greet(connection)
        if self._user:
            self._log_in(connection)
        self._last_used = monotonic()

    def _make_context(self) -> ssl.SSLContext:
        try:
            return make_context(self._ca_file)
        except OSError as error:
            raise RelayRefuses(SendResult.RELAY_REFUSED, f"The file of certificate authorities cannot be read: {error}") from error

    def _greet(self, connection: SmtpConnection) -> None:
        self._phase = SmtpPhase.HELLO
        self._allow_reply_time()
        self._hope_for(connection.ehlo())

    def _log_in(self, connection: SmtpConnection) -> None:
        self._phase = SmtpPhase.AUTH
        token = self._fetch_token()
        self._allow_reply_time()
        if token is None:
            code, text = connection.authenticate(self._user, self._password)
        else:
            code, text = connection.authenticate_by_token(self._user, token)
        if code != 235:
            raise RelayRefuses(
                judge_reply(SmtpPhase.AUTH, code, text), f"The login was refused: {hush(text, self._user, token or self._password)}", code
            )

    def _fetch_token(self) -> str | None:
        """The token, or None where the login is by password. Trouble with the endpoint is trouble with the relay, never with a mail."""
        if self._tokens is None:
            return None
        try:
            return self._tokens.token()
        except TokenTrouble as trouble:
            result = SendResult.RELAY_REFUSED if trouble.is_refused else SendResult.RELAY_DOWN
            raise RelayRefuses(result, f"{trouble} {trouble.advice}") from trouble

    def _allow_reply_time(self) -> None:
        self._current().until = min(self._ends_at, monotonic() + self._reply_timeout)

    def _hope_for(self, reply: tuple[int, bytes], *, hoped: int = 2) -> None:
        code, text = reply[0], plain_text(reply[1])
        if code // 100 != hoped:
            raise RelayRefuses(judge_reply(self._phase, code, text), text, code)

    def _current(self) -> SmtpConnection:
        if self._connection is None:
            raise smtplib.SMTPServerDisconnected("not connected")
        return self._connection

    def _drop(self) -> None:
        """Ends the connection without a word."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
