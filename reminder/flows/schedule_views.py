"""The view of a schedule mail: what one person is told or asked, section by section."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from reminder.compose.views import ActionView, Heading, LastTime, PartySection, ReportStanding, ScheduleMailView
from reminder.domain.assessments import Assessment, EarlierLight, answer_of
from reminder.domain.decisions import ADDED_STEPS
from reminder.domain.intents import PartyDeadline, PlannedStep, SendIntent
from reminder.domain.messages import Attachment, Item, MailKind
from reminder.domain.programme import Action, Programme
from reminder.domain.rounds import ReportingRound, StepKind
from reminder.domain.setup import Setup
from reminder.domain.workdays import Unit
from reminder.flows.knowledge import Knowledge
from reminder.plan.dates import last_day, request_date
from reminder.plan.known import escalation_of, people_above
from reminder.plan.timeline import party_deadline
from reminder.wire.answer_sheet import MANY_ACTIONS, can_write_sheets, sheet_name

CHASING = frozenset(kind for kind in StepKind if MailKind(kind.value).is_chasing)
WITH_SHEET = frozenset({MailKind.REQUEST, MailKind.REMINDER})
"""Mails that bring the answer form as a workbook; from the last call on they are kept as short as can be."""


def write_schedule_view(
    knowledge: Knowledge,
    intent: SendIntent,
    heading: Heading,
    attachments: tuple[Attachment, ...] = (),
) -> ScheduleMailView:
    """What the mail of this intent says; a chasing mail asks only for what is missing. What the files no longer know is left out."""
    setup, programme = knowledge.setup, knowledge.setup.programmes[intent.head.key.programme]
    known = [(one, step) for step in intent.steps if (one := setup.round(step.key.programme, step.key.round)) is not None]
    sections = tuple(write_section(knowledge, setup.programmes[one.programme], one, step) for one, step in known)
    return ScheduleMailView(
        kind=MailKind(intent.head.key.step.value),
        heading=heading,
        sections=sections,
        decision=programme.decision,
        programme_url=programme.url,
        attachments=attachments,
        is_above=intent.recipient.is_above,
        tags={one.programme: setup.programmes[one.programme].tag for one, _ in known},
        sheet_name=_sheet_name(knowledge, MailKind(intent.head.key.step.value), known, sections, heading),
    )


def _sheet_name(
    knowledge: Knowledge,
    kind: MailKind,
    known: Sequence[tuple[ReportingRound, PlannedStep]],
    sections: Sequence[PartySection],
    heading: Heading,
) -> str:
    """The answer form's file name, where a party with many actions is asked about several, and such files can be written."""
    asks = kind in WITH_SHEET and sum(len(section.actions) for section in sections) > 1
    if not asks or not any(count_asked(knowledge, one, step.key.party) > MANY_ACTIONS for one, step in known) or not can_write_sheets():
        return ""
    return sheet_name(heading.language, known[0][0].programme, known[0][0].id)


def count_asked(knowledge: Knowledge, one: ReportingRound, party: str) -> int:
    """How many actions the round asks the party about, those that it contributes to with them."""
    programme = knowledge.setup.programmes[one.programme]
    return len(asked_actions(knowledge, programme, one, party)) + len(one.contributions_of(programme, party))


def write_section(knowledge: Knowledge, programme: Programme, one: ReportingRound, step: PlannedStep) -> PartySection:
    """One party's part of a mail."""
    party = step.key.party
    deadline = party_deadline(knowledge.setup, one, party, extensions=knowledge.extensions)
    earlier = find_last_times(knowledge, one)
    answered = answered_actions(knowledge, one, party)
    owed = [action for action in asked_actions(knowledge, programme, one, party) if action.id not in answered]
    is_chasing = step.key.step in CHASING or step.key.ordinal >= ADDED_STEPS
    asked = owed if is_chasing else list(asked_actions(knowledge, programme, one, party))
    views = [write_action(programme, one, party, action, earlier) for action in asked]
    if not is_chasing:
        contributions = one.contributions_of(programme, party)
        views += [write_action(programme, one, party, action, earlier, is_contribution=True) for action in contributions]
    calendar, today = knowledge.setup.calendar, knowledge.today
    return PartySection(
        party=programme.parties[party],
        programme_name=programme.name,
        round_name=one.name,
        kind=MailKind(step.key.step.value),
        due_on=deadline.due_on,
        due_why=deadline.why,
        closes_on=deadline.closes_on,
        working_days_left=calendar.working_days_between(today, deadline.due_on),
        working_days_late=calendar.working_days_between(deadline.due_on, today),
        request_on=request_date(one.for_party(party), calendar).on,
        actions=tuple(views),
        answered=tuple(
            write_action(programme, one, party, action, earlier) for action in one.actions_of(programme, party) if action.id in answered
        ),
        standing=find_standing(knowledge, (programme.id, one.id, party), has_answered=bool(answered)),
        is_extended=deadline.extension is not None,
        told_on=find_told_day(knowledge, step, deadline) if step.key.step is StepKind.ESCALATION else None,
        names_deputies=not names_manager(knowledge.setup, programme.id, one.id, party),
    )


def names_manager(setup: Setup, programme: str, round_id: str, party: str) -> bool:
    """Whether an escalation of this party names its manager; else it names its deputies."""
    return setup.directory.of_party(party).manager in people_above(setup, programme, round_id, party)


