"""Which words of parties may stand on the public page: those that a coordinator has let be published, or has corrected (decision 0033).

A publication is about certain words: where the party writes others, these wait again. The newest in force counts, so that the end of a
correction brings back what was published before it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from reminder.domain.assessments import Assessment
from reminder.store.schema import publication


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """One decision, in force until it ends. `text` stands in the place of the party's words where `is_corrected`."""

    id: int
    programme: str
    round: str
    party: str
    action: str
    words_hash: str
    is_corrected: bool
    text: str
    because: str
    actor: str
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class PublicWords:
    """The publications in force, as the page asks them."""

    decided: tuple[Publication, ...] = ()

    def of(self, fact: Assessment) -> Publication | None:
        """The decision about these very words, or None."""
        own = (fact.programme, fact.round, fact.party, fact.action, hash_words(fact))
        mine = [one for one in self.decided if (one.programme, one.round, one.party, one.action, one.words_hash) == own]
        return mine[-1] if mine else None

    def show(self, fact: Assessment) -> Assessment:
        """The fact with the words that the public sees: corrected ones where there are."""
        found = self.of(fact)
        return replace(fact, text=found.text) if found is not None and found.is_corrected else fact

    def allows(self, shown: Assessment) -> bool:
        """Whether the words of a fact, also of one from `show`, may be published."""
        place = (shown.programme, shown.round, shown.party, shown.action)
        corrected = any(one.is_corrected and one.text == shown.text and _place(one) == place for one in self.decided)
        return corrected or self.of(shown) is not None

    def fingerprint(self) -> str:
        """Differs where anything else may be published."""
        return repr([(one.id, one.text) for one in self.decided])


def hash_words(fact: Assessment) -> str:
    """What the words of a fact are known by: those about what was done, and about what comes next."""
    return hashlib.sha256(f"{fact.text}\n\n{fact.next_step}".encode()).hexdigest()


def add_publication(conn: Connection, fact: Assessment, *, text: str | None = None, because: str, actor: str, now: datetime) -> int:
    """Lets the words of a fact be published, as they stand or with `text` in the place of what was done. Gives back its id."""
    row = {
        "programme": fact.programme,
        "round": fact.round,
        "party": fact.party,
        "action": fact.action,
        "words_hash": hash_words(fact),
        "is_corrected": text is not None,
        "text": text or "",
        "because": because,
        "actor": actor,
        "decided_at": now,
        "ended_at": None,
    }
    return int(conn.execute(publication.insert().values(**row).returning(publication.c.id)).scalar_one())


def load_public_words(conn: Connection) -> PublicWords:
    """What may be published, of every round."""
    rows = conn.execute(select(publication).where(publication.c.ended_at.is_(None)).order_by(publication.c.id))
    return PublicWords(tuple(_publication(row) for row in rows))


def end_publications(conn: Connection, ids: Iterable[int], now: datetime) -> int:
    """Takes decisions back. How many had not ended before."""
    open_ = (publication.c.id.in_(sorted(ids)), publication.c.ended_at.is_(None))
    return conn.execute(update(publication).where(*open_).values(ended_at=now)).rowcount


def _place(one: Publication) -> tuple[str, str, str, str]:
    return (one.programme, one.round, one.party, one.action)


def _publication(row: Row[Any]) -> Publication:
    return Publication(
        id=row.id,
        programme=row.programme,
        round=row.round,
        party=row.party,
        action=row.action,
        words_hash=row.words_hash,
        is_corrected=row.is_corrected,
        text=row.text,
        because=row.because,
        actor=row.actor,
        decided_at=row.decided_at,
    )
