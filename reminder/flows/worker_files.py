"""Whether the service processes that live have the same configuration files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from reminder.domain.programme import Language
from reminder.store.workers import Worker, load_workers

SILENT_ALARM = timedelta(minutes=2)
"""Without a sign of life for so long, a worker does not count as living."""
FILES_ALARM = timedelta(minutes=15)
"""How long an edit may take to reach all machines."""
_DIFFERENT: Mapping[Language, str] = {
    "fi": "Palvelua ajetaan {workers} prosessissa, joilla on {sets} erilaista asetustiedostojen versiota; viestejä suunnittelee vain "
    "se, jolla on voimassa oleva. Pyydä ylläpitoa viemään samat tiedostot kaikille koneille.",
    "sv": "Tjänsten körs i {workers} processer som har {sets} olika versioner av konfigurationsfilerna; bara den som har den gällande "
    "planerar mejl. Be administratören föra samma filer till alla maskiner.",
    "en": "The service runs in {workers} processes that have {sets} different sets of configuration files; only the one with those in "
    "force plans mails. Ask the administrator to bring the same files to all machines.",
}


def list_living(conn: Connection, now: datetime) -> tuple[Worker, ...]:
    """The service processes that were heard of lately."""
    return tuple(one for one in load_workers(conn) if now - one.seen_at <= SILENT_ALARM)


def count_sets(workers: Sequence[Worker], now: datetime) -> int:
    """How many different sets of files they run with, where that has lasted; 1 while an edit is being taken from one to the next."""
    newest = max((one.configuration_since for one in workers), default=now)
    return len({one.configuration for one in workers}) if now - newest > FILES_ALARM else 1


def tell_different_files(conn: Connection, language: Language, now: datetime) -> tuple[str, ...]:
    """The sentence for the digest, where it has lasted."""
    workers = list_living(conn, now)
    sets = count_sets(workers, now)
    return (_DIFFERENT[language].format(workers=len(workers), sets=sets),) if sets > 1 else ()
