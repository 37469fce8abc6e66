"""Who owes what, who has answered, who is late."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from reminder.domain.assessments import Assessment, Phase, ReportState, TrafficLight
from reminder.report.lights import count_lights, tally_by_focus_area
from reminder.report.overdue import Standing, count_round, list_overdue
from reminder.report.progress import measure_round, plan_standings
from tests.report.cast import BEFORE, GREEN, LATE, PROGRAMME, RED, ROUND, SETUP, YELLOW, deadlines, measure, round_of, said


def test_only_the_lead_answers() -> None:
    """A contributor's light stands beside and settles nothing."""
    progress = measure(said("rehtori", "3.1", GREEN))
    one = progress.by_action["t3.1"]
    assert one.report is ReportState.AWAITED
    assert one.fact is None
    assert [fact.light for fact in one.contributions] == [GREEN]


def test_what_the_former_lead_answered_answers_for_the_action() -> None:
    """The action was moved to another party: its answer went along; the new lead's own word counts as soon as there is one."""
    moved = said("rehtori", "3.1", GREEN, day=15, as_lead=True)
    lead = _lead("t3.1")
    taken_over = measure(moved)
    own = measure(moved, said(lead, "3.1", TrafficLight.RED, day=16))
    words = measure(moved, said(lead, "3.1", None, day=16, text="Katson tätä."))

    assert taken_over.by_action["t3.1"].is_answered
    assert taken_over.by_action["t3.1"].contributions == ()
    assert own.by_action["t3.1"].fact == said(lead, "3.1", TrafficLight.RED, day=16)
    assert words.by_action["t3.1"].fact == moved


def test_a_settling_phase_answers_without_a_light() -> None:
    """Done, postponed, dropped and merged settle an action; ongoing and not started do not."""
    answered = {phase: measure(said("yhtio", "4.2", None, phase)).by_action["t4.2"].is_answered for phase in Phase}
    assert answered == {phase: phase not in {Phase.ONGOING, Phase.NOT_STARTED} for phase in Phase}


def test_the_last_answer_counts_and_words_take_nothing_away() -> None:
    """Yellow, then green, then a word without a light: green stands."""
    facts = (said("yhtio", "4.2", YELLOW, day=15), said("yhtio", "4.2", GREEN, day=16), said("yhtio", "4.2", text="Kiitos!", day=17))
    fact = measure(*facts).by_action["t4.2"].fact
    assert fact is not None
    assert fact.light is GREEN


def test_an_answer_after_the_close_is_kept_and_does_not_count() -> None:
    """The party is told that it is late; the round stays as it closed."""
    assert not measure(said("yhtio", "4.2", GREEN, late=True)).by_action["t4.2"].is_answered


def test_a_number_is_a_string() -> None:
    """3.1 and 3.10 are two actions."""
    party = measure(said("museo", "3.1", GREEN)).of_party("museo")
    assert party is not None
    assert [action.number for action in party.missing] == ["3.10", "3.11"]


def test_a_deadline_ends_with_its_local_day() -> None:
    """At 23.59 in Helsinki on the day itself nobody is late; a minute later everybody is who lacks something."""
    last_minute = datetime(2025, 2, 28, 21, 59, tzinfo=UTC)
    assert not any(party.is_overdue for party in measure(now=last_minute).parties)
    late = measure(said("rehtori", "4.1", GREEN), now=datetime(2025, 2, 28, 22, 0, tzinfo=UTC))
    assert {party.party.id: party.is_overdue for party in late.parties} == {"museo": True, "rehtori": False, "yhtio": True}


def test_lateness_is_counted_in_working_days_and_is_no_light() -> None:
    """Friday 28.2. to Friday 7.3. is five working days; the action is overdue and has no colour."""
    progress = measure(now=LATE)
    party = progress.of_party("yhtio")
    assert party is not None
    assert party.working_days_late == 5
    assert progress.by_action["t4.2"].report is ReportState.OVERDUE
    lights = count_lights(progress)
    assert (lights.red, lights.green, lights.awaited) == (0, 0, 5)


def test_an_extension_makes_a_party_not_late() -> None:
    """Each party has its own deadline."""
    progress = measure(now=LATE, yhtio=date(2025, 3, 14))
    assert [party.party.id for party in progress.parties if party.is_overdue] == ["museo", "rehtori"]


def test_nothing_is_asked_before_the_request() -> None:
    """Before the request an action is not asked, even if the deadline had passed."""
    asked_at = datetime(2025, 3, 20, tzinfo=UTC)
    progress = measure_round(SETUP, ROUND, (), deadlines=deadlines(), waived=(), now=LATE, request_at=asked_at)
    assert {action.report for action in progress.actions} == {ReportState.NOT_ASKED}


def test_a_waived_action_is_not_owed() -> None:
    """It leaves the list of what is missing, for the digest and for the planner; an answer is still received."""
    waived = {("elinvoima", "2024", "t4.2")}
    progress = measure(waived=waived, now=LATE)
    assert progress.by_action["t4.2"].report is ReportState.NOT_ASKED
    assert "yhtio" not in [row.party_id for row in list_overdue(progress)]
    assert plan_standings(SETUP, (), waived)["elinvoima", "2024", "yhtio"].is_complete
    assert measure(said("yhtio", "4.2", RED), waived=waived).by_action["t4.2"].is_answered


