"""`load_setup`: the files as one checked value, with every finding at once.

A fault of YAML syntax stops the reading of its own file only. Nothing is raised for what stands in the files.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from reminder.configuration import keys
from reminder.configuration import wording as say
from reminder.configuration.calendars import build_calendar
from reminder.configuration.contacts_file import read_contacts
from reminder.configuration.findings import NOWHERE, START, HasPlace, Place, Report, in_order
from reminder.configuration.lights_file import read_lights
from reminder.configuration.linking import Drafts, Linker, years_of
from reminder.configuration.nodes import Node, read_tree
from reminder.configuration.programme_file import read_programmes
from reminder.configuration.schedule_file import read_schedule
from reminder.configuration.sections import is_given
from reminder.configuration.service_file import read_service
from reminder.domain.programme import Directory, Language
from reminder.domain.rounds import RoundKind
from reminder.domain.setup import Setup
from reminder.errors import ConfigurationFailure, Finding, Severity

FILE_LIMIT_MB = 10
VERSION_LENGTH = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What loading yields: the setup, or None where there is a fault; and the findings in the order of the files."""

    setup: Setup | None
    findings: tuple[Finding, ...]
    places: Mapping[tuple[str, str], Mapping[str, HasPlace]] = field(default_factory=dict)
    """Where the keys of each round stand in schedule.yaml, by programme and round."""
    contents: Mapping[str, bytes | None] = field(default_factory=dict)
    """The bytes of each file as they were read; None for one that could not be."""

    @property
    def faults(self) -> tuple[Finding, ...]:
        """The findings for which the files are not taken up."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.FAULT)


def load_setup(directory: Path, *, language: Language = "en", contents: Mapping[str, bytes] | None = None) -> Loaded:
    """Reads the files of a folder. Never raises for a fault of the files; the setup is whole or None.

    The findings are in `language`, those that nobody has translated in English. With `contents` these stand in for the files.
    """
    found: list[Finding] = []
    reports = {name: Report(name, found, language) for name in keys.KNOWN_FILES}
    read = _read_contents(directory, reports) if contents is None else {name: contents.get(name) for name in keys.KNOWN_FILES}
    trees = {name: _read_tree(read[name], reports[name]) for name in keys.KNOWN_FILES}
    drafts = _read_drafts(trees, directory, reports)
    setup = _link(drafts, reports, _version(read))
    findings = in_order(found, keys.KNOWN_FILES)
    has_fault = any(finding.severity is Severity.FAULT for finding in findings)
    return Loaded(setup=None if has_fault else setup, findings=findings, contents=read, places=_places_of(drafts))


def load_or_raise(directory: Path) -> Setup:
    """The setup. Raises ConfigurationFailure with all findings where there is a fault."""
    loaded = load_setup(directory)
    if loaded.setup is None:
        raise ConfigurationFailure(loaded.findings)
    return loaded.setup


def _read_contents(directory: Path, reports: Mapping[str, Report]) -> dict[str, bytes | None]:
    return {name: _read_bytes(directory / name, reports[name]) for name in keys.KNOWN_FILES}


def _read_bytes(path: Path, report: Report) -> bytes | None:
    try:
        if path.stat().st_size > FILE_LIMIT_MB * 1_000_000:
            report.add(say.FILE_TOO_LARGE, NOWHERE, limit=FILE_LIMIT_MB)
            return None
        return path.read_bytes()
    except FileNotFoundError:
        if path.name not in keys.OPTIONAL_FILES:
            report.add(say.FILE_MISSING, NOWHERE)
    except OSError as error:
        report.add(say.FILE_UNREADABLE, NOWHERE, why=error.strerror or "no reason given")
    return None


def _read_tree(content: bytes | None, report: Report) -> Node | None:
    """The tree of a file; None where there is none to read, which is reported."""
    if content is None:
        return None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        report.add(say.NOT_UTF8, Place(line, column), byte=f"0x{content[error.start]:02x}")
        return None
    before_reading = len(report.findings)
    tree = read_tree(text, report)
    if (tree is None and len(report.findings) == before_reading) or (tree is not None and not is_given(tree)):
        report.add(say.EMPTY_FILE, START)
        return None
    return tree


def _read_drafts(trees: Mapping[str, Node | None], directory: Path, reports: Mapping[str, Report]) -> Drafts:
    """Each file by itself. What is said of a file that could not be read at all is left out: its one fault is enough."""
    unread = frozenset(name for name, tree in trees.items() if tree is None)
    heard = {name: Report(name) if name in unread else reports[name] for name in keys.KNOWN_FILES}
    service = read_service(trees[keys.SERVICE_FILE], heard[keys.SERVICE_FILE], directory)
    return Drafts(
        service=service,
        schedule=read_schedule(trees[keys.SCHEDULE_FILE], heard[keys.SCHEDULE_FILE]),
        programmes=read_programmes(trees[keys.PROGRAMME_FILE], directory, heard[keys.PROGRAMME_FILE]),
        contacts=read_contacts(trees[keys.CONTACTS_FILE], service.languages[0], heard[keys.CONTACTS_FILE]),
        lights=read_lights(trees[keys.LIGHTS_FILE], heard[keys.LIGHTS_FILE]),
        unread=unread,
    )


def _link(drafts: Drafts, reports: Mapping[str, Report], version: str) -> Setup | None:
    service = drafts.service
    calendar = build_calendar(
        service.zone,
        country=service.country,
        subdivision=service.subdivision,
        years=years_of(drafts),
        closed_days={**service.closed_days, **drafts.schedule.days.closed},
        quiet=drafts.schedule.days.quiet,
    )
    linker = Linker(drafts, calendar, reports)
    linked = linker.link_rounds()
    rounds = tuple(one for one in linked if one.kind is RoundKind.REPORT)
    surveys = tuple(one for one in linked if one.kind is RoundKind.SURVEY)
    coordinators, deputies = linker.link_coordinators(), linker.link_coordinator_deputies()
    linker.check_people(rounds)
    linker.check_surveys(surveys)
    earlier = linker.link_lights(rounds)
    if service.office is None:
        return None
    return Setup(
        office=service.office,
        languages=service.languages,
        programmes=linker.programmes,
        rounds=rounds,
        surveys=surveys,
        directory=Directory(
            parties=drafts.contacts.parties,
            coordinators=coordinators,
            coordinator_deputies=deputies,
            sub_committee=drafts.contacts.sub_committee,
        ),
        calendar=calendar,
        legend=service.legend,
        senders=service.senders,
        publish_texts=service.publish_texts,
        page=service.page,
        archive=service.archive,
        no_sign_days=service.no_sign_days,
        quiet_digest=service.quiet_digest,
        keep_mails=service.keep_mails,
        earlier=earlier,
        version=version,
    )


def _places_of(drafts: Drafts) -> dict[tuple[str, str], Mapping[str, HasPlace]]:
    only = drafts.programmes[0].programme.id if len(drafts.programmes) == 1 else ""
    return {(one.programme or only, one.id): one.places for one in drafts.schedule.rounds}


def _version(contents: Mapping[str, bytes | None]) -> str:
    """A hash over the names and contents of the files, so that each decision can name the configuration it was made with."""
    whole = hashlib.sha256()
    for name in keys.KNOWN_FILES:
        content = contents[name]
        if content is None:
            if name in keys.OPTIONAL_FILES:
                continue
            content = b""
        whole.update(f"{name}\0{len(content)}\0".encode() + content)
    return whole.hexdigest()[:VERSION_LENGTH]
