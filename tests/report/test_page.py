"""The public page: what everybody may read, and nothing else."""

from __future__ import annotations

import json
import posixpath
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from html import unescape
from html.parser import HTMLParser

import pytest

from reminder.domain.assessments import Assessment, EarlierLight, Phase
from reminder.domain.programme import Language
from reminder.domain.setup import Setup
from reminder.report.lights import LightTally
from reminder.report.overdue import RoundFigures
from reminder.report.site.building import Source, build_site
from reminder.report.site.charts import write_segments
from reminder.report.site.pages import render_site
from reminder.report.site.views import Judgement
from reminder.report.words import write_summary, write_years
from reminder.wire.feedback import find_feedback
from reminder.wire.mailto import read_mailto
from tests.report.cast import GREEN, LATE, PROGRAMME, RED, ROUND, SETUP, TEMPLATES, YELLOW, measure, said, with_texts

AT = datetime(2025, 3, 7, 7, 5, tzinfo=UTC)
FACTS = (
    said("museo", "3.1", GREEN, Phase.DONE, text="Ikkunat saatiin käyttöön."),
    said("museo", "3.10", YELLOW),
    said("yhtio", "4.2", None, Phase.DROPPED),
    said("rehtori", "3.1", RED),
)
SOURCE = Source(facts=FACTS, asked_on={("elinvoima", "2024"): date(2025, 2, 14)})
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
    return render_site(setup, [measure(*FACTS, now=LATE)], TEMPLATES, updated_at=AT, source=SOURCE)


PAGES = sorted(name for name in render(with_texts()) if name.endswith(".html"))
KINDS = ("index", "actions", "areas", "parties", "changes", "about", "data", "round/2024", "area/keskusta", "party/museo", "action/t3.1")


