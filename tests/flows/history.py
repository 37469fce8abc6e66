"""A history that others have left: what one real reply and its acknowledgement wrote, many times over for other parties; and what a
piece of work costs the database, counted in steps of SQLite's machine or in rows that PostgreSQL has read, never in time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Table, event, func, insert, select, text

from reminder.store.engine import Store
from reminder.store.schema import (
    assessment,
    attempt,
    inbound,
    inbound_body,
    message,
    message_body,
    person,
    reading,
    sign,
)
from reminder.store.schema import event as event_table

CHUNK = 500
Row = Mapping[str, Any]


def multiply_reply(store: Store, inbound_id: int, copies: int, rename: Callable[[str, int], str]) -> None:
    """Copies all that one reply and its answer left, `copies` times, each as from another mail of another person.

    `rename` says for the party and for the action of the pattern what they are called in a copy.
    """
    with store.begin() as conn:
        first = 1 + int(conn.execute(select(func.max(inbound.c.id))).scalar_one())
        for start in range(0, copies, CHUNK):
            _add(conn, inbound_id, first, range(start, min(start + CHUNK, copies)), rename)
        if conn.dialect.name == "postgresql":  # which does not see that we have given the numbers out ourselves
            conn.execute(text("SELECT setval(pg_get_serial_sequence('inbound', 'id'), (SELECT max(id) FROM inbound))"))


def _add(conn: Connection, pattern: int, first: int, numbers: range, rename: Callable[[str, int], str]) -> None:
    def copy(table: Table, rows: list[Row], change: Callable[[Row, int], Row]) -> None:
        fresh = [{**row, **change(row, number)} for number in numbers for row in rows]
        if fresh:
            conn.execute(insert(table), fresh)

    def load(table: Table, column: str, value: Any) -> list[Row]:
        return [
            {name: entry for name, entry in row.items() if name != "id" or table is message}
            for row in conn.execute(select(table).where(table.c[column] == value)).mappings()
        ]

    def named(row: Row, number: int) -> dict[str, str]:
        return {name: rename(row[name], number) for name in ("party", "action") if row.get(name)}

    def others(number: int) -> dict[str, str]:
        return {"person": f"p-other-{number}"}

    sent = load(message, "answers_inbound", pattern)
    copy(person, [{}], lambda row, n: {"id": f"p-other-{n}", "address": f"other{n}@elsewhere.example", "created_at": _now(conn)})
    copy(
        inbound,
        load(inbound, "id", pattern),
        lambda row, n: {"id": first + n, "uid": f"copy-{n}", "content_hash": f"{n:064}", "sender": f"s{n}"},
    )
    copy(inbound_body, load(inbound_body, "inbound", pattern), lambda row, n: {"inbound": first + n})
    copy(reading, load(reading, "inbound", pattern), lambda row, n: {"inbound": first + n})
    copy(
        assessment,
        load(assessment, "inbound", pattern),
        lambda row, n: {"inbound": first + n, "source_key": f"inbound:{first + n}", "actor": f"p-other-{n}", **named(row, n)},
    )
    copy(event_table, _events(conn, pattern), lambda row, n: {"document": {**row["document"], "inbound": first + n}, **named(row, n)})
    for one in sent:
        mail = one["id"]
        copy(
            message,
            [one],
            lambda row, n: {"id": f"{n}.{mail}"[:40], "message_id": f"<{n}.{mail}>", "answers_inbound": first + n, **others(n)},  # noqa: B023
        )
        copy(message_body, load(message_body, "message", mail), lambda row, n: {"message": f"{n}.{mail}"[:40]})  # noqa: B023
        copy(attempt, load(attempt, "message", mail), lambda row, n: {"message": f"{n}.{mail}"[:40]})  # noqa: B023
    copy(sign, load(sign, "inbound", pattern), lambda row, n: {"inbound": first + n})


def _now(conn: Connection) -> Any:
    return conn.execute(select(func.max(message.c.created_at))).scalar_one()


def _events(conn: Connection, pattern: int) -> list[Row]:
    rows = conn.execute(select(event_table)).mappings()
    return [{name: entry for name, entry in row.items() if name != "id"} for row in rows if row["document"].get("inbound") == pattern]


@contextmanager
def count_steps(store: Store, every: int = 10) -> Iterator[Counter[str]]:
    """Counts while it lasts, statement by statement, how many steps the machine of SQLite made: what it reads, and what it skips over."""
    steps: Counter[str] = Counter()
    current = [""]

    def begin_statement(conn: Any, cursor: Any, statement: str, *_: Any) -> None:
        current[0] = statement
        steps[statement] += 0
        cursor.connection.set_progress_handler(on_step, every)

    def on_step() -> None:
        steps[current[0]] += every

    engines = {store.writer, store.reader}
    for engine in engines:
        event.listen(engine, "before_cursor_execute", begin_statement)
    try:
        yield steps
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", begin_statement)
            engine.dispose()


def read_tuples(store: Store) -> Counter[str]:
    """How many rows PostgreSQL has read so far of each table, by the way: from its whole, or by an index."""
    store.writer.dispose()  # a connection tells what it has read when it ends
    query = text("SELECT relname, coalesce(seq_tup_read, 0), coalesce(idx_tup_fetch, 0) FROM pg_stat_user_tables")
    with store.writer.connect() as conn:
        rows = conn.execute(query).all()
    return Counter({f"{name} {way}": count for name, whole, part in rows for way, count in (("whole", whole), ("by index", part))})
