"""Numbers that are unique within one mail: an answer that says `12` must mean one action (DESIGN, decision 2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from reminder.compose.blocks import clip, plain
from reminder.compose.views import ActionView
from reminder.domain.messages import Item

TITLE_LENGTH = 300


def number_items(items: Iterable[Item], tags: Mapping[str, str] | None = None) -> tuple[Item, ...]:
    """The items, inert, each number once: where two programmes clash prefixed with the tag, where that is not enough counted."""
    clean = [replace(item, number=plain(item.number), title=clip(item.title, TITLE_LENGTH)) for item in items]
    often = Counter(item.number for item in clean)
    clean = [_prefixed(item, tags or {}) if often[item.number] > 1 and _programmes(clean, item.number) > 1 else item for item in clean]
    taken: set[str] = set()
    numbered = []
    for item in clean:
        number, ordinal = item.number, 2
        while number in taken:
            number, ordinal = f"{item.number}-{ordinal}", ordinal + 1
        taken.add(number)
        numbered.append(replace(item, number=number))
    return tuple(numbered)


def drop_repeated(actions: Iterable[ActionView]) -> tuple[ActionView, ...]:
    """The actions without contributions to an action that the same mail already asks for: one person answers it once."""
    found = list(actions)
    led = {(view.item.programme, view.item.action) for view in found if not view.is_contribution}
    kept = []
    for view in found:
        key = (view.item.programme, view.item.action)
        if not view.is_contribution or key not in led:
            kept.append(view)
            led.add(key)
    return tuple(kept)


def _programmes(items: Iterable[Item], number: str) -> int:
    return len({item.programme for item in items if item.number == number})


def _prefixed(item: Item, tags: Mapping[str, str]) -> Item:
    tag = tags.get(item.programme) or plain(item.programme)[:4].upper()
    return replace(item, number=f"{tag}-{item.number}")
