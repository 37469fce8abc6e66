"""`survey`: the result as a table, JSON and CSV, the mail before it goes, and the steps in `plan`; `arm` lists what is due of it."""

from __future__ import annotations

import json

import pytest

from reminder.store import people, surveys
from reminder.store.engine import Store
from tests.cli.city import ZONE, City

SCHEDULE = """
rounds:
  kysely:
    kind: survey
    name: Jaoston itsearviointi
    people: [kulttuuripaallikko, rakennustarkastaja, tilapalvelupaallikko, infrapalvelupaallikko, kaupunkikehitysjohtaja]
    anonymous: yes
    questions:
      seuranta: {text: Jaosto on seurannut riittävästi, scale: 1-5}
      aika: {text: Oliko aikaa, scale: yes/no}
      suunta: {text: Mikä on tila, scale: light}
      sana: {text: Mitä toisin, scale: text}
    request: 2025-03-03
    due: 2025-03-14
    closes: 2025-03-28
"""


@pytest.fixture
def asking(city: City) -> City:
    """A city that does nothing but ask five people, on the day on which it does."""
    city.config.joinpath("schedule.yaml").write_text(SCHEDULE, encoding="utf-8")
    city.at("2025-03-03 09:00")
    return city


def answer(city: City, count: int) -> None:
    """So many have answered."""
    from datetime import datetime

    from reminder.configuration.loading import load_or_raise

    one = load_or_raise(city.config).survey_round("elinvoima", "kysely")
    assert one is not None
    assert one.survey is not None
    store = Store.open(f"sqlite:///{city.folder / 'reminder.db'}")
    with store.begin() as conn:
        asked = [contact.address for contact in one.survey.people]
        persons = people.ensure_persons(conn, asked, datetime(2025, 3, 4, tzinfo=ZONE))
        for number, address in enumerate(asked[:count]):
            said = {"seuranta": str(number + 1), "aika": "yes", "suunta": "green", "sana": f"=SUMMA({number})"}
            assert surveys.count_anonymous(conn, "elinvoima", "kysely", one.survey, persons[address], said)
    store.close()


def test_too_few_show_their_number_alone(asking: City) -> None:
    """In each form."""
    answer(asking, 4)
    told = asking.run("survey", "kysely", "--lang", "fi").out
    assert "Jaoston itsearviointi: 4/5 on vastannut." in told
    assert "vähintään 5" in told
    assert "SUMMA" not in told
    assert asking.run("survey", "kysely", "--as", "csv").out.count("\n") == 1
    assert asking.run("survey", "kysely", "--json").document["questions"] == []


def test_five_are_shown(asking: City) -> None:
    """Counts, the mean and texts; a formula stays a text in CSV; the table warns while the survey is open."""
    answer(asking, 5)
    told = asking.run("survey", "kysely", "--lang", "fi").out
    assert "kyllä" in told
    assert "keskiarvo" in told
    assert "3,0" in told
    assert "yhden ihmisen vastaus" in told
    document = asking.run("survey", "kysely", "--json").document
    assert document["questions"][0]["counts"] == {"1": 1, "2": 1, "3": 1, "4": 1, "5": 1}
    assert document["questions"][3]["texts"] == [f"=SUMMA({number})" for number in range(5)]
    assert "rakennustarkastaja" not in json.dumps(document)
    assert "'=SUMMA(0)" in asking.run("survey", "elinvoima/kysely", "--as", "csv").out


def test_the_mail_before_it_goes(asking: City) -> None:
    """As text, page and whole."""
    assert "[1] Jaosto on seurannut riittävästi" in asking.run("survey", "kysely", "--preview", "text").out
    assert "mailto:" in asking.run("survey", "kysely", "--preview", "html").out
    assert "X-Reminder-Kind: survey" in asking.run("survey", "kysely", "--preview", "eml").out


def test_an_unknown_survey_is_told_with_the_known_ones(asking: City) -> None:
    """Wrong use."""
    told = asking.run("survey", "nemo")
    assert (told.code, "elinvoima/kysely" in told.err) == (2, True)


def test_plan_and_arm_know_of_it(asking: City) -> None:
    """`plan` says whom it asks; `arm` lists what is due already and skips it unless its number is confirmed."""
    (row,) = (row for row in asking.run("plan", "--json").lines if row["kind"] == "request")
    assert (len(row["to"]), row["state"]) == (5, "survey")
    assert asking.run("arm", "--without-test", "--json").document["due"] == 5
    assert asking.run("tick", "--json").document["trouble"] == []
    assert "survey" not in asking.run("outbox", "list").out
