"""What changed lately: each light or phase that a lead gave, and each that was given anew, newest first."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from reminder.domain.assessments import Assessment
from reminder.domain.programme import Localised, Programme
from reminder.domain.workdays import Calendar
from reminder.report.site.views import ActionHead, Change


def counts(fact: Assessment) -> bool:
    """Whether it is an answer of the lead in time, as it is read today."""
    return fact.is_answer and fact.is_lead and not fact.is_late and not fact.is_superseded


def list_changes(
    calendar: Calendar, programme: Programme, facts: Iterable[Assessment], heads: Mapping[str, ActionHead], names: Mapping[str, Localised]
) -> tuple[Change, ...]:
    """The changes of the rounds in `names`. What came after the close or was read anew is none, nor what says the same again."""
    standing: dict[tuple[str, str], Assessment] = {}
    changes: list[Change] = []
    for fact in sorted(facts, key=lambda one: (one.received_at, one.inbound_id or 0, repr(one))):
        if not counts(fact) or fact.round not in names or fact.action not in heads:
            continue
        before = standing.get((fact.round, fact.action))
        standing[fact.round, fact.action] = fact
        if before is not None and (before.light, before.phase) == (fact.light, fact.phase):
            continue
        content = repr((programme.id, fact.round, fact.action, fact.party, fact.received_at, fact.light, fact.phase))
        changes.append(
            Change(
                key=hashlib.sha256(content.encode()).hexdigest()[:32],
                at=fact.received_at,
                on=calendar.local_day(fact.received_at),
                round_id=fact.round,
                round_name=names[fact.round],
                action=heads[fact.action],
                light=fact.light,
                phase=fact.phase,
                before=before.light if before else None,
                before_phase=before.phase if before else None,
                is_first=before is None,
            )
        )
    return tuple(reversed(changes))
