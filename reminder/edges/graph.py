"""The way out through Microsoft Graph: POST /users/{mailbox}/sendMail with the whole mail in base64.

An HTTP call has no phases: once a byte of it is written it may have been carried out (DESIGN, decision 14), so the journal is asked
before that. Each mail has a connection of its own, for one that the server has closed meanwhile would make a mail `unknown`.

Graph takes the recipients from the header fields of the mail and no others, puts the mailbox into the envelope as the sender, and keeps
a copy among the sent mails; none of this can be chosen for a mail in MIME format.
"""

from __future__ import annotations

import base64
import json
import re
import ssl
from collections.abc import Callable, Mapping
from contextlib import closing
from email import message_from_bytes, policy
from email.utils import getaddresses, parsedate_to_datetime
from pathlib import Path
from urllib.parse import quote, urlsplit

from reminder.domain.messages import Envelope
from reminder.edges.https import CALL_ERRORS, Answer, HttpsCall, words_of
from reminder.edges.oauth import AccessTokens, TokenTrouble
from reminder.edges.ports import SendOutcome, SendResult
from reminder.edges.smtp_envelope import find_fault, wire_address
from reminder.edges.tls_words import explain_https
from reminder.errors import TemporaryFailure

SIZE_LIMIT = 3_000_000
"""Bytes of a mail: in base64 they make 4 MB, and Graph takes no larger request."""
LONGEST_PAUSE = 21_600.0
"""Six hours: no Retry-After silences the service for longer."""
UNCERTAIN_PAUSE = 60.0
"""After an answer that leaves open what happened, Graph is left alone so long: the other mails shall not become `unknown` too."""

_RECIPIENTS = ("To", "Cc", "Bcc", "Resent-To", "Resent-Cc", "Resent-Bcc")
_ERROR_CODE = re.compile(r"[A-Za-z_.]{1,80}\Z")
_REQUEST_ID = re.compile(r"[0-9A-Fa-f-]{1,40}\Z")
_NOT_THE_MAIL = frozenset(
    {
        "ErrorAccessDenied",
        "ErrorSendAsDenied",
        "ErrorQuotaExceeded",
        "ErrorExceededMessageLimit",
        "ErrorSubmissionQuotaExceeded",
        "ErrorInvalidUser",
        "ErrorNonExistentMailbox",
        "MailboxNotEnabledForRESTAPI",
    }
)
"""Codes that would meet every mail, whatever status they come with."""
_NOT_BASE64 = b"!"
_ADVICE: Mapping[int, str] = {
    401: "Check REMINDER_OAUTH2_TENANT and that the application has a token for Microsoft Graph.",
    403: "Let the application send from this mailbox (Mail.Send of Microsoft Graph); docs/operations.md says how.",
    404: "Check REMINDER_GRAPH_MAILBOX: Graph knows no such mailbox.",
}


def judge_status(status: int, code: str) -> SendResult:
    """What an answer means for the mail.

    202 is the only yes. 400, 413 and 422 are about this mail, unless the code says otherwise; 429 and 503 say that nothing was done.
    After 500, 502, 504 and the like the mail may have gone, as it may after a yes that is not 202. All else would meet every mail.
    """
    if status == 202:
        return SendResult.ACCEPTED
    if status in {429, 503, 509}:
        return SendResult.RELAY_DOWN
    if code in _NOT_THE_MAIL or status in {501, 505, 507, 511}:
        return SendResult.RELAY_REFUSED
    if status in {400, 413, 422}:
        return SendResult.FAILED
    if status == 408:
        return SendResult.DEFERRED
    return SendResult.UNKNOWN if status >= 500 or 200 <= status < 300 else SendResult.RELAY_REFUSED


def read_pause(headers: Mapping[str, str]) -> float:
    """The seconds of Retry-After (RFC 9110, 10.2.3), at most six hours; 0 where it says nothing usable. A date counts from the answer's
    own Date, so that no clock of ours is asked."""
    said = headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return min(float(said[:12]), LONGEST_PAUSE)
    try:
        pause = (parsedate_to_datetime(said) - parsedate_to_datetime(headers.get("date", ""))).total_seconds()
    except (ValueError, TypeError):
        return 0.0
    return min(max(pause, 0.0), LONGEST_PAUSE)


