"""How much the database holds, for the limit that an installation sets itself (invariant R6)."""

from __future__ import annotations

from sqlalchemy import Connection


def used_bytes(conn: Connection) -> int:
    """Bytes in use: pages that SQLite has freed are used again and do not count; on PostgreSQL the whole database."""
    if conn.dialect.name == "postgresql":
        return int(conn.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one())
    pages, free, size = (int(conn.exec_driver_sql(f"PRAGMA {name}").scalar_one()) for name in ("page_count", "freelist_count", "page_size"))
    return (pages - free) * size
