"""The people of the town: what they do when a mail of ours reaches them. They read it with the standard library alone."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from reminder.simulation.edges import POISON
from reminder.simulation.town import LED_BY, OFFICE

_HEAD = re.compile(r"^\[([0-9.]+)\] ", re.MULTILINE)
WORDS: Mapping[str, Mapping[str, str]] = {
    "fi": {"green": "vihreä", "yellow": "keltainen", "red": "punainen"},
    "sv": {"green": "grön", "yellow": "gul", "red": "röd"},
}
LANGUAGE = {"johtaja@matkailu.example": "sv"}
EPOCH = datetime(2025, 1, 1, tzinfo=UTC)
ASKING = frozenset({"request", "reminder", "last_call", "overdue"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What a person sees of a mail of ours."""

    recipient: str
    kind: str
    message_id: str
    reply_to: str
    subject: str
    numbers: tuple[str, ...]
    """The actions that it asks for and that the reader leads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a person will do about a mail: when, what kind of mail they write, and the lights in it."""

    after: timedelta
    kind: str
    said: Mapping[str, str]
    also_names: Sequence[str] = ()
    """Numbers that are none of theirs, and that they speak of all the same."""
    grid: timedelta = timedelta()
    """They write at whole multiples of this only, so that a mail that came a little later is answered at the same time."""

    def wait_from(self, now: datetime) -> timedelta:
        """How long after `now` they write."""
        due = now + self.after
        return self.after + (-(due - EPOCH) % self.grid if self.grid else timedelta())


def open_mail(raw: bytes) -> Received | None:
    """Reads a mail of ours as its recipient; None where nothing in it can be answered."""
    mail: EmailMessage = email.message_from_bytes(raw, policy=email.policy.default)
    if not mail["Message-ID"] or not mail["To"]:
        return None
    body = mail.get_body(("plain",))
    text = str(body.get_content()).replace("\r\n", "\n") if body is not None else ""
    recipient = mail["To"].addresses[0].addr_spec
    own = {number for number, _ in LED_BY.get(recipient, ())}
    return Received(
        recipient=recipient,
        kind=str(mail["X-Reminder-Kind"] or ""),
        message_id=str(mail["Message-ID"]).strip(),
        reply_to=(mail["Reply-To"] or mail["From"]).addresses[0].addr_spec,
        subject=str(mail["Subject"]),
        numbers=tuple(number for number in dict.fromkeys(_HEAD.findall(text)) if number in own),
    )


def write_mail(received: Received, plan: Plan, at: datetime, number: int) -> bytes:
    """The bytes that the person's mail program sends."""
    mail = EmailMessage(policy=SMTP)
    stranger = plan.kind == "stranger"
    sender = "joku@muualla.example" if stranger else received.recipient
    mail["From"] = sender
    mail["To"] = OFFICE if stranger else received.reply_to
    mail["Subject"] = "Ilmoitus" if stranger else f"Re: {received.subject}"
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{number}.simulated@{sender.rpartition('@')[2]}>"
    if plan.kind in {"stranger", "poison"}:
        _set_odd(mail, plan, number)
        return bytes(mail)
    mail["In-Reply-To"] = received.message_id
    mail["References"] = received.message_id
    if plan.kind == "absence":
        mail["Auto-Submitted"] = "auto-replied"
        mail.set_content("En ole tavattavissa juuri nyt.\n")
        return bytes(mail)
    words = WORDS[LANGUAGE.get(received.recipient, "fi")]
    said = {**plan.said, **dict.fromkeys(plan.also_names, "red")}
    lines = [f"{one}: {words[light]}, kirje {number}" for one, light in said.items()]
    mail.set_content("\n".join(lines or ["Palaamme asiaan."]) + "\n")
    return bytes(mail)


def _set_odd(mail: EmailMessage, plan: Plan, number: int) -> None:
    if plan.kind == "poison":
        mail[POISON.split(b":")[0].decode()] = "yes"
    mail.set_content(f"1.1: punainen, 2.1: punainen <script>alert({number})</script> {number}\n")
