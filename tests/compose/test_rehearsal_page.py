"""The page of a rehearsal: every mail is on the time line and in the table, and nothing is fetched, run or told by colour alone."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from html import escape
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import jinja2
import pytest

from reminder.compose.rehearsal import chart
from reminder.compose.rehearsal.rendering import render_page, render_party
from reminder.compose.rehearsal.scale import FOLDED, make_scale
from reminder.compose.rehearsal.views import (
    Cause,
    Character,
    RehearsalView,
    RehearsedDeadline,
    RehearsedMail,
    RehearsedParty,
    SignKind,
)
from reminder.compose.rehearsal.words import WORDS, name_sign
from reminder.domain.programme import LANGUAGES, Language, Localised
from reminder.resources import find_templates

ZONE = ZoneInfo("Europe/Helsinki")
LOADER = jinja2.FileSystemLoader(find_templates())
HOSTILE = '"><script>alert(1)</script><img src="https://far.example/x.png">'


def make_mail(number: int, kind: SignKind, day: date, parties: tuple[tuple[str, str], ...], subject: str = "") -> RehearsedMail:
    """A mail of that day."""
    return RehearsedMail(
        number=number,
        at=datetime(day.year, day.month, day.day, 9, number % 60, tzinfo=ZONE),
        kind=kind,
        sender="seuranta@kunta.example",
        recipient="museo@kunta.example",
        subject=subject or f"Aihe {number}",
        name=f"{number:03}-mail",
        text=f"Teksti {number} {subject}",
        parties=parties,
        cause=Cause.CHARACTER if kind.is_incoming else Cause.REPLY,
    )


def make_view(*, differences: tuple[str, ...] = (), is_cut_short: bool = False) -> RehearsalView:
    """One mail of each kind to a party, and a hostile subject to the coordinator."""
    party = RehearsedParty(
        programme="p",
        id="museo",
        name=Localised.everywhere("museo"),
        character=Character.LATE,
        addresses=("museo@kunta.example",),
        deadlines=(
            RehearsedDeadline(
                round_name=Localised.everywhere("2026"),
                due_on=date(2026, 2, 27),
                closes_on=date(2026, 4, 20),
                asked=2,
                answered=2,
                first_on=date(2026, 3, 2),
                complete_on=date(2026, 3, 3),
            ),
        ),
    )
    kinds = list(SignKind)
    mails = [make_mail(index, kind, date(2026, 2, 13) + timedelta(days=2 * index), (party.key,)) for index, kind in enumerate(kinds, 1)]
    mails.append(make_mail(len(mails) + 1, SignKind.DIGEST, date(2026, 4, 20), (), subject=HOSTILE))
    return RehearsalView(
        title=Localised.everywhere("ohjelma"),
        office=Localised.everywhere("kunta"),
        first=date(2026, 2, 10),
        last=date(2026, 4, 21),
        seed=7,
        shares="late=1",
        rounds=(Localised.everywhere("2026"),),
        parties=(party,),
        mails=tuple(mails),
        coordinators=("koordinaattori@kunta.example",),
        closed={date(2026, 4, 3): Localised.everywhere("pitkäperjantai")},
        quiet={date(2026, 2, 16): Localised.everywhere("talviloma")},
        differences=differences,
        is_cut_short=is_cut_short,
        reached=date(2026, 4, 21),
    )


class Page(HTMLParser):
    """What a browser would find: tags, targets, ids."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.hrefs: list[str] = []
        self.ids: list[str] = []
        self.attributes: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes a tag."""
        self.tags[tag] += 1
        for name, value in attrs:
            self.attributes.add(name)
            if name == "href":
                self.hrefs.append(value or "")
            if name == "id":
                self.ids.append(value or "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_stand_alone(language: Language) -> None:
    """No script, no style in an attribute, no event; whatever stands in a mail is text; every link is relative or within the page."""
    view = make_view()
    for written in (
        render_page(view, LOADER, language),
        render_party(view, view.parties[0], LOADER, language),
        render_party(view, None, LOADER, language),
    ):
        page = Page(written)
        assert page.tags["script"] == page.tags["img"] == page.tags["link"] == page.tags["iframe"] == 0
        assert not {name for name in page.attributes if name == "style" or name.startswith("on")}
        assert not [href for href in page.hrefs if "//" in href or ":" in href]
        assert "default-src &#39;none&#39;" in written
        assert WORDS[language].private in written


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_mail_is_on_the_time_line_and_in_the_table(language: Language) -> None:
    """Each mark leads to a panel with the subject and a link to the mail; the table links each mail once more."""
    view = make_view()
    text = render_page(view, LOADER, language)
    page = Page(text)

    assert len(page.ids) == len(set(page.ids))
    assert {href[1:] for href in page.hrefs if href.startswith("#")} <= set(page.ids)
    for mail in view.mails:
        assert page.hrefs.count(f"mails/{mail.name}.html") == 2
        assert len(re.findall(rf"<tspan [^>]*>{re.escape(escape(mail.subject))[:40]}", text)) >= 2  # shown beside the mark
    assert sum(href.startswith(("#p0-", "#c-")) for href in page.hrefs) == 2 * len(view.mails)  # on a desk and on a phone


def test_the_page_of_a_party_has_its_mails_in_full_and_no_others() -> None:
    """The text of each mail, with links that lead out of the folder of the party."""
    view = make_view()
    written = render_party(view, view.parties[0], LOADER, "fi")

    assert all(f"Teksti {mail.number} " in written for mail in view.mails[:-1])
    assert "alert(1)" not in written
    assert "../mails/001-mail.html" in Page(written).hrefs


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_kinds_look_alike(language: Language) -> None:
    """Each kind has a word and a letter of its own, a capital for what was sent and a small one for what came; each shape is its own."""
    letters = WORDS[language].letters

    assert len(set(letters.values())) == len({name_sign(kind, language) for kind in SignKind}) == len(SignKind)
    assert all(letters[kind].islower() is kind.is_incoming for kind in SignKind if letters[kind].isalpha())
    drawn = chart.draw_signs(chart.Canvas.of(make_view(), language))
    shapes = re.findall(r'<symbol id="sign-(\w+)" viewBox="0 0 12 12">(.*?)</symbol>', drawn)
    assert {kind.value for kind in SignKind} <= {name for name, _ in shapes}
    assert len({shape for _, shape in shapes}) == len(shapes)


@pytest.mark.parametrize("width", [chart.WIDE, chart.NARROW], ids=lambda width: width.name)
def test_no_mark_covers_another(width: chart.Width) -> None:
    """Twelve mails within three days: those that would touch stand in lanes of their own."""
    view = make_view()
    mails = [make_mail(index, SignKind.REMINDER, date(2026, 3, 2 + index // 4), ()) for index in range(12)]
    written = chart.draw_row(chart.Canvas.of(view, "fi"), None, mails, "c", width)
    places = re.findall(r'<svg x="([\d.]+)%" y="(\d+)" overflow', written)

    boxes = [(float(x) * width.pixels / 100, int(y)) for x, y in places]
    assert len(boxes) == 12
    for index, (x, y) in enumerate(boxes):
        assert all(y != other_y or abs(x - other_x) >= chart.MARK_WIDTH - 0.01 for other_x, other_y in boxes[:index])


def test_the_page_says_what_went_wrong() -> None:
    """A difference, a trouble and an interruption stand above the time line; without them the page says that all agrees."""
    troubled = render_page(make_view(differences=("museo 1.1: green was said, red was recorded",), is_cut_short=True), LOADER, "en")
    failed = render_page(replace(make_view(), troubles=("The request to museo could not be written.",)), LOADER, "en")

    assert "green was said, red was recorded" in troubled
    assert "The request to museo could not be written." in failed
    assert "Interrupted on Tue 21 Apr 2026" in troubled
    assert WORDS["en"].sound in render_page(make_view(), LOADER, "en")
    assert WORDS["en"].sound not in troubled


def test_days_are_equally_wide_and_a_long_stretch_of_nothing_is_folded() -> None:
    """The days run from 0 to 100 per cent without a step back; a month without a mail takes the room of five."""
    view = make_view()
    early = make_mail(99, SignKind.NOTICE, date(2026, 1, 5), (("p", "museo"),))
    view = replace(view, first=date(2026, 1, 5), mails=(early, *view.mails[1:]))
    scale = make_scale(view)
    widths = {day: scale.end(day) - scale.start(day) for day in map(view.day, range(view.days))}
    before, after = scale.folds
    hidden = [day for day in widths if scale.is_folded(day)]

    assert (scale.edges[0], round(scale.edges[-1], 6)) == (0, 100)
    assert all(width > 0 for width in widths.values())
    assert early.on < before[0] < date(2026, 2, 15) < after[0]
    assert not [mail for mail in view.mails if scale.is_folded(mail.on)]
    assert len({round(width, 6) for day, width in widths.items() if day not in hidden}) == 1
    assert sum(widths[day] for day in hidden) == pytest.approx(2 * FOLDED * widths[early.on])
    assert all(name in chart.draw_axis(chart.Canvas.of(view, "fi"), chart.WIDE) for name in ("Tammi", "Helmi", "Maalis", "Huhti"))
    assert f"{(before[1] - before[0]).days + 1} päivää" in render_page(view, LOADER, "fi")
    assert not make_scale(replace(view, first=date(2026, 2, 10), last=date(2026, 3, 18), mails=view.mails[1:-1])).folds
