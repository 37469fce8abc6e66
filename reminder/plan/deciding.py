"""What is to be done now: due and not yet sent, never "due today" (DESIGN, decision 8).

One pass goes this way, each step a small function below:

1. what is due: `not_before` has come, and the step is not settled for the recipient;
2. what ends without a mail: the report is complete, the time is over, the duty has had its mails, a newer step was sent;
3. of each duty the newest step is left, the others collapse into it when it is sent;
4. what may leave now: inside the sending window of a working day, to a person who has had no schedule mail today;
5. what is left for one person becomes one mail, whatever party, round or programme it is of.

The result is a function of its arguments. Skips stand before mails: killed between the two, the mail is due again and
its older steps are not, so that no older step is ever sent after a newer one. Doing all of it twice is harmless, since
the keys settle each step once (invariant O3).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta

from reminder.domain.intents import Intent, PlannedStep, PlanState, SendIntent, SkipIntent, SkipReason
from reminder.domain.rounds import ReportingRound, StepKind
from reminder.domain.setup import Setup
from reminder.domain.workdays import FURTHEST_WALK, Calendar
from reminder.plan.absences import Moves
from reminder.plan.dates import after_night, instant_on
from reminder.plan.known import Due, Duty, Known, duty_of, recipients_of

__all__ = ["decide", "decide_at_any_hour", "next_wakeup", "recipients_of"]


def decide(setup: Setup, timeline: Sequence[PlannedStep], state: PlanState, now: datetime) -> tuple[Intent, ...]:
    """What is to be done at `now`: steps that end without a mail, then the mails, each in the order of the timeline."""
    known = Known.of(setup, state)
    return _decide(known, timeline, now, lambda due: may_leave(known, due, now), one_mail_a_day)


def decide_at_any_hour(setup: Setup, timeline: Sequence[PlannedStep], state: PlanState, now: datetime) -> tuple[Intent, ...]:
    """What is due at `now` whether or not it may leave at this hour or on this day: what `arm` lists, and skips.

    The list of contacts is not among it: it goes to the coordinator alone, and is of use until the parties are asked.
    Whoever settles the mails of this list settles its skips too, or the older steps would come up as the newest.
    """
    to_parties = [step for step in timeline if step.key.step is not StepKind.CONTACTS]
    return _decide(Known.of(setup, state), to_parties, now, lambda due: True, every_mail)


def next_wakeup(setup: Setup, timeline: Sequence[PlannedStep], state: PlanState, now: datetime) -> datetime | None:
    """The next instant after `now` at which a step becomes due, or one that waits may leave; None when the year is done."""
    known = Known.of(setup, state)
    comes = _first_after(timeline, now)
    waiting = (due.step for due in find_due(known, timeline, now) if why_skip(known, due, now) is None)
    openings = {next_opening(known.round_of(step.key), setup.calendar, step, now) for step in waiting}
    returns = {at for _, at in Moves.of(setup, state, timeline).find_waiting(known, timeline[:comes], now)}
    return min((*openings, *returns, *(step.not_before for step in timeline[comes : comes + 1])), default=None)


def find_due(known: Known, timeline: Sequence[PlannedStep], now: datetime) -> list[Due]:
    """Rule 1: what is due and not yet settled, oldest first; what waits for somebody's return is not due yet."""
    moves = Moves.of(known.setup, known.state, timeline)
    come = (timeline[index] for index in range(_first_after(timeline, now)))
    return [due for step in come for due in known.open_dues(step) if moves.leaves_at(step, due.recipient.person) <= now]


def why_skip(known: Known, due: Due, now: datetime) -> SkipReason | None:
    """Why a due step ends without a mail, by itself; None where it does not."""
    key = due.step.key
    if key.step is StepKind.REPORT:  # a round that is complete, or closed, has its report all the same
        return SkipReason.EXPIRED if due.step.expires_at <= now else None
    if key.step is not StepKind.NOTICE and known.is_complete(key):
        return SkipReason.COMPLETE
    if due.step.expires_at <= now:
        return SkipReason.EXPIRED
    if (key.programme, key.round) in known.state.closed:
        return SkipReason.CLOSED
    if due.recipient.is_above:
        return known.why_not_above(due)
    return SkipReason.ENOUGH if known.is_beyond_cap(key) else None


