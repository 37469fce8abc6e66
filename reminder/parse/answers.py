"""What was said of each action becomes an answer or a question back.

All the places of one mail that speak of an action must agree. The text part and the HTML part of one mail must not
contradict each other; only the HTML knows what is struck out, so it decides where the text names several lights.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from reminder.domain.messages import Item
from reminder.domain.readings import Answer, AskBack, AskReason
from reminder.parse.blocks import Block, Gathered
from reminder.parse.dates import split_next_step
from reminder.parse.grammar import Value, plain_words, read_value, says_or_asks, says_something
from reminder.parse.limits import EXTRA_ITEMS, VALUE_CHARS, WORDS_KEPT
from reminder.parse.lines import names_other
from reminder.parse.options import read_options, without_light_links, without_option_list
from reminder.parse.small_words import FILLERS
from reminder.parse.statements import Statement, Taken, taken_from
from reminder.parse.words import light_of, split_words

_NEXT_WORDS = re.compile(
    r"(?:^|(?<=[\s.,;]))(?:seuraavaksi|seuraava askel|härnäst|nästa steg|next step|next)\s{0,2}[:–-]\s*"
    r"|(?:^|(?<=[.!;\n]\s))(?:seuraavaksi|härnäst|next)\s",
    re.IGNORECASE,
)
"""What begins the next step: the word with a mark, or as the first word of a sentence."""


def read_statements(gathered: Gathered, language: str, today: date, source: str) -> dict[Item, Statement]:
    """One statement an action from one body, for the actions that it speaks of."""
    said: dict[Item, list[Statement]] = {}
    for block in gathered.blocks:
        if (statement := _read_block(block, language, today, source)) is not None:
            said.setdefault(statement.item, []).append(statement)
    return {item: agree(statements) for item, statements in said.items()}


def _read_block(block: Block, language: str, today: date, source: str) -> Statement | None:
    """The statement of one block; None where the form stands as we sent it."""
    options, light_text = _whole_list(block.options, "\n".join(block.light)[:VALUE_CHARS])
    light_text = without_option_list(light_text)
    written = read_value(light_text, language, is_light_field=True)
    value = _with_option(written, options)
    taken = block.taken if value is written else [*block.listed, *block.taken]
    done = plain_words(" ".join(block.done)[:VALUE_CHARS])
    free = _free_words(block)
    rule, said = "light_field", ""
    if value.is_empty and says_or_asks(free):
        value, rule = read_value(free, language, is_light_field=False), "number_line"
    elif says_something(free):
        done = f"{plain_words(free)} {done}".strip()
    if value.light is None and value.phase is None and value.reason is None and done:
        value, rule = _leading(read_value(done, language, is_light_field=False), done), "done_field"
        said, done = done, ""
    source_text = {"light_field": light_text, "number_line": free}.get(rule, said)
    if value.light is not None and (block.is_doubted or names_other(source_text, block.others)):
        value = Value(reason=AskReason.UNKNOWN_WORD, text=value.text)
    if _is_silent(block, value, done):
        return None
    places = [taken_from(source, one) for one in taken or block.listed if says_or_asks(one.text)]
    if block.said:
        value, rule = _with_prose(value, block.said, language), "prose"
    return replace(_statement(block, value, done, today, f"{source}:{rule}"), places=tuple(places))


def _free_words(block: Block) -> str:
    """The words in no field, without the option list and the links of our form."""
    free = without_option_list("\n".join(block.free)[:VALUE_CHARS])
    return without_light_links(free) if block.is_form else free


def _is_silent(block: Block, value: Value, done: str) -> bool:
    """Whether nothing was said: the form as we sent it, or a number in a sentence that gives no light."""
    if block.is_weak and value.light is None and value.phase is None and value.reason in {None, AskReason.NO_LIGHT}:
        return True
    return value.is_empty and not done and not any(says_something(line) for line in block.next)


def _with_prose(value: Value, said: str, language: str) -> Value:
    """The value of a sentence, with the words as they were written, the names of the actions in them."""
    whole = read_value(said, language, is_light_field=False)
    return replace(value, text=whole.text if whole.light is value.light else said)


def _leading(value: Value, text: str) -> Value:
    """What the field of the deeds says as a light: only what it begins with, for `väri vihreä` may be that of a fence."""
    words = split_words(text)
    place = next((place for place, word in enumerate(words) if light_of(word) is not None), len(words))
    if value.light is None or all(word in FILLERS for word in words[:place]):
        return value
    return Value(reason=AskReason.UNKNOWN_WORD, text=value.text)


def _whole_list(options: str, light: str) -> tuple[str, str]:
    """An option list that was wrapped onto the next line, whole again, and what follows it."""
    if options.count("(") <= options.count(")") or ")" not in light:
        return options, light
    tail, _, rest = light.partition(")")
    return f"{options} {tail})", rest.lstrip(" :")


def _statement(block: Block, value: Value, done: str, today: date, rule: str) -> Statement:
    text = " ".join(part for part in (value.text, done) if part)
    split = _NEXT_WORDS.search(text)
    following = plain_words(" ".join(block.next)[:VALUE_CHARS])
    if split is not None and not following:
        text, following = text[: split.start()].rstrip(" ,;"), text[split.end() :]
    next_step, next_on = split_next_step(following, today)
    reason = value.reason
    if reason is None and value.light is None and value.phase is None:
        reason = AskReason.NO_LIGHT
    quote = plain_words(
        " / ".join(" ".join(lines)[:VALUE_CHARS] for lines in (block.free, block.light, block.done, block.next) if lines)
    ) or plain_words(block.options[:VALUE_CHARS])
    return Statement(
        item=block.item,
        light=value.light,
        phase=value.phase,
        reason=reason,
        text=text[:WORDS_KEPT],
        next_step=next_step[:WORDS_KEPT],
        next_on=next_on,
        quote=quote[:WORDS_KEPT],
        rule=rule,
        layer=block.layer,
    )


def _with_option(value: Value, label: str) -> Value:
    """The value together with what was done to the option list."""
    chosen, is_open = read_options(label)
    if value.light is not None:
        contradicts = chosen is not None and chosen is not value.light
        return Value(reason=AskReason.TWO_LIGHTS, text=value.text) if contradicts else value
    if chosen is not None and value.reason in {None, AskReason.NO_LIGHT, AskReason.UNKNOWN_WORD} and value.phase is None:
        return Value(light=chosen, text=value.text)
    if is_open and value.is_empty:
        return Value(reason=AskReason.TWO_LIGHTS)
    return value


def agree(statements: Sequence[Statement]) -> Statement:
    """One statement of several about the same action: the sender's own words and the form that was answered count alike,
    deeper quotations only where those are silent."""
    speaking = [statement for statement in statements if statement.reason is not AskReason.NO_LIGHT]
    tier = min(max(1, statement.layer) for statement in speaking or statements)
    near = [statement for statement in statements if max(1, statement.layer) <= tier]
    sure = [statement for statement in near if statement.is_answer]
    unsure = next((statement for statement in near if statement.reason not in {None, AskReason.NO_LIGHT}), None)
    lights = {statement.light for statement in sure if statement.light is not None}
    if len(lights) > 1:
        places = tuple(place for one in sure for place in one.places)
        quote = " / ".join(one.quote for one in sure)
        return replace(sure[0], light=None, phase=None, reason=AskReason.TWO_LIGHTS, quote=quote, places=places)
    if unsure is not None:
        return unsure
    return _merged(sure or near, near)


def _merged(sure: Sequence[Statement], near: Sequence[Statement]) -> Statement:
    head = next((one for one in sure if one.light is not None), sure[0])
    texts = dict.fromkeys(one.text for one in (head, *near) if one.text)
    return replace(
        head,
        phase=head.phase or next((one.phase for one in sure if one.phase is not None), None),
        text=" ".join(texts)[:WORDS_KEPT],
        next_step=head.next_step or next((one.next_step for one in near if one.next_step), ""),
        next_on=head.next_on or next((one.next_on for one in near if one.next_on is not None), None),
        places=tuple(dict.fromkeys(place for one in (head, *near) for place in one.places)),
    )


def combine_bodies(by_source: Mapping[str, dict[Item, Statement]]) -> dict[Item, Statement]:
    """One statement an action from the text and the HTML of one mail."""
    plain, page = by_source.get("text"), by_source.get("html")
    if plain is None or page is None:
        return dict(plain or page or {})
    items = dict.fromkeys([*plain, *page])
    return {item: _combined(plain.get(item), page.get(item)) for item in items}


def _combined(plain: Statement | None, page: Statement | None) -> Statement:
    if plain is None or page is None:
        only = plain or page
        if only is None:
            raise ValueError("an action without a statement")
        return only
    if plain.is_answer and page.is_answer:
        if plain.light is not None and page.light is not None and plain.light is not page.light:
            quote, places = f"{plain.quote} / {page.quote}", (*plain.places, *page.places)
            return replace(plain, light=None, phase=None, reason=AskReason.TWO_LIGHTS, quote=quote, places=places)
        return plain if plain.light is not None or page.light is None else page
    if plain.is_answer:
        return page if page.reason is not AskReason.NO_LIGHT else plain
    return page if page.is_answer else plain


def to_answers(statements: Iterable[Statement], *, is_provisional: bool) -> tuple[tuple[Answer, ...], tuple[AskBack, ...]]:
    """Answers to record and questions to ask. A phase that settles nothing is recorded, and the light is asked for."""
    answers: list[Answer] = []
    asks: list[AskBack] = []
    for one in statements:
        if one.reason is not None:
            asks.append(AskBack(number=one.item.number, reason=one.reason, quote=one.quote, item=one.item, places=one.places))
            continue
        answers.append(
            Answer(
                item=one.item,
                light=one.light,
                phase=one.phase,
                text=one.text,
                next_step=one.next_step,
                next_on=one.next_on,
                is_provisional=is_provisional,
                rule=one.rule,
                marked=one.quote,
                places=one.places,
            )
        )
        if one.light is None and one.phase is not None and not one.phase.settles:
            asks.append(AskBack(number=one.item.number, reason=AskReason.NO_LIGHT, quote=one.quote, item=one.item, places=one.places))
    return tuple(answers), tuple(asks)


def unknown_numbers(unknown: Mapping[str, Taken], source: str) -> tuple[AskBack, ...]:
    """Numbers that were given a light and that nobody asked about, the first ten."""
    return tuple(
        AskBack(number=number, reason=AskReason.UNKNOWN_NUMBER, quote=taken.text, places=(taken_from(source, taken),))
        for number, taken in list(unknown.items())[:EXTRA_ITEMS]
    )
