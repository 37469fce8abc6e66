"""Lights of the time before the service: shown as last time's, and never an answer of a round."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from reminder.compose.answer_forms import write_form
from reminder.domain.assessments import EarlierLight, Phase, ReportState, TrafficLight
from reminder.domain.intents import SendIntent
from reminder.domain.messages import MailKind
from reminder.domain.programme import Language
from reminder.domain.rounds import DateRule, StepKind
from reminder.flows.digest import write_lights
from reminder.flows.knowledge import Knowledge, load_knowledge
from reminder.flows.posting import open_posting, write_heading
from reminder.flows.schedule_views import find_last_times, write_schedule_view
from reminder.flows.status import list_status
from reminder.plan.deciding import recipients_of
from tests.flows.town import CULTURE, Town, lines_of, text_of

FEBRUARY = EarlierLight(on=date(2024, 2, 20), light=TrafficLight.YELLOW, phase=Phase.ONGOING, text="=Kesken.")


def tell(town: Town, lights: Mapping[str, EarlierLight]) -> None:
    """lights.yaml holds these, by number."""
    programme = town.setup.programmes["elinvoima"]
    by_id = {action.id: lights[action.number] for action in programme.actions if action.number in lights}
    assert len(by_id) == len(lights)
    town.house = replace(town.house, setup=replace(town.setup, earlier={"elinvoima": by_id}))


def know(town: Town) -> Knowledge:
    """What is known now."""
    with town.house.store.read() as conn:
        return load_knowledge(conn, town.setup, town.clock.now())


def id_of(town: Town, number: str) -> str:
    """The id of an action."""
    return next(action.id for action in town.setup.programmes["elinvoima"].actions if action.number == number)


def set_language(town: Town, language: Language) -> None:
    """The head of culture is written to in this language."""
    directory = town.setup.directory
    entry = directory.parties["kulttuuripaallikko"]
    contacts = tuple(replace(contact, language=language) for contact in entry.contacts)
    parties = {**directory.parties, "kulttuuripaallikko": replace(entry, contacts=contacts)}
    town.house = replace(town.house, setup=replace(town.setup, directory=replace(directory, parties=parties)))


SHOWN: Mapping[Language, str] = {
    "fi": "Viimeksi (helmikuussa 2024): ▲ keltainen, käynnissä. ”=Kesken.”",
    "sv": "Förra gången (i februari 2024): ▲ gul, pågår. ”=Kesken.”",
    "en": "Last time (in February 2024): ▲ yellow, ongoing. “=Kesken.”",
}


@pytest.mark.parametrize("language", SHOWN)
def test_the_first_request_and_the_reminder_show_it(town: Town, language: Language) -> None:
    """Under its action and no other, in the reader's language; in the reminder again, since nothing was answered."""
    tell(town, {"1.1": FEBRUARY})
    set_language(town, language)
    town.ask()
    town.move_to(StepKind.REMINDER)
    town.announce()
    town.deliver()

    for kind in (MailKind.REQUEST, MailKind.REMINDER):
        lines = lines_of(town.sent(CULTURE, kind)[-1].raw)
        assert [line for line in lines if line == SHOWN[language]] == [SHOWN[language]]
        assert lines[lines.index(SHOWN[language]) - 1].startswith("[1.1]")


def test_it_is_no_answer(town: Town) -> None:
    """Told of all that a party owes, with lights and settling phases: all of it is asked for, awaited, overdue and counted as before."""
    everything = {
        action.number: replace(FEBRUARY, phase=Phase.DONE) for action in town.setup.programmes["elinvoima"].led_by("kulttuuripaallikko")
    }
    tell(town, everything)
    town.ask()
    assert len(town.sent(CULTURE, MailKind.REQUEST)) == 1
    town.move_to(StepKind.OVERDUE)
    town.announce()
    town.deliver()
    progress = know(town).progress(town.round).of_party("kulttuuripaallikko")

    assert len(town.sent(CULTURE, MailKind.OVERDUE)) == 1
    assert progress is not None
    assert {(action.report, action.fact) for action in progress.actions} == {(ReportState.OVERDUE, None)}
    assert town.facts() == ()


def test_status_tells_it_as_imported(town: Town) -> None:
    """`status` gives it beside this round's light, which is none, with its source; an answer does not hide it."""
    tell(town, {"1.1": FEBRUARY})
    town.ask()
    town.reply(CULTURE, "1.1: vihreä")
    town.read()
    rows = {row["action"]: row for row in list_status(town.house, town.round, "en") if row["party"] == "kulttuuripaallikko"}

    assert (rows["1.1"]["light"], rows["1.10"]["light"], rows["1.10"]["last_time"]) == ("green", None, None)
    assert rows["1.1"]["last_time"] == {
        "on": "2024-02-20",
        "light": "yellow",
        "phase": "ongoing",
        "text": "=Kesken.",
        "source": "imported",
    }


