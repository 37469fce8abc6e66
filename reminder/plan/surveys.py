"""When a member survey is asked, and who is reminded: of those who have not answered the newest step that is due, as for reports."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from reminder.domain.intents import Intent, PlannedStep, Recipient, SendIntent, SkipIntent, SkipReason
from reminder.domain.programme import Contact, Directory
from reminder.domain.rounds import ReportingRound, StepKey, StepKind
from reminder.domain.setup import Setup
from reminder.plan.leaving import next_leave
from reminder.plan.steps import step_dates

SURVEY_STEPS = frozenset({StepKind.REQUEST, StepKind.REMINDER, StepKind.LAST_CALL, StepKind.OVERDUE})
"""A survey has no notice, and nobody above is told: nobody but the service knows who has answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyState:
    """What deciding about a survey needs to know beside the files and the time."""

    persons: Mapping[str, str]
    """Address, lower case, to pseudonymous id."""
    answered: frozenset[str] = frozenset()
    settled: frozenset[str] = frozenset()
    mailed_on: Mapping[str, date] = field(default_factory=dict)


def list_respondents(directory: Directory, one: ReportingRound) -> tuple[Contact, ...]:
    """Whom a survey asks: the contacts of its members, then the people that it names; where it names nobody, the members of the
    sub-committee. Each address once."""
    asked = [contact for party in one.members for contact in directory.of_party(party).contacts]
    asked += one.survey.people if one.survey else ()
    if one.survey and not (one.members or one.survey.people):
        asked += directory.sub_committee.members
    return tuple({contact.address.lower(): contact for contact in reversed(asked)}.values())[::-1]


def survey_steps(setup: Setup, one: ReportingRound) -> tuple[PlannedStep, ...]:
    """The steps of a survey, the same for all who are asked, in order of time."""
    return tuple(
        PlannedStep(
            key=StepKey(programme=one.programme, round=one.id, party="", step=step.kind, ordinal=step.ordinal),
            not_before=step.not_before,
            expires_at=step.expires_at,
            why=step.why,
        )
        for step in step_dates(setup, one)
        if step.kind in SURVEY_STEPS
    )


def decide_survey(setup: Setup, one: ReportingRound, state: SurveyState, now: datetime, *, at_any_hour: bool = False) -> tuple[Intent, ...]:
    """What is to be done at `now`: skips before mails, so that no older step is ever sent after a newer one.

    `at_any_hour`: whether or not it may leave at this hour, as `arm` lists it.
    """
    due = [step for step in survey_steps(setup, one) if step.not_before <= now]
    skips: list[SkipIntent] = []
    mails: list[SendIntent] = []
    for contact in list_respondents(setup.directory, one):
        person = state.persons.get(contact.address.lower(), contact.id)
        to = Recipient(person=person, address=contact.address, name=contact.name, language=contact.language)
        open_steps = _open_steps(due, state.settled, to.person)
        reason = _why_skip(to.person, state.answered, now)
        over = [step for step in open_steps if reason(step) is not None]
        left = [step for step in open_steps if reason(step) is None]
        skips += [SkipIntent(recipient=to, step=step, reason=reason(step) or SkipReason.EXPIRED) for step in over]
        may_leave = at_any_hour or next_leave(setup.calendar, one.window, now, state.mailed_on.get(person)) == now
        if left and may_leave:
            skips += [SkipIntent(recipient=to, step=step, reason=SkipReason.COLLAPSED) for step in left[:-1]]
            mails.append(SendIntent(recipient=to, steps=(left[-1],)))
    return (*skips, *mails)


def _open_steps(due: list[PlannedStep], settled: Collection[str], person: str) -> list[PlannedStep]:
    """The steps that are not settled, oldest first, but for those that are older than a settled one."""
    is_settled = [step.key.for_recipient(person) in settled for step in due]
    newest = max((place for place, settled_one in enumerate(is_settled) if settled_one), default=-1)
    return due[newest + 1 :]


def _why_skip(person: str, answered: Collection[str], now: datetime) -> Callable[[PlannedStep], SkipReason | None]:
    def reason(step: PlannedStep) -> SkipReason | None:
        if person in answered:
            return SkipReason.COMPLETE
        return SkipReason.EXPIRED if step.expires_at <= now else None

    return reason
