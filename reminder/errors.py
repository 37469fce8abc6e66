"""The error tree: temporary or permanent, exit code, what to do next.

Errors render themselves: `str(error)` is one sentence for a person, `error.advice` says what to do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

EXIT_DONE = 0
EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_WAITING = 3
EXIT_TEMPORARY = 75  # EX_TEMPFAIL of sysexits.h


class ReminderError(Exception):
    """Root of the tree. Raised itself only where nothing more exact fits."""

    exit_code = EXIT_FAILED
    temporary = False

    def __init__(self, message: str, *, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice


class TemporaryFailure(ReminderError):
    """The outside world is not there just now; the same call may succeed later."""

    exit_code = EXIT_TEMPORARY
    temporary = True


class StoreUnavailable(TemporaryFailure):
    """The database cannot be used just now: another process holds it, its disk is full or failing, its server is away."""


class TransactionFailed(StoreUnavailable):
    """A transaction did not come about, through no fault of what it did. `is_unknown`: the answer to its commit was lost."""

    def __init__(self, message: str, *, advice: str = "", is_unknown: bool = False) -> None:
        super().__init__(message, advice=advice)
        self.is_unknown = is_unknown


class TurnLost(TemporaryFailure):
    """Another process does by now what this one was doing; nothing of this transaction was kept."""


class MailboxFailure(TemporaryFailure):
    """The mailbox cannot be read just now."""


class LoginFailure(MailboxFailure):
    """The mail server is there and refuses the login. Repeating it often would lock the account."""


class FolderAway(MailboxFailure):
    """The mailbox is there and the folder that is to be read is not."""


class MoveFailure(TemporaryFailure):
    """The mail server cannot move mails, or will not: the other folder is missing, full or closed to us."""


class AlreadyRunning(TemporaryFailure):
    """Another service process holds the database."""


class StoreFailure(ReminderError):
    """The database is not what we need: missing, replaced, read-only, older or newer than the program, or damaged."""


class HeaderUnsound(ReminderError):
    """A mail would not read back as it was meant; it is not sent (RFC 5322, and the header injections of `email`)."""


class TemplateBroken(HeaderUnsound):
    """A mail could not be written, since its template is at fault. It concerns the mails of that template only, and none is half."""


class ExtraMissing(ReminderError):
    """An optional part of the program is asked for and not installed."""

    exit_code = EXIT_USAGE

    def __init__(self, extra: str, what: str) -> None:
        super().__init__(f"{what} needs the extra `{extra}`, which is not installed.", advice=f'Run pip install "reminder[{extra}]".')
        self.extra = extra


class DocumentFailed(ReminderError):
    """A report could not be written in this form, through a fault of the part that writes it; the other forms are not concerned."""


class ReadingFailed(ReminderError):
    """One mail could not be read: it took too long, needed too much memory, or broke the reader. It concerns that mail only.

    `message` holds nothing of the mail and may be shown and logged; `detail` may hold some of it.
    """

    def __init__(self, message: str, *, detail: str = "") -> None:
        super().__init__(message)
        self.detail = detail


class UsageFailure(ReminderError):
    """The command was used in a way that makes no sense."""

    exit_code = EXIT_USAGE


class NoAnswerRead(ReminderError):
    """A person would accept a mail in which no answer can be read."""


class Severity(StrEnum):
    """How bad a finding of `check` is. Only faults stop the program."""

    FAULT = "fault"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One finding in the configuration: where it is, what is wrong, what to do."""

    file: str
    line: int
    column: int
    message: str
    advice: str = ""
    severity: Severity = Severity.FAULT

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        advice = f" {self.advice}" if self.advice else ""
        return f"{place}: {self.severity}: {self.message}{advice}"


class ConfigurationFailure(ReminderError):
    """The configuration has faults; all of them are in `findings`."""

    exit_code = EXIT_USAGE

    def __init__(self, findings: Sequence[Finding]) -> None:
        faults = [finding for finding in findings if finding.severity is Severity.FAULT]
        super().__init__("\n".join(str(fault) for fault in faults), advice="Correct the files and run `reminder check`.")
        self.findings = tuple(findings)
