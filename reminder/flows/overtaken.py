"""Decisions by hand that a later edit of the files has overtaken: the edit wins, and it is said so (DESIGN, decision 5).

An overlay keeps what the files said of the same thing when it was made. Where they say something else now, it ends.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import Connection

from reminder.domain.rounds import ReportingRound
from reminder.domain.setup import Setup
from reminder.flows.house import House
from reminder.flows.renaming import current_action, current_party
from reminder.plan.timeline import party_deadline
from reminder.store import agenda, events, overlays
from reminder.store.overlays import PEOPLE, Overlay, OverlayKind

log = structlog.get_logger(__name__)

OVERTAKEN = "decision_overtaken"
DECIDED = frozenset({OverlayKind.EXTENSION, OverlayKind.WAIVER, OverlayKind.ADDED_STEP, OverlayKind.CLOSING, OverlayKind.SLOT}) | PEOPLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Overtaken:
    """A decision that ends, with what the files said and say now."""

    overlay: Overlay
    was: str
    now: str

    @property
    def because(self) -> str:
        """The reason with which it ends."""
        if self.overlay.kind in PEOPLE:
            return "contacts.yaml names others now than when this was decided."
        return f"The files say {self.now or 'nothing'} now, and said {self.was}."


def read_files(setup: Setup, kind: OverlayKind, programme: str, round_id: str, party: str, subject: str) -> str:
    """What the files say of the thing that a decision is about: the deadline, the lead of an action, the last day of a round.

    Empty where they say nothing of it any more, and for what no file can say, such as one more mail.
    """
    if kind in PEOPLE:
        return read_people(setup, kind, party)
    one = setup.round(programme, round_id)
    if one is None or kind not in _READERS:
        return ""
    return _READERS[kind](setup, one, party, subject)


def read_people(setup: Setup, kind: OverlayKind, party: str) -> str:
    """Whom the files name, as a hash: an overlay names nobody by their address."""
    directory = setup.directory
    entry = directory.of_party(party)
    lists = {OverlayKind.CONTACT: entry.contacts, OverlayKind.DEPUTY: entry.deputies, OverlayKind.HAND_OVER: directory.coordinators}
    named = "\n".join(sorted(contact.address.lower() for contact in lists[kind]))
    return hashlib.sha256(named.encode()).hexdigest()[:16]


def _deadline(setup: Setup, one: ReportingRound, party: str, subject: str) -> str:
    return party_deadline(setup, one, party).due_on.isoformat()


def _last_day(setup: Setup, one: ReportingRound, party: str, subject: str) -> str:
    return party_deadline(setup, one, party).closes_on.isoformat()


def _lead(setup: Setup, one: ReportingRound, party: str, subject: str) -> str:
    action = setup.programmes[one.programme].action(subject)
    return action.lead if action is not None and one.asks_for(action) else ""


def _wish(setup: Setup, one: ReportingRound, party: str, subject: str) -> str:
    wishes = (meeting.wishes.get(party) for meeting in one.meetings if meeting.kind.value == subject)
    return next((wish.written for wish in wishes if wish is not None), "")


_READERS = {OverlayKind.SLOT: _wish, OverlayKind.EXTENSION: _deadline, OverlayKind.CLOSING: _last_day, OverlayKind.WAIVER: _lead}


def find_overtaken(setup: Setup, decisions: tuple[Overlay, ...]) -> tuple[Overtaken, ...]:
    """The decisions of which the files now say something else than when they were made."""
    found = []
    for one in decisions:
        was = one.value.get("files")
        party, subject = current_party(setup, one.programme, one.party), current_action(setup, one.programme, one.subject)
        says = read_files(setup, one.kind, one.programme, one.round, party, subject)
        if one.kind is OverlayKind.WAIVER and was is not None:
            was = current_party(setup, one.programme, str(was))
        if was is not None and was != says:
            found.append(Overtaken(overlay=one, was=str(was), now=says))
    return tuple(found)


def end_overtaken(house: House) -> tuple[Overtaken, ...]:
    """Ends them, each with its reason. Safe to repeat. `house.setup` must be the files alone."""
    with house.store.read() as conn:
        found = find_overtaken(house.setup, overlays.load_overlays(conn))
    if not found:
        return ()
    now = house.clock.now()
    with house.store.begin() as conn:
        ended = end_each(conn, found, now)
    for one in ended:
        log.info("a decision by hand was overtaken by the files", kind=one.overlay.kind.value, party=one.overlay.party, reason=one.because)
    return found


def end_each(conn: Connection, found: Iterable[Overtaken], now: datetime) -> tuple[Overtaken, ...]:
    """Ends these decisions, each with its entry in the history, and gives back those that had not ended before."""
    ended = []
    for one in found:
        overlay = one.overlay
        if not overlays.end_overlay(conn, overlay.id, because=one.because, now=now):
            continue
        agenda.look_again(conn, overlay.programme, overlay.round, overlay.party or None, now)
        document = {"kind": overlay.kind.value, "because": one.because, "decided": overlay.because}
        place = {"programme": overlay.programme, "round_id": overlay.round, "party": overlay.party}
        events.append_event(conn, OVERTAKEN, now, document=document, **place)
        ended.append(one)
    return tuple(ended)
