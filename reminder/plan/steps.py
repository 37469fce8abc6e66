"""The steps of one round and one deadline, each with its date, its end and its reason; the same for every party that shares them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from reminder.domain.programme import Localised
from reminder.domain.rounds import DateRule, DigestRule, Extension, ReportingRound, RoundKind, StepKind
from reminder.domain.setup import Setup
from reminder.domain.workdays import Calendar, DatedReason, Reason, ReasonKind, Unit
from reminder.plan.dates import WEEKDAY_NAMES, closes_on, due_date, instant_on, request_date, rule_date
from reminder.plan.moves import NOT_YET_LATE, ONE_DAY, move_later, move_notice, move_reminder, with_result

FULL_WEEK = timedelta(days=7)
REPORT_LASTS = timedelta(weeks=8)
FURTHEST_REPEAT = 1000
"""Repeats of one step before we call the schedule absurd."""
UNCHASED = frozenset({StepKind.NOTICE, StepKind.REQUEST})
"""What a party gets that only contributes; also what an extension leaves untouched."""

_EVERY_WORD = {"fi": "joka", "sv": "varje", "en": "every"}
_EVERY = tuple(Localised({language: f"{_EVERY_WORD[language]} {text}" for language, text in name.texts.items()}) for name in WEEKDAY_NAMES)
_EVERY_WORKING_DAY = Localised({"fi": "joka arkipäivä", "sv": "varje vardag", "en": "every working day"})


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDate:
    """One step of a round, the same for every party that has the same deadline."""

    kind: StepKind
    ordinal: int
    version: int
    not_before: datetime
    expires_at: datetime
    why: DatedReason


@dataclass(frozen=True, slots=True, kw_only=True)
class _Days:
    """What the steps of one round and one deadline hang on."""

    reporting_round: ReportingRound
    calendar: Calendar
    extension: Extension | None
    request: DatedReason
    due: DatedReason
    closes: date

    def rule(self, rule: DateRule) -> DatedReason:
        """The date of a rule, before any move."""
        return rule_date(self.reporting_round, self.calendar, rule, due=self.due)

    def opening(self, day: date) -> datetime:
        """The instant at which the sending window opens."""
        return instant_on(self.calendar, day, self.reporting_round.window.opens)

    def step(self, kind: StepKind, ordinal: int, why: DatedReason, expires_at: datetime, *, at: time | None = None) -> StepDate:
        """A step on the day that `why` ends with, at a time of its own or when the sending window opens."""
        version = self.extension.version if self.extension and kind not in UNCHASED else 0
        opens = self.opening(why.on)
        begins = opens if at is None else max(opens, instant_on(self.calendar, why.on, at))
        return StepDate(kind=kind, ordinal=ordinal, version=version, not_before=begins, expires_at=expires_at, why=why)


def step_dates(setup: Setup, reporting_round: ReportingRound, *, extension: Extension | None = None) -> tuple[StepDate, ...]:
    """The steps of a round for a leading party, without what goes to the coordinator, in order of time.

    The round is taken as one party sees it (`ReportingRound.for_party`). With an extension all but notice and request
    hang on the new deadline and bear its version; those whose time had already come when it was decided are left out,
    since they belong to the deadline before.
    """
    calendar = setup.calendar
    days = _Days(
        reporting_round=reporting_round,
        calendar=calendar,
        extension=extension,
        request=request_date(reporting_round, calendar),
        due=due_date(reporting_round, calendar, extension),
        closes=closes_on(reporting_round, calendar, extension=extension),
    )
    steps = (*_asking(days), *_chasing(days), *_overdue(days), *_escalation(days))
    kept = (one for one in steps if extension is None or one.kind in UNCHASED or one.not_before > extension.decided_at)
    return tuple(sorted(kept, key=lambda one: (one.not_before, one.kind.urgency, one.ordinal)))


def contacts_dates(setup: Setup, reporting_round: ReportingRound) -> tuple[StepDate, ...]:
    """When the coordinator gets the list of contacts: once, and no more once the parties are asked."""
    rule, calendar, window = reporting_round.schedule.contacts, setup.calendar, reporting_round.window
    if rule is None or reporting_round.kind is RoundKind.SURVEY:
        return ()
    request = request_date(reporting_round, calendar)
    why = move_notice(calendar, rule_date(reporting_round, calendar, rule), request_on=request.on)
    begins = instant_on(calendar, why.on, max(window.opens, rule.at or window.opens))
    ends = instant_on(calendar, request.on, max(window.opens, reporting_round.schedule.request.at or window.opens))
    return (StepDate(kind=StepKind.CONTACTS, ordinal=0, version=0, not_before=begins, expires_at=ends, why=why),)


def report_dates(setup: Setup, reporting_round: ReportingRound) -> tuple[StepDate, ...]:
    """When the coordinator gets the report for the executive: once; after eight weeks it is of no use any more."""
    rule, calendar, window = reporting_round.schedule.report, setup.calendar, reporting_round.window
    if rule is None or reporting_round.kind is RoundKind.SURVEY:
        return ()
    why = rule_date(reporting_round, calendar, rule)
    begins = instant_on(calendar, why.on, max(window.opens, rule.at or window.opens))
    return (StepDate(kind=StepKind.REPORT, ordinal=0, version=0, not_before=begins, expires_at=begins + REPORT_LASTS, why=why),)


def digest_dates(setup: Setup, reporting_round: ReportingRound, *, until: date) -> tuple[StepDate, ...]:
    """The digests of a round from its start until `until`; each lasts until the next. Completeness is judged when deciding."""
    rule = reporting_round.schedule.digest
    if rule is None:
        return ()
    return digest_dates_until(
        setup, reporting_round, until if rule.until is None else min(until, rule_date(reporting_round, setup.calendar, rule.until).on)
    )


def digest_dates_until(setup: Setup, reporting_round: ReportingRound, until: date) -> tuple[StepDate, ...]:
    """The days of its digests as if they went on until a day, whatever the schedule says of their end."""
    rule = reporting_round.schedule.digest
    if rule is None:
        return ()
    start = rule_date(reporting_round, setup.calendar, rule.start).on
    reasons = [_digest_day(setup.calendar, rule, day) for day in _digest_days(setup.calendar, rule, start, until)]
    instants = [instant_on(setup.calendar, why.on, rule.at) for why in reasons]
    ends = [*instants[1:], *(instant + FULL_WEEK for instant in instants[-1:])]
    return tuple(
        StepDate(kind=StepKind.DIGEST, ordinal=ordinal, version=0, not_before=instant, expires_at=end, why=why)
        for ordinal, (why, instant, end) in enumerate(zip(reasons, instants, ends, strict=True))
    )


def _asking(days: _Days) -> Iterator[StepDate]:
    schedule = days.reporting_round.schedule
    request_at = days.step(StepKind.REQUEST, 0, days.request, days.calendar.end_of(days.closes), at=schedule.request.at)
    if schedule.notice is not None:
        why = move_notice(days.calendar, days.rule(schedule.notice), request_on=days.request.on)
        yield days.step(StepKind.NOTICE, 0, why, request_at.not_before, at=schedule.notice.at)
    yield request_at


def _chasing(days: _Days) -> Iterator[StepDate]:
    schedule, expires_at = days.reporting_round.schedule, days.calendar.end_of(days.due.on)
    # In order of time, not of the file: moving a line must not make a reminder of the past look like one to come.
    rules = _in_time(days, schedule.reminders)
    for ordinal, (wished, rule) in enumerate(rules):
        is_last = schedule.last_call is None and ordinal == len(rules) - 1
        why = move_reminder(days.calendar, wished, request_on=days.request.on, due_on=days.due.on, is_last=is_last)
        yield days.step(StepKind.REMINDER, ordinal, why, expires_at, at=rule.at)
    if schedule.last_call is not None:
        wished = days.rule(schedule.last_call)
        why = move_reminder(days.calendar, wished, request_on=days.request.on, due_on=days.due.on, is_last=True)
        yield days.step(StepKind.LAST_CALL, 0, why, expires_at, at=schedule.last_call.at)


def _overdue(days: _Days) -> Iterator[StepDate]:
    expires_at = days.calendar.end_of(days.closes)
    for ordinal, (wished, at) in enumerate(_overdue_dates(days)):
        why = _after_deadline(days, wished)
        if why.on <= days.closes:
            yield days.step(StepKind.OVERDUE, ordinal, why, expires_at, at=at)


def _escalation(days: _Days) -> Iterator[StepDate]:
    """Ordinal 0 on the day of the rule, ordinal 1 after the grace; see `EscalationRule` for whom each is meant."""
    rule = days.reporting_round.schedule.escalation
    if rule is None:
        return
    first = _after_deadline(days, days.rule(rule.at))
    waited = days.calendar.add(first.on, rule.grace, Unit.WORKING_DAYS)
    second = _after_deadline(days, with_result(waited.on, (*first.chain, *waited.chain)))
    for ordinal, why in enumerate((first, second)):
        if why.on <= days.closes:
            yield days.step(StepKind.ESCALATION, ordinal, why, days.calendar.end_of(days.closes), at=rule.at.at)


def _after_deadline(days: _Days, wished: DatedReason) -> DatedReason:
    """The next working day outside the quiet weeks, after the deadline's day."""
    return move_later(days.calendar, wished, first=days.due.on + ONE_DAY, because=NOT_YET_LATE, keeps_quiet=True)


