"""Our answer form that came back as a workbook: its rows become statements, by the grammar that reads the mail's own text.

A row is about the action that its hidden key names, where the number or the title that stands beside it agrees; without a key
its title decides, which must be exact. A number alone never does: a program may have made 3.1 of 3.10. What cannot be told is
asked back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

from reminder.domain.messages import Item, SentMessage
from reminder.domain.readings import FORM_SOURCE, AskBack, AskReason, Place
from reminder.parse.answers import agree, read_statements
from reminder.parse.blocks import Block, Gathered
from reminder.parse.dates import find_date, split_next_step
from reminder.parse.decoding import clean_text
from reminder.parse.grammar import plain_words, says_something
from reminder.parse.limits import ANSWER_SHEETS, DOCUMENTS, VALUE_CHARS, WORDS_KEPT
from reminder.parse.message import AttachedFile, Mail
from reminder.parse.statements import Statement, Taken
from reminder.wire.answer_sheet import AnswerRow, AnswerSheet, read_answer_sheet
from reminder.wire.archive import MAGIC, FileRefused, open_archive
from reminder.wire.open_sheet import read_open_sheets
from reminder.wire.workbook import CellKind, Sheet, read_workbook


@dataclass(slots=True)
class SheetAnswers:
    """What the attached forms say. `forms` are the hashes of the files that were read as our form."""

    statements: dict[Item, Statement] = field(default_factory=dict)
    asks: list[AskBack] = field(default_factory=list)
    forms: set[str] = field(default_factory=set)
    note: list[str] = field(default_factory=list)
    """Words in rows or columns that are not ours."""


@lru_cache(maxsize=DOCUMENTS)
def read_sheets(content: bytes) -> tuple[Sheet, ...]:
    """The sheets of an .xlsx or .ods, told by what is in it, not by its name. Raises FileRefused for anything else.

    A file is asked for three times, by who looks for tokens, for answers and for words; it is read once.
    """
    archive = open_archive(content)
    if "content.xml" in archive.names and b"spreadsheet" in archive.read("mimetype"):
        return read_open_sheets(archive)
    return read_workbook(content)


def find_forms(mail: Mail) -> Iterator[tuple[AttachedFile, AnswerSheet]]:
    """The attached workbooks that bear a key of ours, of the first three that are attached. Their keys are not verified yet."""
    packed = [file for file in mail.attachments if file.content.startswith(MAGIC)]
    for file in packed[:ANSWER_SHEETS]:
        try:
            form = read_answer_sheet(read_sheets(file.content))
        except FileRefused:
            continue
        if form.tokens:
            yield file, form


def read_forms(mail: Mail, messages: Sequence[SentMessage], items: Sequence[Item], today: date) -> SheetAnswers:
    """What the forms of these messages say of these items; a form of another mail of ours is left for a person."""
    found = SheetAnswers()
    if not messages:
        return found
    by_token = {message.message_id.strip("<>").partition("@")[0].lower(): message for message in messages}
    language = messages[0].language
    said: dict[Item, list[Statement]] = {}
    for file, form in find_forms(mail):
        if not form.has_header or not all(token in by_token for token in form.tokens):
            continue
        found.forms.add(file.sha256)
        for row in form.rows:
            item = _find_item(row, form, by_token, items)
            if item is None:
                _leave(found, row)
                continue
            if row.extra:
                found.note.append(f"{item.number}: {plain_words(clean_text(row.extra))}")
            if (statement := _read_row(row, item, items, language, today)) is not None:
                said.setdefault(item, []).append(statement)
    found.statements = {item: agree(statements) for item, statements in said.items()}
    return found


def join_statements(said: Mapping[Item, Statement], sheets: SheetAnswers) -> dict[Item, Statement]:
    """The text of a mail and its form must not contradict each other: two lights for one action are asked about."""
    joined = dict(said)
    for item, statement in sheets.statements.items():
        joined[item] = agree([joined[item], statement]) if item in joined else statement
    return joined


def _leave(found: SheetAnswers, row: AnswerRow) -> None:
    """A light in a row that belongs to no action is asked about; other words are kept for a person."""
    shown = plain_words(
        clean_text(" ".join(text for text in (_number(row), row.title, row.light, row.done, row.next_step, row.by) if text))
    )
    if says_something(row.light):
        places = tuple(Place(source=FORM_SOURCE, line=row.row, column=column, text=text) for column, text in row.written)
        found.asks.append(AskBack(number="", reason=AskReason.UNKNOWN_ROW, quote=shown[:WORDS_KEPT], places=places))
    else:
        found.note.append(shown)


def _number(row: AnswerRow) -> str:
    return row.number.text if row.number else ""


def _find_item(row: AnswerRow, form: AnswerSheet, by_token: Mapping[str, SentMessage], items: Sequence[Item]) -> Item | None:
    """The one action that the row is about, or None where that is not certain."""
    token = row.token or (form.tokens[0] if len(form.tokens) == 1 else "")
    message = by_token.get(token)
    if message is None:
        return None
    item = _by_key(row, message.items) if row.key else _by_title(row, message.items)
    if item is None:
        return None
    same = (
        one for one in items if (one.programme, one.round, one.party, one.action) == (item.programme, item.round, item.party, item.action)
    )
    return next(same, None)


def _by_key(row: AnswerRow, asked: Sequence[Item]) -> Item | None:
    """The key names it; what stands beside must not name another, and one of the two must still be as it was."""
    item = next((one for one in asked if one.number == row.key), None)
    if item is None:
        return None
    numbered, titled = _numbered(row, asked), _titled(row, asked)
    for named in (numbered, titled):
        if named and item not in named:
            return None
    is_bare = not _number(row) and not row.title.strip()
    return item if is_bare or item in numbered or item in titled else None


def _by_title(row: AnswerRow, asked: Sequence[Item]) -> Item | None:
    """Without a key the title must be exact, and the number must not name another."""
    titled, numbered = _titled(row, asked), _numbered(row, asked)
    if len(titled) > 1:
        titled = [item for item in titled if item in numbered]
    if len(titled) != 1 or (_number(row) and titled[0] not in numbered):
        return None
    return titled[0]


def _numbered(row: AnswerRow, asked: Sequence[Item]) -> list[Item]:
    """The actions that the shown number may mean: one where it is a text, all of that value where it became a number."""
    if row.number is None:
        return []
    shown = clean_text(row.number.text).strip()
    exact = [item for item in asked if item.number.casefold() == shown.casefold()]
    if row.number.kind is not CellKind.NUMBER:
        return exact
    return [item for item in asked if _value(item.number) == _value(shown)]


def _value(number: str) -> float | str:
    try:
        return float(number)
    except ValueError:
        return number


def _titled(row: AnswerRow, asked: Iterable[Item]) -> list[Item]:
    shown = _squash(clean_text(row.title))
    return [item for item in asked if shown and _squash(item.title) == shown]


def _squash(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _read_row(row: AnswerRow, item: Item, items: Sequence[Item], language: str, today: date) -> Statement | None:
    """The row as a block of a mail would be read; None where nothing was said in it."""
    light, done, following, by = (clean_text(text)[:VALUE_CHARS] for text in (row.light, row.done, row.next_step, row.by))
    block = Block(
        item=item,
        row=row.row - 1,
        layer=0,
        others=frozenset(one.number.lower() for one in items if one is not item),
        light=[light] if light else [],
        done=[done] if done else [],
        next=[text for text in (following, by) if text],
        taken=[Taken(row.row - 1, column - 1, clean_text(text)) for column, text in row.written],
    )
    statement = read_statements(Gathered(blocks=[block]), language, today, FORM_SOURCE).get(item)
    return _with_date(statement, following, by, today) if statement is not None and says_something(by) else statement


def _with_date(statement: Statement, following: str, by: str, today: date) -> Statement:
    """The date has a column of its own; what else stands there goes on with the next step."""
    if find_date(by, today) is None:
        step, when = plain_words(f"{following}, {by}" if following else by), None
    else:
        rest, when = split_next_step(plain_words(by), today)
        step = plain_words(", ".join(text for text in (following, rest) if says_something(text)))
    return replace(statement, next_step=step[:WORDS_KEPT], next_on=when or statement.next_on)
