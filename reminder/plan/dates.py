"""How the dates of a round come about: anchor, offset, skipped holidays, moves; each date carries its whole chain.

A chain is one or more segments, each from a BASE (or, for a repeated step, an OFFSET from the date before it) to a
RESULT. A step that hangs on the deadline begins with the segments of the deadline itself, so that nothing that
decided its date is left out. Weekend days appear only where a date was moved off them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from reminder.domain.intents import PartyDeadline
from reminder.domain.programme import Localised
from reminder.domain.rounds import DateRule, Extension, ReportingRound
from reminder.domain.setup import Setup
from reminder.domain.workdays import Calendar, DatedReason, Reason, ReasonKind

REQUEST_NAME = Localised({"fi": "pyyntö", "sv": "begäran", "en": "request"})
DEADLINE_NAME = Localised({"fi": "määräaika", "sv": "sista dag", "en": "deadline"})
EXTENSION_NAME = Localised({"fi": "lisäaika", "sv": "förlängd tid", "en": "extension"})
BEFORE_REQUEST = Localised(
    {"fi": "pyyntö ei ole vielä lähtenyt", "sv": "begäran har inte gått ut ännu", "en": "the request has not gone out yet"}
)
NOT_YET_LATE = Localised({"fi": "määräaika ei ole vielä päättynyt", "sv": "tiden har inte gått ut ännu", "en": "not late yet"})

NIGHT_BEGINS = time(3, 0)
NIGHT_ENDS = time(4, 0)
ONE_DAY = timedelta(days=1)


def after_night(clock: time) -> time:
    """A local time, or 04:00 for one from 03:00 to 04:00: both clock changes lie there, and nothing of ours happens in it."""
    return NIGHT_ENDS if NIGHT_BEGINS <= clock < NIGHT_ENDS else clock


def instant_on(calendar: Calendar, day: date, clock: time) -> datetime:
    """The instant, in UTC, of a local time after the night's hour."""
    return calendar.at(day, after_night(clock))


def rule_date(reporting_round: ReportingRound, calendar: Calendar, rule: DateRule, *, due: DatedReason | None = None) -> DatedReason:
    """The date that a rule names, before any move off a closed day. `due` stands in for the round's own deadline (an extension).

    Raises ValueError where the rule hangs on an unknown anchor, or where rules hang on each other in a circle.
    """
    return _follow(reporting_round, calendar, rule, due, ())


def request_date(reporting_round: ReportingRound, calendar: Calendar) -> DatedReason:
    """The day on which the request goes out: as written, or the next working day. Raises ValueError as `rule_date` does."""
    return _request(reporting_round, calendar, ())


def deadline_date(reporting_round: ReportingRound, calendar: Calendar) -> DatedReason:
    """The round's own deadline under its deadline rule. Raises ValueError as `rule_date` does."""
    return _deadline(reporting_round, calendar, ())


def current_extension(reporting_round: ReportingRound, party: str, extensions: Sequence[Extension]) -> Extension | None:
    """The extension in force for a party: the one of the highest version."""
    own = (one for one in extensions if (one.programme, one.round, one.party) == (reporting_round.programme, reporting_round.id, party))
    return max(own, key=lambda one: one.version, default=None)


def due_date(reporting_round: ReportingRound, calendar: Calendar, extension: Extension | None = None) -> DatedReason:
    """The deadline in force. An extension names a day, and that day is kept even where it is closed: it was decided so."""
    if extension is None:
        return deadline_date(reporting_round, calendar)
    return _result(extension.due_on, (Reason(kind=ReasonKind.BASE, on=extension.due_on, name=EXTENSION_NAME),))


def closes_on(reporting_round: ReportingRound, calendar: Calendar, *, extension: Extension | None = None) -> date:
    """The last day on which answers are taken. An extension leaves it where it is, unless the new deadline lies after it."""
    written = rule_date(reporting_round, calendar, reporting_round.schedule.closes).on
    return written if extension is None else max(written, extension.due_on)


def party_deadline(setup: Setup, reporting_round: ReportingRound, party: str, *, extensions: Sequence[Extension] = ()) -> PartyDeadline:
    """When a party's report is due, and why. Raises ValueError as `rule_date` does."""
    extension = current_extension(reporting_round, party, extensions)
    due = due_date(reporting_round, setup.calendar, extension)
    return PartyDeadline(
        programme=reporting_round.programme,
        round=reporting_round.id,
        party=party,
        due_on=due.on,
        closes_on=closes_on(reporting_round, setup.calendar, extension=extension),
        version=extension.version if extension else 0,
        why=due,
        extension=extension,
    )


