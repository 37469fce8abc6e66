"""Our sent mail as a recipient's mail program sees it, and the answer that a person types into it."""

from __future__ import annotations

import email
import email.policy
import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage

from reminder.domain.assessments import TrafficLight
from reminder.domain.programme import LANGUAGES, Language
from reminder.wire.answer_block import BLOCK_WORDS
from reminder.wire.mailto import read_mailto

_HEAD = re.compile(r"^\[([^\]]+)\] ")
_HREF = re.compile(r'href="(mailto:[^"]+)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """The mail that is answered."""

    sender_name: str
    sender: str
    reply_to: str
    recipient: str
    recipient_name: str
    subject: str
    message_id: str
    references: str
    sent_at: datetime
    text: str
    html: str
    language: Language
    kind: str = ""
    """X-Reminder-Kind; empty where the mail does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What a person writes into the block of one action. `light` is written as given, so that it can hold more than a colour."""

    light: str = ""
    done: str = ""
    next: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What a person types: some lines on top, and the blocks that are filled in, by printed number."""

    top: str = ""
    filled: Mapping[str, Filled] = field(default_factory=dict)
    signature: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """Who answers."""

    address: str
    name: str
    language: Language = "fi"


def read_original(raw: bytes) -> Original:
    """Reads a mail of ours. Raises ValueError where it is none: no text part or no Message-ID."""
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    if not isinstance(mail, EmailMessage) or not mail["Message-ID"]:
        raise ValueError("the mail has no Message-ID")
    text, rich = mail.get_body(("plain",)), mail.get_body(("html",))
    if text is None:
        raise ValueError("the mail has no text part")
    sender, reply_to = mail["From"].addresses[0], (mail["Reply-To"] or mail["From"]).addresses[0]
    to, content = mail["To"].addresses[0], str(text.get_content())
    return Original(
        sender_name=sender.display_name or sender.addr_spec,
        sender=sender.addr_spec,
        reply_to=reply_to.addr_spec,
        recipient=to.addr_spec,
        recipient_name=to.display_name,
        subject=str(mail["Subject"]),
        message_id=str(mail["Message-ID"]).strip(),
        references=" ".join(str(mail["References"] or "").split()),
        sent_at=mail["Date"].datetime,
        text=content.replace("\r\n", "\n"),
        html=str(rich.get_content()).replace("\r\n", "\n") if rich is not None else "",
        language=_find_language(str(mail["Content-Language"] or ""), content),
        kind=str(mail["X-Reminder-Kind"] or "").strip(),
    )


def fill_text(original: Original, filled: Mapping[str, Filled]) -> str:
    """The text of the mail with the blanks filled in, each behind its label."""
    words, lines, number = BLOCK_WORDS[original.language], [], ""
    for line in original.text.split("\n"):
        if head := _HEAD.match(line):
            number = head.group(1)
        answer = filled.get(number)
        if answer is not None:
            typed = {words.light_label: answer.light, f"{words.done}:": answer.done, f"{words.next}:": answer.next}.get(line.rstrip(), "")
            line = f"{line.rstrip()} {typed}" if typed else line
        lines.append(line)
    return "\n".join(lines)


def fill_html(original: Original, filled: Mapping[str, Filled], *, opening: str = "", closing: str = "") -> str:
    """The HTML of the mail with the blanks filled in; `opening` and `closing` stand around what was typed.

    Raises ValueError where the mail has no such label, since a cast that writes beside the form proves nothing.
    """
    words, rich = BLOCK_WORDS[original.language], original.html
    for number, answer in filled.items():
        place = rich.find(f"[{number}] ")
        for label, typed in ((words.light_label, answer.light), (f"{words.done}:", answer.done), (f"{words.next}:", answer.next)):
            found = rich.find(label, place) if place >= 0 else -1
            if found < 0:
                raise ValueError(f"the form has no {label!r} for {number}")
            place = found + len(label)
            if typed:
                rich = f"{rich[:place]} {opening}{html.escape(typed)}{closing}{rich[place:]}"
    return rich


def find_light_link(original: Original, number: str, light: TrafficLight) -> tuple[str, str, str]:
    """Address, subject and body behind one light of the HTML part, as the mail program opens it. Raises ValueError."""
    word = BLOCK_WORDS[original.language].lights[light]
    label = f"{BLOCK_WORDS[original.language].light}: {word}"
    for url in _HREF.findall(original.html):
        address, subject, body = read_mailto(html.unescape(url))
        if f"[{number}] " in body and label in body.split("\n"):
            return address, subject, body
    raise ValueError(f"the mail has no {light} link for {number}")


def _find_language(said: str, text: str) -> Language:
    """What the mail says of itself, else the language of its labels."""
    for language in LANGUAGES:
        if language == said.strip().lower():
            return language
    return next((language for language in LANGUAGES if BLOCK_WORDS[language].light_label in text), "fi")
