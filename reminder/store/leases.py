"""What one process at a time may do, such as reading the mailbox: a lease with an epoch that grows with each holder.

The clocks of several machines need not agree for this to be right: an early takeover makes the earlier holder's commits fail, since
`renew`, called in the transaction of the effect, finds another epoch. The clock decides only how soon somebody else takes over.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, or_, update

from reminder.store.dialects import insert_new
from reminder.store.schema import lease as lease_table


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A lease that was taken; `epoch` must come back with every word about it."""

    name: str
    owner: str
    epoch: int


def take(conn: Connection, name: str, owner: str, now: datetime, *, lease: timedelta) -> Held | None:
    """Takes a lease that nobody holds, or that has ended, or our own once more; None where another process has it."""
    insert_new(conn, lease_table, [{"name": name, "owner": "", "until": now, "epoch": 0}])
    is_free = or_(lease_table.c.until <= now, lease_table.c.owner == owner)
    values = {"owner": owner, "until": now + lease, "epoch": lease_table.c.epoch + 1}
    taken = update(lease_table).where(lease_table.c.name == name, is_free).values(**values).returning(lease_table.c.epoch)
    epoch = conn.execute(taken).scalar()
    return None if epoch is None else Held(name=name, owner=owner, epoch=epoch)


def renew(conn: Connection, held: Held, now: datetime, *, lease: timedelta) -> bool:
    """Holds the lease until the transaction ends, and for `lease` from now on; False where another has taken it since.

    One that has ended and that nobody has taken is still ours.
    """
    return conn.execute(update(lease_table).where(_is_ours(held)).values(until=now + lease)).rowcount == 1


def give_back(conn: Connection, held: Held, now: datetime) -> None:
    """Ends the lease; nothing where another has it."""
    conn.execute(update(lease_table).where(_is_ours(held)).values(until=now))


def _is_ours(held: Held) -> ColumnElement[bool]:
    return (lease_table.c.name == held.name) & (lease_table.c.owner == held.owner) & (lease_table.c.epoch == held.epoch)
