"""From the view of the public site to the report: the same facts under the same rules, in the order in which an executive reads them.

What the report shows is what the site shows: roles and no persons, texts that are published, no contact details (decision 0035).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from reminder.domain.assessments import ReportState, TrafficLight
from reminder.domain.programme import Decision, Language
from reminder.report.council.blocks import Block, Cell, Chart, Column, Document, Heading, Paragraph, Part, Points, Table
from reminder.report.council.words import propose, tell_bar, tell_differing, tell_lights, tell_withheld, words_of
from reminder.report.lights import LightTally
from reminder.report.site.views import Entry, PartyView, SiteView
from reminder.report.site.words import tell_compared, tell_missing
from reminder.report.words import DEFAULT_LEGEND, LIGHT_WORDS, PHASE_WORDS, REPORT_WORDS, write_date, write_summary

MOST_BARS = 24
"""Bars of one chart, so that it stands on one page; the rest follows in another."""
MOST_NAMED, MOST_NUMBERS = 12, 24
"""Parties and actions that the proposal names; of more it says how many more, and the report lists them."""


def write_report(site: SiteView, language: Language, *, survey: Sequence[Block] = ()) -> Document:
    """The report on the round that `site` shows. `survey` is what the members of the sub-committee said;
    without it that part is left out."""
    return _Writer(site, language).write(survey)


class _Writer:
    """Holds what the parts share."""

    def __init__(self, site: SiteView, language: Language) -> None:
        self.site, self.language, self.words = site, language, words_of(language)
        self.shown = site.shown
        self.title = f"{site.programme.in_language(language)}: {self.shown.name.in_language(language)}"

    def write(self, survey: Sequence[Block]) -> Document:
        """The whole."""
        words = self.words
        parts = [
            Part(title=words["summary"], blocks=(Paragraph(text=self._summary()), *self._withheld())),
            Part(title=words["proposal"], blocks=(Paragraph(text=words["proposal_note"], is_note=True), Points(texts=self._proposal()))),
            Part(title=words["by_area"], blocks=tuple(self._areas())),
            Part(title=words["red"], blocks=self._worst(TrafficLight.RED)),
            Part(title=words["yellow"], blocks=self._worst(TrafficLight.YELLOW)),
            Part(title=words["disagreements"], blocks=tuple(self._disagreements())),
            Part(title=words["missing"], blocks=tuple(self._missing())),
            Part(title=words["changes"], blocks=tuple(self._changes())),
        ]
        if survey:
            parts.append(Part(title=words["survey"], blocks=tuple(survey)))
        parts.append(Part(title=words["appendix"], blocks=tuple(self._appendix()), is_wide=True))
        return Document(
            language=self.language,
            title=self.title,
            subtitle=words["report"],
            author=self.site.office.name.in_language(self.language),
            on=self.site.updated_at.date(),
            running=self._running(),
            facts=tuple(self._facts()),
            parts=tuple(parts),
        )

    def _facts(self) -> Iterable[tuple[str, str]]:
        words, site, decision = self.words, self.site, self.site.decision
        told = (
            ("city", site.office.city.in_language(self.language)),
            ("office", site.office.name.in_language(self.language)),
            ("case_number", decision.case_number),
            ("decided", self._decided(decision)),
            ("round", self.shown.name.in_language(self.language)),
            ("due_on", write_date(self.language, self.shown.due_on) if self.shown.due_on else ""),
            ("as_of", write_date(self.language, site.updated_at.date())),
        )
        return ((words[key], value) for key, value in told if value)

    def _running(self) -> str:
        number = self.site.decision.case_number
        return f"{self.words['case_number']} {number}" if number else self.site.office.name.in_language(self.language)

    def _decided(self, one: Decision) -> str:
        when = write_date(self.language, one.on) if one.on else ""
        section = one.section if not one.section or one.section.startswith("§") else f"§ {one.section}"
        return " ".join(part for part in (one.body, when, section) if part)

    def _summary(self) -> str:
        site, language = self.site, self.language
        sentences = [write_summary(language, self.shown.tally, self.shown.figures), tell_lights(language, self.shown.tally)]
        sentences += [tell_missing(language, site)] if site.awaited else []
        sentences += [tell_compared(language, site)] if self._has_before() else []
        sentences.append(tell_differing(language, len(self._differing())))
        return " ".join(one for one in sentences if one)

    def _withheld(self) -> tuple[Block, ...]:
        told = tell_withheld(self.language, sum(entry.is_withheld for entry in self.shown.entries))
        return (Paragraph(text=told, is_note=True),) if told else ()

    def _has_before(self) -> bool:
        return any(entry.trend for entry in self.shown.entries)

    def _differing(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.shown.entries if entry.judged is not None and entry.judged.light is not entry.light)

    def _proposal(self) -> tuple[str, ...]:
        red = _shorten([entry.action.number for entry in self.site.with_light(TrafficLight.RED)], MOST_NUMBERS)
        named = [party.name.in_language(self.language) for party in self.site.awaited]
        return propose(self.language, self.title, red, _shorten(named, MOST_NAMED))

    def _areas(self) -> Iterable[Block]:
        words, bars = self.words, [(area.name or self.words["no_area"], area.tally) for area in self.shown.areas]
        for start in range(0, len(bars), MOST_BARS):
            some = tuple(bars[start : start + MOST_BARS])
            yield Chart(caption=words["by_area"], alt=". ".join(tell_bar(self.language, *bar) for bar in some), bars=some)
        keys = ("green", "yellow", "red", "other", "awaited", *(("not_asked",) if self.shown.tally.not_asked else ()))
        columns = (
            Column(title=words["area"], share=4),
            *(Column(title=words[f"{key}_word"]) for key in keys),
            Column(title=words["total"]),
        )
        rows = [_counted(name, tally, keys) for name, tally in (*bars, (words["total"], self.shown.tally))]
        yield Table(caption=words["by_area"], columns=columns, rows=tuple(rows))
        yield Heading(text=words["legend"])
        for light in TrafficLight:
            own = self.site.legend.get(light.value)
            meaning = own.in_language(self.language) if own else DEFAULT_LEGEND[light][self.language]
            yield Paragraph(text=f"{LIGHT_WORDS[self.language][light].capitalize()}: {meaning}")

    def _worst(self, light: TrafficLight) -> tuple[Block, ...]:
        words, entries = self.words, self.site.with_light(light)
        if not entries:
            return (Paragraph(text=words[f"none_{light.value}"]),)
        columns = tuple(
            Column(title=words[key], share=share) for key, share in (("number", 3), ("action", 7), ("party", 7), ("reason", 9), ("next", 7))
        )
        rows = [(*self._head(entry), self._reason(entry), self._next(entry)) for entry in entries]
        return (Table(caption=words[light.value], columns=columns, rows=tuple(rows)),)

    def _head(self, entry: Entry) -> tuple[Cell, Cell, Cell]:
        action = entry.action
        return Cell(text=action.number), Cell(text=action.title), Cell(text=action.party.in_language(self.language))

    def _reason(self, entry: Entry) -> Cell:
        text = entry.words.get(self.language, "")
        return self._own_words(entry, text) if text else Cell(text=self.words["no_reason"] if entry.is_withheld else "–")

    def _next(self, entry: Entry) -> Cell:
        text = entry.next_step.get(self.language, "")
        day = write_date(self.language, entry.next_on) if entry.next_on else ""
        return self._own_words(entry, " ".join(part for part in (text, f"({day})" if text and day else day) if part) or "–")

    def _own_words(self, entry: Entry, text: str) -> Cell:
        return Cell(text=text, language=entry.words_language if entry.words_language != self.language else None)

    def _light(self, light: TrafficLight | None) -> Cell:
        return Cell(text=LIGHT_WORDS[self.language][light] if light else "–", light=light)

    def _disagreements(self) -> Iterable[Block]:
        words, differing = self.words, self._differing()
        if differing:
            titles = (("number", 3), ("action", 7), ("party_light", 3), ("judged", 3), ("judged_reason", 9))
            rows = [
                (*self._head(entry)[:2], self._light(entry.light), self._light(entry.judged.light), Cell(text=entry.judged.text or "–"))
                for entry in differing
                if entry.judged is not None
            ]
            yield _table(words["disagreements"], [(words[key], share) for key, share in titles], rows)
        else:
            is_judged = any(entry.judged is not None for entry in self.shown.entries)
            yield Paragraph(text=words["all_agree" if is_judged else "never_judged"])
        others = [(entry, one) for entry in self.shown.entries for one in entry.contributions if one.light and entry.light]
        rows = [
            (*self._head(entry)[:2], self._light(entry.light), Cell(text=one.party.in_language(self.language)), self._light(one.light))
            for entry, one in others
            if one.light is not entry.light
        ]
        if rows:
            titles = (("number", 3), ("action", 7), ("party_light", 3), ("contributor", 5), ("contributor_light", 3))
            yield Heading(text=words["others_differ"])
            yield _table(words["others_differ"], [(words[key], share) for key, share in titles], rows)

    def _missing(self) -> Iterable[Block]:
        words, awaited = self.words, self.site.awaited
        if not awaited:
            yield Paragraph(text=words["missing_none"])
            return
        yield Paragraph(text=tell_missing(self.language, self.site))
        titles = (("party", 6), ("missing_numbers", 7), ("due", 3), ("standing", 3))
        rows = [self._missing_row(party) for party in awaited]
        yield _table(words["missing"], [(words[key], share) for key, share in titles], rows)

    def _missing_row(self, party: PartyView) -> tuple[Cell, ...]:
        owed = [entry.action.number for entry in party.entries if entry.report in {ReportState.AWAITED, ReportState.OVERDUE}]
        return (
            Cell(text=party.name.in_language(self.language)),
            Cell(text=", ".join(owed)),
            Cell(text=write_date(self.language, party.due_on) if party.due_on else "–"),
            Cell(text=self.words["late" if party.is_overdue else "awaited"]),
        )

    def _changes(self) -> Iterable[Block]:
        words = self.words
        if not self._has_before():
            yield Paragraph(text=words["never_before"])
            return
        yield Paragraph(text=tell_compared(self.language, self.site))
        rows = [
            (*self._head(entry), self._light(entry.before), self._light(entry.light), Cell(text=words[entry.trend]))
            for entry in self.site.compared
        ]
        if rows:
            titles = (("number", 3), ("action", 8), ("party", 6), ("before", 4), ("now", 4), ("trend", 4))
            yield _table(words["changes"], [(words[key], share) for key, share in titles], rows)

    def _appendix(self) -> Iterable[Block]:
        for area in self.shown.areas:
            name = area.name or self.words["no_area"]
            keys = [("number", 3), ("action", 8), ("party", 6), ("light", 4), ("phase", 4), ("reason", 10), ("next", 8)]
            has_judged = any(entry.judged is not None for entry in area.entries)
            if has_judged:
                keys.insert(4, ("judged", 4))
            rows = [
                (
                    *self._head(entry),
                    self._state(entry),
                    *((self._light(entry.judged.light if entry.judged else None),) if has_judged else ()),
                    Cell(text=PHASE_WORDS[self.language][entry.phase] if entry.phase else "–"),
                    self._own_words(entry, entry.words.get(self.language, "") or "–"),
                    self._next(entry),
                )
                for entry in area.entries
            ]
            yield replace(_table(name, [(self.words[key], share) for key, share in keys], rows), is_captioned=True)

    def _state(self, entry: Entry) -> Cell:
        """The light; where there is none, why."""
        if entry.light is not None:
            return self._light(entry.light)
        is_told = entry.report is ReportState.RECEIVED
        return Cell(text=self.words["other"] if is_told else REPORT_WORDS[self.language][entry.report])


def _shorten(names: list[str], most: int) -> list[str]:
    return [*names[:most], f"+ {len(names) - most}"] if len(names) > most else names


def _table(caption: str, columns: Iterable[tuple[str, int]], rows: Iterable[tuple[Cell, ...]]) -> Table:
    return Table(caption=caption, columns=tuple(Column(title=title, share=share) for title, share in columns), rows=tuple(rows))


def _counted(name: str, tally: LightTally, keys: Sequence[str]) -> tuple[Cell, ...]:
    counts = [*(getattr(tally, key) for key in keys), tally.total]
    return (Cell(text=name), *(Cell(text=str(count), is_number=True) for count in counts))
