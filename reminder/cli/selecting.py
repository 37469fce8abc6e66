"""Names on the command line: which round, which party, which day."""

from __future__ import annotations

import argparse
import difflib
from collections.abc import Iterable
from datetime import date

from reminder.domain.programme import Language
from reminder.domain.rounds import ReportingRound
from reminder.domain.setup import Setup
from reminder.errors import UsageFailure


def read_day(text: str) -> date:
    """A day as written on the command line, ISO form. For argparse."""
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date; write 2025-02-14") from fault


def find_round(setup: Setup, name: str) -> ReportingRound:
    """ROUND: `programme/round`, or just the round where that is unique. Raises UsageFailure."""
    programme, _, round_id = name.rpartition("/")
    found = [one for one in setup.rounds if one.id == round_id and programme in {"", one.programme}]
    if len(found) == 1:
        return found[0]
    known = [f"{one.programme}/{one.id}" for one in setup.rounds]
    if found:
        raise UsageFailure(f"Several programmes have a round {name}.", advice=f"Name it as one of: {', '.join(known)}.")
    raise UsageFailure(f"There is no round {name}.", advice=f"Known rounds: {', '.join(known)}.")


def find_survey(setup: Setup, name: str) -> ReportingRound:
    """ROUND of a survey with questions, named as any round. Raises UsageFailure."""
    programme, _, round_id = name.rpartition("/")
    asking = [one for one in setup.surveys if one.survey is not None]
    found = [one for one in asking if one.id == round_id and programme in {"", one.programme}]
    if len(found) == 1:
        return found[0]
    known = ", ".join(f"{one.programme}/{one.id}" for one in asking)
    told = f"Known surveys: {known}." if known else "Write a round of `kind: survey` with `questions` in schedule.yaml."
    raise UsageFailure(f"There is no survey {name}." if not found else f"Several programmes have a survey {name}.", advice=told)


def find_party(setup: Setup, one: ReportingRound, name: str) -> str:
    """PARTY: the id of a responsible party. Raises UsageFailure with near misses."""
    parties = setup.programmes[one.programme].parties
    if name in parties:
        return name
    raise UsageFailure(f"There is no responsible party {name}.", advice=_near(name, parties))


def check_party(setup: Setup, name: str) -> None:
    """Raises UsageFailure, with near misses, where no programme has this party."""
    known = dict.fromkeys(party for programme in setup.programmes.values() for party in programme.parties)
    if name not in known:
        raise UsageFailure(f"There is no responsible party {name}.", advice=_near(name, known))


def _near(name: str, known: Iterable[str]) -> str:
    names = list(known)
    close = difflib.get_close_matches(name, names, n=3)
    return f"Did you mean {' or '.join(close)}?" if close else f"Known: {', '.join(names)}."


def language_of(args: argparse.Namespace) -> Language:
    """The language asked for with --lang."""
    language: Language = args.lang
    return language
