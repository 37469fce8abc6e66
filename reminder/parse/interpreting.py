"""A mail and its context become a reading: pure and total. Nothing here decides what is done with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from reminder.domain.absences import Substitute
from reminder.domain.commands import Command
from reminder.domain.judging import SUB_COMMITTEE
from reminder.domain.messages import Item, MailKind, SentMessage
from reminder.domain.readings import (
    ATTACHMENT_RULE,
    Answer,
    AskBack,
    AskReason,
    BounceReport,
    Decision,
    Reading,
    ReadingKind,
    Sender,
    Trust,
    Verdict,
)
from reminder.parse.absences import find_last_day_away, find_substitutes
from reminder.parse.answers import combine_bodies, read_statements, to_answers, unknown_numbers
from reminder.parse.attached_sheets import join_statements, read_forms
from reminder.parse.authentication import read_dmarc
from reminder.parse.blocks import Gathered
from reminder.parse.body import Body, read_bodies
from reminder.parse.bounces import find_bounce
from reminder.parse.classify import classify, has_automatic_subject, list_marks, may_be_answered, plain_address
from reminder.parse.commands import read_line, read_orders
from reminder.parse.context import Context
from reminder.parse.decisions import find_asking, say_decision
from reminder.parse.documents import list_documents
from reminder.parse.feedback import read_feedback
from reminder.parse.gathering import gather
from reminder.parse.layers import read_layers
from reminder.parse.limits import EXTRA_ITEMS, READING_FAULTS, WORDS_KEPT
from reminder.parse.lines import LineReader
from reminder.parse.meetings import NOT_OURS, read_calendar_answer
from reminder.parse.message import Mail
from reminder.parse.own_words import free_lines, own_subject, own_words
from reminder.parse.party_requests import find_requests
from reminder.parse.pieces import Piece, cut_pieces
from reminder.parse.questions import asks_only, without_questions
from reminder.parse.signs import find_original, note_sign
from reminder.parse.statements import Statement
from reminder.parse.surveys import find_survey, read_survey_reply
from reminder.parse.sweeps import sweep_statements
from reminder.parse.trust import Standing, judge_sender

QUESTION_CHARS = 1000
"""A mail with more words, its signature among them, does not only ask how things stand."""
_REASONS = {
    ReadingKind.OWN: "It is a mail of our own.",
    ReadingKind.READ_RECEIPT: "It is a read receipt.",
    ReadingKind.COMPLAINT: "It is a complaint report of a mail provider.",
    ReadingKind.AUTO_REPLY: "It is an automatic reply.",
    ReadingKind.OTHER: "It runs in a circle.",
}

INVITATION_RULE = "invitation"
LIGHTS_RULE = "lights"
_FOR_A_PERSON: Mapping[MailKind, tuple[str, str]] = {
    MailKind.INVITATION: ("It answers an invitation in words; a person must read it.", INVITATION_RULE),
    MailKind.LIGHTS: ("It answers the mail with the parties' lights, which asks for nothing; a person must read it.", LIGHTS_RULE),
}
"""Mails of ours that ask for no light: words that answer them are nobody's report, also where the sender has one to give."""
TEST_COPY = "It is the copy of our test mail: what we send comes back to us."
OWN_COPY = "It is our own copy of a mail: the relay has taken that."


def interpret(mail: Mail, context: Context) -> Reading:
    """How the mail is read. Never raises: what cannot be read is held for a person, and says so."""
    try:
        return note_sign(_interpret(mail, context), mail, context)
    except READING_FAULTS as fault:
        sender = Sender(address=mail.sender, trust=Trust.STRANGER)
        why = "It could not be read."
        return Reading(kind=ReadingKind.OTHER, verdict=Verdict.HELD, sender=sender, reason=why, rules=(f"fault:{type(fault).__name__}",))


