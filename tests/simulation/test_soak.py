"""Years of the service on one database: what is kept stays within its retention, and a quiet pass does not become slower."""

from __future__ import annotations

import pytest

from reminder.simulation.campaign import open_folder
from reminder.simulation.soak import files_until, run_soak
from reminder.simulation.town import load_files


def test_the_files_of_many_years_are_sound() -> None:
    """A round for each year, all of them with dates of their own."""
    setup = load_files(files_until(2030)).setup

    assert setup is not None
    assert [one.id for one in setup.rounds] == [str(year) for year in range(2025, 2031)]


@pytest.mark.slow
@pytest.mark.simulation
def test_whole_mails_go_and_their_history_stays() -> None:
    """Six years: what ended more than three years ago has lost its bytes; every mail still has its row."""
    with open_folder() as folder:
        years = list(run_soak(folder, 6))

    assert all(one.mails >= 10 for one in years), "in each year the parties were written to"
    assert years[-1].rows["message"] > years[2].rows["message"] > years[0].rows["message"]
    assert years[-1].rows["inbound_body"] < years[-1].rows["inbound"]
    assert years[5].bodies < 1.6 * years[2].bodies, "three more years have not doubled what is kept"
    assert years[-1].resident < years[1].resident * 1.5
