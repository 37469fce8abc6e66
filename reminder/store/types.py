"""Column types of our own: instants in UTC, JSON as text, text that no hostile mail can make unstorable."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

INSTANT_LENGTH = len("2024-02-14T07:00:00.000000Z")


def clean_text(text: str) -> str:
    """The text without what a database refuses: NUL (PostgreSQL) and lone surrogates (both) become U+FFFD and `?`."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware in, aware and in UTC out; a naive value is refused.

    SQLite has no such type and gives a `DateTime` back naive, so there it is ISO text of fixed width, which sorts by
    time. On PostgreSQL it is `timestamp with time zone`.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Text on SQLite, the native type elsewhere."""
        native = dialect.name != "sqlite"
        return dialect.type_descriptor(DateTime(timezone=True) if native else String(INSTANT_LENGTH))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Aware instant to what the database keeps. Raises ValueError for a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant without a time zone: {value!r}")
        instant = value.astimezone(UTC)
        if dialect.name != "sqlite":
            return instant
        return instant.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """What the database keeps to an aware instant in UTC. Raises ValueError for text that another type has written."""
        if value is None:
            return None
        instant = datetime.fromisoformat(value) if isinstance(value, str) else value
        if instant.tzinfo is None:
            raise ValueError(f"an instant without a time zone in the database: {value!r}")
        return instant.astimezone(UTC)


class SafeText(TypeDecorator[str]):
    """Text that may come from outside: what the database would refuse is replaced, so that storing never fails on it."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """See `clean_text`."""
        return None if value is None else clean_text(value)


class JsonText(TypeDecorator[Any]):
    """A JSON document as text, readable and with sorted keys, so that equal documents are equal strings."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """A value of JSON's own types to text."""
        if value is None:
            return None
        return clean_text(json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Text to a value of JSON's own types."""
        return None if value is None else json.loads(value)
