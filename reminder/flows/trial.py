"""The test mail before `arm`, the trial: what was sent, and what is known of it since (decision 0016).

Each fact stands under a key of its own and names the test mail that it is about, so that two processes that learn different facts
at the same time lose none, and what belongs to an earlier test mail counts for nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Connection

from reminder.domain.messages import MailKind
from reminder.domain.readings import ReadingKind
from reminder.flows.house import House
from reminder.flows.understanding import Understood
from reminder.store import control, events

log = structlog.get_logger(__name__)

TEST, ARRIVED, ANSWERED, RETURNED = "test_mail", "test_mail_arrived", "test_mail_answered", "test_mail_returned"
"""Keys of the service's memory; the last three are kinds of the history too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """The newest test mail as it stands."""

    sent_at: datetime
    mails: tuple[str, ...]
    """Ids of the mails to the coordinators; none where it was armed without a test mail."""
    copy: str = ""
    """Id of the copy to ourselves."""
    arrived_at: datetime | None = None
    """When it was known that our mails come back to us."""
    folder: str = ""
    """Where the copy was found; empty where a reply to another mail of ours proves the way."""
    is_in_junk: bool = False
    answered_at: datetime | None = None
    """When a coordinator's answer to it was read."""
    returned: str = ""
    """What a delivery report says, where one of the mails could not be delivered."""
    returned_at: datetime | None = None

    @property
    def was_sent(self) -> bool:
        """Whether there was a test mail at all."""
        return bool(self.mails)

    @property
    def is_proven(self) -> bool:
        """Whether it is known that what we send comes back."""
        return self.arrived_at is not None


def begin_trial(conn: Connection, mails: tuple[str, ...], copy: str, now: datetime) -> None:
    """A new test mail takes the place of an earlier one; without mails: it was armed without one."""
    control.set_state(conn, TEST, json.dumps({"sent_at": now.isoformat(), "mails": list(mails), "copy": copy}))


def load_trial(conn: Connection) -> Trial | None:
    """The newest test mail with all that is known of it; None where there never was one."""
    begun = _load(conn, TEST)
    if not begun:
        return None
    arrived, answered, returned = (_load(conn, key) for key in (ARRIVED, ANSWERED, RETURNED))
    ours = begun["sent_at"]
    arrived, answered, returned = (fact if fact.get("about") == ours else {} for fact in (arrived, answered, returned))
    return Trial(
        sent_at=datetime.fromisoformat(ours),
        mails=tuple(begun["mails"]),
        copy=begun["copy"],
        arrived_at=_instant(arrived),
        folder=arrived.get("folder", ""),
        is_in_junk=bool(arrived.get("junk")),
        answered_at=_instant(answered),
        returned=returned.get("text", ""),
        returned_at=_instant(returned),
    )


def note_arrival(conn: Connection, trial: Trial, now: datetime, *, folder: str = "", is_in_junk: bool = False) -> None:
    """What we send has come back. The first proof counts."""
    if not trial.is_proven:
        _note(conn, ARRIVED, trial, now, {"folder": folder, "junk": is_in_junk})


def note_answer(conn: Connection, trial: Trial, now: datetime, actor: str) -> None:
    """A coordinator has answered the test mail; that proves the way back too."""
    note_arrival(conn, trial, now)
    if trial.answered_at is None:
        _note(conn, ANSWERED, trial, now, {}, actor)


def note_return(conn: Connection, trial: Trial, now: datetime, text: str) -> None:
    """A test mail could not be delivered."""
    if not trial.returned:
        _note(conn, RETURNED, trial, now, {"text": text[:300] or "no reason is given"})


def observe_mail(conn: Connection, house: House, understood: Understood, folder: str, now: datetime) -> None:
    """What a mail that was read tells of the test mail: its copy, its delivery report, an answer to it, or any reply to a mail of ours.

    A copy and a reply count where a valid token of ours names the mail in question: anybody may know the instance's name.
    """
    trial = load_trial(conn)
    if trial is None:
        return
    reading, answered = understood.reading, understood.answered
    is_proven = reading.message in understood.context.proven
    bounced = reading.bounce
    if bounced is not None and bounced.is_permanent and bounced.message in {*trial.mails, trial.copy}:
        note_return(conn, trial, now, bounced.diagnostic or bounced.status)
    elif reading.kind is ReadingKind.OWN and is_proven and reading.message == trial.copy:
        note_arrival(conn, trial, now, folder=folder, is_in_junk=folder == house.addressing.junk_folder)
    elif reading.decision is not None and answered is not None and answered.kind is MailKind.TEST:
        note_answer(conn, trial, now, reading.sender.person if reading.sender else "")
    elif reading.kind is ReadingKind.REPLY and is_proven and not trial.is_proven:
        note_arrival(conn, trial, now)


def _note(conn: Connection, key: str, trial: Trial, now: datetime, facts: Mapping[str, Any], actor: str = "") -> None:
    control.set_state(conn, key, json.dumps({"about": trial.sent_at.isoformat(), "at": now.isoformat(), **facts}, ensure_ascii=False))
    events.append_event(conn, key, now, actor=actor, document=dict(facts))
    log.info(key.replace("_", " "), **facts)


def _load(conn: Connection, key: str) -> dict[str, Any]:
    stored = control.get_state(conn, key)
    found = json.loads(stored) if stored else {}
    return found if isinstance(found, dict) else {}


def _instant(fact: Mapping[str, Any]) -> datetime | None:
    return datetime.fromisoformat(fact["at"]) if fact else None