def move_later(calendar: Calendar, wished: DatedReason, *, first: date | None = None, because: Localised | None = None) -> DatedReason:
    """The next working day, not before `first`; `because` names why `first` holds."""
    start, reasons = wished.on, tuple[Reason, ...]()
    if first is not None and first > start:
        start, reasons = first, (Reason(kind=ReasonKind.MOVED, on=wished.on, name=because),)
    moved = calendar.next_working_day(start)
    return _moved(wished, moved.on, (*reasons, *moved.chain))


def move_earlier(calendar: Calendar, wished: DatedReason, *, request_on: date) -> DatedReason:
    """The working day before, for what hangs before the deadline; but after the day of the request, else the next working day."""
    back = calendar.next_working_day(wished.on, step=-1)
    if back.on > request_on:
        return _moved(wished, back.on, back.chain)
    return move_later(calendar, wished, first=request_on + ONE_DAY, because=BEFORE_REQUEST)


def move_notice(calendar: Calendar, wished: DatedReason, *, request_on: date) -> DatedReason:
    """The next working day, where that is still before the request; else the working day before."""
    later = move_later(calendar, wished)
    if later.on < request_on or later.on == wished.on:
        return later
    back = calendar.next_working_day(wished.on, step=-1)
    return _moved(wished, back.on, back.chain)


def _follow(
    reporting_round: ReportingRound, calendar: Calendar, rule: DateRule, due: DatedReason | None, waiting: tuple[str, ...]
) -> DatedReason:
    start, chain = _base(reporting_round, calendar, rule.base, due, waiting)
    if not rule.amount:
        return _result(start, chain)
    moved = calendar.add(start, rule.amount, rule.unit)
    return _result(moved.on, (*chain, *moved.chain))


def _base(
    reporting_round: ReportingRound, calendar: Calendar, base: str, due: DatedReason | None, waiting: tuple[str, ...]
) -> tuple[date, tuple[Reason, ...]]:
    if base in waiting:
        raise ValueError(f"the dates hang on each other in a circle: {' - '.join((*waiting, base))}")
    if base == "due":
        deadline = due or _deadline(reporting_round, calendar, waiting)
        return deadline.on, (*deadline.chain, Reason(kind=ReasonKind.BASE, on=deadline.on, name=DEADLINE_NAME))
    if base == "request":
        asked = _request(reporting_round, calendar, waiting)
        return asked.on, (*asked.chain, Reason(kind=ReasonKind.BASE, on=asked.on, name=REQUEST_NAME))
    anchor = reporting_round.anchors.get(base)
    if anchor is not None:
        return anchor.on, (Reason(kind=ReasonKind.BASE, on=anchor.on, name=anchor.name),)
    day = _written_day(base)
    return day, (Reason(kind=ReasonKind.BASE, on=day),)


def _written_day(base: str) -> date:
    try:
        return date.fromisoformat(base)
    except ValueError as error:
        raise ValueError(f"no anchor and no date is called {base!r}") from error


def _request(reporting_round: ReportingRound, calendar: Calendar, waiting: tuple[str, ...]) -> DatedReason:
    # The round's own deadline is meant even where a party has an extension: the request is not asked twice.
    wished = _follow(reporting_round, calendar, reporting_round.schedule.request, None, (*waiting, "request"))
    return move_later(calendar, wished)


def _deadline(reporting_round: ReportingRound, calendar: Calendar, waiting: tuple[str, ...]) -> DatedReason:
    wished = _follow(reporting_round, calendar, reporting_round.schedule.due, None, (*waiting, "due"))
    settled = calendar.settle(wished.on, reporting_round.deadline_rule)
    return _moved(wished, settled.on, settled.chain)


def _result(day: date, chain: tuple[Reason, ...]) -> DatedReason:
    return DatedReason(on=day, chain=(*chain, Reason(kind=ReasonKind.RESULT, on=day)))


def _moved(wished: DatedReason, day: date, reasons: tuple[Reason, ...]) -> DatedReason:
    return _result(day, (*wished.chain[:-1], *reasons)) if reasons else wished
