"""The archive package of a round: data, mails as they came and went, reports and pages, with checksums and metadata (decision 0036).

Reads only. What belongs to the round is listed in one transaction; each mail's bytes are read on their own, so that neither a
transaction stays open nor more than one mail is in memory. The same state on the same local day gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from pathlib import Path
from typing import Any

from jinja2 import BaseLoader

from reminder.domain.assessments import Assessment
from reminder.domain.programme import Localised
from reminder.domain.rounds import ReportingRound
from reminder.edges.packages import PackageWriter, write_package
from reminder.errors import ReminderError
from reminder.flows.archive_reports import list_reports
from reminder.flows.house import House
from reminder.flows.public_meetings import load_public_meetings
from reminder.flows.publish import load_public_rounds, load_source
from reminder.report.archive_metadata import Metadata, write_json, write_xml
from reminder.report.site.open_data import dump, write_rows
from reminder.report.site.pages import render_site
from reminder.store import events, overlays, reports
from reminder.store.round_mails import RoundMail, list_round_mails, load_bytes_in, load_bytes_out
from reminder.store.versions import load_versions

OnProgress = Callable[[int, int], None]
TITLE = Localised(
    {"fi": "Seurantakierroksen arkistopaketti", "sv": "Uppföljningsomgångens arkivpaket", "en": "Archive package of a reporting round"}
)
README = """\
This package holds one reporting round: data/ what was reported and decided, mails/ every mail of it as it came and went,
reports/ the reports, site/ the public pages with their open data, metadata.json and metadata.xml what it is.
It holds personal data: names and addresses stand in the mails. manifest-sha256.txt has the checksum of every file;
`sha256sum -c manifest-sha256.txt` or `reminder archive --verify FILE` checks them.
"""
FACTS = (
    "received_at", "party", "action", "number", "light", "phase", "text", "next", "next_on", "is_lead", "is_late", "is_provisional",
    "is_superseded", "mail", "actor",
)  # fmt: skip
MAILS = ("direction", "id", "at", "kind", "state", "person", "answers", "file")


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived:
    """What was written, or would be. `seal` is the checksum of the list of checksums; empty where nothing was written."""

    files: int
    mails_in: int
    mails_out: int
    without_bytes: int
    left_out: dict[str, str]
    seal: str = ""


@dataclass(slots=True, kw_only=True)
class _Round:
    """What belongs to the round, as it was listed."""

    one: ReportingRound
    as_of: datetime
    facts: Sequence[Assessment]
    decisions: list[dict[str, Any]]
    mails_in: Sequence[RoundMail]
    mails_out: Sequence[RoundMail]
    without_bytes: int = 0
    left_out: dict[str, str] = field(default_factory=dict)


def archive_round(
    house: House,
    one: ReportingRound,
    templates: BaseLoader,
    path: Path,
    *,
    is_replacing: bool = False,
    dry_run: bool = False,
    on_progress: OnProgress = lambda done, total: None,
) -> Archived:
    """Writes the package of a round, whole or not at all. Raises as `write_package`; what one report cannot be is told, not raised."""
    found = _list(house, one)
    if dry_run:
        return _tell(found, files=0)
    pages = _render(house, one, templates, found.as_of)
    stamp = found.as_of.astimezone(house.setup.calendar.zone)
    total = len(pages) + len(found.mails_in) + len(found.mails_out)
    with write_package(path, stamp, is_replacing=is_replacing) as package:
        package.add("README.txt", README.encode())
        _add_data(package, house, found)
        for done, (name, content) in enumerate(_list_bytes(house, found, pages), start=1):
            if content:
                package.add(name, content)
            on_progress(done, total)
        package.add("mails/index.csv", _write_index(found, package))
        _add_reports(package, house, one, templates, found)
        files = tuple(package.files.values())
        metadata = _describe(house, found)
        package.add("metadata.json", write_json(metadata, files))
        package.add("metadata.xml", write_xml(metadata, files))
        seal = package.seal()
    return _tell(found, files=len(package.files), seal=seal)


def _tell(found: _Round, *, files: int, seal: str = "") -> Archived:
    return Archived(
        files=files,
        mails_in=len(found.mails_in),
        mails_out=len(found.mails_out),
        without_bytes=found.without_bytes,
        left_out=found.left_out,
        seal=seal,
    )


def _list(house: House, one: ReportingRound) -> _Round:
    now, calendar = house.clock.now(), house.setup.calendar
    with house.store.read() as conn:
        newest = events.load_events(conn, limit=1)
        # The day counts, for what is late; the hour only where something has happened since its beginning.
        as_of = max([calendar.at(calendar.local_day(now), time(0)), *(event.at for event in newest)])
        mails_in, mails_out = list_round_mails(conn, one.programme, one.id)
        decided = overlays.load_overlays(conn, with_ended=True)
        return _Round(
            one=one,
            as_of=as_of,
            facts=reports.load_assessments(conn, programme=one.programme, round_id=one.id, with_superseded=True),
            decisions=[_write_decision(each) for each in decided if (each.programme, each.round) == (one.programme, one.id)],
            mails_in=mails_in,
            mails_out=mails_out,
        )


def _write_decision(one: overlays.Overlay) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "party": one.party,
        "subject": one.subject,
        "value": dict(one.value),
        "because": one.because,
        "actor": one.actor,
        "decided_at": one.decided_at.isoformat(),
        "ended_at": one.ended_at.isoformat() if one.ended_at else None,
        "ended_because": one.ended_because,
    }


def _render(house: House, one: ReportingRound, templates: BaseLoader, as_of: datetime) -> dict[str, bytes]:
    """The public pages of the programme as they are for the state that is archived."""
    with house.store.read() as conn:
        rounds, words = load_public_rounds(conn, house, one.programme, as_of)
        meetings, versions = load_public_meetings(conn, house.setup, as_of), load_versions(conn)
        source = replace(load_source(conn, house, rounds, words), meetings=meetings, versions=versions)
    return dict(sorted(render_site(house.setup, rounds, templates, updated_at=as_of, source=source).items()))


def _list_bytes(house: House, found: _Round, pages: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Each mail and each page by its name in the package; nothing where a mail's bytes are no longer kept."""
    for each in found.mails_in:
        with house.store.read() as conn:
            content = load_bytes_in(conn, int(each.id))
        found.without_bytes += not content
        yield _name_of(each, is_ours=False), content
    for each in found.mails_out:
        with house.store.read() as conn:
            content = load_bytes_out(conn, each.id)
        found.without_bytes += not content
        yield _name_of(each, is_ours=True), content
    for name, content in pages.items():
        yield f"site/{name}", content


