"""How the dates of a round come about: anchor, offset, skipped holidays, moves; each date carries its whole chain.

A chain is one or more segments, each from a BASE (or, for a repeated step, an OFFSET from the date before it) to a
RESULT. A step that hangs on the deadline begins with the segments of the deadline itself, so that nothing that
decided its date is left out. Weekend days appear only where a date was moved off them. How a date is moved stands in
`moves`. A round is taken as one party sees it: callers give `reporting_round.for_party(party)`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from reminder.domain.intents import PartyDeadline
from reminder.domain.programme import Localised
from reminder.domain.rounds import ROUND_DUE, Anchor, DateRule, Extension, Pick, ReportingRound
from reminder.domain.setup import Setup
from reminder.domain.workdays import Calendar, DatedReason, Reason, ReasonKind
from reminder.plan.moves import move_notice, move_request, moved_to, with_result

NOTICE_NAME = Localised({"fi": "ennakkotieto", "sv": "förhandsinformation", "en": "notice"})
REQUEST_NAME = Localised({"fi": "pyyntö", "sv": "begäran", "en": "request"})
DEADLINE_NAME = Localised({"fi": "määräaika", "sv": "sista dag", "en": "deadline"})
EXTENSION_NAME = Localised({"fi": "lisäaika", "sv": "förlängd tid", "en": "extension"})
ROUND_DEADLINE_NAME = Localised({"fi": "kierroksen määräaika", "sv": "rundans sista dag", "en": "deadline of the round"})
PLANNED = Localised({"fi": "suunniteltu", "sv": "planerat", "en": "planned"})
WEEKDAY_NAMES = tuple(
    Localised({"fi": fi, "sv": sv, "en": en})
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

NIGHT_BEGINS = time(3, 0)
NIGHT_ENDS = time(4, 0)


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
    """The day on which the request goes out: as written, or moved (`move_request`). Raises ValueError as `rule_date` does."""
    return _request(reporting_round, calendar, ())


def asked_at(reporting_round: ReportingRound, calendar: Calendar) -> datetime:
    """The instant from which on the round asks. Raises ValueError as `rule_date` does."""
    return calendar.at(request_date(reporting_round, calendar).on, reporting_round.window.opens)


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
    return with_result(extension.due_on, (Reason(kind=ReasonKind.BASE, on=extension.due_on, name=EXTENSION_NAME),))


def closes_on(reporting_round: ReportingRound, calendar: Calendar, *, extension: Extension | None = None) -> date:
    """The last day on which answers are taken. An extension leaves it where it is, unless the new deadline lies after it."""
    written = rule_date(reporting_round, calendar, reporting_round.schedule.closes).on
    return written if extension is None else max(written, extension.due_on)


def last_day(reporting_round: ReportingRound, calendar: Calendar) -> date:
    """The last day on which any party's answers are taken, without extensions."""
    own = (closes_on(reporting_round.for_party(party), calendar) for party in reporting_round.overrides)
    return max((closes_on(reporting_round, calendar), *own))


def party_deadline(setup: Setup, reporting_round: ReportingRound, party: str, *, extensions: Sequence[Extension] = ()) -> PartyDeadline:
    """When a party's report is due, and why. Raises ValueError as `rule_date` does."""
    extension = current_extension(reporting_round, party, extensions)
    reporting_round = reporting_round.for_party(party)
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


def _follow(
    reporting_round: ReportingRound, calendar: Calendar, rule: DateRule, due: DatedReason | None, waiting: tuple[str, ...]
) -> DatedReason:
    day, chain = _base(reporting_round, calendar, rule.base, due, waiting)
    if rule.amount:
        moved = calendar.add(day, rule.amount, rule.unit)
        day, chain = moved.on, (*chain, *moved.chain)
    for pick in rule.picks:
        picked = _pick(reporting_round, calendar, day, pick)
        day, chain = picked.on, (*chain, *picked.chain)
    return with_result(day, chain)


def _pick(reporting_round: ReportingRound, calendar: Calendar, day: date, pick: Pick) -> DatedReason:
    name, found = _find_pick(reporting_round, day, pick)
    reason = Reason(kind=ReasonKind.PICKED, on=found, name=name, amount=0 if found == day else pick.turn)
    if not pick.amount:
        return DatedReason(on=found, chain=(reason,))
    moved = calendar.add(found, pick.amount, pick.unit)
    return DatedReason(on=moved.on, chain=(reason, *moved.chain))


