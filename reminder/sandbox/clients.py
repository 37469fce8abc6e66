"""Mail programs as they answer: each function makes the bytes that such a program would send, from our real mail.

The forms follow what was seen of these programs (quotation marks, attributions, header blocks, transfer encodings), not
what a standard would like. Nothing here reads the clock: `when` is the local time at which the person answers.
"""

from __future__ import annotations

import hashlib
import html
import re
import textwrap
from collections.abc import Callable
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from reminder.sandbox.dates import write_attribution_date, write_long_date
from reminder.sandbox.originals import Original, Typed, Writer, fill_html, fill_text

Client = Callable[[Original, Writer, Typed, datetime], bytes]
POLICY = SMTP.clone(max_line_length=998)
REPLY_PREFIX = {"fi": "VS: ", "sv": "SV: ", "en": "RE: "}
BLOCK_LABELS = {
    "fi": ("Lähettäjä", "Lähetetty", "Vastaanottaja", "Aihe"),
    "sv": ("Från", "Skickat", "Till", "Ämne"),
    "en": ("From", "Sent", "To", "Subject"),
}
SENT_FROM_PHONE = {"fi": "Lähetetty iPhonesta", "sv": "Skickat från min iPhone", "en": "Sent from my iPhone"}
MARKER = "border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"


def outlook_desktop(original: Original, writer: Writer, typed: Typed, when: datetime) -> bytes:
    """Word's HTML and no `>` anywhere: a header block, then our mail with the answers behind the labels, in blue."""
    mail = _start_reply(original, writer, when, prefix=REPLY_PREFIX[writer.language])
    mail["X-Mailer"] = "Microsoft Outlook 16.0"
    mail["Thread-Topic"] = original.subject
    labels = _header_block(original, writer, when)
    top = _join(typed.top, typed.signature)
    plain = "\n".join([top, "", *(f"{label}: {value}" for label, value in labels), "", fill_text(original, typed.filled)])
    opening, closing = '<span style="color:#1F497D">', "<o:p></o:p></span>"
    body = _inner(fill_html(original, typed.filled, opening=opening, closing=closing))
    paragraphs = "".join(f"<p class=MsoNormal>{html.escape(line) or '<o:p>&nbsp;</o:p>'}</p>" for line in top.split("\n"))
    block = "<br>".join(f"<b>{label}:</b> {html.escape(value)}" for label, value in labels)
    _set_alternative(
        mail,
        plain,
        '<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns="http://www.w3.org/TR/REC-html40"><head>'
        "<style><!-- p.MsoNormal {margin:0cm; font-size:11.0pt; font-family:Calibri,sans-serif;} --></style></head>"
        f"<body lang=FI><div class=WordSection1>{paragraphs}<div><div style='{MARKER}'><p class=MsoNormal>{block}</p></div></div>"
        f"<p class=MsoNormal><o:p>&nbsp;</o:p></p>{body}</div></body></html>",
        cte="quoted-printable",
    )
    return bytes(mail)


def owa(original: Original, writer: Writer, typed: Typed, when: datetime) -> bytes:
    """Outlook on the web: 32 underscores and a header block in the text part, `divRplyFwdMsg` in the HTML part, base64."""
    mail = _start_reply(original, writer, when, prefix=REPLY_PREFIX[writer.language])
    labels = _header_block(original, writer, when)
    top = _join(typed.top, typed.signature)
    plain = "\n".join([top, "", "_" * 32, *(f"{label}: {value}" for label, value in labels), "", fill_text(original, typed.filled)])
    block = "<br>".join(f"<b>{label}:</b> {html.escape(value)}" for label, value in labels)
    lines = "".join(f'<div class="elementToProof">{html.escape(line) or "<br>"}</div>' for line in top.split("\n"))
    rich = (
        f'<html><body dir="ltr">{lines}<div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1">'
        f'<div id="divRplyFwdMsg" dir="ltr"><font face="Calibri, sans-serif" style="font-size:11pt">{block}</font><div>&nbsp;</div></div>'
        f"<div>{_inner(fill_html(original, typed.filled))}</div></body></html>"
    )
    _set_alternative(mail, plain, rich, cte="base64")
    return bytes(mail)


