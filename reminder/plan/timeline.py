"""The year as planned steps: every step of every round and party, with its date, its end and its reason.

Dates are computed once per round and deadline and shared among the parties; for each party only the key and the step
are made. So the cost for a party is that of its tuples, whatever the calendar asks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from reminder.domain.intents import PlannedStep
from reminder.domain.programme import Localised, Programme
from reminder.domain.rounds import DateRule, DigestRule, Extension, ReportingRound, StepKey, StepKind
from reminder.domain.setup import Setup
from reminder.domain.workdays import Calendar, DatedReason, Reason, ReasonKind, Unit
from reminder.plan.dates import (
    NOT_YET_LATE,
    ONE_DAY,
    closes_on,
    due_date,
    instant_on,
    move_earlier,
    move_later,
    move_notice,
    party_deadline,
    request_date,
    rule_date,
)

__all__ = ["StepDate", "asked_parties", "closes_on", "digest_dates", "party_deadline", "plan_timeline", "rule_date", "step_dates"]

FULL_WEEK = timedelta(days=7)
FURTHEST_REPEAT = 1000
"""Repeats of one step before we call the schedule absurd."""
UNCHASED = frozenset({StepKind.NOTICE, StepKind.REQUEST})
"""What a party gets that only contributes; also what an extension leaves untouched."""

_EVERY = tuple(
    Localised({"fi": f"joka {fi}", "sv": f"varje {sv}", "en": f"every {en}"})
    for fi, sv, en in (
        ("maanantai", "måndag", "Monday"),
        ("tiistai", "tisdag", "Tuesday"),
        ("keskiviikko", "onsdag", "Wednesday"),
        ("torstai", "torsdag", "Thursday"),
        ("perjantai", "fredag", "Friday"),
        ("lauantai", "lördag", "Saturday"),
        ("sunnuntai", "söndag", "Sunday"),
    )
)
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

    def step(self, kind: StepKind, ordinal: int, why: DatedReason, expires_at: datetime) -> StepDate:
        """A step on the day that `why` ends with."""
        version = self.extension.version if self.extension and kind not in UNCHASED else 0
        return StepDate(kind=kind, ordinal=ordinal, version=version, not_before=self.opening(why.on), expires_at=expires_at, why=why)


def plan_timeline(setup: Setup, *, extensions: Sequence[Extension] = ()) -> tuple[PlannedStep, ...]:
    """Every step of every round and party, sorted by `not_before`, then programme, round, urgency, ordinal, version and party.

    A party that leads an action of the round gets every step; one that only contributes gets notice and request. The
    digest has the party "". Raises ValueError where a rule hangs on nothing or on itself (`check` reports these first).
    """
    slots: dict[tuple[datetime, str, str, int, int, int], list[tuple[str, StepDate]]] = {}
    for reporting_round in setup.rounds:
        for parties, one in _round_steps(setup, reporting_round, extensions):
            place = (one.not_before, reporting_round.programme, reporting_round.id, one.kind.urgency, one.ordinal, one.version)
            slots.setdefault(place, []).extend((party, one) for party in parties)
    return tuple(
        PlannedStep(
            key=StepKey(programme=place[1], round=place[2], party=party, step=one.kind, ordinal=one.ordinal, deadline_version=one.version),
            not_before=one.not_before,
            expires_at=one.expires_at,
            why=one.why,
        )
        for place in sorted(slots)
        for party, one in sorted(slots[place], key=_by_party)
    )


def asked_parties(reporting_round: ReportingRound, programme: Programme) -> Mapping[str, bool]:
    """The parties that the round asks, in the order of the programme; true where the party leads, and so owes an answer."""
    asked: dict[str, bool] = {}
    for action in programme.actions:
        if reporting_round.asks_for(action):
            asked[action.lead] = True
            for contributor in action.contributors:
                asked.setdefault(contributor, False)
    return asked


def step_dates(setup: Setup, reporting_round: ReportingRound, *, extension: Extension | None = None) -> tuple[StepDate, ...]:
    """The steps of a round for a leading party, without the digest, in order of time.

    With an extension reminders, last call and overdue steps hang on the new deadline and bear its version; those whose
    time had already come when it was decided are left out, since they belong to the deadline before.
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


def digest_dates(setup: Setup, reporting_round: ReportingRound, *, until: date) -> tuple[StepDate, ...]:
    """The digests of a round from its start until `until`; each lasts until the next. Completeness is judged when deciding."""
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


def _by_party(entry: tuple[str, StepDate]) -> str:
    return entry[0]