def test_the_planner_and_the_report_agree() -> None:
    """What the planner chases is what the report says is missing."""
    facts = (said("museo", "3.10", YELLOW), said("rehtori", "4.1", GREEN), said("rehtori", "3.1", RED))
    planned = plan_standings(SETUP, facts, ())
    for party in measure(*facts).parties:
        assert planned["elinvoima", "2024", party.party.id] == party.standing


def test_facts_of_another_round_do_not_count() -> None:
    """Last year's green answers nothing this year."""
    assert not measure(replace(said("yhtio", "4.2", GREEN), round="2023")).by_action["t4.2"].is_answered


def test_the_digest_puts_the_worst_first() -> None:
    """Late and silent, then what bounces, then what was not understood, then the partly late, then the complete."""
    facts = (said("museo", "3.1", GREEN), said("rehtori", "4.1", GREEN))
    rows = list_overdue(measure(*facts, now=LATE), last_mails={"yhtio": ("overdue", date(2025, 3, 7))})
    assert [(row.party_id, row.standing) for row in rows] == [
        ("yhtio", Standing.SILENT),
        ("museo", Standing.PARTIAL),
        ("rehtori", Standing.COMPLETE),
    ]
    assert (rows[0].last_mail_kind, rows[0].last_mail_on, rows[0].working_days_late) == ("overdue", date(2025, 3, 7), 5)
    assert rows[1].missing_numbers == ("3.10", "3.11")
    bounced = list_overdue(measure(*facts, now=LATE), bounced={"yhtio", "rehtori"})
    assert [row.standing for row in bounced] == [Standing.BOUNCED, Standing.PARTIAL, Standing.COMPLETE]
    unclear = list_overdue(measure(now=LATE), not_understood={"museo"})
    assert [row.party_id for row in unclear] == ["rehtori", "yhtio", "museo"]


def test_the_longest_late_comes_first() -> None:
    """Among the silent the one whose deadline was earliest."""
    rows = list_overdue(measure(now=LATE, yhtio=date(2025, 2, 21)))
    assert [row.party_id for row in rows] == ["yhtio", "museo", "rehtori"]


def test_the_figures_of_the_first_sentence() -> None:
    """One complete, one in part, one silent; two are late, the oldest since 21.2."""
    facts = (said("museo", "3.1", GREEN), said("rehtori", "4.1", GREEN))
    figures = count_round(measure(*facts, now=LATE, yhtio=date(2025, 2, 21)))
    assert (figures.parties, figures.complete, figures.partial, figures.silent, figures.late) == (3, 1, 1, 1, 2)
    assert figures.oldest_due_on == date(2025, 2, 21)


def test_lights_by_focus_area_add_up() -> None:
    """Each action is in exactly one count, and the areas stand in the order of the programme."""
    facts = (said("museo", "3.1", GREEN), said("museo", "3.11", None, Phase.DONE), said("yhtio", "4.2", RED))
    areas = tally_by_focus_area(measure(*facts))
    assert {name: (tally.green, tally.red, tally.other, tally.awaited) for name, tally in areas.items()} == {
        "Keskusta": (1, 1, 0, 1),
        "Matkailu": (0, 0, 1, 1),
    }
    assert list(areas) == ["Keskusta", "Matkailu"]


def test_the_fingerprint_follows_what_can_be_seen() -> None:
    """The same facts give the same fingerprint at another hour; a new light another one."""
    assert measure(now=BEFORE).fingerprint() == measure(now=BEFORE.replace(hour=12)).fingerprint()
    assert measure().fingerprint() != measure(said("yhtio", "4.2", GREEN)).fingerprint()
    assert measure().fingerprint() != measure(now=LATE).fingerprint()


facts_of_anybody = st.builds(
    said,
    st.sampled_from(["museo", "rehtori", "yhtio"]),
    st.sampled_from(["3.1", "3.10", "3.11", "4.1", "4.2", "5.1", "9.9"]),
    st.sampled_from([None, *TrafficLight]),
    st.sampled_from([None, *Phase]),
    day=st.integers(15, 28),
    late=st.booleans(),
)


@given(st.lists(facts_of_anybody, max_size=12), st.booleans())
@settings(max_examples=80, deadline=None)
def test_silence_is_never_green_and_lateness_never_red(facts: list[Assessment], is_late: bool) -> None:
    """Whatever is said in whatever order: a light is counted only where the lead gave it, and all counts add up."""
    progress = measure(*facts, now=LATE if is_late else BEFORE)
    tally = count_lights(progress)
    given_by_lead = {(fact.action, fact.light) for fact in facts if not fact.is_late and fact.party == _lead(fact.action)}
    for one in progress.actions:
        if one.is_answered and one.fact is not None and one.fact.light is not None:
            assert (one.action.id, one.fact.light) in given_by_lead
    assert tally.total == len(progress.actions) == 5
    assert measure(*reversed(facts), now=LATE if is_late else BEFORE).fingerprint() == progress.fingerprint()


def _lead(action_id: str) -> str:
    action = PROGRAMME.action(action_id)
    return action.lead if action else ""


def test_another_round_asks_for_other_years() -> None:
    """The round of 2026 asks the head of the school alone."""
    one = round_of("2026", (2026,))
    progress = measure_round(SETUP, one, (), deadlines=deadlines(), waived=(), now=BEFORE)
    assert [(party.party.id, [action.number for action in party.asked]) for party in progress.parties] == [("rehtori", ["5.1"])]