def find_newest_settled(known: Known, timeline: Sequence[PlannedStep], duties: set[Duty], now: datetime) -> dict[Duty, Due]:
    """The newest step of each duty that is settled and not over.

    Such a step was sent, or skipped at arming; after a crash between mail and skips its older steps must not be sent.
    One that has expired proves nothing, since it may have been skipped for that; nor does one beyond the cap.
    """
    newest: dict[Duty, Due] = {}
    for step in timeline[: _first_after(timeline, now)]:
        if step.expires_at <= now or known.is_beyond_cap(step.key):
            continue
        for due in known.settled_dues(step):
            if due.duty in duties and (due.duty not in newest or due.age > newest[due.duty].age):
                newest[due.duty] = due
    return newest


def keep_newest(dues: Iterable[Due]) -> tuple[list[Due], dict[Duty, list[Due]]]:
    """Rule 3: the newest due step of each duty, and the others that collapse into it when it is sent.

    An escalation gives way to no overdue mail, however new: those above the party may only hear of it after its own warning.
    """
    ladders: dict[Duty, list[Due]] = {}
    for due in dues:
        ladders.setdefault(due.duty, []).append(due)
    newest = [max(ladder, key=_rank) for ladder in ladders.values()]
    older = {due.duty: [other for other in ladders[due.duty] if other is not due] for due in newest}
    return newest, older


def _rank(due: Due) -> tuple[bool, tuple[datetime, int, int]]:
    return (due.step.key.step is StepKind.ESCALATION, due.age)


def may_leave(known: Known, due: Due, now: datetime) -> bool:
    """Rule 4: inside the sending window of a working day (the digest: from its hour on), and the person's first mail today.

    A day later than today is in the state only when the clock was set back; then the mail waits as well.
    """
    calendar = known.setup.calendar
    local = now.astimezone(calendar.zone)
    if not calendar.is_working_day(local.date()):
        return False
    if due.step.key.step is StepKind.DIGEST:
        return local.time() >= _local_time(calendar, due.step.not_before)
    if due.recipient.is_above and due.step.key.ordinal and known.is_warning_young(due, local.date()):
        return False
    mailed_on = None if due.step.key.step.is_for_coordinator else known.state.mailed_on.get(due.recipient.person)
    if mailed_on is not None and mailed_on >= local.date():
        return False
    window = known.round_of(due.step.key).window
    return after_night(window.opens) <= local.time() < window.closes


def bundle(dues: Iterable[Due]) -> list[SendIntent]:
    """Rule 5: one mail for each person, whatever round, programme and party it is of (DESIGN, decisions 1 and 12).

    Three things are mails of their own: a notice, which has one decision and one document; what somebody is told of a party
    that others answer for; and what the coordinator gets of each round.
    """
    mails: dict[tuple[str, ...], list[Due]] = {}
    for due in sorted(dues, key=lambda due: (due.step.key.programme, due.step.key.round, due.step.key.party)):
        mails.setdefault((due.recipient.person, *_family(due)), []).append(due)
    return [_write_mail(parts) for parts in mails.values()]


def _family(due: Due) -> tuple[str, ...]:
    key = due.step.key
    if key.step is StepKind.NOTICE or key.step.is_for_coordinator:
        return (key.step, key.programme, key.round)
    return ("above",) if due.recipient.is_above else ()


def one_mail_a_day(mails: Sequence[SendIntent]) -> list[SendIntent]:
    """Of the mails of one person the most urgent, and the newest of these; all that is for the coordinator, since it is no demand."""
    chosen: dict[str, SendIntent] = {}
    told = []
    for mail in sorted(mails, key=_place):
        if mail.head.key.step.is_for_coordinator:
            told.append(mail)
        elif (other := chosen.get(mail.recipient.person)) is None or _urgency(mail) > _urgency(other):
            chosen[mail.recipient.person] = mail
    return [*chosen.values(), *told]


