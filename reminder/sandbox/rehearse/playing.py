"""Playing it: moment after moment to the end, or until somebody has seen enough; what came of it as one view."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from reminder.compose.rehearsal.views import RehearsalView, RehearsedMail
from reminder.domain.programme import LANGUAGES, Localised
from reminder.sandbox.rehearse.characters import Shares, write_shares
from reminder.sandbox.rehearse.folder import SITE
from reminder.sandbox.rehearse.outcome import find_differences, list_parties
from reminder.sandbox.rehearse.stage import Stage

OnMoment = Callable[[datetime, tuple[RehearsedMail, ...]], None]
"""Told each local instant with what went by."""


def play(stage: Stage, tell: OnMoment) -> bool:
    """Plays to the end. Returns whether it was cut short, by Ctrl-C or SIGTERM: the moment that is being played is finished first."""
    zone = stage.scope.setup.calendar.zone
    with _heard() as interrupted:
        for moment in stage.rehearsal.run(stage.scope.until):
            before = len(stage.archive.mails)
            stage.archive.keep(moment)
            stage.troubles.update(dict.fromkeys(moment.done.trouble))
            tell(moment.at.astimezone(zone), tuple(stage.archive.mails[before:]))
            if interrupted.is_set():
                return True
    return False


def build_view(stage: Stage, *, seed: int, shares: Shares, is_cut_short: bool) -> RehearsalView:
    """Everything that the page shows."""
    scope, setup = stage.scope, stage.scope.setup
    mails = tuple(sorted(stage.archive.mails, key=lambda mail: (mail.at, mail.number)))
    days = [mail.on for mail in mails]
    first = min([scope.first_day, *days])
    # The last digest may leave days before the close; empty days at the end are no more than a frame.
    last = max([*days, *(one.closes_on for party in list_parties(stage.house, stage.players.characters) for one in party.deadlines)])
    return RehearsalView(
        title=_everywhere(lambda language: ", ".join(one.name.in_language(language) for one in setup.programmes.values())),
        office=_everywhere(lambda language: f"{setup.office.city.in_language(language)} · {setup.office.name.in_language(language)}"),
        first=first,
        last=min(last, scope.last_day) if scope.last_day > first else last,
        seed=seed,
        shares=write_shares(shares),
        rounds=tuple(one.name for one in setup.rounds),
        parties=list_parties(stage.house, stage.players.characters),
        mails=mails,
        coordinators=tuple(contact.address for contact in setup.directory.coordinators),
        closed={day: name for day, name in setup.calendar.holidays.items() if first <= day <= last},
        quiet={day: name for day, name in setup.calendar.quiet.items() if first <= day <= last},
        differences=find_differences(stage.house, stage.players.said),
        troubles=tuple(stage.troubles),
        is_cut_short=is_cut_short,
        reached=setup.calendar.local_day(stage.house.clock.now()),
        has_site=(stage.root / SITE / "index.html").exists(),
    )


def _everywhere(write: Callable[[str], str]) -> Localised:
    return Localised({language: write(language) for language in LANGUAGES})


@contextmanager
def _heard() -> Iterator[threading.Event]:
    """Ctrl-C or SIGTERM sets the event; a second one ends the program as it always does. Outside the main thread nothing is heard."""
    event = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield event
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def hear(number: int, frame: object) -> None:
        event.set()
        signal.signal(number, before[signal.Signals(number)])

    for number in before:
        signal.signal(number, hear)
    try:
        yield event
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
