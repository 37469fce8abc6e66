"""What the public page shows: one value, in all languages, made from the progress of a round.

Roles are public, persons never: nothing of the directory but a party's language gets in here. Lights are published at
once, free text only where a person approved it or the setting says so (DESIGN, decision 22).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from reminder.domain.assessments import Assessment, Phase, ReportState, TrafficLight
from reminder.domain.programme import Action, Decision, Language, Localised
from reminder.domain.setup import Office, Setup
from reminder.report.lights import LightTally, find_light, tally_by_focus_area, tally_lights
from reminder.report.overdue import RoundFigures, count_round
from reminder.report.progress import ActionProgress, RoundProgress

_ADDRESS = re.compile(r"\S{1,200}@\S{1,200}")
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageContribution:
    """What a contributing party said of the action, or that it is one."""

    party: Localised
    light: TrafficLight | None = None
    phase: Phase | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageAction:
    """One action of the round as everybody may read it."""

    id: str
    number: str
    title: str
    text: str
    focus_area: str
    goal: str
    years: frozenset[int]
    party_id: str
    party: Localised
    light: TrafficLight | None
    phase: Phase | None
    """What the party said, else what the programme itself states."""
    report: ReportState
    words: str
    """The party's own words; empty where not published."""
    words_language: Language
    next_step: str
    next_on: date | None
    updated_on: date | None
    contributions: tuple[PageContribution, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageArea:
    """A focus area with its actions of the round."""

    name: str
    tally: LightTally
    actions: tuple[PageAction, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LaterAction:
    """An action of the programme that the round does not ask for."""

    number: str
    title: str
    party: Localised
    years: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicPage:
    """Everything that the page and the open data say."""

    languages: tuple[Language, ...]
    """The first is the language of the programme and of `index.html`."""
    office: Office
    programme_id: str
    programme: Localised
    decision: Decision
    programme_url: str
    round_id: str
    round_name: Localised
    years: frozenset[int]
    legend: Mapping[str, Localised]
    tally: LightTally
    figures: RoundFigures
    areas: tuple[PageArea, ...]
    later: tuple[LaterAction, ...]
    published_at: datetime
    """Local time, with its zone."""


def build_page(
    setup: Setup, progress: RoundProgress, *, published_at: datetime, is_approved: Callable[[Assessment], bool] | None = None
) -> PublicPage:
    """The public page of a round. `is_approved` says whether a person has approved the words of a fact."""
    programme, one = progress.programme, progress.round

    def may_publish(fact: Assessment) -> bool:
        return setup.publish_texts or (is_approved is not None and is_approved(fact))

    by_area: dict[str, list[PageAction]] = {}
    for action in progress.actions:
        by_area.setdefault(action.action.focus_area, []).append(_write_action(setup, progress, action, may_publish))
    tallies = tally_by_focus_area(progress)
    return PublicPage(
        languages=setup.languages,
        office=setup.office,
        programme_id=programme.id,
        programme=programme.name,
        decision=programme.decision,
        programme_url=programme.url,
        round_id=one.id,
        round_name=one.name,
        years=one.years,
        legend=setup.legend,
        tally=tally_lights(progress.actions),
        figures=count_round(progress),
        areas=tuple(PageArea(name=name, tally=tallies[name], actions=tuple(actions)) for name, actions in by_area.items()),
        later=tuple(_write_later(progress, action) for action in programme.actions if not one.asks_for(action)),
        published_at=published_at.astimezone(setup.calendar.zone),
    )


def _write_action(setup: Setup, progress: RoundProgress, measured: ActionProgress, may_publish: Callable[[Assessment], bool]) -> PageAction:
    action, fact = measured.action, measured.fact
    shown = fact if fact is not None and may_publish(fact) else None
    contacts = setup.directory.of_party(action.lead).contacts
    return PageAction(
        id=action.id,
        number=action.number,
        title=action.title,
        text=action.text,
        focus_area=action.focus_area,
        goal=action.goal,
        years=action.years,
        party_id=action.lead,
        party=_party_name(progress, action.lead),
        light=find_light(measured),
        phase=fact.phase if fact else action.phase,
        report=measured.report,
        words=_make_public(shown.text) if shown else "",
        words_language=contacts[0].language if contacts else setup.languages[0],
        next_step=_make_public(shown.next_step) if shown else "",
        next_on=fact.next_on if fact else None,
        updated_on=setup.calendar.local_day(fact.received_at) if fact else None,
        contributions=_list_contributions(progress, measured),
    )


def _list_contributions(progress: RoundProgress, measured: ActionProgress) -> tuple[PageContribution, ...]:
    said = {fact.party: fact for fact in measured.contributions}
    parties = dict.fromkeys((*measured.action.contributors, *said))
    return tuple(
        PageContribution(
            party=_party_name(progress, party),
            light=said[party].light if party in said else None,
            phase=said[party].phase if party in said else None,
        )
        for party in parties
    )


def _write_later(progress: RoundProgress, action: Action) -> LaterAction:
    return LaterAction(number=action.number, title=action.title, party=_party_name(progress, action.lead), years=action.years)


def _party_name(progress: RoundProgress, party: str) -> Localised:
    """The name of a role; its id where the programme no longer knows it, so that no person's name can slip in."""
    known = progress.programme.parties.get(party)
    return known.name if known is not None else Localised.everywhere(party)


def _make_public(text: str) -> str:
    """Free text without mail addresses and without characters that are not seen or turn the direction of others."""
    return _ADDRESS.sub("…", _UNSEEN.sub("", text)).strip()