def resolve(page: str, href: str) -> str:
    """The file of the site that a link leads to."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(page), href.partition("#")[0]))


def test_the_files_of_the_site() -> None:
    """The main language at the root, the others in folders under the same names, each with its accessibility statement."""
    files = render()
    for folder, statement in (("", "saavutettavuusseloste"), ("sv/", "tillganglighetsutlatande"), ("en/", "accessibility")):
        assert {f"{folder}{kind}.html" for kind in (*KINDS, statement)} <= files.keys()
    assert {"style.css", "site.js", "data.json"} <= files.keys()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_sound(name: str) -> None:
    """Tags in balance, one h1, a language, a title of its own, unique ids, links that lead to files of the site."""
    files = render(with_texts())
    outline = Outline(files[name])
    assert outline.open == []
    assert len(outline.all("h1")) == 1
    assert outline.all("html")[0]["lang"] == (name[:2] if name[:3] in {"sv/", "en/"} else "fi")
    ids = [attributes["id"] for _, attributes in outline.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for link in [*outline.all("a"), *outline.all("link"), *outline.all("script")]:
        href = str(link.get("href") or link.get("src"))
        assert href.startswith("#") or resolve(name, href) in files, href


def test_every_page_can_be_reached_from_the_overview() -> None:
    """By links alone, and no title stands on two pages of one language."""
    files = render(with_texts())
    seen, waiting = set[str](), ["index.html"]
    while waiting:
        page = waiting.pop()
        if page not in seen and page.endswith(".html"):
            seen.add(page)
            waiting += [resolve(page, str(link["href"])) for link in Outline(files[page]).all("a")]
    assert seen == set(PAGES)
    titles = [re.findall(r"<title>(.*?)</title>", files[name].decode())[0] for name in PAGES if name[:3] not in {"sv/", "en/"}]
    assert len(set(titles)) == len(titles) - 1  # the round that is shown stands at its own address too


@pytest.mark.parametrize("name", PAGES)
def test_a_page_needs_nothing_from_elsewhere(name: str) -> None:
    """A strict Content-Security-Policy, no script, no inline style, no address outside the site."""
    page = render()[name].decode()
    assert "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'" in page.replace("&#39;", "'")
    assert re.findall(r"<script.*?</script>", page) == [f'<script src="{"../" * name.count("/")}site.js" defer></script>']
    assert not re.search(r"<style|\sstyle=|javascript:|\son\w+=|https?://", page)


def test_a_light_is_never_colour_alone() -> None:
    """Shape, word and number stand together."""
    page = render()["index.html"].decode()
    assert re.search(r"●</span> <strong>1</strong> <span>vihreä", page)
    assert re.search(r"▲</span> <strong>1</strong> <span>keltainen", page)
    assert re.search(r"■</span> <strong>0</strong> <span>punainen", page)
    assert 'class="light green"><span class="shape" aria-hidden="true">●</span> vihreä' in page


def test_silence_and_lateness_have_words_of_their_own() -> None:
    """The head of the school is late with 4.1: grey, never red; a phase alone is no light."""
    row = _row(render()["actions.html"].decode(), "t4.1")
    assert "arvio myöhässä" in row
    assert "red" not in row
    assert "ei valoa" in _row(render()["actions.html"].decode(), "t4.2")


@pytest.mark.parametrize("name", PAGES)
def test_tables_tell_a_reader_what_is_what(name: str) -> None:
    """Each table is named by a heading, and has column heads and row heads with scope."""
    outline = Outline(render(with_texts())[name])
    ids = {attributes.get("id") for tag, attributes in outline.tags if tag in {"h1", "h2"}}
    assert {head.get("scope") for head in outline.all("th")} <= {"col", "row"}
    assert all(table["aria-labelledby"] in ids for table in outline.all("table"))


def test_finnish_titles_are_marked_on_the_other_pages() -> None:
    """WCAG 3.1.2: the programme is written in the main language."""
    assert '<a class="title" href="action/t3.1.html" lang="fi">Toimenpide 3.1</a>' in render()["sv/actions.html"].decode()
    assert '<a class="title" href="action/t3.1.html">Toimenpide 3.1</a>' in render()["actions.html"].decode()


def test_words_are_published_only_when_approved() -> None:
    """Lights at once; free text with the setting, or where a person has published this very fact."""
    assert "Ikkunat" not in "".join(content.decode() for content in render().values())
    assert "Ikkunat saatiin käyttöön." in render(with_texts())["action/t3.1.html"].decode()
    source = replace(SOURCE, is_approved=lambda fact: fact.action == "t3.1")
    files = render_site(SETUP, [measure(*FACTS)], TEMPLATES, updated_at=AT, source=source)
    assert "Ikkunat saatiin käyttöön." in files["action/t3.1.html"].decode()


def test_persons_and_addresses_are_never_published() -> None:
    """Nothing of the directory gets onto the site, nor a contact detail that a party wrote into its text; each page says that one was."""
    fact = said("museo", "3.11", GREEN, text="Kysy: joku@kunta.example, <joku@kunta.example>, 040 123 4567 tai 131052-308T.")
    files = render_site(with_texts(), [measure(fact)], TEMPLATES, updated_at=AT, source=Source(facts=(fact,)))
    everything = "".join(content.decode() for content in files.values())
    assert not re.search(r"kunta\.example|123 4567|131052|joku", everything)
    removed = "[sähköpostiosoite poistettu], &lt;[sähköpostiosoite poistettu]&gt;, [puhelinnumero poistettu] tai [henkilötunnus poistettu]."
    assert removed in files["action/t3.11.html"].decode()
    assert "[phone number removed]" in files["en/action/t3.11.html"].decode()


def test_the_sub_committee_has_its_light_beside_the_partys() -> None:
    """Its column is there once it has judged anything, in the tables, on the action's page and in the data."""
    judged = {("elinvoima", "2024", "t3.1"): Judgement(light=RED, text="Jaosto odotti enemmän.")}
    files = render_site(SETUP, [measure(*FACTS)], TEMPLATES, updated_at=AT, source=replace(SOURCE, judgements=judged))
    assert "Jaoston valo" not in render()["actions.html"].decode()
    row = _row(files["actions.html"].decode(), "t3.1")
    assert row.index("vihreä") < row.rindex("punainen")
    assert "Jaosto odotti enemmän." in files["action/t3.1.html"].decode()
    assert json.loads(files["data.json"])["actions"][0]["sub_committee_light"] == "red"


def test_what_changed_is_told_with_what_stood_before() -> None:
    """A light given anew stands beside the old one; the same said again is no change; what came too late is none."""
    facts: tuple[Assessment, ...] = (
        said("museo", "3.1", YELLOW, day=15),
        said("museo", "3.1", YELLOW, day=16),
        said("museo", "3.1", RED, day=17),
    )
    facts = (*facts, said("museo", "3.10", GREEN, day=16), said("museo", "3.11", GREEN, late=True), said("rehtori", "3.1", GREEN))
    changes = build_site(SETUP, [measure(*facts)], updated_at=AT, source=Source(facts=facts)).changes
    assert [(one.action.number, one.before, one.light, one.is_first) for one in changes] == [
        ("3.1", YELLOW, RED, False),
        ("3.10", None, GREEN, True),
        ("3.1", None, YELLOW, True),
    ]
    page = render_site(SETUP, [measure(*facts)], TEMPLATES, updated_at=AT, source=Source(facts=facts))["changes.html"].decode()
    assert "Muutettu: keltainen → punainen" in page


