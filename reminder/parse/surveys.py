"""The reply to a survey: which question each line answers, and what it says on the scale of that question.

What an anonymous survey is told stays out of all that is kept: the reading holds the answers alone, and no other words of the
sender. Nothing is guessed; a reply of which one answer is unclear does not count, and the sender is asked to answer again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from reminder.domain.messages import Item, SentMessage, SpanKind
from reminder.domain.readings import Reading, ReadingKind, Sender, Trust, Verdict
from reminder.domain.senders import Handling
from reminder.domain.surveys import NO, TEXT_CHARS, YES, Scale, Survey, SurveyReply, SurveyTrouble
from reminder.parse.authentication import read_dmarc
from reminder.parse.body import Body, read_bodies
from reminder.parse.classify import has_automatic_subject, list_marks, may_be_answered, plain_address
from reminder.parse.closing import PHONE_LINE, SIGN_OFF, THANKS
from reminder.parse.context import Context
from reminder.parse.layers import Layer, read_layers
from reminder.parse.limits import READING_FAULTS
from reminder.parse.message import Mail
from reminder.parse.pieces import Piece, cut_pieces
from reminder.parse.words import LETTERS, light_of, split_words

SURVEY_RULE = "survey"
_REASONS: Mapping[SurveyTrouble, str] = {
    SurveyTrouble.UNCLEAR: "It answers a survey, and not all of it was understood.",
    SurveyTrouble.EMPTY: "It answers no question of the survey.",
    SurveyTrouble.ANOTHER: "It answers a survey from another address than was asked, or one that nobody vouches for.",
    SurveyTrouble.UNREADABLE: "It answers a survey and cannot be read.",
    SurveyTrouble.CLOSED: "It answers a survey that is not known any more.",
}
_TYPED = re.compile(
    r"[\s*•·\[(]{0,6}(?:kysymys|fråga|question|k|q)?\s?(\d{1,2})\s?(?:\([^()\n]{0,60}\)\s?)?(?:[:.)\]=]|[-–—](?=\s))\s*(.*)",
    re.IGNORECASE,
)
_SEVERAL = re.compile(r"[,;]\s*(?=\d{1,2}\s?[:.)=]\s?\S)")
_SKIP = re.compile(
    r"[\W_]*$|(?:eos|en osaa sanoa|ei osaa sanoa|en tiedä|ei mielipidettä|ei kantaa|ei vastausta|tyhjä"
    r"|vet (?:ej|inte)|kan (?:ej|inte) säga|ingen åsikt|inget svar|don[’']?t know|no opinion|no answer|n/?a)\W*$",
    re.IGNORECASE,
)
_SPELLED = ("yksi yks ett one", "kaksi kaks två two", "kolme tre three", "neljä fyra four", "viisi viis fem five")
_FIVE_WORDS = {word: str(number) for number, words in enumerate(_SPELLED, 1) for word in words.split()}
_YES = frozenset(["kyllä", "kyl", "joo", "juu", "on", "k", "ja", "jo", "japp", "yes", "y"])
_NO = frozenset(["ei", "en", "e", "nej", "inte", "n", "no", "not"])
_FIRST = re.compile(r"\W*(\w+)\W*$|\W*(\w+)\s*[,.;:!–—-]")


def find_survey(mail: Mail, context: Context) -> SentMessage | None:
    """The newest mail of a survey that a token or an id in the mail names."""
    ids = {f"<{one}>" for one in (*mail.in_reply_to, *mail.references)}
    named = (message for message in context.sent if message.id in context.proven or message.message_id in ids)
    return next((message for message in named if message.kind.is_of_survey), None)


def read_survey_reply(mail: Mail, context: Context, asked: SentMessage, *, is_encrypted: bool = False) -> Reading | None:
    """How a reply to a survey is read; None for an automatic reply that only its subject tells."""
    item = next(iter(asked.items), None)
    survey = context.surveys.get((item.programme, item.round)) if item is not None else None
    reply = SurveyReply(
        programme=item.programme if item else "",
        round=item.round if item else "",
        is_anonymous=item is None or item.is_anonymous,  # where nobody knows any more, what may be secret is kept secret
    )
    said, unclear = dict[str, str](), tuple[str, ...]()
    try:
        if survey is not None and not is_encrypted:
            said, unclear = _read_answers(mail, context, asked.items, survey, asked.language)
    except READING_FAULTS:
        is_encrypted = True  # it cannot be read either, and must not wait for a person with what it says
    if has_automatic_subject(mail) and not said and not unclear:
        return None
    trouble = _find_trouble(mail, context, asked, survey, is_encrypted=is_encrypted)
    trouble = trouble or (SurveyTrouble.UNCLEAR if unclear else None if said else SurveyTrouble.EMPTY)
    answers = said if trouble is None or not reply.is_anonymous else {}
    reply = replace(reply, answers=answers, unclear=unclear, trouble=trouble)
    return _conclude(mail, context, asked, reply)


def _conclude(mail: Mail, context: Context, asked: SentMessage, reply: SurveyReply) -> Reading:
    marks = list_marks(mail)
    entry = context.senders.get(mail.sender) or context.senders.get(plain_address(mail.sender))
    is_theirs = reply.trouble is not SurveyTrouble.ANOTHER
    trust = Trust.LISTED if is_theirs else Trust.REFUSED if read_dmarc(mail, context.trusted_authserv) == "fail" else Trust.STRANGER
    verdict = Verdict.APPLIED
    if reply.trouble in {SurveyTrouble.UNCLEAR, SurveyTrouble.EMPTY}:
        verdict = Verdict.ASKED_BACK
    elif reply.trouble is not None:
        verdict = Verdict.IGNORED if reply.is_anonymous else Verdict.HELD
    return Reading(
        kind=ReadingKind.REPLY,
        verdict=verdict,
        sender=Sender(address=mail.sender, trust=trust, person=asked.person if is_theirs else entry.person if entry else ""),
        marks=marks,
        reason=_REASONS[reply.trouble] if reply.trouble else "It answers a survey.",
        rules=(SURVEY_RULE,),
        message=asked.id,
        may_answer=may_be_answered(mail, marks),
        survey=reply,
    )


def _find_trouble(mail: Mail, context: Context, asked: SentMessage, survey: Survey | None, *, is_encrypted: bool) -> SurveyTrouble | None:
    if survey is None:
        return SurveyTrouble.CLOSED
    verdict = read_dmarc(mail, context.trusted_authserv)
    is_theirs = asked.recipient.lower() in {mail.sender, plain_address(mail.sender)}
    is_doubtful = bool(context.trusted_authserv) and verdict != "pass" and context.rules.unauthenticated is Handling.HOLD
    if mail.from_fault or verdict == "fail" or is_doubtful or not is_theirs:
        return SurveyTrouble.ANOTHER
    return SurveyTrouble.UNREADABLE if is_encrypted else None


def _read_answers(
    mail: Mail, context: Context, items: Sequence[Item], survey: Survey, language: str
) -> tuple[dict[str, str], tuple[str, ...]]:
    """The answers by question, and the numbers of those that are not clear; of the first body that answers anything."""
    for body in read_bodies(mail):
        found = _gather(body, cut_pieces(body, context.sent), read_layers(body.lines, own=mail.sender), items, survey)
        said, unclear = _judge(found, items, survey, language)
        if said or unclear:
            return said, unclear
    return {}, ()


def _judge(found: Mapping[str, list[str]], items: Sequence[Item], survey: Survey, language: str) -> tuple[dict[str, str], tuple[str, ...]]:
    said: dict[str, str] = {}
    unclear: list[str] = []
    for item in items:
        question = survey.question(item.action)
        words = "\n".join(found.get(item.action, ())).strip()
        if question is None or not words or (question.scale is not Scale.TEXT and _SKIP.match(words)):
            continue
        value = read_value(question.scale, words, language)
        if value is None:
            unclear.append(item.number)
        elif value:
            said[item.action] = value
    return said, tuple(unclear)


def read_value(scale: Scale, words: str, language: str) -> str | None:
    """What words say on a scale; None where that is not clear."""
    if scale is Scale.TEXT:
        return words[:TEXT_CHARS].strip()
    reader = {Scale.FIVE: _read_five, Scale.YES_NO: _read_yes_no}.get(scale)
    return reader(words) if reader else _read_light(words, language)


def _read_five(words: str) -> str | None:
    bare = re.sub(r"(\d)\s*/\s*5\b", r"\1", words)
    numbers = re.findall(r"\d+(?:[.,]\d+)?", bare)
    small = {number for number in numbers if number in Scale.FIVE.values}
    begins = re.match(r"\W*([1-5])(?![\d.,]*\d)", bare)
    if begins and small == {begins[1]} and not re.search(r"[1-5]\s*[-–—/]\s*[1-5]", bare):
        return begins[1]
    if numbers:
        return next(iter(small)) if len(numbers) == 1 and small else None
    spelled = {_FIVE_WORDS[word] for word in split_words(words) if word in _FIVE_WORDS}
    return spelled.pop() if len(spelled) == 1 else None


def _read_yes_no(words: str) -> str | None:
    first = _FIRST.match(words.lower())
    word = (first[1] or first[2]) if first else ""
    if word in _YES | _NO:
        return YES if word in _YES else NO
    every = split_words(words)
    has_yes, has_no = any(one in _YES - {"on"} for one in every), any(one in _NO for one in every)
    return None if has_yes == has_no else YES if has_yes else NO


def _read_light(words: str, language: str) -> str | None:
    every = split_words(words)
    lights = {light for word in every if (light := light_of(word)) is not None}
    if not lights and len(every) == 1:
        lights = {light for word in every if (light := LETTERS.get(language, {}).get(word)) is not None}
    return lights.pop().value if len(lights) == 1 else None


def _gather(body: Body, pieces: Sequence[Piece], layers: Sequence[Layer], items: Sequence[Item], survey: Survey) -> dict[str, list[str]]:
    """The words that answer each question, by its id: behind a label of ours wherever it stands, or behind a number on top."""
    walk = _Walk(items, survey)
    for row, own in _by_row(pieces):
        layer = layers[row]
        if layer.is_furniture or layer.is_stale:
            walk.leave()
            continue
        for piece in own:
            if piece.is_ours:
                walk.pass_ours(piece)
            else:
                walk.take(piece.text, is_on_top=layer.number == 0 and piece.starts_line)
    return walk.found


def _by_row(pieces: Sequence[Piece]) -> Iterator[tuple[int, list[Piece]]]:
    rows: dict[int, list[Piece]] = {}
    for piece in pieces:
        rows.setdefault(piece.row, []).append(piece)
    yield from sorted(rows.items())


class _Walk:
    """Goes down the mail and remembers which question is being answered."""

    def __init__(self, items: Sequence[Item], survey: Survey) -> None:
        self.found: dict[str, list[str]] = {}
        self._by_number = {item.number: item.action for item in items}
        self._survey = survey
        self._current = ""
        self._is_closed = False

    def leave(self) -> None:
        """What follows answers nothing, until a label or a number comes."""
        self._current = ""

    def pass_ours(self, piece: Piece) -> None:
        """A piece of our own text: a head or a label begins its question, other text ends it."""
        if piece.item is not None:
            self._current, self._is_closed = piece.item.action, False
        elif piece.kind is not SpanKind.LINK:
            self.leave()

    def take(self, text: str, *, is_on_top: bool) -> None:
        """A piece of the sender's."""
        for part in _SEVERAL.split(text) if is_on_top and _TYPED.match(text) else (text,):
            typed = _TYPED.match(part) if is_on_top else None
            if typed and self._may_begin(typed[1], typed[2]):
                self._current, self._is_closed = self._by_number[typed[1]], False
                part = typed[2]
            self._add(part)

    def _may_begin(self, number: str, rest: str) -> bool:
        """Within a text, a number begins the next question only where it is a later one: texts have lists of their own. And `4.` below
        a label that has no answer yet is that answer."""
        question = self._survey.question(self._current)
        is_answer = not rest.strip() and question is not None and self._current not in self.found
        if number not in self._by_number or is_answer:
            return False
        order = list(self._by_number)
        if question is None or question.scale is not Scale.TEXT:
            return True
        return order.index(number) > list(self._by_number.values()).index(self._current)

    def _add(self, text: str) -> None:
        if not self._current or self._is_closed:
            return
        before = self.found.get(self._current, [])
        line = text.strip()
        is_closing = SIGN_OFF.match(line) and not (THANKS.match(line) and not "".join(before).strip())
        if is_closing or PHONE_LINE.match(line) or line in {"--", "__"}:
            self._is_closed = True
        elif line:
            self.found.setdefault(self._current, []).append(line)
