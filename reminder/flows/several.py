"""Several workers on one database: what they do in turns, and whose files are in force.

Claims keep the sending and the reading of mails apart, row by row; the mailbox is read, mails are planned
and the page is written by one worker at a time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import structlog
from jinja2 import BaseLoader

from reminder.domain.rounds import StepKind
from reminder.flows.announce import Announced, announce
from reminder.flows.collect import Collected, collect
from reminder.flows.house import House
from reminder.flows.inviting import Invited, invite
from reminder.flows.judging import Consulted, consult
from reminder.flows.overtaken import end_overtaken
from reminder.flows.publish import Published, publish_and_watch
from reminder.flows.surveying import Surveyed, survey
from reminder.flows.turns import PLANNING, PUBLISHING, name_poll, take_turn
from reminder.store.configurations import load_version

log = structlog.get_logger(__name__)

Done = TypeVar("Done")
OTHER_FILES = "This process runs with other files than those in force, so it plans no mails; see `reminder status`."


def collect_in_turn(house: House, *, at_once: bool = False) -> Collected:
    """One poll, or nothing where another process is polling the same mailbox just now. Raises as `collect`, and TurnLost."""
    with take_turn(house, name_poll(house)) as ours:
        return Collected() if ours is None else collect(ours, at_once=at_once)


def announce_in_turn(house: House, *, only: StepKind | None = None) -> Announced:
    """What is due becomes mails, or nothing where another process is planning just now, or has the files that are in force.

    Raises as `announce`, and TurnLost.
    """
    if not has_files_in_force(house):
        log.warning("other files are in force, nothing is planned here", version=house.setup.version)
        return Announced(trouble=(OTHER_FILES,))
    with take_turn(house, PLANNING) as ours:
        return Announced() if ours is None else announce(ours, only=only)


def invite_in_turn(house: House) -> Invited:
    """Who is to be told of a meeting is told, or nobody where another process is planning just now. Raises as `invite`, and TurnLost."""
    return _plan_in_turn(house, invite, Invited())


def survey_in_turn(house: House) -> Surveyed:
    """Who is asked in a survey is asked, or nobody where another process is planning just now. Raises as `survey`, and TurnLost."""
    return _plan_in_turn(house, survey, Surveyed())


def consult_in_turn(house: House) -> Consulted:
    """The sub-committee is told and asked, unless another process is planning just now. Raises as `consult`, and TurnLost."""
    return _plan_in_turn(house, consult, Consulted())


def publish_in_turn(house: House, templates: BaseLoader) -> Published:
    """The public page, where it has changed and no other process writes it just now. Raises as `publish_and_watch`, and TurnLost."""
    if house.site is None:
        return Published(is_changed=False)
    with take_turn(house, PUBLISHING) as ours:
        return Published(is_changed=False) if ours is None else publish_and_watch(ours, templates)


def end_overtaken_in_turn(house: House) -> int:
    """How many decisions the files have overtaken; none where another process looks after that. Raises as `end_overtaken`."""
    return _plan_in_turn(house, lambda ours: len(end_overtaken(ours)), 0)


def _plan_in_turn(house: House, work: Callable[[House], Done], nothing: Done) -> Done:
    """Planning by whoever has the turn and the files in force; `nothing` for everybody else."""
    if not has_files_in_force(house):
        return nothing
    with take_turn(house, PLANNING) as ours:
        return nothing if ours is None else work(ours)


def has_files_in_force(house: House) -> bool:
    """Whether this process has the files that were taken up last, by whichever process; always so where there is one process only."""
    if not house.store.is_shared:
        return True
    with house.store.read() as conn:
        version = load_version(conn)
    return version in {"", house.setup.version}
