"""Migrations, from the first table on. Run by `Store.migrate`; a new one is made with `alembic revision` (docs/architecture.md)."""
