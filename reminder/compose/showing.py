"""A finished mail of ours as another mail shows it: the same words, with dead links and without its token.

A link or a token of the shown mail would let the coordinator answer in a party's name without meaning to.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from reminder.compose.views import ShownMail
from reminder.domain.messages import MailKind, Span, SpanKind
from reminder.domain.programme import Language, Localised

HIDDEN = "…"
_BODY = re.compile(r"<body\b[^>]*>(.*)</body>", re.DOTALL | re.IGNORECASE)
_PREHEADER = re.compile(r'<div style="display:none;.*?</div>', re.DOTALL)
_LINK = re.compile(r'\shref="[^"]*"')


def show_mail(
    *,
    kind: MailKind,
    language: Language,
    recipient: str,
    parties: Sequence[Localised],
    subject: str,
    text: str,
    html: str,
    spans: Sequence[Span],
    token: str,
    files: Sequence[str] = (),
    is_above: bool = False,
) -> ShownMail:
    """The mail as it is shown. `html` is the whole HTML part as we have written it."""
    body = _BODY.search(html)
    inner = _LINK.sub("", _PREHEADER.sub("", body.group(1), count=1)) if body else ""
    return ShownMail(
        kind=kind,
        language=language,
        recipient=recipient,
        parties=tuple(parties),
        subject=subject,
        text=tuple(_hide(line.rstrip(), token) for line in text.strip().splitlines()),
        html=_hide(inner, token).strip(),
        spans=tuple(replace(_plain(span), text=_hide(span.text, token)) for span in spans),
        files=tuple(files),
        is_above=is_above,
    )


def _hide(text: str, token: str) -> str:
    return text.replace(token, HIDDEN) if token else text


def _plain(span: Span) -> Span:
    """A line that is only to be told apart from the reader's own words: there is nothing to be filled in here."""
    return replace(span, kind=SpanKind.LINK if span.kind is SpanKind.LINK else SpanKind.PROSE, item=None)
