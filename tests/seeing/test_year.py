"""`plan --as`: the year as a page, a picture, a calendar file and a document, of the city in mid-round."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from icalendar import Calendar, Component

from reminder.domain.foreseen import ForeseenMail
from reminder.domain.intents import PlanState
from reminder.domain.rounds import StepKind
from reminder.errors import EXIT_USAGE
from reminder.plan.foreseeing import foresee
from reminder.plan.timeline import plan_timeline
from reminder.store import overlays
from reminder.store.engine import Store
from reminder.store.overlays import OverlayKind
from tests.cli.city import City, build_city
from tests.plan import cast
from tests.plan.year import Year, hours
from tests.seeing.midround import local

SVG = "{http://www.w3.org/2000/svg}"


class Page(HTMLParser):
    """What a page holds: tags with their attributes, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keeps each tag."""
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Keeps the text."""
        self.text += data


def change(city: City, folder: Path, replacements: dict[str, str]) -> City:
    """A city beside it with other words in its files and the same settings."""
    folder.joinpath("config").mkdir()
    for path in (*city.config.glob("*.*ml"), city.config / ".env"):
        text = path.read_text(encoding="utf-8")
        for old, new in replacements.items():
            text = text.replace(old, new)
        folder.joinpath("config", path.name).write_text(text, encoding="utf-8")
    return City(folder=folder, capsys=city.capsys)


@pytest.mark.parametrize(
    ("lang", "words"), [("fi", "lähetetty pe 14.2.2025"), ("sv", "skickat fre 14.2.2025"), ("en", "sent Fri 14 Feb 2025")]
)
def test_the_page_stands_alone_and_says_why(city: City, lang: str, words: str) -> None:
    """One file: no script, no style in an attribute, nothing from elsewhere; every mail with its reason and standing."""
    told = city.run("--lang", lang, "plan", "--as", "html").out
    page = Page(told)

    policy = next(attrs["content"] for tag, attrs in page.tags if tag == "meta" and "http-equiv" in attrs)
    style = told[told.index("<style>") + 7 : told.index("</style>")]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert not {tag for tag, _ in page.tags} & {"script", "link", "img", "iframe", "object", "form"}
    assert not [attrs for _, attrs in page.tags if "style" in attrs or any(name.startswith("on") for name in attrs)]
    assert [attrs["href"] for _, attrs in page.tags if not str(attrs.get("href", "#")).startswith("#")] == []
    assert words in page.text


def test_every_day_of_twelve_months_is_there_and_the_holidays_by_name(city: City) -> None:
    """365 fields from January to December, closed days hatched, named below their month; today with a line and a word."""
    told = city.run("--lang", "fi", "plan", "--as", "html").out

    assert told.count('class="field open-day"/><text') + told.count('class="field closed-day"/><text') + told.count("url(#hatch)") > 365
    assert len(re.findall(r'class="day">\d+<', told)) == 365
    for name in ("Uudenvuodenpäivä", "Pitkäperjantai", "Juhannusaatto", "Kaupungin virastot suljettu", "Jouluaatto"):
        assert f"<span>{name}</span>" in told
    assert told.count('class="now-word">tänään<') == 1


def test_kinds_differ_by_shape_and_word(city: City) -> None:
    """No two kinds share a shape, and each shape stands in the legend beside its word."""
    told = city.run("--lang", "en", "plan", "--as", "html").out
    shapes = dict(re.findall(r'<symbol id="sign-([a-z_]+)" viewBox="0 0 12 12">(.*?)</symbol>', told))

    assert len(set(shapes.values())) == len(shapes) == 12
    legend = told[told.index('<ul class="legend"') : told.index("</ul>", told.index('<ul class="legend"'))]
    for sign, word in (("request", "request"), ("last_call", "last call"), ("deadline", "deadline"), ("anchor", "anchor")):
        assert re.search(rf'#sign-{sign}"[^>]*/></svg>{word}</li>', legend)


