"""schedule.yaml: the anchors of the city's year, and the rounds with their steps as written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from reminder.configuration import keys
from reminder.configuration import wording as say
from reminder.configuration.findings import HasPlace, Report, hint_for
from reminder.configuration.nodes import Node, Scalar, Table
from reminder.configuration.rules import (
    DUE,
    REQUEST,
    TooFar,
    guess_word,
    is_anchor_id,
    looks_like_repeat,
    read_digest,
    read_repeat,
    read_rule,
)
from reminder.configuration.sections import (
    Section,
    is_given,
    open_section,
    read_day,
    read_entries,
    read_line,
    read_year_set,
)
from reminder.configuration.values import is_id, is_night_time, read_year, slug
from reminder.domain.programme import Localised
from reminder.domain.rounds import DateRule, DigestRule, Repeat, RoundSchedule
from reminder.domain.workdays import DeadlineRule

ANCHOR_NAMES = {
    "financial_statements": Localised({"fi": "tilinpäätös", "sv": "bokslut", "en": "financial statements"}),
}
"""Anchors that need no name in the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnchorDraft:
    """An anchor with its dates by year."""

    id: str
    name: Localised
    dates: Mapping[int, date]


@dataclass(frozen=True, slots=True)
class PlacedRule:
    """A rule and where it stands; `key` names the step."""

    key: str
    rule: DateRule
    node: HasPlace


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundDraft:
    """A round as written, not yet tied to its programme. `schedule` is None where a rule that it needs could not be read."""

    id: str
    programme: str
    name: Localised
    years: frozenset[int]
    anchor_year: int | None
    schedule: RoundSchedule | None
    deadline_rule: DeadlineRule
    rules: tuple[PlacedRule, ...]
    places: Mapping[str, HasPlace]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleDraft:
    """What schedule.yaml says."""

    anchors: Mapping[str, AnchorDraft]
    rounds: tuple[RoundDraft, ...]


def read_schedule(tree: Node | None, report: Report) -> ScheduleDraft:
    """Reads the file; what is faulty is reported and left out."""
    section = open_section(tree, keys.SCHEDULE, "schedule.yaml", report)
    anchors = _read_anchors(section)
    defaults = section.inner("defaults", keys.ROUND_STEPS)
    rounds = tuple(_RoundReader(section, defaults, anchors).read(key, value) for key, value in _round_entries(section))
    if section.find("rounds") is None and tree is not None:
        report.add(say.NO_ROUNDS, section.place("rounds"))
    return ScheduleDraft(anchors=anchors, rounds=rounds)


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


def _read_anchors(section: Section) -> dict[str, AnchorDraft]:
    node = section.find("anchors")
    anchors: dict[str, AnchorDraft] = {}
    for key, value in () if node is None else read_entries(node, "`anchors`", section.report):
        if not is_anchor_id(key.value):
            section.report.add(say.ANCHOR_ID, key, value=key.value, guess=slug(key.value, joiner="_").lstrip("0123456789_") or "council")
        else:
            anchors[key.value] = _read_anchor(key, value, section.report)
    return anchors


def _read_anchor(key: Scalar, value: Node, report: Report) -> AnchorDraft:
    """The long form with `name` and `dates`, or the short form `{2024: 2025-02-14}`."""
    name = ANCHOR_NAMES.get(key.value, Localised.everywhere(key.value.replace("_", " ")))
    dates: Node | None = value
    if isinstance(value, Table) and any(not entry[0].value[:1].isdigit() for entry in value.entries):
        section = open_section(value, keys.ANCHOR, f"anchor `{key.value}`", report)
        name = section.localised("name") or name
        dates = section.need("dates", "{2024: 2025-02-14}")
    found: dict[int, date] = {}
    for year_key, day_node in () if dates is None else read_entries(dates, f"Anchor `{key.value}`", report):
        year = read_year(year_key.value)
        if year is None:
            report.add(say.NOT_YEAR, year_key, value=year_key.value)
        elif (day := read_day(day_node, report)) is not None:
            found[year] = day
    return AnchorDraft(id=key.value, name=name, dates=found)


