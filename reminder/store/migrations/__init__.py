"""Migrations, from the first table on, run by `Store.migrate`. A test compares what they build with `schema`."""