def test_what_was_decided_lies_over_the_files(tmp_path: Path, database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An extension has its own deadline, its own reminders and a line of its own; a pause is named with its end."""
    city = build_city(tmp_path, database, capsys)
    store = Store.open(f"sqlite:///{tmp_path / 'reminder.db'}")
    with store.begin() as conn:
        overlays.add_overlay(
            conn, kind=OverlayKind.EXTENSION, programme="elinvoima", round_id="2024", party="suvikodit",
            value={"due_on": "2025-03-14"}, because="yhtiökokous", actor="x", now=local("2025-01-01 12:00"),
        )  # fmt: skip
    store.close()
    city.run("pause", "--until", "2025-01-20")

    told = Page(city.run("--lang", "fi", "plan", "--as", "html").out).text

    assert "lisäaika, Suvikodit Oy:n toimitusjohtaja: ke 1.1.2025 – pe 14.3.2025 (yhtiökokous)" in told
    assert "määräaika: Suvikodit Oy:n toimitusjohtaja" in told
    assert "lähetys tauolla: to 2.1.2025 – ma 20.1.2025" in told


def test_hostile_names_stay_words(city: City, tmp_path: Path) -> None:
    """What the files say is text in every form, whatever stands in it."""
    names = {"fi: tilinpäätös": "fi: '<script>alert(1)</script> & \"x\"'", "fi: kulttuuripäällikkö": "fi: '</title><b>\"&'"}
    hostile = change(city, tmp_path, names)

    page = Page(hostile.run("--lang", "fi", "plan", "--as", "html").out)
    picture = ElementTree.fromstring(hostile.run("--lang", "fi", "plan", "--as", "svg").out)

    assert "script" not in {tag for tag, _ in page.tags}
    assert '<script>alert(1)</script> & "x"' in page.text
    assert picture.find(f".//{SVG}script") is None
    assert any('<script>alert(1)</script> & "x"' in "".join(text.itertext()) for text in picture.iter(f"{SVG}title"))


def test_the_picture_is_one_sound_file(city: City) -> None:
    """The SVG reads as XML, has twelve months, and refers to nothing outside itself."""
    root = ElementTree.fromstring(city.run("--lang", "sv", "plan", "--as", "svg").out)

    months = [text.text for text in root.iter(f"{SVG}text") if text.get("class") == "month"]
    assert (months[0], months[-1], len(months)) == ("Januari 2025", "December 2025", 12)
    assert all(use.get("href", "").startswith("#sign-") for use in root.iter(f"{SVG}use"))


def category_of(event: Component) -> str:
    """The kind that an entry bears."""
    lines: list[bytes] = event.to_ical().splitlines()
    return next(line.partition(b":")[2].decode().strip() for line in lines if line.startswith(b"CATEGORIES:"))


def test_the_calendar_file_is_read_back_as_it_is_meant(city: City) -> None:
    """Mails are timed and in UTC, deadlines are whole days, each entry has a UID of its own, lines are folded at 75 octets."""
    raw = city.run("--lang", "fi", "plan", "--as", "ics").out.encode()
    events = list(Calendar.from_ical(raw).walk("VEVENT"))

    by_category = {category_of(event): event for event in reversed(events)}
    assert by_category["request"].decoded("dtstart") == datetime(2025, 2, 14, 6, 0, tzinfo=UTC)
    assert by_category["deadline"].decoded("dtstart") == date(2025, 2, 28)
    assert by_category["deadline"].decoded("dtend") == date(2025, 3, 1)
    assert "plus 10 arkipäivää on 28.2.2025" in str(by_category["last_call"]["description"])
    assert len({str(event["uid"]) for event in events}) == len(events) >= 20
    assert max(len(line) for line in raw.split(b"\n")) <= 76
    assert all("dtstamp" in event for event in events)


def test_an_entry_keeps_its_uid_when_its_date_moves(city: City, tmp_path: Path) -> None:
    """A calendar that imports the file again moves its entries."""
    moved = change(city, tmp_path, {"2024: 2025-02-14": "2024: 2025-02-21"})

    starts = [
        {str(event["uid"]): event.decoded("dtstart") for event in Calendar.from_ical(one.run("plan", "--as", "ics").out).walk("VEVENT")}
        for one in (city, moved)
    ]

    assert len(starts[0].keys() ^ starts[1].keys()) <= 2  # the digests on either side
    assert sum(starts[0][uid] != starts[1][uid] for uid in starts[0].keys() & starts[1].keys()) > 10


def test_the_document_has_what_the_picture_shows(city: City, tmp_path: Path) -> None:
    """`--as json --out FILE` writes one document; each mail with its state, why, and when it was sent."""
    path = tmp_path / "year.json"
    city.run("plan", "--as", "json", "--out", str(path))
    document = json.loads(path.read_text(encoding="utf-8"))

    request = next(mail for mail in document["mails"] if mail["kind"] == "request")
    assert (request["state"], request["on"], len(request["parties"])) == ("sent", "2025-02-14", 17)
    assert {mail["state"] for mail in document["mails"]} == {"sent", "planned", "not_needed", "skipped"}
    assert document["closed"]["2025-04-18"] == "Good Friday"


def test_the_year_of_one_party_within_some_days(city: City) -> None:
    """--party, --from and --until hold for every form."""
    document = json.loads(
        city.run("plan", "--as", "json", "--party", "kulttuuripaallikko", "--from", "2025-02-01", "--until", "2025-02-28").out
    )

    assert [mail["kind"] for mail in document["mails"]] == ["request", "reminder", "reminder", "last_call"]
    assert (document["first"], document["last"]) == ("2025-02-01", "2025-02-28")


def test_a_time_without_anything_is_said(city: City) -> None:
    """A picture of nothing is wrong use, and so is a table into a file."""
    assert city.run("plan", "--as", "html", "--from", "2031-01-01").code == EXIT_USAGE
    assert city.run("plan", "--out", "x.txt").code == EXIT_USAGE


def test_the_forecast_is_what_the_planner_then_does() -> None:
    """Hour by hour through the year the planner sends exactly the mails that were foreseen at its start."""
    setup = cast.setup_of()
    start, end = cast.local("2025-01-01 00:00"), cast.local("2025-06-30 00:00")
    foreseen = foresee(setup, plan_timeline(setup), PlanState(), start)

    sent = Year.of(setup).run(hours(start, end)).mails

    def told(mail: ForeseenMail) -> tuple[date, str, StepKind]:
        return (setup.calendar.local_day(mail.leaves_at), mail.recipient.person, mail.kind)

    assert [told(mail) for mail in foreseen] == [(setup.calendar.local_day(mail.at), mail.person, mail.kinds[0]) for mail in sent]
    assert len(foreseen) > 40
