"""The fill-in block of a request, and the reference line: what is written here is what `parse` looks for.

Label and light together stay under 76 characters, since Gmail re-wraps quoted lines there; the options always stand
in the same order, so that "one option left" is readable; the reference line is the last line of ours, which marks the
end of our text in a quotation (replies.md section 9).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reminder.domain.assessments import TrafficLight
from reminder.domain.messages import Item, Span, SpanKind
from reminder.domain.programme import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockWords:
    """The labels of the block in one language."""

    light: str
    done: str
    next: str
    reference: str
    lights: Mapping[TrafficLight, str]

    @property
    def light_label(self) -> str:
        """`Tila (vihreä / keltainen / punainen):`"""
        return f"{self.light} ({' / '.join(self.lights[light] for light in TrafficLight)}):"


BLOCK_WORDS: Mapping[Language, BlockWords] = {
    "fi": BlockWords(
        light="Tila",
        done="Mitä tehtiin",
        next="Seuraavaksi ja milloin",
        reference="Viite",
        lights={TrafficLight.GREEN: "vihreä", TrafficLight.YELLOW: "keltainen", TrafficLight.RED: "punainen"},
    ),
    "sv": BlockWords(
        light="Läge",
        done="Vad har gjorts",
        next="Härnäst och när",
        reference="Referens",
        lights={TrafficLight.GREEN: "grön", TrafficLight.YELLOW: "gul", TrafficLight.RED: "röd"},
    ),
    "en": BlockWords(
        light="Status",
        done="What was done",
        next="Next step and by when",
        reference="Reference",
        lights={TrafficLight.GREEN: "green", TrafficLight.YELLOW: "yellow", TrafficLight.RED: "red"},
    ),
}


def item_head(item: Item) -> str:
    """`[12] Taidenäyttelyt tyhjiin liiketiloihin`"""
    return f"[{item.number}] {item.title}"


def write_block(items: Sequence[Item], index: int, language: Language, *, last_time: str = "") -> tuple[Span, ...]:
    """The block of one item as spans: head, what was said last time, and the three labels."""
    words = BLOCK_WORDS[language]
    lines = [(SpanKind.HEAD, item_head(items[index]))]
    if last_time:
        lines.append((SpanKind.LAST_TIME, last_time))
    lines += [(SpanKind.LIGHT_LABEL, words.light_label), (SpanKind.DONE_LABEL, f"{words.done}:"), (SpanKind.NEXT_LABEL, f"{words.next}:")]
    return tuple(Span(kind=kind, text=text, item=index) for kind, text in lines)


def write_reference(language: Language, tag: str, token: str) -> Span:
    """The reference line: `Viite: ELVO-7K3Q / TOKEN`, always the last line of ours."""
    return Span(kind=SpanKind.REFERENCE, text=f"{BLOCK_WORDS[language].reference}: {tag} / {token}")
