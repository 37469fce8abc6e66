"""The public site in a real browser: axe-core finds nothing, keyboard, narrow and enlarged windows work, nothing comes from elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time
from importlib.resources import files as files_of
from itertools import cycle, pairwise

import pytest

from reminder.domain.assessments import Assessment, EarlierLight, Phase
from reminder.domain.hearings import HearingSlot, MeetingKind
from reminder.domain.programme import Language
from reminder.report.site.building import Source
from reminder.report.site.meetings import PublicMeeting
from reminder.report.site.pages import STATEMENT_FILES, render_site
from reminder.report.site.views import Judgement
from tests.browser.devtools import Tab, browser
from tests.browser.serving import serve
from tests.report.cast import GREEN, LATE, RED, SETUP, TEMPLATES, YELLOW, measure, named, said, with_texts
from tests.report.test_versions import NOW as THIS_VERSION
from tests.report.test_versions import edited, version

pytestmark = pytest.mark.real

FEEDBACK = "seuranta+saavutettavuus@suvikoski.example"
LONG = "Rahoitusta odotetaan. " * 12 + "Katkeamatonelinvoimaohjelmanseurantaraportointivelvollisuus"
FACTS: tuple[Assessment, ...] = (
    said("museo", "3.1", GREEN, Phase.DONE, text="Ikkunat saatiin käyttöön."),
    said("museo", "3.10", YELLOW, text=LONG),
    said("museo", "3.10", RED, day=19, text=LONG),
    said("yhtio", "4.2", None, Phase.DROPPED),
    said("rehtori", "3.1", RED),
)
HEARING = PublicMeeting(
    programme="elinvoima",
    round="2024",
    kind=MeetingKind.HEARING,
    days=(date(2025, 3, 18), date(2025, 3, 19)),
    opens=time(13),
    until=time(15),
    place=named("Kaupungintalo", "Stadshuset", "City Hall"),
    slots=(HearingSlot(parties=("museo", "rehtori"), on=date(2025, 3, 18), begins=time(13), ends=time(13, 20)),),
    without_time=("yhtio",),
)
LISTS = ("index", "actions", "areas", "parties", "changes", "about", "data", "meetings", "versions")
KINDS = (*LISTS, "area/keskusta", "party/museo", "action/t3.1", "action/t5.1")
HOMES: dict[Language, str] = {"fi": "", "sv": "sv/", "en": "en/"}
PAGES = [f"{home}{kind}.html" for home in HOMES.values() for kind in KINDS] + [
    f"{home}{STATEMENT_FILES[language]}" for language, home in HOMES.items()
]
QUICK = ("index.html", "sv/actions.html")
"""Those that are looked at in every run of the fast tests."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """A site with every sign that there is: lights, phases, silence, lateness, texts, history, the sub-committee's light."""
    then = date(2024, 2, 3)
    earlier = {"elinvoima": {"t3.1": EarlierLight(on=then, light=YELLOW), "t3.10": EarlierLight(on=then, light=GREEN)}}
    before = replace(measure(said("museo", "3.1", YELLOW)), round=replace(measure().round, id="2023"))
    source = Source(
        facts=FACTS,
        asked_on={("elinvoima", "2024"): date(2025, 2, 14)},
        judgements={("elinvoima", "2024", "t3.1"): Judgement(light=RED, text="Jaosto odotti enemmän.")},
        meetings=(HEARING, replace(HEARING, kind=MeetingKind.SEMINAR, is_cancelled=True), replace(HEARING, round="2023", days=(then,))),
        versions=(version(1, edited(0, text=LONG, lead="yhtio")), version(2, THIS_VERSION)),
    )
    setup = replace(with_texts(), earlier=earlier, rounds=(before.round, *SETUP.rounds))
    at = datetime(2025, 3, 7, 7, 5, tzinfo=UTC)
    with serve(
        render_site(setup, [before, measure(*FACTS, now=LATE)], TEMPLATES, updated_at=at, source=source, feedback_to=FEEDBACK)
    ) as address:
        yield address


