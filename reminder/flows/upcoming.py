"""What has been settled already, for commands that show the year; works without a database too."""

from __future__ import annotations

from collections.abc import Mapping

from reminder.domain.rounds import Extension
from reminder.store import outbox, overlays, people
from reminder.store.engine import Store


def load_upcoming(store: Store | None) -> tuple[frozenset[str], tuple[Extension, ...], Mapping[str, str]]:
    """Settled keys, extensions and pseudonyms; all empty where there is no database yet. Closes the store."""
    if store is None:
        return frozenset(), (), {}
    try:
        with store.read() as conn:
            return outbox.load_settled(conn), overlays.load_extensions(conn), people.load_persons(conn)
    finally:
        store.close()