def gmail_web(original: Original, writer: Writer, typed: Typed, when: datetime) -> bytes:
    """Typed on top; the attribution broken after `<`, since our plus address is long; quoted lines wrapped again at 76."""
    mail = _start_reply(original, writer, when, prefix="Re: ")
    date = write_attribution_date("gmail", writer.language, original.sent_at.astimezone(when.tzinfo))
    wrote = {"fi": "kirjoitti", "sv": "skrev", "en": "wrote"}[writer.language]
    attribution = f"{date} {original.sender_name} <\n{original.sender}> {wrote}:"
    top = _join(typed.top, typed.signature)
    plain = f"{top}\n\n{attribution}\n\n{_quote(_rewrap(fill_text(original, typed.filled), 76))}\n"
    typed_html = "".join(f"<div>{html.escape(line) or '<br>'}</div>" for line in top.split("\n"))
    rich = (
        f'<div dir="ltr">{typed_html}</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">'
        f'{date} {html.escape(original.sender_name)} &lt;<a href="mailto:{original.sender}">{original.sender}</a>&gt; {wrote}:<br></div>'
        '<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex">'
        f"{_inner(fill_html(original, typed.filled))}</blockquote></div>"
    )
    _set_alternative(mail, plain, rich, cte="quoted-printable")
    return bytes(mail)


def iphone(original: Original, writer: Writer, typed: Typed, when: datetime) -> bytes:
    """Typed on top, "sent from", and the attribution inside the quotation."""
    mail = _start_reply(original, writer, when, prefix="Re: ")
    mail["X-Mailer"] = "iPhone Mail (22D72)"
    date = write_attribution_date("apple", writer.language, original.sent_at.astimezone(when.tzinfo))
    named = f"{original.sender_name} <{original.sender}>"
    attribution = {
        "fi": f"{named} kirjoitti {date}:",
        "sv": f"{date} skrev {named}:",
        "en": f"On {date}, {named} wrote:",
    }[writer.language]
    phone = SENT_FROM_PHONE[writer.language]
    quoted = fill_text(original, typed.filled)
    plain = f"{typed.top}\n\n{phone}\n\n> {attribution}\n> \n{_quote(quoted)}\n"
    typed_html = "".join(f"<div>{html.escape(line) or '<br>'}</div>" for line in typed.top.split("\n"))
    rich = (
        '<html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"></head><body dir="auto">'
        f'{typed_html}<br id="lineBreakAtBeginningOfSignature"><div dir="ltr">{phone}</div><div dir="ltr"><br><blockquote type="cite">'
        f"{html.escape(attribution)}<br><br></blockquote></div>"
        f'<blockquote type="cite"><div dir="ltr">{_inner(fill_html(original, typed.filled))}</div></blockquote></body></html>'
    )
    _set_alternative(mail, plain, rich, cte="quoted-printable")
    return bytes(mail)


def thunderbird(original: Original, writer: Writer, typed: Typed, when: datetime) -> bytes:
    """Text only, format=flowed (RFC 3676), answers in the quotation, the attribution on top of it."""
    mail = _start_reply(original, writer, when, prefix="Re: ")
    mail["User-Agent"] = "Mozilla Thunderbird"
    date = write_attribution_date("thunderbird", writer.language, original.sent_at.astimezone(when.tzinfo))
    attribution = {
        "fi": f"{original.sender_name} kirjoitti {date}:",
        "sv": f"Den {date}, skrev {original.sender_name}:",
        "en": f"On {date}, {original.sender_name} wrote:",
    }[writer.language]
    quoted = _quote(fill_text(original, typed.filled))
    body = "\n".join(part for part in (_flow(typed.top), attribution, quoted, typed.signature) if part)
    mail.set_content(body + "\n", charset="utf-8", cte="8bit")
    mail.set_param("format", "flowed")
    return bytes(mail)


