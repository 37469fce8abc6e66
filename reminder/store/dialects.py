"""What SQLite and PostgreSQL say in different words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Table, func, select
from sqlalchemy.dialects import postgresql, sqlite


def insert_new(conn: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> list[Row[Any]]:
    """Inserts those rows that break no unique key, and gives back their primary keys.

    "Somebody else was first" is an ordinary outcome here, not an error; on PostgreSQL the insert waits until the other
    transaction has ended, so the answer is final.
    """
    if not rows:
        return []
    keys = tuple(table.primary_key.columns)
    if conn.dialect.name == "postgresql":
        return list(conn.execute(postgresql.insert(table).on_conflict_do_nothing().returning(*keys), list(rows)))
    return list(conn.execute(sqlite.insert(table).on_conflict_do_nothing().returning(*keys), list(rows)))


def upsert(conn: Connection, table: Table, row: Mapping[str, Any]) -> None:
    """Inserts a row, or replaces the one with its primary key."""
    keys = [column.name for column in table.primary_key.columns]
    rest = {name: value for name, value in row.items() if name not in keys}
    if conn.dialect.name == "postgresql":
        conn.execute(postgresql.insert(table).values(**row).on_conflict_do_update(index_elements=keys, set_=rest))
    else:
        conn.execute(sqlite.insert(table).values(**row).on_conflict_do_update(index_elements=keys, set_=rest))


def one_at_a_time(conn: Connection, what: str) -> None:
    """Lets no other transaction that names the same thing go on until this one ends; what is read after it is the newest.

    For what looks first and writes then, where no unique key can judge. On SQLite every writing transaction is alone anyway.
    """
    if conn.dialect.name == "postgresql":
        conn.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"reminder {what}", 0))))
