"""What waits for a person reaches a digest, also when the round is complete, closed or over and its schedule has none any more.

Crash story: the step and the finished digest are one transaction, as for any digest. Killed before its commit, the next pass looks
again; killed after it, the step is settled.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import Connection

from reminder.domain.intents import PlannedStep, SendIntent, SkipReason
from reminder.domain.messages import OutboxState
from reminder.domain.rounds import ReportingRound
from reminder.domain.setup import Setup
from reminder.flows.desk import INBOX_WAITING, OUTBOX_WAITING
from reminder.flows.digest import list_unpublished
from reminder.flows.house import House
from reminder.flows.knowledge import decided_setup, load_round
from reminder.flows.renaming import current_of_party
from reminder.flows.troubles import newest_replies, open_bounces
from reminder.plan.known import recipients_of
from reminder.plan.late_digests import current_digest, find_scheduled, late_digest, newest_begun
from reminder.plan.steps import FULL_WEEK
from reminder.store import inbox, outbox, overlays, people
from reminder.store.publications import load_public_words

LOOKED_AT = "late_digests_looked_at"
"""Key of the process's memory: when it last looked for words that wait, since that reads a round whole."""
LOOK_EVERY = timedelta(hours=1)
_OVER = {SkipReason.COMPLETE.value, SkipReason.CLOSED.value}


def find_late_digests(house: House, now: datetime) -> tuple[SendIntent, ...]:
    """The digests that are owed beside the schedule, one a coordinator and round; changes nothing but the process's memory.

    Where the schedule has its own for the day, that comes first: only when it ended since nothing is owed, is one sent in its place.
    """
    found = list[SendIntent]()
    with house.store.read() as conn:
        is_waiting = _waits_for_anybody(conn)
        if not is_waiting and not _may_look(house, now):
            return ()
        setup = decided_setup(conn, house.setup)
        for one in (newest_begun(setup, programme, now) for programme in setup.programmes):
            step = late_digest(setup, one, now) if one is not None else None
            intents = tuple(_unsent(conn, setup, step)) if step is not None else ()
            if one is not None and intents and (is_waiting or _has_bounce(conn, one, now) or _has_words(conn, house, one, now)):
                found += intents
    return tuple(found)


def list_current_digests(house: House, now: datetime) -> tuple[SendIntent, ...]:
    """Those that may have gone by now, whether or not anything waits: what `arm` skips with all that is due (invariant R8)."""
    with house.store.read() as conn:
        setup = decided_setup(conn, house.setup)
        begun = (newest_begun(setup, programme, now) for programme in setup.programmes)
        steps = [step for one in begun if one is not None and (step := current_digest(setup, one, now)) is not None]
        return tuple(intent for step in steps for intent in _list_open(conn, setup, step))


def _may_look(house: House, now: datetime) -> bool:
    looked = house.memory.get(LOOKED_AT)
    if isinstance(looked, datetime) and timedelta() <= now - looked < LOOK_EVERY:
        return False
    house.memory[LOOKED_AT] = now
    return True


def _unsent(conn: Connection, setup: Setup, step: PlannedStep) -> Iterator[SendIntent]:
    """The digest for each coordinator who has had none for that day, where the schedule sends none."""
    left = _list_open(conn, setup, step)
    if not left:
        return
    own = find_scheduled(setup, step, current_of_party(setup, overlays.load_extensions(conn)))
    yield from (one for one in left if own is None or outbox.why_skipped(conn, own.for_recipient(one.recipient.person)) in _OVER)


def _list_open(conn: Connection, setup: Setup, step: PlannedStep) -> list[SendIntent]:
    """The step for each coordinator for whom it has not ended."""
    persons = people.find_persons(conn, (contact.address for contact in setup.directory.coordinators))
    return [
        SendIntent(recipient=recipient, steps=(step,))
        for recipient in recipients_of(setup, step.key, persons)
        if outbox.why_skipped(conn, step.key.for_recipient(recipient.person)) is None
    ]


def _waits_for_anybody(conn: Connection) -> bool:
    """Whether a mail that came in, or one that goes out, waits for a decision, of whatever round."""
    if inbox.list_inbound(conn, states=INBOX_WAITING, limit=1):
        return True
    wanted = OUTBOX_WAITING - {OutboxState.WAITING_APPROVAL}
    return any(outbox.list_messages(conn, state=state, limit=1) for state in sorted(wanted))


def _has_bounce(conn: Connection, one: ReportingRound, now: datetime) -> bool:
    """Whether a mail has come back since the last digest; an older one was told, and nothing is asked of that party any more."""
    found = open_bounces(conn, one.programme, one.id, newest_replies(conn, one.programme, one.id))
    return any(at >= now - FULL_WEEK for at in found.values())


def _has_words(conn: Connection, house: House, one: ReportingRound, now: datetime) -> bool:
    """Whether words of a party wait to be published."""
    if house.site is None or house.setup.publish_texts:
        return False
    knowledge = load_round(conn, house.setup, now, one)
    return bool(list_unpublished(knowledge, knowledge.setup.round(one.programme, one.id) or one, load_public_words(conn)))
