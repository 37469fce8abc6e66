"""The test mail before `arm`: a mail to each coordinator and a copy to our own address, and a look whether the copy comes back.

What the copy proves is the whole way without a person: our relay takes mail, it is delivered to the address that replies come to,
our mailbox can be read, and the token is known again (decision 0016). Seconds are real ones, in a rehearsal too.

Crash story: (1) the mails and the note that they are the test, commit; (2) each is delivered under a lease, as any mail; (3) what is seen
is noted. Killed after 1, the next `arm` sends what has not left; within an hour of it nothing is sent twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from time import monotonic

from sqlalchemy import Connection

from reminder.compose.views import TrialView, UpcomingMail
from reminder.domain.intents import Recipient
from reminder.domain.messages import OutboxState, OutgoingMessage
from reminder.errors import TemporaryFailure
from reminder.flows.deliver import deliver_test
from reminder.flows.house import House
from reminder.flows.looking import Look
from reminder.flows.posting import finish_posting, open_posting, write_heading
from reminder.flows.trial import Trial, begin_trial, load_trial
from reminder.store import outbox, people

AGAIN_AFTER = timedelta(hours=1)
"""Within this time the same people get no second test mail."""
UNREAD_ADVICE = "`reminder check --connect` says more. `reminder arm --without-test` arms nevertheless."
_LEFT = frozenset({OutboxState.ACCEPTED, OutboxState.UNKNOWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """One of the mails, and what the relay said of it."""

    address: str
    state: OutboxState
    text: str

    @property
    def has_left(self) -> bool:
        """Whether the relay has it, or may have it."""
        return self.state in _LEFT


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What came of the test mail until now."""

    mails: tuple[Handed, ...]
    copy: Handed
    trial: Trial
    seconds: float | None = None
    """Real seconds until the copy was seen; None where it was not, or where it was sent before."""
    waited: float = 0.0
    blind: str = ""
    """Why our own mailbox could not be looked into; empty where it could."""
    is_again: bool = False
    """It was sent before, within the hour, and was not sent again."""

    @property
    def has_left(self) -> bool:
        """Whether the relay has taken all of it."""
        return self.copy.has_left and all(mail.has_left for mail in self.mails)


def try_mail(
    house: House,
    *,
    first: UpcomingMail | None,
    wait: float,
    is_shown_first: bool,
    watch: Callable[[float], None],
    must_see: bool = False,
) -> Tried:
    """Sends the test mail and waits at most so many seconds for its copy; `watch` is told how many have passed.

    With `must_see` it raises TemporaryFailure where our own mailbox cannot be read, and sends nothing. Raises TemporaryFailure where
    the clock cannot be believed, HeaderUnsound where the mail cannot be written.
    """
    look = Look(house)
    look.begin()
    if look.fault and must_see:
        raise TemporaryFailure(f"Our own mailbox cannot be read, so no test mail was sent: {look.fault}", advice=UNREAD_ADVICE)
    trial, is_again = _open_trial(house, first, is_shown_first=is_shown_first)
    if is_again:
        look.look_back()
    deliver_test(house)
    began = monotonic()
    mails, copy = _load_handed(house, trial)
    tried = Tried(mails=mails, copy=copy, trial=trial, blind=look.fault, is_again=is_again)
    if not copy.has_left:
        return tried
    seen = look.until_seen(trial, wait, watch)
    passed = monotonic() - began
    is_measured = seen.is_proven and not is_again and not trial.is_proven
    return replace(tried, trial=seen, seconds=passed if is_measured else None, waited=passed, blind=look.fault)


def give_up_trial(conn: Connection, now: datetime) -> None:
    """It is armed without a test mail: what of it has not left never does."""
    trial = load_trial(conn)
    for mail in (*trial.mails, trial.copy) if trial is not None and trial.was_sent else ():
        outbox.cancel(conn, mail, "armed without the test mail", now)
    begin_trial(conn, (), "", now)


def _open_trial(house: House, first: UpcomingMail | None, *, is_shown_first: bool) -> tuple[Trial, bool]:
    """The test mail to go on with: that of the last hour, with what of it has not left written anew, or a new one."""
    now = house.clock.now()
    with house.store.begin() as conn:
        before, kept = _keep_sent(conn, now)
        recipients = _recipients(conn, house, now)
        written = [
            _compose(house, one, first, now, is_copy=number == 0, is_shown_first=is_shown_first)
            for number, one in enumerate(recipients)
            if one.person not in kept
        ]
        for message in written:
            outbox.enqueue(conn, message, now)
        is_again = before is not None and recipients[0].person in kept
        kept |= {message.person: message.id for message in written}
        copy, *mails = (kept[one.person] for one in recipients)
        if written:
            # What is known of a copy that was sent before stays known.
            begin_trial(conn, tuple(mails) or (copy,), copy, before.sent_at if before is not None and is_again else now)
        trial = load_trial(conn)
    if trial is None:
        raise ValueError("the test mail was not noted")
    return trial, is_again


def _keep_sent(conn: Connection, now: datetime) -> tuple[Trial | None, dict[str, str]]:
    """The last hour's test, and what of it has left, by person; the rest is cancelled. One that cannot be cancelled may have left."""
    trial = load_trial(conn)
    if trial is None or not trial.was_sent or not timedelta(0) <= now - trial.sent_at < AGAIN_AFTER or trial.returned:
        return None, {}
    kept = {}
    for mail in (trial.copy, *trial.mails):
        row = outbox.load_message(conn, mail)
        if row is not None and (row.state in _LEFT or (not row.state.is_final and not outbox.cancel(conn, mail, "written anew", now))):
            kept[row.person] = row.id
    return trial, kept


def _recipients(conn: Connection, house: House, now: datetime) -> tuple[Recipient, ...]:
    """Our own address first, then the coordinators."""
    own, coordinators = house.addressing.reply_to, house.setup.directory.coordinators
    persons = people.ensure_persons(conn, [own.address, *(one.address for one in coordinators)], now)
    language = coordinators[0].language if coordinators else house.setup.languages[0]
    ours = own.address.strip().lower()
    found = {ours: Recipient(person=persons[ours], address="", name=own.name, language=language)}
    for one in coordinators:
        address = one.address.strip().lower()
        found.setdefault(address, Recipient(person=persons[address], address=one.address, name=one.name, language=one.language))
    return tuple(found.values())


def _compose(
    house: House, recipient: Recipient, first: UpcomingMail | None, now: datetime, *, is_copy: bool, is_shown_first: bool
) -> OutgoingMessage:
    programme = next(iter(house.setup.programmes.values()))
    posting = open_posting(house, programme.tag)
    heading = write_heading(house, posting, programme, programme.name, recipient.language, house.setup.calendar.local_day(now))
    draft = house.composer.trial(TrialView(heading=heading, is_copy=is_copy, first=first, is_shown_first=is_shown_first))
    addressed = replace(recipient, address=posting.reply_address) if is_copy else recipient
    return finish_posting(house, posting, draft, addressed, now, expires_at=now + AGAIN_AFTER)


def _load_handed(house: House, trial: Trial) -> tuple[tuple[Handed, ...], Handed]:
    with house.store.read() as conn:
        rows = {row.id: row for mail in (*trial.mails, trial.copy) if (row := outbox.load_message(conn, mail)) is not None}
        sent = {message.id: message for message in outbox.find_sent(conn, list(rows))}
    handed = {key: Handed(address=sent[key].recipient, state=row.state, text=row.reason) for key, row in rows.items()}
    return tuple(handed[mail] for mail in trial.mails), replace(handed[trial.copy], address=house.addressing.reply_to.address)
