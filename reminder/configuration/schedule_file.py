"""schedule.yaml: the anchors of the city's year, its quiet weeks, groups of parties, and the rounds with their steps as written."""

from __future__ import annotations

from reminder.configuration import keys
from reminder.configuration import wording as say
from reminder.configuration.anchors import read_anchors
from reminder.configuration.city_days import read_city_days
from reminder.configuration.drafts import Placed, ScheduleDraft
from reminder.configuration.findings import HasPlace, Report
from reminder.configuration.nodes import Node, Scalar
from reminder.configuration.phrases import THE_PARTY
from reminder.configuration.round_reader import RoundReader
from reminder.configuration.sections import Section, open_section, read_entries, read_items, read_line, read_named
from reminder.configuration.values import is_id, slug


def read_schedule(tree: Node | None, report: Report) -> ScheduleDraft:
    """Reads the file; what is faulty is reported and left out."""
    section = open_section(tree, keys.SCHEDULE, "schedule.yaml", report)
    anchors = read_anchors(section)
    defaults = section.inner("defaults", keys.ROUND_STEPS)
    groups, places = _read_groups(section)
    rounds = tuple(RoundReader(section, defaults, anchors).read(key, value) for key, value in _round_entries(section))
    if section.find("rounds") is None and tree is not None:
        report.add(say.NO_ROUNDS, section.place("rounds"))
    return ScheduleDraft(anchors=anchors, days=read_city_days(section), groups=groups, group_places=places, rounds=rounds)


def _read_groups(section: Section) -> tuple[dict[str, tuple[Placed, ...]], dict[str, HasPlace]]:
    groups: dict[str, tuple[Placed, ...]] = {}
    places: dict[str, HasPlace] = {}
    for key, value in read_named(section.find("groups"), "`groups`", section.report):
        named = ((item, read_line(item, THE_PARTY, section.report)) for item in read_items(value, f"`{key.value}`", section.report))
        groups[key.value] = tuple(Placed(text=text, node=item) for item, text in named if text is not None)
        places[key.value] = key
    return groups, places


def _round_entries(section: Section) -> tuple[tuple[Scalar, Node], ...]:
    node = section.find("rounds")
    if node is None:
        return ()
    entries = []
    for key, value in read_entries(node, "`rounds`", section.report):
        if all(is_id(part) for part in key.value.split("/", 1)):
            entries.append((key, value))
        else:
            section.report.add(say.NOT_ID, key, value=key.value, guess=slug(key.value) or "2024")
    return tuple(entries)