def test_rounds_stand_side_by_side() -> None:
    """The later one is shown, the earlier keeps its page and its data, an action has both, and the light of before is compared."""
    earlier = replace(measure(said("museo", "3.1", GREEN)), round=replace(ROUND, id="2023", name=SETUP.office.city))
    setup = replace(SETUP, rounds=(earlier.round, ROUND))
    site = build_site(setup, [earlier, measure(said("museo", "3.1", RED))], updated_at=AT)
    assert [(entry.round_id, entry.light, entry.trend) for entry in site.histories["t3.1"]] == [("2024", RED, "worse"), ("2023", GREEN, "")]
    files = render_site(setup, [earlier, measure(said("museo", "3.1", RED))], TEMPLATES, updated_at=AT)
    assert "1 huononi" in files["index.html"].decode()
    assert json.loads(files["data/2023.json"])["actions"][0]["light"] == "green"
    alone = render_site(replace(SETUP, rounds=(earlier.round,)), [earlier], TEMPLATES, updated_at=AT)
    assert json.loads(alone["data/2023.json"]) == {**json.loads(files["data/2023.json"]), "rounds": ["2023"]}


def test_a_light_from_before_the_service_is_the_first_of_its_history() -> None:
    """What the file of earlier lights tells stands below, and what came since is compared with it."""
    setup = replace(SETUP, earlier={"elinvoima": {"t3.1": EarlierLight(on=date(2024, 2, 1), light=RED)}})
    entry, before = build_site(setup, [measure(said("museo", "3.1", GREEN))], updated_at=AT).histories["t3.1"]
    assert (entry.trend, before.light, before.round_id, before.updated_on) == ("better", RED, "", date(2024, 2, 1))


def test_only_what_a_reply_changes_is_written_anew() -> None:
    """One more light changes the overview, the lists, its area, its party and its action, and the data: no page of another action."""
    more = (*FACTS, said("museo", "3.11", GREEN, day=19))
    after = render_site(SETUP, [measure(*more, now=LATE)], TEMPLATES, updated_at=AT, source=replace(SOURCE, facts=more))
    before = render()
    changed = {name for name in after if after[name] != before.get(name) and not name.startswith(("sv/", "en/"))}
    pages = {"index", "actions", "round/2024", "areas", "area/matkailu", "parties", "party/museo", "action/t3.11", "changes"}
    beside = {"data.json", "data/2024.json", "data/2024.csv", "feed.xml", "badge.svg"}
    assert changed == {f"{page}.html" for page in pages} | beside


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
    page = files["actions.html"].decode()
    for name in (name for name in files if name.endswith(".html")):
        assert len(Outline(files[name]).all("script")) == 1
        assert [one["src"] for one in Outline(files[name]).all("img") if not str(one["src"]).endswith("badge.svg")] == []
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
    principal = {"id": "rehtori", "name": {"fi": "rehtori", "sv": "rektorn", "en": "Principal"}, "light": "red", "phase": None}
    assert rows["3.1"]["contributors"] == [principal]
    assert rows["3.1"]["text"] is None
    assert set(rows) == {"3.1", "3.10", "3.11", "4.1", "4.2"}


def test_the_same_facts_give_the_same_bytes() -> None:
    """Nothing in a page depends on the run."""
    assert render() == render()


def test_actions_of_other_years_stand_by_themselves() -> None:
    """What the round does not ask for is listed with its years and without a light."""
    page = render()["actions.html"].decode()
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
    assert "tarkistettu" not in render()["saavutettavuusseloste.html"].decode()
    dated = render_site(SETUP, [measure()], TEMPLATES, updated_at=AT, statement_on=date(2025, 2, 1))
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
    start = page.rindex("<tr", 0, page.index(f'href="action/{action}.html"'))
    return page[start : page.index("</tr>", start)]


@pytest.mark.parametrize(("language", "name"), [("fi", "saavutettavuusseloste.html"), ("en", "en/accessibility.html")])
def test_the_statement_opens_a_mail_of_feedback(language: Language, name: str) -> None:
    """Its link is feedback by address and subject; where no address is known, there is no link."""
    to = "seuranta+saavutettavuus@suvikoski.example"
    page = render_site(SETUP, [measure(*FACTS)], TEMPLATES, updated_at=AT, feedback_to=to)[name].decode()
    without = render_site(SETUP, [measure(*FACTS)], TEMPLATES, updated_at=AT)[name].decode()

    (link,) = re.findall(r'href="(mailto:[^"]+)"', page)
    address, subject, _ = read_mailto(unescape(link))
    assert (address, find_feedback([address], frozenset({"seuranta@suvikoski.example"}), subject)) == (to, language)
    assert "mailto:" not in without
