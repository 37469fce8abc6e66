"""The public page: what everybody may read, and nothing else."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser

import pytest

from reminder.domain.assessments import Phase
from reminder.domain.setup import Setup
from reminder.report.lights import LightTally
from reminder.report.overdue import RoundFigures
from reminder.report.page import build_page, render_page, render_site, write_segments
from reminder.report.words import write_summary, write_years
from tests.report.cast import BEFORE, GREEN, LATE, PROGRAMME, RED, SETUP, TEMPLATES, YELLOW, measure, said, with_texts

AT = datetime(2025, 3, 7, 7, 5, tzinfo=UTC)
FACTS = (
    said("museo", "3.1", GREEN, Phase.DONE, text="Ikkunat saatiin käyttöön."),
    said("museo", "3.10", YELLOW),
    said("yhtio", "4.2", None, Phase.DROPPED),
    said("rehtori", "3.1", RED),
)
VOID = frozenset({"meta", "link", "br", "hr", "img", "input"})


class Outline(HTMLParser):
    """Tags in balance, headings, tables and everything that points somewhere."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page.decode())
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes a tag, and that it waits for its end."""
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """An end must be that of the innermost open tag."""
        assert self.open.pop() == tag

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of every such tag."""
        return [attributes for name, attributes in self.tags if name == tag]


def render(setup: Setup = SETUP) -> dict[str, bytes]:
    """The site with the facts above, a week after the deadline."""
    return render_site(setup, [measure(*FACTS, now=LATE)], TEMPLATES, updated_at=AT)


PAGES = sorted(name for name in render() if name.endswith(".html"))


def test_the_files_of_the_site() -> None:
    """The main language at the root, the others in folders, each with its accessibility statement."""
    assert sorted(render()) == [
        "data.json",
        "en/accessibility.html",
        "en/index.html",
        "index.html",
        "saavutettavuusseloste.html",
        "style.css",
        "sv/index.html",
        "sv/tillganglighetsutlatande.html",
    ]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_sound(name: str) -> None:
    """Tags in balance, one h1, a language, unique ids, links that lead to files of the site."""
    files = render()
    outline = Outline(files[name])
    assert outline.open == []
    assert len(outline.all("h1")) == 1
    assert outline.all("html")[0]["lang"] == ("fi" if "/" not in name else name[:2])
    ids = [attributes["id"] for _, attributes in outline.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    folder = name.rpartition("/")[0]
    for link in [*outline.all("a"), *outline.all("link")]:
        href = str(link["href"])
        target = href if not folder else (href[3:] if href.startswith("../") else f"{folder}/{href}")
        assert href.startswith("#") or target in files, href


@pytest.mark.parametrize("name", PAGES)
def test_a_page_needs_nothing_from_elsewhere(name: str) -> None:
    """A strict Content-Security-Policy, no script, no inline style, no address outside the site."""
    page = render()[name].decode()
    assert "default-src 'none'; style-src 'self'; img-src 'self'" in page.replace("&#39;", "'")
    assert not re.search(r"<script|<style|\sstyle=|javascript:|\son\w+=|https?://", page)


def test_a_light_is_never_colour_alone() -> None:
    """Shape, word and number stand together."""
    page = render()["index.html"].decode()
    assert re.search(r"●</span> <strong>1</strong> <span>vihreä", page)
    assert re.search(r"▲</span> <strong>1</strong> <span>keltainen", page)
    assert re.search(r"■</span> <strong>0</strong> <span>punainen", page)
    assert 'class="light green"><span class="shape" aria-hidden="true">●</span> vihreä' in page


def test_silence_and_lateness_have_words_of_their_own() -> None:
    """The head of the school is late with 4.1: grey, never red; a phase alone is no light."""
    row = _row(render()["index.html"].decode(), "t4.1")
    assert "arvio myöhässä" in row
    assert "red" not in row
    assert "ei valoa" in _row(render()["index.html"].decode(), "t4.2")


def test_tables_tell_a_reader_what_is_what() -> None:
    """Each table has column heads with scope, and row heads."""
    outline = Outline(render()["index.html"])
    scopes = [head.get("scope") for head in outline.all("th")]
    assert set(scopes) == {"col", "row"}
    assert len(outline.all("table")) == 3


def test_finnish_titles_are_marked_on_the_other_pages() -> None:
    """WCAG 3.1.2: the programme is written in the main language."""
    assert '<span class="title" lang="fi">Toimenpide 3.1</span>' in render()["sv/index.html"].decode()
    assert '<span class="title">Toimenpide 3.1</span>' in render()["index.html"].decode()


def test_words_are_published_only_when_approved() -> None:
    """Lights at once; free text with the setting, or where a person approved this very fact."""
    assert "Ikkunat" not in "".join(content.decode() for content in render().values())
    assert "Ikkunat saatiin käyttöön." in render(with_texts())["index.html"].decode()
    page = build_page(SETUP, measure(*FACTS), published_at=AT, is_approved=lambda fact: fact.action == "t3.1")
    assert "Ikkunat saatiin käyttöön." in render_page(page, TEMPLATES)["index.html"].decode()


def test_persons_and_addresses_are_never_published() -> None:
    """Nothing of the directory gets onto the site, nor an address that a party wrote into its text."""
    fact = said("museo", "3.11", GREEN, text="Kysy lisää: joku@kunta.example tai <joku@kunta.example>.")
    files = render_site(with_texts(), [measure(fact)], TEMPLATES, updated_at=AT)
    everything = "".join(content.decode() for content in files.values())
    assert "kunta.example" not in everything
    assert "Kysy lisää" in everything


@pytest.mark.fault("A9", "P12")
@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "a\u202eb\x00c\u200bd", "{{ 7 * 7 }}"])
def test_hostile_text_stays_text(hostile: str) -> None:
    """In a title and in a party's words alike: no tag comes of it, no template, no hidden character."""
    actions = tuple(
        replace(action, title=hostile.replace("\x00", "")) if action.number == "3.1" else action for action in PROGRAMME.actions
    )
    setup = replace(with_texts(), programmes={"elinvoima": replace(PROGRAMME, actions=actions)})
    progress = replace(measure(said("museo", "3.10", GREEN, text=hostile)), programme=setup.programmes["elinvoima"])
    files = render_site(setup, [progress], TEMPLATES, updated_at=AT)
    page = files["index.html"].decode()
    assert not Outline(files["index.html"]).all("script")
    assert not Outline(files["index.html"]).all("img")
    assert "49" not in page
    assert "\x00" not in page
    assert "\u202e" not in _row(page, "t3.10")


