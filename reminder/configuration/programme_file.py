"""programme.yaml: the programmes with their parties and actions. No personal data: this file can be published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from reminder.configuration import keys
from reminder.configuration import wording as say
from reminder.configuration.findings import HasPlace, Report, hint_for
from reminder.configuration.nodes import Node, Scalar
from reminder.configuration.phrases import FOCUS_AREA, GOAL, PARTY_NAME, THE_PARTY, WITHOUT_NUMBER, named
from reminder.configuration.sections import Section, open_section, read_day, read_line, read_localised, read_named, read_year_set
from reminder.configuration.values import is_action_id, is_number, is_tag
from reminder.domain.assessments import Phase
from reminder.domain.programme import Action, Decision, Localised, PartyKind, Programme, ResponsibleParty

TITLE_LIMIT = 80
DOCUMENT_LIMIT_MB = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeDraft:
    """A programme with the places of its parties and actions, by id."""

    programme: Programme
    parties: Mapping[str, HasPlace]
    actions: Mapping[str, HasPlace]


def read_programmes(tree: Node | None, directory: Path, report: Report) -> tuple[ProgrammeDraft, ...]:
    """Reads the file; what is faulty is reported and left out. `directory` is where programme documents stand."""
    section = open_section(tree, keys.PROGRAMMES, "programme.yaml", report)
    drafts: list[ProgrammeDraft] = []
    tags: dict[str, str] = {}
    for key, value in read_named(section.find("programmes"), "`programmes`", report):
        inner = open_section(value, keys.PROGRAMME, named("programme", key.value), report)
        draft = _ProgrammeReader(key, inner, directory).read()
        tag = draft.programme.tag
        if tag and tags.setdefault(tag, key.value) != key.value:
            report.add(say.TAG_TWICE, inner.place("tag"), tag=tag, other=tags[tag])
        drafts.append(draft)
    if not drafts and tree is not None:
        report.add(say.NO_PROGRAMMES, section.place("programmes"))
    return tuple(drafts)


class _ProgrammeReader:
    """Reads one programme, the parties first, so that the leads of actions can be checked where they stand."""

    def __init__(self, key: Scalar, section: Section, directory: Path) -> None:
        self.key, self.section, self.directory = key, section, directory
        self.report = section.report
        self.parties: dict[str, ResponsibleParty] = {}
        self.party_places: dict[str, HasPlace] = {}
        self.former_places: dict[str, list[HasPlace]] = {}
        self.actions: list[Action] = []
        self.action_places: dict[str, HasPlace] = {}
        self.numbers: dict[str, HasPlace] = {}

    def read(self) -> ProgrammeDraft:
        """The whole programme."""
        self._read_parties()
        self._read_tree()
        if not self.actions:
            self.report.add(say.NO_ACTIONS, self.key, programme=self.key.value)
        programme = Programme(
            id=self.key.value,
            name=self.section.localised("name", "name of the programme") or Localised.everywhere(self.key.value),
            tag=self._read_tag(),
            actions=tuple(self.actions),
            parties=self.parties,
            decision=self._read_decision(),
            url=self._read_url(),
            document=self._read_document(),
        )
        return ProgrammeDraft(programme=programme, parties=self.party_places, actions=self.action_places)

    def _read_tag(self) -> str:
        tag = self.section.needed_line("tag", "ELVO")
        if tag and not is_tag(tag):
            self.report.add(say.NOT_TAG, self.section.place("tag"), value=tag)
        return tag

    def _read_decision(self) -> Decision:
        decision = self.section.inner("decision", keys.DECISION)
        if decision is None:
            return Decision()
        node = decision.find("on")
        day: date | None = None if node is None else read_day(node, self.report)
        return Decision(body=decision.line("body"), on=day, section=decision.line("section"), case_number=decision.line("case_number"))

    def _read_url(self) -> str:
        url = self.section.line("url")
        if url and not is_web_address(url):
            self.report.add(say.NOT_URL, self.section.place("url"), value=url)
        return url

    def _read_document(self) -> str:
        """The path of the document, made absolute; it stands beside programme.yaml."""
        written = self.section.line("document")
        if not written:
            return ""
        path, place = self.directory / written, self.section.place("document")
        try:
            size = path.stat().st_size if path.is_file() else None
        except (OSError, ValueError):
            size = None
        if size is None:
            self.report.add(say.NO_DOCUMENT, place, value=written)
        elif size > DOCUMENT_LIMIT_MB * 1_000_000:
            self.report.add(say.DOCUMENT_LARGE, place, value=written, size=round(size / 1_000_000))
        return str(path.absolute())

    def _read_parties(self) -> None:
        for key, value in read_named(self.section.find("parties"), "`parties`", self.report):
            self.party_places[key.value] = key
            if isinstance(value, Scalar):
                name, kind, was = read_localised(value, PARTY_NAME, self.report), PartyKind.PERSON, tuple[str, ...]()
            else:
                inner = open_section(value, keys.PARTY, named("party", key.value), self.report)
                name = inner.localised("name", "name of the party")
                kind = PartyKind(inner.choice("kind", tuple(PartyKind), PartyKind.PERSON))
                was = self._read_was(inner)
            self.parties[key.value] = ResponsibleParty(id=key.value, name=name or Localised.everywhere(key.value), kind=kind, was=was)
        self._check_former_parties()

    def _read_was(self, section: Section) -> tuple[str, ...]:
        """Ids that were given up, with their places kept for the check."""
        found: dict[str, None] = {}
        for node in section.items("was"):
            if (former := read_line(node, "`was`", self.report)) is not None:
                found[former] = None
                self.former_places.setdefault(former, []).append(node)
        return tuple(found)

    def _check_former_parties(self) -> None:
        """A party's former id must be nobody's now, and only one party's then: its answers go where they belong, or nowhere."""
        for former, places in self.former_places.items():
            if former in self.parties:
                self.report.add(say.WAS_STILL_THERE, places[0], party=former)
            elif len(places) > 1:
                self.report.add(say.WAS_TWICE, places[1], party=former)
        self.former_places = {}

    def _read_tree(self) -> None:
        for item in self.section.items("focus_areas"):
            area = open_section(item, keys.FOCUS_AREA, FOCUS_AREA, self.report)
            area_name = area.needed_line("name", "name of the focus area")
            self._read_actions(area, area_name, "")
            for goal_item in area.items("goals"):
                goal = open_section(goal_item, keys.GOAL, GOAL, self.report)
                self._read_actions(goal, area_name, goal.needed_line("name", "name of the goal"))
        self._read_actions(self.section, "", "")

    def _read_actions(self, section: Section, focus_area: str, goal: str) -> None:
        for node in section.items("actions"):
            number = "" if not isinstance(node, Scalar) else node.value
            action = open_section(node, keys.ACTION, named("action", number), self.report)
            if isinstance(node, Scalar):
                continue
            self._read_action(action, focus_area, goal)

    def _read_action(self, section: Section, focus_area: str, goal: str) -> None:
        number = section.needed_line("number", '"1.1"')
        action_id = section.line("id") or number
        title = section.needed_line("title", "short title of the action")
        self._check_names(section, number, action_id, title)
        lead = self._read_lead(section, number)
        contributors = self._read_contributors(section, lead, number)
        phase = section.choice("phase", tuple(Phase), "")
        years = self._read_years(section, number, has_phase=bool(phase))
        self.actions.append(
            Action(
                id=action_id,
                number=number,
                title=title,
                lead=lead,
                text=section.text("text"),
                focus_area=focus_area or section.line("focus_area"),
                goal=goal or section.line("goal"),
                measure=section.text("measure"),
                years=years,
                contributors=contributors,
                phase=Phase(phase) if phase else None,
                was=self._read_was(section),
            )
        )

    def _check_names(self, section: Section, number: str, action_id: str, title: str) -> None:
        place = section.place("number")
        if number and not is_number(number):
            self.report.add(say.NOT_NUMBER, place, value=number)
        elif number and (first := self.numbers.setdefault(number, place)) is not place:
            self.report.add(say.NUMBER_TWICE, place, number=number, line=first.line)
        if len(title) > TITLE_LIMIT:
            self.report.add(say.LONG_TITLE, section.place("title"), number=number, length=len(title))
        place = section.place("id")
        first = self.action_places.setdefault(action_id, place)
        if section.find("id") is None:
            return
        if not is_action_id(action_id):
            self.report.add(say.NOT_ACTION_ID, place, value=action_id)
        elif first is not place:
            self.report.add(say.ACTION_ID_TWICE, place, id=action_id, line=first.line)

    def _read_lead(self, section: Section, number: str) -> str:
        node = section.find("lead")
        if node is None:
            example = next(iter(self.parties), "party")
            self.report.add(say.NO_LEAD, section.place("lead"), number=number or WITHOUT_NUMBER, example=example)
            return ""
        return self._read_party(node)

    def _read_party(self, node: Node) -> str:
        party = read_line(node, THE_PARTY, self.report)
        if party is not None and party not in self.parties:
            hint = hint_for(party, tuple(self.parties))
            self.report.add(say.PARTY_UNKNOWN, node, party=party, where=named("programme", self.key.value), hint=hint)
        return party or ""

    def _read_contributors(self, section: Section, lead: str, number: str) -> tuple[str, ...]:
        names: dict[str, None] = {}
        for node in section.items("contributors"):
            name = self._read_party(node)
            if name and name == lead:
                self.report.add(say.PARTY_TWICE_IN_ACTION, node, party=name, number=number)
            elif name:
                names[name] = None
        return tuple(names)

    def _read_years(self, section: Section, number: str, *, has_phase: bool) -> frozenset[int]:
        node = section.find("years")
        if node is None:
            if not has_phase:
                self.report.add(say.NO_YEARS, section.place("years"), number=number)
            return frozenset()
        return read_year_set(node, self.report)


def is_web_address(url: str) -> bool:
    """Whether a text is an http or https address with a host and without blanks."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not any(char.isspace() for char in url)
