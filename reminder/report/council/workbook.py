"""The report as a workbook for those who count (extra `xlsx`): actions, focus areas and parties, with filters and fixed headings.

A text is always a text, whatever it begins with; days are days and counts are numbers. The same facts give the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from importlib import import_module
from types import ModuleType
from typing import Any, TypeAlias

from reminder.domain.assessments import TrafficLight
from reminder.domain.programme import Language
from reminder.errors import ExtraMissing
from reminder.report.council.words import words_of
from reminder.report.lights import LightTally
from reminder.report.site.views import Entry, SiteView
from reminder.report.site.words import tell_standing
from reminder.report.words import LIGHT_WORDS, PHASE_WORDS, REPORT_WORDS, write_years

Value: TypeAlias = str | int | date | None
_FILLS = {TrafficLight.GREEN: "#C6EFCE", TrafficLight.YELLOW: "#FFEB9C", TrafficLight.RED: "#FFC7CE"}
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_TALLY = ("green", "yellow", "red", "other", "awaited", "not_asked")


def write_workbook(site: SiteView, language: Language) -> bytes:
    """The workbook. Raises ExtraMissing without the extra."""
    return _Writer(_load(), site, language).write()


def _load() -> ModuleType:
    try:
        return import_module("xlsxwriter")
    except ImportError as fault:
        raise ExtraMissing("xlsx", "The report as a workbook") from fault


class _Writer:
    """Writes the sheets."""

    def __init__(self, library: ModuleType, site: SiteView, language: Language) -> None:
        self._site, self._language, self._words = site, language, words_of(language)
        self._buffer = io.BytesIO()
        self._book: Any = library.Workbook(self._buffer, _OPTIONS)
        top = {"valign": "top", "text_wrap": True}
        self._head = self._book.add_format({**top, "bold": True, "bottom": 2})
        self._text = self._book.add_format({**top, "num_format": "@"})
        self._day = self._book.add_format({**top, "num_format": "yyyy-mm-dd", "align": "left"})
        self._number = self._book.add_format({"valign": "top"})
        self._fills = {light: self._book.add_format({**top, "num_format": "@", "bg_color": fill}) for light, fill in _FILLS.items()}

    def write(self) -> bytes:
        """The whole."""
        site, words, language = self._site, self._words, self._language
        title = f"{site.programme.in_language(language)}: {site.shown.name.in_language(language)}"
        made = datetime.combine(site.updated_at.date(), time())
        self._book.set_properties({"title": title, "author": site.office.name.in_language(language), "created": made})
        self._write_actions()
        keys = ("area", *(f"{key}_word" for key in _TALLY), "total")
        rows: list[tuple[Value, ...]] = [(area.name or words["no_area"], *_counts(area.tally)) for area in site.shown.areas]
        self._write_sheet(words["areas"], keys, (44, 11, 11, 11, 11, 11, 11, 11), [*rows, (words["total"], *_counts(site.shown.tally))])
        self._write_parties()
        facts: list[tuple[Value, ...]] = [(words["city"], site.office.city.in_language(language)), (words["round"], title)]
        facts += [(words["case_number"], site.decision.case_number), (words["as_of"], site.updated_at.date())]
        self._write_sheet(words["about"], ("about", "standing"), (28, 60), facts)
        self._book.close()
        return self._buffer.getvalue()

    def _write_actions(self) -> None:
        keys = ("number", "action", "area", "goal", "years", "party", "light", "judged", "before", "phase", "report_state", "reason", "next", "next_on", "updated", "contributors")  # fmt: skip # noqa: E501
        widths = (8, 44, 26, 26, 12, 28, 12, 12, 12, 16, 18, 50, 40, 14, 14, 34)
        entries = self._site.shown.entries
        page = self._write_sheet(self._words["actions"], keys, widths, [self._action(entry) for entry in entries])
        for row, entry in enumerate(entries, start=1):
            judged = entry.judged.light if entry.judged else None
            for column, light in ((6, entry.light), (7, judged), (8, entry.before)):
                if light is not None:
                    page.write_string(row, column, LIGHT_WORDS[self._language][light], self._fills[light])

    def _action(self, entry: Entry) -> tuple[Value, ...]:
        action, language = entry.action, self._language
        others = [one.party.in_language(language) for one in entry.contributions]
        return (
            action.number,
            action.title,
            action.area_name,
            action.goal,
            next(iter(action.years)) if len(action.years) == 1 else write_years(action.years),
            action.party.in_language(language),
            "",
            "",
            "",
            PHASE_WORDS[language][entry.phase] if entry.phase else "",
            REPORT_WORDS[language][entry.report],
            entry.words.get(language, ""),
            entry.next_step.get(language, ""),
            entry.next_on,
            entry.updated_on,
            ", ".join(others),
        )

    def _write_parties(self) -> None:
        keys = ("party", "total", "green_word", "yellow_word", "red_word", "other_word", "awaited_word", "due", "standing")
        rows = [
            (
                party.name.in_language(self._language),
                party.tally.total,
                *(getattr(party.tally, key) for key in _TALLY[:5]),
                party.due_on,
                tell_standing(self._language, party),
            )
            for party in self._site.parties
        ]
        self._write_sheet(self._words["parties"], keys, (36, 11, 11, 11, 11, 11, 11, 14, 30), rows)

    def _write_sheet(self, name: str, keys: Sequence[str], widths: Sequence[int], rows: Iterable[Sequence[Value]]) -> Any:
        page: Any = self._book.add_worksheet(name[:31])
        page.freeze_panes(1, 1)
        page.repeat_rows(0)
        page.set_landscape()
        page.fit_to_pages(1, 0)
        for column, (key, width) in enumerate(zip(keys, widths, strict=True)):
            page.set_column(column, column, width)
            page.write_string(0, column, self._words[key].capitalize(), self._head)
        last = 0
        for last, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                self._write_value(page, last, column, value)
        page.autofilter(0, 0, last, len(keys) - 1)
        return page

    def _write_value(self, page: Any, row: int, column: int, value: Value) -> None:
        if isinstance(value, str):
            page.write_string(row, column, value, self._text)
        elif isinstance(value, int):
            page.write_number(row, column, value, self._number)
        elif value is not None:
            page.write_datetime(row, column, datetime.combine(value, time()), self._day)


def _counts(tally: LightTally) -> tuple[int, ...]:
    return (*(int(getattr(tally, key)) for key in _TALLY), tally.total)