def _round_steps(
    setup: Setup, reporting_round: ReportingRound, extensions: Sequence[Extension]
) -> Iterator[tuple[Sequence[str], StepDate]]:
    asked = asked_parties(reporting_round, setup.programmes[reporting_round.programme])
    newest = _newest_extensions(reporting_round, extensions)
    groups: dict[tuple[bool, tuple[date, datetime, int] | None], tuple[Extension | None, list[str]]] = {}
    for party, leads in asked.items():
        extension = newest.get(party)
        alike = None if extension is None else (extension.due_on, extension.decided_at, extension.version)
        groups.setdefault((leads, alike), (extension, []))[1].append(party)
    until = closes_on(reporting_round, setup.calendar)
    for (leads, _), (extension, parties) in groups.items():
        until = max(until, closes_on(reporting_round, setup.calendar, extension=extension))
        for one in step_dates(setup, reporting_round, extension=extension):
            if leads or one.kind in UNCHASED:
                yield parties, one
    if asked:
        for one in digest_dates(setup, reporting_round, until=until):
            yield ("",), one


def _newest_extensions(reporting_round: ReportingRound, extensions: Sequence[Extension]) -> Mapping[str, Extension]:
    newest: dict[str, Extension] = {}
    for one in extensions:
        if (one.programme, one.round) == (reporting_round.programme, reporting_round.id):
            before = newest.get(one.party)
            newest[one.party] = one if before is None or one.version > before.version else before
    return newest


def _asking(days: _Days) -> Iterator[StepDate]:
    notice = days.reporting_round.schedule.notice
    if notice is not None:
        why = move_notice(days.calendar, days.rule(notice), request_on=days.request.on)
        yield days.step(StepKind.NOTICE, 0, why, days.opening(days.request.on))
    yield days.step(StepKind.REQUEST, 0, days.request, days.calendar.end_of(days.closes))


def _chasing(days: _Days) -> Iterator[StepDate]:
    schedule, expires_at = days.reporting_round.schedule, days.calendar.end_of(days.due.on)
    # In order of time, not of the file: moving a line must not make a reminder of the past look like one to come.
    for ordinal, wished in enumerate(_in_time(days, schedule.reminders)):
        why = move_earlier(days.calendar, wished, request_on=days.request.on)
        yield days.step(StepKind.REMINDER, ordinal, why, expires_at)
    if schedule.last_call is not None:
        why = move_earlier(days.calendar, days.rule(schedule.last_call), request_on=days.request.on)
        yield days.step(StepKind.LAST_CALL, 0, why, expires_at)


def _overdue(days: _Days) -> Iterator[StepDate]:
    first, expires_at = days.due.on + ONE_DAY, days.calendar.end_of(days.closes)
    for ordinal, wished in enumerate(_overdue_dates(days)):
        why = move_later(days.calendar, wished, first=first, because=NOT_YET_LATE)
        if why.on <= days.closes:
            yield days.step(StepKind.OVERDUE, ordinal, why, expires_at)


def _escalation(days: _Days) -> Iterator[StepDate]:
    """Ordinal 0 on the day of the rule, ordinal 1 after the grace; see `EscalationRule` for whom each is meant."""
    rule = days.reporting_round.schedule.escalation
    if rule is None:
        return
    first = move_later(days.calendar, days.rule(rule.at), first=days.due.on + ONE_DAY, because=NOT_YET_LATE)
    waited = days.calendar.add(first.on, rule.grace, Unit.WORKING_DAYS)
    chain = (*first.chain, *waited.chain, Reason(kind=ReasonKind.RESULT, on=waited.on))
    second = move_later(days.calendar, DatedReason(on=waited.on, chain=chain))
    for ordinal, why in enumerate((first, second)):
        if why.on <= days.closes:
            yield days.step(StepKind.ESCALATION, ordinal, why, days.calendar.end_of(days.closes))


def _overdue_dates(days: _Days) -> Iterator[DatedReason]:
    schedule = days.reporting_round.schedule
    dated = _in_time(days, schedule.overdue)
    yield from dated
    repeat = schedule.overdue_repeat
    if repeat is None:
        return
    if repeat.amount < 1:
        raise ValueError("a repeated step must go forward")
    last = dated[-1] if dated else days.due
    for times in range(1, FURTHEST_REPEAT):
        # Counted from the last dated step each time, so that moves and month ends do not add up.
        moved = days.calendar.add(last.on, times * repeat.amount, repeat.unit)
        if moved.on > days.closes:
            return
        yield DatedReason(on=moved.on, chain=(*last.chain, *moved.chain, Reason(kind=ReasonKind.RESULT, on=moved.on)))


def _in_time(days: _Days, rules: Sequence[DateRule]) -> Sequence[DatedReason]:
    return sorted((days.rule(rule) for rule in rules), key=lambda why: why.on)


def _digest_days(calendar: Calendar, rule: DigestRule, start: date, until: date) -> Iterator[date]:
    for offset in range((until - start).days + 1):
        day = start + timedelta(days=offset)
        if calendar.is_working_day(day) if rule.weekday is None else day.weekday() == rule.weekday:
            yield day


def _digest_day(calendar: Calendar, rule: DigestRule, day: date) -> DatedReason:
    name = _EVERY_WORKING_DAY if rule.weekday is None else _EVERY[rule.weekday]
    chain = (Reason(kind=ReasonKind.BASE, on=day, name=name), Reason(kind=ReasonKind.RESULT, on=day))
    return move_later(calendar, DatedReason(on=day, chain=chain))
