"""Migrations: from nothing to exactly the tables of `schema`, in one transaction, and verdicts on what is found."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from reminder.errors import StoreFailure
from reminder.store.engine import Store
from reminder.store.schema import metadata


def test_the_migrations_build_the_tables_of_the_schema(empty_url: str) -> None:
    """Empty to head equals metadata.create_all: tables, columns, keys and indexes."""
    store = Store.open(empty_url)
    store.migrate()
    with store.begin() as conn:
        differences = compare_metadata(MigrationContext.configure(conn, opts={"compare_type": True}), metadata)
        migrated = _describe(conn)
        metadata.drop_all(conn)
        conn.execute(text("DROP TABLE alembic_version"))
        metadata.create_all(conn)
        created = _describe(conn)
    store.close()

    assert differences == []
    assert migrated == created


def test_migrating_again_changes_nothing(store: Store) -> None:
    """`migrate` is safe to repeat, and the schema then passes its check."""
    store.migrate()
    store.check_schema()


def test_an_empty_database_is_reported(empty_url: str) -> None:
    """A database without tables is not a service that has nothing to do."""
    with pytest.raises(StoreFailure) as caught:
        Store.open(empty_url).check_schema()
    assert caught.value.advice == "Run `reminder migrate`."


@pytest.mark.fault("D7")
def test_a_missing_file_is_reported_and_not_made(tmp_path: Path) -> None:
    """Fault D7: looking for a database does not create one."""
    with pytest.raises(StoreFailure, match="no database"):
        Store.open(f"sqlite:///{tmp_path / 'gone.db'}").check_schema()
    assert not list(tmp_path.iterdir())


@pytest.mark.fault("K15")
@pytest.mark.parametrize("change", ["DELETE FROM alembic_version", "INSERT INTO alembic_version VALUES ('0001')"])
def test_a_half_migrated_database_is_refused(store: Store, change: str) -> None:
    """Tables without a version, or two versions at once: neither the service nor `migrate` guesses."""
    with store.begin() as conn:
        conn.execute(text(change))

    with pytest.raises(StoreFailure, match="half migrated"):
        store.check_schema()
    with pytest.raises(StoreFailure, match="half migrated"):
        store.migrate()


@pytest.mark.fault("G7")
def test_a_newer_schema_is_refused(store: Store) -> None:
    """Fault G7: an old program stops at a database that a newer one has migrated, and does not migrate it either."""
    with store.begin() as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(StoreFailure, match="newer"):
        store.check_schema()
    with pytest.raises(StoreFailure, match="newer"):
        store.migrate()


@pytest.mark.fault("K15")
def test_a_killed_migration_leaves_nothing(empty_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fault K15: tables are made in one transaction, so half a migration cannot stay behind."""
    store = Store.open(empty_url)
    with monkeypatch.context() as patch:
        patch.setattr("alembic.op.create_index", _interrupt)
        with pytest.raises(InterruptedError):
            store.migrate()
    with store.read() as conn:
        names = inspect(conn).get_table_names()
    store.migrate()

    assert names == []
    store.check_schema()


def test_two_processes_may_migrate_at_once(empty_url: str) -> None:
    """Whoever comes second finds the work done."""

    def migrate(_: int) -> None:
        store = Store.open(empty_url)
        store.migrate()
        store.check_schema()
        store.close()

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(migrate, range(3))) == [None, None, None]


def _interrupt(*_: object, **__: object) -> None:
    raise InterruptedError


def _describe(conn: object) -> dict[str, object]:
    inspector = inspect(conn)
    assert inspector is not None
    return {
        name: (
            sorted((column["name"], str(column["type"]), column["nullable"]) for column in inspector.get_columns(name)),
            inspector.get_pk_constraint(name)["constrained_columns"],
            sorted(str(key["column_names"]) for key in inspector.get_unique_constraints(name)),
            sorted((str(key["constrained_columns"]), key["referred_table"]) for key in inspector.get_foreign_keys(name)),
            sorted(
                (str(index["name"]), str(index["column_names"]), bool(index["unique"]), _options(index.get("dialect_options", {})))
                for index in inspector.get_indexes(name)
            ),
        )
        for name in inspector.get_table_names()
        if name != "alembic_version"
    }


def _options(options: dict[str, object]) -> str:
    return str(sorted((name, str(value)) for name, value in options.items()))
