"""`reminder import programme`: a spreadsheet of actions becomes a programme.yaml, with a contacts file to fill in.

Nothing is lost in silence: a row becomes an action, or it is listed with its line and the reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from reminder.configuration.columns import ACTIONS, Columns, find_table
from reminder.configuration.import_files import read_aliases, write_aliases, write_contacts, write_programme
from reminder.configuration.import_rows import ImportedAction, RejectedRow, Timetable, read_timetable, short_title
from reminder.configuration.party_names import PartyNames, find_alike, has_inner_hyphen, ids_of, mend, vocabulary_of
from reminder.configuration.sheet import Row, read_sheet
from reminder.configuration.values import is_id, is_number, is_tag, read_years
from reminder.configuration.yaml_editing import write_whole
from reminder.errors import UsageFailure


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """How to import. `columns` maps fields to headings; `complete_years` are given to actions that the table calls complete."""

    programme: str = "programme"
    name: str = ""
    tag: str = "PROG"
    columns: Mapping[str, str] = field(default_factory=dict)
    aliases: Path | None = None
    complete_years: str = ""
    sheet: str = ""
    """Name of the sheet of a workbook; empty: the first in which something stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    """What an import found, and the texts of the files that it would write."""

    rows_read: int
    actions: int
    rejected: tuple[RejectedRow, ...]
    parties: tuple[str, ...]
    notes: tuple[str, ...]
    programme_text: str
    contacts_text: str
    aliases_text: str


class _Rejected(Exception):
    """A row cannot become an action; the message says why."""


def import_programme(source: Path, options: ImportOptions | None = None) -> ImportResult:
    """Reads a table of actions. Raises UsageFailure, ReminderError or ConfigurationFailure where it cannot be read at all."""
    options = options or ImportOptions()
    _check_options(options)
    sheet = read_sheet(source, options.sheet)
    table = find_table(sheet.rows, options.columns, ACTIONS, source.name)
    found = _Importer(options, table.columns, table.rows, source.stem).run()
    return replace(found, notes=(*sheet.notes(), *found.notes))


def write_import(
    result: ImportResult, out: Path, *, aliases: Path | None = None, contacts: Path | None = None, replace: bool = False
) -> tuple[Path, ...]:
    """Writes the programme to `out`, and what is not there yet: the contacts, beside it unless named, and the table of aliases.

    `out` is overwritten only with `replace`; contacts and aliases never, since they hold a person's work. Returns what was written.
    """
    if out.exists() and not replace:
        raise UsageFailure(f"{out} is there already; nothing was written.", advice="Name another file, or confirm that it is replaced.")
    texts = {out: result.programme_text}
    for path, text in ((contacts or out.parent / "contacts.yaml", result.contacts_text), (aliases, result.aliases_text)):
        if path is not None and path != out and not path.exists():
            texts[path] = text
    for path, text in texts.items():
        write_whole(path, text)
    return tuple(texts)


def _check_options(options: ImportOptions) -> None:
    if not is_id(options.programme):
        raise UsageFailure(f"{options.programme!r} cannot be the id of a programme.", advice="Use small letters, digits and hyphens.")
    if not is_tag(options.tag):
        raise UsageFailure(f"{options.tag!r} cannot be a tag.", advice="Use 2 to 6 capital letters, such as ELVO.")
    if options.complete_years and read_years(options.complete_years) is None:
        raise UsageFailure(f"{options.complete_years!r} are not years.", advice="Write 2024 or 2024-2026.")


