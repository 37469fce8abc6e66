"""The words for what a version of the programme changed, in Finnish, Swedish and English."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from reminder.domain.programme import LANGUAGES, Language
from reminder.report.site.versions import Edit, EditKind, VersionView
from reminder.report.words import write_date

_EDITS: Mapping[EditKind, tuple[str, str, str]] = {
    EditKind.ADDED: ("lisätty", "tillagd", "added"),
    EditKind.DROPPED: ("poistettu", "struken", "dropped"),
    EditKind.MERGED: ("yhdistetty toiseen", "sammanslagen med en annan", "merged into another"),
    EditKind.REWORDED: ("otsikko muuttunut", "ny rubrik", "title changed"),
    EditKind.TEXT: ("teksti muuttunut", "ny text", "text changed"),
    EditKind.RENUMBERED: ("numero muuttunut", "nytt nummer", "number changed"),
    EditKind.LEAD: ("vastuutaho vaihtunut", "ny ansvarig part", "other responsible party"),
    EditKind.CONTRIBUTORS: ("mukana olevat muuttuneet", "andra medverkande", "other contributors"),
    EditKind.YEARS: ("vuodet muuttuneet", "andra år", "other years"),
    EditKind.AREA: ("painopiste vaihtunut", "annat fokusområde", "other focus area"),
    EditKind.GOAL: ("tavoite muuttunut", "nytt mål", "goal changed"),
    EditKind.DEADLINE: ("määräaika siirtynyt", "ny tidsfrist", "other deadline"),
    EditKind.NAME: ("ohjelman nimi muuttunut", "programmet har nytt namn", "the programme has another name"),
}
EDIT_WORDS: Mapping[Language, Mapping[EditKind, str]] = {
    language: {kind: texts[index] for kind, texts in _EDITS.items()} for index, language in enumerate(LANGUAGES)
}


def tell_edits(language: Language, version: VersionView) -> str:
    """`lisätty 2, teksti muuttunut 1`: how many changes of each kind, in the order of the table above."""
    counted = Counter(edit.kind for edit in version.edits)
    return ", ".join(f"{EDIT_WORDS[language][kind]} {counted[kind]}" for kind in EditKind if counted[kind])


def tell_edit(language: Language, edit: Edit) -> str:
    """One change in one line, without the longer texts."""
    what = EDIT_WORDS[language][edit.kind]
    head = f"{edit.number} {edit.title}".strip() or edit.subject.in_language(language)
    told = f"{head}: {what}" if head else what
    if edit.old_on and edit.new_on:
        return f"{told}, {write_date(language, edit.old_on)} → {write_date(language, edit.new_on)}"
    if edit.kind in {EditKind.ADDED, EditKind.DROPPED, EditKind.TEXT}:
        return told
    if edit.kind is EditKind.MERGED:
        return f"{told}: {edit.new.in_language(language)}"
    return f"{told}, {edit.old.in_language(language) or '–'} → {edit.new.in_language(language) or '–'}"