def test_the_open_data_says_the_same() -> None:
    """Party as role, the three axes apart, null where nothing is known, no words before approval."""
    data = json.loads(render()["data.json"])
    rows = {row["number"]: row for row in data["actions"]}
    assert data["lights"] == {"green": 1, "yellow": 1, "red": 0, "other": 1, "awaited": 2, "not_asked": 0}
    assert (rows["3.1"]["light"], rows["3.1"]["phase"], rows["3.1"]["report"]) == ("green", "done", "received")
    assert (rows["4.1"]["light"], rows["4.1"]["report"], rows["4.1"]["updated"]) == (None, "overdue", None)
    assert rows["3.1"]["party"] == {"id": "museo", "name": {"fi": "museonjohtaja", "sv": "museichefen", "en": "Museum Director"}}
    assert rows["3.1"]["contributors"] == [{"name": {"fi": "rehtori", "sv": "rektorn", "en": "Principal"}, "light": "red", "phase": None}]
    assert rows["3.1"]["text"] is None
    assert set(rows) == {"3.1", "3.10", "3.11", "4.1", "4.2"}


def test_the_same_facts_give_the_same_bytes() -> None:
    """Nothing in a page depends on the run."""
    assert render() == render()


def test_actions_of_other_years_stand_by_themselves() -> None:
    """What the round does not ask for is listed with its years and without a light."""
    page = render()["index.html"].decode()
    later = page[page.index('id="later"') :]
    assert "Toimenpide 5.1" in later
    assert "2026–2027" in later
    assert "Toimenpide 3.1<" not in later


def test_a_second_programme_gets_a_folder_of_its_own() -> None:
    """The first at the root, the second below its id, each with a link to the other."""
    other = replace(PROGRAMME, id="ilmasto", name=SETUP.office.city)
    second = replace(measure(), programme=other, round=replace(measure().round, programme="ilmasto"))
    setup = replace(SETUP, programmes={"elinvoima": PROGRAMME, "ilmasto": other})
    files = render_site(setup, [measure(), second], TEMPLATES, updated_at=AT)
    assert 'href="../../sv/index.html"' in files["ilmasto/sv/index.html"].decode()
    assert 'href="../ilmasto/sv/index.html"' in files["sv/index.html"].decode()
    assert "ilmasto/style.css" in files


def test_the_newest_round_that_is_alive_is_shown() -> None:
    """A round of which nothing is known yet does not push away the one that people look for."""
    future = replace(measure(), round=replace(measure().round, id="2025", name=SETUP.office.city))
    files = render_site(SETUP, [measure(*FACTS), future], TEMPLATES, updated_at=AT)
    assert json.loads(files["data.json"])["round"]["id"] == "2024"


def test_the_statement_is_dated_only_where_somebody_reviewed_it() -> None:
    """No date is better than a date that nobody stands for."""
    page = build_page(SETUP, measure(), published_at=BEFORE)
    assert "tarkistettu" not in render_page(page, TEMPLATES)["saavutettavuusseloste.html"].decode()
    dated = render_page(page, TEMPLATES, statement_on=date(2025, 2, 1))
    assert "Seloste on tarkistettu 1.2.2025." in dated["saavutettavuusseloste.html"].decode()


def test_sentences_follow_the_number() -> None:
    """One action has been assessed, two have; nobody says `1 actions`."""
    one = RoundFigures(parties=1, complete=1, partial=0, silent=0, late=0, oldest_due_on=None)
    assert (
        write_summary("en", LightTally(green=1), one)
        == "1 of 1 action has been assessed. 1 of 1 responsible party has reported everything."
    )
    assert write_summary("sv", LightTally(green=1), one) == "Av 1 åtgärd har 1 bedömts. Av 1 ansvarig part har 1 rapporterat allt sitt."
    assert write_summary("fi", LightTally(green=1, awaited=1), one).startswith("2 toimenpiteestä 1 on arvioitu, 1 odottaa vielä.")


def test_bars_fill_their_width() -> None:
    """The pieces and the gaps between them add up, and what there is none of takes no room."""
    pieces = write_segments(LightTally(green=12, yellow=4, red=0, awaited=1))
    assert [name for name, _, _ in pieces] == ["green", "yellow", "awaited"]
    assert pieces[0][1] == 0
    assert pieces[-1][1] + pieces[-1][2] == 1000
    assert write_segments(LightTally()) == []


def test_years_are_written_short() -> None:
    """Unbroken years as a range."""
    assert [write_years(frozenset(years)) for years in ({2024}, {2024, 2025, 2026}, {2024, 2026})] == ["2024", "2024–2026", "2024, 2026"]


def _row(page: str, action: str) -> str:
    start = page.index(f'id="{action}"')
    return page[start : page.index("</tr>", start)]