class _RoundReader:
    """Reads one round. Rules are kept with their places, so that dates can be judged later."""

    def __init__(self, section: Section, defaults: Section | None, anchors: Mapping[str, AnchorDraft]) -> None:
        self.report = section.report
        self.defaults = defaults
        self.anchors = anchors
        self.rules: list[PlacedRule] = []

    def read(self, key: Scalar, value: Node) -> RoundDraft:
        """The round under this key; `programme/round` names the programme in the key itself."""
        programme, _, round_id = key.value.rpartition("/")
        section = open_section(value, keys.ROUND, f"round {key.value}", self.report, fallback=self.defaults)
        self.rules = []
        years = self._read_years(section)
        schedule = self._read_steps(section)
        return RoundDraft(
            id=round_id,
            programme=programme or section.line("programme"),
            name=section.localised("name") or Localised.everywhere(round_id),
            years=years,
            anchor_year=self._read_anchor_year(section, years),
            schedule=schedule,
            deadline_rule=DeadlineRule(section.choice("deadline_rule", tuple(DeadlineRule), DeadlineRule.FI_150_1930)),
            rules=tuple(self.rules),
            places={"round": key, **{name: section.place(name) for name in keys.ROUND}},
        )

    def _read_years(self, section: Section) -> frozenset[int]:
        node = section.need("years", "[2024]")
        return frozenset() if node is None else read_year_set(node, self.report)

    def _read_anchor_year(self, section: Section, years: frozenset[int]) -> int | None:
        written = section.line("anchor_year")
        if not written:
            return max(years, default=None)
        year = read_year(written)
        if year is None:
            self.report.add(say.NOT_YEAR, section.place("anchor_year"), value=written)
        return year

    def _read_steps(self, section: Section) -> RoundSchedule | None:
        request = self._needed_rule(section, "request", "financial_statements")
        due = self._needed_rule(section, "due", "financial_statements + 10 working days")
        closes = self._needed_rule(section, "closes", "due + 8 weeks")
        notice, last_call = self._rule_under(section, "notice"), self._rule_under(section, "last_call")
        reminders = self._rules_of(section.items("reminders"), "reminders")
        overdue, repeat = self._read_overdue(section.items("overdue"))
        digest = self._read_digest(section)
        if request is None or due is None or closes is None:
            return None
        return RoundSchedule(
            request=request,
            due=due,
            closes=closes,
            notice=notice,
            reminders=reminders,
            last_call=last_call,
            overdue=overdue,
            overdue_repeat=repeat,
            digest=digest,
        )

    def _needed_rule(self, section: Section, key: str, example: str) -> DateRule | None:
        return self._rule_under(section, key) if section.need(key, example) is not None else None

    def _rule_under(self, section: Section, key: str) -> DateRule | None:
        node = section.find(key)
        return None if node is None else self._rule(node, key)

    def _rules_of(self, nodes: Sequence[Node], key: str) -> tuple[DateRule, ...]:
        return tuple(rule for node in nodes if is_given(node) and (rule := self._rule(node, key)) is not None)

    def _rule(self, node: Node, key: str) -> DateRule | None:
        text = read_line(node, f"`{key}`", self.report)
        if text is None:
            return None
        rule = read_rule(text)
        if isinstance(rule, TooFar):
            self.report.add(say.RULE_TOO_FAR, node, value=text)
        elif rule is None:
            self.report.add(say.RULE_UNREADABLE, node, value=text, hint=guess_word(text))
        else:
            return self._placed(rule, key, node)
        return None

    def _placed(self, rule: DateRule, key: str, node: HasPlace) -> DateRule | None:
        known = (*self.anchors, REQUEST, DUE)
        if not rule.base[0].isdigit() and rule.base not in known:
            self.report.add(say.ANCHOR_UNKNOWN, node, anchor=rule.base, hint=hint_for(rule.base, known))
            return None
        self.rules.append(PlacedRule(key, rule, node))
        return rule

    def _read_overdue(self, nodes: Sequence[Node]) -> tuple[tuple[DateRule, ...], Repeat | None]:
        last = nodes[-1] if nodes else None
        if not isinstance(last, Scalar) or not looks_like_repeat(last.value):
            return self._rules_of(nodes, "overdue"), None
        repeat = read_repeat(last.value)
        if repeat is None or len(nodes) == 1:
            self.report.add(say.REPEAT_UNREADABLE, last, value=last.value)
        return self._rules_of(nodes[:-1], "overdue"), repeat

    def _read_digest(self, section: Section) -> DigestRule | None:
        text = section.line("digest")
        if not text:
            return None
        place, rule = section.place("digest"), read_digest(text)
        if rule is None:
            self.report.add(say.DIGEST_UNREADABLE, place, value=text, hint=guess_word(text))
            return None
        if is_night_time(rule.at):
            self.report.add(say.NIGHT_TIME, place, value=f"{rule.at:%H:%M}")
        return rule if self._placed(rule.start, "digest", place) is not None else None
