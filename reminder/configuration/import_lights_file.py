"""Writing lights.yaml from an import: anew, or into the one that is there, which keeps what only it has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from ruamel.yaml.comments import CommentedMap

from reminder.configuration import keys
from reminder.configuration.findings import Report
from reminder.configuration.import_lights import ImportedLights
from reminder.configuration.import_rows import Difference
from reminder.configuration.lights_file import ProgrammeLightsDraft, find_action, read_lights
from reminder.configuration.nodes import Node
from reminder.configuration.values import read_date
from reminder.configuration.yaml_editing import header_for, inner, read_sound, show_yaml, text_value
from reminder.domain.assessments import EarlierLight
from reminder.domain.programme import Action, Programme

HEADER = """\
What was reported before the service was there; imported by `reminder import lights`. Keys are ids of actions.
It is shown as last time's and never counts as an answer. Look at it; `reminder check` names what is wrong."""
TITLE_SHOWN = 60


def write_lights(found: ImportedLights, out: Path, *, keeps: bool) -> tuple[str, Difference]:
    """The text of the file, and what it changes. With `keeps` what only the file has stays; else the file is made anew."""
    drafts: list[ProgrammeLightsDraft] = []

    def read(tree: Node | None, report: Report) -> None:
        drafts.extend(read_lights(tree, report))

    content = read_sound(out, read)
    before = _lights_before(drafts, found.programme)
    difference = _compare(before, found)
    header = "" if keeps and content else header_for(out, keys.LIGHTS_FILE, HEADER)
    content = content if keeps else CommentedMap()
    _put(content, found, before if keeps else {})
    return show_yaml(content, header), difference


def _lights_before(drafts: list[ProgrammeLightsDraft], programme: Programme) -> dict[str, tuple[str, EarlierLight]]:
    """What the file tells of the programme: key and light by id of the action, or by the key where it has none."""
    found: dict[str, tuple[str, EarlierLight]] = {}
    for draft in drafts:
        for one in draft.lights if draft.programme == programme.id else ():
            action = find_action(programme, one.key)
            found[action.id if action else one.key] = (one.key, one.light)
    return found


def _compare(before: Mapping[str, tuple[str, EarlierLight]], found: ImportedLights) -> Difference:
    actions = {action.id: action for action in found.programme.actions}
    both = [action for action in found.lights if action in before and before[action][1] != found.lights[action]]
    return Difference(
        added=tuple(f"{actions[one].number}: {_show(light)}" for one, light in found.lights.items() if one not in before),
        changed=tuple(f"{actions[one].number}: {_show(before[one][1])} becomes {_show(found.lights[one])}" for one in both),
        only_in_file=tuple(f"{key}: {_show(light)}" for one, (key, light) in before.items() if one not in found.lights),
    )


def _show(light: EarlierLight) -> str:
    said = ", ".join(word.value for word in (light.light, light.phase) if word is not None)
    return f"{said} ({light.on})" + (f", {light.text[:40]!r}" if light.text else "")


def _put(content: CommentedMap, found: ImportedLights, before: Mapping[str, tuple[str, EarlierLight]]) -> None:
    programme = inner(inner(content, "programmes"), found.programme.id)
    common = _common_day(programme, found.lights)
    lights = inner(programme, "lights")
    actions = {action.id: action for action in found.programme.actions}
    for one, light in found.lights.items():
        if one in before and before[one][1] == light:
            continue
        key = before[one][0] if one in before else text_value(one)
        lights[key] = _entry(light, common)
        if one not in before:
            lights.yaml_add_eol_comment(_shown(actions[one]), key)


def _common_day(programme: CommentedMap, lights: Mapping[str, EarlierLight]) -> date | None:
    """The day of the programme: as it stands in a file that is there, else that of most lights."""
    if "on" not in programme and lights and "lights" not in programme:
        programme["on"] = Counter(light.on for light in lights.values()).most_common(1)[0][0].isoformat()
    return read_date(str(programme.get("on", "")))


def _entry(light: EarlierLight, common: date | None) -> object:
    """A light alone, or a table where there is more to say."""
    values = {
        "light": light.light.value if light.light else "",
        "phase": light.phase.value if light.phase else "",
        "text": light.text,
        "on": "" if light.on == common else light.on.isoformat(),
    }
    given = {key: value for key, value in values.items() if value}
    return given["light"] if given.keys() == {"light"} else CommentedMap({key: _value(key, value) for key, value in given.items()})


def _value(key: str, value: str) -> str:
    return value if key == "on" else text_value(value)


def _shown(action: Action) -> str:
    title = " ".join(action.title.split())
    short = title if len(title) <= TITLE_SHOWN else title[: TITLE_SHOWN - 1].rstrip() + "…"
    return short if action.id == action.number else f"{action.number} {short}"