class GraphRelay:
    """`ports.Relay` over Microsoft Graph, for one thread, but `close` may come from any. An attempt, its token apart, ends within
    `attempt_deadline` seconds."""

    def __init__(
        self, *, url: str, mailbox: str, tokens: AccessTokens, ca_file: Path | None = None, attempt_deadline: float = 300.0
    ) -> None:
        self._url = f"{url.rstrip('/')}/users/{quote(mailbox, safe='@')}/sendMail"
        self._mailbox, self._tokens, self._ca_file = mailbox, tokens, ca_file
        self._attempt_deadline = attempt_deadline
        self._call: HttpsCall | None = None

    def send(self, envelope: Envelope, raw: bytes, *, before_dot: Callable[[], None]) -> SendOutcome:
        """Submits the bytes as they are (see `ports.Relay`). The journal is asked before anything is written; a token that is not taken
        is replaced once, which is the same attempt, since the first call was not carried out."""
        fault = find_fault(envelope, raw) or _find_graph_fault(envelope, raw)
        if fault:
            return SendOutcome(result=SendResult.FAILED, text=fault)
        body = base64.b64encode(raw)
        answer = self._call_graph(body, before_dot)
        if isinstance(answer, Answer) and answer.status == 401:
            self._tokens.forget()
            answer = self._call_graph(body, lambda: None)
        return _judge(answer) if isinstance(answer, Answer) else answer

    def check(self) -> tuple[str, ...]:
        """Asks whether the application may send from the mailbox, by a call that cannot be carried out: what it carries is no base64,
        which Graph answers with 400 after it has let us in. Raises TemporaryFailure in plain words."""
        answer = self._call_graph(_NOT_BASE64, lambda: None)
        host = self._host
        if isinstance(answer, SendOutcome):
            raise TemporaryFailure(f"Microsoft Graph at {host} cannot be used: {answer.text}", advice="See docs/operations.md.")
        if answer.status != 400 or _code_of(answer) in _NOT_THE_MAIL:
            advice = _ADVICE.get(answer.status, "It is tried again by itself." if answer.status >= 429 else _ADVICE[403])
            raise TemporaryFailure(f"Microsoft Graph does not let us send from {self._mailbox}: {_words(answer)}", advice=advice)
        return (
            f"connected to {host}, encrypted, certificate verified",
            f"the application may send from {self._mailbox}, as far as can be seen without sending",
            f"mails of at most {SIZE_LIMIT} bytes; a copy of each is kept among the sent mails",
        )

    def close(self) -> None:
        """Cuts a call that another thread makes; between calls there is no connection."""
        call = self._call
        if call is not None:
            call.cut()

    def _call_graph(self, body: bytes, before_writing: Callable[[], None]) -> Answer | SendOutcome:
        """The answer, or what it means that there is none."""
        try:
            token = self._tokens.token()
        except TokenTrouble as trouble:
            result = SendResult.RELAY_REFUSED if trouble.is_refused else SendResult.RELAY_DOWN
            return SendOutcome(result=result, text=f"{trouble} {trouble.advice}")
        with closing(HttpsCall(self._url, seconds=self._attempt_deadline, ca_file=self._ca_file)) as call:
            self._call = call
            try:
                if (unreached := self._open(call)) is not None:
                    return unreached
                before_writing()
                return _post(call, body, token)
            finally:
                self._call = None

    def _open(self, call: HttpsCall) -> SendOutcome | None:
        """Connects; what went wrong, where something did. A certificate that does not hold is a matter of configuration."""
        try:
            call.open()
        except CALL_ERRORS as error:
            is_config = isinstance(error, ssl.SSLCertVerificationError | ValueError)
            told = explain_https(error, self._host, "REMINDER_GRAPH_URL") or f"{words_of(error)} (at connecting)"
            return SendOutcome(result=SendResult.RELAY_REFUSED if is_config else SendResult.RELAY_DOWN, text=told)
        return None

    @property
    def _host(self) -> str:
        return urlsplit(self._url).hostname or "without a name"


def _post(call: HttpsCall, body: bytes, token: str) -> Answer | SendOutcome:
    try:
        return call.post(body, {"Authorization": f"Bearer {token}", "Content-Type": "text/plain", "Accept": "application/json"})
    except CALL_ERRORS as error:
        return SendOutcome(result=SendResult.UNKNOWN, text=f"{words_of(error)} (after the call had begun)")


def _judge(answer: Answer) -> SendOutcome:
    result, pause = judge_status(answer.status, _code_of(answer)), read_pause(answer.headers)
    if result is SendResult.UNKNOWN:
        pause = max(pause, UNCERTAIN_PAUSE)
    is_about_mail = result in {SendResult.ACCEPTED, SendResult.FAILED}
    return SendOutcome(result=result, code=answer.status, text=_words(answer), retry_after=0.0 if is_about_mail else pause)


def _words(answer: Answer) -> str:
    """Status, error code and the number of the request, which Microsoft's support asks for. Never Graph's free text: it may repeat what
    it was sent."""
    number = answer.headers.get("request-id", "")
    parts = (f"status {answer.status}", _code_of(answer), f"request {number}" if _REQUEST_ID.match(number) else "")
    return ", ".join(part for part in parts if part)


def _code_of(answer: Answer) -> str:
    try:
        said = json.loads(answer.body)["error"]["code"]
    except (ValueError, RecursionError, KeyError, TypeError):
        return ""
    return said if isinstance(said, str) and _ERROR_CODE.match(said) else ""


def _find_graph_fault(envelope: Envelope, raw: bytes) -> str:
    """Why Graph cannot send this, in one sentence; empty where it can."""
    if len(raw) > SIZE_LIMIT:
        return f"The mail has {len(raw)} bytes, Microsoft Graph takes {SIZE_LIMIT}."
    headers = message_from_bytes(raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n", policy=policy.compat32)
    named = [str(value) for name in _RECIPIENTS for value in headers.get_all(name, [])]
    found = [wire_address(address).casefold() for _, address in getaddresses(named)]
    if found != [wire_address(envelope.recipient).casefold()]:
        return "The mail names other recipients than the one that it is for, and Microsoft Graph sends to those whom the mail names."
    return ""
