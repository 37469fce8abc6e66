"""One line that the sender typed, taken into the walk: a label, a statement, a sweep, the continuation of a field, or a note."""

from __future__ import annotations

from dataclasses import replace

from reminder.domain.messages import Item
from reminder.parse.blocks import Block, Unread
from reminder.parse.closing import PHONE_LINE, SIGN_OFF, THANKS
from reminder.parse.frames import frames_below
from reminder.parse.grammar import says_or_asks, says_something
from reminder.parse.labels import Field, read_label
from reminder.parse.sweeps import Sweep
from reminder.parse.walking import Walk
from reminder.parse.words import holds_light, is_year


def read_line(walk: Walk, text: str, layer: int, *, repeats: bool) -> None:
    """Reads one line of the sender: a label, a statement, a sweep, a close, the continuation of a field, or a note."""
    if _read_labelled(walk, text, layer) or read_numbers(walk, text, layer) or _read_sweep(walk, text):
        return
    if _read_heading(walk, text, layer) or _read_close(walk, text):
        return
    if walk.block is not None and layer == 0 and walk.field is None and walk.reader.names_another(text, walk.block.item.number):
        walk.close()
    if walk.block is not None:
        if not repeats:
            walk.take(walk.block, text)
    elif layer == 0 and not repeats:
        _keep_words(walk, text)


def _read_labelled(walk: Walk, text: str, layer: int) -> bool:
    """A label that somebody typed, or that came back in other words than ours, opens its field."""
    label = read_label(text)
    block = _block_for_label(walk, layer) if label is not None else None
    if label is None or block is None:
        return False
    walk.field = label.field
    if label.field is Field.LIGHT:
        block.options = f"{block.options} {label.options}".strip()
        block.listed.append(walk.where(text))
    if says_something(label.rest):
        walk.take(block, label.rest, within=text)
    return True


def _read_heading(walk: Walk, text: str, layer: int) -> bool:
    """`Vihreät:` above a list of numbers gives each of them its light; `Punainen: –` gives none."""
    walk.heading = walk.reader.heads_list(text) if walk.field is None and layer == 0 else ""
    if not walk.heading and not (walk.field is None and walk.reader.is_none_of(text)):
        return False
    walk.close()
    return True


def _read_close(walk: Walk, text: str) -> bool:
    """A closing formula or a telephone number ends what is open. Thanks alone do not begin a signature."""
    if not (SIGN_OFF.match(text) or PHONE_LINE.match(text)):
        return False
    walk.found.unread[walk.row] = Unread.SIGNATURE
    walk.close()
    walk.has_said_goodbye = walk.has_said_goodbye or not THANKS.match(text)
    return True


def _keep_words(walk: Walk, text: str) -> None:
    """Words at no action: sentences to read later, or below a closing formula a signature."""
    if walk.has_said_goodbye:
        walk.found.note.append(text)
        walk.found.unread[walk.row] = Unread.SIGNATURE
        return
    walk.notes.append((walk.at, text))
    walk.frame, walk.is_frame_used = (text if frames_below(text, walk.reader.subjects.years) else ""), False


def _block_for_label(walk: Walk, layer: int) -> Block | None:
    """The action that a typed label belongs to: the open one, or the only one."""
    if walk.block is not None:
        return walk.block
    if walk.only is not None:
        return walk.open(walk.only, walk.row, layer)
    return None


def read_numbers(walk: Walk, text: str, layer: int) -> bool:
    """Opens the actions that a structured line names. Inside a field only a light behind the number makes it one."""
    line = walk.reader.read_light_first(text) or walk.reader.read_number(text) or walk.reader.read_title(text)
    if line is None:
        return False
    leads = walk.reader.leads_with_light(line.rest)
    if walk.field is not None and not leads and not text.lstrip().startswith("["):
        return False
    unknown = [number for number in line.numbers if number not in walk.reader.items]
    if unknown:
        return _read_unknown(walk, text, unknown, leads=leads)
    for number in line.numbers:
        block = walk.open(walk.reader.items[number], walk.row, layer, is_weak=line.is_weak)
        if walk.heading and not line.rest.strip():
            walk.take(block, walk.heading, within=text, column=0)
        if says_or_asks(line.rest):
            walk.take(block, _without_title(line.rest, block.item), within=text)
    return bool(line.numbers)


def _read_unknown(walk: Walk, text: str, unknown: list[str], *, leads: bool) -> bool:
    """A number that nobody asked about is asked back where a light was given to it; nothing of such a line is recorded."""
    if not leads or all(is_year(number) for number in unknown):
        return False
    walk.close()
    for number in unknown:
        walk.found.unknown.setdefault(number, walk.where(text))
    return True


def _without_title(rest: str, item: Item) -> str:
    """`[12] Title: vihreä`: the title is ours."""
    if item.title and rest.lower().startswith(item.title.lower()):
        return rest[len(item.title) :].lstrip(" \t:–—-|")
    return rest


def _read_sweep(walk: Walk, text: str) -> bool:
    """Keeps what is said of all the actions at once, where it gives a light and no field is open."""
    sweep = walk.reader.read_sweep(text)
    if sweep is None or walk.field is not None or not holds_light(sweep.rest):
        return False
    walk.close()
    if walk.frame:
        sweep, walk.is_frame_used = replace(sweep, is_open=True), True
    walk.found.sweeps.append(Sweep(line=sweep, taken=walk.where(text)))
    if sweep.excepted:
        _read_excepted(walk, sweep.excepted)
    return True


def _read_excepted(walk: Walk, text: str) -> None:
    """The light of what a sweep leaves out, where one is given: `paitsi 4.4, joka on punainen`."""
    line = walk.reader.read_number(text) or walk.reader.read_title(text) or walk.reader.read_named(text)
    if line is None or not set(line.numbers) <= walk.reader.items.keys() or not walk.reader.leads_with_light(line.rest):
        return
    for number in line.numbers:
        walk.take(walk.open(walk.reader.items[number], walk.row, 0), line.rest, within=text)
    walk.close()