def _interpret(mail: Mail, context: Context) -> Reading:
    kind, rule = classify(mail, context)
    if kind is ReadingKind.BOUNCE:
        return _read_bounce(mail, context)
    is_said = kind in {ReadingKind.REPLY, ReadingKind.ENCRYPTED, ReadingKind.CALENDAR}
    if is_said and (asked := find_survey(mail, context)) is not None:
        told = read_survey_reply(mail, context, asked, is_encrypted=kind is ReadingKind.ENCRYPTED)
        return told or _as_automatic(
            Reading(kind=kind, verdict=Verdict.IGNORED, sender=_sender(mail, context), message=asked.id), mail, context
        )
    if kind is ReadingKind.ENCRYPTED:
        why = "It is encrypted and cannot be read here; ask the sender for a plain mail."
        return Reading(kind=kind, verdict=Verdict.HELD, sender=_sender(mail, context), reason=why, rules=(rule,))
    if kind is not ReadingKind.REPLY:
        away, substitutes = _absence(mail, context) if kind is ReadingKind.AUTO_REPLY else (None, ())
        copied = find_original(mail, context) if kind is ReadingKind.OWN else None
        answered = copied or _answered(mail, context)
        if kind is ReadingKind.CALENDAR:
            told = Reading(kind=kind, verdict=Verdict.IGNORED, reason=NOT_OURS, sender=_sender(mail, context), rules=(rule,))
            return read_calendar_answer(mail, context, replace(told, message=answered.id if answered else ""))
        is_test = kind is ReadingKind.OWN and answered is not None and answered.kind is MailKind.TEST
        return Reading(
            kind=kind,
            verdict=Verdict.IGNORED,
            sender=_sender(mail, context),
            reason=TEST_COPY if is_test else OWN_COPY if copied else _REASONS[kind],
            rules=(rule, "copy") if copied else (rule,),
            message=answered.id if answered else "",
            away_until=away,
            substitutes=substitutes,
        )
    return _read_reply(mail, context)


def _sender(mail: Mail, context: Context) -> Sender:
    """Who a mail that is no reply claims to be from. One whose address our own server calls forged is refused here too."""
    entry = context.senders.get(mail.sender) or context.senders.get(plain_address(mail.sender))
    trust = Trust.LISTED if entry and entry.as_contact else Trust.DEPUTY if entry and entry.as_deputy else Trust.STRANGER
    if read_dmarc(mail, context.trusted_authserv) == "fail":
        trust = Trust.REFUSED
    return Sender(address=mail.sender, trust=trust, person=entry.person if entry else "")


def _answered(mail: Mail, context: Context) -> SentMessage | None:
    """The newest message of ours that a token or an id in the mail names."""
    ids = {f"<{one}>" for one in (*mail.in_reply_to, *mail.references)}
    return next((message for message in context.sent if message.id in context.proven or message.message_id in ids), None)


def _read_bounce(mail: Mail, context: Context) -> Reading:
    """A delivery report counts only where it names a mail of ours by a token, and its recipient; any other is but noted."""
    found = find_bounce(mail)
    if found is None:
        raise ValueError("not a delivery report")
    judge, verdict = found
    message = next((one for one in context.sent if one.id in context.proven and _is_about(one, verdict.recipients)), None)
    report = BounceReport(
        recipient=message.recipient if message else next(iter(verdict.recipients), ""),
        is_permanent=verdict.is_permanent,
        status=verdict.status,
        diagnostic=verdict.diagnostic,
        message=message.id if message else "",
    )
    words = "could not be delivered" if verdict.is_permanent else "is delayed or failed for now" if verdict.is_failure else "was delivered"
    reason = f"A mail of ours {words}." if message else "It is a delivery report that names no mail of ours."
    return Reading(
        kind=ReadingKind.BOUNCE,
        verdict=Verdict.APPLIED if message and verdict.is_failure else Verdict.IGNORED,
        sender=Sender(address=mail.sender, trust=Trust.STRANGER),
        reason=reason,
        rules=(f"bounce:{judge}",),
        message=message.id if message else "",
        bounce=report if message is None or verdict.is_failure else None,
        sign=verdict.sign if message else None,
    )


def _is_about(message: SentMessage, recipients: Sequence[str]) -> bool:
    return not recipients or message.recipient.lower() in {address.lower() for address in recipients}


