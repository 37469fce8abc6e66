"""What people are told after an older copy of the database was restored, until everything about it is decided."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from reminder.compose.words import format_moment
from reminder.domain.programme import Language
from reminder.store import outbox
from reminder.store.restoring import load_restored

_COPY: Mapping[Language, str] = {
    "fi": "Tietokanta palautettiin {at} varmuuskopiosta ({copied}).",
    "sv": "Databasen återställdes {at} från en säkerhetskopia ({copied}).",
    "en": "The database was restored {at} from a backup ({copied}).",
}
_HELD: Mapping[Language, str] = {
    "fi": " Viestejä, jotka ovat ehkä jo lähteneet, odottaa päätöstä: {count}. Ks. reminder outbox list --state needs_review.",
    "sv": " Mejl som kanske redan har gått iväg och väntar på beslut: {count}. Se reminder outbox list --state needs_review.",
    "en": " Mails that may have gone already and wait for a decision: {count}. See reminder outbox list --state needs_review.",
}
_UNREAD: Mapping[Language, str] = {
    "fi": " Kopion jälkeen tulleita viestejä ei ole vielä luettu uudelleen.",
    "sv": " Det som kom in efter kopian har inte lästs på nytt ännu.",
    "en": " What came in after the copy was made has not been read again yet.",
}
_READ: Mapping[Language, str] = {
    "fi": " Kopion jälkeen tulleita viestejä luettiin uudelleen: {count}. Niihin ei vastattu toista kertaa.",
    "sv": " Mejl som kom in efter kopian och lästes på nytt: {count}. De besvarades inte en gång till.",
    "en": " Mails that came in after the copy and were read again: {count}. They were not answered a second time.",
}
_UNKNOWN_TIME: Mapping[Language, str] = {"fi": "aika ei ole tiedossa", "sv": "tiden är okänd", "en": "of an unknown time"}


def count_held(conn: Connection) -> int:
    """How many mails a restore has left to a person."""
    return sum(1 for one in outbox.list_review(conn) if one.held_as)


def tell_restored(conn: Connection, zone: ZoneInfo, language: Language, since: datetime) -> tuple[str, ...]:
    """The last restore in a few sentences: for as long as something about it is open, and where it is not older than `since`."""
    restored = load_restored(conn)
    if restored is None:
        return ()
    held = count_held(conn)
    if restored.at < since and not held and restored.read_again is not None:
        return ()
    copied = format_moment(restored.copied_at.astimezone(zone), language) if restored.copied_at else _UNKNOWN_TIME[language]
    told = _COPY[language].format(at=format_moment(restored.at.astimezone(zone), language), copied=copied)
    told += _HELD[language].format(count=held) if held else ""
    told += _UNREAD[language] if restored.read_again is None else _READ[language].format(count=restored.read_again)
    return (told,)
