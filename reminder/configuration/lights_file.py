"""lights.yaml: what was reported before the service knew of the programme. Shown as last time's, never an answer of a round.

The file may be missing. Texts stand in it, so it is not published as programme.yaml may be.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from reminder.configuration import keys
from reminder.configuration import wording as say
from reminder.configuration.findings import HasPlace, Report, hint_for
from reminder.configuration.nodes import Node, Scalar
from reminder.configuration.phrases import did_you_mean, named
from reminder.configuration.sections import is_given, open_section, read_day, read_entries, read_line, read_named
from reminder.domain.assessments import EarlierLight, Phase, TrafficLight
from reminder.domain.programme import Action, Programme
from reminder.parse.words import light_of


@dataclass(frozen=True, slots=True, kw_only=True)
class LightDraft:
    """What the file says of one action; `key` is its id or its number."""

    key: str
    light: EarlierLight
    place: HasPlace


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeLightsDraft:
    """The lights of one programme."""

    programme: str
    place: HasPlace
    lights: tuple[LightDraft, ...]


def read_lights(tree: Node | None, report: Report) -> tuple[ProgrammeLightsDraft, ...]:
    """Reads the file; what is faulty is reported and left out."""
    section = open_section(tree, keys.LIGHTS, "lights.yaml", report)
    return tuple(
        ProgrammeLightsDraft(programme=key.value, place=key, lights=_read_programme(key, value, report))
        for key, value in read_named(section.find("programmes"), "`programmes`", report)
    )


def _read_programme(key: Scalar, value: Node, report: Report) -> tuple[LightDraft, ...]:
    section = open_section(value, keys.PROGRAMME_LIGHTS, named("programme", key.value), report)
    node = section.find("on")
    common = None if node is None else read_day(node, report)
    lights = section.find("lights")
    drafts = []
    for action, said in read_entries(lights, "`lights`", report) if lights is not None and is_given(lights) else ():
        light = _read_light(action, said, common, report, has_common=node is not None)
        if light is not None:
            drafts.append(LightDraft(key=action.value, light=light, place=action))
    return tuple(drafts)


def _read_light(key: Scalar, said: Node, common: date | None, report: Report, *, has_common: bool) -> EarlierLight | None:
    """The short form, a light; or the long one with keys."""
    if isinstance(said, Scalar):
        light = _light(read_line(said, "`light`", report) or "", said, report)
        if light is not None and common is None and not has_common:
            report.add(say.LIGHT_WITHOUT_DAY, key, number=key.value)
        return EarlierLight(on=common, light=light) if light is not None and common is not None else None
    section = open_section(said, keys.EARLIER_LIGHT, named("action", key.value), report)
    if not section.is_sound:
        return None
    node = section.find("on")
    on = common if node is None else read_day(node, report)
    light, phase = _light(section.line("light"), section.place("light"), report), section.choice("phase", tuple(Phase), "")
    if section.find("light") is None and section.find("phase") is None:
        report.add(say.LIGHT_SAYS_NOTHING, key, number=key.value)
    if on is None and node is None and not has_common:
        report.add(say.LIGHT_WITHOUT_DAY, key, number=key.value)
    text = section.text("text")
    return (
        EarlierLight(on=on, light=light, phase=Phase(phase) if phase else None, text=text) if on is not None and (light or phase) else None
    )


def _light(word: str, place: HasPlace, report: Report) -> TrafficLight | None:
    if word in set(TrafficLight):
        return TrafficLight(word)
    if word:
        meant = light_of(word.casefold())
        hint = did_you_mean(meant.value) if meant is not None else hint_for(word, tuple(TrafficLight))
        report.add(say.NOT_LIGHT, place, value=word, hint=hint)
    return None


def find_action(programme: Programme, key: str) -> Action | None:
    """The action that an id, a former id or a number means, in this order."""
    known = programme.action(key) or programme.action(programme.current_action(key))
    return known or next((action for action in programme.actions if action.number == key), None)


def link_lights(
    drafts: Iterable[ProgrammeLightsDraft], programmes: Mapping[str, Programme], report: Report
) -> dict[str, dict[str, EarlierLight]]:
    """The lights by programme and id of the action. An unknown programme or number, and a second light, are reported."""
    linked: dict[str, dict[str, EarlierLight]] = {}
    for draft in drafts:
        programme = programmes.get(draft.programme)
        if programme is None:
            report.add(
                say.ROUND_PROGRAMME_UNKNOWN, draft.place, programme=draft.programme, hint=hint_for(draft.programme, tuple(programmes))
            )
        else:
            linked[programme.id] = _link(draft, programme, report)
    return linked


def _link(draft: ProgrammeLightsDraft, programme: Programme, report: Report) -> dict[str, EarlierLight]:
    found: dict[str, EarlierLight] = {}
    lines: dict[str, int] = {}
    numbers = [action.number for action in programme.actions]
    for one in draft.lights:
        action = find_action(programme, one.key)
        if action is None:
            report.add(say.LIGHT_UNKNOWN, one.place, number=one.key, programme=programme.id, hint=hint_for(one.key, numbers))
        elif action.id in found:
            report.add(say.LIGHT_TWICE, one.place, number=action.number, line=lines[action.id])
        else:
            found[action.id], lines[action.id] = one.light, one.place.line
    return found


def note_unseen(
    drafts: Iterable[ProgrammeLightsDraft], requests: Mapping[str, date], programmes: Mapping[str, Programme], report: Report
) -> None:
    """Warns of lights given on the day of a programme's last request or after it: no mail of a planned round shows them."""
    for draft in drafts:
        last = requests.get(draft.programme)
        for one in draft.lights if last is not None and draft.programme in programmes else ():
            if last is not None and one.light.on >= last:
                report.add(say.LIGHT_NEVER_SHOWN, one.place, number=one.key, day=one.light.on, request=last)