def _read_decision(mail: Mail, context: Context, asking: SentMessage) -> Reading:
    """The answer to a preview or a list: only that of a listed coordinator counts, in words of their own (DESIGN, decision 19)."""
    sender, marks = _sender(mail, context), list_marks(mail)
    entry = context.senders.get(mail.sender) or context.senders.get(plain_address(mail.sender))
    is_coordinator = entry is not None and entry.is_coordinator and sender.trust is not Trust.REFUSED
    if is_coordinator and sender.trust is Trust.STRANGER:
        sender = replace(sender, trust=Trust.LISTED)
    decision, words = say_decision(mail, context, _is_order(context) if asking.kind.takes_orders else lambda line: False)
    base = Reading(kind=ReadingKind.COMMAND, verdict=Verdict.HELD, sender=sender, marks=marks, message=asking.id, note=words)
    base = replace(base, rules=("decision",))
    if mail.from_fault:
        return replace(base, reason=f"It does not say plainly who wrote it ({mail.from_fault}).", rules=("decision", "from"))
    if sender.trust is Trust.REFUSED:
        why = "Our mail server says that the sender's address is forged (dmarc=fail)."
        return replace(base, reason=why, rules=("decision", "dmarc"))
    if not is_coordinator:
        return replace(base, reason="Only a coordinator may answer this mail of ours.", rules=("decision", "stranger"))
    if "spam" in marks:
        return replace(base, reason="Our mail server marks it as spam.", rules=("decision", "spam"))
    if has_automatic_subject(mail):
        return replace(base, kind=ReadingKind.AUTO_REPLY, verdict=Verdict.IGNORED, reason=_REASONS[ReadingKind.AUTO_REPLY])
    base = replace(base, may_answer=may_be_answered(mail, marks))
    if asking.kind.takes_orders:
        return _with_orders(base, words, context)
    unclear = decision is Decision.UNCLEAR and asking.kind is MailKind.PREVIEW
    said = "The coordinator has answered the test mail." if asking.kind is MailKind.TEST else f"The coordinator says: {decision.value}."
    return replace(
        base,
        verdict=Verdict.ASKED_BACK if unclear else Verdict.APPLIED,
        reason="It is neither a plain yes nor a plain no." if unclear else said,
        decision=decision,
    )


def _is_order(context: Context) -> Callable[[str], bool]:
    """Whether a line is a command: such lines stand in our answers, and are typed as they stand there."""
    return lambda line: isinstance(read_line(line.strip(), context.today), Command)


def _with_orders(base: Reading, words: str, context: Context) -> Reading:
    """The answer to a digest: a command a line. Words that are none are kept, and the coordinator is told how to say it."""
    orders = read_orders(words, context.today)
    count = len(orders.commands) + len(orders.codes)
    said = f"The coordinator orders: {', '.join(one.verb.value for one in orders.commands) or 'a code'}."
    return replace(
        base,
        verdict=Verdict.APPLIED if count else Verdict.ASKED_BACK,
        reason=said if count else "It holds no command.",
        rules=("orders",),
        note=orders.note,
        orders=orders,
    )


def _read_reply(mail: Mail, context: Context) -> Reading:
    if not context.vouched and (asking := find_asking(context)) is not None:
        return _read_decision(mail, context, asking)
    named = _answered(mail, context)
    if (feedback := read_feedback(mail, context, named)) is not None:
        return replace(feedback, sender=_sender(mail, context))
    marks = list_marks(mail)
    standing = judge_sender(mail, context)
    answered = standing.messages[0] if standing.messages else named
    if named is not None and named.kind in _FOR_A_PERSON:
        answered = named
    base = Reading(
        kind=ReadingKind.REPLY,
        verdict=Verdict.HELD,
        sender=standing.sender,
        marks=marks,
        rules=tuple(standing.rule.split(",")),
        message=answered.id if answered else "",
    )
    said = read_authored(mail, standing, context)
    base = replace(base, attachments=list_documents(mail, said.forms))
    if has_automatic_subject(mail) and not (said.answers or said.asks):
        return _as_automatic(base, mail, context)
    if not context.vouched and answered is not None and answered.kind in _FOR_A_PERSON:
        why, rule = _FOR_A_PERSON[answered.kind]
        return replace(base, reason=why, note=said.note or own_words(mail, context), rules=(*base.rules, rule))
    if standing.refusal:
        kind = _kind_of_held(context, standing, answered)
        return replace(base, kind=kind, reason=standing.refusal, note=said.note)
    if "spam" in marks and not context.vouched:
        return replace(base, reason="Our mail server marks it as spam.", note=said.note, rules=(*base.rules, "spam"))
    reading = replace(base, may_answer=may_be_answered(mail, marks))
    if SUB_COMMITTEE in standing.parties:
        return _conclude(reading, _only_lights(said))  # it asks for no more time, and nobody tells it how things stand
    reading = _note_question(_conclude(reading, said), mail, context, list_items(standing))
    if reading.verdict is Verdict.HELD:
        return reading
    return replace(reading, requests=find_requests(said.free if standing.messages else _free_lines(mail, context), context.today))


