"""What changed between two versions of a programme, and how the site tells it (decision 0036)."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from xml.etree import ElementTree

import jsonschema

from reminder.domain.versions import ProgrammeThen, ProgrammeVersion
from reminder.flows.versions import take_version
from reminder.report.site.building import Source
from reminder.report.site.pages import render_site
from reminder.report.site.versions import EditKind, compare
from tests.report.cast import PROGRAMME, SETUP, TEMPLATES, measure

NOW = take_version(SETUP, PROGRAMME)
AT = datetime(2025, 3, 7, 7, 5, tzinfo=UTC)
ATOM = "{http://www.w3.org/2005/Atom}"


def edited(index: int, **changes: object) -> ProgrammeThen:
    """The programme with one action changed."""
    actions = list(NOW.actions)
    actions[index] = replace(actions[index], **changes)  # type: ignore[arg-type]
    return replace(NOW, actions=tuple(actions))


def told(after: ProgrammeThen, before: ProgrammeThen = NOW) -> list[tuple[EditKind, str, str, str]]:
    """Each difference in short, in Finnish."""
    return [(one.kind, one.number, one.old.in_language("fi"), one.new.in_language("fi")) for one in compare(before, after)]


def test_nothing_changed() -> None:
    """A version is no different from itself, and an id alone is no difference."""
    assert not told(NOW)
    assert not told(edited(0, id="uusi", was=(NOW.actions[0].id,)))


def test_each_kind_of_edit() -> None:
    """Title, text, number, party, contributors, years, area and goal, each with what stood there."""
    assert told(edited(0, title="Torin talvi")) == [(EditKind.REWORDED, "3.1", "Toimenpide 3.1", "Torin talvi")]
    assert told(edited(0, text="Uusi.")) == [(EditKind.TEXT, "3.1", "", "Uusi.")]
    assert told(edited(0, number="3.9")) == [(EditKind.RENUMBERED, "3.9", "3.1", "3.9")]
    museum, principal = (NOW.parties[party].in_language("fi") for party in ("museo", "rehtori"))
    assert told(edited(0, lead="rehtori")) == [(EditKind.LEAD, "3.1", museum, principal)]
    assert told(edited(0, contributors=()))[0][0] is EditKind.CONTRIBUTORS
    assert told(edited(0, years=(2024, 2025))) == [(EditKind.YEARS, "3.1", "2024", "2024, 2025")]
    assert told(edited(0, focus_area="Matkailu")) == [(EditKind.AREA, "3.1", "Keskusta", "Matkailu")]
    assert told(edited(0, goal="Elävä")) == [(EditKind.GOAL, "3.1", "", "Elävä")]


def test_added_dropped_and_merged() -> None:
    """A merged action names the one that it has become a part of."""
    without = replace(NOW, actions=NOW.actions[1:])
    assert told(without) == [(EditKind.DROPPED, "3.1", "", "")]
    assert told(NOW, without) == [(EditKind.ADDED, "3.1", "", "")]
    rest = replace(NOW.actions[1], was=("t3.1", "t9"))
    assert told(replace(without, actions=(rest, *NOW.actions[2:]))) == [(EditKind.MERGED, "3.1", "", "3.10 Toimenpide 3.10")]


def test_deadlines() -> None:
    """The day of most is told once, a party's own where it moved otherwise."""
    (round_id, due), *_ = NOW.deadlines.items()
    later = replace(due, due_on=date(2025, 3, 14))
    assert [(one.kind, one.old_on, one.new_on) for one in compare(NOW, replace(NOW, deadlines={round_id: later}))] == [
        (EditKind.DEADLINE, due.due_on, date(2025, 3, 14))
    ]
    own = replace(due, own={"museo": date(2025, 4, 1)})
    (edit,) = compare(NOW, replace(NOW, deadlines={round_id: own}))
    assert (edit.old_on, edit.new_on) == (due.due_on, date(2025, 4, 1))
    assert NOW.parties["museo"].in_language("fi") in edit.subject.in_language("fi")


def version(number: int, content: ProgrammeThen) -> ProgrammeVersion:
    """A version of some day of February."""
    return ProgrammeVersion(programme=PROGRAMME.id, number=number, at=datetime(2025, 2, number, 8, tzinfo=UTC), content=content)


def test_the_site_tells_the_versions() -> None:
    """A page in each language, from the action to its change, in JSON by its schema and in the feed; hostile words stay words."""
    before = edited(0, text="<script>alert(1)</script> vanha", lead="yhtio")
    source = Source(versions=(version(1, before), version(2, NOW)))
    files = render_site(SETUP, [measure()], TEMPLATES, updated_at=AT, source=source)

    page = files["versions.html"].decode()
    assert "vastuutaho vaihtunut 1" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; vanha" in page
    assert "<script>alert" not in page
    assert 'href="../versions.html#v2"' in files["action/t3.1.html"].decode()
    assert "versions.html" not in files["action/t3.10.html"].decode()
    document = json.loads(files["versions.json"])
    jsonschema.validate(document, json.loads(files["versions.schema.json"]))
    assert [one["what"] for one in document["versions"][0]["changes"]] == ["text", "lead"]
    titles = [entry.findtext(f"{ATOM}title") for entry in ElementTree.fromstring(files["feed.xml"]).iter(f"{ATOM}entry")]
    assert titles == ["Ohjelman versiot: versio 2, teksti muuttunut 1, vastuutaho vaihtunut 1"]


def test_without_versions_nothing_speaks_of_them() -> None:
    """Before the first one there is no page and no link to it."""
    files = render_site(SETUP, [measure()], TEMPLATES, updated_at=AT)

    assert "versions.html" not in files
    assert all(b"versions.html" not in content for name, content in files.items() if name.endswith(".html"))
