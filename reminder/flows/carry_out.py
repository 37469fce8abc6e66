"""Carrying out what a coordinator ordered by answering a digest (decision 0029).

Crash story: interpreting the mail has committed its lines as `waiting`. Each is carried out in one transaction with its end, and the
answer is written with the last one. Killed before a commit, the line still waits; killed after it, the next one is taken up.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

import structlog
from sqlalchemy import Connection

from reminder.domain.commands import Command, Verb
from reminder.domain.party_requests import Asked
from reminder.domain.programme import Language
from reminder.domain.setup import Setup
from reminder.errors import NoAnswerRead, ReminderError, StoreFailure, TemporaryFailure, UsageFailure
from reminder.flows.by_hand import By, Decided, close_round, extend, remind, reopen_round, take_back, waive
from reminder.flows.codes import hash_code
from reminder.flows.desk_answers import answer_orders, language_of_actor, tell_moment
from reminder.flows.desk_lines import name_place, show_example, show_undo
from reminder.flows.desk_words import default_reason, tell
from reminder.flows.digest_now import send_digest_now, send_report_now
from reminder.flows.house import House
from reminder.flows.knowledge import decided_house
from reminder.flows.meeting_answers import NoSuchSlot
from reminder.flows.ordering import (
    Doing,
    Told,
    find_day,
    find_lead,
    find_party,
    name_answers,
    pause_mails,
    record_by_hand,
    resume_mails,
)
from reminder.flows.outbox_by_hand import settle_messages
from reminder.flows.party_requests import settle_requests
from reminder.flows.people_by_hand import add_deputy, hand_over, replace_contact
from reminder.flows.previews_by_hand import decide_previews
from reminder.flows.settling import NotFeedback, Settled, UnclearParty, accept, discard, mark_answered, reject
from reminder.flows.words_by_hand import correct_words, publish_words, take_words_back
from reminder.store import commands
from reminder.store.commands import CommandState, Ordered
from reminder.store.overlays import OverlayKind

log = structlog.get_logger(__name__)

CODE_GOOD_FOR = timedelta(days=1)
_OVERLAYS = {
    Verb.EXTEND: OverlayKind.EXTENSION,
    Verb.WAIVE: OverlayKind.WAIVER,
    Verb.REMIND: OverlayKind.ADDED_STEP,
    Verb.CLOSE: OverlayKind.CLOSING,
    Verb.CONTACT: OverlayKind.CONTACT,
    Verb.DEPUTY: OverlayKind.DEPUTY,
    Verb.HAND_OVER: OverlayKind.HAND_OVER,
}


class Taken(Exception):
    """Another worker has carried the line out; nothing of this transaction stands."""


def carry_out(house: House) -> int:
    """Does what was ordered, oldest first. How many lines came to an end. Safe to repeat."""
    with house.store.read() as conn:
        if commands.next_waiting(conn) is None:
            return 0
    with house.store.begin() as conn:
        commands.expire_codes(conn, house.clock.now())
    files, ended = house, 0
    while not house.should_stop():
        house = decided_house(files)
        with house.store.read() as conn:
            ordered = commands.next_waiting(conn)
            language = language_of_actor(conn, house, ordered.actor) if ordered is not None else "en"
        if ordered is None:
            break
        try:
            _carry_out_one(house, files.setup, ordered, language)
        except Taken:
            continue
        ended += 1
    return ended


def _carry_out_one(house: House, files: Setup, ordered: Ordered, language: Language) -> None:
    """One line with its end. What the world cannot do now raises, and the line waits; what cannot be done at all is refused."""
    try:
        if ordered.command.needs_code and not ordered.is_confirmed:
            _ask_for_code(house, files, ordered, language)
        elif ordered.command.verb in _MAILS:
            _settle_mails(house, ordered, language)
        else:
            with house.store.begin() as conn:
                doing = _begin(conn, house, files, ordered, language)
                _end(conn, house, ordered, CommandState.DONE, _ACTIONS[ordered.command.verb](doing))
    except (UsageFailure, NoAnswerRead) as refusal:
        _refuse(house, ordered, Told(said=refusal.message))
    except (TemporaryFailure, StoreFailure, Taken):
        raise
    except ReminderError as failure:
        log.warning("a command could not be carried out", command=ordered.id, reason=failure.message)
        _refuse(house, ordered, Told(said=tell("failed", language)))


def _begin(conn: Connection, house: House, files: Setup, ordered: Ordered, language: Language) -> Doing:
    one = house.setup.round(ordered.programme, ordered.round)
    if one is None:
        raise UsageFailure(tell("no_round", language))
    return Doing(conn=conn, house=house, ordered=ordered, one=one, by=By(actor=ordered.actor, language=language, conn=conn, files=files))


def _end(conn: Connection, house: House, ordered: Ordered, state: CommandState, told: Told) -> None:
    now = house.clock.now()
    if not commands.end_command(conn, ordered, state, told.as_document(), now):
        raise Taken
    answer_orders(conn, house, ordered.inbound, now)


def _refuse(house: House, ordered: Ordered, told: Told) -> None:
    with house.store.begin() as conn:
        _end(conn, house, ordered, CommandState.REFUSED, told)


def _ask_for_code(house: House, files: Setup, ordered: Ordered, language: Language) -> None:
    """The line waits for a code that goes to the same coordinator. What would be refused anyway is refused now."""
    now, code = house.clock.now(), base64.b32encode(house.random_bytes(5)).decode("ascii")
    until = now + CODE_GOOD_FOR
    shown = f"{code[:4]}-{code[4:]}"
    moment = tell_moment(until.astimezone(house.setup.calendar.zone), language)
    with house.store.begin() as conn:
        doing = _begin(conn, house, files, ordered, language)
        decided = _ACTIONS[ordered.command.verb](doing.as_dry_run())
        told = Told(
            said=tell("code", language, code=shown, until=moment),
            follows=(tell("once_confirmed", language, said=decided.said), *decided.follows),
        )
        if not commands.ask_for_code(conn, ordered, hash_code(house, ordered.actor, code), until, told.as_document()):
            raise Taken
        answer_orders(conn, house, ordered.inbound, now)


def _settle_mails(house: House, ordered: Ordered, language: Language) -> None:
    """Accepts, rejects or discards the mails of a line one by one; the line ends with the last."""
    command, told = ordered.command, list[Told]()
    for number in command.mails:
        is_last = number == command.mails[-1]
        told.append(Told())

        def also(conn: Connection, settled: Settled, is_last: bool = is_last) -> None:
            told[-1] = _tell_settled(house, command, settled, language)
            if is_last:
                _end(conn, house, ordered, CommandState.DONE, Told.joined(told))

        settled = _settle(house, ordered, number, language, also)
        if not settled.is_changed:
            told[-1] = Told(said=tell("already", language, number=number))
            if is_last:
                with house.store.begin() as conn:
                    _end(conn, house, ordered, CommandState.DONE, Told.joined(told))


def _settle(house: House, ordered: Ordered, number: int, language: Language, also: Callable[[Connection, Settled], None]) -> Settled:
    command = ordered.command
    because = command.text or default_reason(language)
    try:
        if command.verb is Verb.ACCEPT:
            party = find_party(house, ordered, language).id if command.party else ""
            return accept(house, number, party=party, because=because, also=also)
        return _PUT_AWAY[command.verb](house, number, because=because, also=also)
    except NotFeedback as refusal:
        example = show_example(Verb.DISCARD, language, number=number)
        raise UsageFailure(tell("no_feedback", language, number=number, example=example)) from refusal
    except NoAnswerRead as refusal:
        example = show_example(Verb.RECORD, language)
        raise UsageFailure(tell("nothing_to_accept", language, number=number, example=example)) from refusal
    except NoSuchSlot as refusal:
        values = {name: tell_moment(value, language) if isinstance(value, datetime) else value for name, value in refusal.values.items()}
        raise UsageFailure(tell(refusal.reason, language, number=number, **values)) from refusal
    except UnclearParty as refusal:
        example = show_example(Verb.ACCEPT, language, number=f"{number} {name_place('party', language)}")
        raise UsageFailure(tell("for_whom", language, number=number, example=example)) from refusal
    except UsageFailure as refusal:
        raise UsageFailure(tell("no_mail", language, number=number)) from refusal


def _tell_settled(house: House, command: Command, settled: Settled, language: Language) -> Told:
    answers, number = name_answers(house, settled.facts, language), settled.inbound
    if settled.heard is not None:
        slot, zone = settled.heard, house.setup.calendar.zone
        when = tell_moment(datetime.combine(slot.on, slot.begins, tzinfo=zone), language)
        return Told(said=tell("heard", language, number=number, parties=_name_parties(house, settled.parties, language), when=when))
    words = {Verb.ACCEPT: "accepted", Verb.REJECT: "rejected", Verb.DISCARD: "discarded", Verb.ANSWERED: "answered"}
    said = tell(words[command.verb], language, number=number, answers=answers)
    follows = (tell("withdrawn", language, answers=answers),) if command.verb is Verb.REJECT and settled.facts else ()
    return Told(said=said, follows=follows, undo=show_undo(command.verb, language, number=number))


def _name_parties(house: House, parties: Iterable[str], language: Language) -> str:
    known = {party: one.name for programme in house.setup.programmes.values() for party, one in programme.parties.items()}
    return ", ".join(known[party].in_language(language) if party in known else party for party in parties)


def _told(decided: Decided, undo: str) -> Told:
    return Told(said=decided.said, follows=decided.follows, undo=undo)


def _extend(doing: Doing) -> Told:
    party, until = doing.party(), find_day(doing)
    decided = extend(doing.house, doing.one, party.id, until=until, because=doing.because, by=doing.by, dry_run=doing.is_dry_run)
    told = _told(decided, show_undo(Verb.EXTEND, doing.by.language, party=party.name))
    return _with_outcome(doing, party.id, told, Asked.MORE_TIME, until=until)


def _with_outcome(doing: Doing, party: str, told: Told, *kinds: Asked, until: date | None = None) -> Told:
    """What was done, with what the party had asked for settled by it."""
    if doing.is_dry_run or not settle_requests(doing, party, kinds, is_granted=True, until=until):
        return told
    return replace(told, follows=(*told.follows, tell("party_told", doing.by.language)))


def _refuse_request(doing: Doing) -> Told:
    party, language = doing.party(), doing.by.language
    if not settle_requests(doing, party.id, tuple(Asked), is_granted=False):
        raise UsageFailure(tell("no_request", language, party=party.name))
    return Told(said=tell("refused", language, party=party.name), follows=(tell("party_told", language),))


def _record(doing: Doing) -> Told:
    told = record_by_hand(doing)
    return _with_outcome(doing, find_lead(doing, doing.command.actions[0]), told, Asked.BY_PHONE)


def _waive(doing: Doing) -> Told:
    """Each action of the line, for the party that leads it."""
    told = []
    for number in doing.command.actions:
        party = find_lead(doing, number)
        decided = waive(doing.house, doing.one, party, number, because=doing.because, by=doing.by, dry_run=doing.is_dry_run)
        told.append(_told(decided, show_undo(Verb.WAIVE, doing.by.language, action=number)))
    return Told.joined(told)


def _remind(doing: Doing) -> Told:
    party = doing.party()
    decided = remind(doing.house, doing.one, party.id, because=doing.because, by=doing.by, dry_run=doing.is_dry_run)
    return _told(decided, show_undo(Verb.REMIND, doing.by.language, party=party.name))


def _close(doing: Doing) -> Told:
    decided = close_round(doing.house, doing.one, because=doing.because, by=doing.by, dry_run=doing.is_dry_run)
    return _told(decided, show_undo(Verb.CLOSE, doing.by.language))


def _reopen(doing: Doing) -> Told:
    decided = reopen_round(doing.house, doing.one, until=find_day(doing), because=doing.because, by=doing.by, dry_run=doing.is_dry_run)
    return _told(decided, show_undo(Verb.REOPEN, doing.by.language))


def _replace_contact(doing: Doing) -> Told:
    party, (*instead_of, person) = doing.party(), doing.command.addresses
    decided = replace_contact(
        doing.house, doing.one, party.id, person=person, instead_of="".join(instead_of), because=doing.because, by=doing.by
    )
    told = _told(decided, show_undo(Verb.CONTACT, doing.by.language, party=party.name))
    return _with_outcome(doing, party.id, told, Asked.NOT_OURS)


def _add_deputy(doing: Doing) -> Told:
    party, (person,) = doing.party(), doing.command.addresses
    decided = add_deputy(doing.house, doing.one, party.id, person=person, because=doing.because, by=doing.by)
    told = _told(decided, show_undo(Verb.DEPUTY, doing.by.language, party=party.name))
    return _with_outcome(doing, party.id, told, Asked.DEPUTY)


def _hand_over(doing: Doing) -> Told:
    (person,) = doing.command.addresses
    decided = hand_over(doing.house, doing.one, person=person, because=doing.because, by=doing.by, dry_run=doing.is_dry_run)
    if not doing.is_dry_run:
        send_digest_now(doing, person)
    told = _told(decided, show_undo(Verb.HAND_OVER, doing.by.language))
    return replace(told, follows=(*told.follows, tell("successor_told", doing.by.language)))


def _send_status(doing: Doing) -> Told:
    send_digest_now(doing, doing.ordered.actor)
    return Told(said=tell("digest_sent", doing.by.language))


def _send_report(doing: Doing) -> Told:
    send_report_now(doing, doing.ordered.actor)
    return Told(said=tell("report_sent", doing.by.language))


def _take_back(doing: Doing) -> Told:
    of = doing.command.of
    if of is Verb.PAUSE:
        return resume_mails(doing)
    if of in {Verb.PUBLISH, Verb.CORRECT}:
        return take_words_back(doing)
    kind = _OVERLAYS[of] if of is not None else OverlayKind.EXTENSION
    action = doing.command.actions[0] if doing.command.actions else ""
    party = "" if of in {Verb.CLOSE, Verb.HAND_OVER} else find_lead(doing, action) if of is Verb.WAIVE else doing.party().id
    return _told(take_back(doing.house, kind, doing.one, party, action, by=doing.by, dry_run=doing.is_dry_run), "")


_PUT_AWAY: dict[Verb, Callable[..., Settled]] = {Verb.REJECT: reject, Verb.DISCARD: discard, Verb.ANSWERED: mark_answered}
_MAILS = frozenset({Verb.ACCEPT, *_PUT_AWAY})
_ACTIONS: dict[Verb, Callable[[Doing], Told]] = {
    Verb.EXTEND: _extend,
    Verb.WAIVE: _waive,
    Verb.REMIND: _remind,
    Verb.CLOSE: _close,
    Verb.REOPEN: _reopen,
    Verb.TAKE_BACK: _take_back,
    Verb.RECORD: _record,
    Verb.REFUSE: _refuse_request,
    Verb.PAUSE: pause_mails,
    Verb.RESUME: resume_mails,
    Verb.RELEASE: settle_messages,
    Verb.CANCEL: settle_messages,
    Verb.SETTLE: settle_messages,
    Verb.APPROVE: decide_previews,
    Verb.STOP: decide_previews,
    Verb.CONTACT: _replace_contact,
    Verb.DEPUTY: _add_deputy,
    Verb.HAND_OVER: _hand_over,
    Verb.PUBLISH: publish_words,
    Verb.CORRECT: correct_words,
    Verb.STATUS: _send_status,
    Verb.REPORT: _send_report,
}
