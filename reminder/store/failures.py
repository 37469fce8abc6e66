"""What PostgreSQL says when a transaction did not come about through no fault of its own (faults D10, D11)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.exc import DBAPIError, OperationalError

from reminder.errors import TransactionFailed

ADVICE = "Look whether the database server runs and can be reached."
# Serialization failure, deadlock, lock timeout: surely rolled back. Read-only: after a failover we still talk to the standby.
_GAVE_WAY = frozenset({"40001", "40P01", "55P03", "25006"})


@dataclass(slots=True)
class Phase:
    """How far a transaction has come."""

    is_committing: bool = False


def find_failure(error: DBAPIError, phase: Phase) -> TransactionFailed | None:
    """The failure, where it is one of these, and whether the answer to the commit was lost; None for any other error, and on SQLite."""
    if hasattr(error.orig, "sqlite_errorname"):
        return None
    state = str(getattr(error.orig, "sqlstate", None) or "")
    if state in _GAVE_WAY:
        return TransactionFailed(f"The database has given way to another transaction: {error.orig}.", advice=ADVICE)
    if error.connection_invalidated or isinstance(error, OperationalError):
        told = f"The database cannot be used just now: {error.orig}."
        return TransactionFailed(told, advice=ADVICE, is_unknown=phase.is_committing)
    return None
