"""The report for the executive as values: what each part says, in each language, and what it never shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import pytest

from reminder.domain.assessments import Assessment, EarlierLight
from reminder.domain.programme import LANGUAGES, Language, Localised
from reminder.domain.setup import Setup
from reminder.domain.surveys import Question, Scale, Survey, SurveyResult, Tally, show_results, sum_up
from reminder.report.council.blocks import Chart, Document, Paragraph, Part, Points, Table
from reminder.report.council.survey import write_survey
from reminder.report.council.words import words_of
from reminder.report.council.writing import MOST_BARS, write_report
from reminder.report.site.building import Source, build_site
from reminder.report.site.views import Judgement
from tests.report.cast import GREEN, LATE, PROGRAMME, RED, SETUP, YELLOW, action, measure, said, with_texts

FACTS = (
    replace(said("museo", "3.1", GREEN, text="Avattiin."), next_step="Laajennus.", next_on=date(2025, 5, 1)),
    replace(said("museo", "3.10", RED, text="Raha puuttuu, soita 040 123 4567."), next_step="Lisämääräraha."),
    said("rehtori", "3.1", YELLOW),
    said("rehtori", "4.1", YELLOW, text="Myöhässä."),
)


def report(
    facts: Sequence[Assessment] = FACTS,
    language: Language = "fi",
    setup: Setup | None = None,
    judgements: Mapping[str, Judgement] | None = None,
) -> Document:
    """The report of these facts; judgements by number of the action."""
    judged = {("elinvoima", "2024", f"t{number}"): one for number, one in (judgements or {}).items()}
    source = Source(facts=facts, judgements=judged)
    site = build_site(setup or with_texts(), (measure(*facts, now=LATE),), updated_at=LATE, source=source)
    return write_report(site, language)


def part(document: Document, key: str) -> Part:
    """The part of this name."""
    title = words_of(document.language)[key]
    (found,) = (one for one in document.parts if one.title == title)
    return found


def texts(one: Part) -> str:
    """Every text of a part."""
    told: list[str] = []
    for block in one.blocks:
        match block:
            case Table():
                told += [cell.text for row in block.rows for cell in row]
            case Points():
                told += block.texts
            case Chart():
                told.append(block.alt)
            case _:
                told.append(block.text)
    return "\n".join(told)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_has_every_part_in_each_language(language: Language) -> None:
    """In the order in which it is read; the survey is left out as long as there is none, and the appendix is last."""
    document, words = report(language=language), words_of(language)
    keys = ("summary", "proposal", "by_area", "red", "yellow", "disagreements", "missing", "changes", "appendix")
    assert [one.title for one in document.parts] == [words[key] for key in keys]
    assert document.parts[-1].is_wide
    assert (words["case_number"], "ABC/1/2024") in document.facts
    assert document.title.startswith(PROGRAMME.name.in_language(language))


def test_the_summary_is_one_paragraph_with_the_figures() -> None:
    """All that was asked, each light, and who is missing."""
    first, *_ = part(report(), "summary").blocks
    assert isinstance(first, Paragraph)
    assert first.text.startswith("5 toimenpiteestä 3 on arvioitu, 2 odottaa vielä.")
    assert "Vihreitä on 1, keltaisia 1 ja punaisia 1." in first.text
    assert "Heistä 2 on myöhässä." in first.text


def test_the_red_ones_come_with_reason_and_next_step_and_without_phone_numbers() -> None:
    """Masked as on the public page: an agenda is public."""
    told = texts(part(report(), "red"))
    assert "Raha puuttuu, soita [puhelinnumero poistettu]." in told
    assert "Lisämääräraha." in told
    assert "Avattiin." not in told


def test_words_that_nobody_has_published_are_left_out_and_counted() -> None:
    """The lights stand, the words wait."""
    document = report(setup=SETUP)
    assert "Raha puuttuu" not in repr(document)
    assert words_of("fi")["no_reason"] in texts(part(document, "red"))
    assert "3 toimenpiteen sanoja ei ole julkaistu." in texts(part(document, "summary"))


def test_the_proposal_names_what_is_red_and_who_is_missing() -> None:
    """And nothing of either where there is none."""
    points = part(report(), "proposal").blocks[-1]
    assert isinstance(points, Points)
    assert "3.10" in points.texts[1]
    assert "museonjohtaja, Yhtiö Oy" in points.texts[2]
    everything = [said(one.lead, one.number, GREEN) for one in PROGRAMME.actions if one.number != "5.1"]
    points = part(report(everything), "proposal").blocks[-1]
    assert isinstance(points, Points)
    assert len(points.texts) == 1


def test_where_the_sub_committee_differs_both_lights_stand_side_by_side() -> None:
    """Where it agrees, nothing; where it gave none, a sentence; contributors who differ stand below."""
    assert words_of("fi")["never_judged"] in texts(part(report(), "disagreements"))
    document = report(judgements={"3.1": Judgement(light=RED, text="Vain puoliksi auki."), "3.10": Judgement(light=RED)})
    table = part(document, "disagreements").blocks[0]
    assert isinstance(table, Table)
    ((number, _, own, judged, reason),) = table.rows
    assert (number.text, own.light, judged.light, reason.text) == ("3.1", GREEN, RED, "Vain puoliksi auki.")
    assert "Jaosto on antanut eri valon kuin vastuutaho: 1 toimenpide." in texts(part(document, "summary"))
    contributors = part(document, "disagreements").blocks[-1]
    assert isinstance(contributors, Table)
    assert [cell.text for cell in contributors.rows[0]] == ["3.1", "Toimenpide 3.1", "vihreä", "rehtori", "keltainen"]


def test_who_has_not_reported_stands_with_the_numbers() -> None:
    """Late ones first, with what is missing."""
    table = part(report(), "missing").blocks[-1]
    assert isinstance(table, Table)
    assert [[cell.text for cell in row] for row in table.rows] == [
        ["museonjohtaja", "3.11", "28.2.2025", "myöhässä"],
        ["Yhtiö Oy", "4.2", "28.2.2025", "myöhässä"],
    ]


def test_what_changed_since_last_time_is_told_worse_first() -> None:
    """From lights of before the service too; without any it says that there is nothing to compare with."""
    assert texts(part(report(), "changes")) == words_of("fi")["never_before"]
    on = date(2024, 2, 20)
    before = {"elinvoima": {"t3.1": EarlierLight(on=on, light=YELLOW), "t3.10": EarlierLight(on=on, light=GREEN)}}
    table = part(report(setup=replace(with_texts(), earlier=before)), "changes").blocks[-1]
    assert isinstance(table, Table)
    assert [(row[0].text, row[3].light, row[4].light, row[5].text) for row in table.rows] == [
        ("3.10", GREEN, RED, "huonompi"),
        ("3.1", YELLOW, GREEN, "parempi"),
    ]


def test_a_survey_is_a_part_of_its_own_before_the_appendix() -> None:
    """What the members said, as blocks that whoever knows it has written."""
    site = build_site(SETUP, (measure(),), updated_at=LATE)
    document = write_report(site, "en", survey=(Paragraph(text="8 of 11 answered."),))
    assert [one.title for one in document.parts[-2:]] == ["Survey of the members", "Appendix: all actions"]


def test_the_table_by_area_adds_up_and_the_chart_says_the_same() -> None:
    """The last row is the sum of the others."""
    blocks = part(report(), "by_area").blocks
    chart, table = blocks[:2]
    assert isinstance(chart, Chart)
    assert isinstance(table, Table)
    counts = [[int(cell.text) for cell in row[1:]] for row in table.rows]
    assert counts[-1] == [sum(column) for column in zip(*counts[:-1], strict=True)]
    assert chart.alt == "Keskusta: vihreä 1, punainen 1, odottaa 1. Matkailu: keltainen 1, odottaa 1"


def test_many_focus_areas_make_several_charts() -> None:
    """Each finds room on a page."""
    actions = tuple(action(f"9.{number}", "museo", area=f"Alue {number}") for number in range(MOST_BARS + 3))
    programme = replace(PROGRAMME, actions=actions)
    progress = measure()
    some = next(iter(progress.by_action.values()))
    by_action = {one.id: replace(some, action=one, fact=None) for one in actions}
    site = build_site(SETUP, (replace(progress, programme=programme, by_action=by_action),), updated_at=LATE)
    charts = [block for block in part(write_report(site, "fi"), "by_area").blocks if isinstance(block, Chart)]
    assert [len(chart.bars) for chart in charts] == [MOST_BARS, 3]


def test_the_appendix_has_every_action_of_the_round() -> None:
    """By focus area, each action once."""
    numbers = [row[0].text for block in part(report(), "appendix").blocks if isinstance(block, Table) for row in block.rows]
    assert sorted(numbers) == ["3.1", "3.10", "3.11", "4.1", "4.2"]


def result_of(survey: Survey, *answers: str, is_closed: bool = True) -> SurveyResult:
    """A survey as so many have answered it, the same to each question."""
    tally = sum_up(survey, [dict.fromkeys((question.id for question in survey.questions), answer) for answer in answers])
    return SurveyResult(
        programme="elinvoima",
        round="itsearvio",
        name=Localised.everywhere("Jaoston itsearvio"),
        is_anonymous=survey.is_anonymous,
        is_closed=is_closed,
        asked=9,
        answered=len(answers),
        questions=show_results(survey, tally),
    )


def test_the_survey_tells_figures_and_no_words() -> None:
    """Spread and mean of each question; too few answers to an anonymous one, and one that still runs, tell nothing."""
    questions = tuple(Question(id=scale.name, text=Localised.everywhere(f"Q {scale.value}"), scale=scale) for scale in Scale)
    survey = Survey(questions=questions, is_anonymous=True)
    tally = Tally().add(survey, {"FIVE": "4", "YES_NO": "yes", "LIGHT": "green", "TEXT": "Salaisuus."})
    for _ in range(4):
        tally = tally.add(survey, {"FIVE": "3", "YES_NO": "no", "LIGHT": "red", "TEXT": "Salaisuus."})
    result = replace(result_of(survey), answered=5, questions=show_results(survey, tally))
    heading, paragraph, table = write_survey((result,), "fi")
    assert isinstance(table, Table)
    assert isinstance(paragraph, Paragraph)
    assert paragraph.text == "5/9 on vastannut."
    assert [[cell.text for cell in row] for row in table.rows] == [
        ["Q 1-5", "5", "1: 0, 2: 0, 3: 4, 4: 1, 5: 0", "3,2"],
        ["Q yes/no", "5", "kyllä: 1, ei: 4", "–"],
        ["Q light", "5", "vihreä: 1, keltainen: 0, punainen: 4", "–"],
        ["Q text", "5", "sanallisia vastauksia", "–"],
    ]
    assert "Salaisuus" not in repr((heading, paragraph, table))
    assert len(write_survey((result_of(survey, "4", "4"),), "sv")) == 3
    assert write_survey((replace(result, is_closed=False),), "fi") == ()
