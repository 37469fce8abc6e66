"""The reports of a round that go into its archive package: the one place that knows which forms there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from jinja2 import BaseLoader

from reminder.domain.programme import Language
from reminder.domain.rounds import ReportingRound
from reminder.flows.council_report import ReportForm, load_report, name_file, write_as
from reminder.flows.house import House
from reminder.report.site.views import SiteView

Report = tuple[str, Callable[[], bytes]]
"""The name of a report's file, and what writes it."""
OF_ALL_LANGUAGES = frozenset({ReportForm.CSV, ReportForm.JSON})


def list_reports(house: House, one: ReportingRound, templates: BaseLoader, as_of: datetime) -> Iterator[Report]:
    """Each report of the round as of an instant, in each of the city's languages. What writes it may raise ReminderError, as where an
    extra is missing."""
    with house.store.read() as conn:
        site = load_report(conn, house, one, as_of)
    languages = house.setup.languages
    for form in ReportForm:
        for language in languages[:1] if form in OF_ALL_LANGUAGES else languages:
            yield name_file(site, form, language, languages), _writer(form, site, language, templates)


def _writer(form: ReportForm, site: SiteView, language: Language, templates: BaseLoader) -> Callable[[], bytes]:
    return lambda: write_as(form, site, language, templates)