class _Importer:
    """One import. Two passes: the first learns the names and the years of the table, the second makes the actions."""

    def __init__(self, options: ImportOptions, columns: Columns, rows: Sequence[Row], title: str) -> None:
        self.options, self.columns, self.rows, self.title = options, columns, rows, title
        self.vocabulary = vocabulary_of(self._cell(row, key) for row in rows for key in ("text", "title"))
        has_table = options.aliases is not None and options.aliases.exists()
        self.names = PartyNames(aliases=read_aliases(options.aliases) if options.aliases is not None and has_table else {})
        self.names.learn([text for row in rows for key in ("lead", "contributors") if (text := self._party_text(row, key))])
        self.all_years = self._find_years()
        self.lines_of_numbers: dict[str, int] = {}
        self.without_years: list[str] = []

    def run(self) -> ImportResult:
        """The whole table."""
        actions: list[ImportedAction] = []
        rejected: list[RejectedRow] = []
        for row in self.rows:
            try:
                actions.append(self._read_row(row, len(actions) + 1))
            except _Rejected as reason:
                rejected.append(RejectedRow(line=row.line, reason=str(reason)))
        parties = ids_of([name for action in actions for name in (action.lead, *action.contributors)])
        return ImportResult(
            rows_read=len(self.rows),
            actions=len(actions),
            rejected=tuple(rejected),
            parties=tuple(parties),
            notes=self._notes(actions, parties),
            programme_text=write_programme(
                programme=self.options.programme,
                name=self.options.name or self.title,
                tag=self.options.tag,
                parties=parties,
                actions=actions,
            ),
            contacts_text=write_contacts(parties),
            aliases_text=write_aliases(self._spellings(), find_alike(list(parties))),
        )

    def _cell(self, row: Row, key: str) -> str:
        return self.columns.cell(row.cells, key)

    def _party_text(self, row: Row, key: str) -> str:
        return mend(self._cell(row, key), self.vocabulary)

    def _find_years(self) -> frozenset[int]:
        tables = (read_timetable(self._cell(row, "years")) for row in self.rows)
        return frozenset(year for table in tables if table is not None for year in table.years)

    def _read_row(self, row: Row, position: int) -> ImportedAction:
        text = mend(self._cell(row, "text"), self.vocabulary)
        given_title = mend(self._cell(row, "title"), self.vocabulary)
        title = short_title(given_title or text)
        if not title:
            raise _Rejected("says nothing to be done")
        timetable = read_timetable(self._cell(row, "years"))
        if timetable is None:
            raise _Rejected(f"the timetable {self._cell(row, 'years')!r} cannot be read")
        parties = self.names.split(self._party_text(row, "lead"))
        if not parties:
            raise _Rejected("names no responsible party")
        number = self._number(row, position)
        years = self._years(timetable)
        if not years and not timetable.is_done:
            self.without_years.append(number)
        others = dict.fromkeys((*parties[1:], *self.names.split(self._party_text(row, "contributors"))))
        full = text or given_title
        return ImportedAction(
            line=row.line,
            number=number,
            title=title,
            text=full if full != title else "",
            years=years,
            is_done=timetable.is_done,
            lead=parties[0],
            contributors=tuple(name for name in others if name != parties[0]),
            focus_area=mend(self._cell(row, "focus_area"), self.vocabulary),
            goal=mend(self._cell(row, "goal"), self.vocabulary),
            indicator=mend(self._cell(row, "indicator"), self.vocabulary),
        )

    def _number(self, row: Row, position: int) -> str:
        """The number of the row, or its position where the table has no such column."""
        number = self._cell(row, "number").rstrip(".") if "number" in self.columns.places else str(position)
        if not number:
            raise _Rejected("has no number")
        if not is_number(number):
            raise _Rejected(f"the number {number!r} cannot be printed in a mail; use letters, digits, dots and hyphens")
        first = self.lines_of_numbers.setdefault(number, row.line)
        if first != row.line:
            raise _Rejected(f"the number {number} stands in line {first} already")
        return number

    def _years(self, timetable: Timetable) -> frozenset[int]:
        if timetable.is_done:
            return read_years(self.options.complete_years) or frozenset()
        if timetable.is_always:
            return frozenset(range(min(self.all_years), max(self.all_years) + 1)) if self.all_years else frozenset()
        if timetable.open_from is not None:
            return timetable.years | frozenset(range(timetable.open_from, max(self.all_years) + 1))
        return timetable.years

    def _spellings(self) -> dict[str, tuple[str, ...]]:
        """Every piece of the party columns, and what was made of it; kept stable by the alphabet."""
        spellings = {name: tuple(names) for name, names in self.names.aliases.items()}
        for row in self.rows:
            for key in ("lead", "contributors"):
                for piece in self.names.spellings_in(self._party_text(row, key)):
                    spellings.setdefault(piece, self.names.split(piece))
        return dict(sorted(spellings.items(), key=lambda entry: (entry[1], entry[0])))

    def _notes(self, actions: Sequence[ImportedAction], parties: Mapping[str, str]) -> tuple[str, ...]:
        done = [action for action in actions if action.is_done]
        several = sum(1 for action in actions if action.contributors)
        years = self.options.complete_years
        alike = find_alike(list(parties))
        hyphens = [name for name in parties if has_inner_hyphen(name)]
        notes = {
            f"{several} actions name several parties: the first leads, the others contribute.": several,
            f"{len(done)} actions are complete: phase done, {'years ' + years if years else 'no years, so no round asks for them'}.": done,
            f"No year is known for {', '.join(self.without_years)}; no round asks for them.": self.without_years,
            f"Taken as one name although they hold a comma: {'; '.join(self.names.joined)}.": self.names.joined,
            f"Hyphens left as they stand: {'; '.join(hyphens)}.": hyphens,
            f"Perhaps the same party: {'; '.join(f'{one} and {other}' for one, other in alike.items())}.": alike,
        }
        return (*self.columns.notes(), *(note for note, holds in notes.items() if holds))