def plain(original: Original, writer: Writer, typed: Typed, when: datetime) -> bytes:
    """A bare text mail that quotes nothing, in the old Western character set."""
    mail = _start_reply(original, writer, when, prefix="Re: ")
    body = "\n".join(textwrap.wrap(typed.top, 72) if "\n" not in typed.top else [typed.top])
    mail.set_content(f"{_join(body, typed.signature)}\n", charset="iso-8859-1", cte="quoted-printable")
    return bytes(mail)


def open_link(link: tuple[str, str, str], writer: Writer, typed: Typed, when: datetime) -> bytes:
    """What a light link opens: a new mail, in no thread, with the prefilled body and whatever the person adds behind its labels."""
    address, subject, body = link
    done = next(iter(typed.filled.values()), None)
    if done is not None:
        lines = body.split("\n")
        blanks = [index for index, line in enumerate(lines) if line.rstrip().endswith(":")]
        for index, text in zip(blanks, (done.done, done.next), strict=False):
            lines[index] = f"{lines[index].rstrip()} {text}".rstrip()
        body = "\n".join(lines)
    mail = start_mail(writer, to=address, subject=subject, when=when)
    mail.set_content(f"{_join(body, typed.signature)}\n", charset="utf-8", cte="quoted-printable")
    return bytes(mail)


def start_mail(writer: Writer, *, to: str, subject: str, when: datetime) -> EmailMessage:
    """A mail with its headers and no body. The Message-ID is a function of writer, subject and time, so that runs can be compared."""
    local, _, domain = writer.address.partition("@")
    mail = EmailMessage(policy=POLICY)
    mail["From"] = Address(display_name=writer.name, username=local, domain=domain)
    mail["To"] = to
    mail["Subject"] = subject
    mail["Date"] = format_datetime(when)
    digest = hashlib.sha256(f"{writer.address}\0{subject}\0{when.isoformat()}".encode()).hexdigest()
    mail["Message-ID"] = f"<{digest[:32]}@{domain}>"
    return mail


def _start_reply(original: Original, writer: Writer, when: datetime, *, prefix: str) -> EmailMessage:
    mail = start_mail(writer, to=original.reply_to, subject=prefix + original.subject, when=when)
    mail["In-Reply-To"] = original.message_id
    mail["References"] = f"{original.references} {original.message_id}".strip()
    return mail


def _header_block(original: Original, writer: Writer, when: datetime) -> tuple[tuple[str, str], ...]:
    values = (
        f"{original.sender_name} <{original.sender}>",
        write_long_date(writer.language, original.sent_at.astimezone(when.tzinfo)),
        original.recipient,
        original.subject,
    )
    return tuple(zip(BLOCK_LABELS[writer.language], values, strict=True))


def _set_alternative(mail: EmailMessage, plain_text: str, rich: str, *, cte: str) -> None:
    mail.set_content(plain_text.rstrip("\n") + "\n", charset="utf-8", cte=cte)
    mail.add_alternative(rich, subtype="html", charset="utf-8", cte=cte)
    digest = hashlib.sha256(rich.encode()).hexdigest()
    mail.set_boundary(f"_000_{digest[:24]}_")


def _join(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)


def _quote(text: str, *, mark: str = "> ") -> str:
    """Each line behind the mark; an empty line is the mark alone, without the blank that format=flowed would join."""
    return "\n".join(f"{mark}{line}" if line else mark.rstrip() for line in text.rstrip("\n").split("\n"))


def _rewrap(text: str, width: int) -> str:
    return "\n".join(
        "\n".join(textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False) or [""]) for line in text.split("\n")
    )


def _flow(text: str) -> str:
    """Soft line ends are a blank before the line end."""
    return "\n".join(" \n".join(textwrap.wrap(line, 72) or [""]) for line in text.split("\n")) if text else ""


def _inner(rich: str) -> str:
    """The body of an HTML mail, as a mail program takes it into its own."""
    body = re.search(r"<body[^>]*>(.*)</body>", rich, re.DOTALL | re.IGNORECASE)
    return body.group(1) if body else rich
