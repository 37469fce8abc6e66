"""One round of schedule.yaml: what it asks for, its steps, and the steps of parties that differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reminder.configuration import keys
from reminder.configuration import wording as say
from reminder.configuration.anchors import AnchorDraft
from reminder.configuration.drafts import OverrideDraft, OwnViewDraft, Placed, RoundDraft
from reminder.configuration.findings import hint_for
from reminder.configuration.meeting_reader import read_meetings
from reminder.configuration.nodes import Node, Scalar
from reminder.configuration.phrases import named
from reminder.configuration.rules import NOTHING
from reminder.configuration.sections import Section, is_given, open_section, read_line, read_named, read_year_set
from reminder.configuration.step_reader import StepReader, is_nothing
from reminder.configuration.survey_reader import read_survey
from reminder.configuration.values import read_year
from reminder.domain.assessments import Phase
from reminder.domain.programme import Localised
from reminder.domain.rounds import ApprovalPolicy, RoundKind, Selection
from reminder.domain.workdays import DeadlineRule


@dataclass(frozen=True, slots=True)
class RoundReader:
    """Reads rounds. Rules are kept with their places, so that dates can be judged later."""

    file: Section
    defaults: Section | None
    anchors: Mapping[str, AnchorDraft]

    def read(self, key: Scalar, value: Node) -> RoundDraft:
        """The round under this key; `programme/round` names the programme in the key itself."""
        programme, _, round_id = key.value.rpartition("/")
        section = open_section(value, keys.ROUND, named("round", key.value), self.file.report, fallback=self.defaults)
        kind = RoundKind(section.choice("kind", tuple(RoundKind), RoundKind.REPORT))
        selection, selected = self._read_selection(section)
        years = self._read_years(section, is_needed=kind is RoundKind.REPORT and selection.is_empty)
        steps = StepReader(section, self.anchors)
        schedule = steps.read()
        meetings = tuple(read_meetings(section, steps))
        own_view = _read_own_view(section, steps)
        return RoundDraft(
            id=round_id,
            programme=programme or section.line("programme"),
            name=section.localised("name") or Localised.everywhere(round_id),
            kind=kind,
            years=years,
            selection=selection,
            selected=selected,
            members=tuple(_placed_lines(section, "members")),
            anchor_year=self._read_anchor_year(section, years),
            schedule=schedule,
            deadline_rule=DeadlineRule(section.choice("deadline_rule", tuple(DeadlineRule), DeadlineRule.FI_150_1930)),
            approve=ApprovalPolicy(section.choice("approve", tuple(ApprovalPolicy), ApprovalPolicy.FIRST)),
            rules=tuple(steps.rules),
            overrides=tuple(self._read_overrides(section)),
            places={"round": key, **{name: section.place(name) for name in keys.ROUND}},
            meetings=meetings,
            survey=read_survey(section),
            own_view=own_view,
        )

    def _read_years(self, section: Section, *, is_needed: bool) -> frozenset[int]:
        node = section.need("years", "[2024]") if is_needed else section.find("years")
        return frozenset() if node is None else read_year_set(node, section.report)

    def _read_selection(self, section: Section) -> tuple[Selection, tuple[Placed, ...]]:
        areas, numbers = tuple(_placed_lines(section, "focus_areas")), tuple(_placed_lines(section, "numbers"))
        phases: set[Phase] = set()
        for placed in _placed_lines(section, "phases"):
            if placed.text in tuple(Phase):
                phases.add(Phase(placed.text))
            else:
                section.report.add(
                    say.NOT_CHOICE, placed.node, value=placed.text, what="`phases`", hint=hint_for(placed.text, tuple(Phase))
                )
        selection = Selection(
            focus_areas=frozenset(one.text for one in areas), numbers=frozenset(one.text for one in numbers), phases=frozenset(phases)
        )
        return selection, (*areas, *numbers)

    def _read_anchor_year(self, section: Section, years: frozenset[int]) -> int | None:
        written = section.line("anchor_year")
        if not written:
            return max(years, default=None)
        year = read_year(written)
        if year is None:
            section.report.add(say.NOT_YEAR, section.place("anchor_year"), value=written)
        return year

    def _read_overrides(self, section: Section) -> Iterator[OverrideDraft]:
        for key, value in read_named(section.find("overrides"), "`overrides`", section.report):
            own = open_section(value, keys.OVERRIDE, named("override", key.value), section.report, fallback=section)
            steps = StepReader(own, self.anchors, override=key)
            schedule = steps.read()
            yield OverrideDraft(name=key.value, place=key, schedule=schedule, rules=tuple(steps.rules))


def _placed_lines(section: Section, key: str) -> Iterator[Placed]:
    for item in section.items(key):
        if (text := read_line(item, f"`{key}`", section.report)) is not None and text != NOTHING:
            yield Placed(text=text, node=item)


def _read_own_view(section: Section, steps: StepReader) -> OwnViewDraft | None:
    node = section.find("sub_committee")
    if node is None or not is_given(node):
        return None
    own = open_section(node, keys.OWN_VIEW, "`sub_committee`", section.report)
    inform, ask = own.find("inform"), own.find("ask")
    return OwnViewDraft(
        inform=None if inform is None else next((one.rule for one in steps.placed_rules((inform,), "inform")), None),
        ask=None if ask is None else next((one.rule for one in steps.placed_rules((ask,), "ask")), None),
        place=node,
        is_uninformed=inform is not None and is_nothing(inform),
    )