def _name_of(each: RoundMail, *, is_ours: bool) -> str:
    return f"mails/out/{each.id}.eml" if is_ours else f"mails/in/{int(each.id):07}.eml"


def _write_index(found: _Round, package: PackageWriter) -> bytes:
    rows = []
    for is_ours, mails in ((False, found.mails_in), (True, found.mails_out)):
        for each in mails:
            name = _name_of(each, is_ours=is_ours)
            file = name if name in package.files else ""
            rows.append(
                ("out" if is_ours else "in", each.id, each.at.isoformat(), each.kind, each.state, each.person, each.answers or "", file)
            )
    return write_rows(MAILS, rows)


def _add_data(package: PackageWriter, house: House, found: _Round) -> None:
    programme = house.setup.programmes[found.one.programme]
    numbers = {action.id: action.number for action in programme.actions}
    rows = [_write_fact(fact, numbers.get(fact.action, "")) for fact in found.facts]
    package.add("data/reports.csv", write_rows(FACTS, [tuple("" if row[name] is None else row[name] for name in FACTS) for row in rows]))
    package.add("data/reports.json", dump(rows))
    package.add("data/decisions.json", dump(found.decisions))
    asked = [action for action in programme.actions if found.one.asks_for(action)]
    package.add("data/actions.json", dump([_write_action(house, action.id, found.one.programme) for action in asked]))


def _write_action(house: House, action_id: str, programme_id: str) -> dict[str, Any]:
    programme = house.setup.programmes[programme_id]
    action = programme.action(action_id)
    assert action is not None
    lead = programme.parties.get(action.lead)
    return {
        "id": action.id,
        "number": action.number,
        "title": action.title,
        "text": action.text,
        "party": {"id": action.lead, "name": dict(lead.name.texts) if lead else None},
        "contributors": list(action.contributors),
        "focus_area": action.focus_area,
        "goal": action.goal,
        "years": sorted(action.years),
    }


def _write_fact(fact: Assessment, number: str) -> dict[str, Any]:
    return {
        "received_at": fact.received_at.isoformat(),
        "party": fact.party,
        "action": fact.action,
        "number": number,
        "light": fact.light,
        "phase": fact.phase,
        "text": fact.text,
        "next": fact.next_step,
        "next_on": fact.next_on.isoformat() if fact.next_on else None,
        "is_lead": fact.is_lead,
        "is_late": fact.is_late,
        "is_provisional": fact.is_provisional,
        "is_superseded": fact.is_superseded,
        "mail": fact.inbound_id,
        "actor": fact.actor,
    }


def _add_reports(package: PackageWriter, house: House, one: ReportingRound, templates: BaseLoader, found: _Round) -> None:
    for name, write in list_reports(house, one, templates, found.as_of):
        try:
            package.add(f"reports/{name}", write())
        except ReminderError as failure:
            found.left_out[name] = failure.message


def _describe(house: House, found: _Round) -> Metadata:
    setup, one = house.setup, found.one
    programme, rules = setup.programmes[one.programme], setup.archive
    title = {
        code: f"{TITLE.in_language(code)}: {programme.name.in_language(code)}, {one.name.in_language(code)}" for code in setup.languages
    }
    return Metadata(
        title=Localised(title),
        languages=setup.languages,
        case_number=programme.decision.case_number,
        record_class=rules.record_class,
        author=rules.author or setup.office.name,
        city=setup.office.city,
        on=setup.calendar.local_day(found.as_of),
        publicity=rules.publicity,
        retention=rules.retention,
        programme=one.programme,
        round=one.id,
        period=tuple(sorted(one.years)),
        mails_in=len(found.mails_in),
        mails_out=len(found.mails_out),
        without_bytes=found.without_bytes,
        left_out=found.left_out,
    )
