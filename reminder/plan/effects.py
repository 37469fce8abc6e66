"""What has gone out already and no longer agrees with edited files: its date, the deadline that it named, what it asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from reminder.domain.foreseen import EffectKind, SentEffect, SettledStep
from reminder.domain.intents import PlannedStep, PlanState
from reminder.domain.programme import Action
from reminder.domain.rounds import ReportingRound, StepKey, StepKind
from reminder.domain.setup import Setup
from reminder.plan.timeline import party_deadline

Timelines = tuple[Sequence[PlannedStep], Sequence[PlannedStep]]
Place = tuple[str, str, str]


def find_effects(
    old: Setup, new: Setup, *, timelines: Timelines, state: PlanState, settled: Sequence[SettledStep]
) -> tuple[SentEffect, ...]:
    """Each disagreement once a party, in the order in which the mails went. Digests are left out: they told of their own day."""
    sent = _first_of_each(old, settled)
    was, now = ({step.key: old.calendar.local_day(step.not_before) for step in timeline} for timeline in timelines)
    found = [effect for key, on in sent.items() if (effect := _date_effect(key, on, was, now)) is not None]
    told = _Told(old, new, state)
    for place, (step, on) in _newest_told(sent).items():
        found.extend(told.effects(place, step, on))
    return tuple(found)


def _first_of_each(setup: Setup, settled: Sequence[SettledStep]) -> dict[StepKey, date]:
    """The steps that became a mail, each with the local day on which its first mail was made."""
    sent: dict[StepKey, date] = {}
    for step in sorted(settled, key=lambda one: (one.at, one.dedupe_key)):
        if step.is_mail and not step.key.step.is_for_coordinator:
            sent.setdefault(step.key, setup.calendar.local_day(step.at))
    return sent


def _date_effect(key: StepKey, on: date, was: Mapping[StepKey, date], now: Mapping[StepKey, date]) -> SentEffect | None:
    before, after = was.get(key), now.get(key)
    if before is None or before == after:
        return None
    kind = EffectKind.GONE if after is None else EffectKind.DATE
    return SentEffect(
        kind=kind, step=key.step, programme=key.programme, round=key.round, party=key.party, sent_on=on, was=before, now=after
    )


def _newest_told(sent: Mapping[StepKey, date]) -> dict[Place, tuple[StepKind, date]]:
    """For each party of a round the newest mail that named its deadline."""
    return {(key.programme, key.round, key.party): (key.step, on) for key, on in sent.items() if key.step is not StepKind.NOTICE}


@dataclass(frozen=True, slots=True)
class _Told:
    """What the old files made us say, against what the new ones would."""

    old: Setup
    new: Setup
    state: PlanState

    def effects(self, place: Place, step: StepKind, on: date) -> Iterator[SentEffect]:
        """What the party was told and is so no longer. A party that has reported everything is not concerned."""
        standing = self.state.standings.get(place)
        if standing is not None and standing.asked and standing.is_complete:
            return
        before, after = self.old.round(*place[:2]), self.new.round(*place[:2])
        if before is None or after is None:
            return
        yield from self._deadline(place, step, on, before, after)
        yield from self._asks(place, step, on, before, after)

    def _deadline(self, place: Place, step: StepKind, on: date, before: ReportingRound, after: ReportingRound) -> Iterator[SentEffect]:
        was = party_deadline(self.old, before, place[2], extensions=self.state.extensions).due_on
        now = party_deadline(self.new, after, place[2], extensions=self.state.extensions).due_on
        if was != now:
            yield _effect(EffectKind.DEADLINE, place, step, on, was=was, now=now)

    def _asks(self, place: Place, step: StepKind, on: date, before: ReportingRound, after: ReportingRound) -> Iterator[SentEffect]:
        was, now = self._asked(self.old, before, place), self._asked(self.new, after, place)
        if more := tuple(action.number for id_, action in now.items() if id_ not in was):
            yield _effect(EffectKind.ASKS_MORE, place, step, on, actions=more)
        if less := tuple(action.number for id_, action in was.items() if id_ not in now):
            yield _effect(EffectKind.ASKS_LESS, place, step, on, actions=less)

    def _asked(self, setup: Setup, one: ReportingRound, place: Place) -> dict[str, Action]:
        programme = setup.programmes.get(one.programme)
        return {action.id: action for action in one.actions_of(programme, place[2])} if programme else {}


def _effect(
    kind: EffectKind,
    place: Place,
    step: StepKind,
    on: date,
    *,
    was: date | None = None,
    now: date | None = None,
    actions: tuple[str, ...] = (),
) -> SentEffect:
    programme, round_id, party = place
    return SentEffect(kind=kind, step=step, programme=programme, round=round_id, party=party, sent_on=on, was=was, now=now, actions=actions)
