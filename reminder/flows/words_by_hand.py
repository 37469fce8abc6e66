"""The coordinator lets words of parties be published, or publishes other ones in their place (decision 0033).

What the party wrote stays as it is in the history; only what the public reads is decided here.
"""

from __future__ import annotations

from collections.abc import Iterator

from reminder.domain.assessments import Assessment
from reminder.domain.commands import Command, Verb
from reminder.errors import UsageFailure
from reminder.flows.desk_lines import show_undo
from reminder.flows.desk_words import tell
from reminder.flows.knowledge import Knowledge, load_round
from reminder.flows.ordering import Doing, Told, note_by_hand
from reminder.report.progress import ActionProgress
from reminder.store import inbox, publications

MOST_QUOTED = 200


def publish_words(doing: Doing) -> Told:
    """Lets the words of these actions be published; of all where none is named: those that were there when the line was written."""
    command, language = doing.command, doing.by.language
    found = list(_choose(doing, command))
    if not found:
        raise UsageFailure(tell("nothing_to_publish", language))
    public, told = publications.load_public_words(doing.conn), []
    for progress, fact in found:
        number = progress.action.number
        if public.of(fact) is not None:
            told.append(Told(said=tell("published_before", language, number=number)))
            continue
        publications.add_publication(doing.conn, fact, because=doing.because, actor=doing.ordered.actor, now=doing.house.clock.now())
        said = tell("published", language, number=number, words=_shorten(fact.text))
        told.append(Told(said=said, undo=show_undo(Verb.PUBLISH, language, action=number)))
    note_by_hand(doing, "publication")
    return Told.joined(told)


def correct_words(doing: Doing) -> Told:
    """Publishes other words in the place of the party's own."""
    number, language = doing.command.actions[0], doing.by.language
    progress, fact = _find_said(doing, number)
    publications.add_publication(
        doing.conn, fact, text=doing.command.text, because=doing.because, actor=doing.ordered.actor, now=doing.house.clock.now()
    )
    note_by_hand(doing, "correction", progress.action.lead)
    return Told(
        said=tell("corrected", language, number=progress.action.number, words=_shorten(doing.command.text)),
        follows=(tell("own_words_stay", language),),
        undo=show_undo(Verb.CORRECT, language, action=progress.action.number),
    )


def take_words_back(doing: Doing) -> Told:
    """Ends publications: of these actions, or of the whole round. The end of a correction leaves what was published before."""
    language, is_correction = doing.by.language, doing.command.of is Verb.CORRECT
    knowledge = _know(doing)
    wanted = {one.action.id for number in doing.command.actions for one in _progress(knowledge, doing) if number in _names(one)}
    mine = [
        one
        for one in publications.load_public_words(doing.conn).decided
        if (one.programme, one.round) == (doing.one.programme, doing.one.id)
        and (not doing.command.actions or one.action in wanted)
        and (one.is_corrected or not is_correction)
    ]
    if not mine:
        raise UsageFailure(tell("nothing_published", language))
    publications.end_publications(doing.conn, [one.id for one in mine], doing.house.clock.now())
    note_by_hand(doing, "unpublished")
    programme = knowledge.setup.programmes[doing.one.programme]
    actions = [programme.action(name) for name in dict.fromkeys(one.action for one in mine)]
    numbers = ", ".join(action.number for action in actions if action is not None)
    return Told(said=tell("uncorrected" if is_correction else "unpublished", language, numbers=numbers))


def _choose(doing: Doing, command: Command) -> Iterator[tuple[ActionProgress, Assessment]]:
    if command.actions:
        yield from (_find_said(doing, number) for number in command.actions)
        return
    stored = inbox.load_inbound(doing.conn, doing.ordered.inbound)
    public = publications.load_public_words(doing.conn)
    for one in _progress(_know(doing), doing):
        is_seen = stored is not None and one.fact is not None and one.fact.received_at <= stored.mail.internal_date
        if is_seen and one.fact is not None and one.fact.text and public.of(one.fact) is None:
            yield one, one.fact


def _find_said(doing: Doing, number: str) -> tuple[ActionProgress, Assessment]:
    found = next((one for one in _progress(_know(doing), doing) if number in _names(one)), None)
    if found is None:
        raise UsageFailure(tell("no_action", doing.by.language, round=doing.one.id, number=number))
    if found.fact is None or not found.fact.text:
        raise UsageFailure(tell("no_words", doing.by.language, number=number))
    return found, found.fact


def _know(doing: Doing) -> Knowledge:
    return load_round(doing.conn, doing.house.setup, doing.house.clock.now(), doing.one)


def _progress(knowledge: Knowledge, doing: Doing) -> tuple[ActionProgress, ...]:
    known = knowledge.setup.round(doing.one.programme, doing.one.id) or doing.one
    return tuple(knowledge.progress(known).actions)


def _names(one: ActionProgress) -> set[str]:
    return {one.action.number, one.action.id}


def _shorten(words: str) -> str:
    return words if len(words) <= MOST_QUOTED else words[: MOST_QUOTED - 1].rstrip() + "…"
