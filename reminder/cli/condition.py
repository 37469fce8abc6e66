"""How it stands with the configuration files, for `status`."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from datetime import timedelta

from reminder.cli.output import complaints, say
from reminder.cli.selecting import language_of
from reminder.compose.words import format_moment
from reminder.domain.programme import Language
from reminder.domain.rounds import ReportingRound
from reminder.flows.contact_words import tell_contacts
from reminder.flows.fault_words import warn_of_fault
from reminder.flows.house import House
from reminder.flows.knowledge import load_knowledge
from reminder.flows.no_sign import tell_silent
from reminder.flows.private_texts import tell_private
from reminder.flows.restored_words import tell_restored
from reminder.flows.taking_up import load_condition
from reminder.flows.trial_words import tell_trial
from reminder.store.configurations import load_version
from reminder.store.workers import load_workers

TOLD_FOR = timedelta(days=7)
_WORKER: Mapping[Language, str] = {
    "fi": "Palvelu {owner} (versio {version}): käynnistetty {started}, viimeksi kuultu {seen}.",
    "sv": "Tjänst {owner} (version {version}): startad {started}, senast hörd {seen}.",
    "en": "Service {owner} (version {version}): started {started}, last heard of {seen}.",
}
_OTHER_FILES: Mapping[Language, str] = {
    "fi": "Sillä on muut tiedostot kuin voimassa olevat, joten se ei suunnittele viestejä.",
    "sv": "Den har andra filer än de gällande och planerar därför inga mejl.",
    "en": "It has other files than those in force, so it plans no mails.",
}


def tell_test_mail(args: argparse.Namespace, house: House) -> None:
    """Whether the test mail before `arm` came back and was answered. What is open goes to standard error."""
    with house.store.read() as conn:
        told = tell_trial(conn, house.setup.calendar.zone, language_of(args))
    for line in told.warnings:
        complaints.print(line, style="bold yellow", markup=False)
    for line in told.notes:
        say(args, line)


def tell_contacts_lists(args: argparse.Namespace, house: House) -> None:
    """How it stands with the list of contacts of each round; corrections that wait as the lines of contacts.yaml, ready to be put in."""
    now, language = house.clock.now(), language_of(args)
    for one in house.setup.rounds:
        with house.store.read() as conn:
            told = tell_contacts(conn, house.setup, one, language, now)
        for line in (*told.warnings, *told.notes):
            say(args, f"{one.programme}/{one.id}: {line}")
        for line in told.edits:
            say(args, f"    {line}")


def tell_no_sign(args: argparse.Namespace, house: House, wanted: ReportingRound | None) -> None:
    """The parties that never gave a sign of life, and the texts that hold what is never shown: a line for each round that has such."""
    with house.store.read() as conn:
        knowledge = load_knowledge(conn, house.setup, house.clock.now())
        chosen = [one for one in knowledge.setup.rounds if wanted is None or (wanted.programme, wanted.id) == (one.programme, one.id)]
        told = [f"{one.programme}/{one.id}: {line}" for one in chosen for line in tell_silent(conn, knowledge, one, language_of(args))]
        told += [f"{one.programme}/{one.id}: {line}" for one in chosen for line in tell_private(knowledge, one, language_of(args))]
    for line in told:
        say(args, line)


def tell_restore(args: argparse.Namespace, house: House) -> None:
    """The last restore, as long as something about it is open and for a week. To standard error, since it wants a person."""
    with house.store.read() as conn:
        told = tell_restored(conn, house.setup.calendar.zone, language_of(args), house.clock.now() - TOLD_FOR)
    for line in told:
        complaints.print(line, style="bold yellow", markup=False)


def tell_workers(args: argparse.Namespace, house: House) -> None:
    """Each service process: since when it runs, when it was last heard of, and whether it has the files that are in force."""
    with house.store.read() as conn:
        found, in_force = load_workers(conn), load_version(conn)
    language, zone = language_of(args), house.setup.calendar.zone
    for worker in found:
        started, seen = (format_moment(at.astimezone(zone), language) for at in (worker.started_at, worker.seen_at))
        line = _WORKER[language].format(owner=worker.owner, version=worker.version, started=started, seen=seen)
        say(args, line if worker.configuration == in_force else f"{line} {_OTHER_FILES[language]}")


def tell_condition(args: argparse.Namespace, house: House) -> bool:
    """Since when the files are in force and what the last edit changed; whether they are broken now, which waits for a person."""
    with house.store.read() as conn:
        condition = load_condition(conn)
    language, zone = language_of(args), house.setup.calendar.zone
    if condition.since is not None and condition.last_change is not None:
        say(args, f"Files in force since {format_moment(condition.since.astimezone(zone), language)}: {condition.last_change[language]}")
    if condition.fault is None:
        return False
    first = condition.fault.findings[0] if condition.fault.findings else ""
    complaints.print(warn_of_fault(first, condition.fault.since, zone, language), style="bold red", markup=False)
    return True
