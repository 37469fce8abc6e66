"""At most one schedule mail a day to a person, kept at the moment of sending (DESIGN, decision 12, invariant O8).

The planner keeps to it when it makes a mail. A mail that could not leave on the day for which it was made, or whose fate is unknown
and which is sent again, may meet the next one of the same person here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, or_, select

from reminder.domain.messages import OutboxState
from reminder.store.outbox.finding import DUTY_KINDS
from reminder.store.outbox.leasing import Claimed, release
from reminder.store.schema import message, person

HAD_TODAY = "the person has had another mail today"
IN_TALK = "another mail to the person is being sent"
MOMENT = timedelta(minutes=1)


def keep_one_a_day(
    conn: Connection, claimed: Sequence[Claimed], now: datetime, *, began: datetime, next_turn: datetime
) -> tuple[Claimed, ...]:
    """Those of the claimed mails that may leave. The others go back, without an attempt counted.

    Who has had a mail since `began`, the start of the day, gets the next one at `next_turn`. While one is being sent, by this worker
    or another, the next waits a moment, since the first may yet fail. Two workers that ask for one person at once ask in turn.
    """
    persons = sorted({mail.person for mail in claimed if mail.kind in DUTY_KINDS})
    if not persons:
        return tuple(claimed)
    conn.execute(select(person.c.id).where(person.c.id.in_(persons)).order_by(person.c.id).with_for_update()).all()
    had, busy = _find_others(conn, claimed, persons, began, now)
    kept: list[Claimed] = []
    for mail in claimed:
        others = {other for other in had.get(mail.person, set()) if other != mail.id}
        if mail.kind not in DUTY_KINDS:
            kept.append(mail)
        elif others:
            release(conn, mail, now, HAD_TODAY, next_attempt_at=next_turn)
        elif mail.person in busy:
            release(conn, mail, now, IN_TALK, next_attempt_at=now + MOMENT)
        else:
            kept.append(mail)
            busy.add(mail.person)
    return tuple(kept)


def _find_others(
    conn: Connection, claimed: Sequence[Claimed], persons: Sequence[str], began: datetime, now: datetime
) -> tuple[dict[str, set[str]], set[str]]:
    """The mails that may have reached each person since `began`, and the persons whom somebody else is just sending one."""
    own = {mail.id for mail in claimed}
    is_leased = message.c.state == OutboxState.LEASED.value
    went = (message.c.dot_at >= began) & (message.c.dot_at <= now)
    query = select(message.c.id, message.c.person, message.c.state, message.c.dot_at)
    query = query.where(message.c.person.in_(persons), message.c.kind.in_(DUTY_KINDS), or_(went, is_leased))
    had: dict[str, set[str]] = {}
    busy: set[str] = set()
    for row in conn.execute(query):
        if row.dot_at is not None and began <= row.dot_at <= now:
            had.setdefault(row.person, set()).add(row.id)
        elif row.id not in own:
            busy.add(row.person)
    return had, busy
