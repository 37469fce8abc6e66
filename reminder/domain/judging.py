"""The sub-committee's own light beside that of the party: another author's facts of the same action (decision 0037)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from reminder.domain.assessments import Assessment, TrafficLight
from reminder.domain.programme import LightOf

SUB_COMMITTEE = "@sub-committee"
"""Who speaks, where a fact or an item of a mail is the sub-committee's. No id of a file can hold the sign, so that it is no party's."""

Judged = tuple[str, str, str]
"""Programme, round, action."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What counts as the sub-committee's own view of one action in one round."""

    light: TrafficLight
    text: str = ""
    """The words of the presenter; of members, who may disagree, each has said their own, and none stands for all."""
    at: datetime
    """When the newest of the answers came in."""
    spread: Mapping[TrafficLight, int] = field(default_factory=dict)
    """How many gave each light, where each member gives one; empty where one person speaks for all."""
    is_provisional: bool = False


def fold_judgements(facts: Iterable[Assessment], light_of: LightOf) -> dict[Judged, Judgement]:
    """What counts of the facts of the sub-committee, by action. Depends on the set of facts alone, not on their order."""
    said: dict[Judged, dict[str, Assessment]] = {}
    for fact in sorted(facts, key=lambda one: (one.received_at, one.inbound_id or 0, repr(one))):
        if fact.party == SUB_COMMITTEE and fact.light is not None and not fact.is_superseded:
            # The newest answer of a person is put last: the last one of all is the newest.
            by_person = said.setdefault((fact.programme, fact.round, fact.action), {})
            by_person.pop(fact.actor, None)
            by_person[fact.actor] = fact
    return {place: _fold(tuple(by_person.values()), light_of) for place, by_person in said.items()}


def _fold(facts: tuple[Assessment, ...], light_of: LightOf) -> Judgement:
    newest = facts[-1]
    lights = [fact.light for fact in facts if fact.light is not None]
    if light_of is LightOf.PRESENTER:
        return Judgement(light=lights[-1], text=newest.text, at=newest.received_at, is_provisional=newest.is_provisional)
    return Judgement(
        light=middle_light(lights),
        text=newest.text if len(facts) == 1 else "",
        at=newest.received_at,
        spread=dict(Counter(lights)),
        is_provisional=any(fact.is_provisional for fact in facts),
    )


def middle_light(lights: Iterable[TrafficLight]) -> TrafficLight:
    """The median; of two in the middle the worse one. Raises ValueError where there is none."""
    ordered = sorted(lights, key=tuple(TrafficLight).index)
    if not ordered:
        raise ValueError("no light was given")
    return ordered[len(ordered) // 2]
