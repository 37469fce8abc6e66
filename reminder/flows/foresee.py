"""What the single steps would do now; changes nothing. Behind every `--dry-run`."""

from __future__ import annotations

from reminder.domain.messages import OutboxState
from reminder.flows.collect import find_new
from reminder.flows.deliver import allowed_kinds
from reminder.flows.house import House
from reminder.store import control, inbox, outbox

ALL = 1_000_000


def count_to_fetch(house: House) -> int:
    """How many mails `collect` would fetch. Raises TemporaryFailure where the mailbox cannot be read."""
    source = house.source
    if source is None:
        return 0
    return sum(len(find_new(house, source, scan, is_kept=False)) for scan in source.scan() if not scan.is_missing)


def count_to_read(house: House) -> int:
    """How many mails wait to be interpreted."""
    with house.store.read() as conn:
        return len(inbox.find_unfinished(conn))


def count_to_send(house: House) -> int:
    """How many mails `deliver` would try, before the last look at each: due, and not held by arm or pause."""
    now = house.clock.now()
    with house.store.read() as conn:
        kinds = allowed_kinds(control.load_control(conn), now)
        waiting = [
            row for state in (OutboxState.QUEUED, OutboxState.DEFERRED) for row in outbox.list_messages(conn, state=state, limit=ALL)
        ]
    return sum(row.kind.value in (kinds or ()) and row.next_attempt_at <= now for row in waiting)
