"""Where a day stands on the time line: days are equally wide, and a long stretch in which nothing happens is folded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from reminder.compose.rehearsal.views import RehearsalView

LONGEST_GAP, MARGIN, FOLDED = 28, 4, 5.0
"""More days than this without anything are folded, but for a margin on both sides, to the width of so many days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """The days from the first, in per cent of the width. `edges` has where each day begins, and the end."""

    first: date
    edges: Sequence[float]
    folds: tuple[tuple[date, date], ...] = ()
    """First and last day of each stretch that is folded."""

    def start(self, day: date) -> float:
        """Where a day begins."""
        return self.edges[(day - self.first).days]

    def end(self, day: date) -> float:
        """Where a day ends."""
        return self.edges[(day - self.first).days + 1]

    def middle(self, day: date) -> float:
        """The middle of a day."""
        return (self.start(day) + self.end(day)) / 2

    def is_folded(self, day: date) -> bool:
        """Whether a day lies in a stretch that is folded."""
        return any(first <= day <= last for first, last in self.folds)


def make_scale(view: RehearsalView) -> Scale:
    """The scale of a rehearsal; deadlines and ends of rounds count as happening."""
    dates = {one for party in view.parties for deadline in party.deadlines for one in (deadline.due_on, deadline.closes_on)}
    days = sorted({view.first, view.last, *(mail.on for mail in view.mails), *(day for day in dates if view.first <= day <= view.last)})
    folds = tuple(_find_folds(days))
    weights = [1.0] * view.days
    for first, last in folds:
        length = (last - first).days + 1
        for index in range((first - view.first).days, (last - view.first).days + 1):
            weights[index] = FOLDED / length
    edges, whole = [0.0], sum(weights)
    for weight in weights:
        edges.append(edges[-1] + weight * 100 / whole)
    return Scale(first=view.first, edges=tuple(edges), folds=folds)


def _find_folds(days: Sequence[date]) -> Iterator[tuple[date, date]]:
    for before, after in pairwise(days):
        if (after - before).days - 1 > LONGEST_GAP:
            yield before + timedelta(days=MARGIN + 1), after - timedelta(days=MARGIN + 1)
