"""More mail programs, beside those of the demo, and what gateways do to mails."""

from __future__ import annotations

import base64
import html
import quopri
import re
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from email import message_from_bytes, policy

from reminder.sandbox.clients import BLOCK_LABELS, start_mail
from reminder.sandbox.dates import write_attribution_date, write_long_date
from reminder.sandbox.originals import Original, Typed, Writer, fill_html, fill_text
from reminder.wire.answer_block import BLOCK_WORDS

Change = Callable[[bytes], bytes]
PHONE = {"fi": "Lähetetty puhelimesta", "sv": "Skickat från telefonen", "en": "Sent from my phone"}
GET_OUTLOOK = {"fi": "Hanki Outlook for Android", "sv": "Hämta Outlook för Android", "en": "Get Outlook for Android"}
WROTE = {"fi": "kirjoitti", "sv": "skrev", "en": "wrote"}


def write(
    headers: Mapping[str, str], body: str, *, charset: str = "utf-8", label: str = "", cte: str = "8bit", subtype: str = "plain"
) -> bytes:
    """A mail byte by byte: what is labelled need not be what it is. Header values are ASCII."""
    data = body.replace("\r\n", "\n").replace("\n", "\r\n").encode(charset)
    encoded = {"8bit": data, "base64": base64.encodebytes(data).replace(b"\n", b"\r\n")}.get(cte)
    if encoded is None:
        encoded = quopri.encodestring(data.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n")
    lines = [f"{name}: {value}" for name, value in headers.items()]
    lines += ["MIME-Version: 1.0", f"Content-Type: text/{subtype}; charset={label or charset}", f"Content-Transfer-Encoding: {cte}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + encoded


def reply_headers(original: Original, writer: Writer, when: datetime, *, prefix: str = "Re: ") -> dict[str, str]:
    """The headers of a reply, as bytes that any charset can hold."""
    mail = start_mail(writer, to=original.reply_to, subject=prefix + "vastaus [" + original.subject.rpartition("[")[2], when=when)
    return {
        "From": writer.address,
        "To": original.reply_to,
        "Subject": str(mail["Subject"]),
        "Date": str(mail["Date"]),
        "Message-ID": str(mail["Message-ID"]),
        "In-Reply-To": original.message_id,
        "References": f"{original.references} {original.message_id}".strip(),
    }


def mutt(original: Original, writer: Writer, typed: Typed, when: datetime) -> bytes:
    """Quotes with `> ` under an attribution, answers behind the labels, signature behind `-- `."""
    head = f"On {original.sent_at:%a, %b %d, %Y at %I:%M:%S%p} +0200, {original.sender_name} {WROTE[writer.language]}:"
    quoted = _quote(fill_text(original, typed.filled))
    body = "\n".join([*([typed.top, ""] if typed.top else []), head, quoted, "", *(["-- ", typed.signature] if typed.signature else [])])
    return write(reply_headers(original, writer, when), body)


def gmail_mobile(original: Original, writer: Writer, typed: Typed, when: datetime) -> bytes:
    """A phone that wraps everything again, quotation and attribution too, at 48 characters."""
    date = write_attribution_date("gmail", writer.language, original.sent_at.astimezone(when.tzinfo))
    head = f"{date} {original.sender_name} <{original.sender}> {WROTE[writer.language]}:"
    lines = fill_text(original, typed.filled).split("\n")
    pieces = [piece for line in lines for piece in textwrap.wrap(line, 46, break_on_hyphens=False) or [""]]
    quoted = "\n".join(f"> {piece}".rstrip() for piece in pieces)
    body = f"{typed.top}\n\n{PHONE[writer.language]}\n\n" + "\n".join(textwrap.wrap(head, 48)) + f"\n\n{quoted}\n"
    return write(reply_headers(original, writer, when), body, cte="quoted-printable")


def outlook_mobile(original: Original, writer: Writer, typed: Typed, when: datetime) -> bytes:
    """`Hanki Outlook for Android`, underscores, the header block in bold; HTML only."""
    values = (
        f"{original.sender_name} <{original.sender}>",
        write_long_date(writer.language, original.sent_at),
        original.recipient,
        original.subject,
    )
    block = "<br>".join(f"<b>{label}:</b> {html.escape(value)}" for label, value in zip(BLOCK_LABELS[writer.language], values, strict=True))
    lines = "".join(f'<div dir="auto" style="font-family: Aptos;">{html.escape(line) or "<br>"}</div>' for line in typed.top.split("\n"))
    body = (
        f'<html><body>{lines}<div class="ms-outlook-mobile-signature" id="ms-outlook-mobile-signature"><div><br></div>'
        f'<a href="https://outlook.example/android">{GET_OUTLOOK[writer.language]}</a></div>'
        '<div id="mail-editor-reference-message-container">'
        f'<hr style="display:inline-block;width:98%"><div id="divRplyFwdMsg">{block}</div><br>{_inner(fill_html(original, typed.filled))}'
        "</div></body></html>"
    )
    return write(reply_headers(original, writer, when, prefix="VS: "), body, cte="quoted-printable", subtype="html")


def below(original: Original, writer: Writer, typed: Typed, when: datetime) -> bytes:
    """Answers below the whole quotation."""
    date = write_attribution_date("thunderbird", writer.language, original.sent_at.astimezone(when.tzinfo))
    head = {"fi": f"{original.sender_name} kirjoitti {date}:", "sv": f"Den {date}, skrev {original.sender_name}:"}.get(
        writer.language, f"On {date}, {original.sender_name} wrote:"
    )
    return write(reply_headers(original, writer, when), f"{head}\n{_quote(original.text)}\n\n{typed.top}\n\n{typed.signature}\n")


def between(original: Original, writer: Writer, typed: Typed, when: datetime) -> bytes:
    """Answers on lines of their own under the labels of the quotation, without a mark."""
    words, lines, number = BLOCK_WORDS[original.language], [], ""
    for line in original.text.rstrip("\n").split("\n"):
        lines.append(f"> {line}".rstrip())
        if line.startswith("[") and "] " in line:
            number = line[1 : line.index("]")]
        answer = typed.filled.get(number)
        if answer is not None:
            said = {words.light_label: answer.light, f"{words.done}:": answer.done, f"{words.next}:": answer.next}.get(line.rstrip())
            lines += [said] if said else []
    head = f"{original.sender_name} {WROTE[writer.language]} 14.2.2025 klo 9.02:"
    return write(reply_headers(original, writer, when), "\n".join([head, *lines, "", typed.signature]))


def new_outlook_mac(original: Original, writer: Writer, typed: Typed, when: datetime) -> bytes:
    """`Päivämäärä:` in the block, no rule above it and no blank line under it."""
    labels = {"fi": ("Lähettäjä", "Päivämäärä", "Vastaanottaja", "Aihe"), "sv": ("Från", "Datum", "Till", "Ämne")}.get(
        writer.language, ("From", "Date", "To", "Subject")
    )
    values = (
        f"{original.sender_name} <{original.sender}>",
        write_long_date(writer.language, original.sent_at),
        original.recipient,
        original.subject,
    )
    block = "\n".join(f"{label}: {value}" for label, value in zip(labels, values, strict=True))
    return write(reply_headers(original, writer, when), f"{typed.top}\n\n{block}\n{fill_text(original, typed.filled)}", cte="base64")


def forward(original: Original, writer: Writer, typed: Typed, when: datetime) -> bytes:
    """The listed party forwards the request to a colleague, who answers to us: two header blocks, one inside the other."""
    first, second = BLOCK_LABELS[writer.language], BLOCK_LABELS[original.language]
    note = {"fi": "Hei, vastaatko tähän? Minusta vihreä, mutta katso itse.", "sv": "Hej, svarar du? Jag skulle säga grönt."}.get(
        original.language, "Could you answer this? I would say green."
    )
    prefix = {"fi": "VL: ", "sv": "VB: "}.get(original.language, "FW: ")
    outer = (original.recipient, write_long_date(writer.language, original.sent_at), writer.address, prefix + original.subject)
    inner = (original.sender, write_long_date(original.language, original.sent_at), original.recipient, original.subject)
    lines = [typed.top, "", *(f"{label}: {value}" for label, value in zip(first, outer, strict=True)), "", note, ""]
    lines += [*(f"{label}: {value}" for label, value in zip(second, inner, strict=True)), "", fill_text(original, typed.filled)]
    headers = reply_headers(original, writer, when, prefix="VS: " + prefix)
    return write(headers, "\n".join(lines))


def html_only(raw: bytes) -> bytes:
    """What remains when a gateway drops the text part."""
    mail = message_from_bytes(raw, policy=policy.SMTP.clone(max_line_length=998))
    rich = mail.get_body(("html",))
    if rich is None:
        raise ValueError("the mail has no HTML part")
    headers = {
        name: str(value)
        for name, value in mail.items()
        if name.lower() not in {"content-type", "mime-version", "content-transfer-encoding"}
    }
    headers["From"], headers["Subject"] = mail["From"].addresses[0].addr_spec, "vastaus [" + str(mail["Subject"]).rpartition("[")[2]
    return write(headers, str(rich.get_content()), cte="quoted-printable", subtype="html")


def edit_label(original: Original, number: str, rich: str, plain: str | None = None) -> Original:
    """The form with the option list of one action edited, in HTML and, where given, in the text."""
    label = BLOCK_WORDS[original.language].light_label
    place = original.html.index(label, original.html.index(f"[{number}] "))
    edited = original.html[:place] + rich + original.html[place + len(label) :]
    text = original.text
    if plain is not None:
        start = text.index(label, text.index(f"[{number}] "))
        text = text[:start] + plain + text[start + len(label) :]
    return replace(original, html=edited, text=text)


def add_header(name: str, value: str) -> Change:
    """A header that a server or a program adds on top."""
    return lambda raw: f"{name}: {value}\r\n".encode() + raw


def bare_line_ends(raw: bytes) -> bytes:
    """LF only, as some stores keep mails."""
    return raw.replace(b"\r\n", b"\n")


def _quote(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.rstrip("\n").split("\n"))


def _inner(rich: str) -> str:
    body = re.search(r"<body[^>]*>(.*)</body>", rich, re.DOTALL | re.IGNORECASE)
    return body.group(1) if body else rich
