"""What came of it: each party's answers by date, and whether the database holds exactly what was said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from reminder.compose.rehearsal.views import Character, RehearsedDeadline, RehearsedParty
from reminder.domain.assessments import Assessment, latest
from reminder.domain.rounds import ReportingRound
from reminder.domain.setup import Setup
from reminder.flows.house import House
from reminder.plan.timeline import asked_parties, closes_on, party_deadline
from reminder.sandbox.rehearse.players import Duty
from reminder.sandbox.rehearse.writing import Said
from reminder.store import reports


def load_facts(house: House) -> dict[Duty, Assessment]:
    """What was recorded last of each action, by the party that said it; what came after the close counts here too."""
    with house.store.read() as conn:
        facts = reports.load_assessments(conn)
    found: dict[Duty, Assessment] = {}
    for one in house.setup.rounds:
        of_round = [replace(fact, is_late=False) for fact in facts if (fact.programme, fact.round) == (one.programme, one.id)]
        for (party, action), fact in latest(of_round).items():
            found[one.programme, one.id, party, action] = fact
    return found


def find_differences(house: House, said: Mapping[Duty, Said]) -> tuple[str, ...]:
    """Where the database and what the parties said differ, a line each; empty when every word was understood."""
    found = load_facts(house)
    return tuple(
        f"{programme}/{round_id} {party} {_number(house.setup, programme, action)}: "
        f"{_words(said.get(key))} was said, {_words(found.get(key))} was recorded"
        for key in sorted(found.keys() | said.keys())
        if _words(said.get(key)) != _words(found.get(key))
        for programme, round_id, party, action in (key,)
    )


def list_parties(house: House, characters: Mapping[tuple[str, str], Character]) -> tuple[RehearsedParty, ...]:
    """The rows of the time line, in the order of the files: each party that a round asks."""
    setup, facts = house.setup, load_facts(house)
    rows: dict[tuple[str, str], list[RehearsedDeadline]] = {}
    for one in setup.rounds:
        for party, leads in asked_parties(one, setup.programmes[one.programme]).items():
            rows.setdefault((one.programme, party), []).extend(_deadlines(setup, one, party, facts) if leads else ())
    return tuple(
        RehearsedParty(
            programme=programme.id,
            id=party.id,
            name=party.name,
            character=characters.get((programme.id, party.id)),
            addresses=tuple(contact.address for contact in setup.directory.of_party(party.id).contacts),
            deadlines=tuple(rows[programme.id, party.id]),
        )
        for programme in setup.programmes.values()
        for party in programme.parties.values()
        if (programme.id, party.id) in rows
    )


def _deadlines(setup: Setup, one: ReportingRound, party: str, facts: Mapping[Duty, Assessment]) -> Iterator[RehearsedDeadline]:
    actions = one.actions_of(setup.programmes[one.programme], party)
    said = [facts.get((one.programme, one.id, party, action.id)) for action in actions]
    days = [setup.calendar.local_day(fact.received_at) for fact in said if fact is not None and fact.is_answer]
    complete: date | None = max(days) if days and len(days) == len(actions) else None
    yield RehearsedDeadline(
        round_name=one.name,
        due_on=party_deadline(setup, one, party).due_on,
        closes_on=closes_on(one.for_party(party), setup.calendar),
        asked=len(actions),
        answered=len(days),
        first_on=min(days, default=None),
        complete_on=complete,
    )


def _number(setup: Setup, programme: str, action: str) -> str:
    known = setup.programmes[programme].action(action) if programme in setup.programmes else None
    return known.number if known else action


def _words(said: Said | Assessment | None) -> str:
    if said is None:
        return "nothing"
    return " ".join(word.value for word in (said.light, said.phase) if word is not None) or "nothing"
