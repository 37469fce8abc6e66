"""The contract of the store, the same on SQLite and PostgreSQL."""
