"""What is red about the service itself, in a sentence for the coordinator: the mailbox, the clock, mails that wait too long."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection

from reminder.domain.credentials import EXPIRY_NOTICE
from reminder.domain.programme import Language
from reminder.flows.mailbox_health import load_troubles
from reminder.flows.mailbox_words import warn_of_trouble
from reminder.flows.trouble_words import tell_lasting
from reminder.flows.worker_files import tell_different_files
from reminder.store import control, inbox
from reminder.store.restoring import LAST_POLL

POLL_ALARM = timedelta(minutes=30)
UNREAD_ALARM = timedelta(hours=1)

_POLL: Mapping[Language, str] = {
    "fi": "Postilaatikkoa ei ole voitu lukea (viimeksi {since} UTC). Vastaukset odottavat palvelimella, mitään ei katoa.",
    "sv": "Postlådan har inte kunnat läsas (senast {since} UTC). Svaren väntar på servern, inget försvinner.",
    "en": "The mailbox could not be read (last {since} UTC). Replies wait on the server, nothing is lost.",
}
_CLOCK: Mapping[Language, str] = {
    "fi": "Koneen kelloon ei voi luottaa, joten mitään ei lähetetä ennen kuin se on korjattu.",
    "sv": "Datorns klocka går inte att lita på, så inget skickas innan den har ställts.",
    "en": "The clock of the machine cannot be believed, so nothing is sent until it is right.",
}
_UNREAD: Mapping[Language, str] = {
    "fi": "Saapuneita viestejä on lukematta ({since} UTC alkaen).",
    "sv": "Mejl som har kommit in är olästa (sedan {since} UTC).",
    "en": "Mails that came in have not been read (since {since} UTC).",
}
_LOGIN_ENDS: Mapping[Language, str] = {
    "fi": "Varmenne, jolla palvelu kirjautuu postiin, on voimassa {until} UTC asti. Jos sitä ei uusita, mitään ei sen jälkeen "
    "lähetetä eikä lueta.",
    "sv": "Certifikatet som tjänsten loggar in med gäller till {until} UTC. Förnyas det inte skickas och läses ingenting därefter.",
    "en": "The certificate with which the service logs in ends {until} UTC. Nothing is sent or read after that, unless it is renewed.",
}


def tell_red(
    conn: Connection, language: Language, now: datetime, *, is_rehearsal: bool, login_ends: datetime | None = None
) -> tuple[str, ...]:
    """What is red at this moment, beside what the digest tells in its own words; a certificate four weeks before it ends."""
    found = []
    if (polled := control.get_state(conn, LAST_POLL)) is not None and now - datetime.fromisoformat(polled) > POLL_ALARM:
        found.append(_POLL[language].format(since=_shown(datetime.fromisoformat(polled))))
    for trouble in load_troubles(conn):
        if trouble.is_red:
            found.append(warn_of_trouble(trouble.kind.value, _shown(trouble.since), language))
    if control.judge_clock(conn, now).is_suspicious and not is_rehearsal:
        found.append(_CLOCK[language])
    unread = [row.captured_at for row in inbox.find_unfinished(conn) if row.reason != inbox.DEFERRED or row.next_attempt_at <= now]
    if unread and now - min(unread) > UNREAD_ALARM:
        found.append(_UNREAD[language].format(since=_shown(min(unread))))
    if login_ends is not None and login_ends - now <= EXPIRY_NOTICE:
        found.append(_LOGIN_ENDS[language].format(until=_shown(login_ends)))
    return (*found, *tell_lasting(conn, language), *tell_different_files(conn, language, now))


def _shown(instant: datetime) -> str:
    return f"{instant:%d.%m.%Y %H:%M}"
