"""On PostgreSQL too a reply costs what it is about, and not what others have said: the rows that are read, by the server's own count."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from reminder.store.engine import Store
from tests.flows.history import read_tuples
from tests.flows.test_growth import live, prepare
from tests.flows.town import open_town

OTHERS = 1200


@pytest.mark.real
def test_a_reply_reads_no_table_of_the_history_whole(store: Store) -> None:
    """Each statement finds its rows by an index once the tables are large; the whole pass reads fewer rows than others have written."""
    town = open_town(store)
    prepare(town, OTHERS)
    with store.begin() as conn:
        conn.execute(text("ANALYZE"))
    before = read_tuples(store)
    live(town)
    read = read_tuples(store) - before

    assert read["message by index"], "the rows are counted"
    assert sum(read.values()) < OTHERS / 2, read
