"""The year as planned steps: every step of every round and party, with its date, its end and its reason.

Dates are computed once per round and deadline and shared among the parties; for each party only the key and the step
are made. So the cost for a party is that of its tuples, whatever the calendar asks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

from reminder.domain.intents import PlannedStep
from reminder.domain.programme import Programme
from reminder.domain.rounds import Extension, ReportingRound, RoundSchedule, StepKey
from reminder.domain.setup import Setup
from reminder.plan.added import added_steps
from reminder.plan.dates import closes_on, last_day, party_deadline, rule_date
from reminder.plan.steps import UNCHASED, StepDate, contacts_dates, digest_dates, report_dates, step_dates

__all__ = ["StepDate", "asked_parties", "closes_on", "digest_dates", "party_deadline", "plan_timeline", "rule_date", "step_dates"]

_Alike = tuple[date, datetime, int]


def plan_timeline(
    setup: Setup, *, extensions: Sequence[Extension] = (), places: Collection[tuple[str, str, str]] | None = None
) -> tuple[PlannedStep, ...]:
    """Every step of every round and party, sorted by `not_before`, then programme, round, urgency, ordinal, version and party.

    A party that leads an action of the round gets every step; one that only contributes gets notice and request. The list of contacts,
    the report and the digest have the party "". Surveys are not among them (`plan_surveys`). Raises ValueError where a rule hangs on
    nothing or on itself (`check` reports these first). With `places` (programme, round, party) only their steps, at the cost of these.
    """
    planned = _plan(setup, setup.rounds, extensions, places)
    if not setup.added:
        return planned
    added = added_steps(setup, extensions)
    wanted = (step for step in added if places is None or (step.key.programme, step.key.round, step.key.party) in places)
    return tuple(sorted((*planned, *wanted), key=_place))


def plan_surveys(setup: Setup) -> tuple[PlannedStep, ...]:
    """The steps of the surveys by party, for those who look at the year; what is sent is `plan.surveys.survey_steps`."""
    return _plan(setup, setup.surveys, ())


def _plan(
    setup: Setup,
    rounds: Iterable[ReportingRound],
    extensions: Sequence[Extension],
    places: Collection[tuple[str, str, str]] | None = None,
) -> tuple[PlannedStep, ...]:
    wanted: dict[tuple[str, str], set[str]] = {}
    for programme, round_id, party in places or ():
        wanted.setdefault((programme, round_id), set()).add(party)
    slots: dict[tuple[datetime, str, str, int, int, int], list[tuple[str, StepDate]]] = {}
    for reporting_round in rounds:
        chosen = None if places is None else wanted.get((reporting_round.programme, reporting_round.id), set())
        for parties, one in _round_steps(setup, reporting_round, extensions, chosen):
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
    asked: dict[str, bool] = dict.fromkeys(reporting_round.members, True)
    for action in programme.actions:
        if reporting_round.asks_for(action):
            asked[action.lead] = True
            for contributor in action.contributors:
                asked.setdefault(contributor, False)
    return asked


def _place(step: PlannedStep) -> tuple[datetime, str, str, int, int, int, str]:
    key = step.key
    return (step.not_before, key.programme, key.round, key.step.urgency, key.ordinal, key.deadline_version, key.party)


def _by_party(entry: tuple[str, StepDate]) -> str:
    return entry[0]


def _round_steps(
    setup: Setup, reporting_round: ReportingRound, extensions: Sequence[Extension], wanted: Collection[str] | None = None
) -> Iterator[tuple[Sequence[str], StepDate]]:
    if wanted is not None and not wanted:
        return
    programme = setup.programmes[reporting_round.programme]
    asked = asked_parties(reporting_round, programme) if wanted is None else _asked_of(reporting_round, programme, wanted)
    newest = _newest_extensions(reporting_round, extensions)
    groups: dict[tuple[bool, _Alike | None, RoundSchedule | None], tuple[Extension | None, list[str]]] = {}
    for party, leads in asked.items():
        extension = newest.get(party)
        alike = None if extension is None else (extension.due_on, extension.decided_at, extension.version)
        groups.setdefault((leads, alike, reporting_round.overrides.get(party)), (extension, []))[1].append(party)
    for (leads, *_), (extension, parties) in groups.items():
        seen = reporting_round.for_party(parties[0])
        for one in step_dates(setup, seen, extension=extension):
            if leads or one.kind in UNCHASED:
                yield parties, one
    if asked if wanted is None else "" in wanted:
        until = max((last_day(reporting_round, setup.calendar), *_extended_closes(setup, reporting_round, newest)))
        once = (*contacts_dates(setup, reporting_round), *report_dates(setup, reporting_round))
        for one in (*once, *digest_dates(setup, reporting_round, until=until)):
            yield ("",), one


def _asked_of(reporting_round: ReportingRound, programme: Programme, parties: Collection[str]) -> Mapping[str, bool]:
    """As `asked_parties`, of these parties alone and in the order of their names; found without a walk over the programme."""
    found: dict[str, bool] = {}
    for party in sorted(parties):
        if party in reporting_round.members or reporting_round.actions_of(programme, party):
            found[party] = True
        elif reporting_round.contributions_of(programme, party):
            found[party] = False
    return found


def _extended_closes(setup: Setup, reporting_round: ReportingRound, newest: Mapping[str, Extension]) -> Iterator[date]:
    for party, extension in newest.items():
        yield closes_on(reporting_round.for_party(party), setup.calendar, extension=extension)


def _newest_extensions(reporting_round: ReportingRound, extensions: Sequence[Extension]) -> Mapping[str, Extension]:
    newest: dict[str, Extension] = {}
    for one in extensions:
        if (one.programme, one.round) == (reporting_round.programme, reporting_round.id):
            before = newest.get(one.party)
            newest[one.party] = one if before is None or one.version > before.version else before
    return newest