def _overdue_dates(days: _Days) -> Iterator[tuple[DatedReason, time | None]]:
    schedule = days.reporting_round.schedule
    dated = _in_time(days, schedule.overdue)
    yield from ((why, rule.at) for why, rule in dated)
    repeat = schedule.overdue_repeat
    if repeat is None:
        return
    if repeat.amount < 1:
        raise ValueError("a repeated step must go forward")
    last, at = (dated[-1][0], dated[-1][1].at) if dated else (days.due, None)
    for times in range(1, FURTHEST_REPEAT):
        # Counted from the last dated step each time, so that moves and month ends do not add up.
        moved = days.calendar.add(last.on, times * repeat.amount, repeat.unit)
        if moved.on > days.closes:
            return
        yield with_result(moved.on, (*last.chain, *moved.chain)), at


def _in_time(days: _Days, rules: Sequence[DateRule]) -> Sequence[tuple[DatedReason, DateRule]]:
    dated = ((days.rule(rule), rule) for rule in rules)
    return sorted(dated, key=lambda pair: (pair[0].on, pair[1].at or time.min))


def _digest_days(calendar: Calendar, rule: DigestRule, start: date, until: date) -> Iterator[date]:
    for offset in range((until - start).days + 1):
        day = start + timedelta(days=offset)
        if calendar.is_working_day(day) if rule.weekday is None else day.weekday() == rule.weekday:
            yield day


def _digest_day(calendar: Calendar, rule: DigestRule, day: date) -> DatedReason:
    name = _EVERY_WORKING_DAY if rule.weekday is None else _EVERY[rule.weekday]
    chain = (Reason(kind=ReasonKind.BASE, on=day, name=name), Reason(kind=ReasonKind.RESULT, on=day))
    return move_later(calendar, DatedReason(on=day, chain=chain))
