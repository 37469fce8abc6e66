"""How things stand for a party, for somebody who asks: what is recorded and by whom, what is owed, and by when."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from reminder.compose.views import ActionView, AnsweredBy, Heading, StandingAnswer, StandingSection, StandingView
from reminder.domain.assessments import Assessment, latest
from reminder.domain.messages import Item
from reminder.domain.programme import Programme
from reminder.domain.rounds import ReportingRound
from reminder.flows.knowledge import Knowledge
from reminder.flows.schedule_views import asked_actions, find_last_times, write_action
from reminder.plan.dates import request_date
from reminder.plan.timeline import party_deadline


def write_standing(
    knowledge: Knowledge, one: ReportingRound, parties: Sequence[str], heading: Heading, *, their_subject: str = ""
) -> StandingView:
    """The whole answer, one section a party; a party that the files no longer know is left out."""
    known = knowledge.setup.programmes[one.programme].parties
    sections = tuple(_write_section(knowledge, one, party) for party in parties if party in known)
    return StandingView(heading=heading, sections=sections, their_subject=their_subject)


def list_standing(
    knowledge: Knowledge, one: ReportingRound, parties: Collection[str], *, without: Collection[Item] = ()
) -> tuple[StandingAnswer, ...]:
    """What is recorded for these parties, in the order of the programme; `without` those that are shown elsewhere."""
    programme = knowledge.setup.programmes[one.programme]
    shown = {(item.party, item.action) for item in without}
    return tuple(
        answer
        for party in parties
        for answer in _list_answers(knowledge, programme, one, party)
        if (party, answer.item.action) not in shown
    )


def find_role(knowledge: Knowledge, fact: Assessment) -> AnsweredBy:
    """In what role a fact was given. Who is no longer listed counts as a colleague; a command has no sender."""
    if fact.inbound_id is None:
        return AnsweredBy.OFFICE
    directory = knowledge.setup.directory
    of_party = directory.of_party(fact.party)
    lists = ((AnsweredBy.CONTACT, of_party.contacts), (AnsweredBy.DEPUTY, of_party.deputies), (AnsweredBy.OFFICE, directory.coordinators))
    for role, contacts in lists:
        if fact.actor and any(knowledge.persons.get(contact.address.lower()) == fact.actor for contact in contacts):
            return role
    return AnsweredBy.COLLEAGUE


def _write_section(knowledge: Knowledge, one: ReportingRound, party: str) -> StandingSection:
    programme = knowledge.setup.programmes[one.programme]
    deadline = party_deadline(knowledge.setup, one, party, extensions=knowledge.extensions)
    calendar, today = knowledge.setup.calendar, knowledge.today
    answered = _list_answers(knowledge, programme, one, party)
    request_on = request_date(one, calendar).on
    return StandingSection(
        party=programme.parties[party].name,
        due_on=deadline.due_on,
        closes_on=deadline.closes_on,
        request_on=request_on if request_on > today else None,
        answered=answered,
        missing=_list_open(knowledge, programme, one, party, answered, is_contribution=False),
        open_contributions=_list_open(knowledge, programme, one, party, answered, is_contribution=True),
        working_days_left=calendar.working_days_between(today, deadline.due_on),
        working_days_late=calendar.working_days_between(deadline.due_on, today),
        is_extended=deadline.extension is not None,
        is_closed=knowledge.now >= calendar.end_of(deadline.closes_on),
    )


def _list_answers(knowledge: Knowledge, programme: Programme, one: ReportingRound, party: str) -> tuple[StandingAnswer, ...]:
    counting = latest(fact for fact in knowledge.assessments if (fact.programme, fact.round) == (one.programme, one.id))
    led = {action.id for action in one.actions_of(programme, party)}
    found = []
    for action in programme.actions:
        fact = counting.get((party, action.id))
        if fact is None or not fact.is_answer:
            continue
        view = write_action(programme, one, party, action, {}, is_contribution=action.id not in led)
        found.append(
            StandingAnswer(
                item=view.item,
                light=fact.light,
                phase=fact.phase,
                text=fact.text,
                next_step=fact.next_step,
                next_on=fact.next_on,
                on=knowledge.setup.calendar.local_day(fact.received_at),
                by=find_role(knowledge, fact),
                is_provisional=fact.is_provisional,
            )
        )
    return tuple(found)


def _list_open(
    knowledge: Knowledge,
    programme: Programme,
    one: ReportingRound,
    party: str,
    answered: Collection[StandingAnswer],
    *,
    is_contribution: bool,
) -> tuple[ActionView, ...]:
    actions = one.contributions_of(programme, party) if is_contribution else asked_actions(knowledge, programme, one, party)
    given = {answer.item.action for answer in answered}
    earlier = find_last_times(knowledge, one)
    return tuple(
        write_action(programme, one, party, action, earlier, is_contribution=is_contribution)
        for action in actions
        if action.id not in given
    )