def _find_pick(reporting_round: ReportingRound, day: date, pick: Pick) -> tuple[Localised, date]:
    if pick.weekday is not None:
        return WEEKDAY_NAMES[pick.weekday], _find_weekday(day, pick.weekday, pick)
    anchor = reporting_round.anchors.get(pick.anchor)
    found = None if anchor is None else _find_date(day, anchor, pick)
    if anchor is None or found is None:
        raise ValueError(f"{pick.anchor} has no such date {'after' if pick.turn > 0 else 'before'} {day}")
    return anchor.name, found


def _find_weekday(day: date, weekday: int, pick: Pick) -> date:
    """Counted from the day, in weeks: the first on the other side of it, or the day itself where it is included."""
    ahead = (weekday - day.weekday()) % 7 if pick.turn > 0 else (day.weekday() - weekday) % 7
    first = ahead if ahead or pick.includes_day else 7
    days = timedelta(days=first + 7 * (abs(pick.turn) - 1))
    return day + days if pick.turn > 0 else day - days


def _find_date(day: date, anchor: Anchor, pick: Pick) -> date | None:
    if pick.turn > 0:
        found = [one for one in anchor.dates if one > day or (pick.includes_day and one == day)]
    else:
        found = [one for one in reversed(anchor.dates) if one < day or (pick.includes_day and one == day)]
    return found[abs(pick.turn) - 1] if len(found) >= abs(pick.turn) else None


def _base(
    reporting_round: ReportingRound, calendar: Calendar, base: str, due: DatedReason | None, waiting: tuple[str, ...]
) -> tuple[date, tuple[Reason, ...]]:
    if base in waiting:
        raise ValueError(f"the dates hang on each other in a circle: {' - '.join((*waiting, base))}")
    if base == "due":
        deadline = due or _deadline(reporting_round, calendar, waiting)
        return deadline.on, (*deadline.chain, Reason(kind=ReasonKind.BASE, on=deadline.on, name=DEADLINE_NAME))
    if base == ROUND_DUE:
        general = reporting_round.general or reporting_round.schedule
        common = _deadline(replace(reporting_round, schedule=general, general=None), calendar, (*waiting, base))
        return common.on, (*common.chain, Reason(kind=ReasonKind.BASE, on=common.on, name=ROUND_DEADLINE_NAME))
    if base == "request":
        asked = _request(reporting_round, calendar, waiting)
        return asked.on, (*asked.chain, Reason(kind=ReasonKind.BASE, on=asked.on, name=REQUEST_NAME))
    anchor = reporting_round.anchors.get(base)
    if anchor is not None:
        return anchor.on, (Reason(kind=ReasonKind.BASE, on=anchor.on, name=_anchor_name(anchor)),)
    if base == "notice" and reporting_round.schedule.notice is not None:
        told = _notice(reporting_round, calendar, waiting)
        return told.on, (*told.chain, Reason(kind=ReasonKind.BASE, on=told.on, name=NOTICE_NAME))
    day = _written_day(base)
    return day, (Reason(kind=ReasonKind.BASE, on=day),)


def _anchor_name(anchor: Anchor) -> Localised:
    """The name, with the word that a date is only planned."""
    if not anchor.is_planned:
        return anchor.name
    languages = tuple(PLANNED.texts)
    return Localised({language: f"{anchor.name.in_language(language)} ({PLANNED.in_language(language)})" for language in languages})


def _written_day(base: str) -> date:
    try:
        return date.fromisoformat(base)
    except ValueError as error:
        raise ValueError(f"no anchor and no date is called {base!r}") from error


def _request(reporting_round: ReportingRound, calendar: Calendar, waiting: tuple[str, ...]) -> DatedReason:
    # The round's own deadline is meant even where a party has an extension: the request is not asked twice.
    wished = _follow(reporting_round, calendar, reporting_round.schedule.request, None, (*waiting, "request"))
    return move_request(calendar, wished)


def _notice(reporting_round: ReportingRound, calendar: Calendar, waiting: tuple[str, ...]) -> DatedReason:
    if reporting_round.schedule.notice is None:
        raise ValueError("the round has no notice")
    wished = _follow(reporting_round, calendar, reporting_round.schedule.notice, None, (*waiting, "notice"))
    return move_notice(calendar, wished, request_on=_request(reporting_round, calendar, (*waiting, "notice")).on)


def _deadline(reporting_round: ReportingRound, calendar: Calendar, waiting: tuple[str, ...]) -> DatedReason:
    wished = _follow(reporting_round, calendar, reporting_round.schedule.due, None, (*waiting, "due"))
    settled = calendar.settle(wished.on, reporting_round.deadline_rule)
    return moved_to(wished, settled.on, settled.chain)
