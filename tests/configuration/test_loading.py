"""A sound configuration becomes a setup; what stands in the files is what the setup says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reminder.configuration.loading import load_or_raise, load_setup
from reminder.domain.programme import Localised, PartyKind
from reminder.domain.rounds import DateRule, DigestRule, Repeat
from reminder.domain.workdays import Unit
from reminder.errors import ConfigurationFailure
from reminder.plan.dates import deadline_date
from reminder.resources import find_example, find_starter

FILES = ("service.yaml", "schedule.yaml", "programme.yaml", "contacts.yaml")
Edit = Callable[[str, str, str], None]


def test_sound_files_have_no_findings(folder: Path) -> None:
    """The sample loads without a word."""
    assert load_setup(folder).findings == ()


def test_numbers_stay_texts(folder: Path) -> None:
    """3.10 is not 3.1: YAML numbers are read as they are written, and an id left out is the number."""
    actions = load_or_raise(folder).programmes["elinvoima"].actions
    assert [(action.id, action.number) for action in actions] == [("nayttelyt", "3.1"), ("3.10", "3.10")]


def test_the_schedule_is_read_as_written(folder: Path) -> None:
    """Every step of the grammar becomes a rule."""
    one = load_or_raise(folder).rounds[0]
    assert (one.id, one.programme, one.years, one.name.in_language("sv")) == ("2024", "elinvoima", frozenset({2024}), "2024")
    schedule = one.schedule
    assert schedule.notice == DateRule(base="financial_statements", amount=-6, unit=Unit.WEEKS, written="financial_statements - 6 weeks")
    assert [(rule.amount, rule.unit) for rule in schedule.reminders] == [(-5, Unit.WORKING_DAYS), (-2, Unit.WORKING_DAYS)]
    assert schedule.overdue_repeat == Repeat(amount=2, unit=Unit.WEEKS)
    assert schedule.digest == DigestRule(weekday=0, at=time(8, 30), start=DateRule(base="request", written="request"))
    assert one.anchors["council"].on == date(2025, 6, 16)
    assert one.anchors["financial_statements"].name.in_language("fi") == "tilinpäätös"


def test_the_golden_deadline(folder: Path, edit: Edit) -> None:
    """14.2.2025 plus ten working days is 28.2.2025; a closed day of the city's own moves it on by one."""
    setup = load_or_raise(folder)
    assert deadline_date(setup.rounds[0], setup.calendar).on == date(2025, 3, 3)
    edit("service.yaml", "  2025-02-24: talviloma\n", "  2025-04-01: kuntapäivä\n")
    setup = load_or_raise(folder)
    assert deadline_date(setup.rounds[0], setup.calendar).on == date(2025, 2, 28)


def test_people_parties_and_office(folder: Path) -> None:
    """Contacts, deputies, managers, kinds and languages are kept; the short form of a party means its contacts."""
    setup = load_or_raise(folder)
    culture = setup.directory.of_party("kulttuuri")
    assert [contact.address for contact in culture.contacts] == ["kulttuuri@kunta.example"]
    assert culture.contacts[0].language == "sv"
    assert culture.manager is not None
    assert culture.manager.id == "anna"
    assert [contact.id for contact in culture.deputies] == ["anna"]
    assert [contact.id for contact in setup.directory.of_party("jaosto").contacts] == ["jaosto"]
    assert [contact.id for contact in setup.directory.coordinators] == ["anna"]
    assert setup.programmes["elinvoima"].parties["jaosto"].kind is PartyKind.BODY
    assert setup.office.city == Localised({"fi": "Mallila", "sv": "Mallby"})
    assert setup.legend["red"].in_language("en") == "seis"
    assert setup.languages == ("fi", "sv")


def test_the_calendar_names_its_days(folder: Path) -> None:
    """Holidays have names in three languages, both Finnish eves are closed, and so are the city's own days."""
    calendar = load_or_raise(folder).calendar
    assert calendar.zone == ZoneInfo("Europe/Helsinki")
    good_friday = calendar.closed_name(date(2025, 4, 18))
    assert good_friday is not None
    assert [good_friday.in_language(one) for one in ("fi", "sv", "en")] == ["Pitkäperjantai", "Långfredagen", "Good Friday"]
    assert not calendar.is_working_day(date(2025, 6, 20))
    assert not calendar.is_working_day(date(2025, 12, 24))
    assert not calendar.is_working_day(date(2025, 2, 24))
    assert {day.year for day in calendar.holidays} >= set(range(2022, 2028))


def test_the_version_follows_the_files(folder: Path, edit: Edit) -> None:
    """Every edit makes another version, so that a decision can name the configuration it was made with."""
    before = load_or_raise(folder).version
    assert before == load_or_raise(folder).version
    edit("contacts.yaml", "Puheenjohtaja", "Varapuheenjohtaja")
    assert load_or_raise(folder).version != before


