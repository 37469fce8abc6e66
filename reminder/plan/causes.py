"""Why a mail moves, comes or goes by an edit: the first thing that differs on the way to its date, or in the files around it."""

from __future__ import annotations

from datetime import date
from itertools import zip_longest

from reminder.domain.decisions import ADDED_STEPS
from reminder.domain.foreseen import Cause, CauseKind, ForeseenMail
from reminder.domain.programme import Localised
from reminder.domain.rounds import StepKind
from reminder.domain.setup import Setup
from reminder.domain.workdays import Calendar, Reason, ReasonKind
from reminder.plan.dates import EXTENSION_NAME
from reminder.plan.timeline import asked_parties, closes_on

UNCHASED = frozenset({StepKind.NOTICE, StepKind.REQUEST})


class Causes:
    """The two sets of files, asked for the reason of one change after the other."""

    def __init__(self, old: Setup, new: Setup) -> None:
        self._old = old
        self._new = new

    def of_moved(self, before: ForeseenMail, after: ForeseenMail) -> Cause:
        """What first differs between the chains of the two dates; else the hour, else the other mails."""
        was, now = before.head, after.head
        if before.kind is StepKind.DIGEST and _day_of(before) != _day_of(after):
            return Cause(kind=CauseKind.RULE)
        for old, new in zip_longest(was.why.chain, now.why.chain):
            if old != new:
                return self._of_links(was.why.chain, now.why.chain, old, new)
        if was.not_before != now.not_before:
            return Cause(kind=CauseKind.HOURS)
        return Cause(kind=CauseKind.ORDER)

    def of_added(self, mail: ForeseenMail) -> Cause:
        """Why the old files have no such mail."""
        if mail.head.key.ordinal >= ADDED_STEPS:
            return Cause(kind=CauseKind.NEW_ACTIONS)
        return self._of_one_sided(mail, without=self._old, beside=self._new)

    def of_cancelled(self, mail: ForeseenMail) -> Cause:
        """Why the new files have no such mail."""
        return self._of_one_sided(mail, without=self._new, beside=self._old)

    def _of_links(self, was: tuple[Reason, ...], now: tuple[Reason, ...], old: Reason | None, new: Reason | None) -> Cause:
        if old is not None and new is not None and old.kind is new.kind and old.kind in {ReasonKind.BASE, ReasonKind.PICKED}:
            if old.name is not None and EXTENSION_NAME in (old.name, new.name):
                return Cause(kind=CauseKind.EXTENSION, was=old.on, now=new.on)
            if _is_same_anchor(old, new):
                return Cause(kind=CauseKind.ANCHOR, name=new.name, was=old.on, now=new.on)
            return Cause(kind=CauseKind.RULE)
        return self._of_closed_days(was, now) or Cause(kind=CauseKind.RULE)

    def _of_closed_days(self, was: tuple[Reason, ...], now: tuple[Reason, ...]) -> Cause | None:
        """The days of the two chains that only one of the two calendars keeps closed."""
        passed = {link.on for link in (*was, *now) if link.kind in {ReasonKind.SKIPPED, ReasonKind.MOVED}}
        old, new = self._old.calendar, self._new.calendar
        changed = sorted(day for day in passed if _bears_mail(old, day) != _bears_mail(new, day))
        days = tuple((day, _name_day(new, day) or _name_day(old, day)) for day in changed)
        return Cause(kind=CauseKind.CLOSED_DAYS, days=days) if days else None

    def _of_one_sided(self, mail: ForeseenMail, *, without: Setup, beside: Setup) -> Cause:
        key, one = mail.head.key, without.round(*mail.place)
        if one is None:
            return Cause(kind=CauseKind.ROUND)
        if key.step.is_for_coordinator:
            return self._of_digest(mail, without)
        asked = asked_parties(one, without.programmes[one.programme]) if one.programme in without.programmes else {}
        name = self._name_of(beside, key.programme, key.party)
        if key.party not in asked or (not asked[key.party] and key.step not in UNCHASED):
            return Cause(kind=CauseKind.PARTY, name=name)
        if not _reads(without, key.party, mail.recipient.address):
            return Cause(kind=CauseKind.CONTACT, name=name)
        return self._of_close(mail, without, beside) or Cause(kind=CauseKind.STEP)

    def _of_digest(self, mail: ForeseenMail, without: Setup) -> Cause:
        if mail.recipient.address.lower() not in {one.address.lower() for one in without.directory.coordinators}:
            return Cause(kind=CauseKind.CONTACT)
        beside = self._old if without is self._new else self._new
        return self._of_close(mail, without, beside) or Cause(kind=CauseKind.STEP)

    def _of_close(self, mail: ForeseenMail, without: Setup, beside: Setup) -> Cause | None:
        """Where the round without the mail is over, or has not begun, on the day of the mail."""
        here, there = without.round(*mail.place), beside.round(*mail.place)
        if here is None or there is None:
            return None
        closes, other = closes_on(here, without.calendar), closes_on(there, beside.calendar)
        if closes == other or not closes < without.calendar.local_day(mail.leaves_at) <= other:
            return None
        is_cancelled = without is self._new
        return Cause(kind=CauseKind.CLOSES, was=other if is_cancelled else closes, now=closes if is_cancelled else other)

    def _name_of(self, setup: Setup, programme: str, party: str) -> Localised | None:
        entry = setup.programmes[programme].parties.get(party) if programme in setup.programmes else None
        return entry.name if entry else None


def _day_of(mail: ForeseenMail) -> date:
    return mail.head.why.on


def _is_same_anchor(old: Reason, new: Reason) -> bool:
    """The same name and count, also where only one of the two says that the date is still planned."""
    if old.name is None or new.name is None or old.amount != new.amount:
        return False
    was, now = (reason.name.in_language("fi") for reason in (old, new) if reason.name is not None)
    return was == now or was.startswith(f"{now} (") or now.startswith(f"{was} (")


def _bears_mail(calendar: Calendar, day: date) -> bool:
    return calendar.is_working_day(day) and day not in calendar.quiet


def _name_day(calendar: Calendar, day: date) -> Localised | None:
    return calendar.closed_name(day) or calendar.quiet.get(day)


def _reads(setup: Setup, party: str, address: str) -> bool:
    return address.lower() in {contact.address.lower() for contact in setup.directory.of_party(party).contacts}