def test_the_digest_compares_with_it(town: Town) -> None:
    """One row behind this round's, named as imported; without the file there is none."""
    assert [row.round_name for row in write_lights(know(town), town.round)] == [town.round.name]
    tell(town, {"1.1": FEBRUARY, "1.10": replace(FEBRUARY, light=None, phase=Phase.DONE)})
    town.ask()
    this, before = write_lights(know(town), town.round)

    assert (this.green, this.yellow, this.red) == (0, 0, 0)
    assert before.round_name.in_language("fi") == "Aiemmin (tuotu)"
    assert (before.green, before.yellow, before.red, before.other) == (0, 1, 0, 1)
    assert before.awaited == this.awaited - 2


def next_year(town: Town) -> None:
    """A second round, a year later, asks for the same actions; the clock stands after its request."""
    schedule = replace(
        town.round.schedule,
        request=DateRule(base="2026-02-16", written="2026-02-16"),
        due=DateRule(base="2026-03-02", written="2026-03-02"),
    )
    second = replace(town.round, id="2025", schedule=schedule)
    town.house = replace(town.house, setup=replace(town.setup, rounds=(*town.setup.rounds, second)))
    town.move_to_day(date(2026, 2, 17), time(9, 0))


def last_time(town: Town, number: str = "1.1") -> tuple[date, TrafficLight | None, bool] | None:
    """What the newest round's mails show of an action."""
    last = find_last_times(know(town), town.setup.rounds[-1]).get(id_of(town, number))
    return None if last is None else (last.on, last.light, last.is_imported)


def test_an_answer_of_the_database_goes_before_what_the_file_tells_of_the_same_time(town: Town) -> None:
    """Next year's mail shows what was answered in the round of 2024, though the file tells of its days; else what the file tells."""
    tell(town, {"1.1": replace(FEBRUARY, on=date(2025, 2, 28)), "1.10": FEBRUARY})
    town.ask()
    town.reply(CULTURE, "1.1: vihreä")
    town.read()
    next_year(town)

    assert last_time(town) == (date(2025, 2, 14), TrafficLight.GREEN, False)
    assert last_time(town, "1.10") == (date(2024, 2, 20), TrafficLight.YELLOW, True)


def test_what_the_file_tells_of_a_later_time_is_newer(town: Town) -> None:
    """Reported on paper after the round had closed: that is what was said last."""
    tell(town, {"1.1": replace(FEBRUARY, on=date(2025, 9, 1))})
    town.ask()
    town.reply(CULTURE, "1.1: vihreä")
    town.read()
    next_year(town)

    assert last_time(town) == (date(2025, 9, 1), TrafficLight.YELLOW, True)


def test_words_that_are_no_answer_do_not_take_it_away(town: Town) -> None:
    """A party that wrote but gave no light last year: the light of the year before is still what was said last."""
    tell(town, {"1.1": FEBRUARY})
    town.ask()
    town.reply(CULTURE, "1.1: käynnissä")
    town.read()
    assert [(fact.light, fact.phase) for fact in town.facts()] == [(None, Phase.ONGOING)]
    next_year(town)

    assert last_time(town) == (date(2024, 2, 20), TrafficLight.YELLOW, True)


def test_what_is_told_of_the_time_of_a_round_is_not_shown_in_it(town: Town) -> None:
    """A day on or after the request is not last time's; the round before it is not asked for it either."""
    tell(town, {"1.1": replace(FEBRUARY, on=date(2025, 2, 14))})
    town.ask()

    assert "Viimeksi" not in text_of(town.sent(CULTURE, MailKind.REQUEST)[-1].raw)


def test_the_answer_form_holds_it_as_a_text(town: Town) -> None:
    """In the workbook a text that begins like a formula is a text: nothing is computed, nothing is followed."""
    openpyxl = pytest.importorskip("openpyxl")
    tell(town, {"1.1": replace(FEBRUARY, light=None, text='=HYPERLINK("https://x.example","a")')})
    town.arm()
    town.move_to(StepKind.REQUEST)
    town.clock.advance(timedelta(minutes=1))
    knowledge = know(town)
    step = next(one for one in knowledge.timeline() if one.key.step is StepKind.REQUEST and one.key.party == "kulttuuripaallikko")
    (recipient,) = recipients_of(knowledge.setup, step.key, knowledge.persons)
    programme = knowledge.setup.programmes["elinvoima"]
    heading = write_heading(town.house, open_posting(town.house, programme.tag), programme, town.round.name, "fi", knowledge.today)
    view = write_schedule_view(knowledge, SendIntent(recipient=recipient, steps=(step,)), heading)
    form = write_form("a.xlsx", heading, view.sections, [action.item for section in view.sections for action in section.actions])
    cells = [cell for row in openpyxl.load_workbook(io.BytesIO(form.content)).worksheets[0].iter_rows() for cell in row]
    (told,) = [cell for cell in cells if isinstance(cell.value, str) and "HYPERLINK" in cell.value]
    assert told.data_type == "s"
