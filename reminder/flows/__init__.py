"""Use cases, one a file: the only place where a transaction, an edge and a pure function meet."""
