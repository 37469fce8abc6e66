"""How a case is built: somebody answers a real mail with some program, a day later."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from reminder.domain.messages import OutgoingMessage
from reminder.domain.programme import Language
from reminder.domain.rounds import StepKind
from reminder.sandbox.clients import Client, gmail_web, iphone, outlook_desktop, owa, plain, thunderbird
from reminder.sandbox.originals import Filled, Original, Typed, Writer, read_original
from tests.corpus.clients import Change, gmail_mobile, mutt, new_outlook_mac, outlook_mobile
from tests.corpus.expected import Case, Expected, Said
from tests.corpus.world import REQUEST, ZONE
from tests.sandbox.mails import write_mail

QUOTING: Mapping[str, Client] = {
    "outlook-desktop": outlook_desktop,
    "outlook-web": owa,
    "outlook-mobile": outlook_mobile,
    "outlook-mac": new_outlook_mac,
    "gmail-web": gmail_web,
    "gmail-mobile": gmail_mobile,
    "iphone": iphone,
    "thunderbird": thunderbird,
    "mutt": mutt,
}
"""The programs that quote the whole mail and let one write into the quotation."""
ALL: Mapping[str, Client] = {**QUOTING, "plain": plain}
LANGUAGES: Mapping[str, Language] = {"rektor@kuusiharju.example": "sv", "matkailukoordinaattori@suvikoski.example": "en"}


def original_of(address: str, kind: StepKind = REQUEST) -> Original:
    """The mail as the recipient's program shows it."""
    return read_original(write_mail(address, kind).raw)


def writer_for(address: str, language: Language | None = None) -> Writer:
    """The person behind an address."""
    return Writer(
        address=address, name=address.partition("@")[0].replace(".", " ").capitalize(), language=language or LANGUAGES.get(address, "fi")
    )


def moment(mail: OutgoingMessage, hours: float = 24) -> datetime:
    """When the person answers, in the city's time."""
    return (mail.not_before + timedelta(hours=hours)).astimezone(ZONE)


def answer(
    name: str,
    client: Client,
    address: str,
    expected: Expected,
    *,
    kind: StepKind = REQUEST,
    top: str = "",
    filled: Mapping[str, Filled] | None = None,
    signature: str = "",
    writer: Writer | None = None,
    edit: Callable[[Original], Original] | None = None,
    changes: Iterable[Change] = (),
    hours: float = 24,
    trusted_authserv: str = "",
) -> Case:
    """Somebody answers the mail of a kind to an address."""
    mail = write_mail(address, kind)
    original = read_original(mail.raw)
    if edit is not None:
        original = edit(original)
    when = moment(mail, hours)
    raw = client(original, writer or writer_for(address), Typed(top=top, filled=filled or {}, signature=signature), when)
    for change in changes:
        raw = change(raw)
    return Case(name=name, raw=raw, received_at=when, expected=expected, trusted_authserv=trusted_authserv)


def applied(
    answers: Mapping[str, Said], *, asks: Mapping[str, str] | None = None, missing: tuple[str, ...] | None = None, **more: object
) -> Expected:
    """Answers to record."""
    trust, provisional = more.get("trust", "listed"), more.get("provisional", False)
    return Expected(
        answers=answers,
        asks=asks or {},
        missing=missing,
        trust=str(trust),
        provisional=provisional if isinstance(provisional, bool) else None,
    )


def asked(asks: Mapping[str, str] | None = None, missing: tuple[str, ...] | None = None) -> Expected:
    """Nothing to record; the sender is asked."""
    return Expected(verdict="asked_back", asks=asks or {}, missing=missing)


def held(kind: str = "reply", trust: str = "") -> Expected:
    """A person must look."""
    return Expected(kind=kind, verdict="held", trust=trust)


def ignored(kind: str, away_until: str = "") -> Expected:
    """Nothing follows."""
    return Expected(kind=kind, verdict="ignored", away_until=away_until)
