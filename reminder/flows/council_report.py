"""The report for the city executive on one round: read from the database, written in the form that is asked for; changes nothing.

It shows what the public page shows, by the same rules: an agenda and its papers are public (decision 0035).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

import jinja2
from sqlalchemy import Connection

from reminder.compose.composing import MEND_ADVICE
from reminder.domain.programme import Language
from reminder.domain.rounds import ReportingRound
from reminder.domain.surveys import SurveyResult
from reminder.errors import TemplateBroken
from reminder.flows.house import House
from reminder.flows.publish import load_public_rounds, load_source
from reminder.flows.survey_results import load_results
from reminder.plan.dates import request_date
from reminder.report.council.docx import write_docx
from reminder.report.council.page import render_page
from reminder.report.council.pdf import write_pdf
from reminder.report.council.survey import write_survey
from reminder.report.council.workbook import write_workbook
from reminder.report.council.writing import write_report
from reminder.report.site.building import build_site
from reminder.report.site.open_data import dump, write_csv, write_data
from reminder.report.site.views import SiteView


class ReportForm(StrEnum):
    """As what a report is written."""

    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    HTML = "html"
    CSV = "csv"
    JSON = "json"


MEDIA_TYPES = {
    ReportForm.PDF: "application/pdf",
    ReportForm.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ReportForm.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ReportForm.HTML: "text/html",
    ReportForm.CSV: "text/csv",
    ReportForm.JSON: "application/json",
}


def load_report(conn: Connection, house: House, one: ReportingRound, now: datetime) -> SiteView:
    """Where `one` stands at an instant, with the rounds before it; later ones are left out."""
    own, words = load_public_rounds(conn, house, one.programme, now)
    last = next(index for index, progress in enumerate(own) if progress.round.id == one.id)
    rounds = own[: last + 1]
    return build_site(house.setup, rounds, updated_at=now, source=load_source(conn, house, rounds, words), shown=rounds[-1])


def load_survey(conn: Connection, house: House, one: ReportingRound) -> tuple[SurveyResult, ...]:
    """The surveys that belong to the report on `one`: those begun since it asked, and before the next round of its programme did."""
    calendar = house.setup.calendar
    begins = request_date(one, calendar).on
    later = [request_date(other, calendar).on for other in house.setup.rounds if other.programme == one.programme]
    until = min((day for day in later if day > begins), default=None)
    asking = {other.id: request_date(other, calendar).on for other in house.setup.surveys if other.programme == one.programme}
    results = load_results(conn, house.setup, one.programme, house.clock.now())
    return tuple(found for found in results if begins <= asking[found.round] and (until is None or asking[found.round] < until))


def write_as(
    form: ReportForm, site: SiteView, language: Language, templates: jinja2.BaseLoader, surveys: Sequence[SurveyResult] = ()
) -> bytes:
    """The report in this form; the data and the workbook are without the survey. Raises ExtraMissing, DocumentFailed, or TemplateBroken."""
    if form is ReportForm.CSV:
        return write_csv(site, site.shown)
    if form is ReportForm.JSON:
        data = write_data(site, site.shown, site.updated_at.isoformat())
        return dump(data)
    if form is ReportForm.XLSX:
        return write_workbook(site, language)
    document = write_report(site, language, survey=write_survey(surveys, language))
    try:
        if form is ReportForm.PDF:
            return write_pdf(document, templates)
        return render_page(document, templates) if form is ReportForm.HTML else write_docx(document)
    except jinja2.TemplateError as fault:
        raise TemplateBroken(f"The template of the report is broken ({type(fault).__name__}): {fault}", advice=MEND_ADVICE) from fault


def count_withheld(site: SiteView) -> int:
    """Of how many actions the words are left out, since nobody has published them."""
    return sum(entry.is_withheld for entry in site.shown.entries)


def name_file(site: SiteView, form: ReportForm, language: Language, languages: Sequence[Language]) -> str:
    """`elinvoima-2024-fi.pdf`: programme, round, and the language where the city has several. Ids are ASCII words by their own rule."""
    tail = f"-{language}" if len(languages) > 1 and form not in {ReportForm.CSV, ReportForm.JSON} else ""
    return f"{site.programme_id}-{site.shown.id}{tail}.{form}"
