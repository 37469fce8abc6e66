"""The open data is sound whatever stands in it: JSON by its schema, CSV, calendar, feed and badge, read back by readers of others."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urljoin
from xml.etree import ElementTree

import icalendar
import jsonschema
import pytest

from reminder.domain.programme import Action, Localised
from reminder.domain.setup import PageLook, Setup
from reminder.report.site.building import Source
from reminder.report.site.pages import render_site
from tests.report.cast import GREEN, LATE, PROGRAMME, RED, TEMPLATES, YELLOW, measure, said, with_texts
from tests.report.test_page import Outline

ATOM = "{http://www.w3.org/2005/Atom}"
AT = datetime(2025, 3, 7, 7, 5, tzinfo=UTC)
PLAIN = 'Etenee; "lainaus", pilkku\nja rivinvaihto.'
HOSTILE = {
    "tags": "<script>alert(1)</script></title><img src=x onerror=alert(1)> & ]]> <!-- -->",
    "quotes": "\"'><svg onload=alert(1)> `x` ${7*7} {{ 7*7 }} {% raw %}",
    "formula": '=HYPERLINK("http://x.example";"a")',
    "formula behind a blank": "  @SUM(1+1)*cmd|' /C calc'!A0",
    "formula in wide signs": "＝1+1",
    "bidi": "\u202eabc\u2066def\u200f",
    "controls": "a\x00b\x08c\x1bd\ud800e\ufffef",
    "zalgo": "Z" + "\u0351\u0325" * 200 + "algo",
    "huge": "x" * 300_000,
    "lines": "a\r\nBEGIN:VEVENT\r\nSUMMARY:x\u2028y\u2029z",
    "emoji": "👩‍👩‍👧 🇫🇮 ﷽",
}


def files_with(text: str) -> dict[str, bytes]:
    """The site with this text in every field that somebody writes."""
    written = text.replace("\x00", "").replace("\ud800", "")
    actions: list[Action] = []
    for one in PROGRAMME.actions:
        actions.append(replace(one, title=written or "x", text=written, goal=written, focus_area=written))
    parties = {key: replace(party, name=Localised.everywhere(written or "x")) for key, party in PROGRAMME.parties.items()}
    programme = replace(PROGRAMME, name=Localised.everywhere(written or "x"), actions=tuple(actions), parties=parties)
    setup = replace(
        with_texts(), programmes={"elinvoima": programme}, office=replace(with_texts().office, name=Localised.everywhere(written or "x"))
    )
    facts = (
        replace(said("museo", "3.1", GREEN, text=text), next_step=text, next_on=date(2025, 5, 1)),
        said("museo", "3.10", YELLOW, day=15),
        said("museo", "3.10", RED, day=19, text=text),
    )
    progress = replace(measure(*facts, now=LATE), programme=programme)
    by_action = {action.id: replace(progress.by_action[action.id], action=action) for action in actions if action.id in progress.by_action}
    progress = replace(progress, by_action=by_action)
    return _render(setup, progress, facts)


def _render(setup: Setup, progress: object, facts: object) -> dict[str, bytes]:
    source = Source(facts=facts, asked_on={("elinvoima", "2024"): date(2025, 2, 14)})  # type: ignore[arg-type]
    return render_site(setup, [progress], TEMPLATES, updated_at=AT, source=source)  # type: ignore[list-item]


@pytest.fixture(scope="module", params=[PLAIN, *HOSTILE.values()], ids=["plain", *HOSTILE])
def files(request: pytest.FixtureRequest) -> Mapping[str, bytes]:
    """One site a text."""
    return files_with(request.param)


@pytest.mark.fault("A9", "P12")
def test_every_page_is_sound_and_inert(files: Mapping[str, bytes]) -> None:
    """Tags in balance, one script and it is ours, no handler, no address that leads away, no character that is not seen."""
    for name in (name for name in files if name.endswith(".html")):
        outline = Outline(files[name])
        assert outline.open == [], name
        assert len(outline.all("script")) == 1
        assert not [key for _, attributes in outline.tags for key in attributes if key.startswith("on") or key == "style"]
        assert not [one for one in outline.all("a") if re.match(r"\w+:|//", str(one["href"]))]
        page = files[name].decode()
        assert not re.search("[\x00-\x08\x0e-\x1f\u200f\u202e\u2066]", page)
        assert "49" not in page.replace("z49", "")
        assert len(page) < 900_000


def test_json_is_as_its_schema_says(files: Mapping[str, bytes]) -> None:
    """Both documents, dates checked too; the schema itself is a schema."""
    schema = json.loads(files["schema.json"])
    jsonschema.Draft202012Validator.check_schema(schema)
    for name in ("data.json", "data/2024.json"):
        validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
        assert [error.message for error in validator.iter_errors(json.loads(files[name]))] == []
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**json.loads(files["data.json"]), "person": "x"}, schema)


@pytest.mark.fault("A9")
def test_the_csv_is_a_table_without_formulas(files: Mapping[str, bytes]) -> None:
    """As many cells in every row as in the first, and none that a spreadsheet would run."""
    rows = list(csv.reader(io.StringIO(files["data/2024.csv"].decode("utf-8-sig"), newline=""), strict=True))
    assert len(rows) == 6
    assert {len(row) for row in rows} == {len(rows[0])}
    assert [row[rows[0].index("number")] for row in rows[1:]] == [one["number"] for one in json.loads(files["data.json"])["actions"]]
    assert not [cell for row in rows for cell in row if cell.strip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))]


SIGNS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
LEADS = (*SIGNS, "\t", "\r", "\n", "\t=", " \u00a0=", "\u3000@", "\x0b=")


@pytest.mark.fault("A9")
@pytest.mark.parametrize("lead", LEADS, ids=repr)
@pytest.mark.parametrize("before", ["", "a;", "a\t", "a\n", "a\r\n", 'a";'], ids=repr)
def test_no_text_becomes_a_formula_wherever_cells_are_cut(lead: str, before: str) -> None:
    """By commas and quotes, and as Excel does where the separator of the system is `;` or a tab: commas and quotes are text to it."""
    text = f"{before}{lead}1+cmd|' /C calc'!A0;x"
    content = files_with(text)["data/2024.csv"].decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content, newline=""), strict=True))
    cells = [cell for row in rows for cell in row] + re.split(r"[;\t\r\n]", content)

    assert len(rows) == 6
    assert not [cell for cell in cells if cell.strip().startswith(SIGNS)]
    assert not [cell for row in rows for cell in row if cell.startswith(("\t", "\r", "\n"))]
    assert any("1+cmd" in cell for cell in rows[1])


def test_a_text_that_is_no_formula_stays_as_it_is() -> None:
    """Signs inside of a text and a semicolon before a word are nothing."""
    text = "Valmis 1-2 kk; katso a@kunta.example = ok"
    rows = list(csv.DictReader(io.StringIO(files_with(text)["data/2024.csv"].decode("utf-8-sig"), newline="")))

    assert rows[0]["title"] == text


def test_the_calendar_is_read_by_another_reader(files: Mapping[str, bytes]) -> None:
    """Three whole days, each with a UID of its own; no line longer than RFC 5545 allows, and none slipped in."""
    calendar = icalendar.Calendar.from_ical(files["dates.ics"])
    events = list(calendar.walk("VEVENT"))
    assert [one.decoded("dtstart") for one in events] == [date(2025, 2, 14), date(2025, 2, 28), date(2025, 4, 25)]
    assert all(one.decoded("dtend") - one.decoded("dtstart") == timedelta(days=1) for one in events)
    assert len({str(one["uid"]) for one in events}) == 3
    assert all(len(line) <= 75 for line in files["dates.ics"].split(b"\r\n"))
    assert files["dates.ics"].count(b"\r\nBEGIN:VEVENT") == 3


def test_the_feed_is_atom(files: Mapping[str, bytes]) -> None:
    """What RFC 4287 asks for: ids that are IRIs and differ, one title, updated, author, links that lead to pages of the site."""
    feed = ElementTree.fromstring(files["feed.xml"])
    assert feed.tag == f"{ATOM}feed"
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 3
    ids = [one.findtext(f"{ATOM}id") or "" for one in (feed, *entries)]
    assert all(re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", one) for one in ids)
    assert len(set(ids)) == 4
    assert len(feed.findall(f"{ATOM}author/{ATOM}name")) == 1
    for one in (feed, *entries):
        assert len(one.findall(f"{ATOM}title")) == len(one.findall(f"{ATOM}updated")) == 1
        assert datetime.fromisoformat(one.findtext(f"{ATOM}updated") or "").tzinfo is not None
        assert one.find(f"{ATOM}link[@rel='alternate']") is not None
    updated = [one.findtext(f"{ATOM}updated") or "" for one in entries]
    assert updated == sorted(updated, reverse=True)
    assert feed.findtext(f"{ATOM}updated") == updated[0]
    for link in feed.iter(f"{ATOM}link"):
        assert urljoin("feed.xml", link.attrib["href"]) in files


def test_the_badge_is_a_picture_with_a_text(files: Mapping[str, bytes]) -> None:
    """Sound SVG without anything that acts, with the counts in words for who cannot see it."""
    for folder in ("", "sv/", "en/"):
        badge = ElementTree.fromstring(files[f"{folder}badge.svg"])
        assert badge.attrib["role"] == "img"
        assert badge.attrib["aria-label"]
        tags = {one.tag.rpartition("}")[2] for one in badge.iter()}
        assert tags == {"svg", "title", "g", "rect", "text"}
    assert "vihreä 1, keltainen 0, punainen 1, odottaa 3" in files["badge.svg"].decode()


def test_with_an_address_the_feed_leads_there() -> None:
    """Whole addresses, so that a reader of feeds finds its way; a second programme's in its folder."""
    facts = (said("museo", "3.1", GREEN),)
    setup = replace(with_texts(), page=PageLook(address="https://seuranta.kunta.example/"))
    feed = _render(setup, measure(*facts), facts)["sv/feed.xml"].decode()
    assert 'href="https://seuranta.kunta.example/sv/action/t3.1.html"' in feed
    assert 'rel="self" type="application/atom+xml" href="https://seuranta.kunta.example/sv/feed.xml"' in feed


def test_an_id_stays_when_more_is_said() -> None:
    """A reader of feeds shows each change once: what was there keeps its id and its time."""
    first = (said("museo", "3.1", GREEN, day=15),)
    more = (*first, said("museo", "3.10", RED, day=16))
    before, after = (_ids(_render(with_texts(), measure(*facts), facts)) for facts in (first, more))
    assert before < after


def _ids(files: Mapping[str, bytes]) -> set[str]:
    return {one.findtext(f"{ATOM}id") or "" for one in ElementTree.fromstring(files["feed.xml"]).findall(f"{ATOM}entry")}
