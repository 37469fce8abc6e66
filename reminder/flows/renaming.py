"""What is stored under an id that the files have given up is read as what it is called now (`was` in programme.yaml).

Nothing is rewritten: taking the line out of the file takes the renaming back. A party or an action whose `was` names several
is a merger of them. An action that is named by a part of it while it is still there was split: its answers stay with it, and
the part shows them as what was said last.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from reminder.domain.assessments import Assessment
from reminder.domain.decisions import AddedStep
from reminder.domain.messages import Item, SentMessage
from reminder.domain.rounds import Extension, StepKey
from reminder.domain.setup import Setup
from reminder.store.agenda import Place
from reminder.store.outbox import LateMail

OfParty = TypeVar("OfParty", Extension, AddedStep, LateMail)


def current_party(setup: Setup, programme: str, party: str) -> str:
    """What a party is called now."""
    known = setup.programmes.get(programme)
    return party if known is None else known.current_party(party)


def current_action(setup: Setup, programme: str, action: str) -> str:
    """What an action is called now."""
    known = setup.programmes.get(programme)
    return action if known is None else known.current_action(action)


def current_facts(setup: Setup, facts: Iterable[Assessment]) -> tuple[Assessment, ...]:
    """What was said, of the parties and actions as they are called now."""
    return tuple(_current_fact(setup, fact) for fact in facts) if setup.has_renames else tuple(facts)


def _current_fact(setup: Setup, fact: Assessment) -> Assessment:
    party, action = current_party(setup, fact.programme, fact.party), current_action(setup, fact.programme, fact.action)
    return fact if (party, action) == (fact.party, fact.action) else replace(fact, party=party, action=action)


def current_items(setup: Setup, items: Iterable[Item]) -> tuple[Item, ...]:
    """What a mail asked for, of the parties and actions as they are called now."""
    if not setup.has_renames:
        return tuple(items)
    return tuple(
        replace(
            item,
            party=current_party(setup, item.programme, item.party),
            action=current_action(setup, item.programme, item.action),
        )
        for item in items
    )


def current_messages(setup: Setup, messages: Iterable[SentMessage]) -> tuple[SentMessage, ...]:
    """Mails of ours with their items as above."""
    if not setup.has_renames:
        return tuple(messages)
    return tuple(replace(message, items=current_items(setup, message.items)) for message in messages)


def current_key(setup: Setup, dedupe_key: str) -> str:
    """The key under which a settled step is known now."""
    step, person = StepKey.read(dedupe_key)
    return replace(step, party=current_party(setup, step.programme, step.party)).for_recipient(person)


def current_settled(setup: Setup, settled: frozenset[str]) -> frozenset[str]:
    """The keys of all steps that have ended, as they are known now."""
    return frozenset(current_key(setup, key) for key in settled) if setup.has_renames else settled


def current_waived(setup: Setup, waived: frozenset[tuple[str, str, str]]) -> frozenset[tuple[str, str, str]]:
    """The waived actions as they are called now."""
    return frozenset((programme, round_id, current_action(setup, programme, action)) for programme, round_id, action in waived)


def current_of_party(setup: Setup, rows: Iterable[OfParty]) -> tuple[OfParty, ...]:
    """Extensions, added steps or mails of parties as they are called now."""
    return tuple(replace(row, party=current_party(setup, row.programme, row.party)) for row in rows)


def with_former(setup: Setup, places: Iterable[Place]) -> frozenset[Place]:
    """The places, and those under which the same parties were known before: what must be asked of the database."""
    known = frozenset(places)
    if not setup.has_renames:
        return known
    former = {
        (programme, round_id, was)
        for programme, round_id, party in known
        if programme in setup.programmes
        for was in setup.programmes[programme].former_parties(party)
    }
    return known | former
