"""Publish: the public page, whole or not at all, whenever something has changed.

Crash story: "published state S" is committed after the files have taken their place. Killed before, the old page stays
or the new one stands and is written once more; both are sound.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from jinja2 import BaseLoader, TemplateError
from sqlalchemy import Connection

from reminder.compose.composing import MEND_ADVICE
from reminder.domain.judging import Judged, Judgement
from reminder.domain.setup import Setup
from reminder.errors import ReminderError, StoreUnavailable, TemplateBroken
from reminder.flows.house import House
from reminder.flows.judging_answers import load_judged
from reminder.flows.lasting_troubles import Lasting, end_lasting, note_lasting
from reminder.flows.measuring import measure_rounds
from reminder.flows.public_meetings import load_public_meetings
from reminder.flows.renaming import current_facts
from reminder.flows.trouble_words import PAGE, words_of
from reminder.flows.versions import record_versions
from reminder.plan.dates import asked_at, request_date
from reminder.report.masking import make_public
from reminder.report.progress import RoundProgress
from reminder.report.site.building import Source
from reminder.report.site.pages import render_site
from reminder.report.site.views import Judgement as Shown
from reminder.store import control, reports
from reminder.store.events import find_marks, last_published, record_published
from reminder.store.publications import PublicWords, load_public_words
from reminder.store.versions import count_versions, load_versions
from reminder.wire.feedback import feedback_address

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What one pass did."""

    is_changed: bool
    files: int = 0


PAGE_ALARM = timedelta(hours=1)
BASIS = "published_basis"
"""Key of the service's memory: what the page was last measured from, so that a quiet pass measures nothing."""


def find_basis(conn: Connection, setup: Setup, now: datetime, feedback_to: str = "") -> str:
    """What can change the page: files, address for feedback, day, rounds that have begun to ask, the newest that was said and decided."""
    begun = [now >= asked_at(one, setup.calendar) for one in setup.rounds]
    content = (setup.version, feedback_to, setup.calendar.local_day(now), begun, find_marks(conn), count_versions(conn))
    return hashlib.sha256(repr(content).encode()).hexdigest()


def publish_and_watch(house: House, templates: BaseLoader) -> Published:
    """As `publish`, and remembers since when the page cannot be written; the coordinators are told once it has lasted an hour."""
    try:
        published = publish(house, templates)
    except StoreUnavailable:
        raise
    except ReminderError as failure:
        note_lasting(house, Lasting.PAGE, failure.message, lambda trouble: words_of(PAGE, trouble), after=PAGE_ALARM)
        raise
    end_lasting(house, Lasting.PAGE)
    return published


def publish(house: House, templates: BaseLoader, *, dry_run: bool = False) -> Published:
    """Writes the site where its content differs from what was published last, or says that it would. Safe to repeat."""
    if not dry_run:
        record_versions(house)
    if house.site is None:
        return Published(is_changed=False)
    now = house.clock.now()
    with house.store.read() as conn:
        basis = find_basis(conn, house.setup, now, _feedback_to(house))
        if control.get_state(conn, BASIS) == basis:
            return Published(is_changed=False)
        measured = measure_rounds(conn, house, now)
        words = load_public_words(conn)
        meetings, versions = load_public_meetings(conn, house.setup, now), load_versions(conn)
        judged = load_judged(conn, house.setup)
        last = last_published(conn)
    shown = (
        house.setup.version,
        _feedback_to(house),
        house.setup.calendar.local_day(now),
        [one.fingerprint for one in measured],
        words.fingerprint(),
        sorted(judged.items()),
        meetings,
        len(versions),
    )
    state = hashlib.sha256(repr(shown).encode()).hexdigest()
    if last is not None and state == last.state_hash:
        if not dry_run:
            with house.store.begin() as conn:
                control.set_state(conn, BASIS, basis)
        return Published(is_changed=False)
    rounds = tuple(with_public_words(one.progress, words) for one in measured)
    try:
        with house.store.read() as conn:
            source = load_source(conn, house, rounds, words)
        source = replace(source, meetings=meetings, versions=versions)
        files = render_site(house.setup, rounds, templates, updated_at=now, source=source, feedback_to=_feedback_to(house))
    except TemplateError as fault:
        raise TemplateBroken(f"The template of the page is broken ({type(fault).__name__}): {fault}", advice=MEND_ADVICE) from fault
    if dry_run:
        return Published(is_changed=True, files=len(files))
    house.site.publish(files)
    with house.store.begin() as conn:
        record_published(conn, state, now)
        control.set_state(conn, BASIS, basis)
    log.info("published", files=len(files))
    return Published(is_changed=True, files=len(files))


def _feedback_to(house: House) -> str:
    addressing = house.addressing
    return feedback_address(addressing.reply_to.address, uses_plus_addresses=addressing.uses_plus_addresses)


def with_public_words(progress: RoundProgress, words: PublicWords) -> RoundProgress:
    """The round with the words that the public sees: corrected ones where a coordinator has corrected them."""
    shown = {name: replace(one, fact=words.show(one.fact)) if one.fact is not None else one for name, one in progress.by_action.items()}
    return replace(progress, by_action=shown)


def load_public_rounds(conn: Connection, house: House, programme: str, now: datetime) -> tuple[tuple[RoundProgress, ...], PublicWords]:
    """The rounds of a programme as the public sees them, and what of the words is published.

    Measured with a memory of its own: what this transaction has written may yet be rolled back, and is nothing for the page to remember.
    """
    measured, words = measure_rounds(conn, replace(house, memory={}), now), load_public_words(conn)
    return tuple(with_public_words(one.progress, words) for one in measured if one.progress.programme.id == programme), words


def _show(house: House, judged: Mapping[Judged, Judgement]) -> dict[Judged, Shown]:
    """The sub-committee's lights as the public sees them; its words where texts are published, without what is private in them."""
    setup = house.setup
    return {
        place: Shown(
            light=own.light,
            text=make_public(own.text, setup.languages[0]) if setup.publish_texts else "",
            on=setup.calendar.local_day(own.at),
        )
        for place, own in judged.items()
    }


def load_source(conn: Connection, house: House, rounds: Sequence[RoundProgress], words: PublicWords) -> Source:
    """What the site tells beside the standing of the rounds: everything that was said, and since when each round asks."""
    facts = tuple(words.show(fact) for fact in current_facts(house.setup, reports.load_assessments(conn)))
    judged = load_judged(conn, house.setup)
    begun = {(one.round.programme, one.round.id): request_date(one.round, house.setup.calendar).on for one in rounds}
    return Source(facts=facts, asked_on=begun, is_approved=words.allows, judgements=_show(house, judged))
