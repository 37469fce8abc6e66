"""Surveys in schedule.yaml: questions, people, and what is said of them where they are wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from reminder.configuration.loading import load_setup
from reminder.domain.programme import LANGUAGES
from reminder.domain.surveys import Scale
from reminder.plan.surveys import list_respondents, survey_steps
from tests.configuration.test_schedule_grammar import ANCHORS, STEPS, write

STEPS_OF = "    request: 2025-03-03\n    reminders: [due - 4 days]\n    due: 2025-03-14\n    closes: due + 2 weeks\n"
QUESTIONS = """    questions:
      seuranta: {text: {fi: Seurattiinko riittävästi, sv: Följdes det upp}, scale: 1-5, low: ei lainkaan, high: täysin}
      sana: {text: Mitä toisin, scale: text}
"""


def survey(extra: str, questions: str = QUESTIONS) -> str:
    """A schedule with one survey behind the rounds."""
    return ANCHORS + STEPS + f"  kysely:\n    kind: survey\n    members: [jaosto]\n{extra}{questions}{STEPS_OF}"


def test_a_survey_is_read(folder: Path) -> None:
    """Its questions in their order, its respondents each once, and its steps."""
    write(folder, survey(""))
    setup = load_setup(folder).setup
    assert setup is not None
    one = setup.survey_round(setup.surveys[0].programme, "kysely")
    assert one is not None
    assert one.survey is not None
    assert [(question.id, question.scale, question.ends is not None) for question in one.survey.questions] == [
        ("seuranta", Scale.FIVE, True),
        ("sana", Scale.TEXT, False),
    ]
    asked = [contact.address for contact in list_respondents(setup.directory, one)]
    assert asked
    assert len(set(asked)) == len(asked)
    assert [(step.key.step.value, step.key.party) for step in survey_steps(setup, one)] == [("request", ""), ("reminder", "")]


@pytest.mark.parametrize(
    ("extra", "questions", "said"),
    [
        ("    anonymous: yes\n", QUESTIONS, "its result is shown from 5 answers on"),
        ("    people: [nemo]\n", QUESTIONS, "nemo"),
        ("", "    questions:\n      a: {text: Mitä, scale: 1-10}\n", "1-10"),
        ("", "    questions:\n      a: {scale: text}\n", "text"),
        ("", "    questions:\n      a: {text: Mitä, scale: text, low: ei}\n", "Only a scale from 1 to 5 has ends"),
        ("", "    questions:\n" + "".join(f"      k{n}: {{text: Mitä, scale: text}}\n" for n in range(21)), "at most 20"),
    ],
)
def test_what_is_wrong_is_said_in_each_language(folder: Path, extra: str, questions: str, said: str) -> None:
    """With its place; and in no language in English words of another."""
    write(folder, survey(extra, questions))
    found = {language: load_setup(folder, language=language).findings for language in LANGUAGES}
    told = next(finding for finding in found["en"] if said in str(finding))
    place = found["en"].index(told)
    assert all(str(found[language][place]) != str(told) for language in ("fi", "sv"))


def test_a_round_of_reports_has_no_questions(folder: Path) -> None:
    """Nor is it anonymous."""
    write(folder, survey("").replace("    kind: survey\n    members: [jaosto]\n", "    years: 2024\n    anonymous: yes\n"))
    said = [str(finding) for finding in load_setup(folder).findings]
    assert sum("is no survey, so it has no" in one for one in said) == 2


def test_a_survey_that_names_nobody_asks_the_sub_committee(folder: Path) -> None:
    """Its members as contacts.yaml has them; where it has none, the survey asks nobody, which is a fault."""
    write(folder, survey("").replace("    members: [jaosto]\n", ""))
    assert any("asks nobody" in str(finding) for finding in load_setup(folder).findings)
    contacts = folder / "contacts.yaml"
    text = contacts.read_text(encoding="utf-8")
    name = text.partition("contacts:\n")[2].strip().partition(":")[0]
    contacts.write_text(f"{text}\nsub_committee:\n  members: [{name}]\n", encoding="utf-8")
    setup = load_setup(folder).setup
    assert setup is not None
    assert [contact.id for contact in list_respondents(setup.directory, setup.surveys[0])] == [name]