def every_mail(mails: Sequence[SendIntent]) -> list[SendIntent]:
    """All mails: what is due, without asking how much of it one day bears."""
    return list(mails)


def next_opening(reporting_round: ReportingRound, calendar: Calendar, step: PlannedStep, now: datetime) -> datetime:
    """The next instant after `now` at which a step that is due may leave: the next opening on a working day."""
    is_digest = step.key.step is StepKind.DIGEST
    clock = _local_time(calendar, step.not_before) if is_digest else reporting_round.window.opens
    today = calendar.local_day(now)
    for offset in range(FURTHEST_WALK):
        day = today + timedelta(days=offset)
        if calendar.is_working_day(day) and (opening := instant_on(calendar, day, clock)) > now:
            return opening
    raise ValueError("no working day within 400 days")


def _decide(
    known: Known,
    timeline: Sequence[PlannedStep],
    now: datetime,
    is_free: Callable[[Due], bool],
    choose: Callable[[Sequence[SendIntent]], list[SendIntent]],
) -> tuple[Intent, ...]:
    skips: list[SkipIntent] = []
    wanted: list[Due] = []
    for due in find_due(known, timeline, now):
        reason = why_skip(known, due, now)
        if reason is None:
            wanted.append(due)
        else:
            skips.append(_skip(due, reason))
    superseded, wanted = _part_superseded(known, timeline, wanted, now)
    newest, older = keep_newest(wanted)
    mails = choose(bundle(due for due in newest if is_free(due)))
    collapsed = [other for mail in mails for step in mail.steps for other in older[_duty(mail, step)]]
    skips.extend(_skip(due, SkipReason.COLLAPSED) for due in (*superseded, *collapsed))
    return (*sorted(skips, key=_skip_place), *sorted(mails, key=_place))


def _part_superseded(known: Known, timeline: Sequence[PlannedStep], wanted: Sequence[Due], now: datetime) -> tuple[list[Due], list[Due]]:
    settled: Mapping[Duty, Due] = find_newest_settled(known, timeline, {due.duty for due in wanted}, now) if wanted else {}
    superseded: list[Due] = []
    left: list[Due] = []
    for due in wanted:
        newer = settled.get(due.duty)
        is_older = newer is not None and due.age < newer.age and due.step.key.step is not StepKind.ESCALATION
        (superseded if is_older else left).append(due)
    return superseded, left


def _first_after(timeline: Sequence[PlannedStep], now: datetime) -> int:
    return bisect_right(timeline, now, key=lambda step: step.not_before)


def _local_time(calendar: Calendar, instant: datetime) -> time:
    return instant.astimezone(calendar.zone).time()


def _write_mail(parts: Sequence[Due]) -> SendIntent:
    # Most urgent first, then newest; parts come in the order of programme, round and party, and the sort keeps it.
    steps = sorted((part.step for part in parts), key=lambda step: (step.key.step.urgency, step.not_before), reverse=True)
    return SendIntent(recipient=parts[0].recipient, steps=tuple(steps))


def _urgency(mail: SendIntent) -> tuple[int, datetime]:
    return (mail.head.key.step.urgency, mail.head.not_before)


def _place(mail: SendIntent) -> tuple[datetime, str, str, str, str]:
    key = mail.head.key
    return (mail.head.not_before, key.programme, key.round, key.party, mail.recipient.person)


def _skip_place(skip: SkipIntent) -> tuple[datetime, str]:
    return (skip.step.not_before, skip.key)


def _duty(mail: SendIntent, step: PlannedStep) -> Duty:
    return duty_of(step.key, mail.recipient.person)


def _skip(due: Due, reason: SkipReason) -> SkipIntent:
    return SkipIntent(recipient=due.recipient, step=due.step, reason=reason)
