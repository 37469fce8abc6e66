"""The decisions by hand that are in force, each in a line: for `plan`, `check` and `status`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import Connection

from reminder.compose.reasons import format_date
from reminder.domain.programme import Language
from reminder.domain.setup import Setup
from reminder.flows.desk_answers import show_people
from reminder.flows.overtaken import DECIDED, find_overtaken
from reminder.store import commands, overlays, people
from reminder.store.overlays import Overlay, OverlayKind
from reminder.store.publications import load_public_words


def tell_overlays(conn: Connection, setup: Setup, language: Language) -> tuple[str, ...]:
    """Every decision in force, in a line each, with what will become of it."""
    names = {person: address for address, person in people.load_persons(conn).items()}
    return (*tell_decisions(setup, overlays.load_overlays(conn), language, names), *_tell_published(conn, setup, language))


_PUBLISHED = {
    "fi": ("{round}, tekstit julkisella sivulla: {numbers}", "{round}, korjattuina julkisella sivulla: {numbers}"),
    "sv": ("{round}, texter på den offentliga sidan: {numbers}", "{round}, rättade på den offentliga sidan: {numbers}"),
    "en": ("{round}, texts on the public page: {numbers}", "{round}, corrected on the public page: {numbers}"),
}
_CODE = {
    "fi": "odottaa koodia {until} asti: {line}",
    "sv": "väntar på kod till {until}: {line}",
    "en": "waits for a code until {until}: {line}",
}


def _tell_published(conn: Connection, setup: Setup, language: Language) -> tuple[str, ...]:
    """Which texts were let be published, a line a round, and which of these corrected."""
    told: dict[str, dict[str, None]] = {}
    for one in load_public_words(conn).decided:
        programme = setup.programmes.get(one.programme)
        action = programme.action(one.action) if programme else None
        line = _PUBLISHED[language][one.is_corrected].replace("{round}", f"{one.programme}/{one.round}")
        told.setdefault(line, {})[action.number if action else one.action] = None
    return tuple(line.format(numbers=", ".join(numbers)) for line, numbers in told.items())


def tell_codes(conn: Connection, setup: Setup, language: Language, now: datetime) -> tuple[str, ...]:
    """The commands that wait for their code. The code itself is known to nobody but the coordinator."""
    zone = setup.calendar.zone
    return tuple(
        _CODE[language].format(until=f"{one.code_until.astimezone(zone):%d.%m. %H.%M}", line=show_people(conn, one.command.line))
        for one in commands.list_coded(conn, now)
        if one.code_until is not None
    )


def tell_decisions(
    setup: Setup, decisions: tuple[Overlay, ...], language: Language, names: Mapping[str, str] | None = None
) -> tuple[str, ...]:
    """These decisions, in a line each; what was only learnt, such as an absence, is not among them. `names` has the addresses of people."""
    decisions = tuple(one for one in decisions if one.kind in DECIDED)
    ending = {one.overlay.id for one in find_overtaken(setup, decisions)}
    return tuple(tell_overlay(setup, one, language, names or {}, is_ending=one.id in ending) for one in decisions)


_WORDS = {
    "fi": {
        "extension": "{party}: lisäaikaa {day} asti",
        "waiver": "{party}: toimenpidettä {action} ei kysytä",
        "added_step": "{party}: yksi viesti lisää",
        "closing": "kierros suljettu {day}",
        "reopening": "kierros auki {day} asti",
        "slot": "{party}: kuullaan {day} klo {clock}",
        "contact": "{party}: yhteyshenkilö nyt {who}",
        "deputy": "{party}: sijainen {who}",
        "hand_over": "koosteet luovutettu: {who}",
        "other": "{party}: {kind}",
        "tail": "{round}, {what} (päätetty {decided}: {because})",
        "ending": "; tiedostot sanovat nyt muuta, joten tämä päättyy",
    },
    "sv": {
        "extension": "{party}: mer tid till {day}",
        "waiver": "{party}: åtgärd {action} efterfrågas inte",
        "added_step": "{party}: ett mejl till",
        "closing": "omgången stängd {day}",
        "reopening": "omgången öppen till {day}",
        "slot": "{party}: hörs {day} kl. {clock}",
        "contact": "{party}: kontaktperson nu {who}",
        "deputy": "{party}: ställföreträdare {who}",
        "hand_over": "sammandragen överlämnade till {who}",
        "other": "{party}: {kind}",
        "tail": "{round}, {what} (beslutat {decided}: {because})",
        "ending": "; filerna säger nu annat, så detta upphör",
    },
    "en": {
        "extension": "{party}: more time, until {day}",
        "waiver": "{party}: action {action} is not asked for",
        "added_step": "{party}: one more mail",
        "closing": "round closed on {day}",
        "reopening": "round open until {day}",
        "slot": "{party}: is heard {day} at {clock}",
        "contact": "{party}: contact now {who}",
        "deputy": "{party}: deputy {who}",
        "hand_over": "the desk handed over to {who}",
        "other": "{party}: {kind}",
        "tail": "{round}, {what} (decided {decided}: {because})",
        "ending": "; the files say something else now, so this ends",
    },
}


def tell_overlay(setup: Setup, one: Overlay, language: Language, names: Mapping[str, str], *, is_ending: bool = False) -> str:
    """One decision in one line."""
    words, kind = _WORDS[language], one.kind.value
    if one.kind is OverlayKind.CLOSING and not one.value["is_closed"]:
        kind = "reopening"
    day = one.value.get("due_on") or one.value.get("last_day") or one.value.get("on")
    programme = setup.programmes.get(one.programme)
    action = programme.action(one.subject) if programme else None
    what = words.get(kind, words["other"]).format(
        party=one.party,
        kind=one.kind.value,
        day=format_date(date.fromisoformat(day), language) if day else "",
        action=action.number if action else one.subject,
        clock=one.value.get("begins", ""),
        who=names.get(str(one.value.get("person", "")), "?"),
    )
    decided = format_date(setup.calendar.local_day(one.decided_at), language)
    told = words["tail"].format(round=f"{one.programme}/{one.round}", what=what, decided=decided, because=one.because)
    return told + (words["ending"] if is_ending else "")