@pytest.fixture(scope="module")
def tab() -> Iterator[Tab]:
    """One browser for all of these tests."""
    with browser() as one:
        one.prefer("light")
        yield one


@pytest.fixture(scope="module")
def axe() -> str:
    """The text of axe-core, from the package that carries it."""
    return files_of("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def find_violations(tab: Tab, axe: str) -> list[str]:
    """What axe-core has to say of the page: rule, and the first elements of each."""
    tab.run(axe + "; null")
    found = json.loads(tab.run("axe.run(document, {resultTypes: ['violations']}).then(one => JSON.stringify(one.violations))"))
    return [f"{one['id']}: {node['html'][:200]} {node['failureSummary']}" for one in found for node in one["nodes"][:3]]


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_nothing(site: str, tab: Tab, axe: str, page: str) -> None:
    """Every kind of page, in each language and both colour schemes, all rules of axe-core."""
    _check(site, tab, axe, page)


@pytest.mark.parametrize("page", QUICK)
def test_axe_finds_nothing_on_the_pages_that_are_read_most(site: str, tab: Tab, axe: str, page: str) -> None:
    """The same for two pages, quickly."""
    _check(site, tab, axe, page)


GROUNDS = {"light": "rgb(255, 255, 255)", "dark": "rgb(17, 24, 28)"}


def _check(site: str, tab: Tab, axe: str, page: str) -> None:
    tab.resize(1200)
    for scheme in ("light", "dark"):
        tab.prefer(scheme)
        tab.open(site + page)
        assert tab.run("getComputedStyle(document.body).backgroundColor") == GROUNDS[scheme]
        assert find_violations(tab, axe) == []
    tab.prefer("light")


def test_axe_would_find_something(site: str, tab: Tab, axe: str) -> None:
    """The check bites: a picture without a text, a pale word and a skipped heading are found."""
    tab.open(site + "about.html")
    tab.run("document.querySelector('main').innerHTML = '<h1>x</h1><h4>y</h4><img src=badge.svg><p style=\"\" id=p>pale</p>'")
    tab.run("document.getElementById('p').style.color = '#aaa'")
    found = {line.split(":")[0] for line in find_violations(tab, axe)}
    assert {"image-alt", "color-contrast", "heading-order"} <= found


@pytest.mark.parametrize(("width", "zoom"), [(320, 1), (390, 1), (640, 2), (1280, 4), (900, 1), (1200, 1)])
def test_nothing_sticks_out_of_the_window(site: str, tab: Tab, width: int, zoom: float) -> None:
    """No page scrolls sideways at 320 pixels, at 200 % of 640 and at 400 % of 1280 (WCAG 1.4.10), nor in a wide window."""
    tab.resize(width, zoom=zoom)
    for kind, scheme in zip((*KINDS, "round/2023"), cycle(("dark", "light"))):
        tab.prefer(scheme)
        tab.open(f"{site}{kind}.html")
        assert tab.run("document.documentElement.scrollWidth <= innerWidth"), kind
        outside = "[...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1).length"
        clipped = "[...document.querySelectorAll('thead *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1).length"
        assert tab.run(outside) - tab.run(clipped) <= 0, kind
    tab.resize(1200)


FOCUSED = """(() => { const e = document.activeElement, b = e.getBoundingClientRect(), s = getComputedStyle(e);
 return [e.tagName, e.textContent.trim().slice(0, 40), b.top + scrollY, b.left,
 s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2,
         b.width > 0 && b.bottom > 0 && b.top < innerHeight]; })()"""


@pytest.mark.parametrize("width", [390, 1200])
@pytest.mark.parametrize("page", ["index.html", "actions.html", "action/t3.1.html"])
def test_everything_is_reached_by_keyboard_in_the_order_of_reading(site: str, tab: Tab, page: str, width: int) -> None:
    """Tab goes through every link and field from the skip link to the foot; each shows where it is, and none is a trap."""
    tab.resize(width)
    tab.open(site + page)
    count = "[...document.querySelectorAll('a[href], button, input, select, summary')].filter(e => e.checkVisibility()).length"
    wanted = tab.run(count)
    steps = []
    for _ in range(wanted):
        tab.press("Tab")
        steps.append(tab.run(FOCUSED))
    assert steps[0][1] == "Siirry sisältöön"
    assert len({tuple(step[:4]) for step in steps}) == wanted
    assert [step[:2] for step in steps if not step[4]] == []
    assert [step[:2] for step in steps if not step[5]] == []
    rows = [step[2] for step in steps[1:]]
    assert all(after >= before - 60 for before, after in pairwise(rows)), "the focus jumps back"


def test_both_colour_schemes_have_the_same_rules(site: str, tab: Tab) -> None:
    """Only colours differ: what is placed and sized is placed and sized alike, so that no rule hides in one scheme."""
    tab.resize(390)
    place = "const b = e.getBoundingClientRect(); return [b.x, b.y, b.width];"
    boxes = f"JSON.stringify([...document.querySelectorAll('body *')].map(e => {{ {place} }}))"
    seen = []
    for scheme in ("light", "dark"):
        tab.prefer(scheme)
        tab.open(site + "index.html")
        seen.append(tab.run(boxes))
    tab.prefer("light")
    assert seen[0] == seen[1]


def test_the_skip_link_leads_to_the_content(site: str, tab: Tab) -> None:
    """Enter on it puts the focus into the main part."""
    tab.open(site + "index.html")
    tab.press("Tab")
    tab.press("Enter")
    assert tab.run("document.activeElement.id") == "main"


def test_the_list_is_narrowed_and_sorted(site: str, tab: Tab) -> None:
    """A word, a light and a party narrow it, with the count told; a column heading sorts it both ways, by keyboard too."""
    tab.resize(1200)
    tab.open(site + "actions.html")
    shown = "[...document.querySelectorAll('.filtered tbody tr')].filter(r => !r.hidden).map(r => r.cells[0].textContent)"
    assert tab.run(shown) == ["3.1", "3.10", "4.2", "3.11", "4.1"]
    tab.run("{const s = document.querySelector('.filter select'); s.value = 'red'; s.dispatchEvent(new Event('change'))}")
    assert tab.run(shown) == ["3.10"]
    assert tab.run("document.querySelector('[role=status]').textContent") == "1 / 5 riviä näkyvissä"
    tab.run("{const s = document.querySelector('.filter select'); s.value = ''; s.dispatchEvent(new Event('change'))}")
    tab.run("document.querySelectorAll('thead button')[3].focus()")
    tab.press("Enter")
    assert tab.run(shown)[0] == "3.10"
    assert tab.run("document.querySelectorAll('thead th')[3].getAttribute('aria-sort')") == "ascending"
    tab.press("Enter")
    assert tab.run(shown)[-1] == "3.10"


def test_everything_is_there_without_scripts(site: str, tab: Tab) -> None:
    """All rows, all links; only the fields for narrowing are missing."""
    tab.allow_scripts(False)
    try:
        tab.open(site + "actions.html")
    finally:
        tab.allow_scripts(True)
    assert tab.run("[document.querySelectorAll('.filtered tbody tr').length, document.querySelectorAll('.filter').length]") == [5, 0]


@pytest.mark.parametrize("page", ["index.html", "actions.html", "data.html"])
def test_a_page_loads_few_files_and_all_of_them_from_the_site(site: str, tab: Tab, page: str) -> None:
    """The page, the stylesheet and the script (and the badge, where it is shown); nothing refused by the policy, nothing from elsewhere."""
    tab.open(site + page)
    asked = [one["request"]["url"] for one in tab.told("Network.requestWillBeSent")]
    asked = [one for one in asked if not one.endswith("favicon.ico")]
    assert all(one.startswith(site) for one in asked)
    assert len(asked) <= 4
    assert [one["entry"]["text"] for one in tab.told("Log.entryAdded") if "favicon" not in json.dumps(one)] == []