def test_two_programmes_with_rounds_of_one_name(folder: Path, edit: Edit) -> None:
    """A key `programme/round` names the programme, so that each programme can have its round 2024."""
    text = (folder / "programme.yaml").read_text(encoding="utf-8").removeprefix("programmes:\n")
    second = text.replace("  elinvoima:\n", "  hyvinvointi:\n", 1).replace("ELVO", "HYVI")
    (folder / "programme.yaml").write_text(f"programmes:\n{text}{second}", encoding="utf-8")
    rounds = (folder / "schedule.yaml").read_text(encoding="utf-8").partition("rounds:\n")[2]
    with (folder / "schedule.yaml").open("a", encoding="utf-8") as stream:
        stream.write(rounds.replace("  2024:\n    programme: elinvoima\n", "  hyvinvointi/2024:\n"))
    assert [(one.programme, one.id) for one in load_or_raise(folder).rounds] == [("elinvoima", "2024"), ("hyvinvointi", "2024")]


def test_defaults_hold_for_every_round(folder: Path, edit: Edit) -> None:
    """A step under `defaults` counts where the round does not say otherwise."""
    edit("schedule.yaml", "rounds:\n", "defaults: {closes: due + 3 weeks, last_call: due - 1 day}\nrounds:\n")
    edit("schedule.yaml", "    closes: due + 8 weeks\n", "")
    schedule = load_or_raise(folder).rounds[0].schedule
    assert schedule.closes.written == "due + 3 weeks"
    assert schedule.last_call is not None
    assert schedule.last_call.written == "due"


def test_the_only_programme_need_not_be_named(folder: Path, edit: Edit) -> None:
    """Where there is one programme, a round is about it."""
    edit("schedule.yaml", "    programme: elinvoima\n", "")
    assert load_or_raise(folder).rounds[0].programme == "elinvoima"


def test_load_or_raise_names_every_fault(folder: Path, edit: Edit) -> None:
    """The failure holds all findings."""
    edit("service.yaml", "country: FI", "country: XX")
    edit("contacts.yaml", "    language: sv", "    language: de")
    with pytest.raises(ConfigurationFailure) as failure:
        load_or_raise(folder)
    assert [finding.file for finding in failure.value.findings] == ["service.yaml", "contacts.yaml"]


@pytest.mark.parametrize("find", [find_starter, find_example], ids=["starter", "example city"])
def test_what_we_ship_is_accepted(find: Callable[[], Path]) -> None:
    """The configurations in the package have neither faults nor warnings."""
    loaded = load_setup(find())
    assert loaded.setup is not None
    assert [str(finding) for finding in loaded.findings if finding.severity != "note"] == []


YAML_PIECES = st.sampled_from(
    [
        "a",
        "rounds",
        "anchors",
        "due",
        "2024",
        ": ",
        "- ",
        "\n",
        "  ",
        "[",
        "]",
        "{",
        "}",
        '"',
        "'",
        "|",
        ">",
        "&x ",
        "*x",
        "!!int ",
        "<<",
        "---\n",
        "# ",
        "~",
        "\t",
        "\x00",
        "\\",
        "\ufeff",
        "\U0001f600",
        "request",
        "+ 3 days",
        "%YAML 1.1\n",
        "? ",
        '"\\uD800"',
        "[" * 30,
    ]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    file=st.sampled_from(FILES),
    pieces=st.lists(YAML_PIECES, max_size=12),
    where=st.floats(0, 1),
    cut=st.integers(0, 40),
)
def test_no_edit_makes_loading_raise(folder: Path, file: str, pieces: list[str], where: float, cut: int) -> None:
    """Whatever is typed into a file: loading ends with a setup or with a fault, and each finding can be printed."""
    path = folder / file
    sound = (Path(__file__).parent / "sample" / file).read_text(encoding="utf-8")
    at = int(where * len(sound))
    path.write_text(sound[:at] + "".join(pieces) + sound[at + cut :], encoding="utf-8")
    loaded = load_setup(folder)
    path.write_text(sound, encoding="utf-8")
    assert (loaded.setup is None) == any(finding.severity == "fault" for finding in loaded.findings)
    assert all(str(finding).encode() and str(finding).isprintable() for finding in loaded.findings)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=200), file=st.sampled_from(FILES))
def test_any_bytes_are_read(folder: Path, content: bytes, file: str) -> None:
    """Bytes that are no YAML, or no text at all, are a fault with a place and never an exception."""
    path = folder / file
    sound = path.read_bytes()
    path.write_bytes(content)
    loaded = load_setup(folder)
    path.write_bytes(sound)
    assert loaded.setup is None
    assert any(finding.file == file for finding in loaded.findings)