def find_standing(knowledge: Knowledge, place: tuple[str, str, str], *, has_answered: bool) -> ReportStanding:
    """How things stand with a party, which decides the words of a mail to it."""
    if has_answered:
        return ReportStanding.PARTIAL
    if place in knowledge.troubles.puzzled:
        return ReportStanding.NOT_UNDERSTOOD
    return ReportStanding.BOUNCED if place in knowledge.troubles.bounced else ReportStanding.SILENT


def find_told_day(knowledge: Knowledge, step: PlannedStep, deadline: PartyDeadline) -> date | None:
    """The day on which those above the party hear of it: today, or after the grace for who is late for the first time; None: never."""
    place = (step.key.programme, step.key.round, step.key.party)
    rule = escalation_of(knowledge.setup, *place)
    if rule is None or not people_above(knowledge.setup, *place):
        return None
    if step.key.ordinal or place in knowledge.lateness.late_before:
        return knowledge.today
    told_on = knowledge.setup.calendar.add(knowledge.today, rule.grace, Unit.WORKING_DAYS).on
    return told_on if told_on <= deadline.closes_on else None


def asked_actions(knowledge: Knowledge, programme: Programme, one: ReportingRound, party: str) -> tuple[Action, ...]:
    """The actions that the party owes in this round, without those that the coordinator has waived."""
    return tuple(action for action in one.actions_of(programme, party) if (programme.id, one.id, action.id) not in knowledge.waived)


def answered_actions(knowledge: Knowledge, one: ReportingRound, party: str) -> frozenset[str]:
    """Ids of the actions of the party that are answered in this round, by it or by who led them before it."""
    said = knowledge.said(one)
    answers = ((action, answer_of(facts, party)) for action, facts in said.items())
    return frozenset(action for action, fact in answers if fact is not None and fact.is_answer)


def write_action(
    programme: Programme,
    one: ReportingRound,
    party: str,
    action: Action,
    last_times: Mapping[str, LastTime],
    *,
    is_contribution: bool = False,
) -> ActionView:
    """One action as a mail shows it, with what the party said last time."""
    item = Item(
        programme=programme.id,
        round=one.id,
        party=party,
        action=action.id,
        number=action.number,
        title=action.title,
        is_contribution=is_contribution,
    )
    return ActionView(
        item=item,
        full_text=action.text,
        focus_area=action.focus_area,
        goal=action.goal,
        measure=action.measure,
        years=tuple(sorted(action.years)),
        last_time=last_times.get(action.id) if action.lead == party else None,
        is_contribution=is_contribution,
    )


def find_last_times(knowledge: Knowledge, one: ReportingRound) -> Mapping[str, LastTime]:
    """What was said of each action, by its id, in the newest earlier round of the same programme that knows of it.

    Where no round does, what lights.yaml tells of the time before this round asked. An answer that was received goes before
    what the file tells of the same time; what it tells of a time after that round had closed is newer.
    """
    starts = {(other.programme, other.id): round_start(knowledge, other) for other in knowledge.setup.rounds}
    before = [other for other in knowledge.setup.rounds if other.programme == one.programme]
    before = [other for other in before if starts[other.programme, other.id] < starts[one.programme, one.id]]
    told = knowledge.setup.earlier.get(one.programme, {})
    found = {action: _told(light) for action, light in told.items() if light.on < starts[one.programme, one.id]}
    programme = knowledge.setup.programmes[one.programme]
    for other in sorted(before, key=lambda other: starts[other.programme, other.id]):
        closed_on = last_day(other, knowledge.setup.calendar)
        for action, facts in knowledge.said(other).items():
            known = programme.action(action)
            fact = answer_of(facts, known.lead) if known is not None else None
            if fact is not None and not _goes_before(found.get(action), fact, closed_on):
                day = knowledge.setup.calendar.local_day(fact.received_at)
                found[action] = LastTime(on=day, light=fact.light, phase=fact.phase, text=fact.text)
    return {**found, **_said_of_wholes(knowledge, one, found)}


def _told(light: EarlierLight) -> LastTime:
    return LastTime(on=light.on, light=light.light, phase=light.phase, text=light.text, is_imported=True)


def _goes_before(told: LastTime | None, fact: Assessment, closed_on: date) -> bool:
    """Whether what the file tells is kept: it is newer than the round of the fact, or the fact is no answer."""
    return told is not None and told.is_imported and (told.on > closed_on or not fact.is_answer)


def _said_of_wholes(knowledge: Knowledge, one: ReportingRound, found: Mapping[str, LastTime]) -> Mapping[str, LastTime]:
    """A part of an action that was split shows what was said of the whole, in this round or before."""
    programme, said = knowledge.setup.programmes[one.programme], knowledge.said(one)
    parts = dict[str, LastTime]()
    for action in programme.actions:
        for whole in action.was:
            known = programme.action(whole)
            fact = answer_of(said.get(whole, ()), known.lead) if known is not None else None
            if fact is not None:
                day = knowledge.setup.calendar.local_day(fact.received_at)
                parts[action.id] = LastTime(on=day, light=fact.light, phase=fact.phase, text=fact.text)
            elif whole in found and action.id not in found:
                parts[action.id] = found[whole]
    return parts


def round_start(knowledge: Knowledge, one: ReportingRound) -> date:
    """When the round asks: orders the rounds of a programme."""
    return request_date(one, knowledge.setup.calendar).on
