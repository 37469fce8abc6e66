"""What changed in a programme between two of its versions: a pure comparison, and how the site shows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from reminder.domain.programme import Localised
from reminder.domain.versions import ActionThen, DeadlineThen, ProgrammeThen, ProgrammeVersion
from reminder.domain.workdays import Calendar

NOTHING = Localised.everywhere("")


class EditKind(StrEnum):
    """What an edit of the programme did to one action or one deadline."""

    ADDED = "added"
    DROPPED = "dropped"
    MERGED = "merged"
    REWORDED = "reworded"  # its title
    TEXT = "text"
    RENUMBERED = "renumbered"
    LEAD = "lead"
    CONTRIBUTORS = "contributors"
    YEARS = "years"
    AREA = "area"
    GOAL = "goal"
    DEADLINE = "deadline"
    NAME = "name"  # of the programme itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One thing that a version changed. `old` and `new` are what stood there and what stands there now; empty where there is neither."""

    kind: EditKind
    action: str = ""
    """Id of the action; empty for a deadline and for the name."""
    number: str = ""
    title: str = ""
    subject: Localised = NOTHING
    """Of a deadline: the round and, where it is one party's own, that party."""
    old: Localised = NOTHING
    new: Localised = NOTHING
    old_on: date | None = None
    new_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionView:
    """A version with what it changed, in the order of the programme. The first has changed nothing."""

    number: int
    at: datetime
    on: date
    edits: tuple[Edit, ...]
    actions: int
    """How many actions it has."""


def view_versions(calendar: Calendar, versions: Sequence[ProgrammeVersion]) -> tuple[VersionView, ...]:
    """The versions of one programme, newest first. `versions` are in the order of their numbers."""
    before: ProgrammeThen | None = None
    found = []
    for one in versions:
        edits = tuple(compare(before, one.content)) if before is not None else ()
        before = one.content
        day = calendar.local_day(one.at)
        found.append(VersionView(number=one.number, at=one.at, on=day, edits=edits, actions=len(one.content.actions)))
    return tuple(reversed(found))


def compare(before: ProgrammeThen, after: ProgrammeThen) -> Iterator[Edit]:
    """Every difference between two versions. An action that goes on under another id is the same one; its id alone is no difference."""
    if before.name != after.name:
        yield Edit(kind=EditKind.NAME, old=before.name, new=after.name)
    pairs = _pair(before, after)
    names = _Names(before, after)
    for now in after.actions:
        then = pairs.get(now.id)
        if then is None:
            yield Edit(kind=EditKind.ADDED, action=now.id, number=now.number, title=now.title, new=_same(now.text))
        else:
            yield from _compare_action(then, now, names)
    yield from _list_gone(before, after, {then.id for then in pairs.values()})
    yield from _compare_deadlines(before.deadlines, after.deadlines, names)


class _Names:
    """The names of parties: today's, and of one that has gone the last."""

    def __init__(self, before: ProgrammeThen, after: ProgrammeThen) -> None:
        self._known: Mapping[str, Localised] = {**before.parties, **after.parties}

    def of(self, party: str) -> Localised:
        return self._known.get(party, Localised.everywhere(party))

    def of_all(self, parties: Sequence[str]) -> Localised:
        if not parties:
            return NOTHING
        return Localised({code: ", ".join(self.of(party).in_language(code) for party in parties) for code in ("fi", "sv", "en")})


def _pair(before: ProgrammeThen, after: ProgrammeThen) -> dict[str, ActionThen]:
    """Each action of now with what it was, by its id or by one of the former ids that the file names."""
    there = {one.id: one for one in before.actions}
    pairs = {one.id: there[one.id] for one in after.actions if one.id in there}
    taken = {one.id for one in pairs.values()}
    for one in after.actions:
        former = next((was for was in one.was if was in there and was not in taken), None)
        if one.id not in pairs and former is not None:
            pairs[one.id] = there[former]
            taken.add(former)
    return pairs


def _compare_action(then: ActionThen, now: ActionThen, names: _Names) -> Iterator[Edit]:
    texts = (
        (EditKind.RENUMBERED, then.number, now.number),
        (EditKind.REWORDED, then.title, now.title),
        (EditKind.TEXT, then.text, now.text),
        (EditKind.AREA, then.focus_area, now.focus_area),
        (EditKind.GOAL, then.goal, now.goal),
        (EditKind.YEARS, _years(then), _years(now)),
    )
    for kind, old, new in texts:
        if old.strip() != new.strip():
            yield Edit(kind=kind, action=now.id, number=now.number, title=now.title, old=_same(old), new=_same(new))
    if then.lead != now.lead:
        yield Edit(kind=EditKind.LEAD, action=now.id, number=now.number, title=now.title, old=names.of(then.lead), new=names.of(now.lead))
    if set(then.contributors) != set(now.contributors):
        were, are = names.of_all(then.contributors), names.of_all(now.contributors)
        yield Edit(kind=EditKind.CONTRIBUTORS, action=now.id, number=now.number, title=now.title, old=were, new=are)


def _list_gone(before: ProgrammeThen, after: ProgrammeThen, kept: set[str]) -> Iterator[Edit]:
    for one in before.actions:
        if one.id in kept:
            continue
        into = next((now for now in after.actions if one.id in now.was), None)
        kind = EditKind.DROPPED if into is None else EditKind.MERGED
        new = NOTHING if into is None else _same(f"{into.number} {into.title}")
        yield Edit(kind=kind, action=one.id, number=one.number, title=one.title, old=_same(one.text), new=new)


def _compare_deadlines(before: Mapping[str, DeadlineThen], after: Mapping[str, DeadlineThen], names: _Names) -> Iterator[Edit]:
    """Of the rounds that both versions have: the day of most, then each party whose day moved otherwise."""
    for round_id, now in after.items():
        then = before.get(round_id)
        if then is None:
            continue
        if then.due_on != now.due_on:
            yield Edit(kind=EditKind.DEADLINE, subject=now.name, old_on=then.due_on, new_on=now.due_on)
        for party in dict.fromkeys((*then.own, *now.own)):
            old, new = then.of_party(party), now.of_party(party)
            if old != new and (old, new) != (then.due_on, now.due_on):
                yield Edit(kind=EditKind.DEADLINE, subject=_join(now.name, names.of(party)), old_on=old, new_on=new)


def _join(first: Localised, second: Localised) -> Localised:
    return Localised({code: f"{first.in_language(code)}, {second.in_language(code)}" for code in ("fi", "sv", "en")})


def _same(text: str) -> Localised:
    return Localised.everywhere(text)


def _years(one: ActionThen) -> str:
    return ", ".join(map(str, one.years))
