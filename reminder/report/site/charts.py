"""The geometry of the charts. Each stands beside a table with the same figures, so that no picture has to be read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from reminder.report.lights import LightTally
from reminder.report.site.views import RoundView

WIDTH, HEIGHT = 1000, 200
LIGHT_CLASSES = ("green", "yellow", "red", "other", "awaited")


def write_segments(tally: LightTally, width: int = WIDTH, gap: int = 4) -> list[tuple[str, int, int]]:
    """A bar of the lights: class, start and width of each piece, in units of the picture, in the order of the legend."""
    counts = [(name, getattr(tally, name)) for name in LIGHT_CLASSES]
    present = [(name, count) for name, count in counts if count]
    total = sum(count for _, count in present)
    room = width - gap * max(0, len(present) - 1)
    segments, done, start = [], 0, 0
    for name, count in present:
        end = room * (done + count) // total
        length = end - room * done // total
        segments.append((name, start, length))
        done, start = done + count, start + length + gap
    return segments


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressChart:
    """The answers of a round over its days as a step line, in units of the picture."""

    path: str
    area: str
    due: int | None
    """Where the line of the deadline stands."""
    first: date
    last: date


def draw_progress(one: RoundView) -> ProgressChart | None:
    """The chart of a round; None before anything was answered."""
    total = one.tally.assessed + one.tally.awaited
    if not one.points or not total:
        return None
    days = [point.on for point in one.points]
    first = min([days[0], *([one.asked_on] if one.asked_on else [])])
    last = max([days[-1], *([one.due_on] if one.due_on else [])])
    span = max(1, (last - first).days)

    def across(day: date) -> int:
        return WIDTH * (day - first).days // span

    def up(count: int) -> int:
        return HEIGHT - HEIGHT * min(count, total) // total

    path = f"M0 {HEIGHT}"
    for point in one.points:
        path += f"H{across(point.on)}V{up(point.answered)}"
    path += f"H{WIDTH}"
    due = across(one.due_on) if one.due_on else None
    return ProgressChart(path=path, area=f"{path}V{HEIGHT}Z", due=due, first=first, last=last)