def _only_lights(said: Authored) -> Authored:
    """The sub-committee gives a light or nothing: a phase is the party's to tell, and without a light it is asked for one."""
    asked = {ask.item for ask in said.asks}
    asks = tuple(
        AskBack(number=one.item.number, reason=AskReason.NO_LIGHT, quote=one.marked, item=one.item, places=one.places)
        for one in said.answers
        if one.light is None and one.item not in asked
    )
    answers = tuple(replace(one, phase=None) for one in said.answers if one.light is not None)
    return replace(said, answers=answers, asks=(*said.asks, *asks))


def _free_lines(mail: Mail, context: Context) -> tuple[str, ...]:
    """Of a mail that somebody vouches for, and that answers none of ours."""
    bodies = read_bodies(mail)
    return free_lines(bodies[0], cut_pieces(bodies[0], context.sent), own=mail.sender) if bodies else ()


def _as_automatic(base: Reading, mail: Mail, context: Context) -> Reading:
    """An automatic reply that only its subject tells."""
    away, substitutes = _absence(mail, context)
    return replace(
        base,
        kind=ReadingKind.AUTO_REPLY,
        verdict=Verdict.IGNORED,
        reason=_REASONS[ReadingKind.AUTO_REPLY],
        rules=("automatic_subject",),
        away_until=away,
        substitutes=substitutes,
    )


def _kind_of_held(context: Context, standing: Standing, answered: SentMessage | None) -> ReadingKind:
    entry = context.senders.get(standing.sender.address)
    if entry is not None and entry.is_coordinator and (answered is None or not answered.items):
        return ReadingKind.COMMAND
    is_about_us = answered is not None or standing.sender.trust is not Trust.STRANGER
    return ReadingKind.REPLY if is_about_us else ReadingKind.OTHER


@dataclass(frozen=True, slots=True, kw_only=True)
class Authored:
    """What the sender wrote, as answers and questions back."""

    answers: tuple[Answer, ...] = ()
    asks: tuple[AskBack, ...] = ()
    missing: tuple[Item, ...] = ()
    note: str = ""
    forms: frozenset[str] = frozenset()
    """Hashes of the attached files that were read as our answer form."""
    free: tuple[str, ...] = ()
    """The lines of the first body that stand in no row of our form."""


def read_authored(mail: Mail, standing: Standing, context: Context) -> Authored:
    """The mail minus what we sent, read as answers for the parties that the sender may speak for."""
    items = list_items(standing)
    if not standing.messages:
        return Authored(note=own_words(mail, context))
    language = standing.messages[0].language
    gathered: dict[str, Gathered] = {}
    statements: dict[str, dict[Item, Statement]] = {}
    free: tuple[str, ...] = ()
    for body, pieces, found in gather_bodies(mail, standing, context):
        free = free if gathered else free_lines(body, pieces, own=mail.sender)
        gathered[body.source] = found
        statements[body.source] = read_statements(found, language, context.today, body.source)
    sheets = read_forms(mail, standing.messages, items, context.today)
    joined = join_statements(combine_bodies(statements), sheets)
    said = _collect(standing, items, gathered, joined, language, has_stray_rows=bool(sheets.asks))
    note = "\n".join(text for text in (said.note, *sheets.note) if text)
    asks = (*said.asks, *sheets.asks[:EXTRA_ITEMS])
    return replace(said, asks=asks, note=note[:WORDS_KEPT], forms=frozenset(sheets.forms), free=free)


def gather_bodies(mail: Mail, standing: Standing, context: Context) -> Iterator[tuple[Body, tuple[Piece, ...], Gathered]]:
    """Each readable body with its pieces, and what the walk through it has found; nothing where no mail of ours is answered."""
    if not standing.messages:
        return
    items = list_items(standing)
    reader = LineReader.for_items(items, standing.messages[0].language)
    # The mail that it answers is subtracted first: a reminder that was sent since has the same labels for other actions.
    ours = tuple(dict.fromkeys((*standing.messages, *context.sent)))
    for body in read_bodies(mail):
        pieces = cut_pieces(body, ours)
        yield body, pieces, gather(body, pieces, read_layers(body.lines, own=mail.sender), reader, items)


