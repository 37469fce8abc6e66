"""Which surveys stand in the report on a round: those of its time that are over."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from reminder.domain.rounds import RoundSchedule
from reminder.flows.council_report import ReportForm, load_report, load_survey, write_as
from tests.flows.surveys import CLOSES, ROUND, rule, survey_round
from tests.flows.town import Town


def test_a_survey_stands_in_the_report_on_the_round_in_whose_time_it_was_asked(town: Town) -> None:
    """Once it is over: before, the next answer would change it. One that was asked before the round, or in the next one, is another's."""
    first, (one,) = (
        RoundSchedule(request=rule(date(2024, 11, 4)), due=rule(date(2024, 11, 11)), closes=rule(date(2024, 11, 20))),
        town.setup.rounds,
    )
    earlier = replace(survey_round(), id="syksylla", schedule=first)
    after = date(2025, 3, 1)
    following = replace(one, id="2025", schedule=replace(one.schedule, request=rule(after), due=rule(after), closes=rule(after)))
    town.house = replace(town.house, setup=replace(town.setup, surveys=(earlier, survey_round())))
    town.move_to_day(CLOSES + timedelta(days=1))
    with town.house.store.read() as conn:
        (found,) = load_survey(conn, town.house, one)
        site = load_report(conn, town.house, one, town.clock.now())
        assert found.round == ROUND
        assert found.is_closed
        page = write_as(ReportForm.HTML, site, "fi", town.house.composer.loader, (found,)).decode()
        assert "Jäsenkysely" in page
        assert "0/9 on vastannut." in page
        assert "Jäsenkysely" not in write_as(ReportForm.HTML, site, "fi", town.house.composer.loader).decode()
        both = replace(town.house, setup=replace(town.setup, rounds=(one, following)))
        assert load_survey(conn, both, one) == ()
        assert [result.round for result in load_survey(conn, both, following)] == [ROUND]
