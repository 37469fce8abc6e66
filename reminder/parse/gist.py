"""What is left of a mail once it has been read: the few texts that are needed afterwards, without its bodies and files."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from reminder.parse.correlate import References
from reminder.parse.limits import READING_FAULTS
from reminder.parse.message import Mail
from reminder.wire.itip import find_uids

EVENT_PARTS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Gist:
    """The gist of one mail. Small, whatever the mail was; every text in it is cleaned of controls; nothing in it is trusted."""

    sender: str = ""
    """The address of the one author, lower case; empty where there is none."""
    subject: str = ""
    message_id: str = ""
    references: tuple[str, ...] = ()
    """The ids of its References field, oldest first."""
    date: datetime | None = None
    """Its Date header; decides nothing (DESIGN, decision 10)."""
    named: References = field(default_factory=References)
    """Which mails of ours it names."""
    events: tuple[str, ...] = ()
    """The UIDs of meetings that a calendar program answers in it."""


def write_gist(mail: Mail, named: References | None = None) -> Gist:
    """The gist of a mail as read. Total."""
    return Gist(
        sender=mail.sender,
        subject=mail.subject,
        message_id=mail.message_id,
        references=mail.references,
        date=mail.date,
        named=named or References(),
        events=find_events(mail),
    )


def find_events(mail: Mail) -> tuple[str, ...]:
    """The UIDs in its calendar objects. Total."""
    try:
        return tuple(dict.fromkeys(uid for text in mail.calendars[:EVENT_PARTS] for uid in find_uids(text)))
    except READING_FAULTS:
        return ()