def _collect(
    standing: Standing,
    items: Sequence[Item],
    gathered: dict[str, Gathered],
    said: dict[Item, Statement],
    language: str,
    *,
    has_stray_rows: bool,
) -> Authored:
    source, sweeping = next(((source, found) for source, found in gathered.items() if found.sweeps), ("", Gathered()))
    asked = [item for item in list_items(replace(standing, messages=standing.messages[:1])) if not item.is_contribution]
    # Where a light of the form belongs to nobody knows which action, `muut` may not cover that very action.
    swept, sweep_asks = sweep_statements(sweeping.sweeps, said, () if has_stray_rows else asked, language, source, sweeping.note)
    answers, asks = to_answers((said | swept).values(), is_provisional=standing.is_provisional)
    unknown = [ask for source, found in gathered.items() for ask in unknown_numbers(found.unknown, source)]
    spoken = {answer.item for answer in answers} | {ask.item for ask in asks if ask.item is not None}
    first = next(iter(gathered.values()), Gathered())
    order = {item: place for place, item in enumerate(items)}
    return Authored(
        answers=tuple(sorted(answers, key=lambda answer: order[answer.item])),
        asks=(*asks, *sweep_asks, *list({ask.number: ask for ask in unknown}.values())[:EXTRA_ITEMS]),
        missing=tuple(item for item in asked if item not in spoken),
        note="\n".join(first.note)[:WORDS_KEPT].strip(),
    )


def list_items(standing: Standing) -> tuple[Item, ...]:
    """The items that the sender may answer, each number once; those of the newest message first, what is owed before contributions."""
    found: dict[tuple[str, str], Item] = {}
    numbers: set[str] = set()
    every = [item for message in standing.messages for item in message.items if item.party in standing.parties]
    for item in sorted(every, key=lambda one: one.is_contribution):
        if (item.party, item.action) not in found and item.number not in numbers:
            found[item.party, item.action] = item
            numbers.add(item.number)
    return tuple(found.values())


def _conclude(base: Reading, said: Authored) -> Reading:
    reading = replace(base, answers=said.answers, ask_back=said.asks, missing=said.missing, note=said.note)
    if said.answers:
        return replace(reading, verdict=Verdict.APPLIED, reason=_counted(said))
    if reading.attachments:
        why = "The answer may be in an attachment; a person must look."
        return replace(reading, verdict=Verdict.HELD, reason=why, rules=(*base.rules, ATTACHMENT_RULE))
    if said.asks:
        return replace(reading, verdict=Verdict.ASKED_BACK, reason="No answer was understood; the sender is asked.")
    why = "It says something, but gives no light." if said.note else "It holds nothing but what we sent."
    return replace(reading, verdict=Verdict.ASKED_BACK, reason=why)


def _note_question(reading: Reading, mail: Mail, context: Context, items: Sequence[Item]) -> Reading:
    """Whether the mail also asks, or only asks, how things stand. What it says is applied all the same; a held mail stays held."""
    if reading.verdict is Verdict.HELD:
        return reading
    parties = tuple(dict.fromkeys(item.party for item in items))
    may_only_ask = not (reading.answers or reading.ask_back) and len(reading.note) <= QUESTION_CHARS
    if may_only_ask and asks_only(own_words(mail, context), own_subject(mail, context)):
        why = "It asks how things stand; nothing is recorded, and the state is sent back."
        return replace(reading, asks_status_of=parties, note="", reason=why, rules=(*reading.rules, "status_question"))
    note, asks = without_questions(reading.note)
    if not asks:
        return reading
    return replace(reading, asks_status_of=parties, note=note, rules=(*reading.rules, "also_status_question"))


def _counted(said: Authored) -> str:
    parts = [f"{len(said.answers)} {'answer' if len(said.answers) == 1 else 'answers'} recorded"]
    parts += [f"{len(said.asks)} asked back"] if said.asks else []
    parts += [f"{len(said.missing)} missing"] if said.missing else []
    return ", ".join(parts) + "."


def _absence(mail: Mail, context: Context) -> tuple[date | None, tuple[Substitute, ...]]:
    """The last day away and the substitutes that an out-of-office note names."""
    text = f"{own_subject(mail, context)}\n\n{own_words(mail, context)}"
    nobody = context.own_addresses | {plain_address(mail.sender)}
    return find_last_day_away(text, context.today), find_substitutes(text, not_these=nobody)
