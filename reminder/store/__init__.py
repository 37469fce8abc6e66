"""The database: schema, migrations, engine, outbox, inbox and what is decided. Functions take a SQLAlchemy Connection.

The caller holds the transaction (`Store.begin`), so that a flow can put a fact and the mail that follows from it into one.
SQLite is the default, PostgreSQL is for several workers on several machines; one contract suite runs on both.
"""
