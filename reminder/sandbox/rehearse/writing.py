"""A simulated person at the keyboard: from the mail that was received to the bytes of the reply."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from reminder.domain.assessments import Phase, TrafficLight
from reminder.domain.programme import Language
from reminder.sandbox.clients import Client, gmail_web, iphone, open_link, outlook_desktop, owa, plain, thunderbird
from reminder.sandbox.originals import Filled, Original, Typed, Writer, find_light_link
from reminder.sandbox.rehearse.wordings import APPROVED, DONE, FINISHED, OR
from reminder.wire.answer_block import BLOCK_WORDS

ON_TOP: Sequence[Client] = (owa, gmail_web, iphone, plain)
IN_THE_FORM: Sequence[Client] = (outlook_desktop, thunderbird, owa)
LINK_SHARE, FORM_SHARE, FINISHED_SHARE = 0.3, 0.4, 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a party says of one action."""

    light: TrafficLight
    phase: Phase | None
    done: str


def make_up(rng: Random, language: Language) -> Said:
    """A light with a sentence: six in ten green, three yellow, one red; a fifth of the green are finished."""
    light = rng.choices(tuple(TrafficLight), weights=(6, 3, 1))[0]
    is_finished = light is TrafficLight.GREEN and rng.random() < FINISHED_SHARE
    return Said(light=light, phase=Phase.DONE if is_finished else None, done=rng.choice(DONE[language][light]))


def write_answer(original: Original, writer: Writer, said: Mapping[str, Said], rng: Random, when: datetime) -> bytes:
    """A reply that answers these actions, by printed number: behind a light link, in the form, or in lines on top."""
    if len(said) == 1 and rng.random() < LINK_SHARE:
        number, one = next(iter(said.items()))
        try:
            link = find_light_link(original, number, one.light)
            if one.phase is None:
                return open_link(link, writer, Typed(filled={number: Filled(done=one.done)}), when)
        except ValueError:  # a mail without such links, as an acknowledgement is
            pass
    if rng.random() < FORM_SHARE:
        try:
            filled = {number: Filled(light=_light(one, writer.language), done=one.done) for number, one in said.items()}
            return rng.choice(IN_THE_FORM)(original, writer, Typed(filled=filled), when)
        except ValueError:  # a mail without the form
            pass
    return rng.choice(ON_TOP)(original, writer, Typed(top=_lines(said, writer.language)), when)


def write_unclear(original: Original, writer: Writer, numbers: Sequence[str], rng: Random, when: datetime) -> bytes:
    """A reply that nobody can record: two lights for each action."""
    words = BLOCK_WORDS[writer.language].lights
    either = f"{words[TrafficLight.GREEN]} {OR[writer.language]} {words[TrafficLight.YELLOW]}"
    top = "\n".join(f"{number}: {either}" for number in numbers)
    return rng.choice(ON_TOP)(original, writer, Typed(top=top), when)


def write_approval(original: Original, writer: Writer, when: datetime) -> bytes:
    """The coordinator's one word."""
    return owa(original, writer, Typed(top=APPROVED[writer.language]), when)


def _light(said: Said, language: Language) -> str:
    word = BLOCK_WORDS[language].lights[said.light]
    return f"{word}, {FINISHED[language]}" if said.phase is Phase.DONE else word


def _lines(said: Mapping[str, Said], language: Language) -> str:
    return "\n\n".join(f"{number}: {_light(one, language)}\n{one.done}" for number, one in said.items())
