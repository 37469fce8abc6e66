"""`mail`, the object that templates speak to: they say what the mail says, it collects blocks.

A template writes prose between `{% call mail.say() %}` and `{% endcall %}`; an empty line begins a new paragraph. What
stands in `{{ }}` has been made inert before it gets here (see `composing`), so a value can neither begin a paragraph nor
make a link; `link()` and `strong()` mark theirs with characters that values cannot hold.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from reminder.compose.blocks import Block, Button, Buttons, Form, Letter, Line, Lines, Piece, Style, Table, clip, plain
from reminder.compose.survey_views import SurveyQuestion
from reminder.compose.views import ActionView, Heading, LastTime, ShownMail
from reminder.compose.words import LEGEND, PHASES, format_month, light_word, quote
from reminder.domain.assessments import Phase, TrafficLight
from reminder.domain.messages import Item, SpanKind
from reminder.wire.answer_block import BLOCK_WORDS, item_head, write_block, write_reference
from reminder.wire.headers import clean_header
from reminder.wire.mailto import BODY_LIMIT, form_body, light_body, write_mailto
from reminder.wire.survey_form import answer_label, survey_body

LONGEST_FORM = 6
"""Actions for which one link opens the whole form."""
QUOTED_LENGTH = 160
SUBJECT_LENGTH = 200
_OPEN, _MIDDLE, _CLOSE = "\ue000", "\ue001", "\ue002"
_MARKED = re.compile(f"{_OPEN}(\\d+){_MIDDLE}([^{_OPEN}{_CLOSE}]*){_CLOSE}")
_PARAGRAPHS = re.compile(r"\n[ \t]*\n")

Caller = Callable[[], str]
ItemKey = tuple[str, str, str, str]


class Marked(str):
    """Text that carries our own marks and is not made inert again."""

    __slots__ = ()


def key_of(item: Item) -> ItemKey:
    """What makes an item the same one, whatever its printed number."""
    return (item.programme, item.round, item.party, item.action)


_TAGGED = re.compile(r"\[[A-Z0-9]{2,6}-[A-Z2-7]{4}\]")


class MailWriter:
    """Collects the blocks of one mail. Every method returns an empty text, so that a template can call it in `{{ }}`."""

    def __init__(self, heading: Heading, items: Sequence[Item]) -> None:
        self.subject_line = ""
        self.preheader_line = ""
        self.blocks: list[Block] = []
        self._heading = heading
        self._items = tuple(items)
        self._index: Mapping[ItemKey, int] = {key_of(item): number for number, item in enumerate(items)}
        self._reference = write_reference(heading.language, heading.tag, heading.token).text
        self._hrefs: list[str] = []

    def subject(self, *, tag: bool = True, caller: Caller) -> str:
        """The subject, with the short tag at its end unless it holds one: a changed subject would break the thread in Gmail."""
        text, own = plain(_unmark(caller())), self._heading.tag
        end = f" [{own}]" if tag and own and not _TAGGED.search(text) else ""
        self.subject_line = clean_header(clip(text, SUBJECT_LENGTH - len(end)) + end)
        return ""

    def preheader(self, caller: Caller) -> str:
        """What a list of mails shows beside the subject; not shown in the mail itself."""
        self.preheader_line = plain(_unmark(caller()))
        return ""

    def say(self, style: str = "prose", *, caller: Caller) -> str:
        """Paragraphs, one after each empty line."""
        for paragraph in _PARAGRAPHS.split(caller()):
            self._add_lines([paragraph], style)
        return ""

    def lines(self, style: str = "prose", *, caller: Caller) -> str:
        """Lines that stay lines, together."""
        self._add_lines(caller().split("\n"), style)
        return ""

    def heading(self, caller: Caller) -> str:
        """A heading."""
        self._add_lines([caller()], Style.HEADING)
        return ""

    def strong(self, text: object) -> Marked:
        """Emphasis within prose; only the HTML part shows it."""
        return self._mark(str(text), "")

    def link(self, text: object, url: str) -> Marked:
        """A link within prose. Only web and mail addresses become links; the text part shows the text."""
        return self._mark(str(text), url if url.startswith(("https://", "http://", "mailto:")) else "")

    def reply_link(self, text: object, body: str) -> Marked:
        """A link that opens a reply with some words in it, and the reference line below them."""
        return self.link(text, self._mailto(f"{plain(body)}\n\n{self._reference}"))

    def actions(self, actions: Iterable[ActionView]) -> str:
        """Heads alone, where nothing is to be filled in."""
        heads = tuple(self._head(self._index[key_of(view.item)]) for view in actions)
        if heads:
            self.blocks.append(Lines(heads, Style.RECORD))
        return ""

    def form(self, actions: Iterable[ActionView], *, invitation: str = "", last_time: str = "") -> str:
        """The form of each action; `last_time` is the word before what was said last time."""
        for view in actions:
            said = self._last_time(view.last_time, last_time) if view.last_time and last_time else ""
            self._add_form(self._index[key_of(view.item)], [said] if said else [], invitation)
        return ""

    def question(self, item: Item, *, invitation: str = "", caller: Caller) -> str:
        """The form of an action that was not understood, with the question above its labels."""
        self._add_form(self._index[key_of(item)], [_squeeze(line) for line in caller().split("\n") if line.strip()], invitation)
        return ""

    def record(self, item: Item, caller: Caller) -> str:
        """What was recorded for an action: its head and some lines."""
        index = self._index[key_of(item)]
        said = tuple(self._line(line, SpanKind.LAST_TIME, index) for line in caller().split("\n") if line.strip())
        self.blocks.append(Lines((self._head(index), *said), Style.RECORD))
        return ""

    def record_loose(self, caller: Caller) -> str:
        """Lines with words of the sender that belong to no action."""
        said = tuple(self._line(line, SpanKind.LAST_TIME) for line in caller().split("\n") if line.strip())
        self.blocks.append(Lines(said, Style.RECORD))
        return ""

    def answer_button(self, label: str, body: str) -> str:
        """One large link that opens a reply with these words in it."""
        self.blocks.append(Buttons((Button(label, self._mailto(f"{plain(body)}\n\n{self._reference}")),)))
        return ""

    def letter(self, shown: ShownMail) -> str:
        """Another mail of ours, as it will be sent."""
        self.blocks.append(Letter(shown.text, shown.html, shown.spans))
        return ""

    def whole_form(self, actions: Iterable[ActionView], label: str) -> str:
        """One link that opens the form of all actions; left out where there are many, or where clients would cut it."""
        items = [self._items[self._index[key_of(view.item)]] for view in actions]
        if not 1 < len(items) <= LONGEST_FORM:
            return ""
        body = form_body(items, self._heading.language, reference=self._reference)
        if body is not None:
            self.blocks.append(Buttons((Button(plain(label), self._mailto(body)),)))
        return ""

    def survey_button(self, questions: Sequence[SurveyQuestion], label: str) -> str:
        """One link that opens a reply with a row for each question, or for each number where clients would cut that."""
        scales = [one.scale for one in questions]
        items, ends = [one.item for one in questions], [one.ends for one in questions]
        body = survey_body(items, scales, self._heading.language, reference=self._reference, ends=ends)
        self.blocks.append(Buttons((Button(plain(label), self._mailto(body)),)))
        return ""

    def survey_form(self, questions: Sequence[SurveyQuestion]) -> str:
        """Each question with its label, and what the ends of its scale mean."""
        language = self._heading.language
        for one in questions:
            index = self._index[key_of(one.item)]
            notes = (self._line(plain(one.ends), SpanKind.LAST_TIME, index),) if one.ends else ()
            label = Line((Piece(answer_label(one.scale, language)),), SpanKind.ANSWER_LABEL, index)
            self.blocks.append(Form(self._head(index), notes, "", (), (label,)))
        return ""

    def legend(self) -> str:
        """What the lights mean, one line each: the city's words, else ours."""
        language = self._heading.language
        lines = []
        for light in TrafficLight:
            own = self._heading.legend.get(light.value)
            meaning = own.in_language(language) if own else LEGEND[language][light]
            lines.append(self._line(f"{light_word(light, language)}: {plain(meaning)}", SpanKind.LEGEND))
        self.blocks.append(Lines(tuple(lines), Style.LEGEND))
        return ""

    def table(self, *headings: str, tones: Sequence[str] = ()) -> str:
        """Begins a table; `row` adds to it. In the text part it is a list."""
        self.blocks.append(Table(tuple(map(plain, headings)), (), tuple(tones)))
        return ""

    def row(self, *cells: object) -> str:
        """One row of the table begun last."""
        begun = self.blocks[-1]
        if not isinstance(begun, Table):
            raise TypeError("mail.row needs a mail.table before it")
        self.blocks[-1] = replace(begun, rows=(*begun.rows, tuple(plain(str(cell)) for cell in cells)))
        return ""

    def close(self) -> None:
        """Ends the mail with the reference line, always the last line of ours; a mail without a token has none."""
        if not self._heading.token:
            return
        self.blocks.append(Lines((Line((Piece(self._reference),), SpanKind.REFERENCE),), Style.SMALL))

    def _add_lines(self, texts: Iterable[str], style: str) -> None:
        lines = tuple(self._line(text) for text in texts if text.strip())
        if lines:
            self.blocks.append(Lines(lines, Style(style)))

    def _add_form(self, index: int, notes: Sequence[str], invitation: str) -> None:
        language = self._heading.language
        spans = write_block(self._items, index, language)
        labels = tuple(Line((Piece(span.text),), span.kind, index) for span in spans if span.kind is not SpanKind.HEAD)
        written = tuple(self._line(note, SpanKind.LAST_TIME, index) for note in notes)
        # How to use the buttons is said once, above the first of them.
        shown = "" if any(isinstance(block, Form) for block in self.blocks) else plain(invitation)
        self.blocks.append(Form(self._head(index), written, shown, self._light_buttons(index), labels))

    def _light_buttons(self, index: int) -> tuple[Button, ...]:
        item, language = self._items[index], self._heading.language
        return tuple(
            Button(light_word(light, language), self._mailto(self._light_body(item, light)), light.value, index) for light in TrafficLight
        )

    def _light_body(self, item: Item, light: TrafficLight) -> str:
        body = light_body(item, light, self._heading.language, reference=self._reference)
        if len(self._mailto(body)) <= BODY_LIMIT:
            return body
        # A title so long that clients would cut the link is left out; the number says which action it is.
        return body.replace(item_head(item), f"[{item.number}]", 1)

    def _mailto(self, body: str) -> str:
        subject = f"{clip(self._heading.programme.in_language(self._heading.language), 60)} [{self._heading.tag}]"
        return write_mailto(self._heading.reply_address, subject=subject, body=body)

    def _last_time(self, last: LastTime, words: str) -> str:
        language = self._heading.language
        said = said_words(last.light, last.phase, language)
        parts = [*([said] if said else []), *([quote(clip(last.text, QUOTED_LENGTH), language)] if last.text.strip() else [])]
        return f"{plain(words)} ({format_month(last.on, language)}): {'. '.join(parts)}" if parts else ""

    def _head(self, index: int) -> Line:
        return Line((Piece(item_head(self._items[index])),), SpanKind.HEAD, index)

    def _line(self, text: str, kind: SpanKind = SpanKind.PROSE, item: int | None = None) -> Line:
        return Line(tuple(self._pieces(_squeeze(text))), kind, item)

    def _mark(self, text: str, href: str) -> Marked:
        self._hrefs.append(href)
        return Marked(f"{_OPEN}{len(self._hrefs) - 1}{_MIDDLE}{plain(text)}{_CLOSE}")

    def _pieces(self, text: str) -> Iterable[Piece]:
        end = 0
        for match in _MARKED.finditer(text):
            if match.start() > end:
                yield Piece(text[end : match.start()])
            href = self._hrefs[int(match.group(1))]
            yield Piece(match.group(2), href, not href)
            end = match.end()
        if end < len(text):
            yield Piece(text[end:])


def said_words(light: TrafficLight | None, phase: Phase | None, language: str) -> str:
    """`▲ keltainen, käynnissä`: what was said, light and phase; empty where neither was."""
    words = next(known for known in BLOCK_WORDS if known == language)
    parts = [light_word(light, words)] if light else []
    return ", ".join([*parts, PHASES[words][phase]] if phase else parts)


def _squeeze(text: str) -> str:
    return " ".join(text.split())


def _unmark(text: str) -> str:
    return _MARKED.sub(r"\2", text)
